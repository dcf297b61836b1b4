"""The `number` question: a decimal number, optionally with a unit."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_CEILING, Decimal

from careerkit.core.formatting import format_number
from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.question import ChoicesOf, DefaultCheck, Spec, SpecCheck, TypeScope, Words
from careerkit.core.questions.validation import check_range, parse_number
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


HOURS_PER_DAY, MINUTES_PER_HOUR = 24, 60
_TIME_PATTERN = re.compile(r"([0-9]{1,2})(?::([0-5][0-9]))?\s*([ap])\.?m\.?|([0-9]{1,2}):([0-5][0-9])", re.IGNORECASE)
_NOON = 12
_HOUR_PRECISION = Decimal("0.0001")


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
        from careerkit.core.expressions.types import NumberType

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


SPEC = NumberSpec
