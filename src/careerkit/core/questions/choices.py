"""The `choices` question: pick any number of choices."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from careerkit.core.frozen import frozen
from careerkit.core.questions.options import OptionsSpec, check_counts, list_ids
from careerkit.core.questions.question import Choice, ChoicesOf, DefaultCheck, SpecCheck, TypeScope
from careerkit.core.questions.validation import check_count, find_choices, is_texts
from careerkit.core.values import Value

if TYPE_CHECKING:
    from careerkit.core.expressions.types import ValueType


@frozen
class ChoicesSpec(OptionsSpec):
    """`min` and `max` limit the number of choices picked."""

    choices: tuple[Choice, ...] | None = None
    items: str | None = None
    min: int = 1
    max: int | None = None

    may_be_field = True
    gives_items = True
    stored_as = "a list of texts"

    is_stored = staticmethod(is_texts)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        choices = choices_of(self.options)
        picked = find_choices(raw, choices)
        check_count(len(picked), self.min, self.max if self.max is not None else len(choices), "choice")
        return tuple(choice.id for choice in choices if choice.id in picked)

    def prune(self, kept: Value, choices_of: ChoicesOf) -> tuple[str, ...]:
        picked = cast("tuple[str, ...]", kept)
        return tuple(each for each in list_ids(self.options, choices_of) if each in picked)

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return len(self.prune(kept, choices_of)) >= self.min

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import ChoicesType

        return ChoicesType(scope.ids_of(self.options))

    def check(self, check: SpecCheck) -> None:
        OptionsSpec.check(self, check)
        limit = len(self.choices) if self.choices is not None else None
        check_counts(self.min, self.max, limit, check, noun="choices")

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_ids(value, check.ids_of(self.options))
        check.check_length(value, self.min, self.max)


SPEC = ChoicesSpec
