"""The agenda: what is overdue, due today and due soon, over all entries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from careerkit.core.due_dates import due_sort_key
from careerkit.core.frozen import frozen, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from careerkit.core.journal.entry_list import EntrySummary, History
    from careerkit.core.journal.plan import FirstPlan
    from careerkit.core.outcome.model import DueTime, Outcome

    AgendaKind = Literal["action", "checkin", "prediction", "unfinished"]

DEFAULT_DAYS = 7


@frozen
class AgendaItem:
    """Something to do: an open action, a check-in, a prediction to resolve, or an unfinished entry.

    `number` is that of an action in its plan, otherwise 0. `title` is the playbook's. An unfinished entry has no due date.
    The item is part of the agenda on the days from `since` until before `until`; None is no limit.
    """

    entry: str
    kind: AgendaKind
    id: str
    what: str
    title: str
    number: int = 0
    due: date | datetime | None = None
    since: date | None = None
    until: date | None = None


def list_entry_items(summary: EntrySummary, outcome: Outcome | FirstPlan | None, history: History) -> list[AgendaItem]:
    """What an entry adds to the agenda on any day: whether to continue it, its open actions, its unanswered check-ins,
    and its predictions that no check-in will ask about again.
    """
    from careerkit.core.journal.plan import MISSED_AFTER, build_plan  # not needed by an agenda read from the index

    entry_id, title = summary.id, summary.title
    items = []
    if summary.state == "open":
        what = f"Continue: {summary.answered} of {summary.asked} answered"
        items.append(AgendaItem(entry_id, "unfinished", "", what, title))
    if outcome is None:
        return items
    plan = build_plan(outcome, history, today=date.min)
    items += [
        AgendaItem(entry_id, "action", each.id, each.do, title, each.number, each.due)
        for each in plan.open_actions
        if each.due
    ]
    missed_from: dict[str, date | None] = {}
    for each in plan.checkins:
        if each.state in ("answered", "missed"):
            missed_from[each.id] = None
        elif each.due:
            missed = add_days(_get_own_day(each.due), MISSED_AFTER)
            missed_from[each.id] = missed
            items.append(AgendaItem(entry_id, "checkin", each.id, each.title, title, 0, each.due, until=missed))
    items += [
        AgendaItem(entry_id, "prediction", each.id, each.what, title, 0, each.due, since=missed_from[each.checkin])
        for each in outcome.predictions
        if each.checkin in missed_from and ("prediction", each.id) not in history.plan
    ]
    return items


def add_history(summary: EntrySummary, history: History | None, first: Outcome | FirstPlan | None) -> EntrySummary:
    """The entry as lists show it, with its tags, whether it is disputed, and its actions as they stand now.

    `first` is the plan in the entry's file. Without one, the numbers of actions stay as the summary has them.
    """
    if history is None or not (history.tags or history.disputed or history.plan):
        return summary
    opened, done = summary.actions_open, summary.actions_done
    if history.plan and first:
        from careerkit.core.journal.plan import build_plan  # most entries have no changes of their plan

        states = [each.state for each in build_plan(first, history, today=date.min).actions]
        opened, done = states.count("open"), states.count("done")
    return replace(
        summary,
        tags=history.tags,
        disputed=bool(history.disputed),
        actions_open=opened,
        actions_done=done,
    )


def select_items(items: Iterable[AgendaItem], *, now: datetime, days: int | None) -> tuple[AgendaItem, ...]:
    """The items of today's agenda that are due up to `days` days from today, overdue ones first; all if `days` is None.

    Unfinished entries come last.
    """
    today = now.date()
    last = None if days is None else add_days(today, timedelta(days=days))
    chosen = [
        each
        for each in items
        if (each.since is None or each.since <= today)
        and (each.until is None or today < each.until)
        and (each.due is None or last is None or get_day(each.due, now) <= last)
    ]
    return tuple(sorted(chosen, key=lambda each: (due_sort_key(each.due), each.entry, each.number)))


def is_overdue(due: DueTime | None, now: datetime) -> bool:
    """Was it due before this moment, or, without a time, before today?"""
    if isinstance(due, datetime):
        return due < now
    return due is not None and due < now.date()


def get_day(due: DueTime, now: datetime) -> date:
    """The day of a due date in the person's current time zone."""
    return due.astimezone(now.tzinfo).date() if isinstance(due, datetime) else due


def add_days(day: date, days: timedelta) -> date:
    """The day that many days later, at most the last day of the calendar."""
    return day + days if days <= date.max - day else date.max


def _get_own_day(due: DueTime) -> date:
    """The day of a due date in its own time zone."""
    return due.date() if isinstance(due, datetime) else due
