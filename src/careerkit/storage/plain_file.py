"""How a file is read whole: only a real file, and only "no such file" means that there is none."""

from __future__ import annotations

import contextlib
import os
import stat

from careerkit.core.problem import Problem, Refused
from careerkit.storage.disk_trouble import trouble


def read_file(path: str) -> bytes | None:
    """The file's bytes, through a link too; None when there is none. Refused where it can't be read."""
    try:
        # Without O_NONBLOCK, opening a FIFO waits for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        if leads_nowhere(path):
            raise Refused(trouble("unreadable", "It is a link to something that is not there", error, path)) from error
        return None
    except OSError as error:
        raise Refused(trouble("unreadable", "It can't be read", error, path)) from error
    try:
        return _read(descriptor, path)
    except OSError as error:
        raise Refused(trouble("unreadable", "It can't be read", error, path)) from error
    finally:
        with contextlib.suppress(OSError):  # what was read is read
            os.close(descriptor)


def leads_nowhere(path: str) -> bool:
    """Whether nothing is there because a link on the way leads to something that isn't: a disk that is not connected, say."""
    path = os.path.abspath(path)
    while not os.path.exists(path):
        if os.path.islink(path):
            return True
        path = os.path.dirname(path)
    return False


def _read(descriptor: int, path: str) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        message = "There is something of that name, but it is no file."
        raise Refused(Problem("not-a-file", message, "Move it away.", path))
    parts = [os.read(descriptor, status.st_size + 1)]
    while parts[-1]:
        parts.append(os.read(descriptor, 1 << 20))
    return b"".join(parts)
