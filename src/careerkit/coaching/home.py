"""The home screen: unfinished interviews, what is due, and the playbooks to start."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from careerkit.coaching.ports import Clock, Journal, Library, ListedPlaybook
from careerkit.core.errors import Problem
from careerkit.core.frozen import frozen
from careerkit.core.journal.agenda import DEFAULT_DAYS, AgendaItem, add_days, get_day, select_items
from careerkit.core.journal.entry_list import EntrySummary

SCAN_LIMIT = 100
"""Newest entries that are read, so that the first screen doesn't have to wait for a large journal."""
MAX_SHOWN = 3
"""Rows of each kind. The person wants to start, not to work through a list."""


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
    """The entries with an action or a check-in due, the latest due date first. Within an entry, a day's order is kept."""
    by_entry: dict[str, list[tuple[date, AgendaItem]]] = {}
    for each in items:
        if each.due and each.kind in ("action", "checkin"):
            by_entry.setdefault(each.entry, []).append((get_day(each.due, now), each))
    newest_first = sorted(by_entry.items(), key=lambda one: (max(day for day, _ in one[1]), one[0]), reverse=True)
    due = []
    for entry_id, its in newest_first:
        since, first = min(its, key=lambda one: one[0])
        due.append(DueEntry(entry_id, first.title, first, since, len(its) - 1))
    return due
