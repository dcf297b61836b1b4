"""The `choice` question: pick one of several choices."""

from __future__ import annotations

from datetime import date

from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.options import OptionsSpec, list_ids
from careerkit.core.questions.question import Choice, ChoicesOf, DefaultCheck, TypeScope, Words
from careerkit.core.questions.text import SAMPLE_TEXTS
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


@frozen
class ChoiceSpec(OptionsSpec):
    choices: tuple[Choice, ...] | None = None
    items: str | None = None
    own: bool = False
    own_hint: str = ""

    may_be_field = True

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        return self.read_option(raw, choices_of(self.options))

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        ids = list_ids(self.options, choices_of)
        return random.choice((*ids, SAMPLE_TEXTS[0]) if self.own else ids)

    def prune(self, kept: Value, choices_of: ChoicesOf) -> Value | None:
        return kept if kept in list_ids(self.options, choices_of) or self.is_own_text(kept) else None

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return self.prune(kept, choices_of) is not None

    def format(self, value: Value, words: Words) -> str:
        chosen = cast("str", value)
        return words.option_labels(self.options).get(chosen, chosen)

    def format_items(self, value: Value, words: Words) -> list[str]:
        return [self.format(value, words)]

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import ChoiceType

        return ChoiceType(scope.ids_of(self.options))

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_ids([value], check.ids_of(self.options))


SPEC = ChoiceSpec
