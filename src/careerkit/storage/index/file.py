"""The file of an index: found, made, made anew, or passed over, so that nobody need ever know that there is one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from careerkit.core.frozen import frozen
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Refused
from careerkit.storage.contents import Contents
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.envelope import AgeEnvelope
from careerkit.storage.folders import make_private
from careerkit.storage.index.contents import IndexContents
from careerkit.storage.index.refresh import Advance, Job, WornError, refresh
from careerkit.storage.index.tables import MAKE, TABLES
from careerkit.storage.month_folders import ENTRY_FILES, files, names_in

if TYPE_CHECKING:  # perhaps there is none
    from sqlite3 import Connection

T = TypeVar("T")

PATIENCE = 0.5
"""Seconds to wait for another process that is writing to the index."""

JOURNAL, NEW, SEAL = "-journal", ".new", ".seal"

Progress = Callable[[int], AbstractContextManager[Advance]]
"""Shows how far so many entries have come; gives what is to be called after each."""


class Index:
    """Indexes in the folder `cache`, which may be missing or unwritable. `version` is that of careerkit."""

    def __init__(self, cache: str, *, version: str, progress: Progress) -> None:
        self._folder = os.path.join(cache, "index")
        self._make = f"{version}-{MAKE}-{sys.version_info[0]}.{sys.version_info[1]}"
        self._progress = progress

    def ask(
        self, question: Callable[[Contents], T], journal: str, envelope: AgeEnvelope, *, has_texts: bool
    ) -> T | None:
        """What `question` makes of the contents; None where there can be no index, and the folder must be asked."""
        with _passed_over():
            job = self._job(journal, envelope, has_texts=has_texts)
            for _ in range(2):  # what turns out to be damaged in use is made anew, once
                with contextlib.closing(self._up_to_date(job)) as database:
                    try:
                        return question(IndexContents(database, journal, envelope, has_texts=job.has_texts))
                    except _errors() as error:
                        if _is_busy(error):
                            raise
                        self.purge(journal)
        return None

    def renew(self, journal: str, envelope: AgeEnvelope, *, has_texts: bool) -> bool:
        """Make the index anew, with every file looked at. Was that possible?"""
        done = False
        with _passed_over():
            job = self._job(journal, envelope, has_texts=has_texts)
            with self._alone(journal) as seal:
                self._build(job, seal)
            done = True
        return done  # noqa: RET504 - it may have been passed over

    def unlike(self, journal: str, envelope: AgeEnvelope, *, has_texts: bool) -> int:
        """How many files it knows otherwise than they are, once it is up to date; 0 where there can be no index."""
        from careerkit.storage.index.comparison import unlike  # only when all is looked over

        count = 0
        with _passed_over():
            job = self._job(journal, envelope, has_texts=has_texts)
            with contextlib.closing(self._up_to_date(job)) as database:
                count = unlike(database, job)
        return count

    def purge(self, journal: str) -> None:
        """Leave nothing of what was kept of a journal."""
        path = self._path(journal)
        for each in (path, path + JOURNAL, path + NEW):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(each)

    def purge_all(self) -> None:
        """Leave nothing of any journal: where one lay before, or by what other way it was reached, nobody knows any more.

        Refused where something can't be removed.
        """
        try:
            for name in names_in(self._folder):
                if not name.endswith(SEAL):
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(os.path.join(self._folder, name))
        except OSError as error:
            what = "The index, in which words of the journal are, was not removed"
            raise Refused(trouble("index-left", what, error, self._folder)) from error

    def _job(self, journal: str, envelope: AgeEnvelope, *, has_texts: bool) -> Job:
        """Of a journal on another disk, such as an encrypted stick, no words are left on this one."""
        make_private(self._folder)
        return Job(journal, envelope, has_texts and os.stat(journal).st_dev == os.stat(self._folder).st_dev)

    def _up_to_date(self, job: Job) -> Connection:
        path = self._path(job.journal)
        with self._alone(job.journal) as seal:
            if not (seal.fits(path) and self._refreshed(job, seal)):
                self._build(job, seal)
        return _connected(path)

    def _refreshed(self, job: Job, seal: _Seal) -> bool:
        """Bring the index up to date. False where it is of another make, or worn or damaged."""
        path = self._path(job.journal)
        with contextlib.closing(_connected(path)) as database:
            try:
                if dict(database.execute("select key, value from meta where key <> 'next'")) != self._meta(job):
                    return False
                if refresh(database, job):
                    seal.put(path)
            except WornError:
                return False
            except _errors() as error:
                if _is_busy(error):
                    raise
                return False
        return True

    def _build(self, job: Job, seal: _Seal) -> None:
        """A new index in the place of what is there. Built beside it, so that a killed build leaves nothing half done."""
        self.purge(job.journal)
        path = self._path(job.journal)
        os.close(os.open(path + NEW, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        with contextlib.closing(_connected(path + NEW)) as database:
            database.executescript("pragma journal_mode = off; pragma synchronous = off;")
            database.executescript(TABLES)
            database.executemany("insert into meta values (?, ?)", {**self._meta(job), "next": "0"}.items())
            with self._progress(sum(1 for _ in files(job.journal, ENTRY_FILES, []))) as advance:
                refresh(database, job, advance=advance)
        _sync(path + NEW)
        os.replace(path + NEW, path)
        seal.put(path)

    def _meta(self, job: Job) -> dict[str, str]:
        return {"make": self._make, "journal": os.fsencode(job.journal).hex(), "has_texts": str(job.has_texts)}

    def _path(self, journal: str) -> str:
        return os.path.join(self._folder, sha256_of(os.fsencode(os.path.realpath(journal)))[:32] + ".sqlite")

    @contextlib.contextmanager
    def _alone(self, journal: str) -> Iterator[_Seal]:
        """Nobody else changes the index while the block runs. OSError where another one does, and for long."""
        descriptor = os.open(self._path(journal) + SEAL, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(descriptor)
            yield _Seal(descriptor)
        finally:
            os.close(descriptor)


@frozen
class _Seal:
    """A small file beside the index, open at `descriptor`: what the index was like when careerkit last wrote to it.

    SQLite does not notice every damage. Whatever has changed the file otherwise, the index is made anew.
    """

    descriptor: int

    def fits(self, path: str) -> bool:
        try:
            return os.pread(self.descriptor, 200, 0).decode() == _look_of(path)
        except (OSError, UnicodeDecodeError):
            return False

    def put(self, path: str) -> None:
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, _look_of(path).encode(), 0)


def _look_of(path: str) -> str:
    its = os.stat(path)
    return f"{its.st_size} {its.st_mtime_ns} {its.st_ctime_ns} {its.st_ino} {stat.S_IMODE(its.st_mode):o}\n"


def _lock(descriptor: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


@contextlib.contextmanager
def _passed_over() -> Iterator[None]:
    """Whatever is the matter with the index itself is no matter to anybody."""
    try:
        yield
    except (OSError, ImportError, WornError):
        pass
    except _errors():
        pass


def _errors() -> type[Exception]:
    from sqlite3 import Error  # Python may be built without

    return Error


def _is_busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _connected(path: str) -> Connection:
    from sqlite3 import connect

    return connect(path, timeout=PATIENCE, isolation_level=None)


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
