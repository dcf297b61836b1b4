"""The `yesno` question."""

from __future__ import annotations

from datetime import date

from careerkit.core.frozen import frozen
from careerkit.core.questions.question import ChoicesOf, DefaultCheck, Spec, TypeScope
from careerkit.core.questions.validation import describe, refuse
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


@frozen
class YesNoSpec(Spec):
    may_be_field = True
    stored_as = "true or false"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, bool)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        if not isinstance(raw, bool):
            raise refuse("not-yes-or-no", f"This should be yes or no, not {describe(raw)}.", "Write true or false.")
        return raw

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        return random.choice((True, False))

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import YesNoType

        return YesNoType()

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        if not isinstance(value, bool):
            check.report("It should be true or false.")


SPEC = YesNoSpec
