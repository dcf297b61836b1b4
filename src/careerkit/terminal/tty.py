"""The terminal's modes: keep typed keys for later, and read a passphrase without showing it."""

from __future__ import annotations

import atexit
import os
import termios
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select

from careerkit.core.errors import Problem, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from careerkit.terminal.erasable_output import TextWriter


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
