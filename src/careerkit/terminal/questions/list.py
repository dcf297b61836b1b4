"""List questions: one item per line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import Back, Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.text import is_blank, to_ascii_width
from careerkit.core.values import collapse_spaces
from careerkit.terminal.dialog import AnswerParts, Dialog, EditMenu, LeaveQuestion, Manner, QuestionUI
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EMPTY_HINT, EditBuffer, create_buffer
from careerkit.terminal.keys.widget import AtomicWidget, Block, Canvas, Row
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.view_models import Option, OptionList, Prompt

if TYPE_CHECKING:
    from careerkit.core.questions.choice import ListSpec
    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal.keys.widget import Widget

LAST_LINES = ("", ".")
"""Each of these lines ends the list."""


@frozen
class ListInput(AtomicWidget):
    """A text field for each line. The last one is empty while another line may be added; the cursor is in line `at`."""

    prepared: PreparedQuestion
    buffers: tuple[EditBuffer, ...]
    at: int = 0

    @property
    def takes_text(self) -> bool:
        return True

    @property
    def key_hints(self) -> tuple[str, ...]:
        here = self.buffers[self.at]
        ends = is_blank(here.text) and self.at == len(self.buffers) - 1
        moves = ("Alt-Up/Down move",) if len(self._items) > 1 else ()
        return ("Enter continue",) if ends else ("Enter next line", "Alt-Enter continue", *moves)

    def press(self, press: Press) -> ListInput | Submit | Skip | None:
        here = self.buffers[self.at]
        match press:
            case str():
                return self._insert(press)
            case Key.SUBMIT:
                return self._submit()
            case Key.ENTER:
                return self._enter()
            case Key.UP:
                return self._move_to(self.at - 1)
            case Key.DOWN:
                return self._move_to(self.at + 1)
            case Key.MOVE_UP | Key.MOVE_DOWN:
                return self._move_line(-1 if press is Key.MOVE_UP else 1)
            case Key.BACKSPACE if here.cursor == 0 and self.at > 0:
                return self._join_lines()
        line = here.press(press)
        return None if line is None else self._with_buffer(self.at, line)

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        width = len(str(len(self.buffers)))
        for place, line in enumerate(self.buffers):
            here = place == self.at
            first = (canvas.pointer(here=here), ("cyan", f"{place + 1:>{width}}  "))
            shown = canvas.input(line.text, line.cursor, first=first, style="bold" if here else "")
            cursor = (len(rows) + shown.cursor[0], shown.cursor[1]) if here else cursor
            rows += shown.rows
        if not self._items and self.prepared.default is not None:
            rows += canvas.prose(
                f"Enter accepts: {self.prepared.format_value(self.prepared.default)}", "dim", first=(("", "  "),)
            )
        return Block(tuple(rows), cursor)

    def input_line(self) -> str:
        return self.buffers[self.at].text

    def with_input_line(self, text: str) -> ListInput:
        return self._with_buffer(self.at, create_buffer(text))

    def draft(self) -> Value | None:
        return self._items if self._items and self._items != self.prepared.kept else None

    @property
    def _form(self) -> ListSpec:
        return cast("ListSpec", self.prepared.question.spec)

    @property
    def _items(self) -> tuple[str, ...]:
        return tuple(line.text.strip() for line in self.buffers if not is_blank(line.text))

    def _insert(self, typed: str) -> ListInput:
        """Insert typed or pasted text; a paste of several lines becomes several items."""
        first, *more = typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        widget = self._with_buffer(self.at, self.buffers[self.at].insert(first))
        added = [line for line in more if not is_blank(line)]
        if len(self._items) + len(added) > self._form.max:
            message = f"That has {len(added) + 1} lines; {self._form.max} fit in all. It was not inserted."
            raise Refused(Problem("too-many", message, "Paste the most important ones."))
        for line in added:
            lines = (*widget.buffers[: widget.at + 1], create_buffer("").insert(line), *widget.buffers[widget.at + 1 :])
            widget = replace(widget, buffers=lines, at=widget.at + 1).add_empty_line()
        return widget

    def _enter(self) -> ListInput | Submit | Skip:
        if self.at == len(self.buffers) - 1:
            return self._submit()
        return self._move_to(self.at + 1)

    def _submit(self) -> Submit | Skip:
        if self._items or (self._form.min == 0 and self.prepared.default is None):
            return Submit(self.prepared.validate(self._items))
        if self.prepared.default is not None:
            return Submit(self.prepared.default)
        if self.prepared.question.required:
            raise Refused(Problem("empty", "The answer is empty.", EMPTY_HINT))
        return Skip()

    def _move_to(self, place: int) -> ListInput:
        """Move the cursor to another line, and remove the line it leaves if that is empty."""
        if not 0 <= place < len(self.buffers):
            return self
        is_empty = is_blank(self.buffers[self.at].text) and self.at < len(self.buffers) - 1
        lines = tuple(line for number, line in enumerate(self.buffers) if number != self.at or not is_empty)
        return replace(self, buffers=lines, at=place - 1 if is_empty and place > self.at else place).add_empty_line()

    def _move_line(self, step: int) -> ListInput:
        to = self.at + step
        if not (0 <= to < len(self._items) and self.at < len(self._items)):
            return self
        lines = list(self.buffers)
        lines[self.at], lines[to] = lines[to], lines[self.at]
        return replace(self, buffers=tuple(lines), at=to)

    def _join_lines(self) -> ListInput:
        """Backspace at the beginning of a line: join it with the one above."""
        above, here = self.buffers[self.at - 1], self.buffers[self.at]
        joined = EditBuffer(above.text + here.text, len(above.text), max_length=above.max_length)
        lines = (*self.buffers[: self.at - 1], joined, *self.buffers[self.at + 1 :])
        return replace(self, buffers=lines, at=self.at - 1).add_empty_line()

    def _with_buffer(self, place: int, line: EditBuffer) -> ListInput:
        return replace(self, buffers=(*self.buffers[:place], line, *self.buffers[place + 1 :])).add_empty_line()

    def add_empty_line(self) -> ListInput:
        """The widget with an empty line at the end, if another line may be added."""
        if len(self.buffers) < self._form.max and (not self.buffers or not is_blank(self.buffers[-1].text)):
            return replace(self, buffers=(*self.buffers, EditBuffer()))
        return self


class ListUI(QuestionUI):
    echoes_answer = False

    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        if isinstance(before, ListInput) and before.prepared.kept == prepared.kept:
            return replace(before, prepared=prepared)
        lines = cast("tuple[str, ...]", prepared.current or ())
        widget = ListInput(prepared, tuple(create_buffer(collapse_spaces(each)) for each in lines)).add_empty_line()
        return replace(widget, at=len(widget.buffers) - 1)

    def describe_input(self, question: Question, choices: int) -> str:
        del choices
        return f"One per line, up to {cast('ListSpec', question.spec).max}; an empty line ends the list"

    def ask(
        self, dialog: Dialog, prepared: PreparedQuestion, parts: AnswerParts, *, manner: Manner, validate: bool
    ) -> object:
        del manner, validate
        return _ListDialog(dialog, prepared, cast("list[str]", parts), self.describe_input(prepared.question, 0)).ask()

    def initial_parts(self, prepared: PreparedQuestion) -> AnswerParts:
        return list(cast("tuple[str, ...]", prepared.current or ()))

    def join_parts(self, parts: AnswerParts) -> Value | None:
        return tuple(cast("list[str]", parts))


class _ListDialog:
    """Asks for a list. `lines` has the items so far and grows with each, so that leaving loses nothing."""

    def __init__(self, dialog: Dialog, prepared: PreparedQuestion, lines: list[str], expected: str) -> None:
        self._dialog = dialog
        self._prepared = prepared
        self._lines = lines
        self._expected = expected
        self._form = cast("ListSpec", prepared.question.spec)

    def ask(self) -> object:
        """The items, or None where the question is left blank. Raises LeaveQuestion for a command that leaves it."""
        if self._lines and self._prepared.draft is not None:
            self._dialog.show(OptionList(tuple(Option(place, line) for place, line in enumerate(self._lines, start=1))))
            return self._ask_lines(len(self._lines))
        if self._lines:
            self._create_menu().run(self._dialog, lists_commands=True)
            return self._lines
        return self._ask_lines(0)

    def _ask_lines(self, place: int) -> object:
        is_first = True
        while len(self._lines) < self._form.max or place < len(self._lines):
            try:
                prompt = self._create_prompt(place, lists_commands=is_first)
                typed = self._dialog.ask_until_valid(prompt, partial(self._parse_line, place))
            except LeaveQuestion as left:
                if not isinstance(left.reply, Back) or place == 0:
                    raise
                place -= 1
                continue
            is_first = False
            if typed is None and place >= len(self._lines):
                break
            self._set_line(place, typed)
            place += 1
        return self._lines if self._lines or self._form.min == 0 else self._prepared.enter_value()

    def _create_prompt(self, place: int, *, lists_commands: bool) -> Prompt:
        if place < len(self._lines):
            return Prompt(f"Line {place + 1}", f"keeps: {self._lines[place]}")
        if place == 0:
            return Prompt(self._expected, self._prepared.describe_enter(), lists_commands)
        return Prompt(f"Line {place + 1}", self._describe_empty_line(), lists_commands)

    def _describe_empty_line(self) -> str:
        return "ends the list" if len(self._lines) >= self._form.min else ""

    def _parse_line(self, place: int, typed: str) -> str | None:
        line = typed.strip()
        if is_blank(line) or to_ascii_width(line) in LAST_LINES:
            self._check_end(place)
            return None
        if line in [each for number, each in enumerate(self._lines) if number != place]:
            raise Refused(Problem("twice", "That line is in the list already.", "Enter each item once."))
        return line

    def _check_end(self, place: int) -> None:
        if place >= len(self._lines):
            if self._lines or self._form.min == 0:
                self._check_number()
            else:
                self._prepared.enter_value()

    def _check_number(self) -> None:
        if len(self._lines) < self._form.min:
            message = f"At least {self._form.min} are needed; you have {len(self._lines)}."
            raise Refused(Problem("too-few", message, "Add more, or type :skip to skip the question."))

    def _set_line(self, place: int, line: str | None) -> None:
        if line is not None:
            self._lines[place : place + 1] = [line]

    def _create_menu(self) -> EditMenu:
        return EditMenu(lambda: self._lines, self._change, self._check_number, self._add, self._lines.__delitem__)

    def _change(self, place: int) -> None:
        self._set_line(
            place,
            self._dialog.ask_until_valid(
                self._create_prompt(place, lists_commands=False), lambda line: self._parse_line(place, line)
            ),
        )

    def _add(self) -> None:
        place = len(self._lines)
        if place >= self._form.max:
            raise Refused(Problem("too-many", f"At most {self._form.max} fit.", "Remove one first."))
        line = self._dialog.ask_until_valid(
            Prompt("The new line", "adds none"),
            lambda typed: self._parse_line(place, typed) if not is_blank(typed) else None,
        )
        self._set_line(place, line)


QUESTION_UIS = {"list": ListUI()}
