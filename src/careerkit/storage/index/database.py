"""The SQLite file of an index: open it, refresh it, and rebuild or skip it if anything is wrong with it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.text import hash_sha256
from careerkit.storage.catalog import Catalog, FolderCatalog, IndexFailedError
from careerkit.storage.encryption import AgeCodec
from careerkit.storage.index.catalog import SCHEMA, SCHEMA_VERSION, IndexCatalog
from careerkit.storage.index.refresh import (
    IndexJob,
    RebuildNeededError,
    RefreshResult,
    count_stale_files,
    refresh_index,
)
from careerkit.storage.layout import ENTRY_FILES, FILE_SUFFIX, list_months, list_names
from careerkit.storage.platform import explain_os_error, make_private_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection

    from careerkit.storage.backup import Advance

BUSY_TIMEOUT_S = 0.5
"""Seconds to wait for another process that is writing to the index."""

JOURNAL_SUFFIX, NEW_SUFFIX, STATE_SUFFIX = "-journal", ".new", ".seal"

StartProgress = Callable[[int], AbstractContextManager["Advance"]]
"""Shows the progress of indexing this many entries; gives the function to call after each."""


class JournalIndex:
    """The indexes of all journals, in the folder `cache`, which may be missing or unwritable. `version` is careerkit's."""

    def __init__(self, cache: str, *, version: str, start_progress: StartProgress) -> None:
        self._folder = os.path.join(cache, "index")
        self._version = f"{version}-{SCHEMA_VERSION}-{sys.version_info[0]}.{sys.version_info[1]}"
        self._start_progress = start_progress

    @contextlib.contextmanager
    def query(self, journal: str, codec: AgeCodec, *, stores_text: bool) -> Iterator[Catalog]:
        """Give the catalog of the journal: from the index, or from the folder if no index can be used.

        Raises IndexFailedError if the index fails while it is read. A damaged index is deleted then, so that the next
        query rebuilds it.
        """
        with contextlib.ExitStack() as stack:
            catalog: Catalog = FolderCatalog(journal, codec)
            with _ignore_index_errors():
                job = self._make_job(journal, codec, stores_text=stores_text)
                opened, problems = self._open_current(job)
                database = stack.enter_context(contextlib.closing(opened))
                catalog = IndexCatalog(database, journal, codec, stores_text=job.stores_text, problems=problems)
            try:
                yield catalog
            except Exception as error:
                if not _is_sqlite_error(error):
                    raise
                if not _is_busy(error):
                    self.purge(journal)
                raise IndexFailedError from error

    def rebuild(self, journal: str, codec: AgeCodec, *, stores_text: bool) -> bool:
        """Rebuild the index from every file. Returns whether that worked."""
        is_done = False
        with _ignore_index_errors():
            job = self._make_job(journal, codec, stores_text=stores_text)
            with self._lock(journal) as state_file:
                self._rebuild(job, state_file)
            is_done = True
        return is_done  # noqa: RET504 - an error may have been ignored

    def count_stale_files(self, journal: str, codec: AgeCodec, *, stores_text: bool) -> int:
        """Refresh the index, then count the files that still differ from it; 0 if there can be no index.

        Raises Refused if something can't be read.
        """
        count = 0
        with _ignore_index_errors():
            job = self._make_job(journal, codec, stores_text=stores_text)
            opened, problems = self._open_current(job)
            with contextlib.closing(opened) as database:
                if problems:
                    raise Refused(problems)
                count = count_stale_files(database, job)
        return count

    def purge(self, journal: str) -> None:
        """Delete the index of a journal. Raises OSError."""
        path = self._get_path(journal)
        for each in (path, path + JOURNAL_SUFFIX, path + NEW_SUFFIX):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(each)

    def purge_all(self, *, and_state_of: str = "") -> None:
        """Delete all indexes, since a journal that was moved or reached by another path may have more than one.

        `and_state_of` is a journal that is gone: the file with its index's state is deleted too. Raises Refused if an index
        can't be deleted.
        """
        unused = os.path.basename(self._get_path(and_state_of)) + STATE_SUFFIX if and_state_of else ""
        try:
            for name in list_names(self._folder):
                if not name.endswith(STATE_SUFFIX) or name == unused:
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(os.path.join(self._folder, name))
        except OSError as error:
            message = "The index, which contains words from the journal, was not removed"
            raise Refused(explain_os_error("index-left", message, error, self._folder)) from error

    def _make_job(self, journal: str, codec: AgeCodec, *, stores_text: bool) -> IndexJob:
        """Describe the journal. If it is on another disk, such as an encrypted stick, the index stores no words from it."""
        make_private_folder(self._folder)
        return IndexJob(journal, codec, stores_text and os.stat(journal).st_dev == os.stat(self._folder).st_dev)

    def _open_current(self, job: IndexJob) -> tuple[Connection, tuple[Problem, ...]]:
        """The index, up to date except for what could not be read: the problems."""
        path = self._get_path(job.journal)
        with self._lock(job.journal) as state_file:
            current = self._try_refresh(job, state_file) if state_file.matches(path) else None
            if current is None:
                problems = self._rebuild(job, state_file).problems
                current = _connect(path), problems
        return current

    def _try_refresh(self, job: IndexJob, state_file: _StateFile) -> tuple[Connection, tuple[Problem, ...]] | None:
        """Open the index and bring it up to date. None if it has to be rebuilt."""
        path = self._get_path(job.journal)
        with contextlib.ExitStack() as stack:
            database = stack.enter_context(contextlib.closing(_connect(path)))
            try:
                if dict(database.execute("select key, value from meta where key <> 'next'")) != self._make_meta(job):
                    return None
                refreshed = refresh_index(database, job)
                if refreshed.has_changed:
                    state_file.store(path)
            except RebuildNeededError:
                return None
            except _get_sqlite_error() as error:
                if _is_busy(error):
                    raise
                return None
            stack.pop_all()  # it stays open
        return database, refreshed.problems

    def _rebuild(self, job: IndexJob, state_file: _StateFile) -> RefreshResult:
        """Build a new index under another name, then move it into place."""
        self.purge(job.journal)
        path = self._get_path(job.journal)
        os.close(os.open(path + NEW_SUFFIX, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with contextlib.closing(_connect(path + NEW_SUFFIX)) as database:
            database.executescript("pragma journal_mode = off; pragma synchronous = off;")
            database.executescript(SCHEMA)
            database.executemany("insert into meta values (?, ?)", {**self._make_meta(job), "next": "0"}.items())
            with self._start_progress(_estimate_entry_count(job.journal)) as advance:
                built = refresh_index(database, job, advance=advance)
        _sync_file(path + NEW_SUFFIX)
        os.replace(path + NEW_SUFFIX, path)
        state_file.store(path)
        return built

    def _make_meta(self, job: IndexJob) -> dict[str, str]:
        return {"make": self._version, "journal": os.fsencode(job.journal).hex(), "has_texts": str(job.stores_text)}

    def _get_path(self, journal: str) -> str:
        return os.path.join(self._folder, hash_sha256(os.fsencode(os.path.realpath(journal)))[:32] + ".sqlite")

    @contextlib.contextmanager
    def _lock(self, journal: str) -> Iterator[_StateFile]:
        """Lock the index against changes by other processes. Raises OSError if one holds the lock for too long."""
        descriptor = os.open(self._get_path(journal) + STATE_SUFFIX, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock_descriptor(descriptor)
            yield _StateFile(descriptor)
        finally:
            os.close(descriptor)


@frozen
class _StateFile:
    """A file next to the index, open at `descriptor`, with the index's size, times and mode after careerkit's last write.

    SQLite doesn't detect all damage, so an index that anything else has changed is rebuilt.
    """

    descriptor: int

    def matches(self, path: str) -> bool:
        try:
            return os.pread(self.descriptor, 200, 0).decode() == _describe_file(path)
        except (OSError, UnicodeDecodeError):
            return False

    def store(self, path: str) -> None:
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, _describe_file(path).encode(), 0)


def _describe_file(path: str) -> str:
    status = os.stat(path)
    mode = stat.S_IMODE(status.st_mode)
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino} {mode:o}\n"


def _estimate_entry_count(journal: str) -> int:
    """Count the entry files for a progress bar, without checking their names. What can't be listed counts as empty."""
    count = 0
    with contextlib.suppress(Refused):  # building the index reports that
        for month in list_months(journal, ENTRY_FILES):
            with contextlib.suppress(Refused):
                count += sum(name.endswith(FILE_SUFFIX) for name in list_names(month))
    return count


def _lock_descriptor(descriptor: int) -> None:
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


@contextlib.contextmanager
def _ignore_index_errors() -> Iterator[None]:
    """Ignore errors of the index itself, because everything works without it."""
    try:
        yield
    except (OSError, ImportError, RebuildNeededError):
        pass
    except _get_sqlite_error():
        pass


def _get_sqlite_error() -> type[Exception]:
    from sqlite3 import Error  # Python may be built without it

    return Error


def _is_sqlite_error(error: Exception) -> bool:
    sqlite3 = sys.modules.get("sqlite3")  # Python may be built without it
    return sqlite3 is not None and isinstance(error, sqlite3.Error)


def _is_busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _connect(path: str) -> Connection:
    from sqlite3 import connect

    return connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)


def _sync_file(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
