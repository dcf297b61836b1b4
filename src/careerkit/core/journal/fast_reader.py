"""The version of the file format, and how to read unchanged files that careerkit wrote without a TOML parser.

Lists read the heads of many files, and `plan show` a whole entry before anything is on the screen: tomllib takes ten times
as long, half of it to be imported. In these files, every key has a line of its own, texts are in double quotes, and the
head ends where the first table begins. Everything else, such as a file that was edited, goes through the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from careerkit.core.errors import Problem
from careerkit.core.journal.entry_list import EntrySummary, Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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

MAX_COUNT_LENGTH = 9
MAX_FAST_LENGTH = 1 << 18
"""Characters of a file that is read without the parser. The parser has limits for larger ones."""
MAX_PATH_LENGTH = 4
DATE_LENGTH = 10
MAX_NUMBER_LENGTH = 40
BOOLEANS = {"true": True, "false": False}
HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
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
        answered=_parse_count(lines["answered"]),
        asked=_parse_count(lines["asked"]),
        actions_open=_parse_count(lines["actions_open"]),
        actions_done=_parse_count(lines["actions_done"]),
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
        comment=parse_string(lines.get("comment", '""')),
        undoes=parse_string(lines.get("undoes", '""')),
        replaces=_parse_string_list(lines.get("replaces", "[]")),
    )


def parse_document(text: str) -> dict[str, Any]:
    """The tables in the text of a whole file, as tomllib gives them with Decimals for numbers with a point.

    Raises ValueError or KeyError for anything that careerkit doesn't write, or writes so rarely that it isn't worth it.
    """
    if len(text) > MAX_FAST_LENGTH:
        raise ValueError("a large file")
    document: dict[str, Any] = {}
    table = document
    lines = iter(text.split("\n"))
    for line in lines:
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            table = _open_table(document, line)
            continue
        written, separator, value = line.partition(" = ")
        key = _parse_key(written)
        if not separator or key in table:
            raise ValueError("not a key with its value")
        table[key] = _join_lines(lines) if value == '"""' else _parse_value(value)
    return document


def _open_table(document: dict[str, Any], header: str) -> dict[str, Any]:
    """The new table of a line such as `[[answer]]` or `[answer.value]`, which belongs to the last answer."""
    is_row = header.startswith("[[") and header.endswith("]]")
    path = [_parse_key(part) for part in (header[2:-2] if is_row else header[1:-1]).split(".")]
    if len(path) > MAX_PATH_LENGTH or not header.endswith("]"):
        raise ValueError("not the header of a table")
    parent = document
    for part in path[:-1]:
        found = parent.setdefault(part, {})
        parent = found[-1] if _is_rows(found) else found
        if not isinstance(parent, dict):
            raise ValueError("a table within a value")  # noqa: TRY004 - an error of the text, not of a type
    table: dict[str, Any] = {}
    if is_row:
        if path[-1] in parent and not _is_rows(parent[path[-1]]):
            raise ValueError("a row of a value")
        parent.setdefault(path[-1], []).append(table)
    elif path[-1] in parent:
        raise ValueError("a table that is continued")
    else:
        parent[path[-1]] = table
    return table


def _is_rows(value: object) -> bool:
    """Rows of `[[...]]` are the only lists of tables, as inline tables aren't read here."""
    return isinstance(value, list) and bool(value) and isinstance(value[-1], dict)


def _parse_key(written: str) -> str:
    if written.isidentifier() and written.isascii():
        return written
    if len(written) < 2 or not written[0] == written[-1] == '"' or _has_bare_quote(written[1:-1]):
        raise ValueError("not a key")
    return unescape(written[1:-1])


def _has_bare_quote(inner: str) -> bool:
    return '"' in inner and '"' in inner.replace("\\\\", "").replace('\\"', "")


def _join_lines(lines: Iterator[str]) -> str:
    """A text of several lines, up to its closing quotes."""
    parts: list[str] = []
    for line in lines:
        if line.endswith('"""'):
            parts.append(line[:-3])
            text = "\n".join(parts)
            if _has_bare_quote(text):
                raise ValueError("a text with a quote that isn't escaped")
            return unescape(text)
        parts.append(line)
    raise ValueError("a text without an end")


def _parse_value(toml: str) -> Any:
    first = toml[:1]
    if first == '"':
        if _has_bare_quote(toml[1:-1]):
            raise ValueError("not one text")
        return parse_string(toml)
    if first == "[":
        return _parse_list(toml)
    return BOOLEANS[toml] if toml in BOOLEANS else _parse_number_or_date(toml)


def _parse_list(toml: str) -> list[Any]:
    """A list of texts without quotes in them, or of numbers."""
    inner = toml[1:-1]
    if toml[-1] != "]" or "[" in inner or "{" in inner or '\\"' in inner:
        raise ValueError("not a simple list")
    if not inner:
        return []
    if inner[0] == '"' == inner[-1] and len(inner) > 1:
        parts = inner[1:-1].split('", "')
        if any('"' in part for part in parts):
            raise ValueError("not a list of texts")
        return [unescape(part) for part in parts]
    return [_parse_number_or_date(part) for part in inner.split(", ")]


def _parse_number_or_date(toml: str) -> Any:
    if toml[4:5] == "-" == toml[7:8]:
        day = date(int(toml[:4]), int(toml[5:7]), int(toml[8:DATE_LENGTH]))
        return day if len(toml) == DATE_LENGTH else datetime.fromisoformat(toml)
    digits = toml.removeprefix("-")
    if not digits[:1].isdigit() or len(digits) > MAX_NUMBER_LENGTH or not digits.isascii():
        raise ValueError("not a number")
    if digits.isdigit():
        if digits[0] == "0" < digits[1:]:
            raise ValueError("a number with a leading zero")
        return int(toml)
    whole, _, fraction = digits.partition(".")
    if not (whole.isdigit() and fraction.isdigit()):
        raise ValueError("not a simple number")
    from decimal import Decimal  # lists need no numbers

    return Decimal(toml)


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
            parts.append(_decode_escape(part[1:5]) + part[5:])
        else:
            parts.append(ESCAPES[part[:1]] + part[1:])
    return first + "".join(parts)


def _decode_escape(digits: str) -> str:
    if len(digits) != 4 or not HEX_DIGITS.issuperset(digits):
        raise ValueError("not four hexadecimal digits")
    char = chr(int(digits, 16))
    if "\ud800" <= char <= "\udfff":
        raise ValueError("half of a surrogate pair")
    return char


def _parse_time(toml: str) -> datetime:
    time = datetime.fromisoformat(toml)
    if is_valid_time(time):
        return time
    raise ValueError("not a time with its offset")


def _parse_count(toml: str) -> int:
    if len(toml) > MAX_COUNT_LENGTH or not toml.isdecimal():
        raise ValueError("not a count")
    return int(toml)


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
