"""The layout of a journal folder: ids, paths, month folders, and which files belong to the journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.storage.failures import explain_os_error

MARKER_FILE = "careerkit.toml"
IDENTITY_FILE = "identity.age"
"""Holds an encrypted journal's key, protected by a passphrase."""
ENTRIES, EVENTS, PLAYBOOKS, QUARANTINE = "entries", "events", "playbooks", "quarantine"
FILE_SUFFIX = ".toml"
ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Without i, l, o and u, which are easy to misread; so no handle can be mistaken for "last"."""
HEX_DIGITS = "0123456789abcdef"
CONFLICT_MARKS = (".sync-conflict-", "conflicted copy", "conflict copy", "case conflict")

TEMP_PREFIX, TEMP_SUFFIX = ".careerkit-", ".tmp"
"""The name of an atomic write's temporary file begins and ends like this."""
JOURNAL_FOLDERS = (ENTRIES, EVENTS, PLAYBOOKS, QUARANTINE)
MAX_DEPTH = 5
"""How deep below the journal's folder files are looked for."""


def is_temp_name(name: str) -> bool:
    """Is this the name of an atomic write's temporary file?"""
    return name.startswith(TEMP_PREFIX) and name.endswith(TEMP_SUFFIX)


def generate_entry_id(moment: datetime) -> str:
    """A new entry id: the UTC minute and six random characters."""
    time = moment.astimezone(UTC)
    minute = f"{time.year:04d}{time.month:02d}{time.day:02d}T{time.hour:02d}{time.minute:02d}Z"
    return f"{minute}-{''.join(ID_ALPHABET[byte % 32] for byte in os.urandom(6))}"


def is_entry_id(name: str) -> bool:
    """Does this have the form of an entry id? An id can't contain a path."""
    day, minute, random = name[:8], name[9:13], name[15:]
    fits = name.isascii() and name[8:9] == "T" and name[13:15] == "Z-" and (day + minute).isdecimal()
    return fits and 4 <= len(random) <= 32 and random.isalnum() and random == random.lower()


def generate_event_id(moment: datetime) -> str:
    """A new event id: the UTC millisecond and sixteen random hexadecimal digits."""
    time = moment.astimezone(UTC)
    day = f"{time.year:04d}{time.month:02d}{time.day:02d}"
    clock = f"{time.hour:02d}{time.minute:02d}{time.second:02d}{time.microsecond // 1000:03d}"
    return f"{day}T{clock}Z-{os.urandom(8).hex()}"


def is_event_id(name: str) -> bool:
    """Does this have the form of an event id? An id can't contain a path."""
    digits, random = name[:8] + name[9:18], name[20:]
    fits = name.isascii() and name[8:9] == "T" and name[18:20] == "Z-" and digits.isdecimal() and len(digits) == 17
    return fits and len(random) == 16 and all(digit in HEX_DIGITS for digit in random)


def is_journal_id(name: str) -> bool:
    """Does this have the form of a journal id? It may come from an untrusted journal, so it must not contain a path."""
    return name.isascii() and name.isalnum() and len(name) <= 64


def is_month(name: str) -> bool:
    return len(name) == 7 and name[4] == "-" and (name[:4] + name[5:]).isdecimal() and name.isascii()


def get_month(file_id: str) -> str:
    """The name of the month folder for an entry's or event's file."""
    return f"{file_id[:4]}-{file_id[4:6]}"


def entry_path(journal: str, entry_id: str) -> str:
    return os.path.join(journal, ENTRIES, get_month(entry_id), entry_id + FILE_SUFFIX)


def event_path(journal: str, event_id: str) -> str:
    return os.path.join(journal, EVENTS, get_month(event_id), event_id + FILE_SUFFIX)


def playbook_path(journal: str, sha256: str) -> str:
    return os.path.join(journal, PLAYBOOKS, sha256 + FILE_SUFFIX)


def is_sha256(name: str) -> bool:
    """Is this a SHA-256 digest as lowercase hexadecimal digits?"""
    return len(name) == 64 and all(digit in HEX_DIGITS for digit in name)


def is_conflict_copy(name: str) -> bool:
    """Does a sync tool give this name to a copy of a file that it could not merge?"""
    lower = name.lower()
    return any(mark in lower for mark in CONFLICT_MARKS)


@frozen
class FileKind:
    """Files that are kept in month folders: entries or events. `noun` names one in messages."""

    folder: str
    is_id: Callable[[str], bool]
    noun: str

    def month_path(self, journal: str, name: str) -> str:
        return os.path.join(journal, self.folder, name)


ENTRY_FILES = FileKind(ENTRIES, is_entry_id, "entry")
EVENT_FILES = FileKind(EVENTS, is_event_id, "event")


def list_months(journal: str, file_kind: FileKind) -> list[str]:
    """The paths of the month folders, oldest first. Raises Refused if they can't be listed."""
    parent = os.path.join(journal, file_kind.folder)
    return [os.path.join(parent, name) for name in list_names(parent) if is_month(name)]


def list_files(journal: str, file_kind: FileKind, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield the path and id of every file of this kind. Problems with names and folders are added to `problems`.

    Raises Refused if the month folders can't be listed.
    """
    for month in list_months(journal, file_kind):
        yield from list_month_files(month, file_kind, problems)


def list_month_files(month: str, file_kind: FileKind, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Like `list_files`, for one month folder."""
    try:
        names = list_names(month)
    except Refused as refused:
        problems += refused.problems
        return
    for name in names:
        path = os.path.join(month, name)
        if problem := _check_name(path, name, os.path.basename(month), file_kind):
            problems.append(problem)
        elif name.endswith(FILE_SUFFIX) and not name.startswith("."):
            yield path, name.removesuffix(FILE_SUFFIX)


def find_misplaced_files(journal: str, file_kind: FileKind) -> Iterator[Problem]:
    """A problem for each file outside the month folders, where it is ignored."""
    parent = os.path.join(journal, file_kind.folder)
    for folder, subfolders, names in os.walk(parent):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        is_month_folder = os.path.dirname(folder) == parent and is_month(os.path.basename(folder))
        for name in [] if is_month_folder else sorted(names):
            if name.endswith(FILE_SUFFIX) and not name.startswith("."):
                message = f"This file is not in a month folder, so it is not read as an {file_kind.noun}."
                hint = "Move it to where it belongs, or out of the journal."
                yield Problem("stray-file", message, hint, os.path.join(folder, name), "warning")


def list_names(folder: str) -> list[str]:
    """The sorted names in a folder; empty if it doesn't exist. Raises Refused if it can't be listed."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Refused(explain_os_error("unreadable", "The folder can't be listed", error, folder)) from error


def list_journal_files(journal: str) -> Iterator[str]:
    """Yield the relative paths of the journal's files, with `/`, in order; none if the folder doesn't exist.

    Hidden and temporary files are left out. Files that other tools put into the journal's folders are included.
    Raises Refused if a folder can't be listed.
    """
    for name in list_names(journal):
        path = os.path.join(journal, name)
        if name in JOURNAL_FOLDERS:
            yield from _walk_files(path, name)
        elif is_journal_file(name) and os.path.isfile(path):
            yield name


def list_journal_folders(journal: str) -> Iterator[str]:
    """Yield the paths of the journal's folder and its subfolders, following links. Raises Refused."""
    yield journal
    for name in filter(JOURNAL_FOLDERS.__contains__, list_names(journal)):
        yield from _walk_folders(os.path.join(journal, name), name)


def find_files_with_ids(ids: Sequence[str], journal: str) -> tuple[str, ...]:
    """The paths of all files, also in the quarantine, whose names begin with one of the ids. Raises Refused."""
    prefixes = tuple(ids)
    found = (path for path in list_journal_files(journal) if path.rpartition("/")[2].startswith(prefixes))
    return tuple(os.path.join(journal, path) for path in found)


def is_journal_file(path: str) -> bool:
    """May a journal have a file with this relative path (with `/`)? False for paths that lead out of the folder."""
    parts = path.split("/")
    if any(not part or part.startswith(".") or not part.isprintable() or "\\" in part for part in parts):
        return False
    match parts:
        case [name]:
            return not is_temp_name(name)
        case [folder, month, _]:
            return folder == QUARANTINE or (folder in (ENTRIES, EVENTS) and is_month(month))
        case [folder, *_]:
            return folder == QUARANTINE or (folder == PLAYBOOKS and len(parts) == 2)
    return False


def _check_name(path: str, name: str, month: str, file_kind: FileKind) -> Problem | None:
    """What is wrong with a file's name. Hidden files and files with another suffix are ignored."""
    noun = file_kind.noun
    if is_conflict_copy(name):
        message = f"A sync tool left this copy next to an {noun}; it is not read as one."
        return Problem("conflict-copy", message, "Compare the two and remove the one you don't want.", path, "warning")
    if name.startswith(".") or not name.endswith(FILE_SUFFIX):
        return None
    file_id = name.removesuffix(FILE_SUFFIX)
    if file_kind.is_id(file_id) and get_month(file_id) == month:
        return None
    message = f"This file doesn't have the name of an {noun} in this folder, so it is not read as one."
    return Problem("stray-file", message, "Move it to where it belongs, or out of the journal.", path, "warning")


def _walk_folders(folder: str, path: str) -> Iterator[str]:
    if not os.path.isdir(folder):
        return
    yield folder
    for name in list_names(folder):
        below = f"{path}/{name}"
        if not name.startswith(".") and below.count("/") < MAX_DEPTH:
            yield from _walk_folders(os.path.join(folder, name), below)


def _walk_files(folder: str, path: str) -> Iterator[str]:
    for name in list_names(folder):
        inner, below = os.path.join(folder, name), f"{path}/{name}"
        if os.path.isdir(inner) and below.count("/") < MAX_DEPTH:
            yield from _walk_files(inner, below)
        elif is_journal_file(below):
            yield below
