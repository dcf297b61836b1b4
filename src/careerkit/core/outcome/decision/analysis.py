"""Analyse a decision: the ranking of the options, how robust it is, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from careerkit.core.frozen import replace
from careerkit.core.outcome.decision.simulation import simulate
from careerkit.core.outcome.decision.totals import (
    DecisionTable,
    build_table,
    calculate_totals,
    find_dominated,
    find_smallest_flip,
    to_decimal,
)
from careerkit.core.outcome.model import Decision
from careerkit.core.values import Matrix

CACHE_SIZE = 64
"""The number of cached analyses. An interview asks for the same one at every question."""
HUNDREDTH = Decimal("0.01")


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
