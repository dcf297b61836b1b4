"""A file that careerkit has written in TOML, with its last line: how it is parsed, and what can be wrong with it.

`noun` is what the file holds, an entry or an event; it stands in the messages and begins the codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from careerkit.core.journal.version import FORMAT, newer_format
from careerkit.core.problem import Problem, Refused
from careerkit.storage.trailer import Opened, Seal, open_sealed

T = TypeVar("T")

LEFT = "careerkit leaves it as it is. Restore it from a backup or from another machine."


def read_document(
    data: bytes, path: str, *, noun: str, read: Callable[[Mapping[str, object]], T]
) -> tuple[T, tuple[Problem, ...]]:
    """What `read` makes of the file, and what must be said with it: that another hand has changed it.

    Refused, with the file as the place, where it is damaged or means nothing.
    """
    opened = open_sealed(data)
    document = _parsed(opened, path, noun)
    try:
        found = read(document)
    except Refused as refused:
        raise Refused(problem.at(path) for problem in refused.problems) from refused
    said = [changed(path, noun)] if opened.seal is Seal.CHANGED else []
    number = document.get("format")
    if isinstance(number, int) and number > FORMAT:
        newer = newer_format(number)
        said.append(Problem(newer.code, newer.message, newer.hint, path, "warning"))
    return found, tuple(said)


def changed(path: str, noun: str) -> Problem:
    message = f"This {noun} was changed since careerkit wrote it."
    return Problem(f"{noun}-changed", message, "If that was you, all is well.", path, "warning")


def _parsed(opened: Opened, path: str, noun: str) -> Mapping[str, object]:
    import tomllib  # lists do without
    from decimal import Decimal

    if opened.seal is Seal.CUT_SHORT:
        message = f"This {noun}'s last line is missing: its end may be lost."
        raise Refused(Problem(f"{noun}-cut-short", message, LEFT, path))
    try:
        return tomllib.loads(opened.text.decode(), parse_float=Decimal)
    except RecursionError as error:
        raise Refused(_unreadable("It is nested too deep.", opened.text, path, noun)) from error
    except UnicodeDecodeError as error:
        raise Refused(_unreadable(f"Its byte {error.start + 1} is not UTF-8.", opened.text, path, noun)) from error
    except (ValueError, ArithmeticError) as error:  # TOML's own errors, and numbers that Python refuses
        raise Refused(_unreadable(f"It is not TOML: {error}.", opened.text, path, noun)) from error


def _unreadable(what: str, text: bytes, path: str, noun: str) -> Problem:
    merging = b"\n<<<<<<< " in text or text.startswith(b"<<<<<<< ")
    hint = "It has the marks of a merge that met a conflict: keep one side." if merging else LEFT
    return Problem(f"{noun}-unreadable", f"This {noun} can't be read. {what}", hint, path)
