"""Options against criteria: which comes first, how safely, and what would turn it round."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from careerkit.core.frozen import replace
from careerkit.core.outcome.decision.exact import dominated, exact_decimal, smallest_flip, totals
from careerkit.core.outcome.decision.simulation import simulate
from careerkit.core.outcome.decision.table import Table, tabulate
from careerkit.core.outcome.model import Decision
from careerkit.core.value import Grid

KEPT = 64
"""How many analyses are remembered: an interview asks for the same one at every question."""
HUNDREDTH = Decimal("0.01")


def analyse(
    *,
    id: str,  # noqa: A002 - the name it has in a playbook
    options: tuple[str, ...],
    criteria: tuple[str, ...],
    weights: Mapping[str, Decimal] | tuple[str, ...],
    scores: Grid,
    draws: int,
    low: Decimal | None,
    high: Decimal | None,
) -> Decision:
    """The analysis of `scores` (option -> criterion -> cell), the same on every machine and in every run.

    `weights` are swing weights, points of 0 or more (Edwards & Barron 1994), or a rank of the criteria, best first,
    which takes rank-order centroid weights (Barron & Barrett 1996). A criterion they don't name weighs nothing.
    A spread must rise: low <= likely <= high. `low` and `high` end the grid's scale, which only `tell` needs;
    where they are None, the lowest and the highest cell stand for them.

    An option with a missing cell has no total, is not ranked and has no share. Without any weight there are no
    totals, but still dominated options; with `draws` of 0 or less there are no shares. How each figure is defined
    stands at `totals`, `dominated`, `smallest_flip` and `simulate`.
    """
    table = tabulate(options=options, criteria=criteria, weights=weights, scores=scores, low=low, high=high)
    return replace(_decide(table, draws), id=id)


@lru_cache(maxsize=KEPT)
def _decide(table: Table, draws: int) -> Decision:
    exact = totals(table)
    ranking = _ranking(exact)
    first = ranking[0] if ranking else None
    flip, flip_on = smallest_flip(table, first)
    simulation = simulate(table, draws)
    tell, tell_on = _worth_telling(simulation.gains)
    shares = {option: exact_decimal(100 * share) for option, share in simulation.shares.items()}
    return Decision(
        id="",
        first=first,
        second=ranking[1] if len(ranking) > 1 else None,
        share=shares.get(first) if first is not None else None,
        flip=None if flip is None else exact_decimal(100 * flip),
        flip_on=flip_on,
        dominated=dominated(table),
        totals=MappingProxyType({o: None if t is None else exact_decimal(t) for o, t in exact.items()}),
        shares=MappingProxyType(shares),
        tell=tell,
        tell_on=tell_on,
    )


def _ranking(exact: Mapping[str, Fraction | None]) -> list[str]:
    """Best first; of equal options the first named, since the sort is stable."""
    ranked = [(option, total) for option, total in exact.items() if total is not None]
    return [option for option, _ in sorted(ranked, key=lambda pair: -pair[1])]


def _worth_telling(gains: Mapping[str, float]) -> tuple[Decimal | None, str | None]:
    if not gains:
        return None, None
    criterion = max(gains, key=lambda each: gains[each])
    gain = Decimal(round(10_000 * gains[criterion])) * HUNDREDTH
    return (gain, criterion) if gain else (None, None)
