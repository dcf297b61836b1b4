"""Why a journal refuses to read or write an entry or a playbook: the same words for every kind of journal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from careerkit.core.journal.listed import handle_of
from careerkit.core.problem import Problem, Refused


@contextlib.contextmanager
def not_saved(entry_id: str) -> Iterator[None]:
    """What is refused inside, while a save is got ready, first says what was not saved."""
    try:
        yield
    except Refused as refused:
        message = f"The last change of the entry {handle_of(entry_id)} was not saved."
        raise Refused([Problem("not-saved", message, "", entry_id), *refused.problems]) from refused


def exists(entry_id: str) -> Problem:
    return Problem("entry-exists", "There is an entry of that id already; nothing was saved.", "", entry_id)


def event_exists(event_id: str) -> Problem:
    return Problem("event-exists", "There is an event of that id already; nothing was saved.", "Do it again.", event_id)


def gone(entry_id: str, path: str) -> Problem:
    message = f"The last change was not saved: the entry's file is gone from {path}."
    hint = "If it lies on another disk, connect it; if you moved it, put it back."
    return Problem("entry-gone", message, hint, entry_id)


def elsewhere(entry_id: str) -> Problem:
    message = "Nothing was saved: this entry is open on another machine, and only that one goes on writing it."
    return Problem("entry-elsewhere", message, "`careerkit resume` makes a new entry of it here.", entry_id)


def finished(entry_id: str) -> Problem:
    message = "Nothing was saved: this entry is finished, and finished entries stay as they are."
    return Problem("entry-finished", message, "`careerkit journal edit` adds a correction.", entry_id)


def changed_meanwhile(entry_id: str) -> Problem:
    message = "The last change was not saved: another hand has changed the entry's file meanwhile."
    hint = "Stop, look at the file, and go on with `careerkit resume`."
    return Problem("entry-changed-meanwhile", message, hint, entry_id)


def held(entry_id: str) -> Problem:
    message = "Another careerkit is writing this entry right now."
    return Problem("entry-held", message, "Go on in that window, or close it first.", entry_id)


def turning_over(folder: str) -> Problem:
    message = "This journal is being encrypted or decrypted right now."
    return Problem("journal-turning-over", message, "Let that come to its end, then do this again.", folder)


def in_use(folder: str) -> Problem:
    message = "Another careerkit is writing in this journal right now."
    return Problem("journal-in-use", message, "End it (what was answered is saved), then do this again.", folder)


def not_encrypted(number: int, where: str) -> Problem:
    said = "This file is" if number == 1 else f"{number} files are"
    message = f"{said} not encrypted, in a journal that is."
    hint = "They came from elsewhere, or were written before. `careerkit journal encrypt` closes them too."
    return Problem("not-encrypted", message, hint, where, "warning")


def misnamed(found: str, path: str) -> Problem:
    message = f"This file holds the entry {found}, under another name."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path)


def misnamed_entry(found: str, path: str) -> Problem:
    message = f"This file holds the entry {found}, under another name; it is not listed."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning")


def misnamed_event(found: str, path: str) -> Problem:
    message = f"This file holds the event {found}, under another name; it is not read."
    return Problem("stray-file", message, "Rename it, or move it out of the journal.", path, "warning")


def came_back(entry_id: str, path: str) -> Problem:
    message = "This entry was removed for good, and is here again, perhaps from another machine."
    return Problem("came-back", message, "It is in no list. --fix moves it.", path or entry_id, "warning")


def orphan(entry_id: str, path: str, *, gone: bool) -> Problem:
    if gone:
        message = "This event speaks of an entry that was removed for good."
        return Problem("orphaned-event", message, "--fix moves it.", path, "warning")
    message = f"This event speaks of the entry {handle_of(entry_id)}, which is not here."
    hint = "Perhaps it comes with the next sync. Its file may also have been moved or lost."
    return Problem("orphaned-event", message, hint, path, "warning")


def disputed(entry_id: str) -> Problem:
    handle = handle_of(entry_id)
    message = "Two machines have said different things of this entry."
    return Problem("disputed", message, f"`careerkit journal show {handle}` shows both.", handle, "warning")


def playbook_missing(sha256: str) -> Problem:
    message = "The journal has no copy of that playbook."
    return Problem("playbook-missing", message, "Restore the journal's playbooks folder from a backup.", sha256)


def playbook_changed(path: str) -> Problem:
    message = "The journal's copy of that playbook was changed, or is damaged."
    return Problem("playbook-changed", message, "Restore it from a backup.", path)


def playbook_mismatch(sha256: str) -> Problem:
    message = "Nothing was saved: the playbook's bytes are not those that the entry names."
    return Problem("playbook-mismatch", message, "Start the interview anew: the playbook's file has changed.", sha256)
