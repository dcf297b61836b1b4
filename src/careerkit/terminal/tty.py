"""The terminal itself: its modes, passphrases that aren't shown, and output that is removed from the screen again."""

from __future__ import annotations

import atexit
import os
import termios
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from select import select

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import Protocol
from careerkit.terminal.sanitize import count_cells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

MAX_REPORT_WAIT_S = 0.1
RESET = "\x1b[?2004l\x1b[?25h\x1b[0m"
"""Bracketed paste off, cursor shown, no style."""

_original_modes: dict[int, list[object]] = {}
"""By file descriptor. Module-wide, because several parts of careerkit turn off the echo and any of them may restore it."""


class TtyMode:
    """The modes of the terminal behind `stdin`. Both methods are idempotent and safe to call from anywhere."""

    def __init__(self, stdin: TextIO) -> None:
        self._fd = stdin.fileno()

    def disable_echo(self) -> None:
        """Keep keys typed from now on for the next question, without showing them. Ctrl-C and Ctrl-Z still work."""
        try:
            modes = termios.tcgetattr(self._fd)
            if self._fd not in _original_modes:
                _original_modes[self._fd] = termios.tcgetattr(self._fd)
                atexit.register(self.restore)
            modes[0] &= ~(termios.ICRNL | termios.IXON)
            modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
            modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0  # a read waits for one byte
            termios.tcsetattr(self._fd, termios.TCSANOW, modes)
        except (termios.error, ValueError):  # the terminal is gone
            return

    def discard_report(self) -> None:
        """Drop a report that the terminal was asked for and that nobody will read. Waits a moment for it."""
        deadline = time.monotonic() + MAX_REPORT_WAIT_S
        try:
            while select([self._fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
                data = os.read(self._fd, 1024)
                if not data or data.endswith(b"R"):
                    return
        except (OSError, ValueError):  # the terminal is gone
            return

    def discard_input(self) -> None:
        """Drop what was typed and not read yet."""
        with suppress(termios.error, ValueError):  # the terminal is gone
            termios.tcflush(self._fd, termios.TCIFLUSH)

    def restore(self) -> None:
        """Set the modes from before the first `disable_echo`."""
        modes = _original_modes.pop(self._fd, None)
        if modes is None:
            return
        atexit.unregister(self.restore)
        try:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, modes)  # type: ignore[arg-type]  # as tcgetattr returned them
        except (termios.error, ValueError):
            return


@contextmanager
def preserve_terminal(fd: int = 0) -> Iterator[None]:
    """Restore the terminal's modes after a program that may end without doing so. Does nothing where there is no terminal."""
    try:
        modes = termios.tcgetattr(fd)
    except (termios.error, ValueError):
        yield
        return
    try:
        yield
    finally:
        with suppress(termios.error):  # the terminal is gone
            if termios.tcgetattr(fd) != modes:
                termios.tcsetattr(fd, termios.TCSADRAIN, modes)


def reset_terminal(writer: TextWriter) -> None:
    """Undo the modes and styles that an interrupted screen update may have left on."""
    try:
        writer.write(RESET)
        writer.flush()
    except (OSError, ValueError):
        return


PASSPHRASE_FD_HINT = "Pass it with --passphrase-fd N."  # noqa: S105 - the name of an option


def prompt_passphrase(prompt: str) -> str:
    """Ask for a passphrase on the terminal, without showing it.

    Raises Refused if there is no terminal, it can't hide the input, or no readable passphrase is typed.
    """
    import getpass  # most runs ask for nothing

    try:
        with _use_line_mode(), warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # otherwise it would show what is typed
            return getpass.getpass(prompt)
    except getpass.GetPassWarning as error:
        message = "This terminal can't hide what you type, so you weren't asked for the passphrase."
        raise Refused(Problem("no-terminal", message, PASSPHRASE_FD_HINT)) from error
    except UnicodeDecodeError:
        message = "What was typed is not in the terminal's encoding."
        raise Refused(Problem("no-passphrase", message, "Type it again.")) from None
    except EOFError:
        raise Refused(Problem("no-passphrase", "No passphrase was typed.", "")) from None


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
    from rich import console, progress  # importing Rich takes a tenth of a second

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(bar_width=20),
        progress.MofNCompleteColumn(),
    )
    page = console.Console(file=to, no_color=not color)
    with progress.Progress(*columns, console=page, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


@contextmanager
def _use_line_mode() -> Iterator[None]:
    """Let the terminal deliver whole lines, which the key screen turns off, and restore its modes at the end."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        message = "A passphrase is needed, but there is no terminal to type it in."
        raise Refused(Problem("no-terminal", message, PASSPHRASE_FD_HINT)) from error
    try:
        before, modes = termios.tcgetattr(terminal), termios.tcgetattr(terminal)
        modes[0] |= termios.ICRNL
        modes[3] |= termios.ICANON
        termios.tcsetattr(terminal, termios.TCSANOW, modes)
        try:
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    except termios.error as error:
        raise Refused(
            Problem("no-terminal", "This terminal can't be used to type a passphrase.", PASSPHRASE_FD_HINT)
        ) from error
    finally:
        os.close(terminal)
