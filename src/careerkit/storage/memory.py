"""A journal that lives as long as the process: for tests of all that needs a journal, and no disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from careerkit.core.journal.entry import Entry, Listed, Listing, Reading
from careerkit.core.journal.event import Event, Events
from careerkit.core.journal.history import NOTHING_HAPPENED, histories
from careerkit.core.journal.listed import with_history
from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.journal.passages import of_entry, of_history
from careerkit.core.journal.searching import Place, Search, find
from careerkit.core.journal.summary import summary
from careerkit.core.playbook.digest import sha256_of
from careerkit.core.problem import Refused
from careerkit.storage import refusals
from careerkit.storage.due_scan import latest_first
from careerkit.storage.entry_file import read_entry, written
from careerkit.storage.event_file import read_event, written_event
from careerkit.storage.finding import choose, unknown
from careerkit.storage.layout import is_entry_id, new_entry_id, new_event_id


class MemoryJournal:
    """It keeps the bytes that a file would hold, so that what it gives back is what a disk would give back."""

    def __init__(self, machine: str = "memory") -> None:
        self._machine = machine
        self._files: dict[str, bytes] = {}
        self._events: dict[str, bytes] = {}
        self._playbooks: dict[str, bytes] = {}
        self._held: set[str] = set()

    @property
    def machine(self) -> str:
        return self._machine

    def new_id(self, moment: datetime) -> str:
        return new_entry_id(moment)

    def create(self, entry: Entry, playbook: bytes) -> None:
        self._check(entry.id)
        data = written(entry)
        if entry.id in self._files:
            raise Refused(refusals.exists(entry.id))
        with refusals.not_saved(entry.id):
            self._keep(playbook, entry.playbook.sha256)
        self._files[entry.id] = data

    def save(self, entry: Entry, *, playbook: bytes | None = None) -> None:
        self._check(entry.id)
        if entry.id not in self._files:
            raise Refused(refusals.gone(entry.id, "memory"))
        found = self.read(entry.id).entry
        if not self.machine == found.machine == entry.machine:
            raise Refused(refusals.elsewhere(entry.id))
        if found.finished:
            raise Refused(refusals.finished(entry.id))
        if playbook is not None:
            with refusals.not_saved(entry.id):
                self._keep(playbook, entry.playbook.sha256)
        self._files[entry.id] = written(entry)

    def read(self, entry_id: str) -> Reading:
        if entry_id not in self._files:
            raise Refused(unknown(entry_id))
        return read_entry(self._files[entry_id], entry_id)

    def playbook(self, sha256: str) -> bytes:
        if sha256 not in self._playbooks:
            raise Refused(refusals.playbook_missing(sha256))
        return self._playbooks[sha256]

    def new_event_id(self, moment: datetime) -> str:
        return new_event_id(moment)

    def record(self, event: Event) -> None:
        if event.id in self._events:
            raise Refused(refusals.event_exists(event.id))
        self._events[event.id] = written_event(event)

    def erase(self, entry_id: str) -> tuple[str, ...]:
        self._check(entry_id)
        self._files.pop(entry_id, None)
        for event in self.events(entry_id).events:
            if event.kind != "tombstone":
                del self._events[event.id]
        return ()

    def events(self, entry_id: str | None = None) -> Events:
        read = [read_event(self._events[event_id], event_id)[0] for event_id in sorted(self._events)]
        return Events(tuple(event for event in read if entry_id in (None, event.entry)))

    def listing(self, *, newest: int | None = None, only: Only = EVERYTHING, search: Search | None = None) -> Listing:
        happened = histories(self.events().events)
        there = self._there(only)
        found: list[tuple[Listed, Place | None]] = []
        looked_at = 0
        for entry_id in there:
            if newest is not None and len(found) >= newest:
                break
            looked_at += 1
            entry, its = self.read(entry_id).entry, happened.get(entry_id, NOTHING_HAPPENED)
            listed = with_history(summary(entry), its)
            place = find(search, (*of_entry(entry), *of_history(its))) if search else None
            found += [(listed, place)] if only.admits(listed) and (place or not search) else []
        found.sort(key=lambda each: (each[0].started, each[0].id), reverse=True)
        places = tuple(place for _, place in found if place)
        return Listing(tuple(listed for listed, _ in found), older=len(there) - looked_at, places=places)

    def perhaps_due(self, entry_ids: Iterable[str], *, until: date) -> tuple[str, ...]:
        return latest_first(((each, self._files[each]) for each in entry_ids if each in self._files), until=until)

    def find(self, beginning: str) -> str:
        return choose(beginning, lambda _: sorted(self._files), lambda: self._there(EVERYTHING), self._newest)

    @contextlib.contextmanager
    def hold(self, entry_id: str) -> Iterator[None]:
        self._check(entry_id)
        if entry_id in self._held:
            raise Refused(refusals.held(entry_id))
        self._held.add(entry_id)
        try:
            yield
        finally:
            self._held.discard(entry_id)

    def _there(self, only: Only) -> list[str]:
        happened = histories(self.events().events)
        newest_first = sorted(self._files, reverse=True)
        return [each for each in newest_first if only.is_wanted(happened.get(each, NOTHING_HAPPENED))]

    def _keep(self, playbook: bytes, sha256: str) -> None:
        if sha256_of(playbook) != sha256:
            raise Refused(refusals.playbook_mismatch(sha256))
        self._playbooks[sha256] = playbook

    def _newest(self, ids: Sequence[str]) -> str:
        return next(entry.id for entry in self.listing().entries if entry.id in ids)

    def _check(self, entry_id: str) -> None:
        if not is_entry_id(entry_id):
            raise Refused(unknown(entry_id))
