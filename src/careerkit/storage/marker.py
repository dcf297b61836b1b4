"""Whose journal a folder is: the marker file, what this machine remembers of its journals, and the locks on their entries.

A folder counts as empty only if the marker and the entries don't exist, and only if this machine doesn't remember
entries there: otherwise their disk is probably not connected, and starting a new journal would hide that.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.fast_reader import ENCRYPTED_FORMAT, FORMAT, describe_newer_format, parse_string, read_head
from careerkit.core.text import hash_sha256
from careerkit.storage import platform
from careerkit.storage.atomic_write import create_file, make_folders, replace_file
from careerkit.storage.encryption import is_recipient
from careerkit.storage.layout import (
    ENTRIES,
    IDENTITY_FILE,
    MARKER_FILE,
    add_checksum,
    is_journal_id,
    is_month,
    verify_checksum,
)
from careerkit.storage.platform import explain_os_error, is_missing, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.entry import Entry

LOCK_FILE_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@frozen
class Marker:
    """What a journal's marker says. If `problems` contains an error, nothing may be written to the journal.

    `journal_id` is "" if the folder isn't a journal yet, and `recipient` is "" if the journal isn't encrypted.
    """

    journal_id: str
    problems: tuple[Problem, ...] = ()
    recipient: str = ""


def inspect_journal(folder: str, machine_state: MachineState) -> Marker:
    """Read the folder's marker. Raises Refused if it can't be read, or if entries that were there have vanished."""
    if marker := _read_marker(folder):
        return _compare_with_known(marker, folder, machine_state)
    entries, remembered = _has_entries(folder), machine_state.known_journal(folder)
    if not entries and not remembered:
        return Marker("")
    if marker := _read_marker(folder):  # another process has just created the journal: it writes the marker first
        return marker
    if entries:
        recipient = remembered.recipient if remembered else ""
        return Marker("", (_describe_missing_marker(folder, is_known=bool(recipient)),), recipient)
    raise Refused(_describe_vanished_entries(folder, machine_state.state_path(folder)))


def require_writable(folder: str, machine_state: MachineState) -> Marker:
    """Like `inspect_journal`, but also raises Refused if nothing may be written to the journal."""
    marker = inspect_journal(folder, machine_state)
    if errors := [problem for problem in marker.problems if problem.severity == "error"]:
        raise Refused(errors)
    return marker


def ensure_journal(folder: str, machine_state: MachineState) -> Marker:
    """Make the folder a journal if it isn't one, and remember it on this machine. Raises Refused."""
    marker = require_writable(folder, machine_state)
    if not marker.journal_id:
        marker = _create_marker(folder, machine_state, marker.recipient)
    machine_state.remember(folder, marker.journal_id, marker.recipient)
    return marker


def set_recipient(folder: str, machine_state: MachineState, recipient: str) -> None:
    """Set whom the journal is encrypted for; "" for nobody. Raises Refused.

    The caller must hold the journal's exclusive lock, and the user must have asked for the change.
    """
    path, marker = os.path.join(folder, MARKER_FILE), _read_marker(folder)
    if marker is None:
        known = machine_state.known_journal(folder)
        marker = Marker((known and known.journal_id) or os.urandom(16).hex())
        create_file(path, _encode_marker(marker.journal_id, recipient), subject="The journal's marker")
    elif not marker.journal_id:
        raise Refused(_describe_damaged_marker(path))
    elif marker.recipient != recipient:
        replace_file(path, _encode_marker(marker.journal_id, recipient), subject="The journal's marker")
    machine_state.remember(folder, marker.journal_id, recipient)


def parse_journal_id(data: bytes) -> str:
    """The journal id in a marker file's content; "" if there is none."""
    return _parse_marker(data, MARKER_FILE).journal_id


@frozen
class KnownJournal:
    """A journal that this machine has seen. `journal_id` is "" if the record is damaged, `recipient` if it isn't encrypted."""

    journal_id: str
    recipient: str


class DamagedStateError(Exception):
    """The file exists, but careerkit can't have written it."""


class MachineState:
    """The state of this machine, in the folder `state`."""

    def __init__(self, state: str) -> None:
        self._state = state

    @property
    def folder(self) -> str:
        return self._state

    def machine_id(self) -> str:
        """The random id of this machine, created by the first call. It tells which machine an unfinished entry belongs to.

        Raises Refused if the id can't be read or stored.
        """
        path = os.path.join(self._state, "machine.toml")
        try:
            known = read_value(path, "machine")
            if known is None:
                make_folders(self._state, subject="This machine's name")
                keys = {"format": 1, "machine": os.urandom(8).hex()}
                data = encode_state(keys, comment="By this name careerkit knows this machine.")
                create_file(path, data, subject="This machine's name")
                known = read_value(path, "machine")  # another process may have been first
        except DamagedStateError as error:
            raise Refused(_describe_damaged_machine_id(path)) from error
        if known is None:
            raise Refused(_describe_damaged_machine_id(path))
        return known

    def known_journal(self, folder: str) -> KnownJournal | None:
        """The journal with entries that this machine has seen in `folder`, if any."""
        try:
            found = read_values(self.state_path(folder), "journal", "recipient")
        except DamagedStateError:
            return KnownJournal("", "")
        return None if found is None else KnownJournal(*found)

    def remember(self, folder: str, journal_id: str, recipient: str) -> None:
        """Remember the journal in `folder`, and whom it is encrypted for. Raises Refused."""
        if self.known_journal(folder) == KnownJournal(journal_id, recipient):
            return
        path = self.state_path(folder)
        make_folders(os.path.dirname(path), subject="That there is a journal here")
        keys = {"format": 1, "journal": journal_id, "folder": os.fsencode(folder).decode(errors="replace")}
        keys |= {"recipient": recipient} if recipient else {}
        preface = "careerkit has seen entries in this folder. Remove this file to let it start anew there."
        replace_file(path, encode_state(keys, comment=preface), subject="That there is a journal here")

    def state_path(self, folder: str) -> str:
        """The path of the record about the journal in `folder`."""
        return os.path.join(self._state, "journals", hash_sha256(os.fsencode(folder))[:32] + ".toml")

    @property
    def locks_folder(self) -> str:
        """The folder of entry locks, of all journals."""
        return os.path.join(self._state, "locks")

    def entry_lock_path(self, journal_id: str, entry_id: str) -> str:
        return os.path.join(self.locks_folder, f"{journal_id}-{entry_id}.lock")

    def journal_lock_path(self, journal_id: str) -> str:
        """The path of the lock that writers share and a conversion holds exclusively."""
        return os.path.join(self._state, "writers", f"{journal_id}.lock")


def encode_state(values: Mapping[str, object], *, comment: str) -> bytes:
    """The content of a small TOML file with a checksum."""
    from careerkit.storage.entry_files import dumps  # imports tomli-w, which isn't needed for reading

    return add_checksum(f"# {comment}\n{dumps(values)}".encode())


def read_value(path: str, key: str) -> str | None:
    """The string for `key` in such a file; None if the file doesn't exist.

    Raises DamagedStateError, and Refused if the file can't be read.
    """
    found = read_values(path, key)
    return None if found is None else found[0]


def read_values(path: str, key: str, *more_keys: str) -> tuple[str, ...] | None:
    """Like `read_value`, for several keys. All but the first may be missing; their value is "" then."""
    data = read_file(path)
    if data is None:
        return None
    verified = verify_checksum(data)
    try:
        if verified.integrity == "intact":
            lines = read_head(verified.text)
            return parse_string(lines[key]), *(parse_string(lines.get(each, '""')) for each in more_keys)
    except (ValueError, KeyError):
        pass
    raise DamagedStateError(path)


@contextlib.contextmanager
def lock_entry(path: str, *, conflict: Problem) -> Iterator[None]:
    """Hold the lock while the block runs. Raises Refused with `conflict` if another process holds it."""
    make_folders(os.path.dirname(path), subject="The lock of the entry")
    try:
        descriptor = _open_locked(path)
    except BlockingIOError as error:
        raise Refused(conflict) from error
    except OSError as error:
        raise Refused(explain_os_error("not-locked", "The entry can't be locked", error, path)) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.unlink(path)  # while it is locked: see _open_locked
        with contextlib.suppress(OSError):
            os.close(descriptor)


def lock_journal_shared(path: str, *, conflict: Problem) -> AbstractContextManager[None]:
    """Hold the journal's lock, shared with other writers. Raises Refused with `conflict` if it is held exclusively."""
    return _lock_journal(path, fcntl.LOCK_SH, conflict)


def lock_journal_exclusive(path: str, *, conflict: Problem) -> AbstractContextManager[None]:
    """Hold the journal's lock exclusively. Raises Refused with `conflict` if any other process holds it."""
    return _lock_journal(path, fcntl.LOCK_EX, conflict)


@contextlib.contextmanager
def _lock_journal(path: str, mode: int, conflict: Problem) -> Iterator[None]:
    make_folders(os.path.dirname(path), subject="The lock of the journal")
    try:
        descriptor = os.open(path, LOCK_FILE_FLAGS, 0o600)
    except OSError as error:
        raise Refused(explain_os_error("not-locked", "The journal can't be locked", error, path)) from error
    try:
        _lock_descriptor(descriptor, mode, path, conflict)
        yield
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)  # don't delete the file: others may be using it


def _lock_descriptor(descriptor: int, mode: int, path: str, conflict: Problem) -> None:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused(conflict) from error
    except OSError as error:
        raise Refused(explain_os_error("not-locked", "The journal can't be locked", error, path)) from error


def _open_locked(path: str) -> int:
    """Open and lock the file. Starts over if the previous holder has deleted the file that was opened."""
    while True:
        descriptor = os.open(path, LOCK_FILE_FLAGS, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same_file(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_same_file(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


@frozen
class _KnownFile:
    """An entry's file as it was last read or written."""

    sha256: str
    machine: str
    finished: bool
    format: int


class WriteGuard:
    """Remembers each entry's file as this process last read or wrote it, so that no other change is overwritten."""

    def __init__(self) -> None:
        self._known: dict[str, _KnownFile] = {}

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._known

    def remember(self, entry: Entry, data: bytes) -> None:
        """Note that the file of `entry` was read or written, with `data` in it."""
        self._known[entry.id] = _KnownFile(hash_sha256(data), entry.machine, entry.finished is not None, entry.format)

    @contextmanager
    def record_write(self, entry: Entry, data: bytes) -> Iterator[None]:
        """Remember the entry once the block has written `data`.

        If the disk didn't confirm the write, the entry can be saved again, even if it was finished.
        """
        try:
            yield
        except Refused as refused:
            if refused.is_uncertain:
                self.remember(replace(entry, finished=None), data)
            raise
        self.remember(entry, data)

    def forget(self, entry_id: str) -> None:
        self._known.pop(entry_id, None)

    def require_unchanged(self, entry: Entry, *, machine: str, data: bytes, path: str) -> None:
        """Raise Refused unless `data`, the file's current content, may be replaced by `entry`.

        It must be this machine's unfinished entry, as it was last remembered.
        """
        known = self._known[entry.id]
        if not machine == known.machine == entry.machine:
            raise Refused(platform.entry_owned_elsewhere(entry.id))
        if known.finished:
            raise Refused(platform.entry_finished(entry.id))
        if known.format > FORMAT:
            raise Refused(describe_newer_format(known.format).at(path))
        if hash_sha256(data) != known.sha256:
            raise Refused(platform.entry_changed(entry.id))


def _read_marker(folder: str) -> Marker | None:
    path = os.path.join(folder, MARKER_FILE)
    data = read_file(path) if _is_folder(folder) else None
    return None if data is None else _parse_marker(data, path)


def _is_folder(folder: str) -> bool:
    try:
        kind = os.stat(folder).st_mode
    except FileNotFoundError as error:
        if os.path.islink(folder):
            message = "The journal's folder is a link to something that doesn't exist"
            raise Refused(explain_os_error("journal-unreachable", message, error, folder)) from error
        return False
    except OSError as error:
        raise Refused(explain_os_error("journal-unreachable", "The journal can't be reached", error, folder)) from error
    if stat.S_ISDIR(kind):
        return True
    message = "There is a file where the journal's folder should be."
    raise Refused(Problem("journal-unreachable", message, "Move it away, or choose another --journal.", folder))


def _parse_marker(data: bytes, path: str) -> Marker:
    verified = verify_checksum(data)
    if verified.integrity == "cut short":
        return Marker("", (_describe_damaged_marker(path),))
    try:
        lines = read_head(verified.text)
        journal_id, version = parse_string(lines["journal"]), int(lines["format"])
        recipient = parse_string(lines.get("recipient", '""'))
    except (ValueError, KeyError):
        return Marker("", (_describe_damaged_marker(path),))
    if not is_journal_id(journal_id):
        return Marker("", (_describe_damaged_marker(path),))
    if version > ENCRYPTED_FORMAT:
        return Marker(journal_id, (describe_newer_format(version).at(path),))
    if bool(recipient) != (version == ENCRYPTED_FORMAT):
        return Marker("", (_describe_damaged_marker(path),))
    if recipient and not is_recipient(recipient):
        return Marker(journal_id, (_describe_wrong_recipient(path),), recipient)
    if verified.integrity == "changed":
        message = "The journal's marker was changed since careerkit wrote it."
        return Marker(journal_id, (Problem("marker-changed", message, "", path, "warning"),), recipient)
    return Marker(journal_id, (), recipient)


def _compare_with_known(marker: Marker, folder: str, machine_state: MachineState) -> Marker:
    """Add an error if this machine knows the journal as encrypted and the marker says otherwise."""
    known = machine_state.known_journal(folder)
    if known is None or known.journal_id != marker.journal_id or known.recipient in ("", marker.recipient):
        return marker
    problem = (
        _describe_other_recipient(folder, machine_state.state_path(folder))
        if marker.recipient
        else _describe_lost_encryption(folder)
    )
    return Marker(marker.journal_id, (*marker.problems, problem), marker.recipient)


def _has_entries(folder: str) -> bool:
    try:
        return any(is_month(name) for name in os.listdir(os.path.join(folder, ENTRIES)))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refused(explain_os_error("journal-unreachable", "The entries can't be listed", error, folder)) from error


def _create_marker(folder: str, machine_state: MachineState, recipient: str) -> Marker:
    if not recipient and not is_missing(os.path.join(folder, IDENTITY_FILE)):
        raise Refused(_describe_unknown_recipient(folder))
    make_folders(folder, subject="The journal's folder")
    known = machine_state.known_journal(folder)
    journal_id = (known and known.journal_id) or os.urandom(16).hex()
    create_file(
        os.path.join(folder, MARKER_FILE), _encode_marker(journal_id, recipient), subject="The journal's marker"
    )
    found = inspect_journal(folder, machine_state)  # another process may have been first
    return found if found.journal_id else Marker(journal_id, (), recipient)


def _encode_marker(journal_id: str, recipient: str) -> bytes:
    keys: dict[str, object] = {"format": ENCRYPTED_FORMAT if recipient else FORMAT, "journal": journal_id}
    if not recipient:
        preface = "This folder is a careerkit journal: entries in plain text, one file each. Keep this file with them."
        return encode_state(keys, comment=preface)
    preface = "This folder is an encrypted careerkit journal: age files for this recipient. Keep this file with them."
    return encode_state({**keys, "recipient": recipient}, comment=preface)


def _describe_damaged_marker(path: str) -> Problem:
    message = "The journal's marker is damaged; nothing is written until that is fixed."
    hint = "Restore it from a copy of the journal, or delete it: then a new one is created."
    return Problem("marker-damaged", message, hint, path)


def _describe_wrong_recipient(path: str) -> Problem:
    message = "The recipient in the journal's marker has a wrong character, so nothing can be encrypted for it."
    hint = "Restore the marker from a copy of the journal or from another machine; nothing is written until then."
    return Problem("marker-damaged", message, hint, path)


def _describe_missing_marker(folder: str, *, is_known: bool) -> Problem:
    placeholder = os.path.join(folder, f".{MARKER_FILE}.icloud")
    if not is_missing(placeholder):
        message = f"{MARKER_FILE} is only a placeholder: iCloud keeps the file on its server; nothing is written."
        return Problem("marker-missing", message, "Let iCloud download it.", placeholder)
    if not is_missing(os.path.join(folder, IDENTITY_FILE)) and not is_known:
        return _describe_unknown_recipient(folder)
    message = f"The journal has entries but no {MARKER_FILE}."
    hint = "If a sync is running, wait for it. The next entry creates a new one."
    return Problem("marker-missing", message, hint, folder, "warning")


def _describe_unknown_recipient(folder: str) -> Problem:
    message = f"The journal is encrypted, but it has no {MARKER_FILE}; nothing is written."
    hint = "If a sync is running, wait for it. If not, put that file back, or: careerkit journal encrypt"
    return Problem("marker-missing", message, hint, folder)


def _describe_lost_encryption(folder: str) -> Problem:
    message = f"This journal was encrypted, and its {MARKER_FILE} no longer says so; nothing is written."
    hint = "If you decrypted it on another machine: careerkit journal decrypt. If not: careerkit journal encrypt."
    return Problem("marker-not-encrypted", message, hint, folder)


def _describe_other_recipient(folder: str, state_path: str) -> Problem:
    message = f"The key in {MARKER_FILE} is not the one this journal was encrypted for; nothing is written."
    hint = "If you encrypted it again on another machine, remove"
    return Problem("marker-other-key", message, f"{hint} {state_path}. If not, put {MARKER_FILE} back.", folder)


def _describe_vanished_entries(folder: str, state_path: str) -> Problem:
    message = "There were entries in this folder, and now there are none."
    hint = "If it is on another disk, connect it. If you moved the journal, say where with --journal."
    return Problem("journal-emptied", message, f"{hint} To start a new one here, remove {state_path}.", folder)


def _describe_damaged_machine_id(path: str) -> Problem:
    return Problem(
        "machine-damaged",
        "The file with this machine's name is damaged.",
        "Remove it. Unfinished entries then count as another machine's, and `careerkit resume` continues them.",
        path,
    )
