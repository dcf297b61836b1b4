"""The `choices` question: pick any number of choices."""

from __future__ import annotations

from datetime import date

from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.options import MAX_OWN, OptionsSpec, check_counts, list_ids
from careerkit.core.questions.question import Choice, ChoicesOf, DefaultCheck, SpecCheck, TypeScope
from careerkit.core.questions.text import SAMPLE_TEXTS
from careerkit.core.questions.validation import check_count, is_texts, read_sequence, refuse
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


@frozen
class ChoicesSpec(OptionsSpec):
    """`min` and `max` limit the number of choices picked, `own_max` how many of them the person may type."""

    choices: tuple[Choice, ...] | None = None
    items: str | None = None
    own: bool = False
    own_hint: str = ""
    own_max: int = 3
    min: int = 1
    max: int | None = None

    may_be_field = True
    gives_items = True
    stored_as = "a list of texts"

    is_stored = staticmethod(is_texts)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        choices = choices_of(self.options)
        picked = tuple(self.read_option(each, choices) for each in read_sequence(raw))
        if len(set(picked)) < len(picked):
            raise refuse("twice", "An item appears more than once.", "List each one once.")
        own = tuple(each for each in picked if self.is_own_text(each))
        check_count(len(own), 0, self.own_max, "option of your own")
        most = self.max if self.max is not None else len(choices) + self.own_max * self.own
        check_count(len(picked), self.min, most, "choice")
        return (*(choice.id for choice in choices if choice.id in picked), *own)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        ids = list_ids(self.options, choices_of)
        most = min(len(ids), len(ids) if self.max is None else self.max)
        fewest = min(self.min, most)
        picked = random.sample(ids, random.choice((fewest, min(most, max(1, fewest)), random.randint(fewest, most))))
        return [*picked, *SAMPLE_TEXTS[: max(0, self.min - most) if self.own else 0]]

    def prune(self, kept: Value, choices_of: ChoicesOf) -> tuple[str, ...]:
        picked = cast("tuple[str, ...]", kept)
        own = (each for each in picked if self.is_own_text(each))
        return (*(each for each in list_ids(self.options, choices_of) if each in picked), *own)

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        return len(self.prune(kept, choices_of)) >= self.min

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import ChoicesType

        return ChoicesType(scope.ids_of(self.options))

    def check(self, check: SpecCheck) -> None:
        OptionsSpec.check(self, check)
        limit = len(self.choices) + self.own_max * self.own if self.choices is not None else None
        if self.own and not 1 <= self.own_max <= MAX_OWN:
            message = f"`own_max` must be between 1 and {MAX_OWN}."
            check.report("own_max", "bad-limit", message, "3, the default, is usually enough.")
        check_counts(self.min, self.max, limit, check, noun="choices")

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_ids(value, check.ids_of(self.options))
        check.check_length(value, self.min, self.max)


SPEC = ChoicesSpec
