"""Write files atomically and durably, and clean up after writes that were killed.

After a power cut there is the old file or the new one, never half of either. A new file is written under a temporary
name, synced, read back, and renamed. A sync that failed is never repeated on the same descriptor: the kernel may have
dropped the data, and a second sync would report success.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import sys
import time
from collections.abc import Callable

from careerkit.core.errors import Problem, Refused
from careerkit.storage import layout
from careerkit.storage.platform import explain_os_error

UNSUPPORTED_ERRNOS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
"""How file systems report an operation that they don't support."""
NO_HARD_LINK_ERRNOS = (*UNSUPPORTED_ERRNOS, errno.EMLINK, errno.EACCES, errno.EXDEV)
"""Android forbids hard links, and some union file systems can't create them."""
NO_CHMOD_ERRNOS = (*UNSUPPORTED_ERRNOS, errno.EACCES)
NO_FOLDER_SYNC_ERRNOS = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF)

MIN_LEFTOVER_AGE_S = 3600
"""Seconds after which a temporary file counts as abandoned."""
RECENT_MONTHS = 3
"""How many of the newest month folders are cleaned up."""
OTHERS_MODE_MASK = 0o077

WriteContent = Callable[[int], None]
"""Writes a file's content to an empty file's descriptor, syncs it with `sync_descriptor`, and reads it back.

Raises OSError if any of that fails.
"""


class _NameTakenError(Exception):
    """The name of the new file is already in use."""


def replace_file(path: str, data: bytes, *, subject: str) -> None:
    """Write `data` to `path`, replacing any file there; a link is followed. `subject` names the file in messages.

    Raises Refused: with "not-saved" if the old file is untouched, and with "not-certain" if the new file is in place
    but the disk didn't confirm that it will survive a power cut.
    """
    _commit(_resolve_target(path, subject), make_writer(data), subject, os.replace)


def replace_copy(path: str, write_content: WriteContent, *, subject: str) -> None:
    """Like `replace_file`, for a copy outside the journal, written piece by piece. A killed write leaves nothing readable.

    See `_write_unnamed`.
    """
    _commit(_resolve_target(path, subject), write_content, subject, os.replace, is_copy=True)


def create_file(path: str, data: bytes, *, subject: str) -> bool:
    """Write `data` to a new file. Returns False, without touching anything, if the name is in use.

    Raises Refused like `replace_file`.
    """
    try:
        _commit(path, make_writer(data), subject, _link_new)
    except _NameTakenError:
        return False
    return True


def create_copy(path: str, write_content: WriteContent, *, subject: str) -> bool:
    """Like `create_file`, for a copy outside the journal, written piece by piece. A killed write leaves nothing readable."""
    try:
        _commit(path, write_content, subject, _link_new, is_copy=True)
    except _NameTakenError:
        return False
    return True


def delete_file(path: str, *, subject: str) -> None:
    """Delete a file durably, and if it is a link, its target too. Does nothing if it doesn't exist.

    Raises Refused: with "not-deleted" if the file is still there, and with "not-certain" if the disk didn't confirm.
    """
    both = dict.fromkeys((os.path.realpath(path), path))  # the target first: it holds the data
    try:
        for each in both:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(each)
    except OSError as error:
        raise Refused(explain_os_error("not-deleted", f"{subject} was not deleted", error, path)) from error
    try:
        for folder in {os.path.dirname(each) for each in both}:
            with contextlib.suppress(FileNotFoundError):
                _sync_folder(folder)
    except OSError as error:
        message = f"{subject} was deleted, but the disk didn't confirm that it will stay deleted after a power cut"
        raise Refused(explain_os_error("not-certain", message, error, path)) from error


def move_file(path: str, target: str, *, subject: str) -> None:
    """Move a file durably, on the same disk.

    Raises Refused: with "not-moved" if the file is still in its old place, and with "not-certain" if the disk didn't
    confirm the move.
    """
    try:
        os.rename(path, target)
    except OSError as error:
        raise Refused(explain_os_error("not-moved", f"{subject} was not moved", error, path)) from error
    try:
        for folder in (os.path.dirname(target), os.path.dirname(path)):
            _sync_folder(folder)
    except OSError as error:
        message = f"{subject} was moved, but the disk didn't confirm that it will survive a power cut"
        raise Refused(explain_os_error("not-certain", message, error, target)) from error


def make_folders(path: str, *, subject: str) -> None:
    """Create a folder and its missing parents durably, for the owner only. Raises Refused."""
    try:
        if os.path.isdir(path):
            return
        parent = os.path.dirname(path)
        make_folders(parent, subject=subject)
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o700)
        _sync_folder(parent)
        if not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, path)
    except OSError as error:
        raise Refused(explain_os_error("not-saved", f"{subject} was not saved", error, path)) from error


def sync_descriptor(descriptor: int) -> None:
    """Flush what was written to the disk itself. Raises OSError; don't retry on the same descriptor then."""
    if sys.platform == "darwin":  # pragma: no cover - fsync stops at the disk's own cache on macOS
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def clean_up_journal(journal: str) -> None:
    """Delete abandoned temporary files and restrict folders to their owner. Failures are ignored."""
    with contextlib.suppress(Refused, OSError):
        months = [
            month
            for kind in (layout.ENTRY_FILES, layout.EVENT_FILES)
            for month in layout.list_months(journal, kind)[-RECENT_MONTHS:]
        ]
        for folder in [journal, os.path.join(journal, layout.PLAYBOOKS), *months]:
            if os.path.isdir(folder):
                _delete_old_temp_files(folder)
                _make_private(folder)


def remove_leftovers(folder: str) -> None:
    """Delete abandoned temporary files in a folder outside the journal. Failures are ignored."""
    with contextlib.suppress(OSError):
        _delete_old_temp_files(folder)


def remove_killed_copies(folder: str) -> None:
    """Delete what killed copies left in their target folder, however new: those still being written are locked."""
    with contextlib.suppress(OSError):
        for name in filter(layout.is_temp_name, os.listdir(folder)):
            with contextlib.suppress(OSError):
                _delete_unlocked(os.path.join(folder, name))


def is_leftover(path: str) -> bool:
    """Is this a temporary file that no process is still writing? Raises OSError."""
    return layout.is_temp_name(os.path.basename(path)) and time.time() - os.lstat(path).st_mtime > MIN_LEFTOVER_AGE_S


def is_accessible_to_others(path: str) -> bool:
    """Do users other than the owner have any permission? A missing file or broken link counts as no."""
    try:
        return bool(stat.S_IMODE(os.stat(path).st_mode) & OTHERS_MODE_MASK)
    except OSError:
        return False


def _resolve_target(path: str, subject: str) -> str:
    try:
        if os.path.islink(path):
            path = os.path.realpath(path, strict=True)
        kind = os.stat(path).st_mode
    except FileNotFoundError as error:
        if not os.path.islink(path):
            return path
        raise Refused(_describe_dangling_link(path, subject)) from error
    except OSError as error:
        raise Refused(explain_os_error("not-saved", f"{subject} was not saved", error, path)) from error
    if stat.S_ISREG(kind):
        return path
    message = f"{subject} was not saved: {path} exists, but it isn't a file."
    raise Refused(Problem("not-saved", message, "Move it away; careerkit does not touch it.", path))


def _describe_dangling_link(path: str, subject: str) -> Problem:
    message = f"{subject} was not saved: {path} is a link to something that doesn't exist."
    return Problem("not-saved", message, "If it leads to another disk, connect it. If not, remove the link.", path)


def make_writer(data: bytes) -> WriteContent:
    """The function that writes `data`, syncs it and reads it back."""

    def write_content(descriptor: int) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        sync_descriptor(descriptor)
        if not _has_content(descriptor, data):
            raise OSError(errno.EIO, "what was read back differs")

    return write_content


def _commit(
    target: str,
    write_content: WriteContent,
    subject: str,
    publish: Callable[[str, str], None],
    *,
    is_copy: bool = False,
) -> None:
    folder = os.path.dirname(target)
    temp = os.path.join(folder, f"{layout.TEMP_PREFIX}{os.urandom(8).hex()}{layout.TEMP_SUFFIX}")
    try:
        if not is_copy:
            _write_and_publish(temp, write_content, target, publish)
        elif not _write_unnamed(temp, write_content, target, publish):
            _write_and_publish(temp, _lock_first(write_content), target, publish)
    except OSError as error:
        problem = explain_os_error("not-saved", f"{subject} was not saved", error, target)
        raise Refused(problem) from error
    try:
        _sync_folder(folder)
    except OSError as error:
        message = f"{subject} was written, but the disk didn't confirm that it will survive a power cut"
        raise Refused(explain_os_error("not-certain", message, error, target)) from error


def _write_unnamed(temp: str, write_content: WriteContent, target: str, publish: Callable[[str, str], None]) -> bool:
    """Write to a file that has no name until it is complete, so that the system deletes it if the process is killed.

    Only to replace an existing file, the complete file needs its temporary name for a moment. False, with nothing left, if
    the system or the file system doesn't support such files.
    """
    try:
        flags = os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC  # only Linux has O_TMPFILE
        descriptor = os.open(os.path.dirname(target), flags, 0o600)
    except (OSError, AttributeError):
        return False  # if it is another fault, the named file meets it too
    try:
        _set_private_mode(descriptor)
        _lock_temp_file(descriptor)
        write_content(descriptor)
        source = f"/proc/self/fd/{descriptor}"
        try:
            # With a folder's descriptor, which an absolute path ignores, Python calls linkat, which follows links.
            os.link(source, target if publish is _link_new else temp, src_dir_fd=descriptor, follow_symlinks=True)
        except FileExistsError:
            raise _NameTakenError from None
        except OSError as error:
            if error.errno in (*NO_HARD_LINK_ERRNOS, errno.ENOENT):  # ENOENT: /proc is not mounted
                return False
            raise
        if publish is not _link_new:
            _publish(temp, target, publish)
    finally:
        with contextlib.suppress(OSError):  # it was synced before it was given its name, so nothing is lost
            os.close(descriptor)
    return True


def _publish(temp: str, target: str, publish: Callable[[str, str], None]) -> None:
    try:
        publish(temp, target)
    except BaseException:  # also on Ctrl-C, because the temporary file holds answers
        with contextlib.suppress(OSError):
            os.unlink(temp)
        raise


def _write_and_publish(
    temp: str, write_content: WriteContent, target: str, publish: Callable[[str, str], None]
) -> None:
    try:
        _write_temp_file(temp, write_content)
        publish(temp, target)
    except BaseException:  # also on Ctrl-C, because the temporary file holds answers
        with contextlib.suppress(OSError):
            os.unlink(temp)
        raise


def _write_temp_file(temp: str, write_content: WriteContent) -> None:
    descriptor = os.open(temp, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _set_private_mode(descriptor)
        write_content(descriptor)
    finally:
        os.close(descriptor)


def _set_private_mode(descriptor: int) -> None:
    try:
        os.fchmod(descriptor, 0o600)  # the umask may have removed the owner's permissions
    except OSError as error:
        if error.errno not in NO_CHMOD_ERRNOS:  # FAT, for example, has no permissions
            raise


def _has_content(descriptor: int, data: bytes) -> bool:
    read = 0
    while part := os.pread(descriptor, 1 << 20, read):
        if data[read : read + len(part)] != part:
            return False
        read += len(part)
    return read == len(data)


def _link_new(temp: str, target: str) -> None:
    """Rename the temporary file to the target's name, which must not be in use. Raises _NameTakenError."""
    try:
        os.link(temp, target)
    except FileExistsError:
        raise _NameTakenError from None
    except OSError as error:
        if error.errno not in NO_HARD_LINK_ERRNOS:
            raise
        # Without hard links this check can race, but the names are random.
        if os.path.lexists(target):
            raise _NameTakenError from None
        os.rename(temp, target)
        return
    with contextlib.suppress(OSError):  # a temporary name that remains is cleaned up later
        os.unlink(temp)


def _sync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC_ERRNOS:
            raise
    finally:
        os.close(descriptor)


def _delete_old_temp_files(folder: str) -> None:
    for name in filter(layout.is_temp_name, os.listdir(folder)):
        if is_leftover(os.path.join(folder, name)):
            os.unlink(os.path.join(folder, name))


def _lock_first(write_content: WriteContent) -> WriteContent:
    def write_locked(descriptor: int) -> None:
        _lock_temp_file(descriptor)
        write_content(descriptor)

    return write_locked


def _lock_temp_file(descriptor: int) -> None:
    """Show other processes that the file is still being written. Some network disks have no locks; the age counts there."""
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _delete_unlocked(path: str) -> None:
    """Delete a temporary file unless a process holds its lock. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)
    finally:
        os.close(descriptor)


def _make_private(folder: str) -> None:
    if is_accessible_to_others(folder):
        os.chmod(folder, stat.S_IMODE(os.stat(folder).st_mode) & ~OTHERS_MODE_MASK)
