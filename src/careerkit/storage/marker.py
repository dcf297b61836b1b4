"""The marker file that makes a folder a journal, and what it means if it is missing.

A folder counts as empty only if the marker and the entries don't exist, and only if this machine doesn't remember
entries there: otherwise their disk is probably not connected, and starting a new journal would hide that.
"""

from __future__ import annotations

import os
import stat

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.fast_reader import ENCRYPTED_FORMAT, FORMAT, describe_newer_format, parse_string, read_head
from careerkit.storage.atomic_write import create_file, make_folders, replace_file
from careerkit.storage.checksum import verify_checksum
from careerkit.storage.encryption.age import is_recipient
from careerkit.storage.failures import explain_os_error
from careerkit.storage.file_reader import is_missing, read_file
from careerkit.storage.layout import ENTRIES, IDENTITY_FILE, MARKER_FILE, is_journal_id, is_month
from careerkit.storage.machine_state import MachineState, encode_state


@frozen
class Marker:
    """What a journal's marker says. If `problems` contains an error, nothing may be written to the journal.

    `journal_id` is "" if the folder isn't a journal yet, and `recipient` is "" if the journal isn't encrypted.
    """

    journal_id: str
    problems: tuple[Problem, ...] = ()
    recipient: str = ""


def inspect_journal(folder: str, machine_state: MachineState) -> Marker:
    """Read the folder's marker. Raises Refused if it can't be read, or if entries that were there have vanished."""
    if marker := _read_marker(folder):
        return _compare_with_known(marker, folder, machine_state)
    entries, remembered = _has_entries(folder), machine_state.known_journal(folder)
    if not entries and not remembered:
        return Marker("")
    if marker := _read_marker(folder):  # another process has just created the journal: it writes the marker first
        return marker
    if entries:
        recipient = remembered.recipient if remembered else ""
        return Marker("", (_describe_missing_marker(folder, is_known=bool(recipient)),), recipient)
    raise Refused(_describe_vanished_entries(folder, machine_state.state_path(folder)))


def require_writable(folder: str, machine_state: MachineState) -> Marker:
    """Like `inspect_journal`, but also raises Refused if nothing may be written to the journal."""
    marker = inspect_journal(folder, machine_state)
    if errors := [problem for problem in marker.problems if problem.severity == "error"]:
        raise Refused(errors)
    return marker


def ensure_journal(folder: str, machine_state: MachineState) -> Marker:
    """Make the folder a journal if it isn't one, and remember it on this machine. Raises Refused."""
    marker = require_writable(folder, machine_state)
    if not marker.journal_id:
        marker = _create_marker(folder, machine_state, marker.recipient)
    machine_state.remember(folder, marker.journal_id, marker.recipient)
    return marker


def set_recipient(folder: str, machine_state: MachineState, recipient: str) -> None:
    """Set whom the journal is encrypted for; "" for nobody. Raises Refused.

    The caller must hold the journal's exclusive lock, and the user must have asked for the change.
    """
    path, marker = os.path.join(folder, MARKER_FILE), _read_marker(folder)
    if marker is None:
        known = machine_state.known_journal(folder)
        marker = Marker((known and known.journal_id) or os.urandom(16).hex())
        create_file(path, _encode_marker(marker.journal_id, recipient), subject="The journal's marker")
    elif not marker.journal_id:
        raise Refused(_describe_damaged_marker(path))
    elif marker.recipient != recipient:
        replace_file(path, _encode_marker(marker.journal_id, recipient), subject="The journal's marker")
    machine_state.remember(folder, marker.journal_id, recipient)


def parse_journal_id(data: bytes) -> str:
    """The journal id in a marker file's content; "" if there is none."""
    return _parse_marker(data, MARKER_FILE).journal_id


def _read_marker(folder: str) -> Marker | None:
    path = os.path.join(folder, MARKER_FILE)
    data = read_file(path) if _is_folder(folder) else None
    return None if data is None else _parse_marker(data, path)


def _is_folder(folder: str) -> bool:
    try:
        kind = os.stat(folder).st_mode
    except FileNotFoundError as error:
        if os.path.islink(folder):
            message = "The journal's folder is a link to something that doesn't exist"
            raise Refused(explain_os_error("journal-unreachable", message, error, folder)) from error
        return False
    except OSError as error:
        raise Refused(explain_os_error("journal-unreachable", "The journal can't be reached", error, folder)) from error
    if stat.S_ISDIR(kind):
        return True
    message = "There is a file where the journal's folder should be."
    raise Refused(Problem("journal-unreachable", message, "Move it away, or choose another --journal.", folder))


def _parse_marker(data: bytes, path: str) -> Marker:
    verified = verify_checksum(data)
    if verified.integrity == "cut short":
        return Marker("", (_describe_damaged_marker(path),))
    try:
        lines = read_head(verified.text)
        journal_id, version = parse_string(lines["journal"]), int(lines["format"])
        recipient = parse_string(lines.get("recipient", '""'))
    except (ValueError, KeyError):
        return Marker("", (_describe_damaged_marker(path),))
    if not is_journal_id(journal_id):
        return Marker("", (_describe_damaged_marker(path),))
    if version > ENCRYPTED_FORMAT:
        return Marker(journal_id, (describe_newer_format(version).at(path),))
    if bool(recipient) != (version == ENCRYPTED_FORMAT):
        return Marker("", (_describe_damaged_marker(path),))
    if recipient and not is_recipient(recipient):
        return Marker(journal_id, (_describe_wrong_recipient(path),), recipient)
    if verified.integrity == "changed":
        message = "The journal's marker was changed since careerkit wrote it."
        return Marker(journal_id, (Problem("marker-changed", message, "", path, "warning"),), recipient)
    return Marker(journal_id, (), recipient)


def _compare_with_known(marker: Marker, folder: str, machine_state: MachineState) -> Marker:
    """Add an error if this machine knows the journal as encrypted and the marker says otherwise."""
    known = machine_state.known_journal(folder)
    if known is None or known.journal_id != marker.journal_id or known.recipient in ("", marker.recipient):
        return marker
    problem = (
        _describe_other_recipient(folder, machine_state.state_path(folder))
        if marker.recipient
        else _describe_lost_encryption(folder)
    )
    return Marker(marker.journal_id, (*marker.problems, problem), marker.recipient)


def _has_entries(folder: str) -> bool:
    try:
        return any(is_month(name) for name in os.listdir(os.path.join(folder, ENTRIES)))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Refused(explain_os_error("journal-unreachable", "The entries can't be listed", error, folder)) from error


def _create_marker(folder: str, machine_state: MachineState, recipient: str) -> Marker:
    if not recipient and not is_missing(os.path.join(folder, IDENTITY_FILE)):
        raise Refused(_describe_unknown_recipient(folder))
    make_folders(folder, subject="The journal's folder")
    known = machine_state.known_journal(folder)
    journal_id = (known and known.journal_id) or os.urandom(16).hex()
    create_file(
        os.path.join(folder, MARKER_FILE), _encode_marker(journal_id, recipient), subject="The journal's marker"
    )
    found = inspect_journal(folder, machine_state)  # another process may have been first
    return found if found.journal_id else Marker(journal_id, (), recipient)


def _encode_marker(journal_id: str, recipient: str) -> bytes:
    keys: dict[str, object] = {"format": ENCRYPTED_FORMAT if recipient else FORMAT, "journal": journal_id}
    if not recipient:
        preface = "This folder is a careerkit journal: entries in plain text, one file each. Keep this file with them."
        return encode_state(keys, comment=preface)
    preface = "This folder is an encrypted careerkit journal: age files for this recipient. Keep this file with them."
    return encode_state({**keys, "recipient": recipient}, comment=preface)


def _describe_damaged_marker(path: str) -> Problem:
    message = "The journal's marker is damaged; nothing is written until that is fixed."
    hint = "Restore it from a copy of the journal, or delete it: then a new one is created."
    return Problem("marker-damaged", message, hint, path)


def _describe_wrong_recipient(path: str) -> Problem:
    message = "The recipient in the journal's marker has a wrong character, so nothing can be encrypted for it."
    hint = "Restore the marker from a copy of the journal or from another machine; nothing is written until then."
    return Problem("marker-damaged", message, hint, path)


def _describe_missing_marker(folder: str, *, is_known: bool) -> Problem:
    placeholder = os.path.join(folder, f".{MARKER_FILE}.icloud")
    if not is_missing(placeholder):
        message = f"{MARKER_FILE} is only a placeholder: iCloud keeps the file on its server; nothing is written."
        return Problem("marker-missing", message, "Let iCloud download it.", placeholder)
    if not is_missing(os.path.join(folder, IDENTITY_FILE)) and not is_known:
        return _describe_unknown_recipient(folder)
    message = f"The journal has entries but no {MARKER_FILE}."
    hint = "If a sync is running, wait for it. The next entry creates a new one."
    return Problem("marker-missing", message, hint, folder, "warning")


def _describe_unknown_recipient(folder: str) -> Problem:
    message = f"The journal is encrypted, but it has no {MARKER_FILE}; nothing is written."
    hint = "If a sync is running, wait for it. If not, put that file back, or: careerkit journal encrypt"
    return Problem("marker-missing", message, hint, folder)


def _describe_lost_encryption(folder: str) -> Problem:
    message = f"This journal was encrypted, and its {MARKER_FILE} no longer says so; nothing is written."
    hint = "If you decrypted it on another machine: careerkit journal decrypt. If not: careerkit journal encrypt."
    return Problem("marker-not-encrypted", message, hint, folder)


def _describe_other_recipient(folder: str, state_path: str) -> Problem:
    message = f"The key in {MARKER_FILE} is not the one this journal was encrypted for; nothing is written."
    hint = "If you encrypted it again on another machine, remove"
    return Problem("marker-other-key", message, f"{hint} {state_path}. If not, put {MARKER_FILE} back.", folder)


def _describe_vanished_entries(folder: str, state_path: str) -> Problem:
    message = "There were entries in this folder, and now there are none."
    hint = "If it is on another disk, connect it. If you moved the journal, say where with --journal."
    return Problem("journal-emptied", message, f"{hint} To start a new one here, remove {state_path}.", folder)
