"""A look at every file of a journal, and at what the files say of one another."""

from __future__ import annotations

import os
from datetime import datetime

from careerkit.core.journal.entry import Entry
from careerkit.core.journal.event import Event
from careerkit.core.journal.history import history
from careerkit.core.journal.odd_times import odd_event, odd_times
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Problem, Refused
from careerkit.storage import refusals
from careerkit.storage.backup import Advance
from careerkit.storage.checkup.complaint import Complaint, Found
from careerkit.storage.checkup.surroundings import leftovers, locks, open_modes
from careerkit.storage.entry_file import read_entry
from careerkit.storage.envelope import Envelope
from careerkit.storage.event_file import read_event
from careerkit.storage.layout import END, PLAYBOOKS, event_path, is_sha256, playbook_path
from careerkit.storage.marker import look
from careerkit.storage.memory_of_journals import MachineMemory
from careerkit.storage.month_folders import ENTRY_FILES, EVENT_FILES, Shelf, elsewhere, files, names_in
from careerkit.storage.plain_file import read_file

DAMAGED = ("cut-short", "unreadable", "missing-key", "wrong-type", "duplicate")
"""How the codes end of what makes a file worth nothing as it is. Out of the way, a backup can bring the right one."""
BEYOND_READING = ("encrypted-damaged",)
ASTRAY = ("conflict-copy", "stray-file")


def examine(journal: str, memory: MachineMemory, envelope: Envelope, *, now: datetime, advance: Advance) -> Found:
    """Look at everything. Refused where the journal can't be reached at all."""
    return _Examination(journal, memory, envelope, now, advance).found()


class _Examination:
    def __init__(
        self, journal: str, memory: MachineMemory, envelope: Envelope, now: datetime, advance: Advance
    ) -> None:
        self._journal, self._memory, self._envelope = journal, memory, envelope
        self._now, self._advance = now, advance
        self._complaints: list[Complaint] = []
        self._paths: dict[str, str] = {}
        self._began: dict[str, datetime] = {}
        self._playbooks: dict[str, str] = {}
        self._events: dict[str, list[Event]] = {}

    def found(self) -> Found:
        for problem in look(self._journal, self._memory).problems:
            self._complain(problem)
        entries = sum(self._look_at_entry(path, entry_id) for path, entry_id in self._files(ENTRY_FILES))
        events = sum(self._look_at_event(path, event_id) for path, event_id in self._files(EVENT_FILES))
        self._look_at_histories()
        playbooks = self._look_at_playbooks()
        self._complaints += [*leftovers(self._journal), *locks(self._memory), *open_modes(self._journal)]
        return Found(tuple(self._complaints), entries, events, playbooks)

    def _files(self, shelf: Shelf) -> list[tuple[str, str]]:
        problems: list[Problem] = []
        there = list(files(self._journal, shelf, problems))
        for problem in (*problems, *elsewhere(self._journal, shelf)):
            self._complain(problem)
        return there

    def _look_at_entry(self, path: str, entry_id: str) -> int:
        self._advance()
        self._paths[entry_id] = path  # also of a damaged one: its events are no orphans
        try:
            reading = read_entry(self._envelope.open(read_file(path) or b"", path), path)
        except Refused as refused:
            self._complain_all(refused.problems, path)
            return 1
        entry, odd = reading.entry, [each.at(path) for each in odd_times(reading.entry, now=self._now)]
        self._complain_all((*reading.problems, *odd), path)
        if entry.id == entry_id:
            self._remember(entry)
        else:
            self._complain(refusals.misnamed(entry.id, path), path)
        return 1

    def _remember(self, entry: Entry) -> None:
        self._began[entry.id] = entry.started
        self._playbooks.setdefault(entry.playbook.sha256, entry.id)

    def _look_at_event(self, path: str, event_id: str) -> int:
        self._advance()
        try:
            event, said = read_event(self._envelope.open(read_file(path) or b"", path), path)
        except Refused as refused:
            self._complain_all(refused.problems, path)
            return 1
        odd = odd_event(event, now=self._now, began=self._began.get(event.entry))
        self._complain_all((*said, *(each.at(path) for each in odd)), path)
        if event.id == event_id:
            self._events.setdefault(event.entry, []).append(event)
        else:
            self._complain(refusals.misnamed_event(event.id, path), path)
        return 1

    def _look_at_histories(self) -> None:
        for entry_id, events in self._events.items():
            happened, path = history(events), self._paths.get(entry_id, "")
            if happened.gone and path:
                self._complaints.append(Complaint(refusals.came_back(entry_id, path), path, "move"))
            elif happened.disputed:
                self._complain(refusals.disputed(entry_id))
            if not path:
                self._look_at_orphans(events, gone=happened.gone)

    def _look_at_orphans(self, events: list[Event], *, gone: bool) -> None:
        for event in events:
            if event.kind != "tombstone":
                path = event_path(self._journal, event.id)
                problem = refusals.orphan(event.entry, path, gone=gone)
                self._complaints.append(Complaint(problem, path, "move" if gone else ""))

    def _look_at_playbooks(self) -> int:
        there = 0
        for name in names_in(os.path.join(self._journal, PLAYBOOKS)):
            sha256 = name.removesuffix(END)
            if name.endswith(END) and is_sha256(sha256):
                there += 1
                self._look_at_playbook(sha256)
        for sha256, entry_id in self._playbooks.items():
            if not os.path.lexists(playbook_path(self._journal, sha256)):
                self._complain(refusals.playbook_missing(sha256).at(entry_id))
        return there

    def _look_at_playbook(self, sha256: str) -> None:
        path = playbook_path(self._journal, sha256)
        try:
            if sha256_of(self._envelope.open(read_file(path) or b"", path)) != sha256:
                self._complaints.append(Complaint(refusals.playbook_changed(path), path, "move"))
        except Refused as refused:
            self._complain_all(refused.problems, path)

    def _complain_all(self, problems: tuple[Problem, ...], path: str) -> None:
        for problem in problems:
            self._complain(problem, path)

    def _complain(self, problem: Problem, path: str = "") -> None:
        known = problem.code in (*ASTRAY, *BEYOND_READING)
        movable = known or problem.code.partition("-")[2] in DAMAGED
        self._complaints.append(Complaint(problem, path or str(problem.where), "move" if movable else ""))
