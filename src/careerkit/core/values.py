"""The types of validated answers and computed values, and the levels of what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from careerkit.core.frozen import Literal

Cell = Decimal | tuple[Decimal, Decimal, Decimal]
"""A number, or low, likely and high."""

Matrix = Mapping[str, Mapping[str, Cell]]
"""Row -> column -> cell."""

FieldValue = str | bool | Decimal | date | tuple[str, ...] | None
Record = Mapping[str, FieldValue]
"""Field -> value of one form. Fields that were left out are missing."""

Value = str | bool | Decimal | date | tuple[str, ...] | tuple[Record, ...] | Mapping[str, Decimal] | Matrix
"""The value of a question or compute. Null is None and is never a Value.

The module of each question type says which of these its answers are.
"""

Level = Literal["info", "good", "care", "stop"]
"""How serious a finding or a headline is."""
Topic = Literal["trouble", "people", "lead", "ask", "job", "new", "work", "other"]
"""What a situation is about. The home screen asks for it first."""

NOTHING: Mapping[str, str] = MappingProxyType({})
