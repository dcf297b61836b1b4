"""The `scale` question: a whole number between `min` and `max`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from careerkit.core.errors import Path
from careerkit.core.formatting import format_number
from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.question import ChoicesOf, DefaultCheck, Spec, SpecCheck, TypeScope, Words
from careerkit.core.questions.validation import check_range, parse_number, refuse
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.errors import Path
    from careerkit.core.expressions.types import ValueType


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
        from careerkit.core.expressions.types import NumberType

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


SPEC = ScaleSpec
