"""What is due in an entry, and which of its times are implausible."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal

from careerkit.core.errors import Problem
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.events import Event
from careerkit.core.outcome.model import DueTime

MAX_CLOCK_SKEW = timedelta(days=1)
"""How much the clocks and time zones of two machines may differ; a rule of thumb."""

MIN_YEAR = 2000
"""A machine that has lost its clock starts in 1970 or 1980."""


@frozen
class DueItem:
    """An action or a check-in that is due on `day`. `what` is the action, or the title of the check-in."""

    kind: Literal["action", "checkin"]
    id: str
    what: str
    day: date


def find_due_items(entry: Entry, *, now: datetime) -> tuple[DueItem, ...]:
    """Open actions and check-ins that are due today or earlier, whatever the hour, the longest overdue first."""
    outcome = entry.outcome
    if outcome is None:
        return ()
    things = [
        DueItem("action", each.id, each.do, _to_local_date(each.due, now))
        for each in outcome.actions
        if each.state == "open" and each.due
    ]
    things += [
        DueItem("checkin", each.id, each.title, _to_local_date(each.due, now))
        for each in outcome.checkins
        if each.state == "open" and each.due
    ]
    return tuple(sorted((each for each in things if each.day <= now.date()), key=lambda each: each.day))


def check_entry_times(entry: Entry, *, now: datetime) -> list[Problem]:
    """Problems with an entry's times; empty if there are none."""
    found = []
    if entry.started > now + MAX_CLOCK_SKEW:
        found.append(_make_problem(f"This entry was started on {entry.started:%Y-%m-%d}, which is in the future."))
    if entry.started.year < MIN_YEAR:
        found.append(
            _make_problem(f"This entry was started on {entry.started:%Y-%m-%d}, long before careerkit existed.")
        )
    if entry.finished and entry.finished < entry.started:
        found.append(_make_problem("This entry was finished before it was started."))
    if f"{entry.started.astimezone(UTC):%Y%m%dT%H%MZ}" != entry.id.partition("-")[0]:
        found.append(_make_problem("The start time in this entry's id doesn't match the entry."))
    return found


def check_event_time(event: Event, *, now: datetime, entry_started: datetime | None) -> list[Problem]:
    """Problems with an event's time; empty if there are none. `entry_started` is None if it is unknown."""
    if event.at > now + MAX_CLOCK_SKEW:
        return [_make_problem(f"This event is dated {event.at:%Y-%m-%d}, which is in the future.")]
    if entry_started and event.at < entry_started - MAX_CLOCK_SKEW:
        return [_make_problem("This event is older than its entry.")]
    return []


def _to_local_date(due: DueTime, now: datetime) -> date:
    """The due day in the person's current time zone."""
    return due.astimezone(now.tzinfo).date() if isinstance(due, datetime) else due


def _make_problem(message: str) -> Problem:
    return Problem(
        "odd-time",
        message,
        "A clock was wrong. Nothing is lost, but entries may be listed in the wrong order.",
        "",
        "warning",
    )
