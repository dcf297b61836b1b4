"""How the ranking fares when scores and weights are uncertain: seeded draws, the same on every machine.

Only operations that every Python from 3.11 on and every processor rounds alike: + - * / and sqrt on single floats,
and fsum. The built-in sum of floats is none of them (it is compensated from 3.12 on), nor are log and powers.
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
from careerkit.core.outcome.decision.table import Row, Spread, Table

Column = Sequence[float]
"""One number per draw."""
Tiers = tuple[tuple[int, ...], ...]
"""The criteria that have weight, by index, heaviest first; those of equal weight together."""


@frozen
class Simulation:
    """`shares` of the first rank, adding up to 1; `gains` as a part of the scale; both empty where nothing is drawn."""

    shares: Mapping[str, Fraction] = MappingProxyType({})
    gains: Mapping[str, float] = MappingProxyType({})


def simulate(table: Table, draws: int) -> Simulation:
    """First-rank acceptability of every option, and what knowing each criterion beforehand would gain.

    Shares: SMAA (Lahdelma, Hokkanen & Salminen 1998). Each draw takes every score from the triangular distribution
    of its spread, all independent, and the weights uniformly from all that keep the rank order of the stated ones:
    how far apart two weights lie is free, criteria of equal weight are free among themselves (the statement doesn't
    order them), and a weight of 0 stays 0 (to give nothing is a clear statement). Options that are level in a draw
    share it equally. A share rests on the order alone, so the seed contains neither the size of the weights nor the
    scale, nor the order in which options and criteria are named.

    Gains: the expected value of perfect information (Howard 1966) about one criterion, from the same scores: mean
    of the best expected total once the criterion's scores are known, less the best expected total before, at the
    stated weights. For additive totals and independent scores that needs no nested draws. A heuristic of ours in
    three respects: one enquiry tells the scores of all options on a criterion, it tells them for certain, and it
    leaves the weights alone.
    """
    tiers = _tiers(table)
    rows = dict(sorted(table.complete.items()))
    if draws <= 0 or not tiers or not rows:
        return Simulation()
    random = Random(_seed(table, tiers, rows, draws))  # noqa: S311 - figures to be repeated, no secret
    rows = _on_unit_scale(rows, table.low, table.high)
    weight_columns = _draw_weights(random, tuple(map(len, tiers)), draws)
    expected = {option: _expected(row, table.weights) for option, row in rows.items()}
    totals: dict[str, Column] = {option: [0.0] * draws for option in rows}
    gains: dict[int, float] = {}
    for index, weights in zip((index for tier in tiers for index in tier), weight_columns, strict=True):
        columns = {option: _draw_scores(random, row[index], draws) for option, row in rows.items()}
        for option, column in columns.items():
            totals[option] = [t + w * s for t, w, s in zip(totals[option], weights, column, strict=True)]
        means = {option: _mean(row[index]) for option, row in rows.items()}
        gains[index] = _gain(columns, means, table.weights[index], expected)
    return Simulation(
        shares=_first_ranks(totals, draws), gains={table.criteria[index]: gains[index] for index in sorted(gains)}
    )


def _tiers(table: Table) -> Tiers:
    weights, names = table.weights, table.criteria
    weighed = sorted((i for i, weight in enumerate(weights) if weight > 0), key=lambda i: (-weights[i], names[i]))
    return tuple(tuple(tier) for _, tier in groupby(weighed, key=lambda i: weights[i]))


def _on_unit_scale(rows: Mapping[str, Row], low: Fraction, high: Fraction) -> dict[str, Row]:
    """So that gains are parts of the scale and no score is too large for a float."""
    span = high - low if high > low else Fraction(1)
    return {
        option: tuple(((a - low) / span, (b - low) / span, (c - low) / span) for a, b, c in row)
        for option, row in rows.items()
    }


def _seed(table: Table, tiers: Tiers, rows: Mapping[str, Row], draws: int) -> str:
    """A text of all that the shares rest on; Random takes its SHA-512. Escaped, so it is plain ASCII everywhere."""
    names = [[table.criteria[index] for index in tier] for tier in tiers]
    cells = [[option, *(str(n) for tier in tiers for i in tier for n in row[i])] for option, row in rows.items()]
    return json.dumps([draws, names, cells], ensure_ascii=True)


def _draw_weights(random: Random, sizes: tuple[int, ...], draws: int) -> list[Column]:
    """One column per criterion, tier after tier.

    The gaps between sorted uniform numbers are uniform on the simplex and come in random order; sorted, they are
    uniform on the weights that keep the rank. A tier of several takes its part of them in the order they came in.
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


def _draw_scores(random: Random, spread: Spread, draws: int) -> Column:
    """By the inverse of the triangular distribution; without a spread nothing is drawn."""
    low, likely, high = map(float, spread)
    if low == high:
        return [likely] * draws
    uniform, width = random.random, high - low
    turn, rise, fall = (likely - low) / width, (likely - low) * width, (high - likely) * width
    return [
        low + sqrt(u * rise) if u < turn else high - sqrt((1.0 - u) * fall) for u in [uniform() for _ in range(draws)]
    ]


def _mean(spread: Spread) -> Fraction:
    return sum(spread, Fraction(0)) / 3


def _expected(row: Row, weights: tuple[Fraction, ...]) -> Fraction:
    return sum((weight * _mean(spread) for weight, spread in zip(weights, row, strict=True)), Fraction(0))


def _gain(
    columns: Mapping[str, Column],
    means: Mapping[str, Fraction],
    weight: Fraction,
    expected: Mapping[str, Fraction],
) -> float:
    """Never below 0: per draw, the best once the criterion is known, less the one that is best without knowing it."""
    if len(columns) < 2:
        return 0.0
    known: dict[str, Column] = {}
    for option, column in columns.items():
        rest, part = float(expected[option] - weight * means[option]), float(weight)
        known[option] = [rest + part * score for score in column]
    blind = max(expected, key=lambda option: expected[option])
    best = map(max, *known.values())
    return fsum(map(sub, best, known[blind])) / len(known[blind])


def _first_ranks(totals: Mapping[str, Column], draws: int) -> dict[str, Fraction]:
    shares = dict.fromkeys(totals, Fraction(0))
    firsts: Counter[tuple[str, ...]] = Counter()
    options = tuple(totals)
    for row in zip(*totals.values(), strict=True):
        best = max(row)
        firsts[tuple([option for option, total in zip(options, row, strict=True) if total == best])] += 1
    for level, count in firsts.items():
        for option in level:
            shares[option] += Fraction(count, draws * len(level))
    return shares
