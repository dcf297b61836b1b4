"""The story of an entry: what happened to it, in order, from its first question to the latest check-in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from careerkit.core.due_dates import format_date, format_datetime
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry import Entry, count_answered
from careerkit.core.journal.entry_list import Event, find_effective_events, format_event_value
from careerkit.core.journal.plan import CheckinRecord, Plan, parse_due
from careerkit.core.text import abbreviate, format_count

MAX_QUOTED_LENGTH = 60
ACTION_VERBS = {"done": "Done", "dropped": "Dropped", "open": "Open again"}


@frozen
class StoryLine:
    """One thing that happened. `kind` is `begun`, `card`, `finished`, or the kind of the event. `details` are lines below it."""

    at: datetime
    kind: str
    text: str
    details: tuple[str, ...] = ()
    event: str = ""
    about: str = ""


def tell_story(
    entry: Entry, events: Sequence[Event], plan: Plan, checkins: Sequence[CheckinRecord]
) -> tuple[StoryLine, ...]:
    """What happened to the entry, oldest first. What was taken back, and notes that were removed, are left out."""
    names = {each.id: each.do for each in (entry.outcome.actions if entry.outcome else ())}
    names |= {each.id: each.do for each in plan.actions}
    dates = {each.id: each.due for each in (entry.outcome.actions if entry.outcome else ())}
    teller = _Teller(entry, events, names, dates)
    lines = [*_tell_interview(entry), *teller.tell(), *_tell_checkins(checkins)]
    return tuple(sorted(lines, key=lambda each: each.at))


def _tell_interview(entry: Entry) -> Iterator[StoryLine]:
    yield StoryLine(entry.started, "begun", "Begun")
    if entry.quick_given:
        yield StoryLine(entry.quick_given, "card", "The first card was shown")
    if entry.finished:
        answers = format_count(count_answered(entry), "answer")
        actions = len(entry.outcome.actions) if entry.outcome else 0
        result = f", {format_count(actions, 'action')}" if actions else ""
        yield StoryLine(entry.finished, "finished", f"Finished: {answers}{result}")


def _tell_checkins(checkins: Sequence[CheckinRecord]) -> Iterator[StoryLine]:
    for each in checkins:
        yield StoryLine(each.at, "checkin", f"Check-in: {each.title}", each.lines, about=each.id)


class _Teller:
    """Turns events into lines. `names` are the actions in words, `dates` their first dates."""

    def __init__(
        self, entry: Entry, events: Sequence[Event], names: Mapping[str, str], dates: Mapping[str, date | None]
    ) -> None:
        self._answers = {each.question: each.shown for each in entry.answers}
        self._forecasts = {each.id: each.forecast for each in (entry.outcome.predictions if entry.outcome else ())}
        self._names = names
        self._due = dict(dates)
        self._is_shared = len({each.machine for each in events}) > 1
        self._all = sorted(events, key=lambda each: (each.at, each.id))
        undone = {each.undoes for each in events if each.undoes}
        self._events = [each for each in self._all if each.id not in undone and not each.undoes]
        effective = [each for found in find_effective_events(events).values() for each in found]
        self._notes = [
            each
            for each in sorted(effective, key=lambda each: (each.at, each.id))
            if each.kind == "note" and each.value
        ]

    def tell(self) -> Iterator[StoryLine]:
        for event in self._events:
            text = self._describe(event)
            if text:
                machine = f" (machine {event.machine[:4]})" if self._is_shared else ""
                words = str(event.value) if event.kind == "note" else event.comment
                yield StoryLine(event.at, event.kind, text + machine, tuple(words.splitlines()), event.id, event.about)

    def _describe(self, event: Event) -> str:
        match event.kind:
            case "action":
                return f"{ACTION_VERBS.get(str(event.value), str(event.value))}: {self._name(event.about)}"
            case "due":
                return self._describe_move(event)
            case "added" if event.value is not None:
                rows = event.value if isinstance(event.value, tuple) else ()
                due = parse_due(rows[0].get("due")) if rows and isinstance(rows[0], Mapping) else None
                self._due[event.about] = due
                return f"Added: {self._name(event.about)}" + (f", {_format_moment(due)}" if due else "")
            case "replan":
                return "The plan was updated to the corrected answers"
            case "correction":
                return self._describe_correction(event)
            case "note" if event in self._notes:
                return f"Note {self._notes.index(event) + 1}"
            case "tag":
                return f"{'Tagged' if event.value else 'Tag removed:'} #{event.about}"
            case "removal":
                return "Removed from the lists" if event.value else "Brought back to the lists"
            case "prediction" if event.type == "choice" and event.shown:  # answered without its check-in
                forecast = self._forecasts.get(event.about)
                note = "" if forecast is None else f" (you gave it {forecast:f} %)"
                return f"{event.asked} {event.shown}{note}"
        return ""

    def _describe_move(self, event: Event) -> str:
        replaced = [each for each in self._all if each.id in event.replaces]
        before = _read_date(replaced[-1]) if replaced else None
        before, now = before or self._due.get(event.about), _read_date(event)
        was = f"from {_format_moment(before)} " if before else ""
        return f"Moved {was}to {_format_moment(now) if now else 'its first date'}: {self._name(event.about)}"

    def _describe_correction(self, event: Event) -> str:
        replaced = [each for each in self._all if each.id in event.replaces]
        before = format_event_value(replaced[-1]) if replaced else self._answers.get(event.about, "")
        change = f"{before or 'no answer'} -> {format_event_value(event) or 'no answer'}"
        return f"Corrected: {event.asked or event.about} {' '.join(change.split())}"

    def _name(self, action_id: str) -> str:
        name = self._names.get(action_id, action_id)
        return abbreviate(name.rstrip("."), MAX_QUOTED_LENGTH, whole_words=True)


def _read_date(event: Event) -> date | None:
    return event.value if isinstance(event.value, date) else None


def _format_moment(moment: date) -> str:
    return format_datetime(moment) if isinstance(moment, datetime) else format_date(moment)
