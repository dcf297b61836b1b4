"""Change a plan: mark an action done, drop, move or add one, undo that, ask what became of one, and take over ticks.

Each change is an event beside the entry's file. A change that is already in effect is not recorded again.

Of what another program says, only a tick changes anything. What is missing in the other program, or not ticked there, stays as it is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from types import MappingProxyType

from careerkit.coaching.entry_changes import EntryChanges, ask_standalone
from careerkit.core.date_parsing import list_examples
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry_list import Event, EventKind, find_effective_events, get_handle
from careerkit.core.journal.plan import OWN_PREFIX, Plan, PlannedAction, build_plan
from careerkit.core.questions.choice import ChoiceSpec
from careerkit.core.questions.number import DateSpec
from careerkit.core.questions.question import Choice, Question
from careerkit.core.questions.text import TextSpec
from careerkit.core.text import abbreviate, format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerkit.coaching.ports import Screen
    from careerkit.core.outcome.model import DueTime, Outcome

UNDOABLE_KINDS: tuple[EventKind, ...] = ("action", "due", "added")
MAX_ACTIONS = 500
"""The person's own actions and those of the playbook together, without dropped ones."""

MAX_QUOTED_LENGTH = 60

MAX_LENGTH = 500
PROGRAM = "careerkit"
COMMAND_TYPED = Problem(
    "command-typed",
    "That looks like a command, not an answer.",
    "Answer first, or press Ctrl-C; then type the command.",
)
REASON_ASK = "Why do you drop it?"
DONE, MOVE, DROP = Choice("done", "Done"), Choice("move", "Not yet: give it a new date"), Choice("drop", "Drop it")
LEAVE = Choice("leave", "Leave it as it is")
COMMAND_IGNORED = Problem(
    "command-typed", "That looks like a command, so it's left blank.", "Type it again at the shell's prompt."
)


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


def ask_about_action(
    screen: Screen, plan: PlanChanges, action: PlannedAction, *, title: str, last: Choice = LEAVE
) -> tuple[str, Event | None]:
    """Ask what became of the action and record it; returns the id of the choice, and the event if there is one.

    `last` is the choice that changes nothing. Raises LeftQuestionError if the person stops.
    """
    chosen = ask_choice(screen, "action", action.do, (DONE, MOVE, DROP, last), title=title)
    event = None
    if chosen == DONE.id:
        event = plan.mark_done(action, proof=ask_comment(screen, ask_for_proof(action), title=title))
    elif chosen == DROP.id:
        event = plan.drop(action, reason=ask_comment(screen, REASON_ASK, title=title))
    elif chosen == MOVE.id:
        day = ask_day(screen, f"When? ({describe_action(action)})", today=plan.today, title=title)
        event = plan.move(action, day) if day else None
    return chosen, event


def ask_choice(
    screen: Screen, question_id: str, ask: str, choices: Sequence[Choice], *, title: str, drops_typed: bool = False
) -> str:
    """The id of the choice that the person makes."""
    labels = {each.id: each.label for each in choices}
    chosen: list[str] = []

    def accept(value: str) -> str:
        chosen.append(value)
        return labels[value]

    question = Question(question_id, "choice", ChoiceSpec(choices=tuple(choices)), ask)
    ask_standalone(screen, question, title=title, accept=accept, drops_typed=drops_typed)
    return chosen[0]


def ask_comment(
    screen: Screen,
    ask: str,
    *,
    title: str,
    hint: str = "Leave it empty if there is nothing to say.",
    is_required: bool = False,
    drops_typed: bool = False,
) -> str:
    """A short text; "" if the person leaves it out. `drops_typed`: keys pressed before it is shown don't count.

    A command of careerkit that was typed here by mistake is no comment.
    """
    given = [""]

    def accept(value: str) -> str:
        if is_command(value):
            if is_required:
                raise Refused(COMMAND_TYPED)
            screen.show_errors((COMMAND_IGNORED,))
            return "left blank, as it's a command"
        given.append(value.strip())
        return abbreviate(value)

    question = Question("comment", "text", TextSpec(max=MAX_LENGTH), ask, hint, required=is_required)
    ask_standalone(screen, question, title=title, accept=accept, drops_typed=drops_typed)
    return given[-1]


def is_command(text: str) -> bool:
    """Is it a command line that runs careerkit, such as `clear; careerkit agenda`?"""
    return any(part.split()[:1] == [PROGRAM] for part in re.split(r"[;&|\n]", text))


def ask_day(
    screen: Screen, ask: str, *, today: date, title: str, is_optional: bool = False, drops_typed: bool = False
) -> date | None:
    """A day from today on, which is echoed with its weekday; None if it is optional and left out.

    `drops_typed`: keys pressed before it is shown don't count.
    """
    found: list[date] = []

    def accept(value: date) -> str:
        check_due_day(value, today=today)
        found.append(value)
        return format_date(value)

    question = Question("when", "date", DateSpec(min="+0d"), ask, _write_date_hint(today), required=not is_optional)
    ask_standalone(screen, question, title=title, accept=accept, drops_typed=drops_typed)
    return found[0] if found else None


def ask_for_proof(action: PlannedAction) -> str:
    """The question for what shows that the action is done, with the evidence that was planned."""
    expected = action.evidence.rstrip(".")
    return f"What shows that it is done? The plan says: {expected}." if expected else "What shows that it is done?"


def _find_event_without(last: Event, changes: Sequence[Event]) -> Event | None:
    """The event that would be in effect about the same subject without `last`; None if there would be none.

    That is what it replaced, or what another machine did at the same time.
    """
    found = find_effective_events(each for each in changes if each.id != last.id).get(last.subject)
    return found[0] if found else None


def _is_unanswered(plan: PlanChanges, checkin: str) -> bool:
    return any(each.id == checkin and each.state != "answered" for each in plan.plan.checkins)


def _write_date_hint(today: date) -> str:
    *_, month_day, _ = list_examples(today)
    return f"For example friday, in 3 days, {month_day}."
