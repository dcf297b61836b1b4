"""The problems that storage reports, including operating system errors."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.text import format_count

UNREADABLE = "unreadable"
"""The code of a file or folder that exists, but which the system can't read. It may be readable the next time."""


def is_read_failure(problem: Problem) -> bool:
    """Did the system fail to read something? Then results may be incomplete, whatever else is shown."""
    return problem.code == UNREADABLE and problem.severity == "error"


@contextlib.contextmanager
def report_unsaved(entry_id: str) -> Iterator[None]:
    """Put "The last change was not saved" before whatever the block refuses."""
    try:
        yield
    except Refused as refused:
        message = f"The last change of the entry {get_handle(entry_id)} was not saved."
        raise Refused([Problem("not-saved", message, "", entry_id), *refused.problems]) from refused


def entry_exists(entry_id: str) -> Problem:
    return Problem("entry-exists", "Nothing was saved: there is already an entry with this id.", "", entry_id)


def event_exists(event_id: str) -> Problem:
    return Problem("event-exists", "Nothing was saved: there is already an event with this id.", "Try again.", event_id)


def entry_missing(entry_id: str, path: str) -> Problem:
    message = f"The last change was not saved: the entry's file is gone from {path}."
    hint = "If it is on another disk, connect it. If you moved it, put it back."
    return Problem("entry-gone", message, hint, entry_id)


def entry_owned_elsewhere(entry_id: str) -> Problem:
    message = "Nothing was saved: this entry was started on another machine, and only that one can change it."
    return Problem("entry-elsewhere", message, "`careerkit resume` continues it here as a new entry.", entry_id)


def entry_finished(entry_id: str) -> Problem:
    message = "Nothing was saved: this entry is finished, and finished entries don't change."
    return Problem("entry-finished", message, "`careerkit journal edit` adds a correction.", entry_id)


def entry_changed(entry_id: str) -> Problem:
    message = "The last change was not saved: another program has changed the entry's file."
    hint = "Quit, check the file, and continue with `careerkit resume`."
    return Problem("entry-changed-meanwhile", message, hint, entry_id)


def entry_locked(entry_id: str) -> Problem:
    message = "This entry is already open in another careerkit window."
    return Problem("entry-held", message, "Continue in that window, or close it first.", entry_id)


def conversion_running(folder: str) -> Problem:
    message = "This journal is being encrypted or decrypted right now."
    return Problem("journal-turning-over", message, "Wait until that has finished, then try again.", folder)


def journal_in_use(folder: str) -> Problem:
    message = "careerkit is already using this journal in another window."
    return Problem("journal-in-use", message, "Quit it (your answers are saved), then try again.", folder)


def files_not_encrypted(count: int, path: str) -> Problem:
    subject = "This file is" if count == 1 else f"{format_count(count, 'file')} are"
    message = f"{subject} not encrypted, although the journal is."
    hint = "`careerkit journal encrypt` encrypts what was added from elsewhere or written earlier."
    return Problem("not-encrypted", message, hint, path, "warning")


def entry_id_mismatch(found: str, path: str) -> Problem:
    message = f"This file has the wrong name: it contains the entry {found}."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path)


def unlisted_id_mismatch(found: str, path: str) -> Problem:
    message = f"This file is not listed, because it has the wrong name: it contains the entry {found}."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning")


def event_id_mismatch(found: str, path: str) -> Problem:
    message = f"This file is ignored, because it has the wrong name: it contains the event {found}."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning")


def entry_resurrected(entry_id: str, path: str) -> Problem:
    message = "This entry was removed for good, but its file is back, perhaps from another machine."
    return Problem("came-back", message, "It is not listed. --fix moves it.", path or entry_id, "warning")


def orphaned_event(entry_id: str, path: str, *, is_erased: bool) -> Problem:
    if is_erased:
        message = "This event belongs to an entry that was removed for good."
        return Problem("orphaned-event", message, "--fix moves it.", path, "warning")
    message = f"This event belongs to the entry {get_handle(entry_id)}, which is missing."
    hint = "It may arrive with the next sync. If not, its file was moved or lost."
    return Problem("orphaned-event", message, hint, path, "warning")


def entry_disputed(entry_id: str) -> Problem:
    handle = get_handle(entry_id)
    message = "Two machines have made conflicting changes to this entry."
    return Problem("disputed", message, f"`careerkit journal show {handle}` shows both.", handle, "warning")


def playbook_missing(sha256: str) -> Problem:
    message = "The journal has no copy of this playbook."
    return Problem("playbook-missing", message, "Restore the journal's playbooks folder from a backup.", sha256)


def playbook_changed(path: str) -> Problem:
    message = "The journal's copy of this playbook was changed or is damaged."
    return Problem("playbook-changed", message, "Restore it from a backup.", path)


def playbook_mismatch(sha256: str) -> Problem:
    message = "Nothing was saved: the playbook's file has changed since the interview began."
    return Problem("playbook-mismatch", message, "Start the interview again.", sha256)


ERRNO_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space, or choose another folder with --journal."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space, or choose another folder with --journal."),
    errno.EFBIG: ("the file would exceed the size limit", "Raise the limit (ulimit -f), or shorten the answer."),
    errno.EIO: ("the disk reports an error", "Copy the journal to another disk, and check this one."),
    errno.EROFS: ("the disk is read-only", "Make it writable, or choose another folder with --journal."),
    errno.EACCES: ("the permissions of its file or folder don't allow it", "Check who owns it: ls -ld."),
    errno.EPERM: ("the system doesn't permit it", "Check who owns it: ls -ld."),
    errno.EXDEV: (
        "it would have to be moved to another disk",
        "Move it yourself, to where it belongs or out of the journal.",
    ),
    errno.ELOOP: ("its links form a loop", "Fix the link: ls -l shows where it leads."),
    errno.ENOTDIR: ("part of its path is a file, not a folder", "Check the path, and move that file away."),
    errno.EISDIR: ("there is a folder with that name", "Move that folder away."),
    errno.ENOENT: ("its folder doesn't exist", "If it is on another disk, connect it."),
    errno.EMFILE: ("too many files are open", "Raise the limit (ulimit -n), then try again."),
    errno.ENFILE: ("too many files are open on this machine", "Close some programs, then try again."),
    errno.ENOMEM: ("there is not enough memory", "Close some programs, then try again."),
    errno.ESTALE: ("the network disk doesn't know it any more", "Try again. If that fails, reconnect the disk."),
    errno.EINTR: ("the system interrupted it", "Try again."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter path."),
}


def explain_os_error(code: str, clause: str, error: OSError, path: str) -> Problem:
    """The problem for `error`, where `clause` says what failed: "The entry was not saved"."""
    number = error.errno or 0
    reason, hint = ERRNO_REASONS.get(number, (os.strerror(number) if number else str(error), ""))
    return Problem(code, f"{clause}: {reason}.", hint, path)
