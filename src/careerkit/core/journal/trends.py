"""Numbers over time: trends of what a playbook asks or computes, and how well predictions fit what happened.

A prediction is a probability that was given in an interview and resolved later: it happened, or it didn't. Sources:
Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78; Murphy (1973), A new
vector partition of the probability score, Journal of Applied Meteorology 12.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from math import sqrt

from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import find_checkin_rule
from careerkit.core.journal.entry import Entry, is_corrected
from careerkit.core.journal.entry_list import History
from careerkit.core.journal.snapshot import apply_corrections
from careerkit.core.outcome.evaluate import evaluate_computed
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.number import NumberSpec, ScaleSpec

NUMBER_TYPES = ("scale", "number")

MIN_RESOLVED = 10
"""Below ten resolved predictions, a score would mostly show chance. A rule of thumb."""

BIN_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
BAND_SHARE = 0.9
"""The band holds what nine in ten perfectly calibrated forecasters would get."""

MAX_EXACT = 200
"""Up to so many predictions the band of the score is exact; above, it is a normal approximation with exact moments."""

NORMAL_QUANTILE = 1.6448536269514722
"""The 95 % quantile of the standard normal distribution."""


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


@frozen
class ResolvedPrediction:
    """`forecast`: the probability that was given, from 0 to 1. `happened`: whether it came true."""

    forecast: float
    happened: bool


@frozen
class CalibrationBin:
    """The predictions with a forecast from `low` to `high`; `high` belongs to the next bin, except in the last.

    `observed` is the share that came true. `band_low` and `band_high`: the shares between which nine in ten perfectly
    calibrated forecasters with these forecasts would be.
    """

    low: float
    high: float
    count: int
    mean_forecast: float
    observed: float
    band_low: float
    band_high: float


@frozen
class Calibration:
    """Scores of resolved predictions; all scores are None below MIN_RESOLVED, and `needed` says how many are missing.

    - `brier`: the mean squared difference between forecast and outcome; 0 is perfect, 1 the worst.
    - `base_rate_brier`: the score of always predicting the share that came true.
    - `reliability`, `resolution`, `uncertainty`: Murphy's decomposition over equal forecasts; the score is
      reliability - resolution + uncertainty.
    - `band_low`, `band_high`: the scores between which nine in ten perfectly calibrated forecasters with the same
      forecasts would be.
    """

    resolved: int
    needed: int = 0
    brier: float | None = None
    base_rate_brier: float | None = None
    reliability: float | None = None
    resolution: float | None = None
    uncertainty: float | None = None
    band_low: float | None = None
    band_high: float | None = None
    bins: tuple[CalibrationBin, ...] = ()


def calculate_calibration(predictions: Sequence[ResolvedPrediction]) -> Calibration:
    """The scores of the predictions, in any order."""
    count = len(predictions)
    if count < MIN_RESOLVED:
        return Calibration(count, needed=MIN_RESOLVED - count)
    base_rate = sum(each.happened for each in predictions) / count
    reliability, resolution = _decompose(predictions, base_rate)
    band_low, band_high = _calculate_score_band([each.forecast for each in predictions])
    return Calibration(
        count,
        brier=sum((each.forecast - each.happened) ** 2 for each in predictions) / count,
        base_rate_brier=base_rate * (1 - base_rate),
        reliability=reliability,
        resolution=resolution,
        uncertainty=base_rate * (1 - base_rate),
        band_low=band_low,
        band_high=band_high,
        bins=tuple(_list_bins(predictions)),
    )


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


def _decompose(predictions: Iterable[ResolvedPrediction], base_rate: float) -> tuple[float, float]:
    """Reliability and resolution, over the groups of equal forecasts."""
    groups: dict[float, list[bool]] = {}
    for each in predictions:
        groups.setdefault(each.forecast, []).append(each.happened)
    count = sum(map(len, groups.values()))
    reliability = resolution = 0.0
    for forecast, happened in groups.items():
        observed = sum(happened) / len(happened)
        reliability += len(happened) * (forecast - observed) ** 2
        resolution += len(happened) * (observed - base_rate) ** 2
    return reliability / count, resolution / count


def _list_bins(predictions: Sequence[ResolvedPrediction]) -> list[CalibrationBin]:
    """The bins that have predictions."""
    bins = []
    for low, high in itertools.pairwise(BIN_EDGES):
        inside = [each for each in predictions if low <= each.forecast < high or each.forecast == high == 1.0]
        if inside:
            forecasts = [each.forecast for each in inside]
            band_low, band_high = _find_quantiles(_count_distribution(forecasts))
            bins.append(
                CalibrationBin(
                    low,
                    high,
                    len(inside),
                    mean_forecast=sum(forecasts) / len(inside),
                    observed=sum(each.happened for each in inside) / len(inside),
                    band_low=band_low / len(inside),
                    band_high=band_high / len(inside),
                )
            )
    return bins


def _count_distribution(forecasts: Iterable[float]) -> dict[float, float]:
    """How many of independent events come true, with the probability of each count (Poisson binomial)."""
    chances = [1.0]
    for forecast in forecasts:
        raised = [0.0, *(chance * forecast for chance in chances)]
        chances = [kept * (1 - forecast) + more for kept, more in zip([*chances, 0.0], raised, strict=True)]
    return {float(count): chance for count, chance in enumerate(chances)}


def _calculate_score_band(forecasts: Sequence[float]) -> tuple[float, float]:
    """The band of the Brier score if every event comes true with the probability that was forecast.

    An event adds `forecast ** 2` to the sum if it doesn't happen, and `1 - 2 * forecast` more if it does.
    """
    count = len(forecasts)
    fixed = sum(each**2 for each in forecasts)
    if count > MAX_EXACT:
        mean = sum(each * (1 - each) for each in forecasts) / count
        deviation = sqrt(sum(each * (1 - each) * (1 - 2 * each) ** 2 for each in forecasts)) / count
        return max(0.0, mean - NORMAL_QUANTILE * deviation), mean + NORMAL_QUANTILE * deviation
    sums = {0: 1.0}
    for forecast in forecasts:
        step = round((1 - 2 * forecast) * 1000)
        grown: dict[int, float] = {}
        for total, chance in sums.items():
            grown[total] = grown.get(total, 0.0) + chance * (1 - forecast)
            grown[total + step] = grown.get(total + step, 0.0) + chance * forecast
        sums = grown
    low, high = _find_quantiles({total / 1000: chance for total, chance in sums.items()})
    return (fixed + low) / count, (fixed + high) / count


def _find_quantiles(distribution: dict[float, float]) -> tuple[float, float]:
    """The values between which BAND_SHARE of the distribution lies, with equal tails."""
    tail = (1 - BAND_SHARE) / 2
    reached, low, high = 0.0, None, 0.0
    for value, chance in sorted(distribution.items()):
        reached += chance
        if low is None and reached >= tail:
            low = value
        high = value
        if reached >= 1 - tail:
            break
    return low or 0.0, high
