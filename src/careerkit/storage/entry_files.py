"""Encode entries and events as TOML files with a checksum, and decode them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.codec import entry_from_document, entry_to_document, event_from_document, event_to_document
from careerkit.core.journal.entry import Entry, LoadedEntry
from careerkit.core.journal.events import Event
from careerkit.core.journal.fast_reader import FORMAT, describe_newer_format, parse_document
from careerkit.storage.checksum import VerifiedText, add_checksum, verify_checksum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")

ENTRY_PREFACE = "# A careerkit entry, for any text editor to read. The last line tells careerkit of changes.\n"
EVENT_PREFACE = "# What happened to a careerkit entry later. The last line tells careerkit of changes.\n"
UNTOUCHED_HINT = "careerkit leaves it as it is. Restore it from a backup or from another machine."


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


def _encode_document(preface: str, document: Mapping[str, object]) -> bytes:
    from careerkit.storage.toml_writer import dumps  # imports tomli-w, which isn't needed for reading

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
