"""Names from earlier entries: found newest first, and offered only where a form asks for a person."""

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.names import names_before, no_names, suggestions
from careerkit.coaching.screen import EndOfInput
from careerkit.coaching.starting import answer_all, start
from careerkit.core.problem import Problem, Refused
from careerkit.storage.memory import MemoryJournal
from scenario import HEADER, playbook_of

TEXT = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "named"
type = "text"
ask = "A text that is called so?"
[[stage.question]]
id = "who"
type = "records"
ask = "Who?"
fields = [ { id = "person", type = "text", ask = "Who?", max = 12 }, { id = "role", type = "text", ask = "Role?" } ]
"""
SOURCE, PLAYBOOK = (HEADER + TEXT).encode(), playbook_of(TEXT)
WHO = PLAYBOOK.questions[1]


@pytest.fixture
def journal():
    return MemoryJournal()


def keep(journal, clock, *names):
    forms = [{"person": name, "role": "a role"} for name in names]
    answers = {"named": "No name", "who": forms}
    return answer_all(PLAYBOOK, SOURCE, answers, lane="full", journal=journal, clock=clock)


def test_the_newest_come_first_each_once_and_nothing_but_persons_of_forms(journal):
    clock = FakeClock()
    keep(journal, clock, "Anna", "Ben")
    clock.wait(days=1)
    keep(journal, clock, "Chen", "ANNA")
    assert names_before(journal, but="") == ("Chen", "ANNA", "Ben")


def test_at_most_nine_are_given_and_those_of_the_present_entry_are_left_out(journal):
    clock = FakeClock()
    present = keep(journal, clock, "Here")
    clock.wait(days=-1)
    keep(journal, clock, *[f"P{number}" for number in range(12)])
    found = names_before(journal, but=present.id)
    assert found == tuple(f"P{number}" for number in range(9))


def test_an_entry_that_cannot_be_read_hides_no_other(journal):
    clock = FakeClock()
    keep(journal, clock, "Anna")
    clock.wait(days=1)
    damaged = keep(journal, clock, "Ben")
    read, listing = journal.read, journal.listing()
    journal.listing = lambda **_: listing

    def failing(entry_id):
        if entry_id == damaged.id:
            raise Refused(Problem("unreadable", "No."))
        return read(entry_id)

    journal.read = failing
    assert names_before(journal, but="") == ("Anna",)


def test_only_the_person_of_a_form_gets_names_and_only_those_that_fit():
    assert suggestions(WHO, lambda _: ("Anna", "Longer than twelve"), but="") == {"person": ("Anna",)}
    assert suggestions(WHO, no_names, but="") == {}


def test_the_names_are_not_looked_for_before_a_form_asks_for_a_person(journal):
    asked_for = []

    def names(but):
        asked_for.append(but)
        return ("Anna",)

    screen = FakeScreen("text")
    passage = start(PLAYBOOK, SOURCE, lane="full", screen=screen, journal=journal, clock=FakeClock(), names=names)
    with pytest.raises(EndOfInput):
        passage.conduct()
    assert asked_for == [passage.entry.id]
    assert screen.suggested == [{}, {"person": ("Anna",)}]


def test_nothing_is_offered_where_nothing_was_turned_on(journal):
    screen = FakeScreen("text")
    with pytest.raises(EndOfInput):
        start(PLAYBOOK, SOURCE, lane="full", screen=screen, journal=journal, clock=FakeClock()).conduct()
    assert screen.suggested == [{}, {}]
