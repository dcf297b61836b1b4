"""A playbook as plain tables and lists, every key filled in: what is cached, and what `playbook show --json` prints.

Numbers are `int` where they are whole and `Decimal` otherwise; dates are ISO 8601; conditions are expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from careerkit.core.playbook.model import Line
from careerkit.core.playbook.template import one_line, prose

if TYPE_CHECKING:
    from careerkit.core.playbook import document as doc
    from careerkit.core.playbook import document_questions as asked_doc

PlainTable = dict[str, Any]


def plain_of(document: doc.PlaybookDocument) -> PlainTable:
    """The document with its defaults, and with what `again` takes over filled in."""
    asked = {question.id: question for question in reversed(list(questions_of(document)))}
    return {
        "format": document.format,
        "title": document.title,
        "summary": document.summary,
        "version": document.version,
        "minutes": document.minutes,
        "sources": [{"id": source.id, "cite": source.cite} for source in document.source],
        "stages": [
            {
                "id": stage.id,
                "title": stage.title,
                "intro": stage.intro,
                "when": condition(stage.when),
                "quick": stage.quick,
                "questions": [_question(question, asked) for question in stage.question],
            }
            for stage in document.stage
        ],
        "computes": [_compute(compute) for compute in document.compute],
        "decisions": [rule.model_dump() for rule in document.decision],
        **_outcomes(document),
        "checkins": [
            {
                "id": checkin.id,
                "after": checkin.after,
                "title": checkin.title,
                "when": condition(checkin.when),
                "questions": [_question(question, asked) for question in checkin.question],
                **_outcomes(checkin),
            }
            for checkin in document.checkin
        ],
    }


def questions_of(document: doc.PlaybookDocument) -> Iterator[asked_doc.OwnQuestion | asked_doc.AgainQuestion]:
    """All questions, stages first, in the order of asking."""
    for stage in document.stage:
        yield from stage.question
    for checkin in document.checkin:
        yield from checkin.question


def repeated(
    question: asked_doc.OwnQuestion | asked_doc.AgainQuestion,
    asked: Mapping[str, asked_doc.OwnQuestion | asked_doc.AgainQuestion],
) -> asked_doc.OwnQuestion | None:
    """The question that gives `question` its form: itself, or what it repeats; None where that is nowhere."""
    seen: set[str] = set()
    while hasattr(question, "again"):
        if question.again in seen or question.again not in asked:
            return None
        seen.add(question.again)
        question = asked[question.again]
    return question


def condition(when: str | Mapping[str, object]) -> str:
    """A condition as an expression, however it was written."""
    if isinstance(when, str):
        return when
    return " and ".join(f"{name} == {literal(value)}" for name, value in when.items())


def literal(value: object) -> str:
    """A value of a condition's table as an expression writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            quote = '"' if "'" in value else "'"
            return f"{quote}{value}{quote}"
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)


def text_lines(text: str | Iterable[str | asked_doc.LineDocument]) -> list[PlainTable]:
    """A text as lines of template source, each with its condition."""
    lines = prose(text) if isinstance(text, str) else (_line(line) for line in text)
    return [{"text": line.text, "when": line.when} for line in lines]


def _line(line: str | asked_doc.LineDocument) -> Line:
    if isinstance(line, str):
        return Line(one_line(line))
    return Line(one_line(line.text), condition(line.when))


_QUESTION: PlainTable = {
    "hint": "",
    "why": "",
    "source": [],
    "when": "",
    "required": True,
    "default": None,
    "check": "",
    "check_text": "",
    "private": False,
    "again": "",
    "predicts": "",
    "choices": None,
    "items": None,
    "min": None,
    "max": None,
    "long": None,
    "anchors": None,
    "unit": None,
    "rows": None,
    "columns": None,
    "spread": None,
    "fields": None,
    "line": None,
    "text": None,
}


def _question(
    question: asked_doc.OwnQuestion | asked_doc.AgainQuestion,
    asked: Mapping[str, asked_doc.OwnQuestion | asked_doc.AgainQuestion],
) -> PlainTable:
    if not hasattr(question, "again"):
        return _own_question(question)
    # What an `again` leaves out comes from the question that it repeats, but for the conditions: they would speak of
    # the earlier answer.
    original = repeated(question, asked)
    filled = _own_question(original) if original else {**_QUESTION, "type": "text", "ask": ""}
    own = {key: value for key, value in question.model_dump(exclude={"type"}).items() if value is not None}
    return {**filled, "default": None, "predicts": "", **own, "when": condition(question.when)}


def _own_question(question: asked_doc.OwnQuestion) -> PlainTable:
    written = question.model_dump(by_alias=True)
    filled = {"id": question.id, "type": question.type, "ask": question.ask, **_QUESTION, **_number_each(written)}
    filled["when"] = condition(question.when)
    if "text" in written:
        filled["text"] = text_lines(question.text)  # type: ignore[union-attr]  # only a note has one
    if "fields" in written:
        filled["fields"] = [_own_question(each) for each in question.fields_]  # type: ignore[union-attr]  # records
    return filled


def _compute(compute: doc.ComputeDocument) -> PlainTable:
    tally = [
        {"id": line.id, "when": condition(line.when), "points": _number(line.points), "text": line.text}
        for line in compute.tally or ()
    ]
    bands = [{"id": band.id, "from": _number(band.from_), "label": band.label or band.id} for band in compute.bands]
    return {
        "id": compute.id,
        "label": compute.label,
        "value": compute.value,
        "tally": tally or None,
        "start": _number(compute.start) if tally else None,
        "min": _number(compute.min) if tally else None,
        "max": _number(compute.max) if tally else None,
        "bands": bands,
        "source": list(compute.source),
    }


def _outcomes(part: doc.PlaybookDocument | doc.CheckinDocument) -> PlainTable:
    def dumped(rule: doc.OutcomeDocument) -> PlainTable:
        table = rule.model_dump(by_alias=True)
        table["when"] = condition(rule.when)
        if "text" in table:
            table["text"] = text_lines(rule.text)  # type: ignore[attr-defined]  # findings and drafts have one
        return table

    return {
        "findings": [dumped(rule) for rule in part.finding],
        "drafts": [dumped(rule) for rule in part.draft],
        "actions": [dumped(rule) for rule in part.action],
    }


def _number_each(value: Any) -> Any:
    match value:
        case dict():
            return {key: _number_each(each) for key, each in value.items()}
        case list():
            return [_number_each(each) for each in value]
        case date():
            return value.isoformat()
        case Decimal():
            return _number(value)
        case _:
            return value


def _number(value: Decimal | None) -> int | Decimal | None:
    return int(value) if value is not None and value == value.to_integral_value() else value
