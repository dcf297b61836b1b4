"""Grid questions: a number, or a low, likely and high one, for each row and column."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.grid import GridSpec, format_cell
from careerkit.core.text import format_count
from careerkit.core.values import Cell
from careerkit.terminal.dialog import AnswerParts, Dialog, EditMenu, Manner, QuestionUI, ask_parts
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EditBuffer, create_buffer
from careerkit.terminal.keys.widget import AtomicWidget, Block, Canvas, Row
from careerkit.terminal.parse_line import parse_numbers
from careerkit.terminal.questions.number import describe_limits
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.sanitize import count_cells
from careerkit.terminal.view_models import PartHeader, Prompt

if TYPE_CHECKING:
    from decimal import Decimal

    from careerkit.core.questions.question import Choice, Question
    from careerkit.core.values import Matrix, Value
    from careerkit.terminal.keys.widget import Widget

CellKey = tuple[str, str]
"""The ids of a row and a column."""
FilledCells = dict[str, dict[str, Cell]]

MIN_CELL_WIDTH, MAX_CELL_TEXT_WIDTH = 7, 12
MIN_LABEL_WIDTH = 12
"""Where a table has less room than this for the labels of the rows, they go above the cells."""
MAX_CELL_LENGTH = 60
"""Characters."""
EMPTY_CELL = Problem("missing", "this cell is empty.", "Type a number, or press Ctrl-O to skip the question.")


@frozen
class GridInput(AtomicWidget):
    """`typed` is the text field of each cell. The cursor is in cell `at`, counted row by row."""

    prepared: PreparedQuestion
    typed: Mapping[CellKey, EditBuffer]
    at: int = 0

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        is_last = self.at == self._count - 1
        return ("Enter continue" if is_last else "Enter next cell"), "arrows move", "Alt-Enter continue"

    def press(self, press: Press) -> GridInput | Submit | Skip | None:
        if not self._count:
            return Submit(self.prepared.validate({})) if press in (Key.ENTER, Key.SUBMIT) else None
        match press:
            case Key.SUBMIT:
                return self._submit()
            case Key.ENTER:
                return self._enter()
            case Key.LEFT | "h":
                return self._move_to(self.at - 1)
            case Key.RIGHT | "l":
                return self._move_to(self.at + 1)
            case Key.UP | "k":
                return self._move_to(self.at - len(self.prepared.columns))
            case Key.DOWN | "j":
                return self._move_to(self.at + len(self.prepared.columns))
        if isinstance(press, str) and press.strip("-−+0123456789.,; \n"):
            return None
        key = self._cell_key(self.at)
        buffer = self._buffer(key).press(press)
        return None if buffer is None else replace(self, typed=MappingProxyType({**self.typed, key: buffer}))

    def draft(self) -> Value | None:
        filled: FilledCells = {}
        for place in range(self._count):
            with suppress(Refused):
                row, column = self._cell_key(place)
                value = self._parse_cell(place)
                filled.setdefault(row, {})[column] = value
        return MappingProxyType(filled) if filled and filled != self.prepared.kept else None

    def view(self, canvas: Canvas) -> Block:
        if not self._count:
            return Block(tuple(canvas.prose("There is nothing to fill in.", "dim")))
        wide = self._cell_width()
        room = canvas.width - 2 - len(self.prepared.columns) * wide
        rows, cursor = self._table(canvas, wide, room) if room >= MIN_LABEL_WIDTH else self._stack(canvas, wide)
        return Block((*rows, (), *self._description_rows(canvas)), cursor)

    # ------------------------------------------------------------ view

    def _cell_width(self) -> int:
        longest = max((count_cells(buffer.text) for buffer in self.typed.values()), default=0)
        return max(MIN_CELL_WIDTH, min(longest, MAX_CELL_TEXT_WIDTH) + 2)

    def _table(self, canvas: Canvas, wide: int, room: int) -> tuple[list[Row], tuple[int, int]]:
        label = min(room, max(count_cells(canvas.safe(row.label)) for row in self.prepared.choices) + 1)
        columns = self.prepared.columns
        names = "".join(f" {_pad(canvas.shorten(column.label, wide - 2), wide - 1)}" for column in columns)
        rows: list[Row] = [(("", " " * (label + 2)), ("dim", names))]
        cursor = (0, 0)
        for number, row in enumerate(self.prepared.choices):
            here = self.at // len(columns) == number
            name = _pad(canvas.shorten(row.label, label - 1), label)
            parts, at = self._cell_parts(canvas, number, wide)
            cursor = (len(rows), 2 + label + at) if here else cursor
            rows.append((canvas.pointer(here=here), ("bold" if here else "", name), *parts))
        return rows, cursor

    def _stack(self, canvas: Canvas, wide: int) -> tuple[list[Row], tuple[int, int]]:
        """The layout where a table is too wide: each row's label above its cells, with as many on a line as fit."""
        rows: list[Row] = []
        cursor = (0, 0)
        per_line = max(1, (canvas.width - 2) // wide)
        for number, row in enumerate(self.prepared.choices):
            here = self.at // len(self.prepared.columns) == number
            rows += canvas.prose(row.label, "bold" if here else "", first=(canvas.pointer(here=here),))
            parts, _ = self._cell_parts(canvas, number, wide)
            for start in range(0, len(parts), per_line):
                column = self.at % len(self.prepared.columns)
                if here and start <= column < start + per_line:
                    text = canvas.shorten(self._buffer(self._cell_key(self.at)).text, wide - 2)
                    cursor = len(rows), 2 + (column - start) * wide + 1 + count_cells(text)
                rows.append((("", "  "), *parts[start : start + per_line]))
        return rows, cursor

    def _cell_parts(self, canvas: Canvas, row: int, wide: int) -> tuple[list[tuple[str, str]], int]:
        """The cells of a row as styled text, and where the cursor is within them."""
        parts: list[tuple[str, str]] = []
        at = 0
        for column in range(len(self.prepared.columns)):
            place = row * len(self.prepared.columns) + column
            here = place == self.at
            text = canvas.shorten(self._buffer(self._cell_key(place)).text, wide - 2)
            text = text or ("" if here else canvas.symbols.dot)
            if here:
                at = column * wide + 1 + count_cells(text)
            parts.append(("bold", _pad(f"[{text}]", wide)) if here else ("", _pad(f" {text} ", wide)))
        return parts, at

    def _description_rows(self, canvas: Canvas) -> list[Row]:
        """The labels and hints of the current cell's row and column, and what a person may type."""
        row, column = self._row_and_column(self.at)
        hints = [each.hint for each in (row, column) if each.hint]
        rows = canvas.prose(f"{row.label}: {column.label}", "cyan", first=(("", "  "),))
        rows += [line for hint in hints for line in canvas.prose(hint, "dim", first=(("", "  "),))]
        return rows + canvas.prose(_describe_cell(self._form), "dim", first=(("", "  "),))

    # ------------------------------------------------------------ cells

    @property
    def _form(self) -> GridSpec:
        return cast("GridSpec", self.prepared.question.spec)

    @property
    def _count(self) -> int:
        return len(self.prepared.choices) * len(self.prepared.columns)

    def _row_and_column(self, place: int) -> tuple[Choice, Choice]:
        row, column = divmod(place, len(self.prepared.columns))
        return self.prepared.choices[row], self.prepared.columns[column]

    def _cell_key(self, place: int) -> CellKey:
        row, column = self._row_and_column(place)
        return row.id, column.id

    def _buffer(self, key: CellKey) -> EditBuffer:
        return self.typed.get(key, EditBuffer(max_length=MAX_CELL_LENGTH))

    def _parse_cell(self, place: int) -> Cell:
        row, column = self._row_and_column(place)
        text = self._buffer((row.id, column.id)).text
        try:
            if not text.strip():
                raise Refused(EMPTY_CELL)  # noqa: TRY301 - its place is added below, as for the others
            return self._form.parse_cell(parse_numbers(text))
        except Refused as refused:
            where = f"{row.label}, {column.label}: "
            raise Refused(Problem(each.code, where + each.message, each.hint) for each in refused.problems) from None

    # ------------------------------------------------------------ keys

    def _move_to(self, place: int) -> GridInput:
        return replace(self, at=place) if 0 <= place < self._count else self

    def _enter(self) -> GridInput | Submit | Skip:
        if not self.typed and not self.prepared.question.required:
            return Skip()
        self._parse_cell(self.at)
        return self._submit() if self.at == self._count - 1 else self._move_to(self.at + 1)

    def _submit(self) -> Submit | Skip:
        if not any(buffer.text.strip() for buffer in self.typed.values()) and not self.prepared.question.required:
            return Skip()
        filled: FilledCells = {row.id: {} for row in self.prepared.choices}
        for place in range(self._count):
            row, column = self._cell_key(place)
            filled[row][column] = self._parse_cell(place)
        return Submit(self.prepared.validate(filled))


class GridUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        """The cursor begins in the first empty cell."""
        typed: Mapping[CellKey, EditBuffer]
        if isinstance(before, GridInput) and before.prepared.kept == prepared.kept:
            typed = before.typed
        else:
            initial = cast("Matrix", (prepared.current if prepared.current is not None else prepared.default) or {})
            typed = {
                (row, column): create_buffer(_format_cell(cell), max_length=MAX_CELL_LENGTH)
                for row, columns in initial.items()
                for column, cell in columns.items()
            }
        keys = [(row.id, column.id) for row in prepared.choices for column in prepared.columns]
        empty = next((number for number, key in enumerate(keys) if key not in typed), 0)
        return GridInput(prepared, MappingProxyType(dict(typed)), empty)

    def describe_input(self, question: Question, choices: int) -> str:
        del choices
        return _describe_cell(cast("GridSpec", question.spec))

    def ask(
        self, dialog: Dialog, prepared: PreparedQuestion, parts: AnswerParts, *, manner: Manner, validate: bool
    ) -> object:
        del manner, validate
        return _GridDialog(dialog, prepared, cast("FilledCells", parts)).ask()

    def initial_parts(self, prepared: PreparedQuestion) -> AnswerParts:
        return {row: dict(columns) for row, columns in cast("Matrix", prepared.current or {}).items()}

    def join_parts(self, parts: AnswerParts) -> Value | None:
        filled = cast("FilledCells", parts)
        return MappingProxyType({row: MappingProxyType(dict(columns)) for row, columns in filled.items()})


QUESTION_UIS = {"grid": GridUI()}


def parse_cells(line: str) -> list[list[Decimal]]:
    """The cells in a line such as `7`, `3 5 8`, or several separated by `;`. Raises Refused for what isn't a number."""
    return [parse_numbers(part) for part in line.split(";") if part.strip()]


class _GridDialog:
    """Asks for a grid cell by cell. `filled` is kept up to date, so that leaving loses nothing."""

    def __init__(self, dialog: Dialog, prepared: PreparedQuestion, filled: FilledCells) -> None:
        self._dialog = dialog
        self._prepared = prepared
        self._filled = filled
        self._rows = prepared.choices
        self._columns = prepared.columns
        self._form = cast("GridSpec", prepared.question.spec)
        self._row_shown = -1
        self._is_first_prompt = True

    def ask(self) -> object:
        """All cells of the current rows and columns. Raises LeaveQuestion for a command that leaves the question."""
        if not self._rows or not self._columns:
            return {}
        count = len(self._rows) * len(self._columns)
        answered = {place for place in range(count) if self._cell(place) is not None}
        if len(answered) == count:
            menu = EditMenu(self._list_rows, self._change_row, check_kept=lambda: None)
            menu.run(self._dialog, lists_commands=True)
        else:
            ask_parts(count, answered=answered, ask=self._ask_from)
        return {row.id: {column.id: self._filled[row.id][column.id] for column in self._columns} for row in self._rows}

    def _cell(self, place: int) -> Cell | None:
        row, column = divmod(place, len(self._columns))
        return self._filled.get(self._rows[row].id, {}).get(self._columns[column].id)

    def _list_rows(self) -> list[str]:
        return [
            f"{row.label}: "
            + ", ".join(f"{each.label} {format_cell(self._filled[row.id][each.id])}" for each in self._columns)
            for row in self._rows
        ]

    def _change_row(self, row: int) -> None:
        self._row_shown = -1
        first = row * len(self._columns)
        ask_parts(len(self._columns), answered=set(), ask=lambda place: self._ask_from(first + place))

    def _ask_from(self, place: int) -> int:
        """Ask for the cell at `place`; returns how many cells of its row were given."""
        number, column = divmod(place, len(self._columns))
        row = self._rows[number]
        is_new_row = number != self._row_shown
        if is_new_row:
            self._dialog.show(PartHeader(row.label, row.hint, starts_group=True))
            self._row_shown = number
        self._dialog.show(PartHeader(self._columns[column].label, self._columns[column].hint))
        kept = self._cell(place)
        enter = f"keeps: {format_cell(kept)}" if kept is not None else ""
        prompt = Prompt(_describe_cell(self._form) if is_new_row else "", enter, self._is_first_prompt)
        self._is_first_prompt = False
        room = len(self._columns) - column
        given = self._dialog.ask_until_valid(prompt, lambda line: self._parse_line(line, kept, room=room))
        self._filled.setdefault(row.id, {}).update(
            {each.id: cell for each, cell in zip(self._columns[column:], given, strict=False)}
        )
        return len(given)

    def _parse_line(self, line: str, kept: Cell | None, *, room: int) -> list[Cell]:
        if not line.strip():
            if kept is None:
                hint = "Type a number, or :skip to skip the question."
                raise Refused(Problem("missing", "This cell is empty.", hint))
            return [kept]
        given = parse_cells(line)
        if len(given) > room:
            message = f"You typed {format_count(len(given), 'cell')}, but this row has only {room} left."
            raise Refused(Problem("too-many", message, f"Type at most {room}."))
        try:
            return [self._form.parse_cell(numbers) for numbers in given]
        except Refused as refused:
            raise Refused(
                Problem(each.code, each.message[:1].upper() + each.message[1:], each.hint) for each in refused.problems
            ) from None


def _describe_cell(form: GridSpec) -> str:
    limits = describe_limits(form.min, form.max)
    return f"A low, likely and high number{limits}, such as 3 5 8" if form.spread else f"A number{limits}"


def _format_cell(cell: Cell) -> str:
    """A cell as a person types it: exact, and one number where the three are equal."""
    if isinstance(cell, tuple) and len(set(cell)) > 1:
        return " ".join(f"{number:f}" for number in cell)
    return f"{(cell[0] if isinstance(cell, tuple) else cell):f}"


def _pad(text: str, width: int) -> str:
    return text + " " * max(0, width - count_cells(text))
