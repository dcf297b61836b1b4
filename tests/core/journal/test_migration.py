"""Which answers stay valid when a playbook changes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.journal.snapshot import create_entry, migrate, record_interview
from scenario import NOW, parse_playbook


def question(key, kind, ask="What is it?", more=""):
    return f'[[stage.question]]\nid = "{key}"\ntype = "{kind}"\nask = "{ask}"\n{more}\n'


def book(*questions, after=""):
    return parse_playbook('[[stage]]\nid = "s"\ntitle = "S"\n' + "".join(questions) + after)


def answered(playbook, **answers):
    interview = Interview(playbook, today=NOW.date())
    for key, raw in answers.items():
        interview = interview.answer(key, raw)
    entry = create_entry("20261122T0905Z-abcdef", interview, machine="m", started=NOW, zone="UTC")
    return record_interview(entry, interview)


ABC = 'choices = [{ id = "a", label = "A" }, { id = "b", label = "B" }]'
STAYS = {
    "a hint": (question("x", "text"), question("x", "text", more='hint = "Take your time"'), "it"),
    "a reason": (question("x", "text"), question("x", "text", more='why = "For a reason"'), "it"),
    "line breaks": (question("x", "text"), question("x", "text", "What   is it?"), "it"),
    "a wider limit": (question("x", "text", more="max = 9"), question("x", "text", more="max = 8"), "it"),
    "may be left out": (question("x", "text"), question("x", "text", more="required = false"), "it"),
    "the order of the choices": (
        question("x", "choice", more=ABC),
        question("x", "choice", more='choices = [{ id = "b", label = "B" }, { id = "a", label = "A" }]'),
        "a",
    ),
    "a choice's hint": (
        question("x", "choice", more=ABC),
        question("x", "choice", more='choices = [{ id = "a", label = "A", hint = "h" }, { id = "b", label = "B" }]'),
        "a",
    ),
    "a number's limits": (question("x", "number", more="max = 9"), question("x", "number", more="max = 5"), 4),
}
CHANGED = {
    "the words": (question("x", "text"), question("x", "text", "What is it not?"), "it"),
    "the type": (question("x", "text"), question("x", "list"), "it"),
    "a limit that it breaks": (question("x", "text"), question("x", "text", more="max = 1"), "it"),
    "a label": (
        question("x", "choice", more=ABC),
        question("x", "choice", more=ABC.replace('"A"', '"Not A"')),
        "a",
    ),
    "one more choice": (
        question("x", "choices", more=ABC),
        question("x", "choices", more=ABC.replace("]", ', { id = "c", label = "C" }]')),
        ["a"],
    ),
    "the ends of a scale": (question("x", "scale"), question("x", "scale", more="max = 7"), 3),
    "an anchor": (
        question("x", "scale", more='anchors = { 1 = "none" }'),
        question("x", "scale", more='anchors = { 1 = "all" }'),
        3,
    ),
    "the unit": (
        question("x", "number", more='unit = "days"'),
        question("x", "number", more='unit = "weeks"'),
        3,
    ),
    "a field of a form": (
        question("x", "records", more='fields = [{ id = "who", type = "text", ask = "Who?" }]'),
        question("x", "records", more='fields = [{ id = "who", type = "text", ask = "Who not?" }]'),
        [{"who": "Ana"}],
    ),
}


@pytest.mark.parametrize("case", STAYS.values(), ids=STAYS)
def test_an_answer_stays_valid_if_it_means_the_same(case):
    before, after, raw = book(case[0]), book(case[1]), case[2]
    entry = answered(before, x=raw)

    moved = migrate(entry, before, after)

    assert moved.interview.answers == {"x": entry.answers[0].value}
    assert (moved.changed, moved.dropped, moved.entry.earlier) == ((), (), ())
    assert moved.entry.playbook.sha256 == after.sha256


@pytest.mark.parametrize("case", CHANGED.values(), ids=CHANGED)
def test_a_question_whose_meaning_changed_is_asked_again_with_the_earlier_answer(case):
    before, after, raw = book(case[0]), book(case[1]), case[2]
    entry = answered(before, x=raw)

    moved = migrate(entry, before, after)

    assert moved.interview.answers == {}
    assert (moved.changed, moved.entry.earlier) == (("x",), entry.answers)
    ask = moved.interview.current_ask()
    assert ask.reopened_because == f"This question has changed. Your earlier answer: {entry.answers[0].shown}"


def test_an_earlier_answer_is_prefilled_if_it_is_valid_and_only_shown_otherwise():
    number, scale = book(question("x", "number")), book(question("x", "number", "Really?"))
    assert migrate(answered(number, x=4), number, scale).interview.current_ask().kept == Decimal(4)

    text = book(question("x", "text"))
    assert migrate(answered(number, x=4), number, text).interview.current_ask().kept is None


def test_an_answer_without_a_question_stays_in_the_entry():
    before = book(question("x", "text"), question("y", "text"))
    moved = migrate(answered(before, x="one", y="two"), before, book(question("x", "text")))

    assert moved.dropped == ("y",)
    assert [(each.question, each.asked, each.value) for each in moved.entry.earlier] == [("y", "What is it?", "two")]
    assert moved.interview.answers == {"x": "one"}


def test_earlier_answers_stay_in_the_entry_when_the_question_is_answered_or_changes_again():
    first, second, third = (book(question("x", "text", ask)) for ask in ("One?", "Two?", "Three?"))
    moved = migrate(answered(first, x="1"), first, second)
    entry = record_interview(moved.entry, moved.interview.answer("x", "2"))
    again = migrate(entry, second, third)

    assert [each.value for each in again.entry.earlier] == ["1", "2"]
    assert again.interview.current_ask().reopened_because.endswith("Your earlier answer: 2")


def test_an_answered_question_no_longer_says_that_it_has_changed():
    first, second = book(question("x", "text", "One?")), book(question("x", "text", "Two?"))
    interview = migrate(answered(first, x="1"), first, second).interview.answer("x", "2")

    assert interview.go_to("x").current_ask().reopened_because == ""


def test_without_the_version_before_everything_is_asked_again():
    after = book(question("x", "text"))
    moved = migrate(answered(after, x="it"), None, after)

    assert (moved.changed, moved.interview.current_ask().kept) == (("x",), "it")


def test_a_skipped_question_is_asked_again_if_it_has_changed():
    more = "required = false"
    first = book(question("x", "text", more=more), question("y", "text", more=more))
    interview = Interview(first, today=NOW.date()).skip().skip()
    entry = record_interview(
        create_entry("20261122T0905Z-abcdef", interview, machine="m", started=NOW, zone="UTC"), interview
    )

    moved = migrate(entry, first, book(question("x", "text", more=more), question("y", "text", "New?", more)))

    assert [moved.interview.current_ask().question.id, moved.entry.passed] == ["y", ("x",)]


def test_items_that_do_not_exist_at_the_moment_keep_their_data():
    source = question("opts", "list")
    first = book(source, question("x", "weights", more='items = "opts"'))
    entry = answered(first, opts=["one", "two"], x={"one": 40, "two": 60})
    entry = record_interview(entry, migrate(entry, first, first).interview.answer("opts", ["one", "three"]))
    second = book(source, question("x", "weights", more='items = "opts"\nhint = "h"'))

    moved = migrate(entry, first, second)

    assert moved.interview.answers["x"]["two"] == 60
    assert moved.changed == ()


COMPUTE = '[[compute]]\nid = "c"\nlabel = "C"\nvalue = "x"\nbands = [{ id = "low", label = "low" }, { id = "high", from = 3, label = "high" }]'


def test_a_chosen_band_stays_if_its_label_is_the_same():
    first = book(question("x", "scale"), after=COMPUTE)
    interview = Interview(first, today=NOW.date()).answer("x", 2).choose_band("c", "high")
    entry = record_interview(
        create_entry("20261122T0905Z-abcdef", interview, machine="m", started=NOW, zone="UTC"), interview
    )

    same = book(question("x", "scale"), after=COMPUTE.replace("from = 3", "from = 4"))
    other = book(question("x", "scale"), after=COMPUTE.replace('label = "high"', 'label = "very high"'))

    assert migrate(entry, first, same).interview.answers["c"] == "high"
    assert migrate(entry, first, other).dropped == ("c",)


def test_a_changed_note_is_shown_again_and_a_stage_is_not():
    note = '[[stage.question]]\nid = "n"\ntype = "note"\nask = "Read"\ntext = "{}"\n'
    first = book(note.format("One"), question("x", "text"))
    entry = replace(answered(first), said=("note:n", "stage:s"))

    assert migrate(entry, first, book(note.format("One"), question("x", "text"))).entry.said == ("note:n", "stage:s")
    assert migrate(entry, first, book(note.format("Two"), question("x", "text"))).entry.said == ("stage:s",)
