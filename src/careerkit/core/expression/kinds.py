"""The kinds that an expression's values can have: what the type checker reasons about."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.core.frozen import frozen

Ids = tuple[str, ...] | None
"""The ids that a value may take, in order; None when they are only known once the person has answered."""


@frozen
class NumberKind:
    """Decimal. Scales and numbers, and every arithmetic result."""


@frozen
class YesNoKind:
    """bool."""


@frozen
class DateKind:
    """datetime.date."""


@frozen
class TextKind:
    """str; only `answered()` and `word_count()` may look at it."""


@frozen
class ChoiceKind:
    """str: one of `ids`."""

    ids: Ids


@frozen
class ChoicesKind:
    """tuple[str, ...]: some of `ids`."""

    ids: Ids


@frozen
class RankKind:
    """tuple[str, ...]: all of `ids`, best first."""

    ids: Ids


@frozen
class ListKind:
    """tuple[str, ...]: texts that the person wrote, or what `each()` collected."""


@frozen
class WeightsKind:
    """Mapping[str, Decimal]: points for each of `ids`."""

    ids: Ids


@frozen
class GridKind:
    """Mapping[row, Mapping[column, cell]]; a cell is a Decimal or, with `spread`, a tuple (low, likely, high)."""

    rows: Ids
    columns: Ids
    spread: bool


@frozen
class RecordsKind:
    """tuple[Mapping[str, Value], ...]: small forms; `fields` gives the kind of each field."""

    fields: Mapping[str, Kind]


Kind = (
    NumberKind
    | YesNoKind
    | DateKind
    | TextKind
    | ChoiceKind
    | ChoicesKind
    | RankKind
    | ListKind
    | WeightsKind
    | GridKind
    | RecordsKind
)
