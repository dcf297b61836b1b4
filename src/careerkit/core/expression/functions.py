"""What the functions of the language do with their arguments, once these are checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from careerkit.core.expression import decimals
from careerkit.core.expression.nodes import Name, Node
from careerkit.core.expression.word_count import word_count
from careerkit.core.value import Record, Value

if TYPE_CHECKING:
    from careerkit.core.expression.evaluation import Context

NO_RECORD: Record = {}
_LIKELY = 1
Arguments = tuple[Node, ...]


class Evaluation(Protocol):
    """The walk under way."""

    @property
    def context(self) -> Context: ...

    @property
    def cells(self) -> Cells: ...

    def value(self, node: Node, record: Record) -> Value | None: ...


class Cells:
    """The numbers in a grid, null cells left out.

    Kept for the length of one evaluation: one expression can look twenty times at a grid of 2,500 cells.
    """

    def __init__(self, value: Callable[[str], Value | None]) -> None:
        self._value = value
        self._kept: dict[str, list[Decimal]] = {}
        self._totals: dict[str, Decimal | None] = {}

    def of(self, name: str) -> list[Decimal]:
        if name not in self._kept:
            grid = self._value(name)
            rows = list(grid.values()) if isinstance(grid, Mapping) else []
            cells = [number_in(cell) for row in rows if isinstance(row, Mapping) for cell in row.values()]
            self._kept[name] = [cell for cell in cells if cell is not None]
        return self._kept[name]

    def total(self, name: str) -> Decimal | None:
        if name not in self._totals:
            self._totals[name] = decimals.total(self.of(name))
        return self._totals[name]


def number_in(cell: object) -> Decimal | None:
    """The number of a weight or a cell: the likely one where it has a spread."""
    number = cell[_LIKELY] if isinstance(cell, tuple) else cell
    return decimals.finite(number) if isinstance(number, Decimal) else None


def text_of(value: object) -> object:
    """A date as the text that it may have been quoted as; all else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def _answered(walk: Evaluation, arguments: Arguments, record: Record) -> bool:
    return walk.value(arguments[0], record) is not None


def _count(walk: Evaluation, arguments: Arguments, _record: Record) -> Decimal:
    if len(arguments) > 1:
        return Decimal(_outcomes(walk, arguments).count(True))
    whole = walk.value(arguments[0], NO_RECORD)
    return Decimal(len(whole) if isinstance(whole, tuple) else len(_numbers(walk, arguments)))


def _any(walk: Evaluation, arguments: Arguments, _record: Record) -> bool:
    return True in _outcomes(walk, arguments)


def _all(walk: Evaluation, arguments: Arguments, _record: Record) -> bool:
    outcomes = _outcomes(walk, arguments)
    return True in outcomes and False not in outcomes


def _sum(walk: Evaluation, arguments: Arguments, _record: Record) -> Decimal | None:
    if len(arguments) == 1:
        return walk.cells.total(_id(arguments[0]))
    return decimals.total(_numbers(walk, arguments))


def _mean(walk: Evaluation, arguments: Arguments, _record: Record) -> Decimal | None:
    numbers = _numbers(walk, arguments)
    total = walk.cells.total(_id(arguments[0])) if len(arguments) == 1 else decimals.total(numbers)
    return None if total is None else decimals.combined("/", total, Decimal(len(numbers)))


def _min(walk: Evaluation, arguments: Arguments, record: Record) -> Decimal | None:
    return min(_plain_or_collected(walk, arguments, record), default=None)


def _max(walk: Evaluation, arguments: Arguments, record: Record) -> Decimal | None:
    return max(_plain_or_collected(walk, arguments, record), default=None)


def _round(walk: Evaluation, arguments: Arguments, record: Record) -> Decimal | None:
    number = walk.value(arguments[0], record)
    places = walk.value(arguments[1], record) if len(arguments) > 1 else Decimal(0)
    if isinstance(number, Decimal) and isinstance(places, Decimal):
        return decimals.rounded(number, int(places))
    return None


def _days_between(walk: Evaluation, arguments: Arguments, record: Record) -> Decimal | None:
    first, last = (walk.value(argument, record) for argument in arguments)
    return Decimal((last - first).days) if isinstance(first, date) and isinstance(last, date) else None


def _today(walk: Evaluation, _arguments: Arguments, _record: Record) -> date:
    return walk.context.today


def _band(walk: Evaluation, arguments: Arguments, _record: Record) -> str | None:
    return walk.context.band(_id(arguments[0]))


def _highest(walk: Evaluation, arguments: Arguments, _record: Record) -> str | None:
    return next(iter(_ranked(walk, arguments)), None)


def _second(walk: Evaluation, arguments: Arguments, _record: Record) -> str | None:
    return next(iter(_ranked(walk, arguments)[1:]), None)


def _at(walk: Evaluation, arguments: Arguments, record: Record) -> Decimal | None:
    whole: object = walk.value(arguments[0], NO_RECORD)
    keys = [text_of(walk.value(argument, record)) for argument in arguments[1:]]
    if isinstance(whole, tuple):
        return Decimal(whole.index(keys[0]) + 1) if keys[0] in whole else None
    for key in keys:
        whole = whole.get(key) if isinstance(whole, Mapping) else None
    return number_in(whole)


def _each(walk: Evaluation, arguments: Arguments, _record: Record) -> tuple[str, ...] | None:
    """Null fields are passed over; null itself only where the records are not answered."""
    if walk.value(arguments[0], NO_RECORD) is None:
        return None
    values = [walk.value(arguments[1], record) for record in _records(walk, arguments[0], arguments[2:])]
    return tuple(value for value in values if isinstance(value, str))


def _word_count(walk: Evaluation, arguments: Arguments, record: Record) -> Decimal | None:
    text = walk.value(arguments[0], record)
    return Decimal(word_count(text)) if isinstance(text, str) else None


def _done(walk: Evaluation, arguments: Arguments, _record: Record) -> bool:
    return walk.context.is_done(_id(arguments[0]))


def _outcomes(walk: Evaluation, arguments: Arguments) -> list[Value | None]:
    return [walk.value(arguments[1], record) for record in _records(walk, arguments[0], ())]


def _plain_or_collected(walk: Evaluation, arguments: Arguments, record: Record) -> list[Decimal]:
    """The numbers to choose from; of plain ones none, if any is null."""
    first = walk.value(arguments[0], record)
    if first is None or isinstance(first, tuple | Mapping):
        return _numbers(walk, arguments) if first is not None else []
    plain = [walk.value(argument, record) for argument in arguments]
    numbers = [number for number in plain if isinstance(number, Decimal)]
    return numbers if len(numbers) == len(plain) else []


def _numbers(walk: Evaluation, arguments: Arguments) -> list[Decimal]:
    """Those of a whole grid, or of each record for which the condition holds."""
    if len(arguments) == 1:
        return walk.cells.of(_id(arguments[0]))
    values = [walk.value(arguments[1], record) for record in _records(walk, arguments[0], arguments[2:])]
    return [value for value in values if isinstance(value, Decimal)]


def _records(walk: Evaluation, node: Node, conditions: Arguments) -> list[Record]:
    """Those for which all conditions (none or one) hold."""
    whole = walk.value(node, NO_RECORD)
    records = [record for record in whole if isinstance(record, Mapping)] if isinstance(whole, tuple) else []
    return [record for record in records if all(walk.value(condition, record) is True for condition in conditions)]


def _ranked(walk: Evaluation, arguments: Arguments) -> list[str]:
    """The ids of what is not null, highest first. The sort is stable: of equals, the first named stays first."""
    numbers = [(_id(argument), walk.value(argument, NO_RECORD)) for argument in arguments]
    known = [(name, number) for name, number in numbers if isinstance(number, Decimal)]
    return [name for name, _ in sorted(known, key=lambda pair: pair[1], reverse=True)]


def _id(node: Node) -> str:
    return node.id if isinstance(node, Name) else ""


FUNCTIONS: dict[str, Callable[[Evaluation, Arguments, Record], Value | None]] = {
    "answered": _answered,
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "min": _min,
    "max": _max,
    "any": _any,
    "all": _all,
    "round": _round,
    "days_between": _days_between,
    "today": _today,
    "band": _band,
    "highest": _highest,
    "second": _second,
    "at": _at,
    "each": _each,
    "word_count": _word_count,
    "done": _done,
}
