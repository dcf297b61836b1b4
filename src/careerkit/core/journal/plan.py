"""The living plan of an entry: its actions and check-ins, with what was done, dropped, moved or added since.

The outcome of the interview is the plan's first version. Everything later is an event (`entry_list.py`); the plan is built
from both each time it is needed, so two machines that merge their events get the same plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from careerkit.core.due_dates import due_sort_key
from careerkit.core.frozen import frozen, replace
from careerkit.core.journal.entry_list import NO_EVENTS, Event, History, format_event_value
from careerkit.core.journal.fast_reader import parse_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from careerkit.core.outcome.model import Action, ActionState, Checkin, DueTime, Outcome, Prediction

    PlannedCheckinState = Literal["waiting", "due", "answered", "missed"]

OFFER_AGAIN_AFTER = timedelta(days=7)
"""A check-in that nobody answered is offered once more after a week. A rule of thumb."""
MISSED_AFTER = timedelta(days=14)
"""From then on a check-in counts as missed and is left alone. A rule of thumb."""
OWN_PREFIX = "own_"
"""How the ids of actions begin that the person added."""

TABLES = ("\n[[action]]\n", "\n[[checkin]]\n", "\n[[prediction]]\n")
LONG_QUOTES = '"""'


@frozen
class PlannedAction:
    """An action as it stands now.

    - `number`: its number in the plan, from 1; 0 if it was dropped.
    - `due`: when it is due now. `is_moved`: it was moved, from its first date `moved_from`; `move_reason` says why.
    - `proof`: what the person gave as evidence when it was done; `done_at`: when that was.
    - `reason`: why it was dropped.
    - `is_own`: the person added it.
    - `disputed`: what different machines say about it, if they disagree, newest first. The first one counts.
    """

    id: str
    do: str
    number: int = 0
    cue: str = ""
    due: date | datetime | None = None
    evidence: str = ""
    state: ActionState = "open"
    done_at: datetime | None = None
    proof: str = ""
    reason: str = ""
    moved_from: date | datetime | None = None
    move_reason: str = ""
    is_moved: bool = False
    owner: str = ""
    is_own: bool = False
    source: tuple[str, ...] = ()
    private: bool = False
    disputed: tuple[str, ...] = ()


@frozen
class PlannedCheckin:
    """A check-in as it stands today. `is_last_offer`: it is due for the second and last time.

    `answers` are the events with the answers given, each about `CHECKIN/QUESTION`, in the order in which they were given.
    """

    id: str
    title: str
    due: date | datetime | None
    state: PlannedCheckinState = "waiting"
    is_last_offer: bool = False
    answers: tuple[Event, ...] = ()


@frozen
class CheckinRecord:
    """What was answered in a check-in, a line for each question, with what was expected in parentheses."""

    id: str
    title: str
    at: datetime
    lines: tuple[str, ...]


@frozen
class Plan:
    """The actions by date, those without a date last, and the check-ins by date.

    `updated_at`: when the open actions were updated to corrected answers, if they were.
    """

    actions: tuple[PlannedAction, ...] = ()
    checkins: tuple[PlannedCheckin, ...] = ()
    updated_at: datetime | None = None

    @property
    def open_actions(self) -> tuple[PlannedAction, ...]:
        return tuple(each for each in self.actions if each.state == "open")


@frozen
class PlannedPrediction:
    """What the agenda needs of a prediction: the question that resolves it, in words, and its check-in with its date."""

    id: str
    what: str
    checkin: str
    due: date | datetime | None = None


@frozen
class FirstPlan:
    """What a plan needs of an outcome: its actions, check-ins and predictions, as they were at first."""

    actions: Sequence[PlannedAction | Action] = ()
    checkins: Sequence[PlannedCheckin | Checkin] = ()
    predictions: Sequence[PlannedPrediction | Prediction] = ()


def build_plan(outcome: Outcome | FirstPlan | None, history: History, *, today: date) -> Plan:
    """The plan that an outcome and the entry's events add up to. `today` decides which check-ins are due or missed."""
    base = [_from_action(each) for each in (outcome.actions if outcome else ())]
    if history.replans:
        base = _read_replanned(base, history)
    _add_missing(base, _read_own_actions(history))
    changed = [_apply_events(each, history) for each in base] if history.plan else base
    actions = sorted(changed, key=lambda each: due_sort_key(each.due))
    checkins = sorted((outcome.checkins if outcome else ()), key=lambda each: due_sort_key(each.due))
    return Plan(
        tuple(_number_actions(actions)),
        _retire_earlier([_apply_checkin_events(each, history, today) for each in checkins]),
        max((each.at for each in history.plan.get(("replan", ""), NO_EVENTS)), default=None),
    )


def update_outcome(outcome: Outcome, plan: Plan) -> Outcome:
    """The outcome with the actions and check-ins of the plan in place of its own, as views and exports show them."""
    from careerkit.core.outcome.model import Action  # the agenda doesn't need it

    given = {each.id: each for each in outcome.actions}
    actions = tuple(
        replace(
            given.get(each.id, Action(each.id, each.do)),
            do=each.do,
            cue=each.cue,
            due=each.due,
            evidence=each.evidence,
            owner=each.owner,
            state=each.state,
        )
        for each in plan.actions
    )
    answered = {each.id for each in plan.checkins if each.state == "answered"}
    checkins = tuple(replace(each, state="answered") if each.id in answered else each for each in outcome.checkins)
    return replace(outcome, actions=actions, checkins=checkins)


def list_checkin_answers(history: History, checkin_id: str) -> dict[str, Event]:
    """The answers given in a check-in, by question, in the order in which they were given."""
    answers = [
        found[0]
        for (kind, about), found in history.plan.items()
        if kind == "checkin_answer" and about.partition("/")[0] == checkin_id and found[0].value is not None
    ]
    return {each.about.partition("/")[2]: each for each in sorted(answers, key=lambda each: (each.at, each.id))}


def list_checkin_records(
    outcome: Outcome, plan: Plan, *, first_answers: Mapping[str, str], again: Mapping[str, str]
) -> tuple[CheckinRecord, ...]:
    """The answers of each check-in, in the order in which they were given, next to what was expected.

    `first_answers` are those of the interview in words, by question. `again` maps `CHECKIN/QUESTION` to the question of
    the interview that is asked again.
    """
    forecasts = {each.resolved_by: each.forecast for each in outcome.predictions}
    records = []
    for checkin in plan.checkins:
        lines = []
        for event in checkin.answers:
            forecast = forecasts.get(event.about.partition("/")[2])
            before = first_answers.get(again.get(event.about, ""))
            expected = [f"you gave it {forecast:f} %"] if forecast is not None else []
            expected += [f"at first: {before}"] if before else []
            lines.append(_describe_answer(event, expected))
        if lines:
            records.append(CheckinRecord(checkin.id, checkin.title, checkin.answers[0].at, tuple(lines)))
    return tuple(records)


def list_replanned(actions: Iterable[Action | PlannedAction]) -> tuple[Mapping[str, str], ...]:
    """Actions as the value of a `replan` event: a list of tables with texts, due dates in ISO format."""
    return tuple(
        MappingProxyType(
            {
                key: text
                for key, text in (
                    ("id", each.id),
                    ("do", each.do),
                    ("cue", each.cue),
                    ("due", each.due.isoformat() if each.due else ""),
                    ("evidence", each.evidence),
                    ("owner", each.owner),
                )
                if text
            }
        )
        for each in actions
    )


def parse_due(text: object) -> DueTime | None:
    """A due date in ISO format; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.date()


def read_first_plan(text: str) -> FirstPlan:
    """The plan in an entry's file. Raises ValueError or KeyError if a line is not as careerkit writes it."""
    if not any(table in text for table in TABLES):
        return FirstPlan()
    if LONG_QUOTES in text:
        text = _shorten_long_texts(text)
    rows: dict[str, list[dict[str, str]]] = {"action": [], "checkin": [], "prediction": []}
    starts = [at for table in TABLES if (at := text.find(table)) >= 0]
    for table in text[min(starts) :].split("\n[[")[1:] if starts else ():
        name, _, body = table.partition("]]\n")
        if name in rows:
            lines = (line.partition(" = ") for line in body.split("\n"))
            rows[name].append({key: value for key, sign, value in lines if sign})
    return FirstPlan(
        tuple(map(_read_action, rows["action"])),
        tuple(map(_read_checkin, rows["checkin"])),
        tuple(map(_read_prediction, rows["prediction"])),
    )


def _from_action(action: Action | PlannedAction) -> PlannedAction:
    if isinstance(action, PlannedAction):
        return action
    return PlannedAction(
        action.id,
        action.do,
        cue=action.cue,
        due=action.due,
        evidence=action.evidence,
        state=action.state,
        owner=action.owner,
        source=action.source,
        private=action.private,
    )


def _read_replanned(first: list[PlannedAction], history: History) -> list[PlannedAction]:
    """The actions of the newest new plan, and those of earlier ones that were done or dropped.

    Another machine may have replaced the plan without knowing that they were.
    """
    newest = history.plan.get(("replan", ""), NO_EVENTS)[:1]
    actions = [each for event in newest for each in _read_rows(event)]
    if not actions and not any(event.value == () for event in newest):  # it was edited by hand
        actions = list(first)
    earlier = [each for event in history.replans for each in _read_rows(event)]
    _add_missing(actions, [each for each in (*earlier, *first) if _is_settled(each, history)])
    return actions


def _is_settled(action: PlannedAction, history: History) -> bool:
    states = history.plan.get(("action", action.id), NO_EVENTS)
    return bool(states) and states[0].value in ("done", "dropped")


def _add_missing(actions: list[PlannedAction], more: Iterable[PlannedAction]) -> None:
    """Append each action whose id is not there yet."""
    known = {each.id for each in actions}
    for each in more:
        if each.id not in known:
            known.add(each.id)
            actions.append(each)


def _read_own_actions(history: History) -> list[PlannedAction]:
    """The actions that the person added and has not taken back."""
    own = []
    for (kind, about), found in history.plan.items():
        if kind == "added":
            own += [replace(each, id=about, is_own=True) for each in _read_rows(found[0])]
    return own


def _read_rows(event: Event) -> list[PlannedAction]:
    """The actions in an event's value. Rows that aren't actions, as in a hand-edited file, are left out."""
    rows = event.value if isinstance(event.value, tuple) else ()
    return [
        PlannedAction(
            _read_text(row, "id"),
            _read_text(row, "do"),
            cue=_read_text(row, "cue"),
            due=parse_due(row.get("due")),
            evidence=_read_text(row, "evidence"),
            owner=_read_text(row, "owner"),
        )
        for row in rows
        if isinstance(row, Mapping) and isinstance(row.get("do"), str)
    ]


def _read_text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _apply_events(action: PlannedAction, history: History) -> PlannedAction:
    states = history.plan.get(("action", action.id), NO_EVENTS)
    moves = history.plan.get(("due", action.id), NO_EVENTS)
    disputed = [_describe_state(each) for each in states] if _disagree(states) else []
    disputed += [_describe_move(each) for each in moves] if _disagree(moves) else []
    action = replace(action, disputed=tuple(disputed))
    if moves and isinstance(moves[0].value, date):
        moved_from, reason = action.due, moves[0].comment
        action = replace(action, due=moves[0].value, moved_from=moved_from, move_reason=reason, is_moved=True)
    if not states:
        return action
    newest = states[0]
    match newest.value:
        case "done":
            return replace(action, state="done", done_at=newest.at, proof=newest.comment, reason="")
        case "dropped":
            return replace(action, state="dropped", reason=newest.comment)
        case "open":
            return replace(action, state="open")
    return action


def _number_actions(actions: Iterable[PlannedAction]) -> list[PlannedAction]:
    numbered, number = [], 0
    for each in actions:
        number += each.state != "dropped"
        own = number if each.state != "dropped" else 0
        numbered.append(each if each.number == own else replace(each, number=own))
    return numbered


def _apply_checkin_events(checkin: Checkin | PlannedCheckin, history: History, today: date) -> PlannedCheckin:
    found = history.plan.get(("checkin", checkin.id), NO_EVENTS)
    answers = tuple(list_checkin_answers(history, checkin.id).values())
    if checkin.state == "answered" or any(each.value is True for each in found):
        return PlannedCheckin(checkin.id, checkin.title, checkin.due, "answered", answers=answers)
    if checkin.due is None:
        return PlannedCheckin(checkin.id, checkin.title, None, answers=answers)
    day = checkin.due.date() if isinstance(checkin.due, datetime) else checkin.due
    late = today - day
    state: PlannedCheckinState = "waiting" if late < timedelta(0) else "due" if late < MISSED_AFTER else "missed"
    return PlannedCheckin(
        checkin.id,
        checkin.title,
        checkin.due,
        state,
        is_last_offer=OFFER_AGAIN_AFTER <= late < MISSED_AFTER,
        answers=answers,
    )


def _retire_earlier(checkins: list[PlannedCheckin]) -> tuple[PlannedCheckin, ...]:
    """Check-ins as missed if a later one has been answered: looking back from there would be one look too many."""
    answered = max((number for number, each in enumerate(checkins) if each.state == "answered"), default=0)
    return tuple(
        replace(each, state="missed", is_last_offer=False) if number < answered and each.state != "answered" else each
        for number, each in enumerate(checkins)
    )


def _describe_answer(event: Event, expected: Iterable[str]) -> str:
    shown = format_event_value(event)
    note = ", ".join(expected)
    asked = f"{event.asked} " if event.asked else ""
    return f"{asked}{' '.join(shown.split())}" + (f" ({note})" if note else "")


def _disagree(events: tuple[Event, ...]) -> bool:
    return any(each.value != events[0].value for each in events[1:])


def _describe_state(event: Event) -> str:
    return f"{event.value if event.value is not None else 'open'}, {_describe_origin(event)}"


def _describe_move(event: Event) -> str:
    day = event.value.isoformat() if isinstance(event.value, date) else "the original date"
    return f"moved to {day}, {_describe_origin(event)}"


def _describe_origin(event: Event) -> str:
    """When, on which machine, and what was said about it."""
    comment = f": {event.comment}" if event.comment else ""
    return f"{event.at:%Y-%m-%d %H:%M} (machine {event.machine[:4]}){comment}"


def _shorten_long_texts(text: str) -> str:
    """The same file with each text on one line, so that no line of a text looks like the beginning of a table.

    careerkit escapes every quote in a text, so three in a row always begin or end one.
    """
    parts = text.split(LONG_QUOTES)
    parts[1::2] = ['"' + part.removeprefix("\n").replace("\n", "\\n") + '"' for part in parts[1::2]]
    return "".join(parts)


def _read_action(row: dict[str, str]) -> PlannedAction:
    found: Any = parse_string(row["state"])
    if found not in ("open", "done", "dropped"):
        raise ValueError("not a state of an action")
    return PlannedAction(parse_string(row["id"]), parse_string(row["do"]), 0, "", _parse_due(row), "", found)


def _read_checkin(row: dict[str, str]) -> PlannedCheckin:
    found = parse_string(row["state"])
    if found not in ("open", "answered"):
        raise ValueError("not a state of a check-in")
    state: Any = "answered" if found == "answered" else "waiting"
    return PlannedCheckin(parse_string(row["id"]), parse_string(row["title"]), _parse_due(row), state)


def _read_prediction(row: dict[str, str]) -> PlannedPrediction:
    return PlannedPrediction(
        parse_string(row["id"]), parse_string(row["what"]), parse_string(row["checkin"]), _parse_due(row)
    )


def _parse_due(row: Mapping[str, str]) -> date | datetime | None:
    text = row.get("due")
    if text is None:
        return None
    if len(text) == len("2026-11-23"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not 1 < moment.year < 9999:
        raise ValueError("not a time with its offset")
    return moment
