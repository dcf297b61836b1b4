"""The `number` question: a decimal number, optionally with a unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from careerkit.core.formatting import format_number
from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.question import ChoicesOf, DefaultCheck, Spec, SpecCheck, TypeScope, Words
from careerkit.core.questions.validation import check_range, parse_number
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from careerkit.core.expressions.types import ValueType


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

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        return check_range(parse_number(raw), self.min, self.max, self.unit)

    def meaning(self) -> object:
        return self.unit

    def format(self, value: Value, words: Words) -> str:
        return f"{format_number(cast('Decimal', value))} {self.unit}".strip()

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import NumberType

        return NumberType()

    def check(self, check: SpecCheck) -> None:
        check_limits(self.min, self.max, check)
        check.check_prediction(self.min, self.max)

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_number(value, self.min, self.max)


def check_limits(low: Decimal | None, high: Decimal | None, check: SpecCheck) -> None:
    """Report `min` and `max` if no number lies between them."""
    if low is not None and high is not None and low >= high:
        message = f"`max` ({high:f}) is not greater than `min` ({low:f})."
        check.report("max", "bad-limit", message, "Raise `max` or lower `min`.")


SPEC = NumberSpec
