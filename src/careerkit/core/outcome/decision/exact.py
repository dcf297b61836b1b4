"""What follows exactly from the likely scores and the stated weights: totals, dominated options, the smallest flip."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from careerkit.core.outcome.decision.table import Row, Table

DIGITS = Context(prec=28)
"""Our own, so that a caller's decimal context can't change a figure."""


def totals(table: Table) -> dict[str, Fraction | None]:
    """The weighted mean of each option's likely scores, on the grid's own scale; None where a cell is missing."""
    weighed = any(table.weights)
    return {
        option: _total(row, table.weights) if weighed and row is not None else None
        for option, row in zip(table.options, table.rows, strict=True)
    }


def dominated(table: Table) -> tuple[str, ...]:
    """The options that another one beats whatever the weights, those of weight 0 included.

    It is at least as good on every criterion by its low, its likely and its high score, and better in one of these.
    So it is first-order stochastically dominant on every criterion; without spreads that is Pareto dominance. Where
    spreads overlap, the dominated option may still come first in single draws, since the draws are independent.
    """
    rows = table.complete
    return tuple(option for option in rows if any(_beats(other, rows[option]) for other in rows.values()))


def smallest_flip(table: Table, first: str | None) -> tuple[Fraction | None, str | None]:
    """The smallest change of a single weight (weights add up to 1), up or down, that puts another option first.

    The other weights are rescaled in proportion, between 0 and 1. It is a bound: at it the two are level, any more
    puts the other strictly ahead; so it is 0 where two options share the first place, unless nothing parts them.
    A criterion that carries all the weight can't be changed, as the others have no proportions. Of equal changes
    the first named criterion counts. None, None where no change of a single weight does it.

    With lead D = total(other) - total(first) <= 0 and d the same on the criterion alone, changing its weight w by x
    makes the lead D + x * (d - D) / (1 - w).
    """
    rows, weights = table.complete, table.weights
    if first is None:
        return None, None
    others = [row for option, row in rows.items() if option != first]
    found = [
        (change, criterion)
        for index, criterion in enumerate(table.criteria)
        for other in others
        if (change := _flip(other, rows[first], weights, index)) is not None
    ]
    return min(found, key=lambda pair: pair[0], default=(None, None))


def exact_decimal(number: Fraction) -> Decimal:
    """To 28 digits, exact where that many do."""
    return DIGITS.divide(Decimal(number.numerator), Decimal(number.denominator))


def _total(row: Row, weights: tuple[Fraction, ...]) -> Fraction:
    return sum((weight * likely for weight, (_, likely, _) in zip(weights, row, strict=True)), Fraction(0))


def _beats(one: Row, other: Row) -> bool:
    pairs = [pair for mine, theirs in zip(one, other, strict=True) for pair in zip(mine, theirs, strict=True)]
    return all(mine >= theirs for mine, theirs in pairs) and any(mine > theirs for mine, theirs in pairs)


def _flip(other: Row, first: Row, weights: tuple[Fraction, ...], index: int) -> Fraction | None:
    weight = weights[index]
    lead = _total(other, weights) - _total(first, weights)
    gradient = other[index][1] - first[index][1] - lead
    if weight == 1 or gradient == 0:
        return None
    change = abs(lead * (1 - weight) / gradient)
    room = 1 - weight if gradient > 0 else weight
    return change if change < room else None
