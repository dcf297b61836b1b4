"""Read whole files, treating a file as absent only if it doesn't exist."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable

from careerkit.core.errors import Problem, Refused
from careerkit.storage.failures import UNREADABLE, explain_os_error

MAX_FILE_BYTES = 1 << 28
"""No file of a journal is this large, but one that is would fill the memory."""


def read_file(path: str) -> bytes | None:
    """Read a file, following links. None if it doesn't exist; raises Refused if it can't be read."""
    try:
        # Without O_NONBLOCK, opening a FIFO blocks until someone writes to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        if is_dangling(path):
            raise Refused(
                explain_os_error(UNREADABLE, "It is a link to something that doesn't exist", error, path)
            ) from error
        return None
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error
    try:
        return _read_descriptor(descriptor, path)
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error
    finally:
        with contextlib.suppress(OSError):  # the data was read
            os.close(descriptor)


def is_dangling(path: str) -> bool:
    """Is the path missing because a link in it is broken, for example one to a disk that isn't connected?"""
    path = os.path.abspath(path)
    while not os.path.exists(path) and path != os.path.dirname(path):
        if os.path.islink(path):
            return True
        path = os.path.dirname(path)
    return False


def is_folder(path: str) -> bool:
    """Is this a folder, or a link to one? Raises Refused if that can't be found out: os.path.isdir would say no."""
    return _has_kind(path, stat.S_ISDIR)


def is_file(path: str) -> bool:
    """Is this a regular file, or a link to one? Raises Refused if that can't be found out."""
    return _has_kind(path, stat.S_ISREG)


def is_missing(path: str) -> bool:
    """Is there nothing with this name, not even a broken link? Raises Refused if that can't be found out."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error
    return False


def _has_kind(path: str, is_kind: Callable[[int], bool]) -> bool:
    try:
        return is_kind(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise Refused(explain_os_error(UNREADABLE, "It can't be read", error, path)) from error


def _read_descriptor(descriptor: int, path: str) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        message = "Something with this name exists, but it isn't a file."
        raise Refused(Problem("not-a-file", message, "Move it away.", path))
    if status.st_size > MAX_FILE_BYTES:
        message = f"This file has {status.st_size:,} bytes, more than any file of careerkit's."
        raise Refused(Problem("too-large", message, "Move it away.", path))
    parts = [os.read(descriptor, status.st_size + 1)]
    while parts[-1]:
        parts.append(os.read(descriptor, 1 << 20))
    return b"".join(parts)
