"""One of several machines that share a journal: what is written on it, and what it reads from all the files."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from careerkit.coaching.entry_changes import EntryChanges
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Answer, Entry, PlaybookRef
from careerkit.core.journal.entry_list import EntryFilter, EntrySummary, History, build_histories
from careerkit.storage.journal import DiskJournal

PLAYBOOK = b'format = 1\ntitle = "Ask for help"\n'
REFERENCE = PlaybookRef("me/stuck", "Ask for help", "1", hashlib.sha256(PLAYBOOK).hexdigest())
STARTED = datetime.fromisoformat("2026-11-22T10:05:00+01:00")


class Machine:
    """`wrong_by`: its clock may be wrong by any span, for nothing depends on it."""

    def __init__(self, folder: Path, state: Path, *, clock_error: timedelta = timedelta()) -> None:
        self.folder = folder
        self._state = state
        self._time = STARTED + clock_error

    @property
    def journal(self) -> DiskJournal:
        """The journal as a new process finds it."""
        return DiskJournal(self.folder, self._state)

    def now(self) -> datetime:
        self._time += timedelta(seconds=1)
        return self._time

    def zone(self) -> str:
        return ""

    def write(self, text: str, *, finish: bool = True) -> str:
        """The id of a new entry with that answer."""
        journal, now = self.journal, self.now()
        answer = Answer("stuck", "text", "What are you stuck on?", text, text)
        entry = Entry(journal.new_id(now), journal.machine, REFERENCE, now, asked=1, answers=(answer,))
        journal.create(entry, PLAYBOOK)
        if finish:
            journal.save(replace(entry, finished=self.now()))
        return entry.id

    def change(self, entry_id: str) -> EntryChanges:
        return EntryChanges(self.journal, self, entry_id)

    def histories(self) -> dict[str, History]:
        return build_histories(self.journal.events().events)

    def read_all(self) -> tuple[tuple[EntrySummary, ...], tuple[EntrySummary, ...], dict[str, History]]:
        """Everything that the machine makes of the files: what lists show, what was removed, what happened."""
        listing, removed = self.journal.listing(), self.journal.listing(entry_filter=EntryFilter(removed=True))
        assert listing.problems == removed.problems == ()
        return listing.entries, removed.entries, self.histories()

    def answers(self) -> set[str]:
        """The texts of all entries that are listed."""
        entries = (self.journal.read(each.id).entry for each in self.journal.listing().entries)
        return {str(each.value) for entry in entries for each in entry.answers}


def create_contradictions(machines: list[Machine]) -> str:
    """All three change the first's newest entry, each in its own way, and write two of their own; gives its id."""
    shared = machines[0].journal.resolve_id("last")
    machines[0].change(shared).tag(["boss"])
    machines[0].change(shared).note("from the first")
    machines[1].change(shared).remove()
    machines[1].change(shared).tag(["boss", "pay"])
    machines[2].change(shared).tag(["boss"])
    machines[2].change(shared).untag(["boss"])
    machines[2].change(shared).note("from the third")
    for number, machine in enumerate(machines):
        machine.write(f"written on {number}")
        machine.write(f"half done on {number}", finish=False)
    return shared


def assert_nothing_lost(machines: list[Machine], shared: str) -> None:
    """All see the same, nothing that one of them wrote is lost, and both sides of what they contradict stand."""
    seen = [machine.read_all() for machine in machines]
    assert all(each == seen[0] for each in seen)
    happened = machines[0].histories()[shared]
    assert happened.removed
    assert {note.value for note in happened.notes} == {"from the first", "from the third"}
    [sides] = happened.disputed
    assert sorted(event.value is True for event in sides) == [False, True, True]
    assert machines[0].answers() == {f"{what} on {n}" for what in ("written", "half done") for n in range(3)}
