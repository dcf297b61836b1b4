"""Whether the `default` of a question could be its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from careerkit.core.expression.kinds import Ids
from careerkit.core.playbook import document_questions as asked_doc
from careerkit.core.playbook.fault import Fault, shown
from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    DateForm,
    GridForm,
    ListForm,
    NumberForm,
    Question,
    RankForm,
    RecordsForm,
    ScaleForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from careerkit.core.playbook.order import ITEM
from careerkit.core.playbook.scanner import Path
from careerkit.core.playbook.spans import first_day
from careerkit.core.playbook.subject import Subject, questions_with_paths


def default_faults(subject: Subject) -> Iterator[Fault]:
    for path, written, question in questions_with_paths(subject):
        if not subject.is_unsure(question.id):
            yield from _faults(subject, path, written, question)
        if isinstance(written, asked_doc.RecordsQuestion) and isinstance(question.form, RecordsForm):
            for number, (field, own) in enumerate(zip(written.fields_, question.form.fields, strict=True)):
                if not subject.is_broken(*path, "fields", number, "type"):
                    yield from _faults(subject, (*path, "fields", number), field, own)


def _faults(
    subject: Subject, path: Path, written: asked_doc.OwnQuestion | asked_doc.AgainQuestion, question: Question
) -> Iterator[Fault]:
    if not isinstance(written, asked_doc.Asked) or written.default is None:
        return
    for message in _wrong(subject, question, written.default):
        yield Fault(
            (*path, "default"), "bad-default", message, "Offer something that could be answered, or leave it out."
        )


def _wrong(subject: Subject, question: Question, value: Any) -> Iterator[str]:
    """What hinders `value` from being an answer, in words."""

    def ids_of(options: Any) -> Ids:
        return subject.kinds.ids_of(options)

    match question.form:
        case TextForm(long=long, max=most):
            yield from _wrong_text(value, long=long, most=most)
        case ChoiceForm(options=options):
            yield from _wrong_ids([value], ids_of(options))
        case ChoicesForm(options=options, min=least, max=most):
            yield from _wrong_ids(value, ids_of(options))
            yield from _wrong_length(value, least, most)
        case YesNoForm():
            yield from [] if isinstance(value, bool) else ["It should be true or false."]
        case ScaleForm(min=low, max=high):
            yield from _wrong_number(value, Decimal(low), Decimal(high), whole=True)
        case NumberForm(min=low, max=high):
            yield from _wrong_number(value, low, high)
        case DateForm():
            yield from _wrong_day(value)
        case ListForm(min=least, max=most):
            yield from _wrong_ids(value, None)
            yield from _wrong_length(value, least, most)
        case RankForm(options=options):
            yield from _wrong_ids(value, ids_of(options))
            yield from _incomplete(value, ids_of(options))
        case WeightsForm(options=options):
            yield from _wrong_weights(value, ids_of(options))
        case GridForm():
            yield from _wrong_grid(value, question.form, ids_of(question.form.rows), ids_of(question.form.columns))
        case RecordsForm():
            yield from _wrong_records(subject, value, question.form)


def _wrong_text(value: Any, *, long: bool, most: int) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield "It should be a text that says something."
    elif len(value) > most:
        yield f"It has {len(value)} characters; {most} are allowed."
    elif "\n" in value and not long:
        yield "It has several lines; that takes `long = true`."


def _wrong_ids(value: Any, ids: Ids) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        yield "It should be a text." if isinstance(value, list) and len(value) == 1 else "It should be a list of texts."
        return
    if len(set(value)) < len(value):
        yield "It names something twice."
    for each in value:
        if ids is not None and each not in ids:
            yield f"{shown(each)} is none of the choices."


def _incomplete(value: Any, ids: Ids) -> Iterator[str]:
    missing = [each for each in ids or () if isinstance(value, list | dict) and each not in value]
    if missing:
        yield f"It leaves out {', '.join(missing)}."


def _wrong_length(value: Any, least: int, most: int | None) -> Iterator[str]:
    if isinstance(value, list) and (len(value) < least or (most is not None and len(value) > most)):
        yield (
            f"It has {len(value)} entries; there should be {least} to {most}."
            if most
            else f"It has fewer than {least} entries."
        )


def _wrong_number(value: Any, low: Decimal | None, high: Decimal | None, *, whole: bool = False) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int if whole else int | Decimal):
        yield "It should be a whole number." if whole else "It should be a number."
    elif low is not None and value < low:
        yield f"It is less than {low:f}."
    elif high is not None and value > high:
        yield f"It is more than {high:f}."


def _wrong_day(value: Any) -> Iterator[str]:
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if not is_day and not (isinstance(value, str) and first_day(value)):
        yield "It should be a date such as 2026-12-01, or a span such as +30d."


def _wrong_weights(value: Any, ids: Ids) -> Iterator[str]:
    if not isinstance(value, Mapping) or any(not _is_number(points) or points < 0 for points in value.values()):
        yield "It should be a table of points, such as { a = 60, b = 40 }."
        return
    yield from _wrong_ids(list(value), ids)
    yield from _incomplete(value, ids)
    if sum(value.values()) != 100:
        yield f"Its points add up to {sum(value.values())}, not to 100."


def _wrong_grid(value: Any, form: GridForm, rows: Ids, columns: Ids) -> Iterator[str]:
    if not isinstance(value, Mapping) or not all(isinstance(row, Mapping) for row in value.values()):
        yield "It should be a table of rows, such as { a = { x = 3 } }."
        return
    yield from _wrong_ids(list(value), rows)
    for row in value.values():
        yield from _wrong_ids(list(row), columns)
        for cell in row.values():
            cells = cell if form.spread and isinstance(cell, list) and len(cell) == 3 else [cell]
            for each in cells:
                yield from _wrong_number(each, form.min, form.max)
            if all(map(_is_number, cells)) and cells != sorted(cells):
                yield "A cell's low, likely and high must rise."


def _wrong_records(subject: Subject, value: Any, form: RecordsForm) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(record, Mapping) for record in value):
        yield "It should be a list of tables."
        return
    fields = {field.id: field for field in form.fields}
    for record in value:
        for name, each in record.items():
            if name in fields:
                yield from (f"{shown(name)}: {message}" for message in _wrong(subject, fields[name], each))
            elif name != ITEM or not form.items:
                yield f"There is no field {shown(name)}."
    if not form.items:
        yield from _wrong_length(value, form.min, form.max)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
