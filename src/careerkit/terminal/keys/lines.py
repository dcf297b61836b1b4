"""A list: a line for each, and an empty one below them for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.frozen import frozen, replace
from careerkit.core.problem import Problem, Refused
from careerkit.core.wording import one_line
from careerkit.terminal.keys.entry import EMPTY
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.line import Line, line_of
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.posed import Posed

if TYPE_CHECKING:
    from careerkit.core.playbook.model import ListForm
    from careerkit.core.value import Value


@frozen
class Lines(Whole):
    """`lines` always ends with an empty one while there is room for another; the cursor is in the line `at`."""

    posed: Posed
    lines: tuple[Line, ...]
    at: int = 0

    @property
    def takes_text(self) -> bool:
        return True

    @property
    def foot(self) -> tuple[str, ...]:
        here = self.lines[self.at]
        ends = not here.text.strip() and self.at == len(self.lines) - 1
        moves = ("Alt-Up/Down move",) if len(self._given) > 1 else ()
        return ("Enter hand in",) if ends else ("Enter next line", "Alt-Enter hand in", *moves)

    def press(self, press: Press) -> Lines | Given | Skip | None:
        here = self.lines[self.at]
        match press:
            case str():
                return self._inserted(press)
            case Key.SUBMIT:
                return self._submit()
            case Key.ENTER:
                return self._enter()
            case Key.UP:
                return self._to(self.at - 1)
            case Key.DOWN:
                return self._to(self.at + 1)
            case Key.MOVE_UP | Key.MOVE_DOWN:
                return self._moved(-1 if press is Key.MOVE_UP else 1)
            case Key.RUB if here.cursor == 0 and self.at > 0:
                return self._joined()
        line = here.press(press)
        return None if line is None else self._with(self.at, line)

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        width = len(str(len(self.lines)))
        for place, line in enumerate(self.lines):
            here = place == self.at
            mark = ("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  ")
            first = (mark, ("cyan", f"{place + 1:>{width}}  "))
            shown = paper.typed(line.text, line.cursor, first=first, style="bold" if here else "")
            cursor = (len(rows) + shown.cursor[0], shown.cursor[1]) if here else cursor
            rows += shown.rows
        if not self._given and self.posed.offered is not None:
            rows += paper.prose(f"Enter takes: {self.posed.words(self.posed.offered)}", "dim", first=(("", "  "),))
        return Body(tuple(rows), cursor)

    def written(self) -> str:
        return self.lines[self.at].text

    def with_written(self, text: str) -> Lines:
        return self._with(self.at, line_of(text))

    def so_far(self) -> Value | None:
        return self._given if self._given and self._given != self.posed.kept else None

    @property
    def _form(self) -> ListForm:
        return cast("ListForm", self.posed.question.form)

    @property
    def _given(self) -> tuple[str, ...]:
        return tuple(line.text.strip() for line in self.lines if line.text.strip())

    def _inserted(self, typed: str) -> Lines:
        """What is typed or pasted; a paste of several lines becomes several."""
        first, *more = typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        widget = self._with(self.at, self.lines[self.at].insert(first))
        added = [line for line in more if line.strip()]
        if len(self._given) + len(added) > self._form.max:
            message = f"That has {len(added) + 1} lines; {self._form.max} fit in all. It was not taken."
            raise Refused(Problem("too-many", message, "Paste those that matter."))
        for line in added:
            lines = (*widget.lines[: widget.at + 1], line_of("").insert(line), *widget.lines[widget.at + 1 :])
            widget = replace(widget, lines=lines, at=widget.at + 1).tidy()
        return widget

    def _enter(self) -> Lines | Given | Skip:
        if self.at == len(self.lines) - 1:
            return self._submit()
        return self._to(self.at + 1)

    def _submit(self) -> Given | Skip:
        if self._given or (self._form.min == 0 and self.posed.offered is None):
            return Given(self.posed.check(self._given))
        if self.posed.offered is not None:
            return Given(self.posed.offered)
        if self.posed.question.required:
            raise Refused(Problem("empty", "There is nothing in this answer.", EMPTY))
        return Skip()

    def _to(self, place: int) -> Lines:
        """The cursor in another line; one that was left empty is gone."""
        if not 0 <= place < len(self.lines):
            return self
        gone = not self.lines[self.at].text.strip() and self.at < len(self.lines) - 1
        lines = tuple(line for number, line in enumerate(self.lines) if number != self.at or not gone)
        return replace(self, lines=lines, at=place - 1 if gone and place > self.at else place).tidy()

    def _moved(self, step: int) -> Lines:
        to = self.at + step
        if not (0 <= to < len(self._given) and self.at < len(self._given)):
            return self
        lines = list(self.lines)
        lines[self.at], lines[to] = lines[to], lines[self.at]
        return replace(self, lines=tuple(lines), at=to)

    def _joined(self) -> Lines:
        """Backspace at the beginning: what is left of this line goes behind the one above."""
        above, here = self.lines[self.at - 1], self.lines[self.at]
        joined = Line(above.text + here.text, len(above.text), most=above.most)
        lines = (*self.lines[: self.at - 1], joined, *self.lines[self.at + 1 :])
        return replace(self, lines=lines, at=self.at - 1).tidy()

    def _with(self, place: int, line: Line) -> Lines:
        return replace(self, lines=(*self.lines[:place], line, *self.lines[place + 1 :])).tidy()

    def tidy(self) -> Lines:
        """With an empty line at the end where there is room for one."""
        if len(self.lines) < self._form.max and (not self.lines or self.lines[-1].text.strip()):
            return replace(self, lines=(*self.lines, Line()))
        return self


def lines_of(posed: Posed, before: Lines | None) -> Lines:
    if before is not None and before.posed.kept == posed.kept:
        return replace(before, posed=posed)
    kept = [line_of(one_line(each)) for each in cast("tuple[str, ...]", posed.there or ())]
    widget = Lines(posed, tuple(kept)).tidy()
    return replace(widget, at=len(widget.lines) - 1)
