"""What this machine remembers outside the journals: its own id, the journals it has seen, and the paths of locks."""

from __future__ import annotations

import os
from collections.abc import Mapping

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.hashing import hash_sha256
from careerkit.core.journal.fast_reader import parse_string, read_head
from careerkit.storage.atomic_write import create_file, make_folders, replace_file
from careerkit.storage.checksum import add_checksum, verify_checksum
from careerkit.storage.file_reader import read_file


@frozen
class KnownJournal:
    """A journal that this machine has seen. `journal_id` is "" if the record is damaged, `recipient` if it isn't encrypted."""

    journal_id: str
    recipient: str


class DamagedStateError(Exception):
    """The file exists, but careerkit can't have written it."""


class MachineState:
    """The state of this machine, in the folder `state`."""

    def __init__(self, state: str) -> None:
        self._state = state

    @property
    def folder(self) -> str:
        return self._state

    def machine_id(self) -> str:
        """The random id of this machine, created by the first call. It tells which machine an unfinished entry belongs to.

        Raises Refused if the id can't be read or stored.
        """
        path = os.path.join(self._state, "machine.toml")
        try:
            known = read_value(path, "machine")
            if known is None:
                make_folders(self._state, subject="This machine's name")
                keys = {"format": 1, "machine": os.urandom(8).hex()}
                data = encode_state(keys, comment="By this name careerkit knows this machine.")
                create_file(path, data, subject="This machine's name")
                known = read_value(path, "machine")  # another process may have been first
        except DamagedStateError as error:
            raise Refused(_describe_damaged_machine_id(path)) from error
        if known is None:
            raise Refused(_describe_damaged_machine_id(path))
        return known

    def known_journal(self, folder: str) -> KnownJournal | None:
        """The journal with entries that this machine has seen in `folder`, if any."""
        try:
            found = read_values(self.state_path(folder), "journal", "recipient")
        except DamagedStateError:
            return KnownJournal("", "")
        return None if found is None else KnownJournal(*found)

    def remember(self, folder: str, journal_id: str, recipient: str) -> None:
        """Remember the journal in `folder`, and whom it is encrypted for. Raises Refused."""
        if self.known_journal(folder) == KnownJournal(journal_id, recipient):
            return
        path = self.state_path(folder)
        make_folders(os.path.dirname(path), subject="That there is a journal here")
        keys = {"format": 1, "journal": journal_id, "folder": os.fsencode(folder).decode(errors="replace")}
        keys |= {"recipient": recipient} if recipient else {}
        preface = "careerkit has seen entries in this folder. Remove this file to let it start anew there."
        replace_file(path, encode_state(keys, comment=preface), subject="That there is a journal here")

    def state_path(self, folder: str) -> str:
        """The path of the record about the journal in `folder`."""
        return os.path.join(self._state, "journals", hash_sha256(os.fsencode(folder))[:32] + ".toml")

    @property
    def locks_folder(self) -> str:
        """The folder of entry locks, of all journals."""
        return os.path.join(self._state, "locks")

    def entry_lock_path(self, journal_id: str, entry_id: str) -> str:
        return os.path.join(self.locks_folder, f"{journal_id}-{entry_id}.lock")

    def journal_lock_path(self, journal_id: str) -> str:
        """The path of the lock that writers share and a conversion holds exclusively."""
        return os.path.join(self._state, "writers", f"{journal_id}.lock")


def encode_state(values: Mapping[str, object], *, comment: str) -> bytes:
    """The content of a small TOML file with a checksum."""
    from careerkit.storage.toml_writer import dumps  # imports tomli-w, which isn't needed for reading

    return add_checksum(f"# {comment}\n{dumps(values)}".encode())


def read_value(path: str, key: str) -> str | None:
    """The string for `key` in such a file; None if the file doesn't exist.

    Raises DamagedStateError, and Refused if the file can't be read.
    """
    found = read_values(path, key)
    return None if found is None else found[0]


def read_values(path: str, key: str, *more_keys: str) -> tuple[str, ...] | None:
    """Like `read_value`, for several keys. All but the first may be missing; their value is "" then."""
    data = read_file(path)
    if data is None:
        return None
    verified = verify_checksum(data)
    try:
        if verified.integrity == "intact":
            lines = read_head(verified.text)
            return parse_string(lines[key]), *(parse_string(lines.get(each, '""')) for each in more_keys)
    except (ValueError, KeyError):
        pass
    raise DamagedStateError(path)


def _describe_damaged_machine_id(path: str) -> Problem:
    return Problem(
        "machine-damaged",
        "The file with this machine's name is damaged.",
        "Remove it. Unfinished entries then count as another machine's, and `careerkit resume` continues them.",
        path,
    )
