"""The rich look: the coach's page, with a gutter that leads from question to question.

Rich is imported with the first piece after the title row, so that something is on the screen before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.wording import one_line
from careerkit.terminal.pieces import Opening, Piece
from careerkit.terminal.width import cells, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from careerkit.terminal.rich_paint import Painter
    from careerkit.terminal.stand_ins import Symbols

NARROWEST, WIDEST = 20, 88
"""Wider lines than that read badly; the page stays that wide on a wider terminal."""
ROOMY = 60
"""From here on there is room for a margin, a table, the list of commands."""


class RichLook:
    """`columns` is asked for with every piece, so that a resized window is heeded."""

    def __init__(self, *, columns: Callable[[], int], color: bool, symbols: Symbols) -> None:
        self._columns = columns
        self._color = color
        self._symbols = symbols
        self._painter: Painter | None = None

    def paint(self, piece: Piece) -> str:
        columns = max(NARROWEST, min(WIDEST, self._columns()))
        if isinstance(piece, Opening):
            return self._opening(piece, columns)
        if self._painter is None or self._painter.page.columns != columns:
            from careerkit.terminal.rich_paint import Painter  # Rich takes a tenth of a second

            self._painter = Painter(columns, color=self._color, symbols=self._symbols)
        return self._painter.paint(piece)

    def _opening(self, opening: Opening, columns: int) -> str:
        margin = "  " if columns >= ROOMY else ""
        width = columns - len(margin) - 1
        title = one_line(opening.title)
        minutes = f"about {opening.minutes} minutes {self._symbols.dot} " if opening.minutes else ""
        tail = f"{minutes}stays on this machine"
        gap = width - cells(title) - cells(tail)
        if gap > 1:
            rows = [self._styled("1", title) + " " * gap + self._styled("2", tail)]
        else:
            rows = [self._styled("1", row) for row in wrapped(title, width)]
            rows += [self._styled("2", row) for row in wrapped(tail, width)]
        rows += [self._styled("2", row) for row in wrapped(opening.note, width) if row]
        return "\n" + "".join(f"{margin}{row}\n" for row in rows) + "\n"

    def _styled(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._color else text
