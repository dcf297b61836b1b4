"""Number questions: a number, perhaps with a unit, in the usual notations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from careerkit.core.formatting import format_number
from careerkit.core.frozen import frozen
from careerkit.core.questions.number import format_time, parse_time
from careerkit.core.text import to_ascii_width
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
        return _parse(text, self._form)

    def format_text(self, value: Value) -> str:
        return _format_input(cast("Decimal", value), self._form)

    def describe_input(self) -> str:
        return _describe_input(self._form)

    def describe_value(self, value: Value) -> str:
        number = cast("Decimal", value)
        if self._form.is_hour and number % 1:
            return format_time(number)
        return f"{format_number(number)} {self._form.unit}" if self._form.unit else ""

    @property
    def _form(self) -> NumberSpec:
        return cast("NumberSpec", self.prepared.question.spec)


class NumberUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        form = cast("NumberSpec", prepared.question.spec)
        text = "" if prepared.current is None else _format_input(cast("Decimal", prepared.current), form)
        return NumberInput(prepared, create_buffer(text, max_length=MAX_NUMBER_LENGTH))

    def describe_input(self, question: Question, choices: int) -> str:
        del choices
        return _describe_input(cast("NumberSpec", question.spec))

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return _parse(line, cast("NumberSpec", prepared.question.spec))


QUESTION_UIS = {"number": NumberUI()}


def describe_limits(low: Decimal | None, high: Decimal | None) -> str:
    """The limits of a number, to follow "A number"; "" where there are none."""
    if low is not None and high is not None:
        return f" from {format_number(low)} to {format_number(high)}"
    if low is not None:
        return f", at least {format_number(low)}"
    return f", at most {format_number(high)}" if high is not None else ""


def _parse(text: str, form: NumberSpec) -> Decimal:
    time = parse_time(to_ascii_width(text)) if form.is_hour else None
    return parse_number(text, unit=form.unit) if time is None else time


def _format_input(number: Decimal, form: NumberSpec) -> str:
    return format_time(number) if form.is_hour and number % 1 else f"{number:f}"


def _describe_input(form: NumberSpec) -> str:
    unit = f" in {form.unit}" if form.unit else ""
    example = ", or a time such as 15:30" if form.is_hour else ""
    return f"A number{unit}{describe_limits(form.min, form.max)}{example}"
