import pytest

from careerkit.core.problem import Refused

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


def test_it_begins_with_the_stage_and_then_asks_its_first_question(scenario):
    it = scenario(BRANCHES)
    assert [it.next(), it.next()] == ["stage One", "kind"]


def test_a_question_is_asked_only_where_its_condition_holds(scenario):
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


def test_back_leads_to_the_question_before_and_the_answer_there_is_kept(scenario):
    it = scenario(BRANCHES).answer("a", "words").back()
    assert it.next() == "only_a"
    assert it.ask().kept == "words"
    assert it.back().next() == "kind"


def test_before_the_first_question_there_is_nothing_to_go_back_to(scenario):
    with pytest.raises(Refused) as refused:
        scenario(BRANCHES).back()
    assert refused.value.problems[0].code == "first-question"


def test_forward_leads_up_to_where_the_interview_stands_and_no_further(scenario):
    it = scenario(BRANCHES).answer("a", "words").back().back()
    assert it.forward().next() == "only_a"
    assert [it.forward().next(), it.next()] == ["stage Two", "last"]
    with pytest.raises(Refused) as refused:
        it.forward()
    assert refused.value.problems[0].code == "not-answered"


def test_after_a_changed_answer_it_goes_on_where_it_stood(scenario):
    it = scenario(BRANCHES).answer("a", "words")
    it.ask()
    it.back().set(only_a="other words")
    assert it.next() == "last"


def test_a_change_that_opens_a_question_asks_that_first(scenario):
    it = scenario(BRANCHES).answer("a", "words", True)
    it.set(kind="b")
    assert it.next() == "only_b"


def test_a_question_that_is_not_required_may_be_left_out(scenario):
    it = scenario(BRANCHES).answer("a", "words").skip()
    assert it.next() == "end"
    assert it.look("last") is None


def test_a_required_question_may_be_put_off_and_is_asked_again_before_the_end(scenario):
    it = scenario(BRANCHES).answer("a").skip()
    it.answer(True)
    assert it.next() == "only_a"
    with pytest.raises(Refused) as refused:
        it.skip()
    assert refused.value.problems[0].code == "needed"
    assert it.answer("words").next() == "end"


def test_skipping_a_question_looked_at_again_keeps_its_answer(scenario):
    it = scenario(BRANCHES).answer("a", "words").back()
    it.skip()
    assert it.look("only_a") == "words"


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


def test_the_full_lane_gives_the_card_too_and_goes_on(scenario):
    it = scenario(QUICK).answer("it happened")
    assert [it.next(), it.next(), it.next()] == ["card", "stage Slow", "more"]


def test_a_finding_that_must_not_wait_shows_as_soon_as_its_last_question_is_passed(scenario):
    it = scenario(STOP).answer(True)
    assert [it.next(), it.next()] == ["finding stop", "other"]


def test_a_finding_that_must_not_wait_stays_silent_where_it_does_not_hold(scenario):
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
    assert it.ask().complaint == "Not under 5."


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


def test_a_new_item_makes_its_questions_be_asked_again_with_the_rest_filled_in(scenario):
    it = filled(scenario).set(options=["a", "b", "c"])
    assert it.next() == "forms"
    assert it.ask().complaint
    assert [record["item"] for record in it.ask().kept] == ["a", "b"]


def test_a_lost_items_data_is_kept_and_comes_back_with_the_item(scenario):
    it = filled(scenario).set(options=["a"])
    assert it.next() == "points"
    it.set(points={"a": 100}, options=["a", "b"])
    assert it.interview.answers["forms"][1]["size"] == 2
    assert it.look("order") == ("b", "a")
    assert it.look("cells")["b"]["x"] == 2


def test_what_rests_on_items_is_null_while_incomplete(scenario):
    it = filled(scenario).set(options=["a", "b", "c"])
    assert it.look("order") is None
    assert it.look("cells") is None


def test_the_choices_of_an_items_question_are_what_was_picked(scenario):
    it = filled(scenario).set(options=["b", "c"])
    assert [choice.label for choice in it.ask().choices] == ["B", "C"]


def test_a_note_is_read_once_and_has_no_answer(scenario):
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


def test_an_answer_that_changes_which_answers_hold_is_told(scenario):
    from careerkit.core.interview import effect_of

    it = scenario(BRANCHES).answer("a", "words")
    before = it.interview.facts()
    it.set(kind="b")
    effect = effect_of(before, it.interview.facts())
    assert (effect.hidden, effect.asked) == (("only_a",), ("only_b",))
    again = it.interview.facts()
    it.set(kind="a")
    assert effect_of(again, it.interview.facts()).back == ("only_a",)


def test_a_question_about_the_answers_to_another_waits_until_there_are_any(scenario):
    it = scenario(ITEMS).skip()
    assert it.next() == "options"
    it.set(options=["a"])
    assert it.next() == "points"
