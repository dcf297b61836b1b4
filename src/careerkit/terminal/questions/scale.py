"""Scale questions: a list of steps with their labels, or a number where there are many steps."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.question import Choice
from careerkit.core.questions.scale import ScaleSpec
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.canvas import Block, Canvas, Row
from careerkit.terminal.keys.line_input import MAX_NUMBER_LENGTH, EditBuffer, LineInput, create_buffer
from careerkit.terminal.keys.widget import AtomicWidget, move_cursor
from careerkit.terminal.lines.parse_answer import parse_choice, parse_number
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.question_ui import QuestionUI
from careerkit.terminal.view_models import Option, OptionList

if TYPE_CHECKING:
    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal.keys.widget import Widget

MAX_LISTED_STEPS = 11
"""On a scale with more steps, a number is typed."""


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
        return _describe_input(cast("ScaleSpec", self.prepared.question.spec))


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
        return _describe_input(cast("ScaleSpec", question.spec))

    def list_options(self, prepared: PreparedQuestion) -> tuple[OptionList, ...]:
        anchors = cast("ScaleSpec", prepared.question.spec).anchors
        return (OptionList(tuple(Option(*each) for each in sorted(anchors.items()))),) if anchors else ()

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return _parse_step(cast("ScaleSpec", prepared.question.spec), line)


QUESTION_UIS = {"scale": ScaleUI()}


def _describe_input(form: ScaleSpec) -> str:
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
