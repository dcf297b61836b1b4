"""Small files of a few `key = "text"` lines: a journal's marker, and what this machine remembers."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.core.journal.head import head_lines, unquoted
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import Seal, open_sealed, seal


class DamagedError(Exception):
    """The file is there, but it isn't what careerkit writes."""


def sealed(keys: Mapping[str, object], *, preface: str) -> bytes:
    """The bytes of a small file with those keys."""
    from careerkit.core.journal.toml_text import render  # reading does without

    return seal(f"# {preface}\n{render(keys)}".encode())


def read_text(path: str, key: str) -> str | None:
    """The text behind `key`; None when there is no such file. DamagedError where the file is not as it was written."""
    found = read_texts(path, key)
    return None if found is None else found[0]


def read_texts(path: str, key: str, *more: str) -> tuple[str, ...] | None:
    """The text behind `key` and those behind `more` keys, "" for one of these that isn't there. Else as `read_text`."""
    data = read_file(path)
    if data is None:
        return None
    opened = open_sealed(data)
    try:
        if opened.seal is Seal.INTACT:
            lines = head_lines(opened.text)
            return unquoted(lines[key]), *(unquoted(lines.get(each, '""')) for each in more)
    except (ValueError, KeyError):
        pass
    raise DamagedError(path)
