"""A pager that leaves nothing behind: what it shows goes to it through a pipe, never through a file."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOWN = ("less", "more", "most")
"""Those that keep no copy. An editor, for one, that is set as a pager writes swap files."""
QUIET = {"LESS": "-R", "LESSHISTFILE": "-", "LESSSECURE": "1", "MOST_SWITCHES": ""}
"""No history file, no log of what is read, no shell and no editor out of it."""
IN_UTF8 = {"LESSCHARSET": "utf-8"}
"""In the C locale Python writes UTF-8, and less would show each byte of that as a code."""
NOT_INHERITED = ("LESSOPEN", "LESSCLOSE", "LESSKEY", "LESSKEYIN")


def page(text: str, *, environment: Mapping[str, str], lines: int, encoding: str) -> bool:
    """Show `text` in the person's pager where it is longer than `lines`. False: it was not shown, write it yourself.

    `encoding` is the terminal's.
    """
    command = pager_command(environment) if 0 < lines <= text.count("\n") else None
    if command is None:
        return False
    import subprocess

    settings = {key: value for key, value in environment.items() if key not in NOT_INHERITED} | QUIET
    if encoding.lower().startswith("utf"):
        settings |= IN_UTF8
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=settings)  # noqa: S603 - the person's own choice
    except OSError:
        return False
    assert pager.stdin is not None, "it was asked for"
    with _interrupts_left_to_the_pager():
        with suppress(BrokenPipeError):  # closed before its end
            pager.stdin.write(text.encode(encoding, "backslashreplace"))
        with suppress(BrokenPipeError):
            pager.stdin.close()
        pager.wait()
    return True


def pager_command(environment: Mapping[str, str]) -> list[str] | None:
    """The pager that `PAGER` names if it is one that keeps no copies, else less; None where there is neither."""
    import shlex
    import shutil

    try:
        named = shlex.split(environment.get("PAGER", ""))
    except ValueError:
        named = []
    for command in (named, ["less"]):
        if (
            command
            and command[0].rpartition("/")[2] in KNOWN
            and shutil.which(command[0], path=environment.get("PATH"))
        ):
            return command
    return None


@contextmanager
def _interrupts_left_to_the_pager() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, lambda *_: None)  # a handler, unlike SIG_IGN, is not inherited
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
