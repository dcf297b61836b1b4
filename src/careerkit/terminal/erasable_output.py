"""Output that is removed from the screen again: the current question, the alternate screen, a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from careerkit.core.frozen import Protocol
from careerkit.terminal.sanitize import count_cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class LineReader(Protocol):
    def readline(self) -> str:
        """The next line with its line end; "" at the end of input."""


class TextWriter(Protocol):
    def write(self, text: str, /) -> object: ...

    def flush(self) -> object: ...


SizeProvider = Callable[[], tuple[int, int]]
"""Returns the terminal's columns and lines; 0 lines if they are unknown."""


class ErasableOutput:
    """Writes text, and counts its rows between `mark` and `erase`, so that `erase` can remove them.

    Without `size`, or once the height of something written is uncertain, `erase` does nothing.
    """

    def __init__(self, writer: TextWriter, *, size: SizeProvider | None = None) -> None:
        self._writer = writer
        self._size = size
        self._shape: tuple[int, int] | None = None
        """The terminal's size at `mark`; None while nothing can be erased."""
        self._rows = 0
        self.pending_line = ""
        """The last line, while it has no line end."""

    def write(self, text: str) -> None:
        self._writer.write(text)
        self._writer.flush()
        *lines, self.pending_line = (self.pending_line + text).split("\n")
        for line in lines:
            self._count_rows(line)

    def record_input(self, line: str) -> None:
        """Count a line that the person typed and the terminal echoed, after what was written last."""
        if not line.endswith("\n") or not line[:-1].isprintable():
            self.commit()
        self._count_rows(self.pending_line + line.rstrip("\r\n"))
        self.pending_line = ""

    def mark(self) -> None:
        self._rows, self._shape = 0, self._size() if self._size else None

    def commit(self) -> None:
        """Keep what has been written so far: the next `erase` does nothing."""
        self._shape = None

    def erase(self) -> bool:
        """Erase what was written since `mark`, if all of it is certain to be on the screen. Returns whether it did."""
        shape, self._shape = self._shape, None
        if not shape or not self._size or self._size() != shape or self.pending_line or self._rows >= shape[1]:
            return False
        self._writer.write(f"\x1b[{self._rows}A\r\x1b[J" if self._rows else "")
        return True

    def _count_rows(self, line: str) -> None:
        if not self._shape:
            return
        width, columns = count_cells(line), self._shape[0]
        if width and width % columns == 0:  # terminals differ on where the cursor is after the last column
            self.commit()
        self._rows += max(1, -(-width // columns))


ENTER_ALTERNATE_SCREEN, LEAVE_ALTERNATE_SCREEN = "\x1b[?1049h\x1b[H\x1b[2J", "\x1b[H\x1b[2J\x1b[?1049l"
"""Escape sequences for the alternate screen; both clear it."""


@contextmanager
def enter_alternate_screen(to: TextIO) -> Iterator[None]:
    """Switch to the alternate screen. It is cleared at the end, after an exception too."""
    to.write(ENTER_ALTERNATE_SCREEN)
    to.flush()
    try:
        yield
    finally:
        to.write(LEAVE_ALTERNATE_SCREEN)
        to.flush()


def wait_before_clearing(*, to: TextIO, stdin: TextIO) -> None:
    """Wait for Enter, so that the person can read what is about to be cleared."""
    to.write("\nPress Enter to clear this screen. ")
    to.flush()
    stdin.readline()


@contextmanager
def display_progress(
    title: str, total: int | None, *, to: TextIO, plain: bool, color: bool
) -> Iterator[Callable[[], None]]:
    """Show a progress bar, and yield the function that advances it by one. `total` is None if it is unknown.

    With `plain`, or where `to` isn't a terminal, there is no bar.
    """
    if plain or not to.isatty():
        yield lambda: None
        return
    from rich.console import Console  # importing Rich takes a tenth of a second
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=to, no_color=not color), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)
