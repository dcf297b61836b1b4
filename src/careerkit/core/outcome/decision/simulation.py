"""Simulate uncertain scores and weights with seeded draws that are the same on every machine.

Uses only operations that every Python from 3.11 on and every processor rounds alike: + - * / and sqrt on floats, and
fsum. The built-in sum is not one of them (it is compensated from 3.12 on), nor are log and powers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from math import fsum, sqrt
from operator import sub
from random import Random
from types import MappingProxyType

from careerkit.core.frozen import frozen
from careerkit.core.outcome.decision.totals import DecisionTable, ScoreRow, ScoreSpread

DrawColumn = Sequence[float]
"""One number per draw."""
WeightTiers = tuple[tuple[int, ...], ...]
"""The indices of the criteria that have weight, heaviest first, grouped by equal weight."""


@frozen
class SimulationResult:
    """`shares`: how often an option comes first, adding up to 1. `gains`: as a fraction of the scale. Empty without draws."""

    shares: Mapping[str, Fraction] = MappingProxyType({})
    gains: Mapping[str, float] = MappingProxyType({})


def simulate(table: DecisionTable, draws: int) -> SimulationResult:
    """First-rank acceptability of every option, and the value of knowing each criterion beforehand.

    Shares follow SMAA (Lahdelma, Hokkanen & Salminen 1998). Each draw takes every score independently from the
    triangular distribution of its spread, and the weights uniformly from all that keep the order of the stated ones:
    the distance between two weights is free, criteria of equal weight can come in any order, and a weight of 0 stays 0.
    Options that are level in a draw share it equally. Because shares depend on the order of the weights alone, the seed
    contains neither their size nor the scale, nor the order in which options and criteria are named.

    Gains are the expected value of perfect information (Howard 1966) about one criterion, from the same scores: the mean
    of the best expected total once the criterion's scores are known, minus the best expected total before, at the
    stated weights. For additive totals and independent scores this needs no nested draws. It is a heuristic in three
    respects: asking reveals the scores of all options on a criterion, it reveals them with certainty, and the weights
    stay as they are.
    """
    tiers = _group_by_weight(table)
    rows = dict(sorted(table.complete_rows.items()))
    if draws <= 0 or not tiers or not rows:
        return SimulationResult()
    random = Random(_build_seed(table, tiers, rows, draws))  # noqa: S311 - reproducible figures, not secrets
    rows = _normalise_rows(rows, table.low, table.high)
    weight_columns = _draw_weights(random, tuple(map(len, tiers)), draws)
    expected = {option: _calculate_expected(row, table.weights) for option, row in rows.items()}
    totals: dict[str, DrawColumn] = {option: [0.0] * draws for option in rows}
    gains: dict[int, float] = {}
    for index, weights in zip((index for tier in tiers for index in tier), weight_columns, strict=True):
        columns = {option: _draw_scores(random, row[index], draws) for option, row in rows.items()}
        for option, column in columns.items():
            totals[option] = [t + w * s for t, w, s in zip(totals[option], weights, column, strict=True)]
        means = {option: _calculate_mean(row[index]) for option, row in rows.items()}
        gains[index] = _calculate_gain(columns, means, table.weights[index], expected)
    return SimulationResult(
        shares=_count_first_ranks(totals, draws), gains={table.criteria[index]: gains[index] for index in sorted(gains)}
    )


def _group_by_weight(table: DecisionTable) -> WeightTiers:
    weights, names = table.weights, table.criteria
    weighed = sorted((i for i, weight in enumerate(weights) if weight > 0), key=lambda i: (-weights[i], names[i]))
    return tuple(tuple(tier) for _, tier in groupby(weighed, key=lambda i: weights[i]))


def _normalise_rows(rows: Mapping[str, ScoreRow], low: Fraction, high: Fraction) -> dict[str, ScoreRow]:
    """Map scores to fractions of the scale, so that none is too large for a float."""
    span = high - low if high > low else Fraction(1)
    return {
        option: tuple(((a - low) / span, (b - low) / span, (c - low) / span) for a, b, c in row)
        for option, row in rows.items()
    }


def _build_seed(table: DecisionTable, tiers: WeightTiers, rows: Mapping[str, ScoreRow], draws: int) -> str:
    """Everything that the shares depend on, as ASCII text, which Random hashes with SHA-512."""
    names = [[table.criteria[index] for index in tier] for tier in tiers]
    cells = [[option, *(str(n) for tier in tiers for i in tier for n in row[i])] for option, row in rows.items()]
    return json.dumps([draws, names, cells], ensure_ascii=True)


def _draw_weights(random: Random, sizes: tuple[int, ...], draws: int) -> list[DrawColumn]:
    """One column per criterion, tier after tier.

    The gaps between sorted uniform numbers are uniform on the simplex, in random order; sorted, they are uniform on the
    weights that keep the ranking. Criteria of the same tier take their gaps in the order in which they were drawn.
    """
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    tied = [(end - size, end) for size, end in zip(sizes, ends, strict=True) if size > 1]
    uniform, inner = random.random, range(ends[-1] - 1)
    rows: list[list[float]] = []
    for _ in range(draws):
        cuts = sorted([uniform() for _ in inner])
        gaps = list(map(sub, [*cuts, 1.0], [0.0, *cuts]))
        weights = sorted(gaps, reverse=True)
        for start, end in tied:
            most, least = weights[start], weights[end - 1]
            weights[start:end] = [gap for gap in gaps if least <= gap <= most][: end - start]
        rows.append(weights)
    return list(zip(*rows, strict=True))


def _draw_scores(random: Random, spread: ScoreSpread, draws: int) -> DrawColumn:
    """Draw by inverting the triangular distribution. A score without a spread is constant and draws nothing."""
    low, likely, high = map(float, spread)
    if low == high:
        return [likely] * draws
    uniform, width = random.random, high - low
    turn, rise, fall = (likely - low) / width, (likely - low) * width, (high - likely) * width
    return [
        low + sqrt(u * rise) if u < turn else high - sqrt((1.0 - u) * fall) for u in [uniform() for _ in range(draws)]
    ]


def _calculate_mean(spread: ScoreSpread) -> Fraction:
    return sum(spread, Fraction(0)) / 3


def _calculate_expected(row: ScoreRow, weights: tuple[Fraction, ...]) -> Fraction:
    return sum((weight * _calculate_mean(spread) for weight, spread in zip(weights, row, strict=True)), Fraction(0))


def _calculate_gain(
    columns: Mapping[str, DrawColumn],
    means: Mapping[str, Fraction],
    weight: Fraction,
    expected: Mapping[str, Fraction],
) -> float:
    """The mean, over the draws, of the best total if the criterion is known, minus that of the best option without knowing it.

    Never negative.
    """
    if len(columns) < 2:
        return 0.0
    known: dict[str, DrawColumn] = {}
    for option, column in columns.items():
        rest, part = float(expected[option] - weight * means[option]), float(weight)
        known[option] = [rest + part * score for score in column]
    first = max(expected, key=lambda option: expected[option])
    best = map(max, *known.values())
    return fsum(map(sub, best, known[first])) / len(known[first])


def _count_first_ranks(totals: Mapping[str, DrawColumn], draws: int) -> dict[str, Fraction]:
    shares = dict.fromkeys(totals, Fraction(0))
    firsts: Counter[tuple[str, ...]] = Counter()
    options = tuple(totals)
    for row in zip(*totals.values(), strict=True):
        best = max(row)
        firsts[tuple([option for option, total in zip(options, row, strict=True) if total == best])] += 1
    for winners, count in firsts.items():
        for option in winners:
            shares[option] += Fraction(count, draws * len(winners))
    return shares
