"""Number questions: a number, perhaps with a unit, in the usual notations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from careerkit.core.formatting import format_number
from careerkit.core.frozen import frozen
from careerkit.terminal.keys.line_input import MAX_NUMBER_LENGTH, EditBuffer, LineInput, create_buffer
from careerkit.terminal.lines.parse_answer import parse_number
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.question_ui import QuestionUI

if TYPE_CHECKING:
    from careerkit.core.questions.number import NumberSpec
    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal.keys.widget import Widget


@frozen
class NumberInput(LineInput):
    """A text field for a number, with the number and its unit below."""

    prepared: PreparedQuestion
    buffer: EditBuffer

    def parse(self, text: str) -> object:
        return parse_number(text, unit=self._form.unit)

    def format_text(self, value: Value) -> str:
        return f"{cast('Decimal', value):f}"

    def describe_input(self) -> str:
        return _describe_input(self._form)

    def describe_value(self, value: Value) -> str:
        return f"{format_number(cast('Decimal', value))} {self._form.unit}" if self._form.unit else ""

    @property
    def _form(self) -> NumberSpec:
        return cast("NumberSpec", self.prepared.question.spec)


class NumberUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        text = "" if prepared.current is None else f"{cast('Decimal', prepared.current):f}"
        return NumberInput(prepared, create_buffer(text, max_length=MAX_NUMBER_LENGTH))

    def describe_input(self, question: Question, choices: int) -> str:
        del choices
        return _describe_input(cast("NumberSpec", question.spec))

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return parse_number(line, unit=cast("NumberSpec", prepared.question.spec).unit)


QUESTION_UIS = {"number": NumberUI()}


def describe_limits(low: Decimal | None, high: Decimal | None) -> str:
    """The limits of a number, to follow "A number"; "" where there are none."""
    if low is not None and high is not None:
        return f" from {format_number(low)} to {format_number(high)}"
    if low is not None:
        return f", at least {format_number(low)}"
    return f", at most {format_number(high)}" if high is not None else ""


def _describe_input(form: NumberSpec) -> str:
    unit = f" in {form.unit}" if form.unit else ""
    return f"A number{unit}{describe_limits(form.min, form.max)}"
