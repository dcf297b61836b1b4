"""The terminal between and around the questions: keys typed there are kept, not echoed; at the end all is as it was."""

from __future__ import annotations

import atexit
import termios
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from careerkit.terminal.surface import Writer

SANE = "\x1b[?2004l\x1b[?25h\x1b[0m"
"""No bracketed paste, the cursor shown, no style."""


_before: dict[int, list[object]] = {}
"""The modes that each terminal had: a fact of the process, whoever hushes it first."""


class Keyboard:
    """The terminal behind `stdin`. `hush` and `restore` may be called any number of times, by whom it may be."""

    def __init__(self, stdin: TextIO) -> None:
        self._fd = stdin.fileno()

    def hush(self) -> None:
        """Keep what is typed from now on for whoever reads it, and show nothing of it. Ctrl-C and Ctrl-Z still work."""
        try:
            modes = termios.tcgetattr(self._fd)
            if self._fd not in _before:
                _before[self._fd] = termios.tcgetattr(self._fd)
                atexit.register(self.restore)
            modes[0] &= ~(termios.ICRNL | termios.IXON)
            modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
            termios.tcsetattr(self._fd, termios.TCSANOW, modes)
        except (termios.error, ValueError):  # the terminal is gone
            return

    def restore(self) -> None:
        """As it was before the first `hush`."""
        before = _before.pop(self._fd, None)
        if before is None:
            return
        atexit.unregister(self.restore)
        try:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, before)  # type: ignore[arg-type]  # as tcgetattr gave it
        except (termios.error, ValueError):
            return


def make_sane(writer: Writer) -> None:
    """Whatever was interrupted: the screen is fit for the shell."""
    try:
        writer.write(SANE)
        writer.flush()
    except (OSError, ValueError):
        return
