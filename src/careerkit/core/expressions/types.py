"""The static types of values in expressions, and the scope in which names are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from careerkit.core.frozen import frozen

Ids = tuple[str, ...] | None
"""The ids that a value can have, in order; None if they depend on an answer."""


@frozen
class NumberType:
    """Decimal: scales, numbers and results of arithmetic."""


@frozen
class YesNoType:
    """bool."""


@frozen
class DateType:
    """datetime.date."""


@frozen
class TextType:
    """str: only `answered()` and `word_count()` accept it."""


@frozen
class ChoiceType:
    """str: one of `ids`."""

    ids: Ids


@frozen
class ChoicesType:
    """tuple[str, ...]: some of `ids`."""

    ids: Ids


@frozen
class RankType:
    """tuple[str, ...]: all of `ids`, best first."""

    ids: Ids


@frozen
class ListType:
    """tuple[str, ...]: texts that the person wrote, or the result of `each()`."""


@frozen
class WeightsType:
    """Mapping[str, Decimal]: points for each of `ids`."""

    ids: Ids


@frozen
class MatrixType:
    """Mapping[row, Mapping[column, cell]]; a cell is a Decimal or, with `spread`, a tuple (low, likely, high)."""

    rows: Ids
    columns: Ids
    spread: bool


@frozen
class RecordsType:
    """tuple[Mapping[str, Value], ...]: forms; `fields` gives the type of each field."""

    fields: Mapping[str, ValueType]


ValueType = (
    NumberType
    | YesNoType
    | DateType
    | TextType
    | ChoiceType
    | ChoicesType
    | RankType
    | ListType
    | WeightsType
    | MatrixType
    | RecordsType
)

NUMBER, YES_NO, DATE, TEXT = NumberType(), YesNoType(), DateType(), TextType()


class Scope(Protocol):
    """The ids that an expression may use. It may include questions that are asked later: the caller reports those."""

    def type_of(self, name: str) -> ValueType | None:
        """The type of a question or compute; None for an unknown id."""

    def names(self) -> Iterable[str]:
        """All ids with a type, for suggestions in messages."""

    def band_ids(self, name: str) -> tuple[str, ...] | None:
        """The ids of a compute's bands, in order; None if it has none."""

    def action_ids(self) -> tuple[str, ...] | None:
        """The actions that done() may name; None where done() is not allowed."""
