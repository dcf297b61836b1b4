import pytest

from careerkit.core.errors import Refused

BRANCHES = """
[[stage]]
id = "one"
title = "One"
intro = "Welcome"
[[stage.question]]
id = "kind"
type = "choice"
ask = "Which kind?"
choices = [ { id = "a", label = "A" }, { id = "b", label = "B" } ]
[[stage.question]]
id = "only_a"
type = "text"
ask = "For A"
when = "kind == 'a'"
[[stage.question]]
id = "only_b"
type = "text"
ask = "For B, {kind}"
when = { kind = "b" }
[[stage]]
id = "two"
title = "Two"
[[stage.question]]
id = "last"
type = "yesno"
ask = "Done?"
required = false
"""

QUICK = """
[[stage]]
id = "fast"
title = "Fast"
quick = true
[[stage.question]]
id = "what"
type = "text"
ask = "What?"
[[stage]]
id = "slow"
title = "Slow"
[[stage.question]]
id = "more"
type = "text"
ask = "More?"
[[draft]]
id = "card"
title = "Card"
quick = true
text = "{what}"
"""

STOP = """
[[stage]]
id = "gate"
title = "Gate"
[[stage.question]]
id = "danger"
type = "yesno"
ask = "Danger?"
[[stage.question]]
id = "other"
type = "yesno"
ask = "Other?"
[[stage.question]]
id = "rest"
type = "text"
ask = "Rest?"
when = "not danger"
[[finding]]
id = "stop"
title = "Stop"
level = "stop"
when = "danger"
text = "First this."
"""


def test_an_interview_starts_with_the_first_stage_and_its_first_question(scenario):
    it = scenario(BRANCHES)
    assert [it.next(), it.next()] == ["stage One", "kind"]


def test_a_question_is_asked_only_if_its_condition_holds(scenario):
    assert scenario(BRANCHES).answer("a").next() == "only_a"
    assert scenario(BRANCHES).answer("b").next() == "only_b"


def test_a_hidden_answer_is_null_and_comes_back_with_its_question(scenario):
    it = scenario(BRANCHES).answer("a", "words")
    it.set(kind="b")
    assert it.look("only_a") is None
    assert it.next() == "only_b"
    it.set(kind="a")
    assert it.look("only_a") == "words"


def test_an_answer_put_into_a_question_reads_as_its_label(scenario):
    assert scenario(BRANCHES).answer("b").ask().ask == "For B, B"


def test_back_goes_to_the_previous_question_and_keeps_its_answer(scenario):
    it = scenario(BRANCHES).answer("a", "words").back()
    assert it.next() == "only_a"
    assert it.ask().kept == "words"
    assert it.back().next() == "kind"


def test_going_back_from_the_first_question_is_refused(scenario):
    with pytest.raises(Refused) as refused:
        scenario(BRANCHES).back()
    assert refused.value.problems[0].code == "first-question"


def test_forward_stops_at_the_current_question(scenario):
    it = scenario(BRANCHES).answer("a", "words").back().back()
    assert it.forward().next() == "only_a"
    assert [it.forward().next(), it.next()] == ["stage Two", "last"]
    with pytest.raises(Refused) as refused:
        it.forward()
    assert refused.value.problems[0].code == "not-answered"


def test_after_a_changed_answer_the_interview_continues_where_it_was(scenario):
    it = scenario(BRANCHES).answer("a", "words")
    it.ask()
    it.back().set(only_a="other words")
    assert it.next() == "last"


def test_a_change_that_opens_a_question_asks_that_first(scenario):
    it = scenario(BRANCHES).answer("a", "words", True)
    it.set(kind="b")
    assert it.next() == "only_b"


def test_an_optional_question_may_be_skipped(scenario):
    it = scenario(BRANCHES).answer("a", "words").skip()
    assert it.next() == "end"
    assert it.look("last") is None


def test_a_skipped_required_question_is_asked_again_before_the_end(scenario):
    it = scenario(BRANCHES).answer("a").skip()
    it.answer(True)
    assert it.next() == "only_a"
    with pytest.raises(Refused) as refused:
        it.skip()
    assert refused.value.problems[0].code == "needed"
    assert it.answer("words").next() == "end"


def test_skipping_a_question_after_going_back_keeps_its_answer(scenario):
    it = scenario(BRANCHES).answer("a", "words").back()
    it.skip()
    assert it.look("only_a") == "words"


def go_back_to(it, question_id):
    """Walk back, a question at a time."""
    while it.ask().question.id != question_id:
        it.back()
    return it


def go_straight_to(it, question_id):
    """Jump, as from the review."""
    it.interview = it.interview.go_to(question_id)
    return it


@pytest.mark.parametrize("reach", [go_back_to, go_straight_to])
def test_skipping_an_answered_question_after_going_back_goes_to_the_next_and_skips_nothing(scenario, reach):
    it = reach(scenario(BRANCHES).answer("a", "words"), "kind").skip()
    assert it.next() == "only_a"
    assert it.interview.skipped == frozenset()
    assert it.skip().ask().question.id == "last"
    assert it.interview.skipped == frozenset()


@pytest.mark.parametrize("reach", [go_back_to, go_straight_to])
def test_skipping_a_skipped_required_question_after_going_back_is_refused(scenario, reach):
    it = scenario(BRANCHES).answer("a").skip()
    it.ask()
    with pytest.raises(Refused) as refused:
        reach(it, "only_a").skip()
    assert refused.value.problems[0].code == "needed"


def test_going_to_a_question_that_is_hidden_is_refused(scenario):
    it = scenario(BRANCHES).answer("a")
    with pytest.raises(Refused) as refused:
        it.interview.go_to("only_b")
    assert refused.value.problems[0].code == "not-on-branch"
    assert it.interview.go_to("kind").step().question.id == "kind"


def test_an_answer_that_does_not_fit_changes_nothing(scenario):
    it = scenario(BRANCHES)
    with pytest.raises(Refused) as refused:
        it.answer("c")
    assert (refused.value.problems[0].code, refused.value.problems[0].where) == ("unknown-choice", "kind")
    assert it.look("kind") is None


def test_the_quick_lane_asks_only_its_own_stages_and_ends_with_the_card(scenario):
    it = scenario(QUICK, lane="quick").answer("it happened")
    assert [it.next(), it.next()] == ["card", "end"]


def test_the_full_lane_shows_the_card_too_and_continues(scenario):
    it = scenario(QUICK).answer("it happened")
    assert [it.next(), it.next(), it.next()] == ["card", "stage Slow", "more"]


def test_a_stop_finding_is_shown_right_after_its_last_question(scenario):
    it = scenario(STOP).answer(True)
    assert [it.next(), it.next()] == ["finding stop", "other"]


def test_a_stop_finding_is_not_shown_if_its_condition_does_not_hold(scenario):
    assert scenario(STOP).answer(False).next() == "other"


def test_progress_counts_the_questions_of_the_branch(scenario):
    it = scenario(BRANCHES)
    assert (it.ask().progress.number, it.ask().progress.of, it.ask().progress.total) == (1, 1, 2)
    progress = it.answer("a").ask().progress
    assert (progress.number, progress.of, progress.answered, progress.total) == (2, 2, 1, 3)


CHECKED = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "low"
type = "scale"
ask = "Low?"
[[stage.question]]
id = "high"
type = "scale"
ask = "High?"
check = "low <= high"
check_text = "Not under {low}."
"""


def test_a_check_that_fails_refuses_the_answer_with_its_text(scenario):
    it = scenario(CHECKED).answer(3)
    with pytest.raises(Refused) as refused:
        it.answer(2)
    problem = refused.value.problems[0]
    assert (problem.code, problem.message) == ("check-failed", "Not under 3.")
    assert it.answer(3).next() == "end"


def test_a_check_is_tried_again_when_the_other_answer_changes(scenario):
    it = scenario(CHECKED).answer(3, 4).set(low=5)
    assert it.next() == "high"
    assert it.ask().reopened_because == "Not under 5."


ITEMS = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "options"
type = "choices"
ask = "Which?"
choices = [ { id = "a", label = "A" }, { id = "b", label = "B" }, { id = "c", label = "C" } ]
[[stage.question]]
id = "points"
type = "weights"
items = "options"
ask = "Points?"
[[stage.question]]
id = "forms"
type = "records"
items = "options"
ask = "Forms?"
line = "{item}: {size}"
fields = [ { id = "size", type = "number", ask = "Size?" } ]
[[stage.question]]
id = "cells"
type = "grid"
rows = "options"
columns = [ { id = "x", label = "X" } ]
ask = "Cells?"
[[stage.question]]
id = "order"
type = "rank"
items = "options"
ask = "Order?"
"""


def filled(scenario):
    return scenario(ITEMS).answer(
        ["a", "b"],
        {"a": 40, "b": 60},
        [{"item": "a", "size": 1}, {"item": "b", "size": 2}],
        {"a": {"x": 1}, "b": {"x": 2}},
        ["b", "a"],
    )


def test_a_new_item_reopens_its_questions_with_the_other_answers_filled_in(scenario):
    it = filled(scenario).set(options=["a", "b", "c"])
    assert it.next() == "forms"
    assert it.ask().reopened_because
    assert [record["item"] for record in it.ask().kept] == ["a", "b"]


def test_the_data_of_a_removed_item_is_kept_and_restored_with_the_item(scenario):
    it = filled(scenario).set(options=["a"])
    assert it.next() == "points"
    it.set(points={"a": 100}, options=["a", "b"])
    assert it.interview.answers["forms"][1]["size"] == 2
    assert it.look("order") == ("b", "a")
    assert it.look("cells")["b"]["x"] == 2


def test_values_that_depend_on_items_are_null_while_incomplete(scenario):
    it = filled(scenario).set(options=["a", "b", "c"])
    assert it.look("order") is None
    assert it.look("cells") is None


def test_the_choices_from_another_question_are_the_ones_picked_there(scenario):
    it = filled(scenario).set(options=["b", "c"])
    assert [choice.label for choice in it.ask().choices] == ["B", "C"]


def test_a_note_is_shown_once_and_has_no_answer(scenario):
    it = scenario("""
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "n"
type = "note"
ask = "Heading"
text = "Words"
[[stage.question]]
id = "q"
type = "yesno"
ask = "Q?"
""")
    assert [it.next(), it.next(), it.next()] == ["stage S", "note Heading", "q"]
    assert it.ask().progress.total == 1


def test_an_answer_that_invalidates_others_is_reported(scenario):
    from careerkit.coaching.review import compare_questions

    it = scenario(BRANCHES).answer("a", "words")
    before = it.interview.facts()
    it.set(kind="b")
    effect = compare_questions(before, it.interview.facts())
    assert (effect.hidden, effect.added) == (("only_a",), ("only_b",))
    again = it.interview.facts()
    it.set(kind="a")
    assert compare_questions(again, it.interview.facts()).restored == ("only_a",)


def test_a_question_about_the_answers_to_another_waits_until_there_are_any(scenario):
    it = scenario(ITEMS).skip()
    assert it.next() == "options"
    it.set(options=["a"])
    assert it.next() == "points"
