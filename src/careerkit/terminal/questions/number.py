"""Number, scale and date questions: a number with its unit, steps with their labels, and days in the usual notations."""

from __future__ import annotations

import os
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import Skip, Submit
from careerkit.core.date_parsing import is_day_first, list_examples, parse_possible_dates
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.number import ScaleSpec, format_time, parse_time
from careerkit.core.questions.question import Choice
from careerkit.core.text import to_ascii_width
from careerkit.core.values import format_number
from careerkit.terminal.dialog import QuestionUI
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import MAX_NUMBER_LENGTH, EditBuffer, LineInput, create_buffer
from careerkit.terminal.keys.widget import AtomicWidget, Block, Canvas, Row, move_cursor
from careerkit.terminal.parse_line import parse_choice, parse_number
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.view_models import Option, OptionList

if TYPE_CHECKING:
    from careerkit.core.questions.number import NumberSpec
    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal.keys.widget import Widget

MAX_LISTED_STEPS = 11
"""On a scale with more steps, a number is typed."""


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


def describe_limits(low: Decimal | None, high: Decimal | None) -> str:
    """The limits of a number, to follow "A number"; "" where there are none."""
    if low is not None and high is not None:
        return f" from {format_number(low)} to {format_number(high)}"
    if low is not None:
        return f", at least {format_number(low)}"
    return f", at most {format_number(high)}" if high is not None else ""


@frozen
class ScaleInput(AtomicWidget):
    """`value` is None until the person chooses a step, because a preselected step would influence them.

    `digits` were typed just before, `missing` is a number that was typed and isn't on the scale.
    """

    prepared: PreparedQuestion
    value: int | None = None
    digits: str = ""
    missing: str = ""

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        return f"{self._form.min} to {self._form.max} or arrows", "Enter choose"

    def press(self, press: Press) -> ScaleInput | Submit | Skip | None:
        if press in (Key.ENTER, Key.SUBMIT):
            return self._submit()
        count = self._form.max - self._form.min + 1
        if self.value is None and move_cursor(press, 0, count, letters=True) is not None:
            ends = press in (Key.UP, "k", Key.END)
            return replace(self, value=self._form.max if ends else self._form.min, digits="", missing="")
        moved = move_cursor(press, (self.value or 0) - self._form.min, count, letters=True)
        if moved is not None:
            return replace(self, value=self._form.min + moved, digits="", missing="")
        return self._press_text(press) if isinstance(press, str) else None

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        width = max(len(str(self._form.min)), len(str(self._form.max)))
        for number in range(self._form.min, self._form.max + 1):
            here = number == self.value
            if here:
                cursor = len(rows), 0
            first = (canvas.pointer(here=here), ("bold cyan" if here else "cyan", f"{number:>{width}}  "))
            rows += canvas.prose(self._form.anchors.get(number, ""), "bold" if here else "", first=first)
        if self.missing:
            cursor = len(rows), 0
            rows += canvas.prose(f"There is no {self.missing} here.", first=(("bold red", "! "),))
        return Block(tuple(rows), cursor)

    @property
    def _form(self) -> ScaleSpec:
        return cast("ScaleSpec", self.prepared.question.spec)

    def _press_text(self, typed: str) -> ScaleInput | None:
        """A digit chooses a step. A second one right after it makes a two-digit number, if the scale has that."""
        for digits in (self.digits + typed, typed):
            if digits.lstrip("-").isdecimal() and self._form.min <= int(digits) <= self._form.max:
                return replace(self, value=int(digits), digits=digits, missing="")
        if typed.isdecimal():
            return replace(self, value=None, digits="", missing=typed)
        return replace(self, digits=typed) if typed == "-" and self._form.min < 0 else None

    def _submit(self) -> Submit | Skip:
        if self.value is not None:
            return Submit(self.prepared.validate(Decimal(self.value)))
        if not self.prepared.question.required:
            return Skip()
        hint = f"Press a number from {self._form.min} to {self._form.max}."
        raise Refused(Problem("empty", "Nothing is chosen yet.", hint))


@frozen
class LongScaleInput(LineInput):
    """A text field for a step of a long scale."""

    prepared: PreparedQuestion
    buffer: EditBuffer

    def parse(self, text: str) -> object:
        return _parse_step(cast("ScaleSpec", self.prepared.question.spec), text)

    def format_text(self, value: Value) -> str:
        return f"{cast('Decimal', value):f}"

    def describe_input(self) -> str:
        return _describe_steps(cast("ScaleSpec", self.prepared.question.spec))


class ScaleUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        form = cast("ScaleSpec", prepared.question.spec)
        if form.max - form.min < MAX_LISTED_STEPS:
            step = prepared.kept if prepared.kept is not None else prepared.default
            return ScaleInput(prepared, int(step) if isinstance(step, Decimal) else None)
        text = "" if prepared.current is None else f"{cast('Decimal', prepared.current):f}"
        return LongScaleInput(prepared, create_buffer(text, max_length=MAX_NUMBER_LENGTH))

    def describe_input(self, question: Question, choices: int) -> str:
        del choices
        return _describe_steps(cast("ScaleSpec", question.spec))

    def list_options(self, prepared: PreparedQuestion) -> tuple[OptionList, ...]:
        anchors = cast("ScaleSpec", prepared.question.spec).anchors
        return (OptionList(tuple(Option(*each) for each in sorted(anchors.items()))),) if anchors else ()

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return _parse_step(cast("ScaleSpec", prepared.question.spec), line)


@frozen
class DateInput(LineInput):
    """A text field for a date, with the weekday below."""

    prepared: PreparedQuestion
    buffer: EditBuffer

    def parse(self, text: str) -> object:
        return _parse_date(self.prepared, text)

    def format_text(self, value: Value) -> str:
        return cast("date", value).isoformat()

    def describe_input(self) -> str:
        return _describe_days(self.prepared.today)

    def describe_value(self, value: Value) -> str:
        return format_date(cast("date", value))


class DateUI(QuestionUI):
    def read_default(self, default: object, *, today: date) -> object:
        return parse_possible_dates(default, today=today)[0] if isinstance(default, str) else default

    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        text = "" if prepared.current is None else cast("date", prepared.current).isoformat()
        return DateInput(prepared, create_buffer(text, max_length=MAX_NUMBER_LENGTH))

    def describe_input(self, question: Question, choices: int) -> str:
        del question, choices
        return "A date, such as friday or +2w"

    def describe_prepared(self, prepared: PreparedQuestion) -> str:
        return _describe_days(prepared.today)

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return _parse_date(prepared, line)


QUESTION_UIS = {"number": NumberUI(), "scale": ScaleUI(), "date": DateUI()}


def _parse(text: str, form: NumberSpec) -> Decimal:
    time = parse_time(to_ascii_width(text)) if form.is_hour else None
    return parse_number(text, unit=form.unit) if time is None else time


def _format_input(number: Decimal, form: NumberSpec) -> str:
    return format_time(number) if form.is_hour and number % 1 else f"{number:f}"


def _describe_input(form: NumberSpec) -> str:
    unit = f" in {form.unit}" if form.unit else ""
    example = ", or a time such as 15:30" if form.is_hour else ""
    return f"A number{unit}{describe_limits(form.min, form.max)}{example}"


def _describe_steps(form: ScaleSpec) -> str:
    return f"A number from {form.min} to {form.max}"


def _parse_step(form: ScaleSpec, text: str) -> Decimal:
    """The step whose number or label (or the beginning of it) is `text`. Raises Refused where there is none."""
    try:
        return parse_number(text)
    except Refused:
        anchors = [Choice(str(number), label) for number, label in form.anchors.items()]
        if not re.search("[^\\W\\d]", text) or not anchors:
            raise
        return Decimal(parse_choice(text, anchors))


def _describe_days(today: date) -> str:
    *others, last = list_examples(today)
    return f"A date, such as {', '.join(others)} or {last}"


def _parse_date(prepared: PreparedQuestion, text: str) -> date:
    """The first of the possible dates that is valid for the question, or the first of all if none is.

    Raises Refused where `text` isn't a date.
    """
    possible = parse_possible_dates(to_ascii_width(text), today=prepared.today, day_first=is_day_first(os.environ))
    return next((day for day in possible if _is_accepted(prepared, day)), possible[0])


def _is_accepted(prepared: PreparedQuestion, day: date) -> bool:
    try:
        prepared.validate(day)
    except Refused:
        return False
    return True
