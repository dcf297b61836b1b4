"""Protect entries from concurrent writes: locks between processes, and a check that a file is unchanged before a save."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.hashing import hash_sha256
from careerkit.core.journal.fast_reader import FORMAT, describe_newer_format
from careerkit.storage import failures
from careerkit.storage.atomic_write import make_folders
from careerkit.storage.failures import explain_os_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.entry import Entry


LOCK_FILE_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


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
            raise Refused(failures.entry_owned_elsewhere(entry.id))
        if known.finished:
            raise Refused(failures.entry_finished(entry.id))
        if known.format > FORMAT:
            raise Refused(describe_newer_format(known.format).at(path))
        if hash_sha256(data) != known.sha256:
            raise Refused(failures.entry_changed(entry.id))
