"""The picture of a question: its head, the widget, what does not fit, and the keys."""

from __future__ import annotations

from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem
from careerkit.terminal.keys.key import ROWS
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.opening import ROOMY, page_width
from careerkit.terminal.stand_ins import Symbols
from careerkit.terminal.width import cells

Panel = Literal["", "why", "keys"]
MOST_DOTS = 12
LEAST = 4
"""Rows that a window must have for anything to be left out at the right end."""


@frozen
class Head:
    """What stands above a widget; `number` 0 where it is no question of the interview."""

    stage: str
    ask: str
    hint: str = ""
    complaint: str = ""
    number: int = 0
    of: int = 0
    why: str = ""
    sources: tuple[str, ...] = ()


@frozen
class Sheet:
    """The window: its size, and what it can write."""

    columns: int
    lines: int
    symbols: Symbols
    encoding: str = "utf-8"

    @property
    def width(self) -> int:
        return page_width(self.columns)

    @property
    def margin(self) -> str:
        return "  " if self.width >= ROOMY else ""

    @property
    def paper(self) -> Paper:
        return Paper(self.width - len(self.margin) - 3, self.symbols, self.encoding)

    def lead(self, sign: str, style: str = "dim") -> Row:
        return (("", self.margin), (style, sign), ("", " "))

    def gutter(self, rows: list[Row] | tuple[Row, ...]) -> list[Row]:
        return [(*self.lead(self.symbols.gutter), *row) for row in rows]


def picture(
    sheet: Sheet,
    head: Head,
    body: Body,
    foot: tuple[str, ...],
    *,
    troubles: tuple[Problem, ...] = (),
    panel: Panel = "",
    page: int = 0,
    command: str | None = None,
) -> Body:
    """The whole picture. Where it is higher than the window, it is cut around the row of the cursor, or to the panel.

    `page` counts the pages of a panel that is higher than the window; after the last one comes the first again.
    What does not fit, and a command while it is typed, always show.
    """
    above = _above(sheet, head)
    opened = sheet.gutter(_panel(sheet.paper, head, panel))
    said = sheet.gutter([*_troubles(sheet.paper, troubles), *_command(sheet.paper, command)])
    rows = [*above, *sheet.gutter(body.rows), *opened, *sheet.gutter([()])]
    left = sum(cells(part) for _, part in sheet.lead(sheet.symbols.gutter))
    cursor = len(above) + body.cursor[0], left + body.cursor[1]
    return _in_window(
        sheet, Body(tuple(rows), cursor, body.whole), said, _foot(sheet, foot), panel=len(opened), page=page
    )


def _above(sheet: Sheet, head: Head) -> list[Row]:
    said = _said(sheet.paper, head)
    if head.stage:
        return [*sheet.gutter([()]), *_place(sheet, head), *sheet.gutter([*said, ()])]
    if not said:
        return sheet.gutter([()])
    first = (*sheet.lead(sheet.symbols.here, "bold cyan"), *said[0])
    return [*sheet.gutter([()]), first, *sheet.gutter([*said[1:], ()])]


def _place(sheet: Sheet, head: Head) -> list[Row]:
    """`◆ First hour                2 of 5 ●●○○○`."""
    place = f"{head.number} of {head.of}" if head.number else ""
    if head.number and head.of <= MOST_DOTS and sheet.width >= ROOMY:
        place += f" {sheet.symbols.full * head.number}{sheet.symbols.empty * (head.of - head.number)}"
    lead = sheet.lead(sheet.symbols.here, "bold cyan")
    room = sheet.width - sum(cells(part) for _, part in lead)
    stage = sheet.paper.short(head.stage, room - cells(place) - 3)
    return [(*lead, ("cyan", stage), ("", " " * (room - cells(stage) - cells(place) - 1)), ("dim", place))]


def _said(paper: Paper, head: Head) -> list[Row]:
    said = paper.prose(head.ask, "bold") if head.ask else []
    said += paper.prose(head.hint, "dim") if head.hint else []
    return said + (paper.prose(head.complaint, "yellow") if head.complaint else [])


def _troubles(paper: Paper, troubles: tuple[Problem, ...]) -> list[Row]:
    rows = [
        row
        for each in troubles
        for row in paper.prose(f"{each.message} {each.hint}".strip(), "", first=(("bold red", "! "),))
    ]
    return [*rows, ()] if rows else []


def _command(paper: Paper, command: str | None) -> list[Row]:
    return [] if command is None else paper.prose(command, "bold", first=(("bold cyan", f"{paper.symbols.prompt} "),))


def _panel(paper: Paper, head: Head, panel: Panel) -> list[Row]:
    if panel == "keys":
        width = max(len(name) for name, _ in ROWS) + 1 if paper.width >= ROOMY - 4 else 0
        return [(), *(row for name, meaning in ROWS for row in _key_row(paper, name, meaning, width))]
    if panel != "why":
        return []
    if not head.why and not head.sources:
        return [(), *paper.prose("No reason is given for this question.", "italic")]
    why = paper.prose(head.why, "italic") if head.why else []
    return [(), *why, *(row for each in head.sources for row in paper.prose(each, "dim"))]


def _key_row(paper: Paper, name: str, meaning: str, width: int) -> list[Row]:
    return paper.prose(
        meaning, "dim", first=(("bold", f"{name:<{width}} " if width else f"{name}: "),), rest=" " * (width + 1)
    )


def _foot(sheet: Sheet, foot: tuple[str, ...]) -> list[Row]:
    """The keys on as few rows as they need, never broken within one."""
    dot = f" {sheet.symbols.dot} "
    rows = [""]
    for each in foot:
        joined = f"{rows[-1]}{dot}{each}" if rows[-1] else each
        if rows[-1] and cells(joined) > sheet.paper.width:
            rows.append(each)
        else:
            rows[-1] = joined
    return [(*sheet.lead(sheet.symbols.end if not place else " "), ("dim", row)) for place, row in enumerate(rows)]


def _in_window(sheet: Sheet, whole: Body, said: list[Row], feet: list[Row], *, panel: int, page: int) -> Body:
    """What fits into the window: all that is `said`, then of the `whole`, then of the keys at the foot.

    `panel` rows, the last but one, were opened last: they show from their first one, `page` pages on.
    """
    rows = whole.rows
    if sheet.lines <= 0 or len(rows) + len(said) + len(feet) <= sheet.lines:
        return Body((*rows, *said, *feet), whole.cursor)
    feet = feet[: max(0, sheet.lines - len(said) - LEAST)]
    room = max(1, sheet.lines - len(said) - len(feet))
    start = _panel_start(len(rows), room, panel, page) if panel else _start(whole, room)
    shown = list(rows[start : start + room])
    turn = ", PgUp or PgDn" if panel > room else ""
    if start:
        shown[0] = (*sheet.lead(sheet.symbols.gutter), ("dim", f"{sheet.symbols.cut} {start + 1} rows above{turn}"))
    rest = len(rows) - start - room
    if rest > 0 and room > LEAST:
        shown[-1] = (*sheet.lead(sheet.symbols.gutter), ("dim", f"{sheet.symbols.cut} {rest + 1} rows below{turn}"))
    at, cell = whole.cursor
    return Body((*shown, *said[: sheet.lines - len(shown)], *feet), (max(0, min(at - start, len(shown) - 1)), cell))


def _start(whole: Body, room: int) -> int:
    """The first row that shows, with the cursor in view and what belongs to it."""
    at = whole.cursor[0]
    below = min(whole.whole, max(1, room - 2))
    return max(0, min(at + below - room + 1, len(whole.rows) - room, at - 1))


def _panel_start(rows: int, room: int, panel: int, page: int) -> int:
    last = max(0, rows - room)
    first = min(last, max(0, rows - panel - 2))
    step = max(1, room - 2)
    pages = 1 + -(-(last - first) // step)
    return min(last, first + page % pages * step)
