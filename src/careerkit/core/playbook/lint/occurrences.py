"""Find every expression and every text with inserts in a playbook, and what each of them may refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from careerkit.core.errors import Path
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.lint.context import LintContext, Part, Table, Visibility, WrittenQuestion
from careerkit.core.playbook.schema import format_comparison
from careerkit.core.questions.question import ITEM

ANYWHERE = 1_000_000
"""A position after all questions."""


@frozen
class ExpressionOccurrence:
    path: Path
    source: str
    visible: Visibility
    is_value: bool = False
    """Is it the `value` of a compute, which may have any type and use each()? Otherwise it is a condition."""
    in_table: bool = False
    """Is it an entry of `when = { id = value }`, which is not written as an expression in the file?"""


@frozen
class TextOccurrence:
    path: Path
    text: str
    visible: Visibility


@frozen
class PickOccurrence:
    """A line of a text that is chosen by the answer to `name`; `keys` are all keys of the line, in order."""

    path: Path
    name: str
    keys: tuple[str, ...]
    visible: Visibility


Occurrence = ExpressionOccurrence | TextOccurrence | PickOccurrence


def find_occurrences(context: LintContext) -> Iterator[Occurrence]:
    """Every expression and every text with inserts in the playbook, except empty ones.

    Inserts work in a stage's intro; a question's ask, hint, why and check_text; a note's text; the line of records; a
    compute's label and the texts of its tally; all texts of findings, drafts and actions; a check-in's title. They don't
    work in titles of the playbook and its stages, the summary, labels of choices and bands, anchors and units.
    """
    return (each for each in _find_all(context) if not _is_empty(each))


def _is_empty(occurrence: Occurrence) -> bool:
    match occurrence:
        case TextOccurrence(text=text):
            return not text
        case ExpressionOccurrence(source=source):
            return not source
    return False


def _find_all(context: LintContext) -> Iterator[Occurrence]:
    position = -1
    for number, stage in enumerate(context.tables.get("stage", ())):
        yield from _find_in_head(("stage", number), stage, Visibility(position), "intro")
        position += len(stage.get("question", ()))
    for written in context.questions:
        yield from _find_in_question(written, written.before, written.after)
        if "fields" in written.table:
            yield from _find_in_fields(context, written)
    for number, compute in enumerate(context.tables.get("compute", ())):
        yield from _find_in_compute(context, ("compute", number), compute)
    yield from _find_in_top(context)
    for part in context.parts:
        if part.path:
            asked_before = part.visible.until - len(part.table.get("question", ()))
            head = replace(part.visible, until=asked_before)
            yield from _find_in_head(part.path, part.table, head, "title")
            yield from _find_due_conditions((*part.path, "after"), part.table.get("after", ""), head)
        yield from _find_in_outcomes(context, part)


def _find_in_head(path: Path, table: Table, visible: Visibility, key: str) -> Iterator[Occurrence]:
    yield from _find_texts(path, table, visible, key)
    yield from _find_condition(path, table, visible)


def _find_in_question(written: WrittenQuestion, before: Visibility, after: Visibility) -> Iterator[Occurrence]:
    path, table = written.path, written.table
    yield from _find_texts(path, table, before, "ask", "hint", "why")
    yield from _find_condition(path, table, before)
    for key in ("choices", "rows", "columns"):
        choices = table.get(key, ())
        for number, choice in enumerate(choices if isinstance(choices, list) else ()):
            yield from _find_condition((*path, key, number), choice, replace(before, fields={}))
    if written.question.spec.has_answer:
        yield from _find_condition(path, table, after, "check")
        yield from _find_texts(path, table, after, "check_text")
    else:
        yield from _find_lines(path, table, before)


def _find_in_fields(context: LintContext, written: WrittenQuestion) -> Iterator[Occurrence]:
    known = context.types.fields_of(written.question)
    seen = {name: kind for name, kind in known.items() if name == ITEM and written.table.get("items")}
    for field in written.fields:
        before = replace(written.before, fields=dict(seen))
        seen |= {field.question.id: known[field.question.id]} if field.question.id in known else {}
        yield from _find_in_question(field, before, replace(written.before, fields=dict(seen)))
    yield from _find_texts(written.path, written.table, replace(written.before, fields=known, only_fields=True), "line")


def _find_in_compute(context: LintContext, path: Path, compute: Table) -> Iterator[Occurrence]:
    anywhere = Visibility(ANYWHERE)
    shown = Visibility(max(context.order.last_of_stages, context.order.latest(compute["id"])))
    yield from _find_texts(path, compute, shown, "label")
    yield from _find_lines(path, compute, anywhere)
    tally = compute.get("tally", ())
    if "value" in compute and not tally:
        yield ExpressionOccurrence((*path, "value"), compute["value"], anywhere, is_value=True)
    for number, line in enumerate(tally):
        yield from _find_condition((*path, "tally", number), line, anywhere)
        yield from _find_texts((*path, "tally", number), line, shown, "text")


def _find_in_outcomes(context: LintContext, part: Part) -> Iterator[Occurrence]:
    for path, rule, _ in part.rules():
        visible = context.visible_in_action(path, part.visible)
        yield from _find_condition(path, rule, visible, "each_when")
        for key in ("title", "to", "do", "cue", "evidence", "owner", "text"):
            yield from _find_lines(path, rule, visible, key)
        yield from _find_due_conditions((*path, "due"), rule.get("due", ""), visible)
        yield from _find_condition(path, rule, part.visible)


def _find_in_top(context: LintContext) -> Iterator[Occurrence]:
    visible = context.parts[0].visible
    for key in ("urgent", "small"):
        yield from _find_condition((), context.tables, visible, key)
    for number, headline in enumerate(context.tables.get("headline", ())):
        yield from _find_lines(("headline", number), headline, visible)
        yield from _find_condition(("headline", number), headline, visible)


def _find_due_conditions(path: Path, due: str | list[Any], visible: Visibility) -> Iterator[Occurrence]:
    for number, option in enumerate(due if isinstance(due, list) else ()):
        if not isinstance(option, str):
            yield from _find_condition((*path, number), option, visible)


def _find_texts(path: Path, table: Table, visible: Visibility, *keys: str) -> Iterator[Occurrence]:
    for key in keys:
        yield TextOccurrence((*path, key), table.get(key, ""), visible)


def _find_lines(path: Path, table: Table, visible: Visibility, key: str = "text") -> Iterator[Occurrence]:
    text = table.get(key, "")
    if isinstance(text, str):
        yield TextOccurrence((*path, key), text, visible)
        return
    for number, line in enumerate(text):
        here = (*path, key, number)
        if isinstance(line, str):
            yield TextOccurrence(here, line, visible)
        elif "pick" in line:
            yield PickOccurrence((*here, "pick"), line["pick"], tuple(line), visible)
            for chosen in line.keys() - {"pick"}:
                yield TextOccurrence((*here, chosen), line[chosen], visible)
        else:
            yield TextOccurrence((*here, "text"), line["text"], visible)
            yield from _find_condition(here, line, visible)


def _find_condition(path: Path, table: Table, visible: Visibility, key: str = "when") -> Iterator[Occurrence]:
    condition: str | Mapping[str, Any] = table.get(key, "")
    if isinstance(condition, str):
        yield ExpressionOccurrence((*path, key), condition, visible)
        return
    for name, value in condition.items():
        yield ExpressionOccurrence((*path, key, name), format_comparison(name, value), visible, in_table=True)
