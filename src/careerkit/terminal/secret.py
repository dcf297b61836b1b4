"""Asking for what must not show: at the person's own terminal, wherever input and output go."""

from __future__ import annotations

import os
import warnings

from careerkit.core.problem import Problem, Refused


def ask_secret(prompt: str) -> str:
    """What is typed, without an echo. Refused where no terminal can be asked, or nothing can be had from it."""
    import getpass  # most runs ask for nothing

    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError as error:
        message = "A passphrase is needed, and there is no terminal to ask at."
        raise Refused(Problem("no-terminal", message, "Hand it in with --passphrase-fd N.")) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would show what is typed
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, OSError) as error:
        message = "This terminal would show the passphrase; it was not asked for."
        raise Refused(Problem("no-terminal", message, "Hand it in with --passphrase-fd N.")) from error
    except UnicodeDecodeError:
        message = "What was typed is not in the terminal's encoding."
        raise Refused(Problem("no-passphrase", message, "Type it again.")) from None
    except EOFError:
        raise Refused(Problem("no-passphrase", "No passphrase was typed.", "")) from None
