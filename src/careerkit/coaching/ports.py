"""The ports of coaching: the journal, the library of playbooks, the clock and the screen, with what the home screen shows.

The key screen and the line screen implement `Screen`. They receive plain text and core values and make them safe to
show. They raise `EndOfInput` when no one can answer any more; Ctrl-C stays KeyboardInterrupt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from careerkit.core.errors import Problem
from careerkit.core.frozen import frozen
from careerkit.core.interview_steps import Ask, EnterStage, ShowNote
from careerkit.core.journal.agenda import DEFAULT_DAYS, AgendaItem, add_days, get_day, select_items
from careerkit.core.journal.entry import Entry, LoadedEntry
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, EntryList, EntrySummary, Event, EventList
from careerkit.core.outcome.model import Finding
from careerkit.core.playbook.model import Band, Playbook
from careerkit.core.values import Value

if TYPE_CHECKING:
    from careerkit.core.journal.query import SearchQuery

NO_SUGGESTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({})

SaveDraft = Callable[[Value | None], None]
"""Saves the draft of an answer that is not submitted yet, None for no draft. Raises Refused if it can't be saved."""

SCAN_LIMIT = 100
"""Newest entries that are read, so that the first screen doesn't have to wait for a large journal."""

MAX_SHOWN = 3
"""Rows of each kind. The person wants to start, not to work through a list."""


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
    def situations(self) -> Sequence[tuple[str, str, str]]:
        """Topic, text and more words of each situation that it is for."""

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


def discard_draft(parts: Value | None) -> None:
    """Does nothing: for questions outside of an interview."""


class EndOfInput(Exception):  # noqa: N818 - not an error: the input is over
    """No one can answer any more. Every answer given so far is saved."""


@frozen
class Submit:
    """A valid answer: the value that `validate_answer` returned for the person's input."""

    value: object


@frozen
class Back:
    pass


@frozen
class Forward:
    pass


@frozen
class Skip:
    pass


@frozen
class OpenReview:
    """Show all answers so far, to choose one of them."""


@frozen
class Stop:
    """Stop here and continue another day."""


Reply = Submit | Back | Forward | Skip | OpenReview | Stop

NoteReply = Back | OpenReview | Stop | None
"""Where the person goes after reading something; None continues."""


@frozen
class ReviewLine:
    """One question of the review. `shown` is the answer in words, "" if there is none."""

    stage: str
    question_id: str
    ask: str
    shown: str


@frozen
class ReviewFigure:
    """A computed value of the review, with its arithmetic. `bands` are those the person may choose instead."""

    compute_id: str
    label: str
    shown: str
    arithmetic: str
    band_label: str
    overridden: bool
    bands: tuple[Band, ...]


@frozen
class Review:
    """All answers by stage, and the figures computed from them.

    `at_end`: everything has been asked, and closing the review gives the result. `news` then lists what changed in the
    result since the last review. `is_finished`: these are the answers of a finished entry, and closing the review ends
    their correction.
    """

    lines: tuple[ReviewLine, ...]
    figures: tuple[ReviewFigure, ...]
    at_end: bool = False
    news: tuple[str, ...] = ()
    is_finished: bool = False


@frozen
class GoTo:
    """Go from the review to one question."""

    question_id: str


@frozen
class ChooseBand:
    """Choose another band for a figure in the review; None takes the choice back."""

    compute_id: str
    band: str | None


ReviewReply = GoTo | ChooseBand | Back | Stop | None
"""None closes the review: back to the interview, or on to the result if it is the review before the end. Only that one
has Back (to the last question) and Stop."""


@frozen
class Reason:
    """A question with its answer in words: a reason for a finding, or a recent answer."""

    ask: str
    shown: str


class Screen(Protocol):
    def home(self, home: Home) -> HomeReply:
        """Show the home screen and return what the person chooses."""

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        """Show the opening of a playbook: title, length, and `note` (resumed, personal playbook, ...).

        None for `note` means that the opening is on the screen already. Opening another playbook on the same screen
        discards the drafts of the one before.
        """

    def show_recent(self, said: Sequence[Reason]) -> None:
        """Show the last answers of a resumed interview, a line each."""

    def show_stage(self, stage: EnterStage) -> None:
        """Show the title and the introduction of a stage."""

    def show_note(self, note: ShowNote) -> NoteReply:
        """Show a note and return when the person has read it."""

    def show_finding(self, finding: Finding) -> NoteReply:
        """Show a finding at once. If the next question could push it off the screen, return when it was read."""

    def ask(
        self,
        ask: Ask,
        *,
        why: str,
        sources: Sequence[str],
        suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
        keep: SaveDraft = discard_draft,
    ) -> Reply:
        """Ask a question and return the reply. `why` and `sources` (full citations) are shown on request.

        An answer is validated here, once, with `validate_answer`. If it isn't valid, the screen says why and asks again, so
        only valid answers are returned.

        The draft of an answer with several parts goes to `keep` after each part, and when the question is left or
        interrupted. `suggestions` are names by the id of a form's text field: offered, never filled in.
        """

    def answered(self, ask: Ask, shown: str) -> None:
        """Reduce the question to one line: the answer is saved."""

    def show_errors(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong and how to fix it, in at most three lines for each problem."""

    def show_info(self, text: str) -> None:
        """Show a short message, such as what a change hid or added."""

    def review(self, review: Review) -> ReviewReply:
        """Show the review and return what the person chooses.

        If no one is at the keyboard, the review before the end is skipped: a script has nothing to review.
        """

    def show_card(
        self, entry: Entry, because: dict[str, tuple[Reason, ...]], *, waits: bool, following: str = ""
    ) -> None:
        """Show the result of the quick lane or of a check-in, and let the person open what isn't on it.

        With `waits`, return when the person has read it. Otherwise a `confirm` must follow, which opens the parts too.
        `following` says what is asked afterwards, "" if nothing is. What was typed before that is painted is discarded,
        because it can't be meant for it.
        """

    def confirm(self, question: str, *, default: bool, is_saved: bool = True) -> bool:
        """Ask a yes-or-no question. Unless `is_saved`, the screen doesn't promise that Ctrl-C loses nothing."""

    def show_outcome(self, entry: Entry, because: dict[str, tuple[Reason, ...]]) -> None:
        """Show the full result, let the person open what isn't on the first view, and return when they have read it.

        `because` has the reasons of each finding, by its id. Everything is saved by now, so the end of input and Ctrl-C
        end the reading without an exception. The cli adds where it was saved.
        """


@frozen
class DueEntry:
    """An entry with something due or planned. `first` is the earliest, on the day `since`; `more` counts the others."""

    entry_id: str
    title: str
    first: AgendaItem
    since: date
    more: int


@frozen
class Home:
    """What the home screen shows: `unfinished` entries newest first, `due` ones with the latest due date first.

    `planned` are entries of which nothing is due yet, but something in the next days, the earliest first.

    `more_unfinished` counts the unfinished entries left out, `is_more_due` says whether due ones were. `problems` are
    those of the journal's files, to be shown.
    """

    now: datetime
    unfinished: tuple[EntrySummary, ...]
    due: tuple[DueEntry, ...]
    playbooks: tuple[ListedPlaybook, ...]
    more_unfinished: int = 0
    is_more_due: bool = False
    problems: tuple[Problem, ...] = ()
    planned: tuple[DueEntry, ...] = ()


@frozen
class ResumeEntry:
    """Continue an unfinished entry."""

    entry_id: str


@frozen
class OpenAction:
    """Ask what became of an action that is due."""

    entry_id: str
    action_id: str


@frozen
class StartCheckin:
    """Answer the check-in of an entry that is due."""

    entry_id: str


@frozen
class OpenPlan:
    """Show the plan of an entry."""

    entry_id: str


@frozen
class StartPlaybook:
    """Start a playbook."""

    playbook_id: str


HomeReply = ResumeEntry | OpenAction | OpenPlan | StartCheckin | StartPlaybook | None
"""None: quit."""


def load_home_without_journal(library: Library, clock: Clock) -> Home:
    """The home screen of a journal that was not unlocked: only the playbooks."""
    return Home(clock.now(), (), (), tuple(library.listing()))


def load_home(journal: Journal, library: Library, clock: Clock) -> Home:
    """Load the home screen. Unreadable entries are reported as problems and hide nothing else."""
    now = clock.now()
    listing = journal.listing(limit=SCAN_LIMIT)
    items, problems = journal.agenda(until=add_days(now.date(), timedelta(days=DEFAULT_DAYS)), limit=SCAN_LIMIT)
    unfinished = [each for each in listing.entries if each.state == "open"]
    due = _group_by_entry(select_items(items, now=now, days=0), now)
    with_due = {each.entry_id for each in due}
    later = _group_by_entry(
        (each for each in select_items(items, now=now, days=DEFAULT_DAYS) if each.entry not in with_due), now
    )
    later.sort(key=lambda each: (each.since, each.entry_id))
    return Home(
        now,
        tuple(unfinished[:MAX_SHOWN]),
        tuple(due[:MAX_SHOWN]),
        tuple(library.listing()),
        more_unfinished=max(0, len(unfinished) - MAX_SHOWN),
        is_more_due=len(due) > MAX_SHOWN,
        problems=tuple(dict.fromkeys((*listing.problems, *problems))),
        planned=tuple(later[:MAX_SHOWN]),
    )


def _group_by_entry(items: Iterable[AgendaItem], now: datetime) -> list[DueEntry]:
    """The entries with an action or a check-in due, the latest due date first. Within an entry, a day's order is kept.

    A check-in that is due goes first, because it asks about the actions that are due; of several, the last one.
    """
    by_entry: dict[str, list[tuple[date, AgendaItem]]] = {}
    for each in items:
        if each.due and each.kind in ("action", "checkin"):
            by_entry.setdefault(each.entry, []).append((get_day(each.due, now), each))
    newest_first = sorted(by_entry.items(), key=lambda one: (max(day for day, _ in one[1]), one[0]), reverse=True)
    due = []
    for entry_id, its in newest_first:
        checkins = [one for one in its if one[1].kind == "checkin" and one[0] <= now.date()]
        since, first = max(checkins, key=lambda one: one[0]) if checkins else min(its, key=lambda one: one[0])
        due.append(DueEntry(entry_id, first.title, first, since, len(its) - 1))
    return due
