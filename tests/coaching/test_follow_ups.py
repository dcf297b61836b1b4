"""Follow-up playbooks: which ones are offered, and which answers carry over."""

from decimal import Decimal

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.ports import EndOfInput, Skip
from careerkit.coaching.resume import run_batch
from careerkit.coaching.review import carry_answers, format_carry_notice, list_links, offer_follow_up
from careerkit.coaching.session import start_session
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.storage.memory_journal import MemoryJournal
from scenario import HEADER, NOW, parse_playbook

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
PLAYBOOK, ONTO = parse_playbook(FIRST), replace(parse_playbook(NEXT), id="test/next", title="The next")


class FakeLibrary:
    """A library of the given playbooks. Raises Refused for any other."""

    def __init__(self, *playbooks):
        self._playbooks = {each.id: each for each in playbooks}

    def open(self, reference):
        if reference not in self._playbooks:
            raise Refused(Problem("unknown-playbook", "There is none."))
        return type("Opened", (), {"playbook": self._playbooks[reference], "source": (HEADER + NEXT).encode()})


def finished(**answers):
    return run_batch(
        PLAYBOOK,
        (HEADER + FIRST).encode(),
        {**ANSWERS, **answers},
        lane="full",
        journal=MemoryJournal(),
        clock=FakeClock(),
    )


def along(entry, playbook=PLAYBOOK):
    return carry_answers(entry, playbook, list_links(entry)[0], ONTO, today=NOW.date())


def offered(screen, *playbooks, entry=None, done=frozenset()):
    return offer_follow_up(screen, entry or finished(), PLAYBOOK, FakeLibrary(*playbooks), today=NOW.date(), done=done)


def test_links_to_one_playbook_are_merged_and_the_first_finding_takes_precedence():
    assert [each.playbook_id for each in list_links(finished())] == ["test/next", "test/other", "test/third"]
    assert list_links(finished())[0].carry["matter"] == "what"


def test_an_answer_carries_over_to_the_question_that_the_link_names():
    answers = along(finished())
    assert (answers["matter"], answers["strain"], answers["lines"]) == ("it broke", Decimal(4), ("x", "y"))


def test_an_answer_that_does_not_fit_the_next_playbook_is_left_out_silently():
    assert "strain" not in along(finished(harm=9))
    assert along(finished(harm=9))["matter"] == "it broke"


def test_carried_items_can_be_chosen_by_later_questions():
    assert along(finished())["worst"] == ("x", "y")


def test_a_private_answer_carries_over_only_if_it_stays_private():
    answers = along(finished())
    assert answers["own_secret"] == "s"
    assert "open_secret" not in answers


def test_a_form_with_a_private_field_carries_over_only_if_that_field_stays_private():
    answers = along(finished())
    assert answers["people"][0]["person"] == "Anna"
    assert "shown_people" not in answers


def test_a_hidden_answer_does_not_carry_over():
    assert "later" not in along(finished())


def test_a_carried_answer_whose_check_fails_is_left_out():
    strict = replace(
        parse_playbook(NEXT.replace('ask = "Strain?"', 'ask = "Strain?"\ncheck = "strain < 3"')), id="test/next"
    )
    entry = finished()
    assert "strain" not in carry_answers(entry, PLAYBOOK, list_links(entry)[0], strict, today=NOW.date())


def test_the_offer_names_the_playbook_and_the_number_of_answers_and_defaults_to_no():
    screen = FakeScreen(confirms=False)
    assert offered(screen, ONTO) is None
    assert screen.shown == ["confirm Continue with 'The next' now? It starts with 6 answers from this one."]


def test_yes_returns_the_playbook_with_the_carried_answers():
    onward = offered(FakeScreen(), ONTO)
    assert onward.playbook is ONTO
    assert set(onward.carried) == {"matter", "strain", "own_secret", "lines", "worst", "people"}


def test_a_link_without_answers_to_carry_does_not_mention_answers():
    screen = FakeScreen(confirms=False)
    offered(screen, replace(ONTO, id="test/other"))
    assert screen.shown == ["confirm Continue with 'The next' now?"]


def test_at_most_two_follow_ups_are_offered_without_missing_and_just_finished_ones():
    screen = FakeScreen(confirms=False)
    three = [replace(ONTO, id=each, title=each) for each in ("test/next", "test/other", "test/third")]
    offered(screen, *three)
    assert [each.split("'")[1] for each in screen.shown] == ["test/next", "test/other"]

    screen = FakeScreen(confirms=False)
    offered(screen, *three[1:], done=frozenset({"test/other"}))
    assert [each.split("'")[1] for each in screen.shown] == ["test/third"]


def test_the_end_of_input_declines_the_offer():
    screen = FakeScreen()

    def confirm(question, *, default, is_saved=True):
        assert default is False
        raise EndOfInput

    screen.confirm = confirm
    assert offered(screen, ONTO) is None


def test_carried_answers_are_not_asked_again_and_are_saved_with_the_first_answer():
    journal = MemoryJournal()
    screen = FakeScreen("said openly", ["y", "x"], Skip())
    passage = start_session(
        parse_playbook(NEXT),
        (HEADER + NEXT).encode(),
        lane="full",
        screen=screen,
        journal=journal,
        clock=FakeClock(),
        carried=along(finished()),
    )
    with pytest.raises(EndOfInput):
        passage.run()

    assert [ask.question.id for ask in screen.asked] == ["open_secret", "order", "later", "shown_people"]
    saved = {each.question: each.value for each in journal.read(passage.entry.id).entry.answers}
    assert (saved["matter"], saved["open_secret"]) == ("it broke", "said openly")


def test_carried_answers_are_announced_in_one_line():
    assert (
        format_carry_notice(1, "T") == "Carried over 1 answer from 'T'. The review shows them, and you can change any."
    )
    assert format_carry_notice(0, "T") == "No answers were carried over from 'T'."
