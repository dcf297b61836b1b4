"""What of the answers that were given with one version of a playbook still answers another.

A question counts as changed where the same answer could mean something else now: where its type differs, what is
asked (in `ask`, whatever the line breaks), the choices (ids or labels, in any order), the question whose items are
chosen from, the unit of a number, the ends and anchors of a scale, the ends of a grid, whether a cell is a spread, or a
field of a form in any of these ways. A limit (how long, how many, how late) changes it only where the answer does not
fit any more. Hints, reasons, sources, defaults, checks, conditions, places and privacy don't change a question: none of
them changes what an answer says, and those that decide whether it is asked, or whether it fits others, decide anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from careerkit.core.answer import accept
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import Interview
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.journal.record import BAND, reference, restore
from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    Form,
    GridForm,
    NoteForm,
    NumberForm,
    Options,
    Playbook,
    Question,
    RankForm,
    RecordsForm,
    ScaleForm,
    WeightsForm,
)
from careerkit.core.problem import Refused
from careerkit.core.value import Value
from careerkit.core.wording import one_line


@frozen
class Moved:
    """`entry` with what does not stand any more among its `earlier` answers, and the interview to go on with.

    `again` are the questions that are asked again, `gone` those that the playbook does not have any more, each in the
    order of the entry.
    """

    entry: Entry
    interview: Interview
    again: tuple[str, ...]
    gone: tuple[str, ...]


def move(entry: Entry, before: Playbook | None, after: Playbook) -> Moved:
    """`entry`, whose answers were given with `before`, as one to go on with `after`. No answer is dropped.

    Without `before` no question is known to be the same: all are asked again, with what was said.
    """
    asked = {question.id: question for question in before.questions} if before else {}
    stays = _standing(entry, asked, before, after)
    lost = tuple(each for each in entry.answers if each.question not in stays)
    known = {question.id: question for question in after.questions}
    same = {each for each, question in known.items() if each in asked and _meaning(asked[each]) == _meaning(question)}
    moved = replace(
        entry,
        playbook=reference(after),
        answers=tuple(each for each in entry.answers if each.question in stays),
        earlier=(*entry.earlier, *lost),
        passed=tuple(each for each in entry.passed if each in same),
        said=tuple(each for each in entry.said if _is_said(each, before, after)),
    )
    return Moved(
        moved,
        restore(moved, after),
        again=tuple(each.question for each in lost if each.question in known),
        gone=tuple(each.question for each in lost if each.question not in known),
    )


def _standing(
    entry: Entry, asked: Mapping[str, Question], before: Playbook | None, after: Playbook
) -> Mapping[str, Value]:
    """The answers that still stand, by question or banded compute, hidden ones too."""
    given = {each.question: each for each in entry.answers}
    interview = Interview(after, today=entry.started.date())
    for question in after.questions:  # in this order, so that items are there before what is asked of them
        answer, old = given.get(question.id), asked.get(question.id)
        if answer and old and _meaning(old) == _meaning(question) and _fits(answer.value, old, question, interview):
            interview = replace(interview, answers=MappingProxyType({**interview.answers, question.id: answer.value}))
    bands = {
        each.question: each.value for each in entry.answers if each.type == BAND and _has_band(each, before, after)
    }
    return {**interview.answers, **bands}


def _fits(value: Value, old: Question, question: Question, interview: Interview) -> bool:
    if old.form == question.form:
        return True  # also with items that are lost at present: their data is kept as ever
    try:
        accept(question, value, choices_of=interview.facts().kept_choices_of, today=interview.today)
    except Refused:
        return False
    return True


def _has_band(answer: Answer, before: Playbook | None, after: Playbook) -> bool:
    """Is the band that the person chose there still, under the same name?"""
    labels = [
        {
            band.label
            for compute in playbook.computes
            if compute.id == answer.question
            for band in compute.bands
            if band.id == answer.value
        }
        for playbook in (before, after)
        if playbook
    ]
    return len(labels) == 2 and bool(labels[0] & labels[1])


def _is_said(key: str, before: Playbook | None, after: Playbook) -> bool:
    """Has what was shown under this key been shown as it reads now? Stages and the card are not shown twice."""
    kind, _, name = key.partition(":")
    match kind:
        case "note":
            return _note(before, name) == _note(after, name)
        case "finding":
            return _finding(before, name) == _finding(after, name)
    return True


def _note(playbook: Playbook | None, name: str) -> object:
    found = (each for each in playbook.questions if each.id == name) if playbook else ()
    return next(((each.ask, each.form) for each in found if isinstance(each.form, NoteForm)), None)


def _finding(playbook: Playbook | None, name: str) -> object:
    found = (each for each in playbook.findings if each.id == name) if playbook else ()
    return next(((each.title, each.text) for each in found), None)


def _meaning(question: Question) -> tuple[object, ...]:
    """What an answer to `question` says rests on this alone; see the top of the module."""
    return question.type, one_line(question.ask), _form(question.form)


def _form(form: Form) -> object:
    match form:
        case ChoiceForm(options=o) | ChoicesForm(options=o) | RankForm(options=o) | WeightsForm(options=o):
            return _options(o)
        case ScaleForm(min=low, max=high, anchors=anchors):
            return low, high, dict(anchors)
        case NumberForm(unit=unit):
            return unit
        case GridForm(rows=rows, columns=columns, min=low, max=high, spread=spread):
            return _options(rows), _options(columns), low, high, spread
        case RecordsForm(fields=fields, items=items):
            return items, {field.id: _meaning(field) for field in fields}
    return None


def _options(options: Options) -> object:
    return options.source, {each.id: one_line(each.label) for each in options.choices}
