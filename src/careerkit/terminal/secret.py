"""Asking for what must not show: at the person's own terminal, wherever input and output go."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from careerkit.core.problem import Problem, Refused

HAND_IN = "Hand it in with --passphrase-fd N."


def ask_secret(prompt: str) -> str:
    """What is typed, without an echo. Refused where no terminal can be asked, or nothing can be had from it."""
    import getpass  # most runs ask for nothing

    try:
        with _by_lines(), warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            return getpass.getpass(prompt)
    except getpass.GetPassWarning as error:
        message = "This terminal would show the passphrase; it was not asked for."
        raise Refused(Problem("no-terminal", message, HAND_IN)) from error
    except UnicodeDecodeError:
        message = "What was typed is not in the terminal's encoding."
        raise Refused(Problem("no-passphrase", message, "Type it again.")) from None
    except EOFError:
        raise Refused(Problem("no-passphrase", "No passphrase was typed.", "")) from None


@contextmanager
def _by_lines() -> Iterator[None]:
    """The terminal gives whole lines, as a conversation by keys that has begun does not want it; then as it was."""
    import termios

    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        message = "A passphrase is needed, and there is no terminal to ask at."
        raise Refused(Problem("no-terminal", message, HAND_IN)) from error
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
        raise Refused(Problem("no-terminal", "The terminal can't be asked for a passphrase.", HAND_IN)) from error
    finally:
        os.close(terminal)
