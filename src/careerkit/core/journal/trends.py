"""Trends: a scale, a number or a computed value of a playbook over time, with later corrections applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from careerkit.core.frozen import frozen, replace
from careerkit.core.interview.checkin import find_checkin_rule
from careerkit.core.journal.corrections import apply_corrections
from careerkit.core.journal.entry import Entry, is_corrected
from careerkit.core.journal.events import History
from careerkit.core.outcome.evaluate import evaluate_computed
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.number import NumberSpec
from careerkit.core.questions.scale import ScaleSpec

NUMBER_TYPES = ("scale", "number")


@frozen
class TrendPoint:
    """The number in one entry. `label` is the question, or the label of the computed value.

    `checkin`: the check-in that asked for it again, and `at` is when; "" for the entry's own number. `first` is then the
    number in the interview. `happened`: what became of a prediction with this probability, `yes`, `no` or `unclear`.
    """

    name: str
    entry: str
    at: datetime
    value: Decimal
    label: str
    band: str = ""
    is_corrected: bool = False
    checkin: str = ""
    first: Decimal | None = None
    happened: str = ""


@frozen
class NumberScale:
    """The unit of a number, and the ends of its scale if it has one."""

    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


@frozen
class Series:
    """A number that can be charted. `entries` is the number of entries that have it, `last` the newest point."""

    playbook: str
    title: str
    name: str
    entries: int
    last: TrendPoint


@frozen
class Trend:
    """A number over time. `points` are oldest first, at least one; the newest gives the label."""

    playbook: str
    title: str
    name: str
    scale: NumberScale
    points: tuple[TrendPoint, ...]

    @property
    def label(self) -> str:
        return self.points[-1].label


def extract_points(entry: Entry, history: History, playbook: Playbook | None) -> dict[str, TrendPoint]:
    """The numbers of an entry by the id of their question or compute, with corrections applied.

    `playbook` must be the one that the entry was made with. Without it, computed values are not evaluated again.
    """
    return {
        point.name: replace(point, happened=_find_happened(point.name, history))
        for found in (
            _extract_computed(entry, history, playbook),
            _extract_answered(entry),
            _extract_corrected(entry, history),
        )
        for point in found
    }


def extract_later_points(
    entry: Entry, history: History, playbook: Playbook, numbers: Mapping[str, TrendPoint]
) -> Iterator[TrendPoint]:
    """The answers to questions that a check-in asked again, under the name of the first question, oldest first.

    `numbers` are the entry's own.
    """
    answers = [found[0] for (kind, _), found in history.plan.items() if kind == "checkin_answer"]
    for event in sorted(answers, key=lambda each: each.at):
        checkin_id, _, question_id = event.about.partition("/")
        rule = find_checkin_rule(playbook, checkin_id)
        question = next((each for each in rule.questions if each.id == question_id), None) if rule else None
        if question and question.again in numbers and isinstance(event.value, Decimal):
            first = numbers[question.again]
            yield TrendPoint(
                question.again, entry.id, event.at, event.value, first.label, checkin=checkin_id, first=first.value
            )


def get_number_scale(playbook: Playbook | None, name: str) -> NumberScale:
    """The unit and scale of a number; empty without the playbook."""
    question = next((each for each in playbook.questions if each.id == name), None) if playbook else None
    compute = next((each for each in playbook.computes if each.id == name), None) if playbook else None
    match question.spec if question else None:
        case ScaleSpec(min=low, max=high):
            return NumberScale("", Decimal(low), Decimal(high))
        case NumberSpec(unit=unit):
            return NumberScale(unit)
    return NumberScale("", compute.min, compute.max) if compute and compute.tally else NumberScale()


def _find_happened(name: str, history: History) -> str:
    found = history.plan.get(("prediction", name), ())
    return str(found[0].value) if found and found[0].value else ""


def _extract_computed(entry: Entry, history: History, playbook: Playbook | None) -> Iterator[TrendPoint]:
    given = entry.outcome.computed if entry.outcome else ()
    first = {each.id: each.value for each in given}
    if playbook is not None and is_corrected(entry, history):
        given = evaluate_computed(apply_corrections(entry, history, playbook).facts())
    for each in given:
        if isinstance(each.value, Decimal):
            changed = each.value != first.get(each.id)
            label = each.label or each.id
            yield TrendPoint(each.id, entry.id, entry.started, each.value, label, each.band_label, changed)


def _extract_answered(entry: Entry) -> Iterator[TrendPoint]:
    for answer in entry.answers:
        if answer.type in NUMBER_TYPES and not answer.hidden and isinstance(answer.value, Decimal):
            yield TrendPoint(answer.question, entry.id, entry.started, answer.value, answer.asked)


def _extract_corrected(entry: Entry, history: History) -> Iterator[TrendPoint]:
    first = {answer.question: answer.value for answer in entry.answers}
    for name, (newest, *_) in history.corrections.items():
        if newest.type in NUMBER_TYPES and isinstance(newest.value, Decimal):
            changed = newest.value != first.get(name)
            yield TrendPoint(name, entry.id, entry.started, newest.value, newest.asked or name, is_corrected=changed)
