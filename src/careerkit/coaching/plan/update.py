"""Update the open actions of a plan after answers were corrected. What was done, dropped or added by the person stays."""

from __future__ import annotations

from datetime import date, datetime

from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.plan.changes import describe_action
from careerkit.core.due_dates import due_sort_key, format_date, format_datetime
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.corrections import apply_corrections
from careerkit.core.journal.plan import Plan, PlannedAction, build_plan, list_replanned
from careerkit.core.outcome.evaluate import evaluate_outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.events import Event
    from careerkit.core.outcome.model import Action, DueTime
    from careerkit.core.playbook.model import Playbook


@frozen
class PlanUpdate:
    """A changed plan. `lines` says what is new, gone or different, one action each."""

    lines: tuple[str, ...]
    actions: tuple[PlannedAction, ...]


def propose_plan_update(entry: Entry, playbook: Playbook, changes: EntryChanges, *, today: date) -> PlanUpdate | None:
    """How the plan would change with the corrected answers; None if it would stay as it is.

    Dates count from when the first result was given; what would be due before today is due today.
    """
    if entry.outcome is None:
        return None
    history = changes.history
    plan = build_plan(entry.outcome, history, today=today)
    interview = apply_corrections(entry, history, playbook)
    wanted = evaluate_outcome(interview.facts(), given=entry.outcome.given).actions
    dropped_at_first = {each.id for each in entry.outcome.actions if each.state == "dropped"}
    kept = [
        replace(each, due=each.moved_from or each.due)  # the event that moved it still applies
        for each in plan.actions
        if each.state != "open" and not each.is_own and not (each.state == "dropped" and each.id in dropped_at_first)
    ]
    fresh = [each for each in wanted if each.id not in {it.id for it in kept}]
    lines = _describe(plan, fresh, today)
    if not lines:
        return None
    renewed = [_renew(each, today) for each in fresh]
    return PlanUpdate(tuple(lines), tuple(sorted((*kept, *renewed), key=lambda each: due_sort_key(each.due))))


def apply_plan_update(changes: EntryChanges, update: PlanUpdate) -> Event:
    """Save the new plan. Raises Refused if that fails."""
    return changes.change_plan("replan", "", list_replanned(update.actions), type_="records")


def _describe(plan: Plan, fresh: list[Action], today: date) -> list[str]:
    before = {each.id: each for each in plan.open_actions if not each.is_own}
    lines = [
        f"No longer: {describe_action(each)}" for name, each in before.items() if name not in {it.id for it in fresh}
    ]
    for each in fresh:
        now, was = _renew(each, today), before.get(each.id)
        if was is None:
            lines.append(f"New: {describe_action(now)}{_format_due(now.due)}")
        elif was.do != now.do or was.cue != now.cue or was.evidence != now.evidence:
            lines.append(f"Changed: {describe_action(now)} (was: {describe_action(was)})")
        elif not was.moved_from and was.due != now.due and not _is_past(was.due, today):
            lines.append(f"Another date: {describe_action(now)}{_format_due(now.due)}")
    return lines


def _renew(action: Action, today: date) -> PlannedAction:
    due = today if _is_past(action.due, today) else action.due
    return PlannedAction(
        action.id, action.do, cue=action.cue, due=due, evidence=action.evidence, private=action.private
    )


def _is_past(due: DueTime | None, today: date) -> bool:
    return due is not None and (due.date() if isinstance(due, datetime) else due) < today


def _format_due(due: DueTime | None) -> str:
    if due is None:
        return ""
    return f", {format_datetime(due) if isinstance(due, datetime) else format_date(due)}"
