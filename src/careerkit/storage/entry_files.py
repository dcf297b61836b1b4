r"""Encode entries and events as TOML files with a checksum, and decode them.

tomli-w writes keys and values; this module settles what tomli-w leaves open or decides by length:

- Every table gets a heading of its own, and so does every row of a list of tables. tomli-w writes short rows in line.
- A list stays on one line, and the keys of the top level come first, one line each: lists read them without a parser.
- A text of several lines is written as such below the top level, because people read entries in text editors. tomli-w
  would turn `\r\n` into `\n` there, so a text with `\r` is written on one line, with escapes.
- Integers keep every digit, decimals keep their decimal places, and times are written as in RFC 3339.
- Characters that would act on a terminal or reorder a line are escaped, and no text can imitate the checksum line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.codec import entry_from_document, entry_to_document, event_from_document, event_to_document
from careerkit.core.journal.entry import Entry, LoadedEntry
from careerkit.core.journal.entry_list import Event
from careerkit.core.journal.fast_reader import FORMAT, describe_newer_format, parse_document
from careerkit.storage.layout import TRAILER, VerifiedText, add_checksum, verify_checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

ENTRY_PREFACE = "# A careerkit entry, for any text editor to read. The last line tells careerkit of changes.\n"
EVENT_PREFACE = "# What happened to a careerkit entry later. The last line tells careerkit of changes.\n"
UNTOUCHED_HINT = "careerkit leaves it as it is. Restore it from a backup or from another machine."

MAX_INTEGER_DIGITS = 18
"""TOML promises no more than 64 bits. Longer whole numbers are written as floats, which careerkit reads as decimals."""

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ESCAPED = (*map(chr, range(0x80, 0xA0)), *BIDI_CONTROLS, "\u2028", "\u2029", "\ufeff")
"""What tomli-w leaves as it is: C1 controls, marks of writing direction, line separators, the byte-order mark."""


def encode_entry(entry: Entry) -> bytes:
    """The content of the entry's file. Raises Refused if the entry was read from a newer format."""
    return _encode_document(ENTRY_PREFACE, entry_to_document(entry))


def decode_entry(data: bytes, path: str) -> LoadedEntry:
    """The entry in a file's `data`. Raises Refused if it is damaged; changes by other programs are only a warning."""
    entry, warnings = decode_document(data, path, kind="entry", convert=entry_from_document)
    return LoadedEntry(entry, warnings)


def encode_event(event: Event) -> bytes:
    """The content of the event's file. Raises Refused if the event was read from a newer format."""
    return _encode_document(EVENT_PREFACE, event_to_document(event))


def decode_event(data: bytes, path: str) -> tuple[Event, tuple[Problem, ...]]:
    """The event in a file's `data`, and warnings about it. Raises Refused if it is damaged."""
    return decode_document(data, path, kind="event", convert=event_from_document)


def decode_document(
    data: bytes, path: str, *, kind: str, convert: Callable[[Mapping[str, object]], T]
) -> tuple[T, tuple[Problem, ...]]:
    """Parse a file and `convert` its document; also returns warnings, such as that another program changed the file.

    Raises Refused, with `path` as the place, if the file is damaged or `convert` refuses it.
    """
    verified = verify_checksum(data)
    document = _parse_toml(verified, path, kind)
    try:
        converted = convert(document)
    except Refused as refused:
        raise Refused(problem.at(path) for problem in refused.problems) from refused
    warnings = [describe_change(path, kind)] if verified.integrity == "changed" else []
    version = document.get("format")
    if isinstance(version, int) and version > FORMAT:
        newer = describe_newer_format(version)
        warnings.append(Problem(newer.code, newer.message, newer.hint, path, "warning"))
    return converted, tuple(warnings)


def describe_change(path: str, kind: str) -> Problem:
    message = f"This {kind} was changed since careerkit wrote it."
    return Problem(f"{kind}-changed", message, "If that was you, you can ignore this.", path, "warning")


def dumps(document: Mapping[str, object]) -> str:
    """The document as TOML; the same document always gives the same text.

    Values are those that tomllib gives with `parse_float=Decimal`; texts must not hold lone surrogates. Raises
    TypeError for a value that TOML doesn't have.
    """
    chunks: list[str] = []
    _write_table(document, "", chunks)
    return _escape("".join(chunks))


def _encode_document(preface: str, document: Mapping[str, object]) -> bytes:

    return add_checksum((preface + dumps(document)).encode())


def _parse_toml(verified: VerifiedText, path: str, kind: str) -> Mapping[str, object]:
    if verified.integrity == "cut short":
        message = f"This {kind}'s last line is missing, so its end may be lost."
        raise Refused(Problem(f"{kind}-cut-short", message, UNTOUCHED_HINT, path))
    if verified.integrity == "intact":
        with suppress(ValueError, KeyError):
            return parse_document(verified.text.decode())
    from careerkit.core.toml_reader import MAX_JOURNAL_ITEMS, TomlLimitError, parse_toml  # few files need the parser

    try:
        return parse_toml(verified.text.decode(), max_items=MAX_JOURNAL_ITEMS)
    except TomlLimitError as error:
        raise Refused(_describe_unreadable(f"No {kind} is like that: {error}.", verified.text, path, kind)) from error
    except UnicodeDecodeError as error:
        raise Refused(
            _describe_unreadable(f"Its byte {error.start + 1} is not UTF-8.", verified.text, path, kind)
        ) from error
    except ValueError as error:
        raise Refused(_describe_unreadable(f"It is not TOML: {error}.", verified.text, path, kind)) from error


def _describe_unreadable(reason: str, text: bytes, path: str, kind: str) -> Problem:
    has_conflict = b"\n<<<<<<< " in text or text.startswith(b"<<<<<<< ")
    hint = "It contains merge conflict markers: keep one side and remove them." if has_conflict else UNTOUCHED_HINT
    return Problem(f"{kind}-unreadable", f"This {kind} can't be read. {reason}", hint, path)


class _DecimalWithExponent(Decimal):
    """A whole number that prints as a float without gaining decimal places: `12e0`, not `12.0`."""

    def __str__(self) -> str:
        return f"{super().__str__()}e0"


class _DatetimeWithT(datetime):
    """A time that prints with a `T` between day and hour, as RFC 3339 has it, where tomli-w has a space."""

    __str__ = datetime.isoformat


def _write_table(table: Mapping[str, object], path: str, chunks: list[str]) -> None:
    on_one_line: dict[str, object] = {}
    sections: list[str] = []
    for key, value in table.items():
        if not isinstance(value, str):
            if _is_section(value):
                sections.append(key)
            else:
                on_one_line[key] = _exact(value)
        elif path and "\n" in value and "\r" not in value:
            chunks.append(_dump_on_one_line(on_one_line))
            chunks.append(_dump_toml({key: value}, multiline_strings=True))
            on_one_line = {}
        else:
            on_one_line[key] = value
    chunks.append(_dump_on_one_line(on_one_line))
    for key in sections:
        _write_section(table[key], f"{path}.{_format_key(key)}" if path else _format_key(key), chunks)


def _write_section(value: object, path: str, chunks: list[str]) -> None:
    if isinstance(value, list):
        for row in value:
            chunks.append(f"\n[[{path}]]\n")
            _write_table(row, path, chunks)
    elif isinstance(value, Mapping):
        if not value or not all(map(_is_section, value.values())):
            chunks.append(f"\n[{path}]\n")
        _write_table(value, path, chunks)


def _is_section(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(row, Mapping) for row in value)
    return isinstance(value, Mapping)


def _dump_on_one_line(values: Mapping[str, object]) -> str:
    """Each key on one line. Texts hold no raw line end here, so the only ones are between keys and within lists."""
    text = _dump_toml(values, indent=0) if values else ""
    return text.replace("[\n", "[").replace(",\n]", "]").replace(",\n", ", ") if "[\n" in text else text


def _dump_toml(values: Mapping[str, object], *, indent: int = 4, multiline_strings: bool = False) -> str:
    import tomli_w  # nothing that only reads needs it

    return tomli_w.dumps(values, indent=indent, multiline_strings=multiline_strings)


def _exact(value: object) -> object:
    """The value with numbers and times in types that tomli-w writes as they are meant."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal):
        return _exact_number(value)
    if isinstance(value, Mapping):
        return {key: _exact(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(inner) for inner in value]
    if isinstance(value, datetime):
        return _DatetimeWithT.fromisoformat(value.isoformat())
    return value


def _exact_number(number: int | Decimal) -> int | Decimal:
    digits = str(number)
    if not digits.removeprefix("-").isdecimal():
        return number
    if len(digits.removeprefix("-")) > MAX_INTEGER_DIGITS or digits == "-0":
        return _DecimalWithExponent(number)
    return int(number)


def _format_key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() else _dump_toml({key: 0}).removesuffix(" = 0\n")


def _escape(text: str) -> str:
    """tomli-w quotes every text with double quotes, so that an escape is valid wherever these characters stand."""
    text = text.replace("\t", "\\t").replace(f"\n{TRAILER}", f"\n\\u0023{TRAILER[1:]}")
    if text.isascii():
        return text
    for char in ESCAPED:
        text = text.replace(char, f"\\u{ord(char):04X}")
    return text
