"""Render the plan as a timeline: what is to be done and when, what became of it, and the check-ins between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import htpy as h

from careerkit.core.due_dates import due_sort_key
from careerkit.core.formatting import MISSING
from careerkit.core.frozen import Literal, frozen
from careerkit.core.journal.plan import CheckinRecord, PlannedAction, PlannedCheckin
from careerkit.core.outcome.model import DueTime
from careerkit.export.html.texts import format_due, render_due, render_line
from careerkit.export.plan_document import PlannedEntry, flatten

NO_DATE_LABEL = "No date"
TickState = Literal["open", "overdue", "done", "dropped", "waiting", "answered", "missed"]
"""How an item is marked. An open action has a box that can be ticked on paper."""
STATE_LABELS: dict[TickState, str] = {
    "open": "",
    "overdue": "Overdue",
    "done": "Done",
    "dropped": "Dropped",
    "waiting": "",
    "answered": "Answered",
    "missed": "Missed",
}
"""What a mark means, in words."""
CHECKIN_STATES: tuple[TickState, ...] = ("waiting", "answered", "missed")
MARKS: dict[TickState, str] = {
    "open": "M3 3h14v14H3z",
    "overdue": "M10 2L18 17H2zM10 7v5M10 14v1",
    "done": "M3 3h14v14H3zM6 10l3 3 5-6",
    "dropped": "M3 3h14v14H3zM6 10h8",
    "waiting": "M10 2l8 8-8 8-8-8z",
    "answered": "M10 2l8 8-8 8-8-8zM7 10l2 2 4-4",
    "missed": "M10 2l8 8-8 8-8-8zM7 10h6",
}
"""The outlines of the marks, in a square of 20 units: a box, a triangle, or for check-ins the diamond of the terminal."""


@frozen
class _Item:
    """What the timeline shows in one place.

    `settled_at`: when it was done or answered. `details`: a label and a text each. `notes`: what became of it.
    """

    state: TickState
    due: DueTime | None
    what: str
    settled_at: datetime | None = None
    owner: str = ""
    details: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def render_timeline(planned: PlannedEntry, *, now: datetime) -> h.Element | None:
    """All actions and check-ins by date, those without a date last; None if there are none."""
    items = [_build_action(each, now=now) for each in planned.plan.actions]
    items += [_build_checkin(each, planned.checkins) for each in planned.plan.checkins]
    items.sort(key=lambda each: (*due_sort_key(each.due), each.state in CHECKIN_STATES))
    given = planned.entry.outcome.given if planned.entry.outcome else now
    return (
        h.ol(class_="timeline")[(_render_item(each, given=given, year=now.year) for each in items)] if items else None
    )


def _build_action(action: PlannedAction, *, now: datetime) -> _Item:
    is_overdue = action.state == "open" and action.due is not None and _get_day(action.due) < now.date()
    details: tuple[tuple[str, str], ...] = ()
    if action.state == "open":
        texts = (("Cue", action.cue), ("Done when", action.evidence))
        details = tuple((label, text) for label, text in texts if text not in ("", MISSING))
    return _Item(
        "overdue" if is_overdue else action.state,
        action.due,
        action.do,
        action.done_at if action.state == "done" else None,
        action.owner,
        details,
        tuple(_describe_changes(action, year=now.year)),
    )


def _describe_changes(action: PlannedAction, *, year: int) -> Iterator[str]:
    if action.is_moved:
        before = f"from {format_due(action.moved_from, this_year=year)}" if action.moved_from else "(it had no date)"
        yield f"Moved {before}: {action.move_reason}" if action.move_reason else f"Moved {before}"
    if action.state == "done" and action.proof:
        yield f"What shows it: {action.proof}"
    if action.state == "dropped" and action.reason:
        yield f"Why: {action.reason}"
    if action.disputed:
        yield f"Two machines disagree: {'; '.join(action.disputed)}"


def _build_checkin(checkin: PlannedCheckin, records: tuple[CheckinRecord, ...]) -> _Item:
    record = next((each for each in records if each.id == checkin.id), None)
    state: TickState = "waiting"
    if checkin.state in ("answered", "missed"):
        state = "answered" if checkin.state == "answered" else "missed"
    return _Item(
        state,
        checkin.due,
        checkin.title,
        record.at if record else None,
        notes=record.lines if record else (),
    )


def _render_item(item: _Item, *, given: datetime, year: int) -> h.Element:
    what = render_line(item.what)
    label = STATE_LABELS[item.state]
    if item.settled_at:
        label += f" on {format_due(item.settled_at.date(), this_year=year)}"
    return h.li(class_=item.state)[
        h.p(class_="due")[_render_date(item.due, given=given, year=year)],
        _draw_mark(item.state),
        h.div(class_="what")[
            h.p[
                h.span(class_="prefix")["Check-in: "] if item.state in CHECKIN_STATES else None,
                h.s[what] if item.state == "dropped" else what,
                h.span(class_="owner", dir="auto")[f" ({flatten(item.owner)})"] if item.owner else None,
                [" ", h.span(class_=f"state {item.state}")[label]] if label else None,
            ],
            (h.p(class_="quiet")[f"{name}: ", render_line(text)] for name, text in item.details),
            (h.p(class_="note", dir="auto")[flatten(note)] for note in item.notes),
        ],
    ]


def _render_date(due: DueTime | None, *, given: datetime, year: int) -> h.Node:
    if due is None:
        return NO_DATE_LABEL
    if isinstance(due, datetime) and due <= given:
        return h.time(datetime=due.isoformat())[f"{format_due(due.date(), this_year=year)}, now"]
    return render_due(due, this_year=year)


def _draw_mark(state: TickState) -> h.Element:
    """The mark, which the words beside it repeat."""
    return h.svg(class_=f"mark {state}", viewBox="0 0 20 20", aria_hidden="true")[h.path(d=MARKS[state])]


def _get_day(due: DueTime) -> date:
    return due.date() if isinstance(due, datetime) else due
