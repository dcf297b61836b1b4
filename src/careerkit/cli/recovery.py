"""The recovery key is handed over once: written down by the person, or into a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from careerkit.cli.errors import remark
from careerkit.cli.text_input import ask_line
from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from careerkit.cli.asked import Request
    from careerkit.storage.age import Key

LAST = 6
TRIES = 5
BEFORE = """This is the recovery key. With it the journal opens without the passphrase, here and with the program age. \
Write it down, and keep it where nobody looks but you: who has it can read everything."""
AFTER = "It is one word of {length} signs; the gaps and lines are only for your eyes. It is not shown again."


def check_hand_over(request: Request, journal: str, *, to: Path | None) -> None:
    """Refused where the key could be neither shown to a person nor written to a file outside the journal."""
    from careerkit.cli import screens
    from careerkit.cli.output import check_target

    if to is None and not screens.is_at_terminal(request):
        message = "Nobody is at a terminal to whom the recovery key could be shown; nothing was encrypted."
        raise Refused(Problem("no-terminal", message, "Name a new file for it: --recovery-key FILE"))
    if to is None:
        return
    if os.path.realpath(to).startswith(os.path.realpath(journal) + os.sep):
        message = "The recovery key must not lie in the journal that it opens."
        raise Refused(Problem("recovery-key-inside", message, "Put it on a stick, or another machine.", str(to)))
    check_target(to, force=False)


def hand_over(request: Request, key: Key, *, to: Path | None) -> None:
    """Have the key written down, or write it `to` a new file. Refused where the person doesn't confirm that it is."""
    from careerkit.cli import screens
    from careerkit.cli.output import write_file

    if to is not None:
        text = f"# The recovery key of a careerkit journal. public key: {key.recipient}\n{key.secret}\n"
        write_file(to, text, force=False)
        return
    with screens.own_screen(request):
        remark(BEFORE)
        sys.stderr.write(f"\n{_grouped(key.secret)}\n\n")
        remark(AFTER.format(length=len(key.secret)))
        sys.stderr.write("\n")
        _confirm(key.secret)


def _grouped(secret: str) -> str:
    """The key in groups of eight, as a person copies it by hand."""
    start, rest = secret[:16], secret[16:]
    groups = [rest[at : at + 8] for at in range(0, len(rest), 8)]
    lines = [start, *(" ".join(groups[at : at + 3]) for at in range(0, len(groups), 3))]
    return "\n".join(f"    {line}" for line in lines)


def _confirm(secret: str) -> None:
    for _ in range(TRIES):
        line = ask_line(f"From your paper, its last {LAST} signs: ")
        if not line:
            break
        if "".join(line.split()).upper() == secret[-LAST:]:
            return
        sys.stderr.write("That is not how it ends.\n")
    message = "Nothing was encrypted: it was not confirmed that the recovery key is written down."
    raise Refused(Problem("not-confirmed", message, "Run it again; it makes a new key."))
