"""The lines a person types in line mode to give a set of answers, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from careerkit.coaching.session import CONTINUE_QUESTION, has_only_messages_left
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, Finish, ShowCard
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, ListSpec, YesNoSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.question import Choice, Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.core.questions.weights import RankSpec, WeightsSpec
from scenario import NOW

__all__ = ["CONTINUE_QUESTION", "type_interview"]


def type_interview(interview: Interview, answers: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """(question id, the lines typed for it), in order; the question id is "card" for going on after the card."""
    while True:
        step = interview.step()
        match step:
            case Finish():
                return
            case Ask(question=question):
                raw = answers.get(question.id, step.default)
                if raw is None:
                    yield question.id, [":skip"]
                    interview = interview.skip()
                else:
                    yield question.id, type_answer(question, raw, step.choices, step.columns, step)
                    interview = interview.answer(question.id, raw)
            case _:
                interview = interview.mark_shown(step.key)
                if isinstance(step, ShowCard):
                    outcome = evaluate_outcome(interview.facts(), given=NOW, quick=True)
                    has_card = outcome.findings or outcome.drafts or outcome.actions
                    if has_card and interview.lane == "full" and not has_only_messages_left(interview):
                        yield "card", ["y"]


def type_answer(
    question: Question,
    raw: Any,
    choices: Sequence[Choice],
    columns: Sequence[Choice],
    step: Ask | None = None,
) -> list[str]:
    ids = [choice.id for choice in choices]
    match question.spec:
        case TextSpec(long=True):
            return [*map(escape_colon, raw.split("\n")), "."]
        case TextSpec():
            return [escape_colon(raw)]
        case ChoiceSpec():
            return [str(ids.index(raw) + 1) if raw in ids else raw]
        case ChoicesSpec() | RankSpec():
            numbers = " ".join(str(ids.index(each) + 1) for each in raw if each in ids)
            own = [each for each in raw if each not in ids]
            return ["; ".join(filter(None, (numbers, *own))) or "none"]
        case YesNoSpec():
            return ["y" if raw else "n"]
        case ListSpec(max=most):
            return [*map(escape_colon, raw), *([""] if len(raw) < most else [])]
        case WeightsSpec():
            return [" ".join(str(raw.get(each, 0)) for each in ids)]
        case GridSpec():
            return [format_cell(raw[row][column.id]) for row in ids for column in columns]
        case RecordsSpec() as form:
            return list(type_records(question, form, raw, ids, step))
    return [str(raw)]


def type_records(
    question: Question,
    form: RecordsSpec,
    records: Sequence[Mapping[str, Any]],
    items: Sequence[str],
    step: Ask | None,
) -> Iterator[str]:
    if form.items:
        by_item = {record["item"]: record for record in records}
        for item in items:
            yield from type_fields(form, by_item[item], step)
        return
    if form.min == 0 or not question.required:
        yield "y" if records else "n"
    for number, record in enumerate(records, start=1):
        yield from type_fields(form, record, step)
        if form.min <= number < form.max:
            yield "y" if number < len(records) else "n"


def type_fields(form: RecordsSpec, record: Mapping[str, Any], step: Ask | None) -> Iterator[str]:
    shows_field, offered = (step.shows_field, step.field_choices) if step else (None, {})
    for field in form.fields:
        if shows_field is not None and field.when and not shows_field(field, record):
            continue
        value = record.get(field.id)
        if value is None:
            yield ":skip"
        else:
            options = getattr(field.spec, "options", None)
            yield from type_answer(field, value, offered.get(field.id, options.choices if options else ()), ())


def escape_colon(line: str) -> str:
    return f":{line}" if line.startswith(":") else line


def format_cell(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
