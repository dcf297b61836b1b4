"""The journal as a folder of plain files, which git or Syncthing can carry between machines."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from careerkit.core.frozen import replace as change
from careerkit.core.journal.listed import Listing
from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.journal.version import FORMAT
from careerkit.core.problem import Refused
from careerkit.storage import refusals
from careerkit.storage.contents import Contents, FolderContents
from careerkit.storage.durable import create, delete, make_folders, replace
from careerkit.storage.envelope import AgeEnvelope, Unlock, is_closed, locked
from careerkit.storage.events import read_events
from careerkit.storage.finding import choose, unknown
from careerkit.storage.layout import (
    entry_path,
    event_path,
    is_entry_id,
    is_event_id,
    new_entry_id,
    new_event_id,
)
from careerkit.storage.listing import list_entries, newest_of
from careerkit.storage.marker import Marker, establish, look, writable
from careerkit.storage.memory_of_journals import MachineMemory
from careerkit.storage.own_files import copies_of
from careerkit.storage.plain_file import read_file
from careerkit.storage.tidying import tidy
from careerkit.storage.unbroken import unbroken
from careerkit.storage.writable_entries import WritableEntries
from careerkit.storage.writer_lock import among_writers, hold

if TYPE_CHECKING:  # a list does without them
    from careerkit.core.journal.entry import Entry, Reading
    from careerkit.core.journal.event import Event, Events
    from careerkit.core.journal.searching import Search
    from careerkit.storage.index.file import Index
    from careerkit.storage.keyhole import Keyhole

T = TypeVar("T")


class DiskJournal:
    """A journal in `folder`, with this machine's memory and locks in `state`, never in the journal.

    It reads and writes when asked, and keeps no file open between calls. One process may use several at a time. What is
    done for the journal as a whole is in JournalCare.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        state: str | os.PathLike[str],
        *,
        unlock: Unlock = locked,
        index: Index | None = None,
    ) -> None:
        self._folder = os.path.abspath(folder)
        self.memory = MachineMemory(os.path.abspath(state))
        self.envelope = AgeEnvelope(unlock, self.keyhole)
        self._index = index
        self._seen = WritableEntries()

    @property
    def folder(self) -> str:
        return self._folder

    @property
    def machine(self) -> str:
        return self.memory.machine()

    @property
    def is_encrypted(self) -> bool:
        """Whether what is written is encrypted. Reading then takes the key, writing does not."""
        return look(self._folder, self.memory).recipient != ""

    def keyhole(self) -> Keyhole:
        """What the key of an encrypted journal is behind."""
        from careerkit.storage.keyhole import Keyhole  # only where something is closed

        marker = look(self._folder, self.memory)
        return Keyhole(self._folder, marker.journal_id, marker.recipient)

    def ids(self) -> Sequence[str]:
        """The ids of all entries, oldest first; also of those that were removed."""
        return tuple(FolderContents(self._folder, self.envelope).named(""))

    def new_id(self, moment: datetime) -> str:
        while True:
            entry_id = new_entry_id(moment)
            if not os.path.lexists(entry_path(self._folder, entry_id)):
                return entry_id

    @unbroken()
    def create(self, entry: Entry, playbook: bytes) -> None:
        from careerkit.storage.entry_file import written  # a list does without
        from careerkit.storage.playbook_copies import keep

        path, what = self._path(entry.id), f"The entry {entry.handle}"
        text = written(entry)
        with self.writing(entry.id) as envelope:
            data = envelope.close(text)
            tidy(self._folder)
            with refusals.not_saved(entry.id):
                keep(self._folder, playbook, entry.playbook.sha256, envelope)
            make_folders(os.path.dirname(path), what=what)
            with self._seen.written(entry, data):
                if not create(path, data, what=what):
                    raise Refused(refusals.exists(entry.id))

    @unbroken()
    def save(self, entry: Entry, *, playbook: bytes | None = None) -> None:
        from careerkit.storage.entry_file import written  # a list does without
        from careerkit.storage.playbook_copies import keep

        self._may_save(entry)
        with self.writing(entry.id, is_new=False) as envelope:
            data = envelope.close(written(entry))
            if playbook is not None:
                with refusals.not_saved(entry.id):
                    keep(self._folder, playbook, entry.playbook.sha256, envelope)
            with self._seen.written(entry, data):
                replace(self._path(entry.id), data, what=f"The last change of the entry {entry.handle}")

    def read(self, entry_id: str) -> Reading:
        reading, data = self._read(entry_id)
        if is_closed(data) or not self.is_encrypted:
            return reading
        problem = refusals.not_encrypted(1, self._path(entry_id))
        return type(reading)(reading.entry, (*reading.problems, problem))

    def text(self, entry_id: str) -> bytes:
        """The entry's file to the byte, whatever is in it; opened where the journal is encrypted."""
        return self.envelope.open(self._bytes(entry_id), self._path(entry_id))

    def playbook(self, sha256: str) -> bytes:
        from careerkit.storage.playbook_copies import kept  # as above

        return kept(self._folder, sha256, self.envelope)

    def new_event_id(self, moment: datetime) -> str:
        return new_event_id(moment)

    @unbroken()
    def record(self, event: Event) -> None:
        from careerkit.storage.event_file import written_event  # a list does without

        if not is_event_id(event.id):
            raise ValueError(event.id)
        path = event_path(self._folder, event.id)
        what = f"What you changed in the entry {event.entry.partition('-')[2]}"
        text = written_event(event)
        with self.writing(event.entry) as envelope:
            make_folders(os.path.dirname(path), what=what)
            if not create(path, envelope.close(text), what=what):
                raise Refused(refusals.event_exists(event.id))

    @unbroken()
    def erase(self, entry_id: str) -> tuple[str, ...]:
        path, what = self._path(entry_id), f"The entry {entry_id.partition('-')[2]}"
        with self.writing(is_new=False):
            delete(path, what=what)
            erased = [entry_id]
            for event in self.events(entry_id).events:
                if event.kind != "tombstone":
                    delete(event_path(self._folder, event.id), what=f"What happened to the entry {event.entry}")
                    erased.append(event.id)
        if self._index:
            self._index.purge_all()
        self._seen.forget(entry_id)
        return copies_of(erased, self._folder)

    def events(self, entry_id: str | None = None) -> Events:
        return read_events(self._folder, self.envelope, entry_id=entry_id)

    def listing(self, *, newest: int | None = None, only: Only = EVERYTHING, search: Search | None = None) -> Listing:
        def ask(contents: Contents) -> Listing:
            return list_entries(contents, self._folder, self.envelope, newest=newest, only=only, search=search)

        marker = look(self._folder, self.memory)
        found = self._ask(ask, marker)
        problems = marker.problems + found.problems
        if marker.recipient and self.envelope.plain:
            problems += (refusals.not_encrypted(len(self.envelope.plain), self._folder),)
        return change(found, problems=problems)

    def reindex(self) -> bool:
        """Make the index anew, with every file looked at. Was that possible?"""
        marker = look(self._folder, self.memory)
        has_texts = not marker.recipient
        return self._index is not None and self._index.renew(self._folder, self.envelope, has_texts=has_texts)

    def unknown_to_index(self) -> int:
        """How many files the index knows otherwise than they are; 0 also where there is no index."""
        marker = look(self._folder, self.memory)
        if not self._index or not marker.journal_id:
            return 0
        return self._index.unlike(self._folder, self.envelope, has_texts=not marker.recipient)

    def perhaps_due(self, entry_ids: Iterable[str], *, until: date) -> tuple[str, ...]:
        from careerkit.storage.due_scan import latest_first, readable  # a list does without

        return latest_first(readable(self._folder, entry_ids, self.envelope), until=until)

    def find(self, beginning: str) -> str:
        def ask(contents: Contents) -> str:
            def newest(ids: Sequence[str]) -> str:
                return newest_of(ids, self._folder, self.envelope)

            return choose(beginning, contents.named, lambda: contents.newest_first(EVERYTHING), newest)

        return self._ask(ask, look(self._folder, self.memory))

    @contextlib.contextmanager
    def hold(self, entry_id: str) -> Iterator[None]:
        self._path(entry_id)
        with refusals.not_saved(entry_id):
            marker = establish(self._folder, self.memory)
        if marker.recipient:
            from careerkit.storage.age import pyrage_or_locked

            pyrage_or_locked()  # before a question is asked whose answer could not be saved
        one_of = among_writers(self.memory.writers_path(marker.journal_id), held=refusals.turning_over(self._folder))
        with hold(self.memory.lock_path(marker.journal_id, entry_id), held=refusals.held(entry_id)), one_of:
            yield

    @contextlib.contextmanager
    def writing(self, entry_id: str = "", *, is_new: bool = True) -> Iterator[AgeEnvelope]:
        """Give the envelope for what is written while the block runs. Refused while the journal is turned over.

        With something new, the folder becomes a journal where it is none, and is remembered.
        """
        with contextlib.ExitStack() as stack:
            with refusals.not_saved(entry_id) if entry_id else contextlib.nullcontext():
                journal_id = (establish if is_new else writable)(self._folder, self.memory).journal_id
                held = refusals.turning_over(self._folder)
                stack.enter_context(among_writers(self.memory.writers_path(journal_id), held=held))
                self.envelope.recipient = writable(self._folder, self.memory).recipient  # now that it stays so
            yield self.envelope

    def _read(self, entry_id: str) -> tuple[Reading, bytes]:
        """The entry, and the bytes of its file."""
        from careerkit.storage.entry_file import read_entry  # a list does without

        data = self._bytes(entry_id)
        path = self._path(entry_id)
        reading = read_entry(self.envelope.open(data, path), path)
        if reading.entry.id != entry_id:
            raise Refused(refusals.misnamed(reading.entry.id, path))
        self._seen.remember(reading.entry, data)
        return reading, data

    def _bytes(self, entry_id: str) -> bytes:
        """The bytes of the entry's file as it lies there."""
        path = self._path(entry_id)
        try:
            data = read_file(path)
        except Refused:
            look(self._folder, self.memory)  # perhaps it is the whole journal that can't be reached
            raise
        if data is None:
            look(self._folder, self.memory)
            raise Refused(unknown(entry_id))
        return data

    def _path(self, entry_id: str) -> str:
        if not is_entry_id(entry_id):
            raise Refused(unknown(entry_id))
        return entry_path(self._folder, entry_id)

    def _ask(self, question: Callable[[Contents], T], marker: Marker) -> T:
        """What the question makes of the contents: of the index where there can be one, else of the folder."""
        if self._index and marker.journal_id:
            has_texts = not marker.recipient
            answer = self._index.ask(question, self._folder, self.envelope, has_texts=has_texts)
            if answer is not None:
                return answer
        return question(FolderContents(self._folder, self.envelope))

    def _may_save(self, entry: Entry) -> None:
        """Refuse to write over anything but this machine's open entry as this process knows it."""
        path = self._path(entry.id)
        with refusals.not_saved(entry.id):
            machine, data = self.machine, read_file(path)
        if data is None:
            raise Refused(refusals.gone(entry.id, path))
        if entry.id not in self._seen:
            with refusals.not_saved(entry.id):
                reading, _ = self._read(entry.id)
            if reading.problems and reading.entry.format <= FORMAT:
                raise Refused(refusals.changed_meanwhile(entry.id))
        self._seen.check(entry, machine=machine, data=data, path=path)
