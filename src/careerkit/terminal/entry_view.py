"""Saved entries on screen: the answers and their corrections, and figures over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from careerkit.coaching.review import RESULT_UNCHANGED, collect_reasons
from careerkit.core.due_dates import format_date, format_datetime
from careerkit.core.journal.entry import Answer, Entry, is_corrected
from careerkit.core.journal.entry_list import Event, History
from careerkit.core.journal.people import build_people_maps
from careerkit.core.text import abbreviate, format_count
from careerkit.core.values import format_number
from careerkit.terminal.list_view import write_rows
from careerkit.terminal.outcome_view import build_outcome_view
from careerkit.terminal.result_view import ResultView, format_entry_line
from careerkit.terminal.sanitize import count_cells, sanitize_record
from careerkit.terminal.view_models import (
    AnswerList,
    BarChart,
    Heading,
    Paragraphs,
    PlanList,
    PlanStep,
    SecondaryText,
    ViewModel,
    build_plan_history,
    format_due,
)

if TYPE_CHECKING:
    from careerkit.coaching.trends import EntryDetails
    from careerkit.core.journal.story import StoryLine
    from careerkit.core.journal.trends import Series, Trend, TrendPoint
    from careerkit.terminal.tty import TextWriter
    from careerkit.terminal.view_models import Renderer

CONFLICT_MESSAGE = "Two machines disagree."
NO_ANSWER_LABEL = "no answer"
MAX_QUOTED_LENGTH = 60

# ---------------------------------------------------------------- an entry


def render_entry(seen: EntryDetails, *, now: datetime, renderer: Renderer, encoding: str) -> str:
    """The whole entry: the answers and their corrections, what happened, the outcome in full, then its first view again."""
    return "".join(renderer.render(sanitize_record(each, encoding=encoding)) for each in _build_entry_view(seen, now))


def _build_entry_view(seen: EntryDetails, now: datetime) -> Iterator[ViewModel]:
    entry, history, playbook = seen.entry, seen.history, seen.playbook
    yield Heading(entry.playbook.title)
    yield SecondaryText(format_entry_line(entry))
    yield from _build_status_view(entry, history)
    yield from _build_conflicts_view(entry, history)
    shown = _list_answers(entry, history, hidden=False)
    if shown:
        yield Heading("Your answers")
        yield AnswerList(shown)
    hidden = _list_answers(entry, history, hidden=True)
    if hidden:
        yield Heading("Answers to questions that no longer applied")
        yield AnswerList(hidden)
    if entry.earlier:
        yield Heading("Earlier answers to questions that have changed or been removed")
        yield AnswerList(tuple((answer.asked, answer.shown) for answer in entry.earlier))
    if seen.story:
        yield Heading("What happened")
        yield PlanList(tuple(_build_story_step(each, now) for each in seen.story))
    if entry.outcome and is_corrected(entry, history):
        yield from _build_corrections_view(entry, seen.result_changes)
    if entry.outcome:
        reasons, people = collect_reasons(entry), build_people_maps(entry, playbook)
        yield Heading("The result in full")
        past = build_plan_history(seen.plan, seen.checkins, today=now.date())
        yield from build_outcome_view(entry.outcome, reasons, playbook=playbook, people_maps=people, plan_history=past)
        yield Heading("The result in short")
        yield from ResultView(entry, reasons, playbook=playbook, now=now, opening="nothing").build()


def _build_status_view(entry: Entry, history: History) -> Iterator[ViewModel]:
    """The tags, and whether the entry was removed."""
    if history.tags:
        yield SecondaryText(" ".join(f"#{tag}" for tag in history.tags))
    if history.removed:
        yield SecondaryText(f"Removed. To restore it: careerkit journal restore {entry.handle}")


def _list_answers(entry: Entry, history: History, *, hidden: bool) -> tuple[tuple[str, str], ...]:
    """The questions with their answers; corrected ones with the first answer too."""
    pairs = [(answer.asked, _format_answer(answer, history)) for answer in entry.answers if answer.hidden == hidden]
    if not hidden:
        first = {answer.question for answer in entry.answers}
        pairs += [
            (sides[0].asked or name, _format_correction(sides, ""))
            for name, sides in history.corrections.items()
            if name not in first
        ]
    return tuple(pairs)


def _build_story_step(line: StoryLine, now: datetime) -> PlanStep:
    return PlanStep(format_due(line.at, now.date()), line.text, notes=line.details)


def _build_corrections_view(entry: Entry, result_changes: Sequence[str] | None) -> Iterator[ViewModel]:
    """How the corrections would change the outcome, which is shown as it was given."""
    given = format_date(entry.outcome.given) if entry.outcome else ""
    yield Heading("After your corrections")
    unchanged = f"The result below is from {given}, before your corrections."
    if result_changes is None:
        yield Paragraphs(f"{unchanged} Without the playbook, the result of the corrected answers is unknown.")
    elif tuple(result_changes) == (RESULT_UNCHANGED,):
        yield Paragraphs(f"{unchanged} The corrected answers would give the same result.")
    else:
        lines = "\n".join(f"- {each}" for each in result_changes)
        yield Paragraphs(f"{unchanged} The corrected answers would change it:\n\n{lines}")


def _build_conflicts_view(entry: Entry, history: History) -> Iterator[ViewModel]:
    """Both versions of tags and removals that two machines disagree about. Those of answers are shown with the answers."""
    others = [sides for sides in history.disputed if sides[0].kind != "correction"]
    names = {each.id: each.do for each in (entry.outcome.actions if entry.outcome else ())}
    if history.disputed:
        yield Heading(CONFLICT_MESSAGE.rstrip("."))
    if others:
        yield AnswerList(tuple((_describe_subject(sides[0], names), _format_conflict(sides)) for sides in others))
        yield SecondaryText("To resolve this, run the command for the version you want to keep.")
    if len(others) < len(history.disputed):
        yield SecondaryText(
            f"Both versions of an answer are shown below. To choose one: careerkit journal edit {entry.handle}"
        )


def _format_answer(answer: Answer, history: History) -> str:
    sides = history.corrections.get(answer.question, ())
    if not sides or (len(sides) == 1 and sides[0].value == answer.value):
        return answer.shown
    return _format_correction(sides, answer.shown)


def _format_correction(events: tuple[Event, ...], first_answer: str) -> str:
    first = f"First answer: {first_answer}" if first_answer else "Not answered at first."
    if any(each.value != events[0].value for each in events):
        return f"{_format_conflict(events)}\n{CONFLICT_MESSAGE} {first}"
    return f"{_format_event_value(events[0])}\nCorrected on {format_date(events[0].at)}. {first}"


def _format_conflict(events: tuple[Event, ...]) -> str:
    return "\n".join(
        f"{_format_event_value(each)} (machine {each.machine[:4]}, {format_datetime(each.at)})" for each in events
    )


def _describe_subject(event: Event, names: Mapping[str, str]) -> str:
    """What two machines disagree about. `names` are the actions in words."""
    action = abbreviate(names.get(event.about, event.about), MAX_QUOTED_LENGTH, whole_words=True)
    subjects = {
        "tag": f"The tag #{event.about}",
        "removal": "Removed",
        "note": "A note",
        "action": action,
        "due": f"{action} (its date)",
        "added": f"{action} (as added)",
        "replan": "The plan after a correction",
    }
    return subjects.get(event.kind, event.asked or f"{event.kind} {event.about}")


def _format_event_value(event: Event) -> str:
    match event.value:
        case None:
            return "removed" if event.kind == "note" else NO_ANSWER_LABEL
        case bool():
            return "yes" if event.value else "no"
        case str():
            return event.shown or event.value
        case date():
            return format_date(event.value)
    return event.shown


# ---------------------------------------------------------------- figures over time


def write_trend(trend: Trend, *, omitted: int, today: date, renderer: Renderer, to: TextWriter, encoding: str) -> None:
    """Write the chart, oldest point first, and its extremes. `omitted` older points aren't in `trend`."""
    for each in _build_trend_view(trend, omitted, today):
        to.write(renderer.render(sanitize_record(each, encoding=encoding)))


def write_series(series: Sequence[Series], *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write one line per series: its playbook and name, the number of entries, the newest value and its label."""
    newest = [_format_last(each.last) for each in series]
    width = max(map(count_cells, newest))
    rows = [
        (
            each.playbook,
            each.name,
            format_count(each.entries, "entry", "entries"),
            f"{last}{' ' * (width - count_cells(last))}  {each.last.label}",
        )
        for each, last in zip(series, newest, strict=True)
    ]
    write_rows(rows, to=to, columns=columns, encoding=encoding)


def _format_last(point: TrendPoint) -> str:
    return f"last {format_number(point.value)}" + (f", {point.band}" if point.band else "")


def _build_trend_view(trend: Trend, omitted: int, today: date) -> Iterator[ViewModel]:
    yield Heading(trend.label)
    yield SecondaryText(f"{trend.title}, {_format_date_range(trend)}")
    yield BarChart(
        tuple(
            (_format_day(point, today), _format_point(point, trend), _to_percent(point, trend))
            for point in trend.points
        )
    )
    if len(trend.points) > 1:
        yield SecondaryText(_describe_extremes(trend, today))
    if omitted:
        yield SecondaryText(f"{omitted} older not shown: add --limit {omitted + len(trend.points)}")


def _format_date_range(trend: Trend) -> str:
    first, last = (format_date(trend.points[place].at) for place in (0, -1))
    again = sum(bool(each.checkin) for each in trend.points)
    asked = f" and {format_count(again, 'check-in')}" if again else ""
    counted = format_count(len(trend.points) - again, "entry", "entries") + asked
    return f"{counted}, {first}" + (f" to {last}" if last != first else "")


def _format_day(point: TrendPoint, today: date) -> str:
    return format_due(point.at.date(), today)


def _format_point(point: TrendPoint, trend: Trend) -> str:
    scale = trend.scale
    unit = f"of {format_number(scale.high)}" if scale.high is not None else scale.unit
    value = f"{format_number(point.value)} {unit}".rstrip()
    first = f" (at first {format_number(point.first)})" if point.first is not None else ""
    happened = {"yes": "it happened", "no": "it didn't happen", "unclear": "can't be judged"}.get(point.happened, "")
    parts = (
        value,
        point.band,
        "corrected" if point.is_corrected else "",
        f"check-in{first}" if point.checkin else "",
        happened,
    )
    return ", ".join(filter(None, parts))


def _describe_extremes(trend: Trend, today: date) -> str:
    values = [point.value for point in trend.points]
    lowest, highest = min(values), max(values)
    if lowest == highest:
        return f"Always {format_number(lowest)}."
    least = next(point for point in reversed(trend.points) if point.value == lowest)
    most = next(point for point in reversed(trend.points) if point.value == highest)
    return (
        f"From {format_number(values[0])} to {format_number(values[-1])}. "
        f"Lowest {format_number(lowest)} ({_format_day(least, today)}), highest {format_number(highest)} ({_format_day(most, today)})."
    )


def _to_percent(point: TrendPoint, trend: Trend) -> int:
    """How much of the bar is filled. It starts at zero, or at the lowest value if that is below zero."""
    values = [each.value for each in trend.points]
    low = min(Decimal(0), *values)
    high = max([trend.scale.high or Decimal(0), *values])
    return int((point.value - low) / (high - low) * 100) if high > low else 0
