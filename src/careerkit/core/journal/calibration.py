"""How well predictions fit what happened: the Brier score, its decomposition, and what chance alone would produce.

A prediction is a probability that was given in an interview and resolved later: it happened, or it didn't. Sources:
Brier (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review 78; Murphy (1973), A new
vector partition of the probability score, Journal of Applied Meteorology 12.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from math import sqrt

from careerkit.core.frozen import frozen

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
