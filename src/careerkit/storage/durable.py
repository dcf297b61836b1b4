"""How bytes become a file that survives a power cut: the old file or the new one, whole, and never a false "saved".

A temp file beside the target is written, synced and read back before it takes the target's name. A sync that failed
is never tried again on the same descriptor: the kernel may have dropped the pages and call the second try a success.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable

from careerkit.core.problem import Problem, Refused
from careerkit.storage.disk_trouble import trouble

TEMP_START, TEMP_END = ".careerkit-", ".tmp"
UNKNOWN = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
"""How file systems say that they know no such thing."""
NO_LINKS = (
    *UNKNOWN,
    errno.EMLINK,
    errno.EACCES,
    errno.EXDEV,
)  # Android forbids links; some unions of disks can't make one
NO_MODES = (*UNKNOWN, errno.EACCES)
NO_FOLDER_SYNC = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF)

Fill = Callable[[int], None]
"""Writes a file's content to a descriptor, syncs it, and reads it back."""


class _TakenError(Exception):
    """There is something of that name."""


def replace(path: str, data: bytes, *, what: str) -> None:
    """Write `data` to `path`, new or in place of what is there; a link is followed to the real file.

    Refused with "not-saved" when the old file is untouched, and with "not-certain" when the new one is there but
    the disk would not confirm it. `what` opens the message: "The entry k3f9x2".
    """
    _put(_real(path, what), _bytes(data), what, os.replace)


def replace_by(path: str, fill: Fill, *, what: str) -> None:
    """As `replace`, with what `fill` writes: it is given an empty file's descriptor, and raises OSError where it fails.

    `fill` has to sync the descriptor with `sync`, and to read back what it wrote.
    """
    _put(_real(path, what), fill, what, os.replace)


def create_by(path: str, fill: Fill, *, what: str) -> bool:
    """As `create`, with what `fill` writes."""
    return _created(path, fill, what)


def create(path: str, data: bytes, *, what: str) -> bool:
    """Write `data` to a new file. False, and nothing is touched, when there is anything of that name already."""
    return _created(path, _bytes(data), what)


def delete(path: str, *, what: str) -> None:
    """Delete a file so that it stays deleted; a link goes with the file that it leads to. No such file is no trouble.

    Refused with "not-deleted" where it is still there, and with "not-certain" where the disk would not confirm it.
    """
    both = dict.fromkeys((os.path.realpath(path), path))  # the words first: without them the link tells nothing
    try:
        for each in both:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(each)
    except OSError as error:
        raise Refused(trouble("not-deleted", f"{what} was not deleted", error, path)) from error
    try:
        for folder in {os.path.dirname(each) for each in both}:
            with contextlib.suppress(FileNotFoundError):
                _sync_folder(folder)
    except OSError as error:
        message = f"{what} was deleted, but the disk would not confirm that it stays so after a power cut"
        raise Refused(trouble("not-certain", message, error, path)) from error


def move(path: str, target: str, *, what: str) -> None:
    """Give a file another place on the same disk, so that it stays there.

    Refused with "not-moved" where it is where it was, and with "not-certain" where the disk would not confirm it.
    """
    try:
        os.rename(path, target)
    except OSError as error:
        raise Refused(trouble("not-moved", f"{what} was not moved", error, path)) from error
    try:
        for folder in (os.path.dirname(target), os.path.dirname(path)):
            _sync_folder(folder)
    except OSError as error:
        message = f"{what} was moved, but the disk would not confirm that it will survive a power cut"
        raise Refused(trouble("not-certain", message, error, target)) from error


def make_folders(path: str, *, what: str) -> None:
    """Make sure of a folder and those above it, each new one for its owner only and synced into the one above."""
    try:
        if os.path.isdir(path):
            return
        above = os.path.dirname(path)
        make_folders(above, what=what)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o700)
        _sync_folder(above)
        if not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, path)
    except OSError as error:
        raise Refused(trouble("not-saved", f"{what} was not saved", error, path)) from error


def sync(descriptor: int) -> None:
    """Have the disk confirm what was written to a descriptor. Never again for one that failed: see this module."""
    if sys.platform == "darwin":  # pragma: no cover - there, fsync stops at the disk's own cache
        import fcntl  # only there

        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def is_temp(name: str) -> bool:
    """Whether a file of that name is what a killed process has left of a write."""
    return name.startswith(TEMP_START) and name.endswith(TEMP_END)


def _real(path: str, what: str) -> str:
    try:
        if os.path.islink(path):
            path = os.path.realpath(path, strict=True)
        kind = os.stat(path).st_mode
    except FileNotFoundError as error:
        if not os.path.islink(path):
            return path
        raise Refused(_dangling(path, what)) from error
    except OSError as error:
        raise Refused(trouble("not-saved", f"{what} was not saved", error, path)) from error
    if stat.S_ISREG(kind):
        return path
    message = f"{what} was not saved: {path} is there, but it is no file."
    raise Refused(Problem("not-saved", message, "Move it away; careerkit does not touch it.", path))


def _dangling(path: str, what: str) -> Problem:
    message = f"{what} was not saved: {path} is a link to something that is not there."
    return Problem("not-saved", message, "If it lies on another disk, connect it; or remove the link.", path)


def _created(path: str, fill: Fill, what: str) -> bool:
    try:
        _put(path, fill, what, _claim)
    except _TakenError:
        return False
    return True


def _bytes(data: bytes) -> Fill:
    def fill(descriptor: int) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        sync(descriptor)
        if not _holds(descriptor, data):
            raise OSError(errno.EIO, "what was read back differs")

    return fill


def _put(target: str, fill: Fill, what: str, put: Callable[[str, str], None]) -> None:
    folder = os.path.dirname(target)
    temp = os.path.join(folder, f"{TEMP_START}{os.urandom(8).hex()}{TEMP_END}")
    try:
        _write_and_put(temp, fill, target, put)
    except OSError as error:
        problem = trouble("not-saved", f"{what} was not saved", error, target)
        raise Refused(problem) from error
    try:
        _sync_folder(folder)
    except OSError as error:
        message = f"{what} was written, but the disk would not confirm that it will survive a power cut"
        raise Refused(trouble("not-certain", message, error, target)) from error


def _write_and_put(temp: str, fill: Fill, target: str, put: Callable[[str, str], None]) -> None:
    try:
        _write(temp, fill)
        put(temp, target)
    except BaseException:  # also Ctrl-C: a temp file holds answers
        with contextlib.suppress(OSError):
            os.unlink(temp)
        raise


def _write(temp: str, fill: Fill) -> None:
    descriptor = os.open(temp, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _close_to_others(descriptor)
        fill(descriptor)
    finally:
        os.close(descriptor)


def _close_to_others(descriptor: int) -> None:
    try:
        os.fchmod(descriptor, 0o600)  # the umask may have taken away what we need ourselves
    except OSError as error:
        if error.errno not in NO_MODES:  # a memory stick knows none, and is better than nothing
            raise


def _holds(descriptor: int, data: bytes) -> bool:
    read = 0
    while part := os.pread(descriptor, 1 << 20, read):
        if data[read : read + len(part)] != part:
            return False
        read += len(part)
    return read == len(data)


def _claim(temp: str, target: str) -> None:
    """Give the temp file the target's name unless something has it."""
    try:
        os.link(temp, target)
    except FileExistsError:
        raise _TakenError from None
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        # A file system without hard links: a moment lies between the look and the rename, and names are random.
        if os.path.lexists(target):
            raise _TakenError from None
        os.rename(temp, target)
        return
    with contextlib.suppress(OSError):  # the file has its name; a second one is swept later
        os.unlink(temp)


def _sync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)
