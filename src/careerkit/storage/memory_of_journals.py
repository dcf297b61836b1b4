"""What this machine remembers outside of any journal: its own name, and where it has seen entries."""

from __future__ import annotations

import os

from careerkit.core.frozen import frozen
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Problem, Refused
from careerkit.storage.durable import create, make_folders, replace
from careerkit.storage.small_file import DamagedError, read_text, read_texts, sealed


@frozen
class Remembered:
    """A journal's id, and for whom it is encrypted: "" where it is not. An empty id: what was known is damaged."""

    journal_id: str
    recipient: str


class MachineMemory:
    """The state folder."""

    def __init__(self, state: str) -> None:
        self._state = state

    @property
    def folder(self) -> str:
        return self._state

    def machine(self) -> str:
        """The random name of this machine, made at the first call. It tells whose unfinished entries are whose."""
        path = os.path.join(self._state, "machine.toml")
        try:
            known = read_text(path, "machine")
            if known is None:
                make_folders(self._state, what="This machine's name")
                keys = {"format": 1, "machine": os.urandom(8).hex()}
                data = sealed(keys, preface="By this name careerkit knows this machine.")
                create(path, data, what="This machine's name")
                known = read_text(path, "machine")  # perhaps another process was first
        except DamagedError as error:
            raise Refused(_damaged_name(path)) from error
        if known is None:
            raise Refused(_damaged_name(path))
        return known

    def journal_at(self, folder: str) -> Remembered | None:
        """The journal that has been in that folder, with entries; None when none is remembered."""
        try:
            found = read_texts(self.path_for(folder), "journal", "recipient")
        except DamagedError:
            return Remembered("", "")
        return None if found is None else Remembered(*found)

    def remember(self, folder: str, journal_id: str, recipient: str) -> None:
        """Remember the journal in the folder, and for whom it is encrypted; "" where it is not."""
        if self.journal_at(folder) == Remembered(journal_id, recipient):
            return
        path = self.path_for(folder)
        make_folders(os.path.dirname(path), what="That there is a journal here")
        keys = {"format": 1, "journal": journal_id, "folder": os.fsencode(folder).decode(errors="replace")}
        keys |= {"recipient": recipient} if recipient else {}
        preface = "careerkit has seen entries in this folder. Remove this file to let it start anew there."
        replace(path, sealed(keys, preface=preface), what="That there is a journal here")

    def path_for(self, folder: str) -> str:
        """The file that remembers the journal in `folder`."""
        return os.path.join(self._state, "journals", sha256_of(os.fsencode(folder))[:32] + ".toml")

    @property
    def locks(self) -> str:
        """The folder of the locks of all journals."""
        return os.path.join(self._state, "locks")

    def lock_path(self, journal_id: str, entry_id: str) -> str:
        return os.path.join(self.locks, f"{journal_id}-{entry_id}.lock")

    def writers_path(self, journal_id: str) -> str:
        """The lock that all share who write in a journal, and that only one may have who turns it over."""
        return os.path.join(self._state, "writers", f"{journal_id}.lock")


def _damaged_name(path: str) -> Problem:
    return Problem(
        "machine-damaged",
        "The file with this machine's name is damaged.",
        "Remove it. Unfinished entries then count as another machine's, and `careerkit resume` carries them over.",
        path,
    )
