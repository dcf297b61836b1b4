"""The plan and the check-ins on screen, and how their due dates read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import MappingProxyType

from careerkit.core.due_dates import MONTHS, WEEKDAYS, due_sort_key
from careerkit.core.frozen import frozen
from careerkit.terminal.view_models import Heading, PlanList, PlanStep, ViewModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.core.journal.plan import CheckinRecord, Plan, PlannedAction
    from careerkit.core.outcome.model import Action, Checkin, DueTime

NO_DATE_LABEL = "no date"
WEEK = timedelta(days=7)


@frozen
class PlanHistory:
    """What has become of a plan: lines about each action that was changed, by its id, and the answered check-ins."""

    changes: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    checkins: tuple[CheckinRecord, ...] = ()


NO_HISTORY = PlanHistory()


def build_plan_history(plan: Plan, checkins: tuple[CheckinRecord, ...], *, today: date) -> PlanHistory:
    """What to show of the changes of a plan."""
    changes = {each.id: tuple(_describe_changes(each, today)) for each in plan.actions}
    return PlanHistory(MappingProxyType({name: lines for name, lines in changes.items() if lines}), checkins)


def build_plan_view(
    actions: Sequence[Action], checkins: Sequence[Checkin], *, today: date, history: PlanHistory = NO_HISTORY
) -> Iterator[ViewModel]:
    """The plan by date with cues and evidence, then the check-ins by date. Dates show the year only if it isn't today's."""
    if actions:
        yield Heading("The plan")
        yield build_plan_list(actions, today=today, history=history)
    if checkins:
        yield Heading("Check-ins")
        yield build_checkin_list(checkins, today=today, history=history)


def build_plan_list(actions: Sequence[Action], *, today: date, history: PlanHistory = NO_HISTORY) -> PlanList:
    """All actions by date, with their cues and evidence, and what became of them."""
    return PlanList(
        tuple(
            PlanStep(
                format_due(each.due, today),
                name_owner(each),
                each.cue,
                each.evidence,
                get_state_label(each),
                number,
                history.changes.get(each.id, ()),
            )
            for each, number in number_actions(actions)
        )
    )


def build_checkin_list(checkins: Sequence[Checkin], *, today: date, history: PlanHistory = NO_HISTORY) -> PlanList:
    """All check-ins by date, with their answers."""
    records = {each.id: each for each in history.checkins}
    dated = sorted(checkins, key=lambda each: due_sort_key(each.due))
    return PlanList(
        tuple(
            PlanStep(
                format_due(each.due, today),
                each.title,
                state="answered" if each.state == "answered" else "",
                notes=records[each.id].lines if each.id in records else (),
            )
            for each in dated
        )
    )


def _describe_changes(action: PlannedAction, today: date) -> Iterator[str]:
    """What became of an action, a line for each change."""
    if action.state == "open" and not action.disputed and action.due and get_due_day(action.due) < today:
        yield f"Overdue since {format_due(action.due, today)}"
    if action.is_moved:
        before = f"from {format_due(action.moved_from, today)}" if action.moved_from else "(it had no date)"
        yield _add_comment(f"Moved {before} to {format_due(action.due, today)}", action.move_reason)
    if action.state == "done" and action.done_at:
        yield _add_comment(f"Done on {format_due(action.done_at.date(), today)}", action.proof)
    if action.state == "dropped" and action.reason:
        yield _add_comment("Dropped", action.reason)
    if action.disputed:
        yield "Two machines disagree. Choose with `plan done`, `plan drop` or `plan move`:"
        yield from (f"- {each}" for each in action.disputed)


def _add_comment(text: str, comment: str) -> str:
    return f"{text}: {' '.join(comment.split())}" if comment else text


def number_actions(actions: Sequence[Action]) -> list[tuple[Action, int]]:
    """The actions by date, each with its number in the plan; 0 for a dropped one. A done one keeps its number."""
    numbered: list[tuple[Action, int]] = []
    number = 0
    for each in sort_by_due(actions):
        number += each.state != "dropped"
        numbered.append((each, number if each.state != "dropped" else 0))
    return numbered


def sort_by_due(actions: Sequence[Action]) -> list[Action]:
    return sorted(actions, key=lambda each: due_sort_key(each.due))


def name_owner(action: Action) -> str:
    """What is to be done, with who does it if it isn't the person."""
    return f"{action.do} ({action.owner})" if action.owner else action.do


def get_state_label(action: Action) -> str:
    """`done` or `dropped`; "" while the action is open."""
    return "" if action.state == "open" else action.state


def get_due_day(due: DueTime) -> date:
    return due.date() if isinstance(due, datetime) else due


def format_due(due: DueTime | None, today: date) -> str:
    """`Mon 23 Nov`, with the time if `due` has one, and with the year if it isn't today's."""
    if due is None:
        return NO_DATE_LABEL
    day = f"{WEEKDAYS[due.weekday()][:3]} {due.day} {MONTHS[due.month - 1][:3]}"
    year = "" if due.year == today.year else f" {due.year}"
    return day + year + (f" {due:%H:%M}" if isinstance(due, datetime) else "")


def format_short_due(due: DueTime | None, *, now: datetime, given: datetime) -> str:
    """`now`, `today`, `today 15:50`, `Tue 16:00` within a week, otherwise as in `format_due`.

    `given` is when the result was given: what was due by then is due `now` for the rest of that day.
    """
    if due is None:
        return NO_DATE_LABEL
    if not isinstance(due, datetime):
        return "today" if due == now.date() else format_due(due, now.date())
    here = now.astimezone(due.tzinfo)
    if due.date() == here.date():
        return "now" if due <= given else f"today {due:%H:%M}"
    if here < due and due.date() - here.date() < WEEK:
        return f"{WEEKDAYS[due.weekday()][:3]} {due:%H:%M}"
    return format_due(due, here.date())
