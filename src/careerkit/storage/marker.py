"""Whether a folder is a journal: its marker, and what it means when there is none.

Only "no such file" may mean "empty", and not even that where this machine remembers entries: then their disk is
probably not connected, and a fresh start would hide that.
"""

from __future__ import annotations

import os
import stat

from careerkit.core.frozen import frozen
from careerkit.core.journal.head import head_lines, unquoted
from careerkit.core.journal.version import FORMAT, newer_format
from careerkit.core.problem import Problem, Refused
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.durable import create, make_folders
from careerkit.storage.layout import ENTRIES, MARKER, is_month
from careerkit.storage.memory_of_journals import MachineMemory
from careerkit.storage.plain_file import read_file
from careerkit.storage.small_file import sealed
from careerkit.storage.trailer import Seal, open_sealed


@frozen
class Marker:
    """A journal's id, "" when it has none yet, and what is to be said. With an error in it, nothing may be written."""

    journal_id: str
    problems: tuple[Problem, ...] = ()


def look(folder: str, memory: MachineMemory) -> Marker:
    """What the folder is. Refused where it can't be told, or where the entries are gone that were there."""
    if marker := _marker(folder):
        return marker
    entries, remembered = _has_entries(folder), memory.journal_at(folder) is not None
    if not entries and not remembered:
        return Marker("")
    if marker := _marker(folder):  # another process has begun the journal meanwhile: it marks the folder first
        return marker
    if entries:
        return Marker("", (_marker_missing(folder),))
    raise Refused(_emptied(folder, memory.path_for(folder)))


def establish(folder: str, memory: MachineMemory) -> str:
    """The id of the journal in the folder, which becomes one where it is none, and is remembered to be there.

    Refused where it can't be written.
    """
    marker = look(folder, memory)
    if errors := [problem for problem in marker.problems if problem.severity == "error"]:
        raise Refused(errors)
    journal_id = marker.journal_id or _mark(folder, memory)
    memory.remember(folder, journal_id)
    return journal_id


def journal_in(data: bytes) -> str:
    """The id of the journal whose marker holds these bytes; "" where they tell none."""
    return _read(data, MARKER).journal_id


def _marker(folder: str) -> Marker | None:
    path = os.path.join(folder, MARKER)
    data = read_file(path) if _is_there(folder) else None
    return None if data is None else _read(data, path)


def _is_there(folder: str) -> bool:
    try:
        kind = os.stat(folder).st_mode
    except FileNotFoundError as error:
        if os.path.islink(folder):
            message = "The journal's folder is a link to something that is not there"
            raise Refused(trouble("journal-unreachable", message, error, folder)) from error
        return False
    except OSError as error:
        raise Refused(trouble("journal-unreachable", "The journal can't be reached", error, folder)) from error
    if stat.S_ISDIR(kind):
        return True
    message = "Where the journal's folder should be, there is a file."
    raise Refused(Problem("journal-unreachable", message, "Move it away, or choose another --journal.", folder))


def _read(data: bytes, path: str) -> Marker:
    opened = open_sealed(data)
    if opened.seal is Seal.CUT_SHORT:
        return Marker("", (_damaged(path),))
    try:
        lines = head_lines(opened.text)
        journal_id, number = unquoted(lines["journal"]), int(lines["format"])
    except (ValueError, KeyError):
        return Marker("", (_damaged(path),))
    if number > FORMAT:
        return Marker(journal_id, (newer_format(number).at(path),))
    if opened.seal is Seal.CHANGED:
        message = "The journal's marker was changed since careerkit wrote it."
        return Marker(journal_id, (Problem("marker-changed", message, "", path, "warning"),))
    return Marker(journal_id)


def _has_entries(folder: str) -> bool:
    try:
        return any(is_month(name) for name in os.listdir(os.path.join(folder, ENTRIES)))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refused(trouble("journal-unreachable", "The entries can't be listed", error, folder)) from error


def _mark(folder: str, memory: MachineMemory) -> str:
    make_folders(folder, what="The journal's folder")
    known = memory.journal_at(folder) or os.urandom(16).hex()
    keys = {"format": FORMAT, "journal": known}
    preface = "This folder is a careerkit journal: entries in plain text, one file each. Keep this file with them."
    create(os.path.join(folder, MARKER), sealed(keys, preface=preface), what="The journal's marker")
    return look(folder, memory).journal_id or known  # perhaps another process was first


def _damaged(path: str) -> Problem:
    message = "The journal's marker is damaged; nothing is written until it is mended."
    hint = "Put it back from a copy of the journal, or remove it: a new one is made."
    return Problem("marker-damaged", message, hint, path)


def _marker_missing(folder: str) -> Problem:
    message = f"The journal has entries but no {MARKER}."
    hint = "If a sync is under way, let it end. The next entry makes a new one."
    return Problem("marker-missing", message, hint, folder, "warning")


def _emptied(folder: str, remembered: str) -> Problem:
    message = "There were entries in this folder, and now there are none."
    hint = "If it lies on another disk, connect it. If you moved the journal, say where with --journal."
    return Problem("journal-emptied", message, f"{hint} To start anew here, remove {remembered}.", folder)
