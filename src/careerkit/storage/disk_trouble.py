"""What an error of the disk means to a person, and what mends it."""

from __future__ import annotations

import errno
import os

from careerkit.core.problem import Problem

REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose another folder with --journal."),
    errno.EDQUOT: ("your share of this disk is used up", "Free some space, or choose another folder with --journal."),
    errno.EFBIG: ("the file would be larger than is allowed", "Raise the limit (ulimit -f), or shorten the answer."),
    errno.EIO: ("the disk reports a fault", "Copy the journal to another disk, and look at this one."),
    errno.EROFS: ("that disk can only be read", "Make it writable, or choose another folder with --journal."),
    errno.EACCES: ("the permissions of its file or folder don't allow it", "Look at who owns it: ls -ld."),
    errno.EPERM: ("the system doesn't permit it", "Look at who owns it: ls -ld."),
    errno.EXDEV: ("its place would be on another disk", "Move it yourself, to where it belongs or out of the journal."),
    errno.ELOOP: ("its links go in a circle", "Mend the link: ls -l shows where it leads."),
    errno.ENOTDIR: ("a part of its path is a file, not a folder", "Look at the path, and move that file away."),
    errno.EISDIR: ("there is a folder of that name", "Move that folder away."),
    errno.ENOENT: ("its folder is not there", "If it lies on another disk, connect it."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter path."),
}


def trouble(code: str, what: str, error: OSError, where: str) -> Problem:
    """The problem that `what` (a clause such as "The entry was not saved") has for the reason in `error`."""
    number = error.errno or 0
    reason, hint = REASONS.get(number, (os.strerror(number) if number else str(error), ""))
    return Problem(code, f"{what}: {reason}.", hint, where)
