"""What is done for a journal as a whole: carried elsewhere and back, looked over, put right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from careerkit.core.frozen import replace
from careerkit.core.problem import Problem
from careerkit.storage import refusals
from careerkit.storage.arrival import Arrived, arrive, restore_backup
from careerkit.storage.backup import Advance, BackedUp, back_up
from careerkit.storage.checkup import Complaint, Found, examine
from careerkit.storage.checkup.cure import Cured, cure
from careerkit.storage.json_lines import Said, json_lines
from careerkit.storage.marker import look

if TYPE_CHECKING:
    from careerkit.storage.journal_folder import DiskJournal


class JournalCare:
    """The care of one journal."""

    def __init__(self, journal: DiskJournal) -> None:
        self._journal = journal
        self._folder, self._memory = journal.folder, journal.memory

    def back_up(self, archive: str, *, force: bool, advance: Advance) -> BackedUp:
        """Write every file into one verified archive. Refused where there is a file of that name, unless `force`."""
        return back_up(self._folder, archive, force=force, advance=advance)

    def restore_backup(self, archive: str, *, advance: Advance) -> Arrived:
        """Bring in what a backup holds and the journal lacks; the folder becomes a journal where it is none."""
        envelope = self._journal.envelope
        return restore_backup(archive, self._folder, self._memory, envelope=envelope, advance=advance)

    def json_lines(self, said: Said) -> Iterator[str]:
        """Every entry, event and playbook as a line of JSON, with what it `said`. Refused where a file can't be read."""
        look(self._folder, self._memory)
        return json_lines(self._folder, self._journal.envelope, said)

    def bring_in(self, files: Sequence[tuple[str, bytes]], *, advance: Advance) -> Arrived:
        """Add each text, by its file's path, that the journal lacks."""
        with self._journal.writing() as envelope:
            return arrive(self._folder, files, envelope=envelope, advance=advance)

    def examine(self, *, now: datetime, advance: Advance) -> Found:
        """Everything that is wrong with the journal, and whether its index knows all of it."""
        envelope = self._journal.envelope
        found = examine(self._folder, self._memory, envelope, now=now, advance=advance)
        if self._journal.is_encrypted:
            found = found.with_problems(refusals.not_encrypted(1, path) for path in sorted(envelope.plain))
        unknown = self._journal.unknown_to_index()
        return replace(found, complaints=(*found.complaints, _stale(unknown))) if unknown else found

    def cure(self, found: Found, *, now: datetime) -> list[Cured]:
        """Put out of the way what may be, into the quarantine, and make the index anew where it knows less."""
        done = cure(found.complaints, journal=self._folder, state=self._memory.folder, now=now)
        stale = [each.problem for each in found.complaints if each.cure == "reindex"]
        return [*done, *(Cured(problem, "") for problem in stale if self._journal.reindex())]


def _stale(number: int) -> Complaint:
    files = "1 file" if number == 1 else f"{number:,} files"
    message = f"The index does not know {files} as they are now: older ones, edited in place."
    problem = Problem("index-stale", message, "`careerkit journal reindex`, or --fix, makes it anew.", "", "warning")
    return Complaint(problem, "", "reindex")
