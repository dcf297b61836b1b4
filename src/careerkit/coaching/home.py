"""The home screen: unfinished interviews, what is due, and the playbooks to start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from careerkit.coaching.ports import Clock, Journal, Library, ListedPlaybook
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.due_items import DueItem, find_due_items
from careerkit.core.journal.entry_list import EntrySummary

SCAN_LIMIT = 100
"""Newest entries that are read, so that the first screen doesn't have to wait for a large journal."""
MAX_SHOWN = 3
"""Rows of each kind. The person wants to start, not to work through a list."""


@frozen
class DueEntry:
    """A finished entry with something due. `first` has been due the longest, `more` counts the others."""

    entry_id: str
    title: str
    first: DueItem
    more: int


@frozen
class Home:
    """What the home screen shows: `unfinished` entries newest first, `due` ones with the latest due date first.

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


@frozen
class ResumeEntry:
    """Continue an unfinished entry."""

    entry_id: str


@frozen
class ShowPlan:
    """Show the plan of an entry with something due."""

    entry_id: str


@frozen
class StartPlaybook:
    """Start a playbook."""

    playbook_id: str


HomeReply = ResumeEntry | ShowPlan | StartPlaybook | None
"""None: quit."""


def load_home_without_journal(library: Library, clock: Clock) -> Home:
    """The home screen of a journal that was not unlocked: only the playbooks."""
    return Home(clock.now(), (), (), tuple(library.listing()))


def load_home(journal: Journal, library: Library, clock: Clock) -> Home:
    """Load the home screen. Unreadable entries are reported as problems and hide nothing else."""
    now = clock.now()
    listing = journal.listing(limit=SCAN_LIMIT)
    unfinished = [each for each in listing.entries if each.state == "open"]
    finished = [each.id for each in listing.entries if each.state == "finished"]
    tomorrow = now.date() + timedelta(days=1)  # it may already be that day in an entry's time zone
    candidates = journal.find_due_candidates(finished, until=tomorrow)
    due = tuple(islice(_find_due_entries(journal, candidates, now), MAX_SHOWN + 1))
    return Home(
        now,
        tuple(unfinished[:MAX_SHOWN]),
        due[:MAX_SHOWN],
        tuple(library.listing()),
        more_unfinished=max(0, len(unfinished) - MAX_SHOWN),
        is_more_due=len(due) > MAX_SHOWN,
        problems=listing.problems,
    )


def _find_due_entries(journal: Journal, entry_ids: tuple[str, ...], now: datetime) -> Iterator[DueEntry]:
    for entry_id in entry_ids:
        try:
            entry = journal.read(entry_id).entry
        except Refused:
            continue  # the list has reported its problem
        items = find_due_items(entry, now=now)
        if items:
            yield DueEntry(entry.id, entry.playbook.title, items[0], len(items) - 1)
