"""What of an entry is due: actions to do, and check-ins to answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.journal.entry import Entry
from careerkit.core.outcome.model import When


@frozen
class Due:
    """`what` is the action, or the title of the check-in."""

    kind: Literal["action", "checkin"]
    id: str
    what: str
    day: date


def due_now(entry: Entry, *, now: datetime) -> tuple[Due, ...]:
    """The open actions and check-ins whose day has come, whatever the hour; the longest due first. None has no date."""
    outcome = entry.outcome
    if outcome is None:
        return ()
    things = [
        Due("action", each.id, each.do, _day(each.due, now))
        for each in outcome.actions
        if each.state == "open" and each.due
    ]
    things += [
        Due("checkin", each.id, each.title, _day(each.due, now))
        for each in outcome.checkins
        if each.state == "open" and each.due
    ]
    return tuple(sorted((each for each in things if each.day <= now.date()), key=lambda each: each.day))


def _day(when: When, now: datetime) -> date:
    """The day of `when` where the person is now."""
    return when.astimezone(now.tzinfo).date() if isinstance(when, datetime) else when
