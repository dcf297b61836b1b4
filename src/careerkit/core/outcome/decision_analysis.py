"""Analyse a decision: the ranking of the options, how robust it is against uncertain scores, and what would change it.

Uses only operations that every Python from 3.11 on and every processor rounds alike: + - * / and sqrt on floats, and
fsum. The built-in sum is not one of them (it is compensated from 3.12 on), nor are log and powers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from math import fsum, sqrt
from operator import sub
from random import Random
from types import MappingProxyType

from careerkit.core.frozen import frozen, replace
from careerkit.core.outcome.model import Decision
from careerkit.core.values import Cell, Matrix

CACHE_SIZE = 64
"""The number of cached analyses. An interview asks for the same one at every question."""
HUNDREDTH = Decimal("0.01")

DrawColumn = Sequence[float]
"""One number per draw."""
WeightTiers = tuple[tuple[int, ...], ...]
"""The indices of the criteria that have weight, heaviest first, grouped by equal weight."""

ScoreSpread = tuple[Fraction, Fraction, Fraction]
"""Low, likely, high; all the same if a cell is one number."""

ScoreRow = tuple[ScoreSpread, ...]
CONTEXT = Context(prec=28)
"""Independent of the caller's decimal context, so that it can't change a figure."""


def analyse(
    *,
    id: str,  # noqa: A002 - the name it has in a playbook
    options: tuple[str, ...],
    criteria: tuple[str, ...],
    weights: Mapping[str, Decimal] | tuple[str, ...],
    scores: Matrix,
    draws: int,
    low: Decimal | None,
    high: Decimal | None,
) -> Decision:
    """The analysis of `scores` (option -> criterion -> cell), the same on every machine and in every run.

    `weights` are swing weights, points of 0 or more (Edwards & Barron 1994), or a ranking of the criteria, best first,
    for rank-order centroid weights (Barron & Barrett 1996). A criterion that they don't name has no weight. In a cell
    with a spread, low <= likely <= high. `low` and `high` are the ends of the scale, which only `tell` uses; None means
    the lowest or highest score in a cell.

    An option with a missing cell has no total, rank or share. Without any weight there are no totals, but there can be
    dominated options; with `draws` of 0 or less there are no shares. Each figure is defined by `calculate_totals`,
    `find_dominated`, `find_smallest_flip` or `simulate`.
    """
    table = build_table(options=options, criteria=criteria, weights=weights, scores=scores, low=low, high=high)
    return replace(_analyse_table(table, draws), id=id)


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


@frozen
class DecisionTable:
    """One row per option, with a spread for each criterion, in the order of the playbook. Hashable.

    A row is None if a cell is missing. `weights` add up to 1 or are all 0. `low` and `high` are the ends of the scale.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    rows: tuple[ScoreRow | None, ...]
    weights: tuple[Fraction, ...]
    low: Fraction
    high: Fraction

    @property
    def complete_rows(self) -> dict[str, ScoreRow]:
        """The rows of the options without missing cells."""
        return {option: row for option, row in zip(self.options, self.rows, strict=True) if row is not None}


def build_table(
    *,
    options: tuple[str, ...],
    criteria: tuple[str, ...],
    weights: Mapping[str, Decimal] | tuple[str, ...],
    scores: Matrix,
    low: Decimal | None,
    high: Decimal | None,
) -> DecisionTable:
    """The table for `analyse`, which describes the arguments. Equal numbers (`5`, `5.0`) give equal tables."""
    rows = tuple(_build_row(scores.get(option) or {}, criteria) for option in options)
    known = [number for row in rows if row is not None for spread in row for number in spread]
    return DecisionTable(
        options=options,
        criteria=criteria,
        rows=rows,
        weights=_normalise_weights(weights, criteria),
        low=min(known, default=Fraction(0)) if low is None else Fraction(low),
        high=max(known, default=Fraction(0)) if high is None else Fraction(high),
    )


def calculate_totals(table: DecisionTable) -> dict[str, Fraction | None]:
    """Option -> weighted mean of its likely scores; None if a cell is missing or there are no weights."""
    weighed = any(table.weights)
    return {
        option: _calculate_total(row, table.weights) if weighed and row is not None else None
        for option, row in zip(table.options, table.rows, strict=True)
    }


def find_dominated(table: DecisionTable) -> tuple[str, ...]:
    """The options that another one beats whatever the weights.

    The other one is at least as good on every criterion in its low, likely and high scores, and better in one of them:
    first-order stochastic dominance on every criterion, or Pareto dominance without spreads. If spreads overlap, a
    dominated option can still come first in single draws, because the draws are independent.
    """
    rows = table.complete_rows
    return tuple(option for option in rows if any(_is_better(other, rows[option]) for other in rows.values()))


def find_smallest_flip(table: DecisionTable, first: str | None) -> tuple[Fraction | None, str | None]:
    """The smallest change of a single weight (weights add up to 1), up or down, that puts another option first.

    The other weights are rescaled in proportion. With this change the two options are level, and with any larger one the
    other is ahead; so it is 0 if two options share the first place, unless their scores are the same. A criterion that
    has all the weight can't be changed, since the others have no proportions. Of equal changes, the first named
    criterion counts. Returns None, None if no change of a single weight is enough.

    With the lead D = total(other) - total(first) <= 0, and d the same on the criterion alone, changing its weight w by x
    makes the lead D + x * (d - D) / (1 - w).
    """
    rows, weights = table.complete_rows, table.weights
    if first is None:
        return None, None
    others = [row for option, row in rows.items() if option != first]
    found = [
        (change, criterion)
        for index, criterion in enumerate(table.criteria)
        for other in others
        if (change := _calculate_flip(other, rows[first], weights, index)) is not None
    ]
    return min(found, key=lambda pair: pair[0], default=(None, None))


def calculate_centroid_weights(count: int) -> tuple[Fraction, ...]:
    """Weights for `count` ranked criteria, best first, adding up to 1: w_k = (1/k + ... + 1/count) / count.

    They are the mean of all weights that keep the ranking (Barron & Barrett 1996, Decision quality using ranked
    attribute weights, Management Science 42; SMARTER in Edwards & Barron 1994).
    """
    parts = [Fraction(1, place) for place in range(1, count + 1)]
    return tuple(sum(parts[start:], Fraction(0)) / count for start in range(count))


def to_decimal(number: Fraction) -> Decimal:
    """The number with up to 28 digits, rounded if it needs more."""
    return CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


@lru_cache(maxsize=CACHE_SIZE)
def _analyse_table(table: DecisionTable, draws: int) -> Decision:
    exact = calculate_totals(table)
    ranking = _rank_totals(exact)
    first = ranking[0] if ranking else None
    flip, flip_on = find_smallest_flip(table, first)
    simulation = simulate(table, draws)
    tell, tell_on = _find_most_valuable(simulation.gains)
    shares = {option: to_decimal(100 * share) for option, share in simulation.shares.items()}
    return Decision(
        id="",
        first=first,
        second=ranking[1] if len(ranking) > 1 else None,
        share=shares.get(first) if first is not None else None,
        flip=None if flip is None else to_decimal(100 * flip),
        flip_on=flip_on,
        dominated=find_dominated(table),
        totals=MappingProxyType({o: None if t is None else to_decimal(t) for o, t in exact.items()}),
        shares=MappingProxyType(shares),
        tell=tell,
        tell_on=tell_on,
    )


def _rank_totals(exact: Mapping[str, Fraction | None]) -> list[str]:
    """The options with a total, best first; of equal ones, the first named comes first."""
    ranked = [(option, total) for option, total in exact.items() if total is not None]
    return [option for option, _ in sorted(ranked, key=lambda pair: -pair[1])]


def _find_most_valuable(gains: Mapping[str, float]) -> tuple[Decimal | None, str | None]:
    if not gains:
        return None, None
    criterion = max(gains, key=lambda each: gains[each])
    gain = Decimal(round(10_000 * gains[criterion])) * HUNDREDTH
    return (gain, criterion) if gain else (None, None)


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


def _build_row(cells: Mapping[str, Cell], criteria: tuple[str, ...]) -> ScoreRow | None:
    known = [cell for cell in map(cells.get, criteria) if cell is not None]
    return tuple(map(_build_spread, known)) if len(known) == len(criteria) else None


def _build_spread(cell: Cell) -> ScoreSpread:
    low, likely, high = cell if isinstance(cell, tuple) else (cell, cell, cell)
    return Fraction(low), Fraction(likely), Fraction(high)


def _normalise_weights(
    weights: Mapping[str, Decimal] | tuple[str, ...], criteria: tuple[str, ...]
) -> tuple[Fraction, ...]:
    points = _weigh_ranks(weights, criteria) if isinstance(weights, tuple) else weights
    raw = [Fraction(points.get(criterion) or 0) for criterion in criteria]
    total = sum(raw, Fraction(0))
    return tuple(weight / total for weight in raw) if total else tuple(raw)


def _weigh_ranks(rank: tuple[str, ...], criteria: tuple[str, ...]) -> dict[str, Fraction]:
    present = [criterion for criterion in rank if criterion in criteria]
    return dict(zip(present, calculate_centroid_weights(len(present)), strict=True))


def _calculate_total(row: ScoreRow, weights: tuple[Fraction, ...]) -> Fraction:
    return sum((weight * likely for weight, (_, likely, _) in zip(weights, row, strict=True)), Fraction(0))


def _is_better(one: ScoreRow, other: ScoreRow) -> bool:
    pairs = [pair for mine, theirs in zip(one, other, strict=True) for pair in zip(mine, theirs, strict=True)]
    return all(mine >= theirs for mine, theirs in pairs) and any(mine > theirs for mine, theirs in pairs)


def _calculate_flip(other: ScoreRow, first: ScoreRow, weights: tuple[Fraction, ...], index: int) -> Fraction | None:
    weight = weights[index]
    lead = _calculate_total(other, weights) - _calculate_total(first, weights)
    gradient = other[index][1] - first[index][1] - lead
    if weight == 1 or gradient == 0:
        return None
    change = abs(lead * (1 - weight) / gradient)
    room = 1 - weight if gradient > 0 else weight
    return change if change < room else None
