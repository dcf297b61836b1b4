"""From one playbook to the next: what is offered, and which answers come along."""

from decimal import Decimal

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.linking import carried, choose_onward, links, told
from careerkit.coaching.screen import EndOfInput, Skip
from careerkit.coaching.starting import answer_all, start
from careerkit.core.frozen import replace
from careerkit.core.problem import Problem, Refused
from careerkit.storage.memory import MemoryJournal
from scenario import HEADER, NOW, playbook_of

FIRST = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "what"
type = "text"
ask = "What?"
[[stage.question]]
id = "secret"
type = "text"
ask = "Secret?"
private = true
[[stage.question]]
id = "harm"
type = "scale"
ask = "Harm?"
max = 9
[[stage.question]]
id = "topics"
type = "list"
ask = "Topics?"
[[stage.question]]
id = "hidden"
type = "text"
ask = "Hidden?"
when = "harm > 100"
[[stage.question]]
id = "people"
type = "records"
ask = "Who?"
fields = [ { id = "person", type = "text", ask = "Who?", private = true }, { id = "power", type = "scale", ask = "Power?" } ]
[[finding]]
id = "a"
title = "A"
text = "t"
next = "test/next"
with = { matter = "what", strain = "harm", open_secret = "secret", own_secret = "secret", lines = "topics", worst = "topics", people = "people", shown_people = "people", later = "hidden" }
[[finding]]
id = "b"
title = "B"
text = "t"
next = "test/next"
with = { matter = "secret" }
[[finding]]
id = "c"
title = "C"
text = "t"
next = "test/other"
[[finding]]
id = "d"
title = "D"
text = "t"
next = "test/third"
[[finding]]
id = "never"
title = "N"
text = "t"
when = "harm > 100"
next = "test/never"
"""
NEXT = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "matter"
type = "text"
ask = "Matter?"
[[stage.question]]
id = "strain"
type = "scale"
ask = "Strain?"
[[stage.question]]
id = "open_secret"
type = "text"
ask = "Open?"
required = false
[[stage.question]]
id = "own_secret"
type = "text"
ask = "Own?"
private = true
[[stage.question]]
id = "lines"
type = "list"
ask = "Lines?"
[[stage.question]]
id = "order"
type = "rank"
ask = "Order?"
items = "lines"
[[stage.question]]
id = "worst"
type = "rank"
ask = "Worst?"
items = "lines"
[[stage.question]]
id = "later"
type = "text"
ask = "Later?"
required = false
[[stage.question]]
id = "people"
type = "records"
ask = "Who?"
fields = [ { id = "person", type = "text", ask = "Who?", private = true }, { id = "power", type = "scale", ask = "Power?" } ]
[[stage.question]]
id = "shown_people"
type = "records"
ask = "Who?"
required = false
fields = [ { id = "person", type = "text", ask = "Who?" }, { id = "power", type = "scale", ask = "Power?" } ]
"""
PEOPLE = [{"person": "Anna", "power": 4}]
ANSWERS = {"what": "it broke", "secret": "s", "harm": 4, "topics": ["x", "y"], "hidden": "h", "people": PEOPLE}
PLAYBOOK, ONTO = playbook_of(FIRST), replace(playbook_of(NEXT), id="test/next", title="The next")


class Shelf:
    """A library of the playbooks that it is given; every one that is not there is refused."""

    def __init__(self, *playbooks):
        self._playbooks = {each.id: each for each in playbooks}

    def open(self, reference):
        if reference not in self._playbooks:
            raise Refused(Problem("unknown-playbook", "There is none."))
        return type("Opened", (), {"playbook": self._playbooks[reference], "source": (HEADER + NEXT).encode()})


def finished(**answers):
    return answer_all(
        PLAYBOOK,
        (HEADER + FIRST).encode(),
        {**ANSWERS, **answers},
        lane="full",
        journal=MemoryJournal(),
        clock=FakeClock(),
    )


def along(entry, playbook=PLAYBOOK):
    return carried(entry, playbook, links(entry)[0], ONTO, today=NOW.date())


def offered(screen, *playbooks, entry=None, done=frozenset()):
    return choose_onward(screen, entry or finished(), PLAYBOOK, Shelf(*playbooks), today=NOW.date(), done=done)


def test_each_playbook_is_a_link_once_with_what_its_findings_carry_together_the_first_counting():
    assert [each.playbook_id for each in links(finished())] == ["test/next", "test/other", "test/third"]
    assert links(finished())[0].carry["matter"] == "what"


def test_an_answer_comes_along_to_the_question_that_is_named_for_it():
    answers = along(finished())
    assert (answers["matter"], answers["strain"], answers["lines"]) == ("it broke", Decimal(4), ("x", "y"))


def test_what_does_not_fit_the_next_question_is_left_out_quietly():
    assert "strain" not in along(finished(harm=9))
    assert along(finished(harm=9))["matter"] == "it broke"


def test_items_that_came_along_can_be_chosen_from_by_what_comes_after_them():
    assert along(finished())["worst"] == ("x", "y")


def test_a_private_answer_comes_along_only_to_where_it_stays_private():
    answers = along(finished())
    assert answers["own_secret"] == "s"
    assert "open_secret" not in answers


def test_a_form_with_a_private_field_comes_along_only_to_where_that_field_stays_private():
    answers = along(finished())
    assert answers["people"][0]["person"] == "Anna"
    assert "shown_people" not in answers


def test_a_hidden_answer_does_not_come_along():
    assert "later" not in along(finished())


def test_a_carried_answer_whose_check_fails_is_left_out():
    strict = replace(
        playbook_of(NEXT.replace('ask = "Strain?"', 'ask = "Strain?"\ncheck = "strain < 3"')), id="test/next"
    )
    entry = finished()
    assert "strain" not in carried(entry, PLAYBOOK, links(entry)[0], strict, today=NOW.date())


def test_the_offer_names_the_playbook_and_how_many_answers_come_along_and_takes_no_for_granted():
    screen = FakeScreen(confirms=False)
    assert offered(screen, ONTO) is None
    assert screen.shown == ["confirm Go on with 'The next' now? 6 answers come along."]


def test_yes_gives_the_playbook_with_the_answers():
    onward = offered(FakeScreen(), ONTO)
    assert onward.playbook is ONTO
    assert set(onward.carried) == {"matter", "strain", "own_secret", "lines", "worst", "people"}


def test_a_link_that_carries_nothing_says_nothing_of_answers():
    screen = FakeScreen(confirms=False)
    offered(screen, replace(ONTO, id="test/other"))
    assert screen.shown == ["confirm Go on with 'The next' now?"]


def test_at_most_two_are_offered_and_none_that_is_missing_or_was_just_gone_through():
    screen = FakeScreen(confirms=False)
    three = [replace(ONTO, id=each, title=each) for each in ("test/next", "test/other", "test/third")]
    offered(screen, *three)
    assert [each.split("'")[1] for each in screen.shown] == ["test/next", "test/other"]

    screen = FakeScreen(confirms=False)
    offered(screen, *three[1:], done=frozenset({"test/other"}))
    assert [each.split("'")[1] for each in screen.shown] == ["test/third"]


def test_the_end_of_input_at_the_offer_is_a_no():
    screen = FakeScreen()

    def confirm(question, *, default):
        assert default is False
        raise EndOfInput

    screen.confirm = confirm
    assert offered(screen, ONTO) is None


def test_what_came_along_is_not_asked_again_and_is_saved_with_the_first_answer():
    journal = MemoryJournal()
    screen = FakeScreen("said openly", ["y", "x"], Skip())
    passage = start(
        playbook_of(NEXT),
        (HEADER + NEXT).encode(),
        lane="full",
        screen=screen,
        journal=journal,
        clock=FakeClock(),
        carried=along(finished()),
    )
    with pytest.raises(EndOfInput):
        passage.conduct()

    assert [ask.question.id for ask in screen.asked] == ["open_secret", "order", "later", "shown_people"]
    saved = {each.question: each.value for each in journal.read(passage.entry.id).entry.answers}
    assert (saved["matter"], saved["open_secret"]) == ("it broke", "said openly")


def test_what_came_along_is_said_in_one_line():
    assert told(1, "T") == "1 answer came along from 'T'. The review shows them; any can be changed."
    assert told(0, "T") == "No answers came along from 'T'."
