"""The ports of coaching: the journal, the library of playbooks and the clock. The screen port is in `screen`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from careerkit.core.errors import Problem
from careerkit.core.journal.entry import Entry, LoadedEntry
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, EntryList
from careerkit.core.journal.events import Event, EventList
from careerkit.core.playbook.model import Playbook

if TYPE_CHECKING:  # asking questions needs no search
    from careerkit.core.journal.agenda import AgendaItem
    from careerkit.core.journal.query import SearchQuery


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, with the offset of the person's time zone."""

    def zone(self) -> str:
        """The IANA name of the person's time zone, or "" if it is unknown."""


class Journal(Protocol):
    """Stores entries and their events; what `create`, `save` and `append_event` wrote is durable when they return.

    Every method raises Refused on failure, saying what was and wasn't saved. If `Refused.is_uncertain`, the write went
    through but may not be durable; the next `save` of the entry makes it so.

    Ctrl-C and other signals don't interrupt `create` and `save`: they are raised afterwards.
    """

    def create(self, entry: Entry, playbook: bytes) -> None:
        """Save a new entry and store the playbook's bytes under their hash. The id must not exist yet."""

    def save(self, entry: Entry, *, playbook: bytes | None = None) -> None:
        """Replace an unfinished entry of this machine; refused for finished ones and those of other machines.

        `playbook` holds the bytes of the version it now names, if that has changed since the last save.
        """

    def read(self, entry_id: str) -> LoadedEntry: ...

    def read_playbook(self, sha256: str) -> bytes:
        """The stored bytes of a playbook; refused if they are missing or changed."""

    def append_event(self, event: Event) -> None:
        """Append an event. Its id must not exist yet."""

    def erase(self, entry_id: str) -> tuple[Problem, ...]:
        """Delete the entry and its events, except a tombstone; returns a problem for each file that may have its words."""

    def events(self, entry_id: str | None = None) -> EventList:
        """The events of all entries, or of one, oldest first."""

    def listing(
        self, *, limit: int | None = None, entry_filter: EntryFilter = NO_FILTER, search: SearchQuery | None = None
    ) -> EntryList:
        """The entries that match, or the newest of them, with their tags. Removed entries are left out.

        With `search`, only entries that contain all its terms, each with the text where they were found.
        """

    def agenda(
        self, *, until: date | None = None, limit: int | None = None
    ) -> tuple[list[AgendaItem], tuple[Problem, ...]]:
        """What may be on the agenda until that day, in no order, and the problems of files that could not be read.

        With `limit`, at most so many entries' files are read, the newest; what is known without reading is complete.
        """

    def resolve_id(self, prefix: str) -> str:
        """The full id for the beginning of an id or of its random part, or for "last"; refused if none or several match."""

    def lock_entry(self, entry_id: str) -> AbstractContextManager[None]:
        """Lock the entry against other writers; refused if another process holds it."""

    def new_id(self, moment: datetime) -> str:
        """A new entry id for an interview that starts at `moment`."""

    def new_event_id(self, moment: datetime) -> str:
        """A new id for an event at `moment`."""

    @property
    def machine(self) -> str: ...


class OpenedPlaybook(Protocol):
    """A playbook with the bytes of its file."""

    @property
    def playbook(self) -> Playbook: ...

    @property
    def source(self) -> bytes: ...


class ListedPlaybook(Protocol):
    """A playbook in a list. `shadows`: it replaces a bundled one with the same id."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def summary(self) -> str: ...

    @property
    def minutes(self) -> int | None: ...

    @property
    def situations(self) -> Sequence[tuple[str, str]]:
        """Topic and text of each situation that it is for."""

    @property
    def origin(self) -> str: ...

    @property
    def shadows(self) -> bool: ...


class Library(Protocol):
    """The bundled and personal playbooks."""

    def listing(self) -> Sequence[ListedPlaybook]:
        """The playbooks that can be run, sorted by id."""

    def read(self, source: bytes, *, file: str, id: str) -> Playbook:  # noqa: A002 - the word of the format
        """Parse the playbook in `source`; refused if it is broken."""

    def ids(self) -> tuple[str, ...]:
        """The ids of all playbook files, including broken ones."""

    def open(self, reference: str) -> OpenedPlaybook:
        """The playbook with that id, or in that file; refused if there is none or it is broken."""
