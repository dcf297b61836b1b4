"""Entries as they are looked at later: one with its later changes, and numbers across several of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from careerkit.coaching.entry_changes import build_erased_problem
from careerkit.coaching.ports import Journal
from careerkit.coaching.review import describe_result_changes
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import find_checkin_rule
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import (
    EMPTY_HISTORY,
    EntryFilter,
    EntryList,
    History,
    build_histories,
    build_history,
)
from careerkit.core.journal.plan import CheckinRecord, Plan, build_plan, list_checkin_records, update_outcome
from careerkit.core.journal.snapshot import compare_outcomes
from careerkit.core.journal.story import StoryLine, tell_story
from careerkit.core.journal.trends import (
    Calibration,
    ResolvedPrediction,
    Series,
    Trend,
    TrendPoint,
    calculate_calibration,
    extract_later_points,
    extract_points,
    get_number_scale,
)
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import abbreviate

PlaybookOf = Callable[[Entry], Playbook | None]

MAX_COMPARED_ENTRIES = 100
"""The newest entries that a report compares an entry with; a journal may have thousands."""


def load_trend(
    journal: Journal,
    name: str,
    *,
    only: EntryFilter,
    playbook_of: PlaybookOf,
    advance: Callable[[], object] = lambda: None,
) -> tuple[Trend, tuple[Problem, ...]]:
    """The number `name` in every entry that `only` matches, and the problems of entries that can't be read.

    `only` names one playbook. `advance` is called after each entry. Raises Refused if no entry has that number.
    """
    listing = journal.listing(entry_filter=only)
    points: list[TrendPoint] = []
    others: dict[str, str] = {}
    problems = list(listing.problems)
    last: Entry | None = None
    for entry, numbers, later in _read_numbers(journal, listing, playbook_of, problems, advance):
        others |= {each: point.label for each, point in numbers.items()}
        if name in numbers:
            last = entry
            points += [numbers[name], *(each for each in later if each.name == name)]
    if last is None:
        raise Refused(_build_unknown_number(name, only, others, any_entry=bool(listing.entries)))
    measure = get_number_scale(playbook_of(last), name)
    points.sort(key=lambda each: each.at)
    return Trend(last.playbook.id, last.playbook.title, name, measure, tuple(points)), tuple(problems)


def load_entry_trends(
    journal: Journal, entry: Entry, *, playbook_of: PlaybookOf
) -> tuple[tuple[Trend, ...], tuple[Problem, ...]]:
    """The numbers of `entry` over time, up to that entry, and the problems of entries that can't be read.

    Only numbers with a label that an earlier entry of the same playbook has too, or that a check-in asked for again.
    Computed values come first, then the answers in the order of the questions.
    """
    listing = journal.listing(entry_filter=EntryFilter(playbook=entry.playbook.id))
    compared = [each for each in listing.entries if each.started <= entry.started][:MAX_COMPARED_ENTRIES]
    problems = list(listing.problems)
    found: dict[str, list[TrendPoint]] = {}
    own: dict[str, TrendPoint] = {}
    listing = replace(listing, entries=tuple(compared))
    for other, numbers, later in _read_numbers(journal, listing, playbook_of, problems, lambda: None):
        for point in (*numbers.values(), *later):
            found.setdefault(point.name, []).append(point)
        own = numbers if other.id == entry.id else own
    playbook = playbook_of(entry)
    trends = [
        Trend(
            entry.playbook.id,
            entry.playbook.title,
            name,
            get_number_scale(playbook, name),
            tuple(sorted(found[name], key=lambda each: each.at)),
        )
        for name, point in own.items()
        if point.label != name and len(found[name]) > 1
    ]
    return tuple(trends), tuple(problems)


def list_series(
    journal: Journal, *, only: EntryFilter, playbook_of: PlaybookOf, advance: Callable[[], object] = lambda: None
) -> tuple[tuple[Series, ...], tuple[Problem, ...]]:
    """Every number in the entries that `only` matches, and the problems of entries that can't be read.

    They are sorted by playbook, then in the order of its questions and figures. Raises Refused if there is no such
    entry, or none has a number.
    """
    listing = journal.listing(entry_filter=only)
    problems = list(listing.problems)
    found: dict[tuple[str, str], Series] = {}
    for entry, numbers, _ in _read_numbers(journal, listing, playbook_of, problems, advance):
        for name, point in numbers.items():
            key = entry.playbook.id, name
            count = found[key].entries + 1 if key in found else 1
            found[key] = Series(entry.playbook.id, entry.playbook.title, name, count, point)
    if not found:
        raise Refused(_build_no_entry(only) if not listing.entries else _build_no_numbers(only))
    return tuple(sorted(found.values(), key=lambda each: each.playbook)), tuple(problems)


def limit_points(found: Trend, count: int) -> Trend:
    """The trend with its newest `count` points."""
    return replace(found, points=found.points[-count:])


def _read_numbers(
    journal: Journal,
    listing: EntryList,
    playbook_of: PlaybookOf,
    problems: list[Problem],
    advance: Callable[[], object],
) -> Iterator[tuple[Entry, dict[str, TrendPoint], list[TrendPoint]]]:
    """Each readable entry of the list with its numbers and those of its check-ins, oldest first. The problems of the others are added to `problems`."""
    history_by_id = build_histories(journal.events().events)
    for listed in reversed(listing.entries):
        try:
            entry = journal.read(listed.id).entry
        except Refused as refused:
            problems += refused.problems
            continue
        finally:
            advance()
        history = history_by_id.get(entry.id, EMPTY_HISTORY)
        has_answers = any(kind == "checkin_answer" for kind, _ in history.plan)
        playbook = playbook_of(entry) if history.corrections or has_answers else None
        numbers = extract_points(entry, history, playbook)
        yield entry, numbers, [*extract_later_points(entry, history, playbook, numbers)] if playbook else []


def _build_unknown_number(name: str, only: EntryFilter, others: dict[str, str], *, any_entry: bool) -> Problem:
    if not any_entry:
        return _build_no_entry(only)
    near, named = find_closest(name, others), abbreviate(name)
    known = ", ".join(sorted(others))
    hint = f"Did you mean {near}?" if near else f"It has: {known}." if known else "It has no numbers."
    message = f"{only.playbook} has no answered scale, number or computed value {named}."
    return Problem("no-such-number", message, hint, named)


def _build_no_entry(only: EntryFilter) -> Problem:
    if not only.playbook:
        return Problem("no-entry", "No entry matches.", "`careerkit journal list` lists the entries.")
    named = abbreviate(only.playbook)
    hint = "`careerkit journal trend` lists the numbers to choose from."
    return Problem("no-entry", f"No entry of {named} matches.", hint, named)


def _build_no_numbers(only: EntryFilter) -> Problem:
    message = "No scale, number or computed value has been answered."
    return Problem("no-such-number", message, "`careerkit journal list` lists the entries.", only.playbook)


@frozen
class CalibrationReport:
    """The scores, with the number of predictions that are still open and of those that could not be judged."""

    calibration: Calibration
    open: int
    unclear: int
    problems: tuple[Problem, ...] = ()


def load_calibration(journal: Journal, *, advance: Callable[[], None] = lambda: None) -> CalibrationReport:
    """Read every finished entry and score its predictions. `advance` is called for each entry."""
    listing, events = journal.listing(), journal.events()
    histories = build_histories(events.events)
    resolved: list[ResolvedPrediction] = []
    open_ones = unclear = 0
    for summary in listing.entries:
        if summary.state != "finished":
            continue
        advance()
        try:
            outcome = journal.read(summary.id).entry.outcome
        except Refused:
            continue  # the list has named it
        history = histories.get(summary.id)
        for each in outcome.predictions if outcome else ():
            found = history.plan.get(("prediction", each.id), ()) if history else ()
            value = found[0].value if found else None
            if value in ("yes", "no"):
                resolved.append(ResolvedPrediction(float(each.forecast) / 100, happened=value == "yes"))
            elif value == "unclear":
                unclear += 1
            else:
                open_ones += 1
    return CalibrationReport(calculate_calibration(resolved), open_ones, unclear, (*listing.problems, *events.problems))


@frozen
class EntryDetails:
    """An entry with its later changes, as `journal show` displays it.

    `playbook` is None if its copy can't be read. `corrected_outcome` follows from the corrected answers, and
    `result_changes` describes how it differs from the original outcome, a line for each kind of change; both are None
    if that isn't known. `plan` is the plan as it stands now, `checkins` has the answers given in its check-ins, and `story`
    what happened to the entry, oldest first. `problems` are to be shown.
    """

    entry: Entry
    history: History
    playbook: Playbook | None = None
    corrected_outcome: Outcome | None = None
    result_changes: tuple[str, ...] | None = None
    problems: tuple[Problem, ...] = ()
    plan: Plan = Plan()
    checkins: tuple[CheckinRecord, ...] = ()
    story: tuple[StoryLine, ...] = ()


def load_entry_details(
    journal: Journal, entry_id: str, playbook_of: Callable[[Entry], Playbook | None], *, today: date
) -> EntryDetails:
    """Load an entry with its history. Raises Refused if it can't be read or was removed for good."""
    events = journal.events(entry_id)
    history = build_history(events.events)
    if history.is_erased:
        raise Refused(build_erased_problem(entry_id))
    reading = journal.read(entry_id)
    first, problems = reading.entry, reading.problems + events.problems
    playbook = playbook_of(first)
    plan = build_plan(first.outcome, history, today=today)
    checkins = list_checkins(first, plan, playbook)
    entry = replace(first, outcome=update_outcome(first.outcome, plan)) if first.outcome and history.plan else first
    seen = EntryDetails(
        entry,
        history,
        playbook,
        problems=problems,
        plan=plan,
        checkins=checkins,
        story=tell_story(first, events.events, plan, checkins),
    )
    both = compare_outcomes(entry, history, playbook) if playbook else None
    if playbook is None or both is None:
        return seen
    original, corrected = both
    changes = describe_result_changes(original, corrected, playbook)
    return replace(seen, corrected_outcome=corrected, result_changes=changes)


def list_checkins(entry: Entry, plan: Plan, playbook: Playbook | None) -> tuple[CheckinRecord, ...]:
    """What was answered in the check-ins, next to what was expected.

    Without the playbook, questions that were asked again have no first answer.
    """
    if entry.outcome is None:
        return ()
    again: dict[str, str] = {}
    for checkin in plan.checkins if playbook else ():
        rule = find_checkin_rule(playbook, checkin.id) if playbook else None
        again |= {f"{checkin.id}/{each.id}": each.again for each in (rule.questions if rule else ()) if each.again}
    answers = {each.question: each.shown for each in entry.answers}
    return list_checkin_records(entry.outcome, plan, first_answers=answers, again=again)
