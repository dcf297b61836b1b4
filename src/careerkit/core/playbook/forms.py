"""Whether a question can be asked as it is described: its choices, limits, and what it takes from other questions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from careerkit.core.expression.kinds import ChoicesKind, ListKind, RankKind, YesNoKind
from careerkit.core.playbook import document_questions as asked_doc
from careerkit.core.playbook.fault import Fault, did_you_mean, shown
from careerkit.core.playbook.scanner import Path
from careerkit.core.playbook.sites import View
from careerkit.core.playbook.spans import first_day
from careerkit.core.playbook.subject import LATER_HINT, Subject, question_paths

Optioned = asked_doc.ChoiceQuestion | asked_doc.ChoicesQuestion | asked_doc.RankQuestion | asked_doc.WeightsQuestion

MOST_ROWS = 50
"""The most elements of a list, and forms of records."""


def form_faults(subject: Subject) -> Iterator[Fault]:
    for position, (path, question) in enumerate(question_paths(subject.document)):
        before = View(position - 1, actions=() if path[0] == "checkin" else None)
        yield from _question_faults(subject, path, question, before)
    for number, stage in enumerate(subject.document.stage):
        if not stage.question and not subject.is_broken("stage", number, "question"):
            message = f"The stage {shown(stage.id)} asks nothing."
            yield Fault(("stage", number), "empty-stage", message, "Give it a [[stage.question]], or take it out.")
    if not subject.document.stage and not subject.is_broken("stage"):
        yield Fault((), "no-stage", "This playbook asks nothing.", "Add a [[stage]] with a [[stage.question]].")


def source_faults(subject: Subject, path: Path, source: str, before: View) -> Iterator[Fault]:
    """What is wrong with taking the answer of `source` to choose from."""
    if subject.kinds.question(source) is None:
        known = [question.id for _, question in question_paths(subject.document)]
        yield Fault(path, "unknown-id", f"There is no question {shown(source)}.", did_you_mean(source, known))
        return
    kind = subject.kinds.kind_of(source)
    if not isinstance(kind, ChoicesKind | RankKind | ListKind) and not subject.is_unsure(source):
        message = f"{shown(source)} gives nothing to choose from."
        yield Fault(path, "unfit-source", message, "Name a choices, list or rank question.")
    elif later := subject.later(source, before):
        yield Fault(path, "forward-reference", later, LATER_HINT)


def _question_faults(
    subject: Subject, path: Path, question: asked_doc.OwnQuestion | asked_doc.AgainQuestion, before: View
) -> Iterator[Fault]:
    match question:
        case asked_doc.AgainQuestion():
            yield from _again_faults(subject, path, question, before)
        case asked_doc.GridQuestion():
            yield from _axis_faults(subject, (*path, "rows"), question.rows, before)
            yield from _axis_faults(subject, (*path, "columns"), question.columns, before)
            yield from _range_faults(path, question.min, question.max)
        case asked_doc.RecordsQuestion():
            yield from _records_faults(subject, path, question, before)
        case asked_doc.ChoicesQuestion():
            yield from _option_faults(subject, path, question, before)
            most = len(question.choices) if question.choices is not None else None
            yield from _count_faults(path, question.min, question.max, most=most, of="choices")
        case asked_doc.ChoiceQuestion() | asked_doc.RankQuestion() | asked_doc.WeightsQuestion():
            yield from _option_faults(subject, path, question, before)
        case asked_doc.ScaleQuestion():
            yield from _scale_faults(subject, path, question)
        case asked_doc.NumberQuestion():
            yield from _range_faults(path, question.min, question.max)
            yield from _predicts_faults(subject, path, question)
        case asked_doc.DateQuestion():
            yield from _date_faults(path, question)
        case asked_doc.ListQuestion():
            yield from _count_faults(path, question.min, question.max, most=MOST_ROWS)
        case asked_doc.TextQuestion() if question.max < 1:
            yield Fault((*path, "max"), "bad-limit", "A text has at least 1 character.", "Leave `max` out for 20,000.")
    if isinstance(question, asked_doc.Asked | asked_doc.AgainQuestion) and question.check_text and not question.check:
        message = "There is no `check` to which this belongs."
        yield Fault(
            (*path, "check_text"), "unused-key", message, "Add one, or take this out.", spot="key", severity="warning"
        )


def _option_faults(subject: Subject, path: Path, question: Optioned, before: View) -> Iterator[Fault]:
    if question.items is not None and question.choices is not None:
        yield Fault(
            (*path, "items"), "conflicting-keys", "Either `choices` or `items`, not both.", "Take one out.", spot="key"
        )
    elif question.items is not None:
        yield from source_faults(subject, (*path, "items"), question.items, before)
    elif question.choices is None:
        if not subject.is_broken(*path, "choices") and not subject.is_broken(*path, "items"):
            hint = "Add `choices`, or the id of an earlier question as `items`."
            yield Fault(path, "missing-key", f"A {question.type} question needs something to choose from.", hint)
    elif not question.choices:
        yield Fault((*path, "choices"), "no-choices", "There is nothing to choose from.", "Add choices.")


def _axis_faults(
    subject: Subject, path: Path, axis: str | list[asked_doc.ChoiceDocument], before: View
) -> Iterator[Fault]:
    if isinstance(axis, str):
        yield from source_faults(subject, path, axis, before)
    elif not axis and not subject.is_broken(*path):
        yield Fault(path, "no-choices", f"There are no {path[-1]}.", "Add some, or name a question.")


def _records_faults(subject: Subject, path: Path, question: asked_doc.RecordsQuestion, before: View) -> Iterator[Fault]:
    if not question.fields_ and not subject.is_broken(*path, "fields"):
        yield Fault((*path, "fields"), "no-fields", "These records have no fields.", "Add at least one.")
    if question.items is None:
        yield from _count_faults(path, question.min, question.max, most=MOST_ROWS)
    else:
        yield from source_faults(subject, (*path, "items"), question.items, before)
        for key in sorted(question.model_fields_set & {"min", "max"}):
            message = f"With `items` there is one form for each item, so `{key}` means nothing."
            yield Fault((*path, key), "unused-key", message, "Take it out.", spot="key", severity="warning")
    for number, field in enumerate(question.fields_):
        place = (*path, "fields", number)
        for key in sorted(field.model_fields_set & {"when", "check", "check_text"}):
            message = f"A field is asked in every form, so it can't have `{key}`."
            yield Fault(
                (*place, key), "misplaced-key", message, "Take it out, or make it `required = false`.", spot="key"
            )
        yield from _question_faults(subject, place, field, before)


def _scale_faults(subject: Subject, path: Path, question: asked_doc.ScaleQuestion) -> Iterator[Fault]:
    if question.min >= question.max:
        key = "max" if "max" in question.model_fields_set else "min"
        message = f"A scale from {question.min} to {question.max} has no steps."
        yield Fault((*path, key), "bad-limit", message, "Make `max` larger than `min`.")
    for value in question.anchors:
        if not question.min <= int(value) <= question.max:
            message = f"{shown(value)} is not on this scale, which goes from {question.min} to {question.max}."
            yield Fault((*path, "anchors", value), "bad-anchor", message, "Write a step of the scale.", spot="key")
    yield from _predicts_faults(subject, path, question)


def _range_faults(path: Path, least: Decimal | None, most: Decimal | None) -> Iterator[Fault]:
    if least is not None and most is not None and least >= most:
        yield Fault(
            (*path, "max"), "bad-limit", f"{most:f} is not more than `min`, {least:f}.", "Make `max` larger than `min`."
        )


def _count_faults(
    path: Path, least: int, most_wanted: int | None, *, most: int | None, of: str = "entries"
) -> Iterator[Fault]:
    if least < 0:
        yield Fault((*path, "min"), "bad-limit", "`min` can't be less than 0.", "Write 0 to let it be empty.")
    if most_wanted is not None and most_wanted < max(least, 1):
        yield Fault((*path, "max"), "bad-limit", f"`max` can't be less than {max(least, 1)}.", "Make it larger.")
    for key, value in (("min", least), ("max", most_wanted)):
        if most is not None and value is not None and value > most:
            message = f"`{key}` is {value}, and there are at most {most} {of}."
            yield Fault((*path, key), "bad-limit", message, "Make it smaller.")


def _date_faults(path: Path, question: asked_doc.DateQuestion) -> Iterator[Fault]:
    days = {}
    for key, text in (("min", question.min), ("max", question.max)):
        days[key] = first_day(text)
        if text and days[key] is None:
            message = f"{shown(text)} is neither a date nor a span from today."
            yield Fault((*path, key), "bad-date", message, "Write 2026-12-01, or +30d, -14d, +0d.")
    least, most = days["min"], days["max"]
    if least and most and least.relative == most.relative and least.day > most.day:
        yield Fault((*path, "max"), "bad-limit", "`max` is before `min`.", "Make it later.")


def _again_faults(subject: Subject, path: Path, question: asked_doc.AgainQuestion, before: View) -> Iterator[Fault]:
    target = (*path, "again")
    if path[0] != "checkin" or "fields" in path:
        yield Fault(
            target, "misplaced-again", "Only a check-in asks a question again.", "Write the question out.", spot="key"
        )
        return
    original = subject.kinds.question(question.again)
    if original is None:
        known = [each.id for _, each in question_paths(subject.document)]
        yield Fault(
            target, "unknown-id", f"There is no question {shown(question.again)}.", did_you_mean(question.again, known)
        )
    elif later := subject.later(question.again, before):
        yield Fault(target, "forward-reference", later, LATER_HINT)
    elif original.type == "note":
        yield Fault(target, "no-answer", f"{shown(question.again)} is a note, which has no answer.", "Name a question.")
    elif question.type is not None and question.type != original.type:
        message = f"{shown(question.again)} is of type {original.type}."
        yield Fault((*path, "type"), "conflicting-keys", message, "Leave `type` out here.")


def _predicts_faults(
    subject: Subject, path: Path, question: asked_doc.ScaleQuestion | asked_doc.NumberQuestion
) -> Iterator[Fault]:
    if not question.predicts:
        return
    target = (*path, "predicts")
    checkins = {each.id for each_path, each in question_paths(subject.document) if each_path[0] == "checkin"}
    if "fields" in path:
        yield Fault(
            target, "misplaced-predicts", "A field can't predict.", "Ask it outside of the records.", spot="key"
        )
    elif question.predicts not in checkins:
        message = f"There is no question {shown(question.predicts)} in a check-in."
        yield Fault(target, "unknown-id", message, did_you_mean(question.predicts, checkins))
    elif not isinstance(subject.kinds.kind_of(question.predicts), YesNoKind) and not subject.is_unsure(
        question.predicts
    ):
        yield Fault(target, "unfit-source", f"{shown(question.predicts)} is no yesno question.", "Predict one that is.")
    if question.min != 0 or question.max != 100:
        hint = "Write min = 0 and max = 100."
        yield Fault(target, "bad-limit", "What predicts is a probability from 0 to 100.", hint, spot="key")
