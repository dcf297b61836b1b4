"""What a person types at a line-based front end to give a whole set of answers, question by question."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.coaching.passage import GO_ON, _is_at_end
from careerkit.core.interview import Ask, Card, Finish, Interview
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    GridForm,
    ListForm,
    RankForm,
    RecordsForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from scenario import NOW

__all__ = ["GO_ON", "typed_passage"]


def typed_passage(interview: Interview, answers: dict) -> Iterator[tuple[str, list[str]]]:
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
                    yield question.id, lines_for(question, raw, step.choices, step.columns)
                    interview = interview.answer(question.id, raw)
            case _:
                interview = interview.mark_said(step.key)
                if isinstance(step, Card):
                    outcome = evaluate_outcome(interview.facts(), given=NOW, quick=True)
                    has_card = outcome.findings or outcome.drafts or outcome.actions
                    if has_card and interview.lane == "full" and not _is_at_end(interview):
                        yield "card", ["y"]


def lines_for(question, raw, choices, columns) -> list[str]:
    ids = [choice.id for choice in choices]
    match question.form:
        case TextForm(long=True):
            return [*map(literal, raw.split("\n")), "."]
        case TextForm():
            return [literal(raw)]
        case ChoiceForm():
            return [str(ids.index(raw) + 1)]
        case ChoicesForm() | RankForm():
            return [" ".join(str(ids.index(each) + 1) for each in raw) or "none"]
        case YesNoForm():
            return ["y" if raw else "n"]
        case ListForm(max=most):
            return [*map(literal, raw), *([""] if len(raw) < most else [])]
        case WeightsForm():
            return [" ".join(str(raw.get(each, 0)) for each in ids)]
        case GridForm():
            return [cell(raw[row][column.id]) for row in ids for column in columns]
        case RecordsForm() as form:
            return list(record_lines(question, form, raw, ids))
    return [str(raw)]


def record_lines(question, form, records, items) -> Iterator[str]:
    if form.items:
        by_item = {record["item"]: record for record in records}
        for item in items:
            yield from field_lines(form, by_item[item])
        return
    if form.min == 0 or not question.required:
        yield "y" if records else "n"
    for number, record in enumerate(records, start=1):
        yield from field_lines(form, record)
        if form.min <= number < form.max:
            yield "y" if number < len(records) else "n"


def field_lines(form, record) -> Iterator[str]:
    for field in form.fields:
        value = record.get(field.id)
        if value is None:
            yield ":skip"
        else:
            options = getattr(field.form, "options", None)
            yield from lines_for(field, value, options.choices if options else (), ())


def literal(line: str) -> str:
    return f":{line}" if line.startswith(":") else line


def cell(value) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
