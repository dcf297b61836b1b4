"""A journal in memory, for trials and tests that need a journal but no disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.agenda import AgendaItem, add_history, list_entry_items
from careerkit.core.journal.entry import Entry, LoadedEntry, build_summary
from careerkit.core.journal.entry_list import (
    EMPTY_HISTORY,
    NO_FILTER,
    EntryFilter,
    EntryList,
    EntrySummary,
    Event,
    EventList,
    build_histories,
)
from careerkit.core.journal.query import SearchQuery, TextMatch, find_match
from careerkit.core.journal.searchable_text import extract_entry_texts, extract_history_texts
from careerkit.core.text import hash_sha256
from careerkit.storage import platform
from careerkit.storage.catalog import resolve_entry_id, unknown_entry
from careerkit.storage.entry_files import decode_entry, decode_event, encode_entry, encode_event
from careerkit.storage.layout import generate_entry_id, generate_event_id, is_entry_id


class MemoryJournal:
    """Stores the bytes that would be in the files, so that reading gives the same results as from disk."""

    def __init__(self, machine: str = "memory") -> None:
        self._machine = machine
        self._files: dict[str, bytes] = {}
        self._events: dict[str, bytes] = {}
        self._playbooks: dict[str, bytes] = {}
        self._locked_ids: set[str] = set()

    @property
    def machine(self) -> str:
        return self._machine

    def new_id(self, moment: datetime) -> str:
        return generate_entry_id(moment)

    def create(self, entry: Entry, playbook: bytes) -> None:
        self._require_entry_id(entry.id)
        data = encode_entry(entry)
        if entry.id in self._files:
            raise Refused(platform.entry_exists(entry.id))
        with platform.report_unsaved(entry.id):
            self._store_playbook(playbook, entry.playbook.sha256)
        self._files[entry.id] = data

    def save(self, entry: Entry, *, playbook: bytes | None = None) -> None:
        self._require_entry_id(entry.id)
        if entry.id not in self._files:
            raise Refused(platform.entry_missing(entry.id, "memory"))
        stored = self.read(entry.id).entry
        if not self.machine == stored.machine == entry.machine:
            raise Refused(platform.entry_owned_elsewhere(entry.id))
        if stored.finished:
            raise Refused(platform.entry_finished(entry.id))
        if playbook is not None:
            with platform.report_unsaved(entry.id):
                self._store_playbook(playbook, entry.playbook.sha256)
        self._files[entry.id] = encode_entry(entry)

    def read(self, entry_id: str) -> LoadedEntry:
        if entry_id not in self._files:
            raise Refused(unknown_entry(entry_id))
        return decode_entry(self._files[entry_id], entry_id)

    def read_playbook(self, sha256: str) -> bytes:
        if sha256 not in self._playbooks:
            raise Refused(platform.playbook_missing(sha256))
        return self._playbooks[sha256]

    def new_event_id(self, moment: datetime) -> str:
        return generate_event_id(moment)

    def append_event(self, event: Event) -> None:
        if event.id in self._events:
            raise Refused(platform.event_exists(event.id))
        self._events[event.id] = encode_event(event)

    def erase(self, entry_id: str) -> tuple[Problem, ...]:
        self._require_entry_id(entry_id)
        self._files.pop(entry_id, None)
        for event in self.events(entry_id).events:
            if event.kind != "tombstone":
                del self._events[event.id]
        return ()

    def events(self, entry_id: str | None = None) -> EventList:
        events = [decode_event(self._events[event_id], event_id)[0] for event_id in sorted(self._events)]
        return EventList(tuple(event for event in events if entry_id in (None, event.entry)))

    def listing(
        self, *, limit: int | None = None, entry_filter: EntryFilter = NO_FILTER, search: SearchQuery | None = None
    ) -> EntryList:
        histories = build_histories(self.events().events)
        ids = self._visible_ids(entry_filter)
        found: list[tuple[EntrySummary, TextMatch | None]] = []
        read_count = 0
        for entry_id in ids:
            if limit is not None and len(found) >= limit:
                break
            read_count += 1
            entry, history = self.read(entry_id).entry, histories.get(entry_id, EMPTY_HISTORY)
            summary = add_history(build_summary(entry), history, entry.outcome)
            texts = (*extract_entry_texts(entry), *extract_history_texts(history))
            match = find_match(search, texts) if search else None
            found += [(summary, match)] if entry_filter.matches(summary) and (match or not search) else []
        found.sort(key=lambda each: (each[0].started, each[0].id), reverse=True)
        matches = tuple(match for _, match in found if match)
        return EntryList(tuple(summary for summary, _ in found), not_shown=len(ids) - read_count, matches=matches)

    def agenda(
        self,
        *,
        until: date | None = None,  # noqa: ARG002 - what is due later may be included
        limit: int | None = None,
    ) -> tuple[list[AgendaItem], tuple[Problem, ...]]:
        histories = build_histories(self.events().events)
        items: list[AgendaItem] = []
        problems: list[Problem] = []
        for entry_id in self._visible_ids(NO_FILTER)[:limit]:
            try:
                entry = self.read(entry_id).entry
            except Refused as refused:
                problems += refused.problems
                continue
            items += list_entry_items(build_summary(entry), entry.outcome, histories.get(entry_id, EMPTY_HISTORY))
        return items, tuple(problems)

    def resolve_id(self, prefix: str) -> str:
        return resolve_entry_id(
            prefix, lambda _: sorted(self._files), lambda: self._visible_ids(NO_FILTER), self._find_newest
        )

    @contextlib.contextmanager
    def lock_entry(self, entry_id: str) -> Iterator[None]:
        self._require_entry_id(entry_id)
        if entry_id in self._locked_ids:
            raise Refused(platform.entry_locked(entry_id))
        self._locked_ids.add(entry_id)
        try:
            yield
        finally:
            self._locked_ids.discard(entry_id)

    def _visible_ids(self, entry_filter: EntryFilter) -> list[str]:
        histories = build_histories(self.events().events)
        newest_first = sorted(self._files, reverse=True)
        return [each for each in newest_first if entry_filter.is_visible(histories.get(each, EMPTY_HISTORY))]

    def _store_playbook(self, playbook: bytes, sha256: str) -> None:
        if hash_sha256(playbook) != sha256:
            raise Refused(platform.playbook_mismatch(sha256))
        self._playbooks[sha256] = playbook

    def _find_newest(self, ids: Sequence[str]) -> str:
        return next(entry.id for entry in self.listing().entries if entry.id in ids)

    def _require_entry_id(self, entry_id: str) -> None:
        if not is_entry_id(entry_id):
            raise Refused(unknown_entry(entry_id))
