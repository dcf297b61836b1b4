"""The values that answers and computes hold, once they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

Cell = Decimal | tuple[Decimal, Decimal, Decimal]
"""One cell of a grid: a number, or low, likely and high."""

Grid = Mapping[str, Mapping[str, Cell]]
Field = str | bool | Decimal | date | tuple[str, ...] | None
Record = Mapping[str, Field]
"""One small form, field -> value. A field that is left out is not in it."""

Value = str | bool | Decimal | date | tuple[str, ...] | tuple[Record, ...] | Mapping[str, Decimal] | Grid
"""What a question or a compute can hold. Null is None and is never a Value.

By question type: text and choice `str`; choices, list and rank `tuple[str, ...]`; yesno `bool`; scale and number
`Decimal`; date `date`; weights id -> `Decimal`; grid row -> column -> `Cell`; records a tuple of field -> `Field`.
"""
