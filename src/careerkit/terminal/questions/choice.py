"""Choice questions: one of several, several of them, or yes and no. A long list can be filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.choices import ChoicesSpec
from careerkit.core.questions.question import Choice
from careerkit.core.questions.yesno import YesNoSpec
from careerkit.core.text import abbreviate
from careerkit.terminal.keys.canvas import Block, Canvas, Row
from careerkit.terminal.keys.line_input import EditBuffer
from careerkit.terminal.keys.widget import MAX_DIGIT_CHOICES, AtomicWidget, Key, Press, move_cursor
from careerkit.terminal.lines.ask import list_numbered_choices
from careerkit.terminal.lines.parse_answer import filter_choices, is_none_answer, parse_choice, parse_choices
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.question_ui import QuestionUI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal import view_models
    from careerkit.terminal.keys.widget import Widget

YES_OR_NO = (Choice("yes", "Yes"), Choice("no", "No"))
YES_WORDS = ("yes", "true", "1")
NO_WORDS = ("no", "false", "2")
NOT_CHOSEN = -1
"""The cursor's position before anything is chosen."""
FILTER_HINT_THRESHOLD = 6
"""A list of more choices than this has a key hint for the filter."""
LINE_FILTER_THRESHOLD = 9
"""A list of more choices than this has a hint for the filter in line mode."""
NO_CHOICES = "There is nothing to choose from yet"
"""Shown where the choices come from a question that hasn't been answered."""


@frozen
class Select(AtomicWidget):
    """A list to choose from. `at` is the cursor's position among the choices shown, `ticked` are the ids ticked.

    Where a single choice has no answer yet, the cursor is NOT_CHOSEN until a key moves it, so that an accidental Enter
    answers nothing. While `filtering`, letters go into `filter`. `digits` were typed just before, `missing` is a number
    that was typed and isn't in the list.
    """

    prepared: PreparedQuestion
    options: tuple[Choice, ...]
    at: int = 0
    ticked: frozenset[str] = frozenset()
    filter: EditBuffer = EditBuffer()
    filtering: bool = False
    digits: str = ""
    missing: str = ""

    @property
    def has_ticks(self) -> bool:
        return isinstance(self.prepared.question.spec, ChoicesSpec)

    @property
    def takes_text(self) -> bool:
        return self.filtering

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.filtering:
            return ("Enter back to the list" if self.has_ticks else "Enter choose"), "Esc show all"
        yes_no = ("y or n",) if self._is_yes_no else ()
        number = ("number, then Space",) if len(self.options) > MAX_DIGIT_CHOICES else ("Space tick",)
        keys = (*number, "Enter continue") if self.has_ticks else (*yes_no, "Enter choose")
        return (*keys, "/ filter") if len(self.options) > FILTER_HINT_THRESHOLD else keys

    @property
    def shown(self) -> tuple[int, ...]:
        """The positions of the choices that pass the filter."""
        if not self.filter.text:
            return tuple(range(len(self.options)))
        return tuple(filter_choices(self.filter.text, self.options))

    def press(self, press: Press) -> Select | Submit | Skip | None:
        if isinstance(press, str) and press.isdecimal() and not self.filtering:
            return self._press_number(press)
        if self.digits or self.missing:
            return replace(self, digits="", missing="").press(press)
        if press is Key.ENTER and self.filtering and self.has_ticks:
            return replace(self, filtering=False)
        if press in (Key.ENTER, Key.SUBMIT):
            return self._submit()
        if press is Key.ESCAPE and (self.filtering or self.filter.text):
            return self._clear_filter()
        moved = move_cursor(press, self.at, len(self.shown), letters=not self.filtering)
        if moved is not None:
            return replace(self, at=moved)
        if self.filtering:
            buffer = self.filter.press(press)
            return None if buffer is None else replace(self, filter=buffer, at=0)
        return self._press_letter(press) if isinstance(press, str) else None

    def draft(self) -> Value | None:
        """The ticks. A single choice is made or not."""
        ticked = self._ticked_in_order
        return ticked if self.has_ticks and ticked and ticked != self.prepared.kept else None

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        if self.filtering or self.filter.text:
            field = canvas.input(self.filter.text, self.filter.cursor, first=(("bold cyan", "/ "),))
            rows += field.rows
            cursor = field.cursor
            if not self.shown:
                rows += canvas.prose("No choice matches. Press Esc to show all.", "dim")
        rows += [] if self.options else canvas.prose(f"{NO_CHOICES}.", "dim", first=(("", "  "),))
        for place, number in enumerate(self.shown):
            here = place == self.at
            if here and not self.filtering:
                cursor = len(rows), 0
            rows += self._option_rows(number, canvas, here=here)
        if self.missing:
            cursor = len(rows), 0
            rows += canvas.prose(f"There is no {self.missing} here.", first=(("bold red", "! "),))
        return Block(tuple(rows), cursor)

    def _option_rows(self, number: int, canvas: Canvas, *, here: bool) -> list[Row]:
        choice = self.options[number]
        width = len(str(len(self.options)))
        box = ("", ("[x] " if choice.id in self.ticked else "[ ] ") if self.has_ticks else "")
        first = (canvas.pointer(here=here), ("cyan", f"{number + 1:>{width}}  "), box)
        rows = canvas.prose(choice.label, "bold" if here else "", first=first)
        lead = " " * sum(len(part) for _, part in first)
        return rows + (canvas.prose(choice.hint, "dim", first=(("", lead),)) if choice.hint else [])

    @property
    def _is_yes_no(self) -> bool:
        return isinstance(self.prepared.question.spec, YesNoSpec)

    @property
    def _ticked_in_order(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.options if each.id in self.ticked)

    def _press_letter(self, typed: str) -> Select | None:
        if typed == "/":
            return replace(self, filtering=True)
        if typed == " " and self.has_ticks and self.shown:
            return self._toggle(self.at)
        if self._is_yes_no and typed.lower() in ("y", "n"):
            return replace(self, at="yn".index(typed.lower()))
        return None

    def _press_number(self, typed: str) -> Select:
        """A digit chooses, and a second one right after it makes a two-digit number. In a long list to tick, they only move."""
        for digits in (self.digits + typed, typed):
            if int(digits) - 1 in self.shown:
                place = self.shown.index(int(digits) - 1)
                if self.has_ticks and len(self.options) <= MAX_DIGIT_CHOICES:
                    return replace(self._toggle(place), digits=digits, missing="")
                return replace(self, at=place, digits=digits, missing="")
        return replace(self, at=self.at if self.has_ticks else NOT_CHOSEN, digits="", missing=typed)

    def _toggle(self, place: int) -> Select:
        return replace(self, at=place, ticked=self.ticked ^ {self.options[self.shown[place]].id})

    def _clear_filter(self) -> Select:
        here = self.shown[self.at] if self.shown and self.at != NOT_CHOSEN else self.at
        return replace(self, filtering=False, filter=EditBuffer(), at=here)

    def _submit(self) -> Submit | Skip:
        form = self.prepared.question.spec
        if isinstance(form, ChoicesSpec):
            return self._submit_ticks(form)
        if self.options and not self.shown:
            raise Refused(Problem("nothing-found", "Nothing matches the filter.", "Press Esc to show all."))
        if self.at == NOT_CHOSEN:
            return self._submit_nothing()
        chosen = self.options[self.shown[self.at]].id
        return Submit(chosen == "yes") if self._is_yes_no else Submit(self.prepared.validate(chosen))

    def _submit_ticks(self, form: ChoicesSpec) -> Submit | Skip:
        if not self.ticked and form.min:
            if not self.prepared.question.required:
                return Skip()
            raise Refused(Problem("too-few", "Nothing is ticked.", "Press Space to tick the choice at the arrow."))
        return Submit(self.prepared.validate(list(self._ticked_in_order)))

    def _submit_nothing(self) -> Skip:
        if not self.prepared.question.required:
            return Skip()
        hint = "Press y or n." if self._is_yes_no else "Press a number, or use the arrow keys."
        raise Refused(Problem("empty", "Nothing is chosen yet.", hint))


class ChoiceUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        return Select(prepared, prepared.choices, at=_find(_get_initial_value(prepared), prepared.choices))

    def describe_input(self, question: Question, choices: int) -> str:
        del question
        if not choices:
            return NO_CHOICES
        numbers = "1" if choices == 1 else f"A number from 1 to {choices}"
        return f"{numbers}, or the first letters{_describe_filter(choices)}"

    def list_options(self, prepared: PreparedQuestion) -> tuple[view_models.OptionList, ...]:
        chosen = prepared.kept if isinstance(prepared.kept, tuple) else (prepared.kept,)
        return list_numbered_choices(prepared, range(len(prepared.choices)), frozenset(cast("tuple[str, ...]", chosen)))

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return parse_choice(line, prepared.choices)


class ChoicesUI(ChoiceUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        ticked = cast("tuple[str, ...]", _get_initial_value(prepared) or ())
        return Select(prepared, prepared.choices, ticked=frozenset(ticked))

    def describe_input(self, question: Question, choices: int) -> str:
        if not choices:
            return NO_CHOICES
        example = "1 3" if choices > 2 else "1 2"
        limits = _describe_limits(cast("ChoicesSpec", question.spec), choices)
        return f"Numbers, such as {example}{limits}{_describe_filter(choices)}"

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        form = cast("ChoicesSpec", prepared.question.spec)
        is_none = form.min == 0 and is_none_answer(line, prepared.choices)
        return [] if is_none else parse_choices(line, prepared.choices)


class YesNoUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        value = _get_initial_value(prepared)
        return Select(prepared, YES_OR_NO, at=NOT_CHOSEN if value is None else int(value is False))

    def describe_input(self, question: Question, choices: int) -> str:
        del question, choices
        return "y or n"

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        del prepared
        return parse_yes_no(line)


QUESTION_UIS = {"choice": ChoiceUI(), "choices": ChoicesUI(), "yesno": YesNoUI()}


def parse_yes_no(line: str) -> bool:
    """Whether `line` means yes: yes, no, or the beginning of one. Raises Refused for anything else."""
    word = line.strip().casefold()
    for words, meaning in ((YES_WORDS, True), (NO_WORDS, False)):
        if word and any(each.startswith(word) for each in words):
            return meaning
    raise Refused(Problem("not-yes-or-no", f"{abbreviate(line) or 'This'} is neither yes nor no.", "Type y or n."))


def _get_initial_value(prepared: PreparedQuestion) -> Value | None:
    return prepared.current if prepared.current is not None else prepared.default


def _find(chosen: object, options: Sequence[Choice]) -> int:
    return next((place for place, each in enumerate(options) if each.id == chosen), NOT_CHOSEN)


def _describe_limits(form: ChoicesSpec, choices: int) -> str:
    most = form.max if form.max is not None and form.max < choices else None
    if form.min == 0:
        return (f", at most {most}" if most else "") + "; - for none"
    if most is not None and most == form.min:
        return f", exactly {most}"
    least = f", at least {form.min}" if form.min > 1 else ""
    return least + (f", at most {most}" if most is not None else "")


def _describe_filter(choices: int) -> str:
    return "; /word to filter the list" if choices > LINE_FILTER_THRESHOLD else ""
