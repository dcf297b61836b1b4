"""The days that a date question's `min`, `max` and `default` may name: `2026-12-01`, or `+30d` from today."""

from __future__ import annotations

from datetime import date

from careerkit.core.due import parse_due, shift
from careerkit.core.expression.nodes import iso_date
from careerkit.core.frozen import frozen

_SOME_DAY = date(2001, 1, 1)


@frozen
class Span:
    """A day; where it is `relative`, one that stands for how far it is from today."""

    day: date
    relative: bool


def first_day(text: str) -> Span | None:
    """What `text` names, or None where it names no day. Two relative spans compare by their days."""
    day = iso_date(text)
    if day is not None:
        return Span(day, relative=False)
    due = parse_due(text) if text[:1] in {"+", "-"} else None
    if due is None or due.unit == "h":
        return None
    return Span(shift(_SOME_DAY, due), relative=True)
