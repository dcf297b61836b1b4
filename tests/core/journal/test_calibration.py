"""Scores of resolved predictions, against independent calculations."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.journal.trends import ResolvedPrediction, calculate_calibration

PREDICTIONS = st.lists(
    st.builds(ResolvedPrediction, st.integers(0, 100).map(lambda percent: percent / 100), st.booleans()),
    min_size=10,
    max_size=60,
)


@pytest.mark.parametrize("count", range(10))
def test_below_ten_predictions_there_is_no_score_but_the_number_that_is_missing(count):
    found = calculate_calibration([ResolvedPrediction(0.5, happened=True)] * count)

    assert (found.resolved, found.needed) == (count, 10 - count)
    assert (found.brier, found.base_rate_brier, found.bins) == (None, None, ())


def test_a_perfect_forecaster_scores_nothing_and_a_coin_a_quarter():
    sure = [ResolvedPrediction(1.0, happened=True), ResolvedPrediction(0.0, happened=False)] * 5
    coin = [ResolvedPrediction(0.5, happened=bool(number % 2)) for number in range(10)]

    assert calculate_calibration(sure).brier == 0
    assert calculate_calibration(coin).brier == 0.25
    assert calculate_calibration(coin).base_rate_brier == 0.25


@given(PREDICTIONS)
def test_murphys_decomposition_adds_up_to_the_score(predictions):
    found = calculate_calibration(predictions)

    assert found.reliability - found.resolution + found.uncertainty == pytest.approx(found.brier, abs=1e-9)


@given(PREDICTIONS)
def test_every_prediction_is_in_one_bin(predictions):
    found = calculate_calibration(predictions)

    assert sum(each.count for each in found.bins) == len(predictions)
    assert sum(each.count * each.observed for each in found.bins) == pytest.approx(
        sum(each.happened for each in predictions)
    )


@pytest.mark.parametrize("count", [10, 40, 150, 400])
def test_the_band_holds_what_nine_in_ten_calibrated_forecasters_get(count):
    chance = random.Random(count)
    forecasts = [chance.choice([0.05, 0.2, 0.35, 0.5, 0.6, 0.8, 0.9, 0.97]) for _ in range(count)]
    band = calculate_calibration([ResolvedPrediction(each, happened=True) for each in forecasts])

    scores = sorted(sum((each - (chance.random() < each)) ** 2 for each in forecasts) / count for _ in range(10_000))
    below = sum(score < band.band_low - 1e-9 for score in scores) / 10_000
    above = sum(score > band.band_high + 1e-9 for score in scores) / 10_000
    assert below <= 0.06
    assert above <= 0.06
    assert 0.88 <= 1 - below - above <= 0.99
    assert band.band_low == pytest.approx(scores[500], abs=0.02)
    assert band.band_high == pytest.approx(scores[9_500], abs=0.02)


def test_the_band_of_a_bin_is_that_of_ten_thousand_simulated_forecasters():
    forecasts = [0.65, 0.7, 0.75] * 5
    (only,) = calculate_calibration([ResolvedPrediction(each, happened=True) for each in forecasts]).bins
    chance = random.Random(1)

    shares = sorted(sum(chance.random() < each for each in forecasts) / 15 for _ in range(10_000))

    assert only.band_low == pytest.approx(shares[500], abs=1 / 15 + 1e-9)
    assert only.band_high == pytest.approx(shares[9_500], abs=1 / 15 + 1e-9)
    assert (only.mean_forecast, only.observed, only.count) == (pytest.approx(0.7), 1.0, 15)
