"""Where passphrases come from: a file descriptor, or the person at the terminal. Never an argument or the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from careerkit.cli.errors import remark
from careerkit.core.problem import Problem, Refused
from careerkit.storage.age import is_meant_as_key

LONGEST = 4096
SHORTEST = 8
TRIES = 3
GOOD = "A good passphrase: four or five words that nobody would guess together."


def given(descriptor: int) -> str:
    """The next line that comes from the descriptor, without its line end. No byte behind it is taken."""
    line = bytearray()
    try:
        while len(line) < LONGEST and (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += byte
        passphrase = line.removesuffix(b"\r").decode()
    except OSError as error:
        message = f"Nothing can be read from descriptor {descriptor}: {error.strerror}."
        hint = "For instance: careerkit journal list --passphrase-fd 3 3< FILE"
        raise Refused(Problem("bad-descriptor", message, hint)) from error
    except UnicodeDecodeError:
        raise Refused(Problem("no-passphrase", "The passphrase is not UTF-8.", "Save its file as UTF-8.")) from None
    if not passphrase:
        message = f"No passphrase came from descriptor {descriptor}."
        raise Refused(Problem("no-passphrase", message, "It is the first line."))
    return passphrase


def new_passphrase(descriptor: int | None) -> str:
    """A passphrase to be: typed twice at the terminal, or a line of the descriptor. Refused where it is too short."""
    if descriptor is not None:
        return checked(given(descriptor))
    remark(GOOD)
    return _typed_twice(_ask)


def checked(passphrase: str) -> str:
    """The passphrase. Refused where it can't be one."""
    if len(passphrase) < SHORTEST:
        message = f"This passphrase is too short: {SHORTEST} characters are the least."
        raise Refused(Problem("passphrase-too-short", message, "Four or five words are good."))
    if is_meant_as_key(passphrase):
        message = "A key is no passphrase."
        raise Refused(Problem("passphrase-is-key", message, "Keep the recovery key elsewhere, and choose words here."))
    return passphrase


def _ask(prompt: str) -> str:
    from careerkit.terminal.secret import ask_secret

    return ask_secret(prompt)


def _typed_twice(ask: Callable[[str], str]) -> str:
    for _ in range(TRIES):
        try:
            passphrase = checked(ask("New passphrase: "))
        except Refused as refused:
            if refused.problems[0].code in ("no-terminal", "no-passphrase"):
                raise
            remark(f"{refused.problems[0].message} {refused.problems[0].hint}")
            continue
        if ask("The same again: ") == passphrase:
            return passphrase
        sys.stderr.write("These two are not the same.\n")
    raise Refused(Problem("no-passphrase", "No passphrase was chosen.", "Nothing was changed."))
