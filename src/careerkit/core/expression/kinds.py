"""The kinds that an expression's values can have: what the type checker reasons about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Ids = tuple[str, ...] | None
"""The ids that a value may take, in order; None when they are only known once the person has answered."""


@dataclass(frozen=True, slots=True)
class NumberKind:
    """Decimal. Scales and numbers, and every arithmetic result."""


@dataclass(frozen=True, slots=True)
class YesNoKind:
    """bool."""


@dataclass(frozen=True, slots=True)
class DateKind:
    """datetime.date."""


@dataclass(frozen=True, slots=True)
class TextKind:
    """str; only `answered()` may look at it."""


@dataclass(frozen=True, slots=True)
class ChoiceKind:
    """str: one of `ids`."""

    ids: Ids


@dataclass(frozen=True, slots=True)
class ChoicesKind:
    """tuple[str, ...]: some of `ids`."""

    ids: Ids


@dataclass(frozen=True, slots=True)
class RankKind:
    """tuple[str, ...]: all of `ids`, best first."""

    ids: Ids


@dataclass(frozen=True, slots=True)
class ListKind:
    """tuple[str, ...]: texts that the person wrote, or what `each()` collected."""


@dataclass(frozen=True, slots=True)
class WeightsKind:
    """Mapping[str, Decimal]: points for each of `ids`."""

    ids: Ids


@dataclass(frozen=True, slots=True)
class GridKind:
    """Mapping[row, Mapping[column, cell]]; a cell is a Decimal or, with `spread`, a tuple (low, likely, high)."""

    rows: Ids
    columns: Ids
    spread: bool


@dataclass(frozen=True, slots=True)
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
