"""The inputs of a decision in exact numbers: what the figures, the seed and the memory of earlier results rest on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from careerkit.core.frozen import frozen
from careerkit.core.value import Cell, Grid

Spread = tuple[Fraction, Fraction, Fraction]
"""Low, likely, high; three times the same where a cell is one number."""
Row = tuple[Spread, ...]


@frozen
class Table:
    """One row per option, one spread and one weight per criterion, all in the playbook's order; hashable.

    A row is None where a cell is missing. `weights` add up to 1, or are all 0. `low` and `high` end the scale.
    """

    options: tuple[str, ...]
    criteria: tuple[str, ...]
    rows: tuple[Row | None, ...]
    weights: tuple[Fraction, ...]
    low: Fraction
    high: Fraction

    @property
    def complete(self) -> dict[str, Row]:
        """The options of which every cell is known."""
        return {option: row for option, row in zip(self.options, self.rows, strict=True) if row is not None}


def tabulate(
    *,
    options: tuple[str, ...],
    criteria: tuple[str, ...],
    weights: Mapping[str, Decimal] | tuple[str, ...],
    scores: Grid,
    low: Decimal | None,
    high: Decimal | None,
) -> Table:
    """Equal numbers give equal tables, however they were written (`5`, `5.0`)."""
    rows = tuple(_row(scores.get(option) or {}, criteria) for option in options)
    known = [number for row in rows if row is not None for spread in row for number in spread]
    return Table(
        options=options,
        criteria=criteria,
        rows=rows,
        weights=_normalised(weights, criteria),
        low=min(known, default=Fraction(0)) if low is None else Fraction(low),
        high=max(known, default=Fraction(0)) if high is None else Fraction(high),
    )


def rank_order_centroid(count: int) -> tuple[Fraction, ...]:
    """Weights for `count` ranked criteria, best first, adding up to 1: w_k = (1/k + ... + 1/count) / count.

    They are the mean of all weights that keep the rank (Barron & Barrett 1996, Decision quality using ranked
    attribute weights, Management Science 42; the SMARTER of Edwards & Barron 1994).
    """
    parts = [Fraction(1, place) for place in range(1, count + 1)]
    return tuple(sum(parts[start:], Fraction(0)) / count for start in range(count))


def _row(cells: Mapping[str, Cell], criteria: tuple[str, ...]) -> Row | None:
    known = [cell for cell in map(cells.get, criteria) if cell is not None]
    return tuple(map(_spread, known)) if len(known) == len(criteria) else None


def _spread(cell: Cell) -> Spread:
    low, likely, high = cell if isinstance(cell, tuple) else (cell, cell, cell)
    return Fraction(low), Fraction(likely), Fraction(high)


def _normalised(weights: Mapping[str, Decimal] | tuple[str, ...], criteria: tuple[str, ...]) -> tuple[Fraction, ...]:
    points = _ranked(weights, criteria) if isinstance(weights, tuple) else weights
    raw = [Fraction(points.get(criterion) or 0) for criterion in criteria]
    total = sum(raw, Fraction(0))
    return tuple(weight / total for weight in raw) if total else tuple(raw)


def _ranked(rank: tuple[str, ...], criteria: tuple[str, ...]) -> dict[str, Fraction]:
    present = [criterion for criterion in rank if criterion in criteria]
    return dict(zip(present, rank_order_centroid(len(present)), strict=True))
