"""One entry's file: what it says, for a list and in full, and what must be said with it."""

from __future__ import annotations

from careerkit.core.journal.document import from_document, to_document
from careerkit.core.journal.entry import Entry, Reading
from careerkit.core.journal.toml_text import render
from careerkit.core.journal.version import FORMAT, newer_format
from careerkit.core.problem import Problem, Refused
from careerkit.storage.trailer import Opened, Seal, open_sealed, seal

PREFACE = "# A careerkit entry, for any text editor to read. The last line tells careerkit of changes.\n"
LEFT = "careerkit leaves it as it is. Restore it from a backup or from another machine."


def written(entry: Entry) -> bytes:
    """The bytes of the entry's file."""
    return seal((PREFACE + render(to_document(entry))).encode())


def read_entry(data: bytes, path: str) -> Reading:
    """The entry that the file holds. Refused where it is damaged; changes by another hand are a warning."""
    opened = open_sealed(data)
    entry = parsed(opened, path)
    problems = [changed(path)] if opened.seal is Seal.CHANGED else []
    if entry.format > FORMAT:
        newer = newer_format(entry.format)
        problems.append(Problem(newer.code, newer.message, newer.hint, path, "warning"))
    return Reading(entry, tuple(problems))


def parsed(opened: Opened, path: str) -> Entry:
    """The entry that a file's text means. Refused, with the file as the place, where it means none."""
    import tomllib  # lists do without
    from decimal import Decimal

    if opened.seal is Seal.CUT_SHORT:
        raise Refused(cut_short(path))
    try:
        document = tomllib.loads(opened.text.decode(), parse_float=Decimal)
    except RecursionError as error:
        raise Refused(_unreadable("It is nested too deep.", opened.text, path)) from error
    except UnicodeDecodeError as error:
        raise Refused(_unreadable(f"Its byte {error.start + 1} is not UTF-8.", opened.text, path)) from error
    except (ValueError, ArithmeticError) as error:  # TOML's own errors, and numbers that Python refuses
        raise Refused(_unreadable(f"It is not TOML: {error}.", opened.text, path)) from error
    try:
        return from_document(document)
    except Refused as refused:
        raise Refused(problem.at(path) for problem in refused.problems) from refused


def changed(path: str) -> Problem:
    message = "This entry was changed since careerkit wrote it."
    return Problem("entry-changed", message, "If that was you, all is well.", path, "warning")


def cut_short(path: str) -> Problem:
    return Problem("entry-cut-short", "This entry's last line is missing: its end may be lost.", LEFT, path)


def _unreadable(what: str, text: bytes, path: str) -> Problem:
    merging = b"\n<<<<<<< " in text or text.startswith(b"<<<<<<< ")
    hint = "It has the marks of a merge that met a conflict: keep one side." if merging else LEFT
    return Problem("entry-unreadable", f"This entry can't be read. {what}", hint, path)
