"""The `text` question, one line or several, and the `note`: text shown between questions, which has no answer."""

from __future__ import annotations

from datetime import date

from careerkit.core.expressions.types import TextType
from careerkit.core.frozen import frozen
from careerkit.core.questions.question import (
    ChoicesOf,
    DefaultCheck,
    Line,
    Spec,
    SpecCheck,
    TypeScope,
    read_text,
    refuse,
)
from careerkit.core.text import is_blank
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType

SAMPLE_TEXTS = ("An example", "Another one", "A third one")
"""Answers that are made up when a playbook is tried out."""


@frozen
class TextSpec(Spec):
    """`max` limits the number of characters."""

    long: bool = False
    max: int = 20_000

    may_be_field = True
    is_own_words = True

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        return read_text(raw, self.max)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        return random.choice(SAMPLE_TEXTS)[: self.max]

    def expression_type(self, scope: TypeScope) -> ValueType:
        return TextType()

    def check(self, check: SpecCheck) -> None:
        if self.max < 1:
            check.report("max", "bad-limit", "`max` can't be less than 1.", "Remove it for the default of 20,000.")

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        if not isinstance(value, str) or is_blank(value):
            check.report("It should be text in quotes, and not blank.")
        elif len(value) > self.max:
            check.report(f"It has {len(value)} characters, more than the maximum of {self.max}.")
        elif "\n" in value and not self.long:
            check.report("It has several lines, which requires `long = true`.")


@frozen
class NoteSpec(Spec):
    text: tuple[Line, ...]

    has_answer = False
    stored_as = ""

    @staticmethod
    def is_stored(value: object) -> bool:
        return True

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        raise refuse("not-a-question", "This is a note, which has no answer.", "Remove it from the answers.")


SPECS = {"text": TextSpec, "note": NoteSpec}
