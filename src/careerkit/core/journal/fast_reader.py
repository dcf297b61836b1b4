"""The version of the file format, and how to read the head of an entry's file, or a simple event, without a TOML parser.

Lists read many files. The fast way works only for unchanged files that careerkit wrote: one key per line, texts in double quotes, and the head ends
where the first table begins. Everything else goes through the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from careerkit.core.errors import Problem
from careerkit.core.journal.entry_list import EntrySummary
from careerkit.core.journal.events import Event

FORMAT = 1
ENCRYPTED_FORMAT = 2
MIN_READABLE_FORMAT = 1
"""The formats of files, and why each number was raised:

1: the first format.
2: only for the marker of an encrypted journal, because older versions would add unencrypted files to it.

A key that older versions can ignore doesn't raise the number: they keep it and write it back. The number is raised when
an older version would misread a file. Files of a newer format are read if they fit, and never written. The lowest
readable number is raised only if reading the old format costs more than its last users would lose.
"""

BOOLEANS = {"true": True, "false": False}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\"}


def describe_newer_format(number: int) -> Problem:
    """The problem with a file of a newer format."""
    return Problem(
        "newer-format",
        f"This file has format {number}, from a newer careerkit. This version knows formats up to {FORMAT}.",
        "Update careerkit. Until then the file won't be changed.",
    )


def describe_old_format(number: int) -> Problem:
    """The problem with a file of a format that is no longer readable."""
    return Problem(
        "entry-too-old",
        f"This file has format {number}. This version reads format {MIN_READABLE_FORMAT} and later.",
        "Open it with an older careerkit, or with a text editor.",
    )


def read_head(text: bytes) -> dict[str, str]:
    """The keys of a file's head, each with its value as TOML. Lines other than `key = value` are ignored."""
    end = text.find(b"\n[")
    lines = (text if end < 0 else text[:end]).decode().split("\n")
    return dict(pair for line in lines if len(pair := line.split(" = ", 1)) == 2 and line[0] != "#")


def parse_summary(lines: Mapping[str, str]) -> EntrySummary:
    """The entry as lists show it. Raises ValueError or KeyError if a key is missing or not as careerkit writes it."""
    finished = lines.get("finished")
    return EntrySummary(
        id=parse_string(lines["id"]),
        playbook=parse_string(lines["playbook"]),
        title=parse_string(lines["title"]),
        started=_parse_time(lines["started"]),
        finished=_parse_time(finished) if finished else None,
        answered=int(lines["answered"]),
        asked=int(lines["asked"]),
        actions_open=int(lines["actions_open"]),
        actions_done=int(lines["actions_done"]),
    )


def parse_simple_event(lines: Mapping[str, str]) -> Event:
    """An event whose value is yes or no, a text, or missing. Raises ValueError or KeyError for any other event."""
    kind = parse_string(lines.get("type", '"yesno"'))
    return Event(
        id=parse_string(lines["id"]),
        kind=parse_string(lines["kind"]),
        entry=parse_string(lines["entry"]),
        at=_parse_time(lines["at"]),
        machine=parse_string(lines["machine"]),
        about=parse_string(lines.get("about", '""')),
        type=kind,
        value=SIMPLE_VALUES[kind](lines["value"]) if "value" in lines else None,
        shown=parse_string(lines.get("shown", '""')),
        replaces=_parse_string_list(lines.get("replaces", "[]")),
    )


def is_valid_time(time: datetime) -> bool:
    """Does a time have an offset, and can it be converted to any zone? That fails at both ends of the calendar."""
    return time.utcoffset() is not None and 1 < time.year < 9999


def parse_string(toml: str) -> str:
    """The text of a TOML string on one line. Raises ValueError if it isn't one in double quotes."""
    if len(toml) < 2 or not toml[0] == toml[-1] == '"':
        raise ValueError("not a text in double quotes")
    inner = toml[1:-1]
    return unescape(inner)


def unescape(inner: str) -> str:
    """The text between the quotes of a TOML string. Raises ValueError or KeyError for escapes that careerkit never writes."""
    if "\\" not in inner:
        return inner
    parts = []
    first, *rest = inner.replace("\\\\", "\\u005C").split("\\")
    for part in rest:
        if part[:1] == "u":
            parts.append(chr(int(part[1:5], 16)) + part[5:])
        else:
            parts.append(ESCAPES[part[:1]] + part[1:])
    return first + "".join(parts)


def _parse_time(toml: str) -> datetime:
    time = datetime.fromisoformat(toml)
    if is_valid_time(time):
        return time
    raise ValueError("not a time with its offset")


def _parse_string_list(toml: str) -> tuple[str, ...]:
    """The ids in a list on one line; they contain no commas and no quotes."""
    if not (toml[:1] == "[" and toml[-1:] == "]"):
        raise ValueError("not a list")
    return tuple(parse_string(each) for each in toml[1:-1].split(", ") if each)


SIMPLE_VALUES: Mapping[str, Callable[[str], str | bool]] = {
    "yesno": BOOLEANS.__getitem__,
    **dict.fromkeys(("text", "choice", "band"), parse_string),
}
"""Type -> how a value on one line is parsed."""
