"""A grid, walked cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.answer.figures import as_cell
from careerkit.core.frozen import frozen, replace
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.expected import expected
from careerkit.terminal.figures import read_numbers
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.line import Line, line_of
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.posed import Posed
from careerkit.terminal.width import cells

if TYPE_CHECKING:
    from careerkit.core.playbook.model import Choice, GridForm
    from careerkit.core.value import Cell, Grid, Value

Place = tuple[str, str]
"""A row's id and a column's."""
NARROW, LABEL = 7, 12
"""A cell, and the least of a row's label, in a table."""
MOST = 60
EMPTY = Problem("missing", "this cell is empty.", "Type its number, or Ctrl-O puts the question off.")


@frozen
class Cells(Whole):
    """`typed` is what stands in each cell; the cursor is in the cell `at`, counted row by row."""

    posed: Posed
    typed: Mapping[Place, Line]
    at: int = 0

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def foot(self) -> tuple[str, ...]:
        last = self.at == self._count - 1
        return ("Enter hand in" if last else "Enter next cell"), "arrows", "Alt-Enter hand in"

    def press(self, press: Press) -> Cells | Given | Skip | None:
        if not self._count:
            return Given({}) if press in (Key.ENTER, Key.SUBMIT) else None
        match press:
            case Key.SUBMIT:
                return self._submit()
            case Key.ENTER:
                return self._enter()
            case Key.LEFT | "h":
                return self._to(self.at - 1)
            case Key.RIGHT | "l":
                return self._to(self.at + 1)
            case Key.UP | "k":
                return self._to(self.at - len(self.posed.columns))
            case Key.DOWN | "j":
                return self._to(self.at + len(self.posed.columns))
        if isinstance(press, str) and press.strip("-−+0123456789.,; \n"):
            return None
        line = self._line(self._place(self.at)).press(press)
        return (
            None if line is None else replace(self, typed=MappingProxyType({**self.typed, self._place(self.at): line}))
        )

    def body(self, paper: Paper) -> Body:
        if not self._count:
            return Body(tuple(paper.prose("There is nothing to fill in.", "dim")))
        wide = self._cell_width()
        room = paper.width - 2 - len(self.posed.columns) * wide
        rows, cursor = self._table(paper, wide, room) if room >= LABEL else self._stack(paper, wide)
        return Body((*rows, (), *self._here_rows(paper)), cursor)

    def so_far(self) -> Value | None:
        grid: dict[str, dict[str, Cell]] = {}
        for place in range(self._count):
            with suppress(Refused):
                row, column = self._place(place)
                value = self._value(place)
                grid.setdefault(row, {})[column] = value
        return MappingProxyType(grid) if grid and grid != self.posed.kept else None

    # ------------------------------------------------------------ how it looks

    def _cell_width(self) -> int:
        longest = max((cells(line.text) for line in self.typed.values()), default=0)
        return max(NARROW, min(longest, 12) + 2)

    def _table(self, paper: Paper, wide: int, room: int) -> tuple[list[Row], tuple[int, int]]:
        label = min(room, max(cells(paper.safe(row.label)) for row in self.posed.choices) + 1)
        names = "".join(f" {_padded(paper.short(column.label, wide - 2), wide - 1)}" for column in self.posed.columns)
        rows: list[Row] = [(("", " " * (label + 2)), ("dim", names))]
        cursor = (0, 0)
        for number, row in enumerate(self.posed.choices):
            here = self.at // len(self.posed.columns) == number
            mark = ("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  ")
            name = _padded(paper.short(row.label, label - 1), label)
            spans, at = self._cell_spans(paper, number, wide)
            cursor = (len(rows), 2 + label + at) if here else cursor
            rows.append((mark, ("bold" if here else "", name), *spans))
        return rows, cursor

    def _stack(self, paper: Paper, wide: int) -> tuple[list[Row], tuple[int, int]]:
        """Where a table is too wide: the label of a row above its cells, as many a line as fit."""
        rows: list[Row] = []
        cursor = (0, 0)
        by = max(1, (paper.width - 2) // wide)
        for number, row in enumerate(self.posed.choices):
            here = self.at // len(self.posed.columns) == number
            mark = ("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  ")
            rows += paper.prose(row.label, "bold" if here else "", first=(mark,))
            spans, _ = self._cell_spans(paper, number, wide)
            for start in range(0, len(spans), by):
                column = self.at % len(self.posed.columns)
                if here and start <= column < start + by:
                    typed = paper.short(self._line(self._place(self.at)).text, wide - 2)
                    cursor = len(rows), 2 + (column - start) * wide + 1 + cells(typed)
                rows.append((("", "  "), *spans[start : start + by]))
        return rows, cursor

    def _cell_spans(self, paper: Paper, row: int, wide: int) -> tuple[list[tuple[str, str]], int]:
        spans: list[tuple[str, str]] = []
        at = 0
        for column in range(len(self.posed.columns)):
            place = row * len(self.posed.columns) + column
            here = place == self.at
            text = paper.short(self._line(self._place(place)).text, wide - 2) or ("" if here else paper.symbols.dot)
            if here:
                at = column * wide + 1 + cells(text)
            sign = "[" if here else " "
            end = "]" if here else " "
            spans.append(("bold" if here else "", _padded(f"{sign}{text}{end}", wide)))
        return spans, at

    def _here_rows(self, paper: Paper) -> list[Row]:
        """What the cell at the cursor is about."""
        row, column = self._choices_at(self.at)
        hints = [each.hint for each in (row, column) if each.hint]
        rows = paper.prose(f"{row.label}: {column.label}", "cyan", first=(("", "  "),))
        rows += [line for hint in hints for line in paper.prose(hint, "dim", first=(("", "  "),))]
        return rows + paper.prose(expected(self.posed.question, 0), "dim", first=(("", "  "),))

    # ------------------------------------------------------------ what there is

    @property
    def _form(self) -> GridForm:
        return cast("GridForm", self.posed.question.form)

    @property
    def _count(self) -> int:
        return len(self.posed.choices) * len(self.posed.columns)

    def _choices_at(self, place: int) -> tuple[Choice, Choice]:
        row, column = divmod(place, len(self.posed.columns))
        return self.posed.choices[row], self.posed.columns[column]

    def _place(self, place: int) -> Place:
        row, column = self._choices_at(place)
        return row.id, column.id

    def _line(self, place: Place) -> Line:
        return self.typed.get(place, Line(most=MOST))

    def _value(self, place: int) -> Cell:
        row, column = self._choices_at(place)
        text = self._line((row.id, column.id)).text
        try:
            if not text.strip():
                raise Refused(EMPTY)  # noqa: TRY301 - it gets its spot as the others do
            return as_cell(read_numbers(text), self._form)
        except Refused as refused:
            spot = f"{row.label}, {column.label}: "
            raise Refused(Problem(each.code, spot + each.message, each.hint) for each in refused.problems) from None

    # ------------------------------------------------------------ presses

    def _to(self, place: int) -> Cells:
        return replace(self, at=place) if 0 <= place < self._count else self

    def _enter(self) -> Cells | Given | Skip:
        if not self.typed and not self.posed.question.required:
            return Skip()
        self._value(self.at)
        return self._submit() if self.at == self._count - 1 else self._to(self.at + 1)

    def _submit(self) -> Given | Skip:
        if not any(line.text.strip() for line in self.typed.values()) and not self.posed.question.required:
            return Skip()
        grid: dict[str, dict[str, Cell]] = {row.id: {} for row in self.posed.choices}
        for place in range(self._count):
            row, column = self._place(place)
            grid[row][column] = self._value(place)
        return Given(self.posed.check(grid))


def cells_of(posed: Posed, before: Cells | None) -> Cells:
    """With what was answered or begun; the cursor in the first cell that is empty."""
    if before is not None and before.posed.kept == posed.kept:
        typed = before.typed
    else:
        kept = cast("Grid", posed.there if posed.there is not None else posed.offered or {})
        typed = {
            (row, column): line_of(_typed(cell), most=MOST) for row, cs in kept.items() for column, cell in cs.items()
        }
    places = [(row.id, column.id) for row in posed.choices for column in posed.columns]
    empty = next((number for number, place in enumerate(places) if place not in typed), 0)
    return Cells(posed, MappingProxyType(dict(typed)), empty)


def _typed(cell: Cell) -> str:
    """As it is typed: exact, one number where the three are one."""
    if isinstance(cell, tuple) and len(set(cell)) > 1:
        return " ".join(f"{number:f}" for number in cell)
    return f"{(cell[0] if isinstance(cell, tuple) else cell):f}"


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cells(text))
