"""The `date` question, with bounds that may be relative to today."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from careerkit.core.due_dates import add_offset, parse_relative_date
from careerkit.core.expressions.ast import parse_iso_date
from careerkit.core.frozen import frozen
from careerkit.core.questions.question import ChoicesOf, DefaultCheck, Plain, Spec, SpecCheck, TypeScope
from careerkit.core.questions.validation import describe, refuse
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType

Day = str
"""A date in a playbook: absolute (`2026-12-01`) or an offset from today (`+30d`, `-14d`, `+0d`)."""

_REFERENCE_DAY = date(2001, 1, 1)


@frozen
class DateSpec(Spec):
    min: Day = ""
    max: Day = ""

    may_be_field = True
    stored_as = "a date"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, date)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        day = _read_day(raw)
        lowest, highest = _resolve_day(self.min, today), _resolve_day(self.max, today)
        if lowest and day < lowest:
            raise refuse("too-early", f"{day} is too early.", f"The earliest possible date is {lowest}.")
        if highest and day > highest:
            raise refuse("too-late", f"{day} is too late.", f"The latest possible date is {highest}.")
        return day

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        low = _resolve_day(self.min, today) or today
        high = _resolve_day(self.max, today) or low + timedelta(30)
        span = max(0, (high - low).days)
        return low + timedelta(random.randint(0, min(span, random.choice((1, 7, 30, span)))))

    def resolve_default(self, default: Plain, today: date) -> object:
        due = parse_relative_date(default) if isinstance(default, str) else None
        return add_offset(today, due) if due else default

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import DateType

        return DateType()

    def check(self, check: SpecCheck) -> None:
        bounds = {}
        for key, text in (("min", self.min), ("max", self.max)):
            bounds[key] = parse_bound(text)
            if text and bounds[key] is None:
                message = f"`{text[:40]}` is neither a date nor an offset from today."
                check.report(
                    key, "bad-date", message, "Write a date such as 2026-12-01, or an offset such as +30d, -14d or +0d."
                )
        low, high = bounds["min"], bounds["max"]
        if low and high and low.is_relative == high.is_relative and low.day > high.day:
            check.report("max", "bad-limit", "`max` is before `min`.", "Make it later.")

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        if not is_day and not (isinstance(value, str) and parse_bound(value)):
            check.report("It should be a date such as 2026-12-01, or an offset such as +30d.")


@frozen
class DateBound:
    """A bound of a date question. If `is_relative`, `day` is counted from a fixed day and only comparable to its like."""

    day: date
    is_relative: bool


def parse_bound(text: str) -> DateBound | None:
    """Parse a date or an offset in days or longer. None if `text` is neither."""
    day = parse_iso_date(text)
    if day is not None:
        return DateBound(day, is_relative=False)
    due = parse_relative_date(text) if text[:1] in {"+", "-"} else None
    if due is None or due.unit == "h":
        return None
    return DateBound(add_offset(_REFERENCE_DAY, due), is_relative=True)


def _read_day(raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str):
        try:
            return date.fromisoformat(raw.strip())
        except ValueError:
            pass
    raise refuse("not-a-date", f"This should be a date, not {describe(raw)}.", "Write it as 2026-12-01.")


def _resolve_day(written: Day, today: date) -> date | None:
    due = parse_relative_date(written)
    if due:
        return add_offset(today, due)
    return date.fromisoformat(written) if written else None


SPEC = DateSpec
