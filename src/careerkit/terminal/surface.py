"""Where the conversation is written, and how much of the screen the present question takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from careerkit.terminal.width import cells


class Reader(Protocol):
    def readline(self) -> str:
        """The next line with its line end; "" at the end of input."""


class Writer(Protocol):
    def write(self, text: str, /) -> object: ...

    def flush(self) -> object: ...


Size = Callable[[], tuple[int, int]]
"""The terminal's columns and lines at this moment."""


class Surface:
    """Writes at once. Between `mark` and `erase` it counts rows, so that what was written since can be taken back.

    With no `size`, or after anything whose height is not certain, nothing is ever taken back.
    """

    def __init__(self, writer: Writer, *, size: Size | None = None) -> None:
        self._writer = writer
        self._size = size
        self._shape: tuple[int, int] | None = None
        self._rows = 0
        self.begun = ""
        """What stands on the last line, which has not been ended."""

    def write(self, text: str) -> None:
        self._writer.write(text)
        self._writer.flush()
        *lines, self.begun = (self.begun + text).split("\n")
        for line in lines:
            self._count(line)

    def typed(self, line: str) -> None:
        """Tell what a person typed, which the terminal has shown behind what was written last."""
        if not line.endswith("\n") or not line[:-1].isprintable():
            self.seal()
        self._count(self.begun + line.rstrip("\r\n"))
        self.begun = ""

    def mark(self) -> None:
        self._rows, self._shape = 0, self._size() if self._size else None

    def seal(self) -> None:
        """What has been written so far stays."""
        self._shape = None

    def erase(self) -> bool:
        """Take back what was written since `mark`, if that is certain to be on the screen still. Was it?"""
        shape, self._shape = self._shape, None
        if not shape or not self._size or self._size() != shape or self.begun or self._rows >= shape[1]:
            return False
        self._writer.write(f"\x1b[{self._rows}A\r\x1b[J" if self._rows else "")
        return True

    def _count(self, line: str) -> None:
        if not self._shape:
            return
        width, columns = cells(line), self._shape[0]
        if width and width % columns == 0:  # terminals differ on where the cursor stands after the last column
            self.seal()
        self._rows += max(1, -(-width // columns))
