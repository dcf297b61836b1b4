"""One number of a playbook over time: a scale, a number or a computed value, entry by entry, as it holds now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from careerkit.core.frozen import frozen
from careerkit.core.journal.corrected import corrected, is_corrected
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.history import History
from careerkit.core.outcome.evaluate import evaluate_computed
from careerkit.core.playbook.model import NumberForm, Playbook, ScaleForm

NUMBERS = ("scale", "number")


@frozen
class Point:
    """The number in one entry. `label` is what was asked, or what the computed value is called."""

    name: str
    entry: str
    at: datetime
    value: Decimal
    label: str
    band: str = ""
    is_corrected: bool = False


@frozen
class Measure:
    """How the number is read: its unit, and the ends of its scale where it has such."""

    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


@frozen
class Charted:
    """A number of a playbook that can be followed: in so many `entries`, of which the newest has it as `last`."""

    playbook: str
    title: str
    name: str
    entries: int
    last: Point


@frozen
class Trend:
    """`points` oldest first, at least one; the newest gives the label."""

    playbook: str
    title: str
    name: str
    measure: Measure
    points: tuple[Point, ...]

    @property
    def label(self) -> str:
        return self.points[-1].label


def numbers_in(entry: Entry, history: History, playbook: Playbook | None) -> dict[str, Point]:
    """The numbers of an entry by the id of their question or compute, as they hold with its corrections.

    Without `playbook`, which must be the one that the entry was made with, computed values stay as they were given.
    """
    return {
        point.name: point
        for found in (_computed(entry, history, playbook), _answered(entry), _corrected(entry, history))
        for point in found
    }


def measure_of(playbook: Playbook | None, name: str) -> Measure:
    """How the playbook has the number read; nothing is known without it."""
    question = next((each for each in playbook.questions if each.id == name), None) if playbook else None
    compute = next((each for each in playbook.computes if each.id == name), None) if playbook else None
    match question.form if question else None:
        case ScaleForm(min=low, max=high):
            return Measure("", Decimal(low), Decimal(high))
        case NumberForm(unit=unit):
            return Measure(unit)
    return Measure("", compute.min, compute.max) if compute and compute.tally else Measure()


def _computed(entry: Entry, history: History, playbook: Playbook | None) -> Iterator[Point]:
    given = entry.outcome.computed if entry.outcome else ()
    first = {each.id: each.value for each in given}
    if playbook is not None and is_corrected(entry, history):
        given = evaluate_computed(corrected(entry, history, playbook).facts())
    for each in given:
        if isinstance(each.value, Decimal):
            changed = each.value != first.get(each.id)
            label = each.label or each.id
            yield Point(each.id, entry.id, entry.started, each.value, label, each.band_label, changed)


def _answered(entry: Entry) -> Iterator[Point]:
    for answer in entry.answers:
        if answer.type in NUMBERS and not answer.hidden and isinstance(answer.value, Decimal):
            yield Point(answer.question, entry.id, entry.started, answer.value, answer.asked)


def _corrected(entry: Entry, history: History) -> Iterator[Point]:
    first = {answer.question: answer.value for answer in entry.answers}
    for name, (newest, *_) in history.corrections.items():
        if newest.type in NUMBERS and isinstance(newest.value, Decimal):
            changed = newest.value != first.get(name)
            yield Point(name, entry.id, entry.started, newest.value, newest.asked or name, is_corrected=changed)
