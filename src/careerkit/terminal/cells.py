"""A grid, row by row and cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from careerkit.core.answer.figures import as_cell
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Cell
from careerkit.core.wording import cell_text
from careerkit.terminal.expected import expected
from careerkit.terminal.menu import Menu
from careerkit.terminal.pieces import PartHead, Prompt
from careerkit.terminal.typed import read_cells
from careerkit.terminal.walk import walk

if TYPE_CHECKING:
    from careerkit.core.playbook.model import GridForm
    from careerkit.terminal.posed import Posed
    from careerkit.terminal.talk import Talk

Cells = dict[str, dict[str, Cell]]


class GridCells:
    """Asks for a grid. `cells` is what has been filled in, and is kept up to date."""

    def __init__(self, talk: Talk, posed: Posed, cells: Cells) -> None:
        self._talk = talk
        self._posed = posed
        self._cells = cells
        self._rows = posed.choices
        self._columns = posed.columns
        self._form = cast("GridForm", posed.question.form)
        self._row_shown = -1
        self._whole = True

    def ask(self) -> object:
        """All cells of the rows and columns that there are now."""
        if not self._rows or not self._columns:
            return {}
        settled = {place for place in range(self._count) if self._cell(place) is not None}
        if len(settled) == self._count:
            menu = Menu(self._lines, self._change_row, keep=lambda: None)
            menu.run(self._talk, whole=True)
        else:
            self._walk(settled, first=0, parts=self._count)
        return {row.id: {column.id: self._cells[row.id][column.id] for column in self._columns} for row in self._rows}

    @property
    def _count(self) -> int:
        return len(self._rows) * len(self._columns)

    def _cell(self, place: int) -> Cell | None:
        row, column = divmod(place, len(self._columns))
        return self._cells.get(self._rows[row].id, {}).get(self._columns[column].id)

    def _lines(self) -> list[str]:
        return [
            f"{row.label}: "
            + ", ".join(f"{each.label} {cell_text(self._cells[row.id][each.id])}" for each in self._columns)
            for row in self._rows
        ]

    def _change_row(self, place: int) -> None:
        self._row_shown = -1
        self._walk(set(), first=place * len(self._columns), parts=len(self._columns))

    def _walk(self, settled: set[int], *, first: int, parts: int) -> None:
        walk(parts, settled=settled, ask=lambda place: self._ask_from(first + place))

    def _ask_from(self, place: int) -> int:
        number, column = divmod(place, len(self._columns))
        row = self._rows[number]
        opens = number != self._row_shown
        if opens:
            self._talk.show(PartHead(row.label, row.hint, opens=True))
            self._row_shown = number
        self._talk.show(PartHead(self._columns[column].label, self._columns[column].hint))
        kept = self._cell(place)
        enter = f"keeps: {cell_text(kept)}" if kept is not None else ""
        prompt = Prompt(expected(self._posed.question, 0) if opens else "", enter, self._whole)
        self._whole = False
        given = self._talk.fitting(prompt, lambda line: self._take(line, kept, room=len(self._columns) - column))
        self._cells.setdefault(row.id, {}).update(
            {each.id: cell for each, cell in zip(self._columns[column:], given, strict=False)}
        )
        return len(given)

    def _take(self, line: str, kept: Cell | None, *, room: int) -> list[Cell]:
        if not line.strip():
            if kept is None:
                raise Refused(
                    Problem("missing", "This cell is empty.", "Type its number, or :skip to put the question off.")
                )
            return [kept]
        given = read_cells(line)
        if len(given) > room:
            raise Refused(
                Problem("too-many", f"There are {len(given)} cells; {room} are left in this row.", "Fewer are needed.")
            )
        try:
            return [as_cell(numbers, self._form) for numbers in given]
        except Refused as refused:
            raise Refused(
                Problem(each.code, each.message[:1].upper() + each.message[1:], each.hint) for each in refused.problems
            ) from None
