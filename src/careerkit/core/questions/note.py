"""The `note`: text shown between questions. It has no answer."""

from __future__ import annotations

from datetime import date

from careerkit.core.frozen import frozen
from careerkit.core.questions.question import ChoicesOf, Line, Spec
from careerkit.core.questions.validation import refuse
from careerkit.core.values import Value


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


SPEC = NoteSpec
