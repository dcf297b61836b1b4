"""The rich look: the coach's page, with a gutter that leads from question to question.

Rich is imported with the first piece after the title row, so that something is on the screen before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.terminal.opening import opening, page_width
from careerkit.terminal.pieces import Opening, Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from careerkit.terminal.rich_paint import Painter
    from careerkit.terminal.stand_ins import Symbols


class RichLook:
    """`columns` is asked for with every piece, so that a resized window is heeded."""

    def __init__(self, *, columns: Callable[[], int], color: bool, symbols: Symbols) -> None:
        self._columns = columns
        self._color = color
        self._symbols = symbols
        self._painter: Painter | None = None

    def paint(self, piece: Piece) -> str:
        columns = page_width(self._columns())
        if isinstance(piece, Opening):
            dot = self._symbols.dot
            return opening(piece.title, piece.minutes, piece.note, columns=columns, color=self._color, dot=dot)
        if self._painter is None or self._painter.page.columns != columns:
            from careerkit.terminal.rich_paint import Painter  # Rich takes a tenth of a second

            self._painter = Painter(columns, color=self._color, symbols=self._symbols)
        return self._painter.paint(piece)
