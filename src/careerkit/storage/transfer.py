"""Change journals as a whole: back up, restore, export, import and repair them, and encrypt or decrypt them in place."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from careerkit.core.errors import Place, Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import Event
from careerkit.core.text import escape_json_control_chars, format_count, quote_fragment
from careerkit.storage import layout, platform
from careerkit.storage.atomic_write import create_file, make_folders, replace_file
from careerkit.storage.backup import Advance, BackupResult, create_backup, read_members, verify_backup
from careerkit.storage.doctor import AppliedFix, DoctorReport, Issue, check_journal, fix_issues
from careerkit.storage.encryption import (
    AgeCodec,
    AgeKey,
    DecryptionError,
    FileCodec,
    IdentityFile,
    describe_decryption_error,
    encrypt_text,
    has_encrypted_size,
    is_encrypted,
    write_identity_file,
)
from careerkit.storage.entry_files import decode_entry, decode_event
from careerkit.storage.marker import (
    MachineState,
    Marker,
    ensure_journal,
    inspect_journal,
    lock_journal_exclusive,
    lock_journal_shared,
    parse_journal_id,
    require_writable,
    set_recipient,
)
from careerkit.storage.platform import explain_os_error, read_file

if TYPE_CHECKING:
    from careerkit.storage.journal import DiskJournal

Describe = Callable[[Entry | Event], Any]
"""Converts an entry or event to a JSON value."""

IMPORT_HINT = "Nothing was imported. `careerkit journal export` writes such lines."
MAX_REPORTED_LINES, MAX_INVALID_LINES = 10, 10_000
"""The number of invalid lines that are reported one by one, and the number after which the rest isn't read."""

EXPORTED_FOLDERS = (layout.ENTRIES, layout.EVENTS, layout.PLAYBOOKS)

FIXABLE_CODES = ("marker-not-encrypted", "marker-missing")
"""Problems that block writing to a journal, and that a conversion fixes."""


@frozen
class ImportResult:
    """The number of files added, the number already there with the same content, and the paths of those that differ."""

    added: int
    identical: int
    conflicts: tuple[str, ...]


class JournalMaintenance:
    """Everything that concerns a journal as a whole. The methods raise Refused on failure."""

    def __init__(self, journal: DiskJournal) -> None:
        self._journal = journal
        self._folder, self._machine_state = journal.folder, journal.machine_state

    def create_backup(self, archive: str, *, force: bool, advance: Advance) -> BackupResult:
        """Write all files to a verified archive. An existing archive is only replaced with `force`."""
        return create_backup(self._folder, archive, force=force, advance=advance)

    def restore_backup(self, archive: str, *, advance: Advance) -> ImportResult:
        """Add the files of a backup that the journal lacks. A folder that isn't a journal yet becomes one."""
        codec = self._journal.codec
        return restore_backup(archive, self._folder, self._machine_state, codec=codec, advance=advance)

    def export_json_lines(self, describe: Describe, problems: list[Problem] | None = None) -> Iterator[str]:
        """Yield a line of JSON for every entry, event and playbook: see `export_json_lines`."""
        inspect_journal(self._folder, self._machine_state)
        return export_json_lines(self._folder, self._journal.codec, describe, problems)

    def import_files(self, files: Sequence[tuple[str, bytes]], *, advance: Advance) -> ImportResult:
        """Add the files that the journal lacks, given as relative path and text."""
        with self._journal.open_for_writing() as codec:
            return import_files(self._folder, files, codec=codec, advance=advance)

    def check(self, *, now: datetime, advance: Advance) -> DoctorReport:
        """Check every file of the journal, and its index."""
        codec = self._journal.codec
        report = check_journal(self._folder, self._machine_state, codec, now=now, advance=advance)
        if self._journal.is_encrypted:
            report = report.with_problems(
                platform.files_not_encrypted(1, path) for path in sorted(codec.plaintext_paths)
            )
        try:
            stale = self._journal.count_stale_index_files()
        except Refused as refused:  # whatever the check of the files has not met itself
            known = {str(issue.problem.where) for issue in report.issues}
            return report.with_problems(each for each in refused.problems if str(each.where) not in known)
        return replace(report, issues=(*report.issues, _make_stale_index_issue(stale))) if stale else report

    def fix(self, report: DoctorReport, *, now: datetime) -> list[AppliedFix]:
        """Fix what can be fixed: move files to the quarantine, restrict permissions, and rebuild a stale index."""
        fixed = fix_issues(report.issues, journal=self._folder, state_folder=self._machine_state.folder, now=now)
        stale = [issue.problem for issue in report.issues if issue.fix == "reindex"]
        return [*fixed, *(AppliedFix(problem, "") for problem in stale if self._journal.rebuild_index())]


def _make_stale_index_issue(count: int) -> Issue:
    message = f"The index is out of date for {format_count(count, 'file')} that were edited in place."
    problem = Problem("index-stale", message, "`careerkit journal reindex` or --fix rebuilds it.", "", "warning")
    return Issue(problem, "", "reindex")


def restore_backup(
    archive: str, journal: str, machine_state: MachineState, *, codec: AgeCodec, advance: Advance
) -> ImportResult:
    """Add the files of a backup that the folder lacks, after verifying the whole archive.

    Files are restored as they were backed up, but plain ones are encrypted if the journal is. Raises Refused if the backup
    is damaged, or if the folder contains another journal, can't be written, or is being converted.
    """
    verify_backup(archive)
    markers = (data for path, data in read_members(archive) if path == layout.MARKER_FILE)
    journal_id = next((parse_journal_id(data) for data in markers), None)
    marker = read_file(os.path.join(journal, layout.MARKER_FILE)) if os.path.isdir(journal) else None
    if marker is not None and parse_journal_id(marker) != journal_id:
        raise Refused(_describe_other_journal(journal))
    lock_path = machine_state.journal_lock_path(journal_id or "")
    with lock_journal_shared(lock_path, conflict=platform.conversion_running(journal)):
        codec.recipient = "" if marker is None else require_writable(journal, machine_state).recipient
        result = import_files(journal, read_members(archive), codec=codec, advance=advance)
        ensure_journal(journal, machine_state)
    return result


def _describe_other_journal(journal: str) -> Problem:
    message = "The backup is of another journal than the one in this folder."
    return Problem("another-journal", message, "Restore into an empty folder: --to DIR.", journal)


def import_files(
    journal: str, files: Iterable[tuple[str, bytes]], *, codec: AgeCodec, advance: Advance
) -> ImportResult:
    """Add the files that the folder lacks, given as relative path and text, and encode them with the codec.

    Texts that are encrypted already are added as they are, and so are the files next to the journal's folders. Raises
    Refused if a file can't be read or written.
    """
    added, identical, conflicts = 0, 0, []
    for path, text in files:
        target = os.path.join(journal, path)
        make_folders(os.path.dirname(target), subject=path)
        data = text if is_encrypted(text) or "/" not in path else codec.encrypt(text)
        if create_file(target, data, subject=path):
            added += 1
        elif _has_content(read_file(target) or b"", text, target, codec):
            identical += 1
        else:
            conflicts.append(path)
        advance()
    return ImportResult(added, identical, tuple(conflicts))


def _has_content(existing: bytes, text: bytes, path: str, codec: AgeCodec) -> bool:
    """Does the file contain `text`? It is only decrypted, which may ask for the key, if its size matches."""
    if existing == text:
        return True
    if is_encrypted(text) or not is_encrypted(existing):
        return False
    return has_encrypted_size(existing, len(text)) and codec.decrypt(existing, path) == text


def export_json_lines(
    journal: str, codec: FileCodec, describe: Describe, problems: list[Problem] | None = None
) -> Iterator[str]:
    """Yield a line of JSON for every entry, event and playbook.

    It has the keys `path`, `text` (or `base64` if the file isn't UTF-8) and, if the file is valid, `says`: what `describe`
    returns for it. Files that can't be read are left out, and those that can't be decrypted are exported as they are; both
    are added to `problems`, or if that isn't given, raised as Refused in the end. Raises JournalLocked without the key.
    """
    found: list[Problem] = [] if problems is None else problems
    for path in layout.list_journal_files(journal, found):
        file = os.path.join(journal, path)
        if path.partition("/")[0] not in EXPORTED_FOLDERS:
            continue
        try:
            data = read_file(file)
        except Refused as refused:
            found += refused.problems
            continue
        if data is None:
            continue  # deleted since its folder was listed
        try:
            text = codec.decrypt(data, file)
        except Refused as refused:
            found += [replace(each, severity="warning") for each in refused.problems]
            text = data
        line = {"path": path, **_encode_content(text), **_describe_content(path, text, describe)}
        yield escape_json_control_chars(json.dumps(line, ensure_ascii=False))
    if problems is None and found:
        raise Refused(found)


def _encode_content(text: bytes) -> dict[str, str]:
    try:
        return {"text": text.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(text).decode()}


def _describe_content(path: str, text: bytes, describe: Describe) -> dict[str, object]:
    folder = path.partition("/")[0]
    if folder == layout.PLAYBOOKS or not path.endswith(layout.FILE_SUFFIX):
        return {}
    try:
        decoded = decode_entry(text, path).entry if folder == layout.ENTRIES else decode_event(text, path)[0]
    except Refused:  # exported as it is; `journal doctor` reports what is wrong with it
        return {}
    return {"says": describe(decoded)}


def parse_json_lines(lines: Iterable[str], file: str) -> list[tuple[str, bytes]]:
    """The path and text of each file in exported lines. Raises Refused with the places of all invalid lines."""
    files: list[tuple[str, bytes]] = []
    problems: list[Problem] = []
    invalid = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            files.append(_parse_line(line))
        except ValueError as error:
            invalid += 1
            if invalid <= MAX_REPORTED_LINES:
                message = f"This line isn't an exported file: {error}."
                problems.append(Problem("not-an-export", message, IMPORT_HINT, Place(file, number)))
            elif invalid == MAX_INVALID_LINES:
                break
    if invalid > MAX_REPORTED_LINES:  # probably another kind of file
        least = "at least " if invalid == MAX_INVALID_LINES else ""
        message = f"And {least}{invalid - MAX_REPORTED_LINES:,} more lines like that."
        problems.append(Problem("not-an-export", message, "", file))
    if problems:
        raise Refused(problems)
    return files


@frozen
class ConversionResult:
    """The number of files converted, and the problems of those that couldn't be."""

    files: int
    problems: tuple[Problem, ...] = ()


@contextlib.contextmanager
def begin_conversion(folder: str, state_folder: str) -> Iterator[JournalConversion]:
    """Lock the journal exclusively while the block runs. A folder that isn't a journal yet becomes one.

    Raises Refused while another process on this machine is writing to the journal.
    """
    machine_state = MachineState(state_folder)
    marker = inspect_journal(folder, machine_state)
    errors = [each for each in marker.problems if each.severity == "error"]
    if serious := [each for each in errors if each.code not in FIXABLE_CODES]:
        raise Refused(serious)
    if not errors and not marker.journal_id:
        marker = ensure_journal(folder, machine_state)
    make_folders(folder, subject="The journal's folder")
    path = machine_state.journal_lock_path(marker.journal_id or "unmarked")
    with lock_journal_exclusive(path, conflict=platform.journal_in_use(folder)):
        yield JournalConversion(folder, machine_state)


class JournalConversion:
    """A journal held under the exclusive lock.

    To encrypt, set the recipient first, then call `encrypt_all`; to decrypt, clear the recipient, then `decrypt_all`.
    """

    def __init__(self, folder: str, machine_state: MachineState) -> None:
        self._folder, self._machine_state = folder, machine_state

    @property
    def marker(self) -> Marker:
        return inspect_journal(self._folder, self._machine_state)

    @property
    def identity_file(self) -> IdentityFile:
        marker = self.marker
        return IdentityFile(self._folder, marker.journal_id, marker.recipient)

    @property
    def has_identity(self) -> bool:
        """Is there an identity file, intact or not?"""
        return os.path.lexists(self.identity_file.path)

    def count_encrypted(self) -> int:
        """How many files are encrypted, of those that can be read."""
        return sum(map(_is_file_encrypted, self.list_files([])))

    def list_files(self, problems: list[Problem]) -> list[str]:
        """The paths of all files that a conversion covers. Folders that can't be listed are added to `problems`."""
        top = (layout.MARKER_FILE, layout.IDENTITY_FILE)
        return [
            os.path.join(self._folder, path)
            for path in layout.list_journal_files(self._folder, problems)
            if "/" in path and path not in top
        ]

    def set_recipient(self, recipient: str, *, identity: bytes = b"") -> None:
        """Encrypt everything that is written from now on for `recipient`, or nothing if it is "".

        If `identity` is given, it is written to the identity file first.
        """
        if identity:
            write_identity_file(self.identity_file, identity)
        set_recipient(self._folder, self._machine_state, recipient)

    def encrypt_all(self, recipient: str, *, key: AgeKey | None, advance: Advance) -> ConversionResult:
        """Encrypt every plain file. If `key` is given, each result is decrypted as a check before it replaces the file."""

        def encrypt(data: bytes, path: str) -> bytes | None:
            if is_encrypted(data):
                return None
            encrypted = encrypt_text(data, recipient)
            if key and key.decrypt(encrypted) != data:
                message = "This file was not encrypted: the result could not be decrypted again."
                raise Refused(Problem("not-encrypted", message, "Try again.", path))
            return encrypted

        return self._convert(encrypt, advance)

    def decrypt_all(self, key: AgeKey, *, advance: Advance) -> ConversionResult:
        """Decrypt every encrypted file. Those that can't be decrypted are reported and left as they are."""

        def decrypt(data: bytes, path: str) -> bytes | None:
            if not is_encrypted(data):
                return None
            try:
                return key.decrypt(data)
            except DecryptionError as error:
                raise Refused(describe_decryption_error(error, path)) from None

        return self._convert(decrypt, advance)

    def remove_temp_files(self) -> None:
        """Delete all temporary files, however new: under the lock no other process is writing them."""
        for folder in layout.list_journal_folders(self._folder):
            for name in filter(layout.is_temp_name, layout.list_names(folder)):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(os.path.join(folder, name))

    def delete_identity_file(self) -> None:
        """Delete the identity file, after everything was decrypted. Raises Refused."""
        path = self.identity_file.path
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Refused(explain_os_error("not-removed", "The identity file was not removed", error, path)) from error

    def find_unconverted_files(self) -> tuple[str, ...]:
        """The files and folders in the journal that a conversion leaves alone: those of other tools, or misplaced ones."""
        folders = tuple(layout.list_journal_folders(self._folder))
        known = {
            *folders,
            *self.list_files([]),
            *(os.path.join(self._folder, name) for name in (layout.MARKER_FILE, layout.IDENTITY_FILE)),
        }
        found = (
            os.path.join(folder, name)
            for folder in folders
            for name in layout.list_names(folder)
            if not layout.is_temp_name(name)
        )
        return tuple(sorted(path for path in found if path not in known))

    def _convert(self, convert: Callable[[bytes, str], bytes | None], advance: Advance) -> ConversionResult:
        count, problems = 0, list[Problem]()
        for path in self.list_files(problems):
            try:
                data = read_file(path)
                converted = None if data is None else convert(data, path)
            except Refused as refused:
                problems += refused.problems
            else:
                if converted is not None:
                    replace_file(path, converted, subject=os.path.relpath(path, self._folder))
                    count += 1
            advance()
        return ConversionResult(count, tuple(layout.soften_quarantined(problems, self._folder)))


def list_all_files(paths: Iterable[str]) -> list[str]:
    """The paths, with all files in those that are folders, except in hidden ones such as git's."""
    found: list[str] = []
    for path in paths:
        is_tool_folder = os.path.basename(path).startswith(".")
        walk = () if is_tool_folder else os.walk(path)
        found += sorted(os.path.join(folder, name) for folder, _, names in walk for name in names) or [path]
    return found


def _parse_line(line: str) -> tuple[str, bytes]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):  # RecursionError: thousands of nested brackets
        raise ValueError("it is not JSON") from None
    match document:
        case {"path": str(path), "text": str(text)}:
            data = _encode_utf8(text)
        case {"path": str(path), "base64": str(text)}:
            data = _decode_base64(text)
        case _:
            raise ValueError("`path` and `text` are missing")
    if layout.is_journal_file(path) and path.partition("/")[0] in EXPORTED_FOLDERS and "/" in path:
        return path, data
    raise ValueError(f"{quote_fragment(path)} can't be a file of a journal")


def _encode_utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("its text contains half a character (a lone surrogate)") from None


def _decode_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # also if it isn't ASCII
        raise ValueError("its base64 is invalid") from None


def _is_file_encrypted(path: str) -> bool:
    try:
        return is_encrypted(read_file(path) or b"")
    except Refused:  # the conversion itself reports it
        return False
