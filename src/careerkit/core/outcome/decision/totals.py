"""Exact arithmetic on the scores of a decision: weighted totals, dominated options, and the smallest change that flips it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction

from careerkit.core.frozen import frozen
from careerkit.core.values import Cell, Matrix

ScoreSpread = tuple[Fraction, Fraction, Fraction]
"""Low, likely, high; all the same if a cell is one number."""

ScoreRow = tuple[ScoreSpread, ...]
CONTEXT = Context(prec=28)
"""Independent of the caller's decimal context, so that it can't change a figure."""


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
