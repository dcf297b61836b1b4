"""Every condition of a playbook, with the conditions that enclose it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from careerkit.core.errors import Path
from careerkit.core.expressions.ast import Literal, Node
from careerkit.core.expressions.parser import parse
from careerkit.core.frozen import frozen
from careerkit.core.playbook.lint.context import LintContext, Part, Table, WrittenQuestion
from careerkit.core.playbook.schema import expand_pick, format_condition

MAX_EARLIER = 30
"""Of the lines before one, so many count: the time for a text grows with their square."""
_ALWAYS: Node = Literal(value=True)


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
        yield from _find_condition(("stage", number), stage, "stage")
        yield from _find_in_lines(context, ("stage", number), stage, "intro", _given("the stage", stage))
    for written in context.questions:
        yield from _find_in_question(context, written)
    for number, compute in enumerate(tables.get("compute", ())):
        yield from _find_in_compute(context, ("compute", number), compute)
    for key in ("urgent", "small"):
        yield from _find_condition((), tables, f"`{key}`", key=key)
    yield from _find_in_headlines(context, tables.get("headline", ()))
    for part in context.parts:
        yield from _find_in_part(context, part)


def _given(owner: str, table: Table, key: str = "when") -> tuple[Given, ...]:
    source = _format(table.get(key, ""))
    return (Given(owner, source),) if source else ()


def _format(condition: str | Mapping[str, Any]) -> str:
    return format_condition(condition) if condition else ""


def _find_condition(
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


def _find_in_question(context: LintContext, written: WrittenQuestion) -> Iterator[Found]:
    path, table = written.path, written.table
    holder = context.tables[str(path[0])][path[1]]
    outer = _given("the stage" if path[0] == "stage" else "the check-in", holder)
    yield from _find_condition(path, table, "question", given=outer)
    given = (*outer, *_given("the question", table))
    yield from _find_in_choices(path, table, given)
    for key in ("ask", "hint", "why"):
        yield from _find_in_lines(context, path, table, key, given)
    if not written.question.spec.has_answer:
        yield from _find_in_lines(context, path, table, "text", given)
    for field in written.fields:
        name = written.question.id
        yield from _find_condition(field.path, field.table, "field", given=given, records=name)
        yield from _find_in_choices(field.path, field.table, (*given, *_given("the field", field.table)), name)


def _find_in_choices(
    path: Path, table: Table, given: tuple[Given, ...], records: str = ""
) -> Iterator[WrittenCondition]:
    for key in ("choices", "rows", "columns"):
        choices = table.get(key, ())
        for number, choice in enumerate(choices if isinstance(choices, list) else ()):
            yield from _find_condition((*path, key, number), choice, "choice", given=given, records=records)


def _find_in_compute(context: LintContext, path: Path, compute: Table) -> Iterator[Found]:
    for number, line in enumerate(compute.get("tally", ())):
        yield from _find_condition((*path, "tally", number), line, "line of the tally")
        yield from _find_in_lines(context, (*path, "tally", number), line, "text", _given("the line", line))
    yield from _find_in_lines(context, path, compute, "text", (), is_first_used=True)


def _find_in_headlines(context: LintContext, headlines: list[Table]) -> Iterator[Found]:
    earlier: tuple[Node, ...] = ()
    for number, headline in enumerate(headlines):
        path: Path = ("headline", number)
        if earlier and earlier[-1] == _ALWAYS:
            yield WrittenCondition(path, "", "headline", (), earlier)
        yield from _find_condition(path, headline, "headline", earlier=earlier)
        yield from _find_in_lines(
            context, path, headline, "text", _given("the headline", headline), is_first_used=True, earlier=earlier
        )
        source = _format(headline.get("when", ""))
        earlier = (*earlier, parse(source) if source else _ALWAYS)[-MAX_EARLIER:]


def _find_in_part(context: LintContext, part: Part) -> Iterator[Found]:
    outer: tuple[Given, ...] = ()
    if part.path:
        yield from _find_condition(part.path, part.table, "check-in")
        outer = _given("the check-in", part.table)
        yield from _find_in_dues((*part.path, "after"), part.table.get("after", ""), outer)
    for path, rule, _ in part.rules():
        kind = str(path[-2])
        yield from _find_condition(path, rule, kind, given=outer)
        given = (*outer, *_given(f"the {kind}", rule))
        records = rule.get("each", "")
        yield from _find_condition(path, rule, kind, key="each_when", given=given, records=records)
        for key in ("title", "to", "do", "cue", "evidence", "owner"):
            yield from _find_in_lines(context, path, rule, key, given, is_first_used=True, records=records)
        yield from _find_in_lines(context, path, rule, "text", given, records=records)
        yield from _find_in_dues((*path, "due"), rule.get("due", ""), given, records)


def _find_in_dues(path: Path, due: str | list[Any], given: tuple[Given, ...], records: str = "") -> Iterator[Found]:
    for number, option in enumerate(due if isinstance(due, list) else ()):
        if not isinstance(option, str):
            yield from _find_condition((*path, number), option, "date", given=given, records=records)


def _find_in_lines(
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
        yield from _find_condition(here, line, "line", given=given, earlier=earlier, records=records)
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
