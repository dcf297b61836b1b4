"""Change a plan: mark an action done, drop it, move it, add one, and undo the last of these.

Each change is an event beside the entry's file. A change that is already in effect is not recorded again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from types import MappingProxyType

from careerkit.coaching.entry_changes import EntryChanges
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.journal.events import Event, EventKind, find_effective_events
from careerkit.core.journal.plan import OWN_PREFIX, Plan, PlannedAction, build_plan
from careerkit.core.text import abbreviate, format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.outcome.model import Outcome

UNDOABLE_KINDS: tuple[EventKind, ...] = ("action", "due", "added")
MAX_ACTIONS = 500
"""The person's own actions and those of the playbook together, without dropped ones."""
MAX_QUOTED_LENGTH = 60


class PlanChanges:
    """The plan of one entry and changes to it. Every change raises Refused if its event can't be saved."""

    def __init__(self, changes: EntryChanges, outcome: Outcome | None, *, today: date) -> None:
        self.entry_id = changes.entry_id
        self._changes = changes
        self._outcome = outcome
        self.today = today

    @property
    def plan(self) -> Plan:
        """The plan, including the changes made here."""
        return build_plan(self._outcome, self._changes.history, today=self.today)

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers of the actions by id, 0 for a dropped one."""
        return {each.id: each.number for each in self.plan.actions}

    @property
    def event_count(self) -> int:
        """The events of the entry, which grow with each change."""
        return len(self._changes.events)

    def find(self, named: str) -> PlannedAction:
        """The action with that number or id. Raises Refused if there is none, or if the start of an id fits several."""
        return find_action(self.plan.actions, named, get_handle(self.entry_id))

    def mark_done(self, action: PlannedAction, *, proof: str = "") -> Event | None:
        """Mark the action as done; None if it is already, and there is no new proof."""
        if action.state == "done" and not action.disputed and proof in ("", action.proof):
            return None
        return self._changes.change_plan("action", action.id, "done", type_="choice", comment=proof)

    def drop(self, action: PlannedAction, *, reason: str = "") -> Event | None:
        """Drop the action; None if it was dropped already, and there is no new reason."""
        if action.state == "dropped" and not action.disputed and reason in ("", action.reason):
            return None
        return self._changes.change_plan("action", action.id, "dropped", type_="choice", comment=reason)

    def move(self, action: PlannedAction, day: date, *, reason: str = "") -> Event | None:
        """Move the action to another day; None if it is due then already.

        Raises Refused if the day is in the past, or if the action is done or dropped.
        """
        self.check_move(action, day)
        if action.due == day and not action.disputed:
            return None
        return self._changes.change_plan("due", action.id, day, type_="date", comment=reason)

    def check_move(self, action: PlannedAction, day: date) -> None:
        """Raises Refused if the day is in the past, or if the action is done or dropped."""
        if action.state != "open":
            message = f'"{describe_action(action)}" is {action.state}, so it can\'t be moved.'
            raise Refused(
                Problem("not-open", message, "To open it again: careerkit plan undo", get_handle(self.entry_id))
            )
        check_due_day(day, today=self.today)

    def add(self, do: str, *, cue: str = "", due: date | None = None) -> tuple[Event, str]:
        """Add an action; returns its event and its id. Raises Refused if the day is in the past or the plan is full."""
        if due is not None:
            check_due_day(due, today=self.today)
        if sum(each.state != "dropped" for each in self.plan.actions) >= MAX_ACTIONS:
            hint = "Drop one first: careerkit plan drop"
            raise Refused(Problem("plan-full", f"A plan can have {MAX_ACTIONS} actions.", hint, self.entry_id))
        about = OWN_PREFIX + self._changes.new_name()[:6]
        texts = {"do": do, "cue": cue, "due": due.isoformat() if due else ""}
        row = MappingProxyType({key: text for key, text in texts.items() if text})
        return self._changes.change_plan("added", about, (row,), type_="records"), about

    def undo(self) -> tuple[Event, Event]:
        """Take back the last change that was not taken back yet; returns the new event and the one it undoes.

        Raises Refused if there is nothing to undo.
        """
        events = self._changes.events
        undone = {each.undoes for each in events if each.undoes}
        changes = [each for each in events if each.kind in UNDOABLE_KINDS and not each.undoes and each.id not in undone]
        if not changes:
            has_answers = any(each.kind == "checkin_answer" for each in events)
            hint = "The answers of a check-in stay." if has_answers else ""
            message = "There is no change of this plan to take back."
            raise Refused(Problem("nothing-to-undo", message, hint, get_handle(self.entry_id)))
        in_effect = [each for found in find_effective_events(changes).values() for each in found]
        last = max(in_effect, key=lambda each: (each.at, each.id))
        before = _find_event_without(last, changes)
        value = before.value if before else ("open" if last.kind == "action" else None)
        comment = before.comment if before else ""
        kind = next(each for each in UNDOABLE_KINDS if each == last.kind)
        event = self._changes.change_plan(kind, last.about, value, type_=last.type, comment=comment, undoes=last.id)
        return event, last


def find_action(actions: Sequence[PlannedAction], named: str, handle: str) -> PlannedAction:
    """The action with that number or id, or whose id begins like that. Raises Refused with the way to the numbers."""
    word = named.strip()
    exact = [each for each in actions if each.id == word or (each.number and str(each.number) == word)]
    found = exact or [each for each in actions if word and each.id.startswith(word)]
    if len(found) == 1:
        return found[0]
    hint = f"See the numbers with: careerkit plan show {handle}"
    if not found:
        number = sum(each.number > 0 for each in actions)
        message = f"No action {abbreviate(word)}: this plan has {format_count(number, 'action')}."
        raise Refused(Problem("no-action", message, hint, handle))
    message = f"{abbreviate(word)} fits several actions: {', '.join(each.id for each in found[:5])}."
    raise Refused(Problem("ambiguous-action", message, hint, handle))


def check_due_day(day: date, *, today: date) -> None:
    """Raises Refused if `day` is before today."""
    if day < today:
        message = f"{format_date(day)} is in the past."
        raise Refused(Problem("past-date", message, "Choose today or a later day.", day.isoformat()))


def describe_action(action: PlannedAction) -> str:
    """What the action says to do, shortened, to be quoted in a sentence."""
    return abbreviate(action.do.rstrip("."), MAX_QUOTED_LENGTH, whole_words=True)


def describe_numbered(action: PlannedAction) -> str:
    """The action as in `describe_action`, with its number."""
    return f"{describe_action(action)} (action {action.number})" if action.number else describe_action(action)


def _find_event_without(last: Event, changes: Sequence[Event]) -> Event | None:
    """The event that would be in effect about the same subject without `last`; None if there would be none.

    That is what it replaced, or what another machine did at the same time.
    """
    found = find_effective_events(each for each in changes if each.id != last.id).get(last.subject)
    return found[0] if found else None
