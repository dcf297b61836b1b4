"""Names from earlier entries: newest first, and suggested only if a form asks for a person."""

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.ports import EndOfInput
from careerkit.coaching.resume import run_batch
from careerkit.coaching.review import find_earlier_names, suggest_names, suggest_no_names
from careerkit.coaching.session import start_session
from careerkit.core.errors import Problem, Refused
from careerkit.storage.memory_journal import MemoryJournal
from scenario import HEADER, parse_playbook

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
SOURCE, PLAYBOOK = (HEADER + TEXT).encode(), parse_playbook(TEXT)
WHO = PLAYBOOK.questions[1]


@pytest.fixture
def journal():
    return MemoryJournal()


def keep(journal, clock, *names):
    forms = [{"person": name, "role": "a role"} for name in names]
    answers = {"named": "No name", "who": forms}
    return run_batch(PLAYBOOK, SOURCE, answers, lane="full", journal=journal, clock=clock)


def test_names_come_newest_first_each_once_and_only_from_person_fields(journal):
    clock = FakeClock()
    keep(journal, clock, "Anna", "Ben")
    clock.advance(days=1)
    keep(journal, clock, "Chen", "ANNA")
    assert find_earlier_names(journal, exclude="") == ("Chen", "ANNA", "Ben")


def test_at_most_nine_names_are_returned_without_those_of_the_current_entry(journal):
    clock = FakeClock()
    present = keep(journal, clock, "Here")
    clock.advance(days=-1)
    keep(journal, clock, *[f"P{number}" for number in range(12)])
    found = find_earlier_names(journal, exclude=present.id)
    assert found == tuple(f"P{number}" for number in range(9))


def test_an_unreadable_entry_hides_no_other(journal):
    clock = FakeClock()
    keep(journal, clock, "Anna")
    clock.advance(days=1)
    damaged = keep(journal, clock, "Ben")
    read, listing = journal.read, journal.listing()
    journal.listing = lambda **_: listing

    def failing(entry_id):
        if entry_id == damaged.id:
            raise Refused(Problem("unreadable", "No."))
        return read(entry_id)

    journal.read = failing
    assert find_earlier_names(journal, exclude="") == ("Anna",)


def test_only_a_person_field_gets_names_and_only_those_that_fit():
    assert suggest_names(WHO, lambda _: ("Anna", "Longer than twelve"), exclude="") == {"person": ("Anna",)}
    assert suggest_names(WHO, suggest_no_names, exclude="") == {}


def test_names_are_looked_up_only_when_a_form_asks_for_a_person(journal):
    asked_for = []

    def names(but):
        asked_for.append(but)
        return ("Anna",)

    screen = FakeScreen("text")
    passage = start_session(
        PLAYBOOK, SOURCE, lane="full", screen=screen, journal=journal, clock=FakeClock(), names=names
    )
    with pytest.raises(EndOfInput):
        passage.run()
    assert asked_for == [passage.entry.id]
    assert screen.suggestions == [{}, {"person": ("Anna",)}]


def test_nothing_is_suggested_unless_turned_on(journal):
    screen = FakeScreen("text")
    with pytest.raises(EndOfInput):
        start_session(PLAYBOOK, SOURCE, lane="full", screen=screen, journal=journal, clock=FakeClock()).run()
    assert screen.suggestions == [{}, {}]
