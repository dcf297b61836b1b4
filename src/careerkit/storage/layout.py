"""The layout of a journal folder: ids, paths, month folders, which files belong to the journal, and their checksum lines."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import Literal, frozen, replace
from careerkit.core.text import hash_sha256
from careerkit.storage.platform import UNREADABLE, explain_os_error, is_file, is_folder

MARKER_FILE = "careerkit.toml"
IDENTITY_FILE = "identity.age"
"""Holds an encrypted journal's key, protected by a passphrase."""

ENTRIES, EVENTS, PLAYBOOKS, QUARANTINE = "entries", "events", "playbooks", "quarantine"
FILE_SUFFIX = ".toml"
ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Without i, l, o and u, which are easy to misread; so no handle can be mistaken for "last"."""

HEX_DIGITS = "0123456789abcdef"

TEMP_PREFIX, TEMP_SUFFIX = ".careerkit-", ".tmp"
"""The name of an atomic write's temporary file begins and ends like this."""

JOURNAL_FOLDERS = (ENTRIES, EVENTS, PLAYBOOKS, QUARANTINE)
KNOWN_NAMES = (MARKER_FILE, IDENTITY_FILE, *JOURNAL_FOLDERS)
"""What a journal's folder contains."""

MAX_DEPTH = 20
"""How deep below the journal's folder the quarantine is read. No fix puts a file deeper."""

TRAILER = "# careerkit sha256 "
"""The start of the last line. The writer escapes it within texts, so that only the real line looks like this."""

CHECKSUM_PREFIX = TRAILER.encode()
CHECKSUM_LINE_LENGTH = len(CHECKSUM_PREFIX) + 64 + 1
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OPENSSL_THRESHOLD = 1 << 19
"""Bytes from which OpenSSL's hash, which is six times as fast, is worth the 4 ms that importing it takes."""

Digest = Callable[[bytes], str]

Integrity = Literal["intact", "changed", "cut short"]
"""The file is as careerkit wrote it, or was changed since, or its end is missing."""


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
    month_name = os.path.basename(month)
    for name in names:
        path, file_id = os.path.join(month, name), name.removesuffix(FILE_SUFFIX)
        if file_id != name and file_kind.is_id(file_id) and get_month(file_id) == month_name:
            yield path, file_id
        elif not is_temp_name(name):
            problems += _describe_unread([path])


def find_unread_paths(journal: str) -> list[Problem]:
    """The files and folders outside the month folders that aren't the journal's, and folders that can't be listed."""
    problems: list[Problem] = []
    unread: list[str] = []
    for folder, is_known in (
        (journal, KNOWN_NAMES.__contains__),
        (os.path.join(journal, ENTRIES), is_month),
        (os.path.join(journal, EVENTS), is_month),
        (os.path.join(journal, PLAYBOOKS), is_playbook_name),
    ):
        try:
            names = list_names(folder)
        except Refused as refused:
            problems += refused.problems
        else:
            unread += [os.path.join(folder, name) for name in names if not (is_known(name) or is_temp_name(name))]
    return [*problems, *_describe_unread(unread)] if unread else problems


def find_all_unread(journal: str) -> list[Problem]:
    """Like `find_unread_paths`, with the month folders."""
    problems = find_unread_paths(journal)
    for file_kind in (ENTRY_FILES, EVENT_FILES):
        try:
            list(list_files(journal, file_kind, problems))
        except Refused as refused:
            problems += refused.problems
    return list(dict.fromkeys(problems))


def is_quarantined(path: str, journal: str) -> bool:
    """Was this file moved away by a fix? Whatever is wrong with it is known."""
    return path.startswith(os.path.join(journal, QUARANTINE) + os.sep)


def soften_quarantined(problems: Iterable[Problem], journal: str) -> list[Problem]:
    """The problems, as mere warnings if they are about files in the quarantine."""
    return [
        replace(each, severity="warning") if is_quarantined(str(each.where), journal) else each for each in problems
    ]


def list_names(folder: str) -> list[str]:
    """The sorted names in a folder; empty if it doesn't exist. Raises Refused if it can't be listed."""
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "The folder can't be listed", error, folder)) from error


def list_journal_files(journal: str, problems: list[Problem]) -> Iterator[str]:
    """Yield the relative paths of the journal's files, with `/`, in order; none if the folder doesn't exist.

    Hidden and temporary files are left out. Files that other tools put into the journal's folders are included. What can't
    be listed is added to `problems`. Raises Refused if the journal's folder itself can't be listed.
    """
    for name in list_names(journal):
        path = os.path.join(journal, name)
        try:
            if name in JOURNAL_FOLDERS:
                yield from _walk_files(path, name, problems, ())
            elif is_journal_file(name) and is_file(path):
                yield name
        except Refused as refused:
            problems += refused.problems


def list_journal_folders(journal: str) -> Iterator[str]:
    """Yield the paths of the journal's folder and its subfolders, following links. Raises Refused."""
    yield journal
    for name in filter(JOURNAL_FOLDERS.__contains__, list_names(journal)):
        yield from _walk_folders(os.path.join(journal, name), name, ())


def find_files_with_ids(ids: Sequence[str], journal: str, problems: list[Problem]) -> tuple[str, ...]:
    """The paths of all files in the folder, hidden ones and copies too, whose names contain one of the ids.

    Folders that can't be listed are added to `problems`.
    """

    def report(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # deleted meanwhile
            where = error.filename or journal
            problems.append(explain_os_error(UNREADABLE, "The folder can't be listed", error, where))

    found: list[str] = []
    seen: set[str] = set()  # links are followed, and may form a loop
    for folder, subfolders, names in os.walk(journal, onerror=report, followlinks=True):
        subfolders[:] = sorted(each for each in subfolders if os.path.realpath(os.path.join(folder, each)) not in seen)
        seen.update(os.path.realpath(os.path.join(folder, each)) for each in subfolders)
        fits = [name for name in sorted(names) if any(each.lower() in name.lower() for each in ids)]
        found += [os.path.join(folder, name) for name in fits]
    return tuple(found)


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


def is_playbook_name(name: str) -> bool:
    """Is this the name of a playbook's copy?"""
    return name.endswith(FILE_SUFFIX) and is_sha256(name.removesuffix(FILE_SUFFIX))


def _describe_unread(paths: Iterable[str]) -> list[Problem]:
    from careerkit.storage.unread_files import describe_unread_path  # most journals have nothing else in their folder

    return [problem for path in paths for problem in describe_unread_path(path)]


FolderId = tuple[int, int]
"""The device and inode of a folder, by which a loop of links is recognised."""


@frozen
class VerifiedText:
    """`text` is the document without the checksum line if that is valid, otherwise the whole file."""

    integrity: Integrity
    text: bytes


def add_checksum(text: bytes, digest: Digest = hash_sha256) -> bytes:
    """Append the checksum line to `text`, which must end with a line break."""
    return text + CHECKSUM_PREFIX + digest(text).encode() + b"\n"


def verify_checksum(data: bytes, digest: Digest = hash_sha256) -> VerifiedText:
    """Check a file's checksum line. A truncated file is never INTACT."""
    text, line = data[:-CHECKSUM_LINE_LENGTH], data[-CHECKSUM_LINE_LENGTH:]
    if (
        line[: len(CHECKSUM_PREFIX)] == CHECKSUM_PREFIX
        and line[-1:] == b"\n"
        and digest(text).encode() == line[len(CHECKSUM_PREFIX) : -1]
    ):
        return VerifiedText("intact", text)
    return _verify_normalized(data, digest)


def make_adaptive_digest() -> Digest:
    """A SHA-256 that switches to OpenSSL's faster one after OPENSSL_THRESHOLD bytes."""
    total = 0
    fastest: Digest = hash_sha256

    def digest(data: bytes) -> str:
        nonlocal total, fastest
        if total <= OPENSSL_THRESHOLD < total + len(data):
            fastest = load_openssl_digest()
        total += len(data)
        return fastest(data)

    return digest


def load_openssl_digest() -> Digest:
    from hashlib import sha256  # loads OpenSSL

    return lambda data: sha256(data).hexdigest()


def _walk_folders(folder: str, path: str, parents: tuple[FolderId, ...]) -> Iterator[str]:
    folder_id = _get_folder_id(folder)
    if folder_id is None or folder_id in parents or len(parents) > MAX_DEPTH:
        return
    yield folder
    for name in list_names(folder):
        if not name.startswith("."):
            yield from _walk_folders(os.path.join(folder, name), f"{path}/{name}", (*parents, folder_id))


def _walk_files(folder: str, path: str, problems: list[Problem], parents: tuple[FolderId, ...]) -> Iterator[str]:
    """Yield the journal's files in one of its folders. What can't be read is added to `problems`."""
    try:
        folder_id, names = _get_folder_id(folder), list_names(folder)
    except Refused as refused:
        problems += refused.problems
        return
    if folder_id is None or folder_id in parents:
        return
    for name in names:
        inner, below = os.path.join(folder, name), f"{path}/{name}"
        try:
            is_inner_folder = is_folder(inner)
        except Refused as refused:
            problems += refused.problems
            continue
        if not is_inner_folder:
            if is_journal_file(below):
                yield below
        elif _has_journal_files(below):
            yield from _walk_files(inner, below, problems, (*parents, folder_id))


def _has_journal_files(path: str) -> bool:
    """May files in the folder with this relative path be the journal's?"""
    return is_journal_file(f"{path}/x") and path.count("/") < MAX_DEPTH


def _get_folder_id(folder: str) -> FolderId | None:
    """None if it isn't a folder. Raises Refused."""
    try:
        status = os.stat(folder)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "The folder can't be listed", error, folder)) from error
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def _verify_normalized(data: bytes, digest: Digest) -> VerifiedText:
    """Check the checksum again, ignoring a byte order mark, other line ends, and whitespace after the last line."""
    plain = data.removeprefix(BYTE_ORDER_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text, prefix, rest = plain.rpartition(CHECKSUM_PREFIX)
    checksum, line_end, tail = rest.partition(b"\n")
    if not prefix or not is_sha256(checksum.decode("ascii", "replace")) or not (text.endswith(b"\n") or not text):
        return VerifiedText("cut short", plain)
    if digest(text).encode() != checksum or tail.strip(b"\n \t\0"):
        return VerifiedText("changed", plain)
    # Some file systems leave NULs at the end after a crash. The text is proven intact, but the user should know.
    return VerifiedText("intact" if line_end and not tail.strip() else "changed", text)
