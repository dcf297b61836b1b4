"""Rich Text in lines of the right width. Imports Rich: only the rich look needs it, and only after its first line."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

Style = str


class Page:
    """Wraps and writes Text on a page of `columns`; without `color` nothing but text comes out."""

    def __init__(self, columns: int, *, color: bool, cut: str) -> None:
        self.columns = columns
        self._cut = cut
        self._console = Console(
            file=io.StringIO(),
            width=columns,
            color_system="standard" if color else None,
            force_terminal=True,
            legacy_windows=False,
            highlight=False,
            markup=False,
            emoji=False,
        )

    def write(self, lines: Iterable[Text]) -> str:
        """The lines as they go to the terminal, each ended."""
        with self._console.capture() as capture:
            for line in lines:
                line.rstrip()
                self._console.print(line, no_wrap=True, overflow="ignore", crop=False)
        return capture.get()

    def wrapped(
        self, text: str, style: Style = "", *, first: Text, rest: Text | None = None, room: int = 0
    ) -> list[Text]:
        """`text` in lines that begin with `first`, then with `rest` (by default blanks of the same width).

        The text keeps its own line ends. `room` is left free at the right.
        """
        rest = Text(" " * first.cell_len) if rest is None else rest
        width = max(8, self.columns - max(first.cell_len, rest.cell_len) - room - 1)
        lines = [
            part
            for line in text.split("\n")
            for part in (Text(line, style).wrap(self._console, width, overflow="fold") or [Text("")])
        ]
        return [Text.assemble(first if number == 0 else rest, line) for number, line in enumerate(lines)]

    def shortened(self, text: str, width: int) -> str:
        """`text` on one line of at most `width` cells, with a sign where it is cut."""
        line = " ".join(text.split())
        if cell_len(line) <= width:
            return line
        room = max(1, width - cell_len(self._cut))
        while cell_len(line) > room:
            line = line[: min(len(line) - 1, room)]
        return line.rstrip() + self._cut
