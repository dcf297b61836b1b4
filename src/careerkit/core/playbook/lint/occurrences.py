"""Find every expression, condition and text with inserts in a playbook, what each may refer to, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from careerkit.core.errors import Path
from careerkit.core.expressions.ast import Literal, Node
from careerkit.core.expressions.parser import parse
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.lint.context import LintContext, Part, Table, Visibility, WrittenQuestion
from careerkit.core.playbook.normal_form import expand_pick, format_comparison, format_condition
from careerkit.core.questions.question import ITEM

ANYWHERE = 1_000_000
"""A position after all questions."""

MAX_EARLIER = 30
"""Of the lines before one, so many count: the time for a text grows with their square."""
_ALWAYS: Node = Literal(value=True)


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


@frozen
class WrittenCondition:
    """A condition at `path`, or a part that has none of its own and then an empty `source`.

    `what` names what it decides about. It counts only while all of `given` hold, and `earlier` don't: the lines before
    it, if only the first line that holds is used. `records` is the records question whose fields it may use.
    """

    path: Path
    source: str
    what: str
    given: tuple[Given, ...] = ()
    earlier: tuple[Node, ...] = ()
    records: str = ""
    in_table: bool = False
    is_generated: bool = False
    """Is it made from a `pick`, and not written as a condition?"""

    @property
    def node(self) -> Node | None:
        return parse(self.source) if self.source else None


@frozen
class Given:
    """An enclosing condition, and what it belongs to, such as "the stage"."""

    owner: str
    source: str

    @property
    def node(self) -> Node:
        return parse(self.source)


@frozen
class WrittenLine:
    """A text with inserts at `path`, which is shown only while all of `given` hold and none of `earlier`."""

    path: Path
    text: str
    given: tuple[Node, ...]
    earlier: tuple[Node, ...] = ()
    quick: bool = False
    records: str = ""


Found = WrittenCondition | WrittenLine


def find_conditions(context: LintContext) -> Iterator[Found]:
    """All conditions, and all texts of outcomes with what they depend on, in the order of the file's tables."""
    tables = context.tables
    for number, stage in enumerate(tables.get("stage", ())):
        yield from _place_condition(("stage", number), stage, "stage")
        yield from _place_in_lines(context, ("stage", number), stage, "intro", _given("the stage", stage))
    for written in context.questions:
        yield from _place_in_question(context, written)
    for number, compute in enumerate(tables.get("compute", ())):
        yield from _place_in_compute(context, ("compute", number), compute)
    for key in ("urgent", "small"):
        yield from _place_condition((), tables, f"`{key}`", key=key)
    yield from _place_in_headlines(context, tables.get("headline", ()))
    for part in context.parts:
        yield from _place_in_part(context, part)


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


def _given(owner: str, table: Table, key: str = "when") -> tuple[Given, ...]:
    source = _format(table.get(key, ""))
    return (Given(owner, source),) if source else ()


def _format(condition: str | Mapping[str, Any]) -> str:
    return format_condition(condition) if condition else ""


def _place_condition(
    path: Path,
    table: Table,
    what: str,
    *,
    key: str = "when",
    given: tuple[Given, ...] = (),
    earlier: tuple[Node, ...] = (),
    records: str = "",
) -> Iterator[WrittenCondition]:
    condition = table.get(key, "")
    if source := _format(condition):
        is_table = not isinstance(condition, str)
        yield WrittenCondition((*path, key), source, what, given, earlier, records, in_table=is_table)


def _place_in_question(context: LintContext, written: WrittenQuestion) -> Iterator[Found]:
    path, table = written.path, written.table
    holder = context.tables[str(path[0])][path[1]]
    outer = _given("the stage" if path[0] == "stage" else "the check-in", holder)
    yield from _place_condition(path, table, "question", given=outer)
    given = (*outer, *_given("the question", table))
    yield from _place_in_choices(path, table, given)
    for key in ("ask", "hint", "why"):
        yield from _place_in_lines(context, path, table, key, given)
    if not written.question.spec.has_answer:
        yield from _place_in_lines(context, path, table, "text", given)
    for field in written.fields:
        name = written.question.id
        yield from _place_condition(field.path, field.table, "field", given=given, records=name)
        yield from _place_in_choices(field.path, field.table, (*given, *_given("the field", field.table)), name)


def _place_in_choices(
    path: Path, table: Table, given: tuple[Given, ...], records: str = ""
) -> Iterator[WrittenCondition]:
    for key in ("choices", "rows", "columns"):
        choices = table.get(key, ())
        for number, choice in enumerate(choices if isinstance(choices, list) else ()):
            yield from _place_condition((*path, key, number), choice, "choice", given=given, records=records)


def _place_in_compute(context: LintContext, path: Path, compute: Table) -> Iterator[Found]:
    for number, line in enumerate(compute.get("tally", ())):
        yield from _place_condition((*path, "tally", number), line, "line of the tally")
        yield from _place_in_lines(context, (*path, "tally", number), line, "text", _given("the line", line))
    yield from _place_in_lines(context, path, compute, "text", (), is_first_used=True)


def _place_in_headlines(context: LintContext, headlines: list[Table]) -> Iterator[Found]:
    earlier: tuple[Node, ...] = ()
    for number, headline in enumerate(headlines):
        path: Path = ("headline", number)
        if earlier and earlier[-1] == _ALWAYS:
            yield WrittenCondition(path, "", "headline", (), earlier)
        yield from _place_condition(path, headline, "headline", earlier=earlier)
        yield from _place_in_lines(
            context, path, headline, "text", _given("the headline", headline), is_first_used=True, earlier=earlier
        )
        source = _format(headline.get("when", ""))
        earlier = (*earlier, parse(source) if source else _ALWAYS)[-MAX_EARLIER:]


def _place_in_part(context: LintContext, part: Part) -> Iterator[Found]:
    outer: tuple[Given, ...] = ()
    if part.path:
        yield from _place_condition(part.path, part.table, "check-in")
        outer = _given("the check-in", part.table)
        yield from _place_in_dues((*part.path, "after"), part.table.get("after", ""), outer)
    for path, rule, _ in part.rules():
        kind = str(path[-2])
        yield from _place_condition(path, rule, kind, given=outer)
        given = (*outer, *_given(f"the {kind}", rule))
        records = rule.get("each", "")
        yield from _place_condition(path, rule, kind, key="each_when", given=given, records=records)
        for key in ("title", "to", "do", "cue", "evidence", "owner"):
            yield from _place_in_lines(context, path, rule, key, given, is_first_used=True, records=records)
        yield from _place_in_lines(context, path, rule, "text", given, records=records)
        yield from _place_in_dues((*path, "due"), rule.get("due", ""), given, records)


def _place_in_dues(path: Path, due: str | list[Any], given: tuple[Given, ...], records: str = "") -> Iterator[Found]:
    for number, option in enumerate(due if isinstance(due, list) else ()):
        if not isinstance(option, str):
            yield from _place_condition((*path, number), option, "date", given=given, records=records)


def _place_in_lines(
    context: LintContext,
    path: Path,
    table: Table,
    key: str,
    given: tuple[Given, ...],
    *,
    is_first_used: bool = False,
    records: str = "",
    earlier: tuple[Node, ...] = (),
) -> Iterator[Found]:
    """The conditions of the lines of a text, and the lines themselves."""
    text = table.get(key, "")
    shown = tuple(each.node for each in given)
    quick = bool(table.get("quick")) or path[0] == "headline"  # the card of the quick lane has a headline, too
    if isinstance(text, str):
        if text:
            yield WrittenLine((*path, key), text, shown, earlier, quick, records)
        return
    for number, line in enumerate(text):
        here = (*path, key, number)
        if isinstance(line, str):
            yield WrittenLine(here, line, shown, earlier, quick, records)
            continue
        if "pick" in line:
            for chosen, (each, source) in zip(_list_picked(line), _expand(context, line), strict=True):
                if source and chosen != "else":
                    place = (*here, chosen)
                    yield WrittenCondition(
                        place, source, "line", given, earlier, records, in_table=True, is_generated=True
                    )
                yield WrittenLine((*here, chosen), each, (*shown, *_parse_if(source)), earlier, quick, records)
            continue
        source = _format(line["when"]) if line.get("when") else ""
        yield from _place_condition(here, line, "line", given=given, earlier=earlier, records=records)
        yield WrittenLine((*here, "text"), line["text"], (*shown, *_parse_if(source)), earlier, quick, records)
        if is_first_used and source:
            earlier = (*earlier, parse(source))[-MAX_EARLIER:]


def _parse_if(source: str) -> tuple[Node, ...]:
    return (parse(source),) if source else ()


def _list_picked(line: Mapping[str, str]) -> list[str]:
    return [*(key for key in line if key not in ("pick", "else")), *["else"] * ("else" in line)]


def _expand(context: LintContext, line: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for each in expand_pick(line, (line["pick"],) if context.types.band_ids(line["pick"]) else ()):
        yield each["text"], each["when"]
