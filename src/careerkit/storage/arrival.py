"""Bringing files into a journal, from a backup or an export: what is missing is added, and what is there stays."""

from __future__ import annotations

import os
from collections.abc import Iterable

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem, Refused
from careerkit.storage import refusals
from careerkit.storage.backup import Advance, members, verify
from careerkit.storage.durable import create, make_folders
from careerkit.storage.envelope import AgeEnvelope, is_closed
from careerkit.storage.layout import MARKER
from careerkit.storage.marker import establish, journal_in, writable
from careerkit.storage.memory_of_journals import MachineMemory
from careerkit.storage.plain_file import read_file
from careerkit.storage.writer_lock import among_writers


@frozen
class Arrived:
    """So many files were added, so many were there as they are, and those of `kept` were there and differ."""

    added: int
    same: int
    kept: tuple[str, ...]


def arrive(journal: str, files: Iterable[tuple[str, bytes]], *, envelope: AgeEnvelope, advance: Advance) -> Arrived:
    """Add each text, by its file's path below the folder, that isn't there. What is closed already, and what lies beside
    the journal's folders, is added as it is.
    """
    added, same, kept = 0, 0, []
    for path, text in files:
        target = os.path.join(journal, path)
        make_folders(os.path.dirname(target), what=path)
        if create(target, text if _lies_as_it_is(path, text) else envelope.close(text), what=path):
            added += 1
        elif _holds(read_file(target) or b"", text, target, envelope):
            same += 1
        else:
            kept.append(path)
        advance()
    return Arrived(added, same, tuple(kept))


def restore_backup(
    archive: str, journal: str, memory: MachineMemory, *, envelope: AgeEnvelope, advance: Advance
) -> Arrived:
    """Bring in what a backup holds and the folder lacks. The whole archive is verified before anything is written.

    Files lie as they lay when they were backed up; plain ones are encrypted where the journal is. Refused where the folder
    holds another journal, can't be written, or is being turned over.
    """
    verify(archive)
    theirs = next((journal_in(data) for path, data in members(archive) if path == MARKER), None)
    found = read_file(os.path.join(journal, MARKER)) if os.path.isdir(journal) else None
    if found is not None and journal_in(found) != theirs:
        raise Refused(_another(journal))
    with among_writers(memory.writers_path(theirs or ""), held=refusals.turning_over(journal)):
        envelope.recipient = "" if found is None else writable(journal, memory).recipient
        arrived = arrive(journal, members(archive), envelope=envelope, advance=advance)
        establish(journal, memory)
    return arrived


def _lies_as_it_is(path: str, text: bytes) -> bool:
    return is_closed(text) or "/" not in path


def _holds(there: bytes, text: bytes, path: str, envelope: AgeEnvelope) -> bool:
    """Whether a file with the bytes that are there holds that text. The key is asked for only where nothing else tells."""
    if there == text:
        return True
    if is_closed(text) or not is_closed(there):
        return False
    from careerkit.storage.age import may_hold  # only there

    return may_hold(there, len(text)) and envelope.open(there, path) == text


def _another(journal: str) -> Problem:
    message = "The folder holds another journal than the backup."
    return Problem("another-journal", message, "Restore into an empty folder: --to DIR.", journal)
