"""The values of answers and computed values: their types, and how they and citations are written as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from types import MappingProxyType

from careerkit.core.due_dates import format_date, format_datetime
from careerkit.core.frozen import Literal
from careerkit.core.text import choose_verb

MAX_DIGITS = 300
_WIDE_CONTEXT = Context(prec=MAX_DIGITS)
MISSING = "…"
"""Replaces a value that is missing or must not be shared."""

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


def format_simple(value: FieldValue) -> str:
    """A value that needs no labels, as text."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format_number(value)
        case datetime():
            return format_datetime(value)
        case date():
            return format_date(value)
        case tuple():
            return ", ".join(value)
        case None:
            return MISSING
    return value


def format_number(number: Decimal) -> str:
    """The number with at most two decimals, without trailing zeros. Huge numbers are written with an exponent."""
    if not number.is_finite() or number.adjusted() > MAX_DIGITS // 2:
        return str(number)
    text = f"{number.quantize(Decimal('0.01'), ROUND_HALF_UP, context=_WIDE_CONTEXT):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def format_percent(share: Decimal) -> str:
    """A percentage without decimals, rounded down so that a limit is never shown as reached too early."""
    return "under 1" if 0 < share < 1 else f"{share.to_integral_value(ROUND_FLOOR):f}"


def format_points(points: Decimal) -> str:
    """Points without decimals, rounded up so that the change shown is large enough."""
    return f"{points.to_integral_value(ROUND_CEILING):f}"


def format_citations(citations: Iterable[str], sources: Mapping[str, str]) -> list[str]:
    """One line for each source, in order: its id, its citation from `sources`, and the claims referred to.

    `citations` are source ids, or claims of a source such as `S1.53`.
    """
    claims: dict[str, list[str]] = {}
    for citation in sorted(set(citations), key=_parse_citation):
        source, _, claim = citation.partition(".")
        claims.setdefault(source, []).extend([claim] if claim else [])
    return [f"{source}: {sources.get(source, '')}{_format_claims(each)}" for source, each in claims.items()]


def collapse_spaces(text: str) -> str:
    """`text` with line breaks and runs of spaces turned into single spaces."""
    return " ".join(text.split())


def describe_later_corrections(moment: datetime, plan_updated_at: datetime | None = None) -> str:
    """The notice next to a result or plan from before answers were corrected at `moment`.

    `plan_updated_at`: when the plan was updated to corrected answers, if it was.
    """
    corrected = f"Answers were corrected on {format_date(moment)}"
    if plan_updated_at and plan_updated_at >= moment:
        return f"{corrected}, and the plan was updated. The rest was written before that."
    return f"{corrected}. This was written before that and has not changed."


def _parse_citation(citation: str) -> tuple[str, int]:
    source, _, claim = citation.partition(".")
    return source, int(claim) if claim.isdecimal() else 0


def _format_claims(claims: list[str]) -> str:
    return f" ({choose_verb(len(claims), 'claim', 'claims')} {', '.join(claims)})" if claims else ""
