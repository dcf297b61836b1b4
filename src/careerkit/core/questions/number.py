"""The questions `number`, a decimal number, `scale`, a whole one between two bounds, and `date`, a day that may be relative."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from careerkit.core.due_dates import add_offset, parse_relative_date
from careerkit.core.errors import Path
from careerkit.core.expressions.ast import parse_iso_date
from careerkit.core.expressions.types import DateType, NumberType
from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.question import (
    ChoicesOf,
    DefaultCheck,
    Plain,
    Spec,
    SpecCheck,
    TypeScope,
    Words,
    check_range,
    describe,
    parse_number,
    refuse,
)
from careerkit.core.values import Value, format_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType

HOURS_PER_DAY, MINUTES_PER_HOUR = 24, 60
_TIME_PATTERN = re.compile(r"([0-9]{1,2})(?::([0-5][0-9]))?\s*([ap])\.?m\.?|([0-9]{1,2}):([0-5][0-9])", re.IGNORECASE)
_NOON = 12
_HOUR_PRECISION = Decimal("0.0001")

Day = str
"""A date in a playbook: absolute (`2026-12-01`) or an offset from today (`+30d`, `-14d`, `+0d`)."""

_REFERENCE_DAY = date(2001, 1, 1)


@frozen
class NumberSpec(Spec):
    min: Decimal | None = None
    max: Decimal | None = None
    unit: str = ""

    may_be_field = True
    can_predict = True
    stored_as = "a number"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, Decimal)

    @property
    def number_range(self) -> tuple[Decimal | None, Decimal | None]:
        return self.min, self.max

    @property
    def is_hour(self) -> bool:
        """May it be an hour of the day? Then it can be written as 15:30, and 15.5 reads like that."""
        return self.min == 0 and self.max == HOURS_PER_DAY and not self.unit

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        time = parse_time(raw) if self.is_hour and isinstance(raw, str) else None
        return check_range(parse_number(raw) if time is None else time, self.min, self.max, self.unit)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        low = self.min if self.min is not None else Decimal(0)
        high = self.max if self.max is not None else max(low, Decimal(0)) + 40
        return random.randint(min(int(low), int(high)), int(high))

    def meaning(self) -> object:
        return self.unit

    def format(self, value: Value, words: Words) -> str:
        number = cast("Decimal", value)
        if self.is_hour and number % 1:
            return format_time(number)
        return f"{format_number(number)} {self.unit}".strip()

    def expression_type(self, scope: TypeScope) -> ValueType:
        return NumberType()

    def check(self, check: SpecCheck) -> None:
        check_limits(self.min, self.max, check)
        check.check_prediction(self.min, self.max)

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_number(value, self.min, self.max)


def parse_time(text: str) -> Decimal | None:
    """The hours of a time of day such as `15:30`, `5pm` or `5:30 pm`, with decimals; None if `text` isn't one.

    They are rounded up, so that the whole minutes are the same again.
    """
    match = _TIME_PATTERN.fullmatch(text.strip())
    if match is None:
        return None
    hour, minutes = int(match[1] or match[4]), Decimal(match[2] or match[5] or 0) / MINUTES_PER_HOUR
    if half := match[3]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half in "pP" else 0)
    return (hour + minutes).quantize(_HOUR_PRECISION, ROUND_CEILING).normalize() + 0


def format_time(hours: Decimal) -> str:
    """The hours as a time of day, such as `15:30`."""
    hour, minute = divmod(int(hours * MINUTES_PER_HOUR), MINUTES_PER_HOUR)
    return f"{hour}:{minute:02}"


def check_limits(low: Decimal | None, high: Decimal | None, check: SpecCheck) -> None:
    """Report `min` and `max` if no number lies between them."""
    if low is not None and high is not None and low >= high:
        message = f"`max` ({high:f}) is not greater than `min` ({low:f})."
        check.report("max", "bad-limit", message, "Raise `max` or lower `min`.")


@frozen
class ScaleSpec(Spec):
    """`anchors` maps steps to what they mean; steps without an anchor are allowed."""

    min: int = 1
    max: int = 5
    anchors: Mapping[int, str] = MappingProxyType({})

    may_be_field = True
    can_predict = True
    stored_as = "a number"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, Decimal)

    @property
    def number_range(self) -> tuple[Decimal, Decimal]:
        return Decimal(self.min), Decimal(self.max)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        number = parse_number(raw)
        if number != number.to_integral_value():
            raise refuse("not-whole", f"{raw} is not a whole number.", f"Choose from {self.min} to {self.max}.")
        return check_range(number, Decimal(self.min), Decimal(self.max))

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        return random.randint(self.min, self.max)

    def meaning(self) -> object:
        return self.min, self.max, dict(self.anchors)

    def format_alone(self, value: Value, words: Words) -> str:
        """The step with the end of the scale and its anchor, if it has one: `3 of 4 (a client is lost)`."""
        step = cast("Decimal", value)
        anchor = self.anchors.get(int(step), "")
        return f"{format_number(step)} of {self.max}" + (f" ({anchor})" if anchor else "")

    def expression_type(self, scope: TypeScope) -> ValueType:
        return NumberType()

    def fixed_texts(self) -> Iterator[tuple[Path, str]]:
        for step, text in self.anchors.items():
            yield ("anchors", str(step)), text

    def check(self, check: SpecCheck) -> None:
        if self.min >= self.max:
            message = f"A scale from {self.min} to {self.max} has no steps."
            key = "max" if check.is_written("max") else "min"
            check.report(key, "bad-limit", message, "Raise `max` or lower `min`.")
        for step in self.anchors:
            if not self.min <= step <= self.max:
                message = f"`{step}` is not on this scale, which goes from {self.min} to {self.max}."
                path = ("anchors", str(step))
                check.report(path, "bad-anchor", message, "Use a step of the scale.", at_key=True)
        check.check_prediction(Decimal(self.min), Decimal(self.max))

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_number(value, Decimal(self.min), Decimal(self.max), whole=True)


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


SPECS = {"number": NumberSpec, "scale": ScaleSpec, "date": DateSpec}
