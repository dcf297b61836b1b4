"""The `list` question: a list of short texts without duplicates."""

from __future__ import annotations

from datetime import date

from careerkit.core.frozen import cast, frozen
from careerkit.core.questions.options import MAX_ENTRIES, MAX_INVENTED, check_counts
from careerkit.core.questions.question import ChoicesOf, DefaultCheck, Spec, SpecCheck, TypeScope, Words
from careerkit.core.questions.text import SAMPLE_TEXTS, TextSpec
from careerkit.core.questions.validation import check_count, is_texts, read_sequence, read_text, refuse
from careerkit.core.text import join_texts
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


@frozen
class ListSpec(Spec):
    """`min` and `max` limit the number of entries."""

    min: int = 1
    max: int = MAX_ENTRIES

    is_own_words = True
    gives_items = True
    stored_as = "a list of texts"

    is_stored = staticmethod(is_texts)

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        texts = [read_text(item, TextSpec().max).strip() for item in read_sequence(raw)]
        if len(set(texts)) < len(texts):
            raise refuse("twice", "The same line appears twice.", "Keep one of them.")
        check_count(len(texts), self.min, self.max, "line")
        return tuple(texts)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        most = min(self.max, max(self.min, len(SAMPLE_TEXTS)))
        count = random.randint(min(self.min, most), min(most, max(self.min, MAX_INVENTED)))
        return [SAMPLE_TEXTS[at % len(SAMPLE_TEXTS)] + " again" * (at // len(SAMPLE_TEXTS)) for at in range(count)]

    def format(self, value: Value, words: Words) -> str:
        return join_texts(self.format_items(value, words))

    def format_items(self, value: Value, words: Words) -> list[str]:
        return list(cast("tuple[str, ...]", value))

    def expression_type(self, scope: TypeScope) -> ValueType:
        from careerkit.core.expressions.types import ListType

        return ListType()

    def check(self, check: SpecCheck) -> None:
        check_counts(self.min, self.max, MAX_ENTRIES, check)

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        check.check_ids(value, None)
        check.check_length(value, self.min, self.max)


SPEC = ListSpec
