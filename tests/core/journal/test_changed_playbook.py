"""What of the answers given with one version of a playbook still answers another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.journal.changed_playbook import move
from careerkit.core.journal.record import begin, record
from scenario import NOW, playbook_of


def question(key, kind, ask="What is it?", more=""):
    return f'[[stage.question]]\nid = "{key}"\ntype = "{kind}"\nask = "{ask}"\n{more}\n'


def book(*questions, after=""):
    return playbook_of('[[stage]]\nid = "s"\ntitle = "S"\n' + "".join(questions) + after)


def answered(playbook, **answers):
    interview = Interview(playbook, today=NOW.date())
    for key, raw in answers.items():
        interview = interview.answer(key, raw)
    entry = begin("20261122T0905Z-abcdef", interview, machine="m", started=NOW, zone="UTC")
    return record(entry, interview)


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
def test_an_answer_stays_where_it_means_the_same(case):
    before, after, raw = book(case[0]), book(case[1]), case[2]
    entry = answered(before, x=raw)

    moved = move(entry, before, after)

    assert moved.interview.answers == {"x": entry.answers[0].value}
    assert (moved.again, moved.gone, moved.entry.earlier) == ((), (), ())
    assert moved.entry.playbook.sha256 == after.sha256


@pytest.mark.parametrize("case", CHANGED.values(), ids=CHANGED)
def test_a_question_that_could_mean_something_else_is_asked_again_with_what_was_said(case):
    before, after, raw = book(case[0]), book(case[1]), case[2]
    entry = answered(before, x=raw)

    moved = move(entry, before, after)

    assert moved.interview.answers == {}
    assert (moved.again, moved.entry.earlier) == (("x",), entry.answers)
    ask = moved.interview.present_ask()
    assert ask.complaint == f"This question has changed since. You said before: {entry.answers[0].shown}"


def test_what_fits_still_is_there_to_be_kept_and_what_does_not_is_only_said():
    number, scale = book(question("x", "number")), book(question("x", "number", "Really?"))
    assert move(answered(number, x=4), number, scale).interview.present_ask().kept == Decimal(4)

    text = book(question("x", "text"))
    assert move(answered(number, x=4), number, text).interview.present_ask().kept is None


def test_an_answer_without_a_question_stays_in_the_entry():
    before = book(question("x", "text"), question("y", "text"))
    moved = move(answered(before, x="one", y="two"), before, book(question("x", "text")))

    assert moved.gone == ("y",)
    assert [(each.question, each.asked, each.value) for each in moved.entry.earlier] == [("y", "What is it?", "two")]
    assert moved.interview.answers == {"x": "one"}


def test_what_was_said_stays_in_the_entry_when_the_question_is_answered_anew_and_when_it_changes_again():
    first, second, third = (book(question("x", "text", ask)) for ask in ("One?", "Two?", "Three?"))
    moved = move(answered(first, x="1"), first, second)
    entry = record(moved.entry, moved.interview.answer("x", "2"))
    again = move(entry, second, third)

    assert [each.value for each in again.entry.earlier] == ["1", "2"]
    assert again.interview.present_ask().complaint.endswith("You said before: 2")


def test_an_answered_question_does_not_say_any_more_that_it_has_changed():
    first, second = book(question("x", "text", "One?")), book(question("x", "text", "Two?"))
    interview = move(answered(first, x="1"), first, second).interview.answer("x", "2")

    assert interview.go_to("x").present_ask().complaint == ""


def test_without_the_version_before_everything_is_asked_again():
    after = book(question("x", "text"))
    moved = move(answered(after, x="it"), None, after)

    assert (moved.again, moved.interview.present_ask().kept) == (("x",), "it")


def test_a_question_that_was_left_out_is_asked_anew_where_it_has_changed():
    more = "required = false"
    first = book(question("x", "text", more=more), question("y", "text", more=more))
    interview = Interview(first, today=NOW.date()).skip().skip()
    entry = record(begin("20261122T0905Z-abcdef", interview, machine="m", started=NOW, zone="UTC"), interview)

    moved = move(entry, first, book(question("x", "text", more=more), question("y", "text", "New?", more)))

    assert [moved.interview.present_ask().question.id, moved.entry.passed] == ["y", ("x",)]


def test_items_that_are_lost_at_present_keep_their_data():
    source = question("opts", "list")
    first = book(source, question("x", "weights", more='items = "opts"'))
    entry = answered(first, opts=["one", "two"], x={"one": 40, "two": 60})
    entry = record(entry, move(entry, first, first).interview.answer("opts", ["one", "three"]))
    second = book(source, question("x", "weights", more='items = "opts"\nhint = "h"'))

    moved = move(entry, first, second)

    assert moved.interview.answers["x"]["two"] == 60
    assert moved.again == ()


COMPUTE = '[[compute]]\nid = "c"\nlabel = "C"\nvalue = "x"\nbands = [{ id = "low", label = "low" }, { id = "high", from = 3, label = "high" }]'


def test_a_band_that_a_person_chose_stays_while_it_is_called_the_same():
    first = book(question("x", "scale"), after=COMPUTE)
    interview = Interview(first, today=NOW.date()).answer("x", 2).choose_band("c", "high")
    entry = record(begin("20261122T0905Z-abcdef", interview, machine="m", started=NOW, zone="UTC"), interview)

    same = book(question("x", "scale"), after=COMPUTE.replace("from = 3", "from = 4"))
    other = book(question("x", "scale"), after=COMPUTE.replace('label = "high"', 'label = "very high"'))

    assert move(entry, first, same).interview.answers["c"] == "high"
    assert move(entry, first, other).gone == ("c",)


def test_a_note_that_reads_otherwise_is_shown_again_and_a_stage_is_not():
    note = '[[stage.question]]\nid = "n"\ntype = "note"\nask = "Read"\ntext = "{}"\n'
    first = book(note.format("One"), question("x", "text"))
    entry = replace(answered(first), said=("note:n", "stage:s"))

    assert move(entry, first, book(note.format("One"), question("x", "text"))).entry.said == ("note:n", "stage:s")
    assert move(entry, first, book(note.format("Two"), question("x", "text"))).entry.said == ("stage:s",)
