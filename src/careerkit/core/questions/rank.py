"""The `rank` question: put all items in order, best first."""

from __future__ import annotations

from datetime import date

from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.options import OptionsSpec, list_ids
from careerkit.core.questions.question import Choice, ChoicesOf, DefaultCheck, TypeScope
from careerkit.core.questions.validation import find_choices, is_texts, refuse
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


@frozen
class RankSpec(OptionsSpec):
    choices: tuple[Choice, ...] | None = None
    items: str | None = None

    gives_items = True
    needs_all_items = True
    decision_part = "weights"
    stored_as = "a list of texts"

    is_stored = staticmethod(is_texts)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        choices = choices_of(self.options)
        ranked = find_choices(raw, choices)
        missing = [choice.id for choice in choices if choice.id not in ranked]
        if missing:
            hint = "Rank all of them, best first."
            raise refuse("not-ranked", f"Not placed yet: {', '.join(missing)}.", hint)
        return ranked

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        ids = list_ids(self.options, choices_of)
        return random.sample(ids, len(ids))

    def prune(self, kept: Value, choices_of: ChoicesOf) -> tuple[str, ...]:
        ids = list_ids(self.options, choices_of)
        return tuple(each for each in cast("tuple[str, ...]", kept) if each in ids)

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return len(self.prune(kept, choices_of)) == len(list_ids(self.options, choices_of))

    def merge_hidden(self, new: Value, kept: Value) -> Value:
        if not self.items:
            return new
        ranked = cast("tuple[str, ...]", new)
        return ranked + tuple(each for each in cast("tuple[str, ...]", kept) if each not in ranked)

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import RankType

        return RankType(scope.ids_of(self.options))

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        ids = check.ids_of(self.options)
        check.check_ids(value, ids)
        check.check_complete(value, ids)


SPEC = RankSpec
