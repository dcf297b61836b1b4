"""How one process is the only writer of an entry, or of a journal. A killed process's lock is gone with it; only its file may stay."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager

from careerkit.core.problem import Problem, Refused
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.durable import make_folders

FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


@contextlib.contextmanager
def hold(path: str, *, held: Problem) -> Iterator[None]:
    """Hold the lock while the block runs. Refused with `held` while another process has it."""
    make_folders(os.path.dirname(path), what="The lock of the entry")
    try:
        descriptor = _lock(path)
    except BlockingIOError as error:
        raise Refused(held) from error
    except OSError as error:
        raise Refused(trouble("not-locked", "The entry can't be locked", error, path)) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            os.unlink(path)  # while it is still held: whoever opened it meanwhile sees that it is no longer the file
        with contextlib.suppress(OSError):
            os.close(descriptor)


def among_writers(path: str, *, held: Problem) -> AbstractContextManager[None]:
    """Be one of the writers of a journal while the block runs. Refused with `held` while somebody wants to be alone."""
    return _journal(path, fcntl.LOCK_SH, held)


def alone(path: str, *, held: Problem) -> AbstractContextManager[None]:
    """Be the only writer of a journal while the block runs. Refused with `held` while there is another one."""
    return _journal(path, fcntl.LOCK_EX, held)


@contextlib.contextmanager
def _journal(path: str, how: int, held: Problem) -> Iterator[None]:
    make_folders(os.path.dirname(path), what="The lock of the journal")
    try:
        descriptor = os.open(path, FLAGS, 0o600)
    except OSError as error:
        raise Refused(trouble("not-locked", "The journal can't be locked", error, path)) from error
    try:
        _flock(descriptor, how, path, held)
        yield
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)  # its file stays: others may have it open for their share


def _flock(descriptor: int, how: int, path: str, held: Problem) -> None:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused(held) from error
    except OSError as error:
        raise Refused(trouble("not-locked", "The journal can't be locked", error, path)) from error


def _lock(path: str) -> int:
    while True:
        descriptor = os.open(path, FLAGS, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False
