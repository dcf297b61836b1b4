"""Ticks that were made in another program: what they mean for the plans here, and recording them.

Only a tick changes anything. What is missing in the other program, or not ticked there, stays as it is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from careerkit.coaching.plan.changes import PlanChanges, describe_action
from careerkit.core.due_dates import format_date
from careerkit.core.frozen import frozen
from careerkit.core.journal.plan import PlannedAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from careerkit.core.journal.events import Event
    from careerkit.core.outcome.model import DueTime


@frozen
class ReportedTick:
    """What another program says about an action or check-in: `entry` and `about` are their ids here.

    `is_done`: it is ticked. `done_at`: since when, if the program says so. `is_checkin`: it is about a check-in.
    """

    entry: str
    about: str
    is_done: bool
    done_at: DueTime | None = None
    is_checkin: bool = False


@frozen
class NewTick:
    """An open action that is ticked in another program."""

    entry: str
    action: PlannedAction
    done_at: DueTime | None = None


@frozen
class TickReview:
    """What the ticks of another program mean here.

    - `new`: open actions to mark as done.
    - `already`: the number of actions that are done here and there.
    - `dropped`: actions that are ticked there and dropped here. They stay dropped.
    - `reopened`: actions that are done here and not ticked there. They stay done.
    - `contradictory`: actions that are there several times, ticked and not ticked. They stay as they are.
    - `checkins`: the entries of ticked check-ins that aren't answered here. A tick can't answer them.
    """

    new: tuple[NewTick, ...] = ()
    already: int = 0
    dropped: tuple[PlannedAction, ...] = ()
    reopened: tuple[PlannedAction, ...] = ()
    contradictory: tuple[PlannedAction, ...] = ()
    checkins: tuple[str, ...] = ()


def review_ticks(reported: Iterable[ReportedTick], plans: Mapping[str, PlanChanges]) -> TickReview:
    """Compare what another program says with the plans, by entry. Ticks of unknown entries or actions are ignored."""
    found: dict[tuple[str, str], list[ReportedTick]] = {}
    for each in reported:
        found.setdefault((each.entry, each.about), []).append(each)
    new: list[NewTick] = []
    groups: dict[str, list[PlannedAction]] = {"dropped": [], "reopened": [], "contradictory": []}
    checkins: list[str] = []
    already = 0
    for (entry, about), ticks in found.items():
        if ticks[0].is_checkin:
            if any(each.is_done for each in ticks) and _is_unanswered(plans[entry], about):
                checkins.append(entry)
            continue
        action = next((each for each in plans[entry].plan.actions if each.id == about), None)
        if action is None:
            continue
        match len({each.is_done for each in ticks}), ticks[0].is_done, action.state:
            case 2, _, "open":
                groups["contradictory"].append(action)
            case 1, True, "open":
                times = [each.done_at for each in ticks if each.done_at is not None]
                new.append(NewTick(entry, action, times[0] if times else None))
            case _, True, "done":
                already += 1
            case 1, True, "dropped":
                groups["dropped"].append(action)
            case 1, False, "done":
                groups["reopened"].append(action)
    lists = {name: tuple(actions) for name, actions in groups.items()}
    return TickReview(tuple(new), already, checkins=tuple(dict.fromkeys(checkins)), **lists)


def record_ticks(
    ticks: Sequence[NewTick], plans: Mapping[str, PlanChanges], *, program: str
) -> tuple[tuple[NewTick, Event], ...]:
    """Mark the actions as done; as evidence, the event says in which program they were ticked, and on which day.

    Raises Refused if an event can't be saved; those before it are saved.
    """
    recorded = []
    for each in ticks:
        event = plans[each.entry].mark_done(each.action, proof=describe_origin(each, program))
        if event is not None:
            recorded.append((each, event))
    return tuple(recorded)


def describe_origin(tick: NewTick, program: str) -> str:
    """Where and when the action was ticked."""
    if tick.done_at is None:
        return f"Ticked in {program}"
    day = tick.done_at.astimezone().date() if isinstance(tick.done_at, datetime) else tick.done_at
    return f"Ticked in {program} on {format_date(day)}"


def describe_tick(tick: NewTick, handle: str) -> str:
    """The action in one line, with its name for commands."""
    return f"{handle}/{tick.action.number}  {describe_action(tick.action)}"


def _is_unanswered(plan: PlanChanges, checkin: str) -> bool:
    return any(each.id == checkin and each.state != "answered" for each in plan.plan.checkins)
