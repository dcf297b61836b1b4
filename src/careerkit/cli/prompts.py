"""Read input from a person: a text, an answers file or a typed line. Personal text never comes from arguments."""

from __future__ import annotations

import sys

from careerkit.core.errors import Place, Problem, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_BYTES = 1 << 24
"""More than the longest answers that a playbook allows."""


def read_text(file: str | None) -> str:
    """The text of the file, or of standard input if it is None or `-`, without the final line end.

    Raises Refused if it can't be read, is too large or is not UTF-8.
    """
    where = file or ""
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if file in (None, "-") else _read_bytes(where)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise Refused(Problem("unreadable", f"Can't read the file: {reason}.", "Check its name.", where)) from None
    if len(data) > MAX_BYTES:
        raise Refused(Problem("too-large", "The text is larger than 16 MiB.", "Shorten it.", where))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} is not UTF-8."
        raise Refused(Problem("not-utf8", message, "Save the text as UTF-8.", where)) from None


def read_answers(path: str) -> dict[str, Any]:
    """The answers in a TOML file, or on standard input for `-`, by question id.

    Raises Refused, with the place in the file, if it can't be read.
    """
    from careerkit.core.toml_reader import TomlLimitError, parse_toml  # few calls read answers from a file

    def refuse(code: str, message: str, hint: str) -> Refused:
        return Refused(Problem(code, message, hint, Place(path)))

    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1) if path == "-" else _read_bytes(path)
    except OSError as error:
        reason = error.strerror or "unknown error"
        raise refuse("unreadable", f"Can't read the answers file: {reason}.", "Check its name.") from None
    if len(data) > MAX_BYTES:
        raise refuse("too-large", "The answers file is larger than 16 MiB.", "Keep only the answers.")
    try:
        return parse_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refuse("not-utf8", f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from None
    except TomlLimitError as error:
        code, hint = {
            "depth": ("too-deep", "Answers need no more than a list of tables."),
            "items": ("too-large", "Keep only the answers."),
            "number": ("bad-number", "Write numbers with fewer digits."),
        }[error.excess]
        raise refuse(code, f"The answers file can't be read: {error}.", hint) from None
    except ValueError as error:
        hint = "Write one `question = answer` per line."
        raise refuse("bad-toml", f"This is not TOML: {error}.", hint) from None


def ask_line(prompt: str) -> str:
    """The line typed at the prompt, with its line end; "" at end of input. Later output starts on a new line."""
    line = ""
    try:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = _read_line(prompt)
    finally:
        if not line.endswith("\n"):  # after Ctrl-D or Ctrl-C
            sys.stderr.write("\n")
    return line


def _read_line(prompt: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    from careerkit.terminal.lines.line_editor import open_reader  # few commands ask for a line

    reader = open_reader(sys.stdin)
    reader.acquire(brackets_pastes=False)
    try:
        return reader.read_line(prompt)
    finally:
        reader.release()


def _read_bytes(file: str) -> bytes:
    with open(file, "rb") as opened:  # noqa: PTH123 - see PACKAGE in cli/container.py
        return opened.read(MAX_BYTES + 1)
