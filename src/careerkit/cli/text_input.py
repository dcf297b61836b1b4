"""A person's text from a file, from standard input or typed, which is never an argument of a command."""

from __future__ import annotations

import sys
from pathlib import Path

from careerkit.core.problem import Problem, Refused

LARGEST = 1 << 24
"""Bytes."""


def read_text(file: Path | None) -> str:
    """The text of the file, or of standard input where there is none, without the line end that closes it.

    Refused where it can't be read, or isn't UTF-8.
    """
    where = "" if file is None else str(file)
    try:
        data = sys.stdin.buffer.read(LARGEST + 1) if file is None else _bytes(file)
    except OSError as error:
        reason = error.strerror or "it can't be read"
        raise Refused(Problem("unreadable", f"The file can't be read: {reason}.", "Check its name.", where)) from None
    if len(data) > LARGEST:
        raise Refused(Problem("too-large", "That is larger than 16 MiB.", "Shorten it.", where))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} is not UTF-8."
        raise Refused(Problem("not-utf8", message, "Save the text as UTF-8.", where)) from None


def ask_line(prompt: str) -> str:
    """The line that is typed behind the prompt, with its end; "" at the end of input. What is said next begins a new line."""
    line = ""
    try:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
    finally:
        if not line.endswith("\n"):  # Ctrl-D or Ctrl-C behind it
            sys.stderr.write("\n")
    return line


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)
