"""What the coach needs from the outside: a screen, a journal, a library, a clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from careerkit.core.journal.entry import Entry, Listing, Reading
from careerkit.core.journal.event import Event, Events
from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.playbook.model import Playbook

if TYPE_CHECKING:  # who asks questions searches nothing
    from careerkit.core.journal.searching import Search


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment with the offset of the person's zone."""

    def zone(self) -> str:
        """The IANA name of the person's zone, or "" where it is not known."""


class Journal(Protocol):
    """Entries, each durable once `save` returns. Every failure is a Refused that says what was and wasn't saved.

    Where that `is_uncertain`, what was to be saved is there; the next `save` of the entry makes sure of it.

    A Ctrl-C or another signal doesn't break `create` and `save` off: it is raised when they are done.
    """

    def create(self, entry: Entry, playbook: bytes) -> None:
        """Save a new entry and keep the playbook's bytes by their hash. The id must not exist yet."""

    def save(self, entry: Entry, *, playbook: bytes | None = None) -> None:
        """Replace an open entry of this machine; refused for finished ones and those of other machines.

        `playbook` is the one that it names now, where it was saved with another: kept like that of a new entry.
        """

    def read(self, entry_id: str) -> Reading: ...

    def playbook(self, sha256: str) -> bytes:
        """The kept bytes of a playbook; refused when missing or changed."""

    def record(self, event: Event) -> None:
        """Save what happened to an entry. The id must not exist yet."""

    def erase(self, entry_id: str) -> tuple[str, ...]:
        """Delete the entry and its events but a tombstone, durably; gives the paths of copies that it did not touch."""

    def events(self, entry_id: str | None = None) -> Events:
        """What happened to all entries, or to one, oldest first."""

    def listing(self, *, newest: int | None = None, only: Only = EVERYTHING, search: Search | None = None) -> Listing:
        """All entries that fit, or only so many of the newest, with their tags. What was removed is left out.

        With `search`, those in which all of it is found, each with the text that shows it.
        """

    def perhaps_due(self, entry_ids: Iterable[str], *, until: date) -> tuple[str, ...]:
        """Those of the entries in which something may be due until then, what comes due last first.

        A quick look that misses nothing, and that finds some in which nothing is due after all.
        """

    def find(self, beginning: str) -> str:
        """The full id of the entry that `beginning` (of id or random part, or "last") means; refused when none or several fit."""

    def hold(self, entry_id: str) -> AbstractContextManager[None]:
        """Be the one writer of the entry; refused when another process is."""

    def new_id(self, moment: datetime) -> str:
        """A fresh entry id for an interview that begins at `moment`."""

    def new_event_id(self, moment: datetime) -> str:
        """A fresh id for an event at `moment`."""

    @property
    def machine(self) -> str: ...


class Opened(Protocol):
    """A playbook with the bytes of its file."""

    @property
    def playbook(self) -> Playbook: ...

    @property
    def source(self) -> bytes: ...


class ListedPlaybook(Protocol):
    """What lists show of a playbook. `shadows`: it stands in place of a bundled one of the same id."""

    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def summary(self) -> str: ...

    @property
    def minutes(self) -> int | None: ...

    @property
    def origin(self) -> str: ...

    @property
    def shadows(self) -> bool: ...


class Library(Protocol):
    """Where playbooks come from."""

    def listing(self) -> Sequence[ListedPlaybook]:
        """The playbooks that can be run, by id."""

    def read(self, source: bytes, *, file: str, id: str) -> Playbook:  # noqa: A002 - the word of the format
        """The playbook in `source`, wherever that comes from; refused where it is broken."""

    def ids(self) -> tuple[str, ...]:
        """The ids of all playbook files, broken ones too."""

    def open(self, reference: str) -> Opened:
        """The playbook of that id; refused when there is none, or when it is broken."""
