"""Times that can't be right. A clock that was wrong is no fault of a file, and yet the order of things may mislead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from careerkit.core.journal.entry import Entry
from careerkit.core.journal.event import Event
from careerkit.core.problem import Problem

LEEWAY = timedelta(days=1)
"""So much do two machines' clocks and zones differ without anything being wrong with either; a rule of thumb of ours."""


FIRST_YEAR = 2000
"""A machine that has lost its time begins in 1970 or 1980; there was no careerkit then."""


def odd_times(entry: Entry, *, now: datetime) -> list[Problem]:
    """What is odd about an entry's times; empty where nothing is."""
    found = []
    if entry.started > now + LEEWAY:
        found.append(_odd(f"This entry began on {entry.started:%Y-%m-%d}, which is still to come."))
    if entry.started.year < FIRST_YEAR:
        found.append(_odd(f"This entry began on {entry.started:%Y-%m-%d}, long before there was a careerkit."))
    if entry.finished and entry.finished < entry.started:
        found.append(_odd("This entry was finished before it began."))
    if f"{entry.started.astimezone(UTC):%Y%m%dT%H%MZ}" != entry.id.partition("-")[0]:
        found.append(_odd("This entry's name tells another time than the entry itself."))
    return found


def odd_event(event: Event, *, now: datetime, began: datetime | None) -> list[Problem]:
    """What is odd about an event's time. `began`: when its entry did, where that is known."""
    if event.at > now + LEEWAY:
        return [_odd(f"This event is of {event.at:%Y-%m-%d}, which is still to come.")]
    if began and event.at < began - LEEWAY:
        return [_odd("This event is older than the entry that it speaks of.")]
    return []


def _odd(message: str) -> Problem:
    return Problem(
        "odd-time", message, "A clock was wrong. Nothing is lost; only the order may mislead.", "", "warning"
    )
