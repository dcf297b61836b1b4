"""The `grid` question: a number for each row and column, or with `spread` a low, a likely and a high number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from careerkit.core.errors import Problem, Refused
from careerkit.core.expressions.types import MatrixType
from careerkit.core.frozen import cast, frozen, replace
from careerkit.core.questions.choice import describe_options, list_ids
from careerkit.core.questions.number import check_limits
from careerkit.core.questions.question import (
    Choice,
    ChoicesOf,
    DefaultCheck,
    Options,
    Spec,
    SpecCheck,
    TypeScope,
    Words,
    check_range,
    find_choice,
    parse_number,
    read_table,
    refuse,
)
from careerkit.core.values import Cell, Matrix, Value, format_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from random import Random
    from typing import Any

    from careerkit.core.expressions.types import ValueType


@frozen
class GridSpec(Spec):
    """`rows` and `columns` are fixed choices or the answer to another question."""

    rows: Options
    columns: Options
    min: Decimal | None = None
    max: Decimal | None = None
    spread: bool = False

    needs_all_items = True
    decision_part = "scores"
    not_inserted = ("inserted-grid", "a grid, which can't be inserted", "Insert a compute that picks a cell with at().")
    stored_as = "a table of rows"

    @staticmethod
    def is_stored(value: object) -> bool:
        return isinstance(value, Mapping) and all(isinstance(row, Mapping) for row in value.values())

    @property
    def all_options(self) -> tuple[Options, ...]:
        return self.rows, self.columns

    @property
    def number_range(self) -> tuple[Decimal | None, Decimal | None]:
        return self.min, self.max

    # ------------------------------------------------------------ answers

    def validate(self, raw: object, choices_of: ChoicesOf, today: date) -> Value:
        rows, columns = choices_of(self.rows), choices_of(self.columns)
        given = {find_choice(row, rows): read_table(cells) for row, cells in read_table(raw).items()}
        matrix: dict[str, Mapping[str, Cell]] = {}
        problems: list[Problem] = []
        for row in rows:
            cells: dict[str, Cell] = {}
            known = {find_choice(column, columns): cell for column, cell in given.get(row.id, {}).items()}
            for column in columns:
                try:
                    cells[column.id] = self.parse_cell(known.get(column.id))
                except Refused as refused:
                    place = f"{row.label}, {column.label}: "
                    problems += [Problem(each.code, place + each.message, each.hint) for each in refused.problems]
            matrix[row.id] = MappingProxyType(cells)
        if problems:
            raise Refused(problems)
        return MappingProxyType(matrix)

    def invent(self, choices_of: ChoicesOf, today: date, random: Random) -> object:
        low, high = self.min or Decimal(0), self.max if self.max is not None else (self.min or Decimal(0)) + 10
        rows, columns = list_ids(self.rows, choices_of), list_ids(self.columns, choices_of)
        return {row: {column: random.randint(int(low), int(high)) for column in columns} for row in rows}

    def parse_cell(self, raw: object) -> Cell:
        """Parse a cell: a number or, with `spread`, low, likely and high (or one number for all three).

        Raises Refused if it is missing, out of range or in the wrong order.
        """
        if raw is None:
            raise refuse("missing", "not filled in.", "Every cell needs a number.")
        parts = raw.split() if isinstance(raw, str) else raw
        if not isinstance(parts, (list, tuple)):
            parts = [parts]
        numbers = [check_range(parse_number(part), self.min, self.max) for part in parts]
        if not self.spread:
            if len(numbers) != 1:
                raise refuse("not-one-number", "this cell takes one number.", "Write one number.")
            return numbers[0]
        if len(numbers) == 1:
            numbers *= 3
        if len(numbers) != 3:
            raise refuse("not-a-spread", "low, likely and high are needed.", "Write them as 3 5 8.")
        low, likely, high = numbers
        if not low <= likely <= high:
            raise refuse(
                "not-rising", f"{low:f} {likely:f} {high:f} is not in ascending order.", "Low first, high last."
            )
        return low, likely, high

    def prune(self, kept: Value, choices_of: ChoicesOf) -> Matrix:
        matrix, columns = cast("Matrix", kept), list_ids(self.columns, choices_of)
        return MappingProxyType(
            {
                row: MappingProxyType({column: matrix[row][column] for column in columns if column in matrix[row]})
                for row in list_ids(self.rows, choices_of)
                if row in matrix
            }
        )

    def is_complete(self, kept: Value, choices_of: ChoicesOf) -> bool:
        cells = self.prune(kept, choices_of)
        width = len(list_ids(self.columns, choices_of))
        return all(len(cells.get(row, {})) == width for row in list_ids(self.rows, choices_of))

    def merge_hidden(self, new: Value, kept: Value) -> Value:
        old, changed = cast("Matrix", kept), cast("Matrix", new)
        merged = {row: MappingProxyType({**old.get(row, {}), **cells}) for row, cells in changed.items()}
        return MappingProxyType({**old, **merged})

    def fix_choices(
        self, choices: tuple[Choice, ...], columns: tuple[Choice, ...], field_choices: Mapping[str, tuple[Choice, ...]]
    ) -> GridSpec:
        return replace(self, rows=Options(choices), columns=Options(columns))

    def meaning(self) -> object:
        return describe_options(self.rows), describe_options(self.columns), self.min, self.max, self.spread

    # ------------------------------------------------------------ formatting and expressions

    def format(self, value: Value, words: Words) -> str:
        return "; ".join(self.format_items(value, words))

    def format_items(self, value: Value, words: Words) -> list[str]:
        rows, columns = words.option_labels(self.rows), words.option_labels(self.columns)
        return [
            f"{rows.get(row, row)}: "
            + ", ".join(f"{columns.get(key, key)} {format_cell(cell)}" for key, cell in cells.items())
            for row, cells in cast("Matrix", value).items()
        ]

    def expression_type(self, scope: TypeScope) -> ValueType:
        return MatrixType(scope.ids_of(self.rows), scope.ids_of(self.columns), self.spread)

    # ------------------------------------------------------------ linting

    def choice_lists(self) -> Iterator[tuple[str, tuple[Choice, ...]]]:
        for key, options in (("rows", self.rows), ("columns", self.columns)):
            if not options.source:
                yield key, options.choices

    def check(self, check: SpecCheck) -> None:
        for key, options in (("rows", self.rows), ("columns", self.columns)):
            if options.source:
                check.check_source(key, options.source)
            elif not options.choices and not check.is_broken(key):
                check.report(
                    key, "no-choices", f"There are no {key}.", "Add some, or name a question to take them from."
                )
        check_limits(self.min, self.max, check)

    def check_default(self, value: Any, check: DefaultCheck) -> None:
        if not isinstance(value, Mapping) or not all(isinstance(row, Mapping) for row in value.values()):
            check.report("It should be a table of rows, such as { a = { x = 3 } }.")
            return
        check.check_ids(list(value), check.ids_of(self.rows))
        for row in value.values():
            check.check_ids(list(row), check.ids_of(self.columns))
            for cell in row.values():
                self._check_cell(cell, check)

    def _check_cell(self, cell: Any, check: DefaultCheck) -> None:
        numbers = cell if self.spread and isinstance(cell, list) and len(cell) == 3 else [cell]
        for each in numbers:
            check.check_number(each, self.min, self.max)
        are_numbers = all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in numbers)
        if are_numbers and numbers != sorted(numbers):
            check.report("The low, likely and high of a cell must be in ascending order.")


def format_cell(cell: Cell) -> str:
    """Format a cell the way it is typed: `3`, or `3 5 8`."""
    return " ".join(format_number(number) for number in (cell if isinstance(cell, tuple) else (cell,)))


SPECS = {"grid": GridSpec}
