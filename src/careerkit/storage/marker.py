"""Whether a folder is a journal: its marker, and what it means when there is none.

Only "no such file" may mean "empty", and not even that where this machine remembers entries: then their disk is
probably not connected, and a fresh start would hide that.
"""

from __future__ import annotations

import os
import stat

from careerkit.core.frozen import frozen
from careerkit.core.journal.head import head_lines, unquoted
from careerkit.core.journal.version import ENCRYPTED, FORMAT, newer_format
from careerkit.core.problem import Problem, Refused
from careerkit.storage.disk_trouble import trouble
from careerkit.storage.durable import create, make_folders, replace
from careerkit.storage.layout import ENTRIES, IDENTITY, MARKER, is_journal_id, is_month
from careerkit.storage.memory_of_journals import MachineMemory
from careerkit.storage.plain_file import read_file
from careerkit.storage.small_file import sealed
from careerkit.storage.trailer import Seal, open_sealed


@frozen
class Marker:
    """A journal's id, "" when it has none yet, and what is to be said. With an error in it, nothing may be written.

    `recipient` is whom all that is written is encrypted for; "" where it is not encrypted.
    """

    journal_id: str
    problems: tuple[Problem, ...] = ()
    recipient: str = ""


def look(folder: str, memory: MachineMemory) -> Marker:
    """What the folder is. Refused where it can't be told, or where the entries are gone that were there."""
    if marker := _marker(folder):
        return _compared(marker, folder, memory)
    entries, remembered = _has_entries(folder), memory.journal_at(folder)
    if not entries and not remembered:
        return Marker("")
    if marker := _marker(folder):  # another process has begun the journal meanwhile: it marks the folder first
        return marker
    if entries:
        recipient = remembered.recipient if remembered else ""
        return Marker("", (_marker_missing(folder, is_known=bool(recipient)),), recipient)
    raise Refused(_emptied(folder, memory.path_for(folder)))


def writable(folder: str, memory: MachineMemory) -> Marker:
    """What the folder is. Refused where it can't be written."""
    marker = look(folder, memory)
    if errors := [problem for problem in marker.problems if problem.severity == "error"]:
        raise Refused(errors)
    return marker


def establish(folder: str, memory: MachineMemory) -> Marker:
    """The marker of the journal in the folder, which becomes one where it is none, and is remembered to be there.

    Refused where it can't be written.
    """
    marker = writable(folder, memory)
    if not marker.journal_id:
        marker = _mark(folder, memory, marker.recipient)
    memory.remember(folder, marker.journal_id, marker.recipient)
    return marker


def address(folder: str, memory: MachineMemory, recipient: str) -> None:
    """From now on encrypt what is written for `recipient`, or leave it as it is where that is "".

    Who calls is alone with the journal, and knows that the change is the person's wish.
    """
    path, marker = os.path.join(folder, MARKER), _marker(folder)
    if marker is None:
        known = memory.journal_at(folder)
        marker = Marker((known and known.journal_id) or os.urandom(16).hex())
        create(path, _bytes(marker.journal_id, recipient), what="The journal's marker")
    elif not marker.journal_id:
        raise Refused(_damaged(path))
    elif marker.recipient != recipient:
        replace(path, _bytes(marker.journal_id, recipient), what="The journal's marker")
    memory.remember(folder, marker.journal_id, recipient)


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
        recipient = unquoted(lines.get("recipient", '""'))
    except (ValueError, KeyError):
        return Marker("", (_damaged(path),))
    if not is_journal_id(journal_id):
        return Marker("", (_damaged(path),))
    if number > ENCRYPTED:
        return Marker(journal_id, (newer_format(number).at(path),))
    if bool(recipient) != (number == ENCRYPTED):
        return Marker("", (_damaged(path),))
    if opened.seal is Seal.CHANGED:
        message = "The journal's marker was changed since careerkit wrote it."
        return Marker(journal_id, (Problem("marker-changed", message, "", path, "warning"),), recipient)
    return Marker(journal_id, (), recipient)


def _compared(marker: Marker, folder: str, memory: MachineMemory) -> Marker:
    """The marker, with an error where this machine knows the journal as encrypted, and the marker says otherwise."""
    known = memory.journal_at(folder)
    if known is None or known.journal_id != marker.journal_id or known.recipient in ("", marker.recipient):
        return marker
    problem = _other_recipient(folder, memory.path_for(folder)) if marker.recipient else _no_longer_encrypted(folder)
    return Marker(marker.journal_id, (*marker.problems, problem), marker.recipient)


def _has_entries(folder: str) -> bool:
    try:
        return any(is_month(name) for name in os.listdir(os.path.join(folder, ENTRIES)))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refused(trouble("journal-unreachable", "The entries can't be listed", error, folder)) from error


def _mark(folder: str, memory: MachineMemory, recipient: str) -> Marker:
    if not recipient and os.path.lexists(os.path.join(folder, IDENTITY)):
        raise Refused(_recipient_unknown(folder))
    make_folders(folder, what="The journal's folder")
    known = memory.journal_at(folder)
    journal_id = (known and known.journal_id) or os.urandom(16).hex()
    create(os.path.join(folder, MARKER), _bytes(journal_id, recipient), what="The journal's marker")
    found = look(folder, memory)  # perhaps another process was first
    return found if found.journal_id else Marker(journal_id, (), recipient)


def _bytes(journal_id: str, recipient: str) -> bytes:
    keys: dict[str, object] = {"format": ENCRYPTED if recipient else FORMAT, "journal": journal_id}
    if not recipient:
        preface = "This folder is a careerkit journal: entries in plain text, one file each. Keep this file with them."
        return sealed(keys, preface=preface)
    preface = "This folder is an encrypted careerkit journal: age files for this recipient. Keep this file with them."
    return sealed({**keys, "recipient": recipient}, preface=preface)


def _damaged(path: str) -> Problem:
    message = "The journal's marker is damaged; nothing is written until it is mended."
    hint = "Put it back from a copy of the journal, or remove it: a new one is made."
    return Problem("marker-damaged", message, hint, path)


def _marker_missing(folder: str, *, is_known: bool) -> Problem:
    if os.path.lexists(os.path.join(folder, IDENTITY)) and not is_known:
        return _recipient_unknown(folder)
    message = f"The journal has entries but no {MARKER}."
    hint = "If a sync is under way, let it end. The next entry makes a new one."
    return Problem("marker-missing", message, hint, folder, "warning")


def _recipient_unknown(folder: str) -> Problem:
    message = f"The journal is encrypted, but it has no {MARKER}; nothing is written."
    hint = "If a sync is under way, let it end. If not, put that file back, or: careerkit journal encrypt"
    return Problem("marker-missing", message, hint, folder)


def _no_longer_encrypted(folder: str) -> Problem:
    message = f"This journal was encrypted, and its {MARKER} no longer says so; nothing is written."
    hint = "If you decrypted it on another machine: careerkit journal decrypt. If not: careerkit journal encrypt."
    return Problem("marker-not-encrypted", message, hint, folder)


def _other_recipient(folder: str, remembered: str) -> Problem:
    message = f"The key in {MARKER} is not the one that this journal was encrypted for; nothing is written."
    hint = "If you encrypted it anew on another machine, remove"
    return Problem("marker-other-key", message, f"{hint} {remembered}. If not, put {MARKER} back.", folder)


def _emptied(folder: str, remembered: str) -> Problem:
    message = "There were entries in this folder, and now there are none."
    hint = "If it lies on another disk, connect it. If you moved the journal, say where with --journal."
    return Problem("journal-emptied", message, f"{hint} To start anew here, remove {remembered}.", folder)
