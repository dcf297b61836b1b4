"""Evaluate a type-checked expression for a set of answers, including the rules for null."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any, Protocol
from unicodedata import east_asian_width

from careerkit.core.expressions import ast
from careerkit.core.values import FieldValue, Record, Value

_Arguments = tuple[ast.Node, ...]
_NO_RECORD: Record = {}
_MEMBERSHIP = {"in": "==", "not in": "!="}

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class EvaluationContext(Protocol):
    """The answers and results that an expression is evaluated on."""

    def value(self, name: str) -> Value | None:
        """The value of a question or compute; None if it is null or hidden, or the name is unknown."""

    @property
    def today(self) -> date:
        """The date on which the interview started; in a check-in, the date on which it is answered."""

    def band(self, name: str) -> str | None:
        """The band of a compute: the one that the person chose, or the one that its number falls into."""

    def is_done(self, action: str) -> bool: ...

    def unknown_ids(self, name: str) -> Collection[str]:
        """The choices of a question or field, or the bands of a compute, that mean "I don't know"."""


def evaluate(node: ast.Node, context: EvaluationContext) -> Value | None:
    """The value, of the type that the type check determined, or None for null.

    Never raises for a type-checked expression. Arithmetic has 28 digits; results of 1E+100 or more and divisions by zero
    are null.
    """
    return _Evaluator(context).evaluate(node, _NO_RECORD)


class _Evaluator:
    """Evaluates one expression. `record` is the current record of an aggregate; its fields share no name with other ids."""

    def __init__(self, context: EvaluationContext) -> None:
        self.context = context
        self.cells = _CellCache(context.value)

    def evaluate(self, node: ast.Node, record: Record) -> Value | None:
        match node:  # the most frequent first: an aggregate evaluates its condition for every record
            case ast.Name(id=name):
                return _normalise_value(record[name] if name in record else self.context.value(name))
            case ast.Binary():
                return self._evaluate_binary(node, record)
            case ast.Literal(value=value):
                return (ast.parse_iso_date(value) or value) if isinstance(value, str) else value
            case ast.Call():
                return _FUNCTIONS[node.function](self, node.arguments, record)
            case ast.Unary(operator="not"):
                return self.evaluate(node.operand, record) is not True
            case ast.Unary():
                number = self.evaluate(node.operand, record)
                return _negate(number) if isinstance(number, Decimal) else None
            case ast.Conditional():
                holds = self.evaluate(node.condition, record) is True
                return self.evaluate(node.then if holds else node.else_, record)
            case ast.ListLiteral():
                return None  # only `in` uses it, item by item

    def _evaluate_binary(self, node: ast.Binary, record: Record) -> Value | None:
        sign = node.operator
        if sign == "and":
            return self.evaluate(node.left, record) is True and self.evaluate(node.right, record) is True
        if sign == "or":
            return self.evaluate(node.left, record) is True or self.evaluate(node.right, record) is True
        left = self.evaluate(node.left, record)
        if sign in _MEMBERSHIP:
            return _is_member(sign, left, self._evaluate_members(node.right, record))
        right = self.evaluate(node.right, record)
        if sign in _COMPARISONS:
            return _compare(sign, left, right)
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return _calculate(sign, left, right)
        if isinstance(left, date) and isinstance(right, Decimal):
            return _move_date(left, right if sign == "+" else -right)
        return None

    def _evaluate_members(self, node: ast.Node, record: Record) -> Sequence[object]:
        if isinstance(node, ast.ListLiteral):
            return [self.evaluate(item, record) for item in node.items]
        several = self.evaluate(node, record)
        return several if isinstance(several, tuple) else [None]


class _CellCache:
    """The numbers in tables, without null cells.

    Cached during one evaluation: an expression can use a table of 2,500 cells twenty times.
    """

    def __init__(self, value: Callable[[str], Value | None]) -> None:
        self._value = value
        self._numbers: dict[str, list[Decimal]] = {}
        self._totals: dict[str, Decimal | None] = {}

    def get_numbers(self, name: str) -> list[Decimal]:
        if name not in self._numbers:
            table = self._value(name)
            rows = list(table.values()) if isinstance(table, Mapping) else []
            cells = [_get_number(cell) for row in rows if isinstance(row, Mapping) for cell in row.values()]
            self._numbers[name] = [cell for cell in cells if cell is not None]
        return self._numbers[name]

    def total(self, name: str) -> Decimal | None:
        if name not in self._totals:
            self._totals[name] = _add_all(self.get_numbers(name))
        return self._totals[name]


def _normalise_value(value: Value | FieldValue) -> Value | None:
    return _to_finite(value) if isinstance(value, Decimal) else value


def _is_member(symbol: str, left: object, members: Sequence[object]) -> bool:
    """`x in [a, b]` is `x == a or x == b`, and `x not in [a, b]` is `x != a and x != b`, also for nulls.

    With several choices on the left, `in` asks for any of them, and `not in` for none.
    """
    if left is None:
        return False
    if isinstance(left, tuple):
        return any(_is_member("in", each, members) for each in left) is (symbol == "in")
    outcomes = (_compare(_MEMBERSHIP[symbol], left, item) for item in members)
    return any(outcomes) if symbol == "in" else all(outcomes)


def _compare(symbol: str, left: object, right: object) -> bool:
    if left is None or right is None:
        return False
    if type(left) is not type(right):  # a quoted text in the form of a date, and a choice with that id
        left, right = _to_text(left), _to_text(right)
    return type(left) is type(right) and _COMPARISONS[symbol](left, right)


def _evaluate_answered(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> bool:
    return evaluator.evaluate(arguments[0], record) is not None


def _evaluate_count(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> Decimal:
    if len(arguments) > 1:
        return Decimal(_evaluate_per_record(evaluator, arguments).count(True))
    whole = evaluator.evaluate(arguments[0], _NO_RECORD)
    return Decimal(len(whole) if isinstance(whole, tuple) else len(_collect_numbers(evaluator, arguments)))


def _evaluate_any(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> bool:
    return True in _evaluate_per_record(evaluator, arguments)


def _evaluate_all(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> bool:
    outcomes = _evaluate_per_record(evaluator, arguments)
    return True in outcomes and False not in outcomes


def _evaluate_sum(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> Decimal | None:
    if len(arguments) == 1:
        return evaluator.cells.total(_get_id(arguments[0]))
    return _add_all(_collect_numbers(evaluator, arguments))


def _evaluate_mean(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> Decimal | None:
    numbers = _collect_numbers(evaluator, arguments)
    total = evaluator.cells.total(_get_id(arguments[0])) if len(arguments) == 1 else _add_all(numbers)
    return None if total is None else _calculate("/", total, Decimal(len(numbers)))


def _evaluate_min(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> Decimal | None:
    return min(_collect_operands(evaluator, arguments, record), default=None)


def _evaluate_max(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> Decimal | None:
    return max(_collect_operands(evaluator, arguments, record), default=None)


def _evaluate_round(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> Decimal | None:
    number = evaluator.evaluate(arguments[0], record)
    places = evaluator.evaluate(arguments[1], record) if len(arguments) > 1 else Decimal(0)
    if isinstance(number, Decimal) and isinstance(places, Decimal):
        return round_half_up(number, int(places))
    return None


def _evaluate_days_between(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> Decimal | None:
    first, last = (evaluator.evaluate(argument, record) for argument in arguments)
    return Decimal((last - first).days) if isinstance(first, date) and isinstance(last, date) else None


def _evaluate_today(evaluator: _Evaluator, _arguments: _Arguments, _record: Record) -> date:
    return evaluator.context.today


def _evaluate_band(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> str | None:
    return evaluator.context.band(_get_id(arguments[0]))


def _evaluate_highest(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> str | None:
    return next(iter(_rank_ids(evaluator, arguments)), None)


def _evaluate_second(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> str | None:
    return next(iter(_rank_ids(evaluator, arguments)[1:]), None)


def _evaluate_at(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> Decimal | None:
    whole: object = evaluator.evaluate(arguments[0], _NO_RECORD)
    keys = [_to_text(evaluator.evaluate(argument, record)) for argument in arguments[1:]]
    if isinstance(whole, tuple):
        return Decimal(whole.index(keys[0]) + 1) if keys[0] in whole else None
    for key in keys:
        whole = whole.get(key) if isinstance(whole, Mapping) else None
    return _get_number(whole)


def _evaluate_each(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> tuple[str, ...] | None:
    """Null fields are left out; the result is null only if the records are not answered."""
    if evaluator.evaluate(arguments[0], _NO_RECORD) is None:
        return None
    values = [
        evaluator.evaluate(arguments[1], record) for record in _select_records(evaluator, arguments[0], arguments[2:])
    ]
    return tuple(value for value in values if isinstance(value, str))


def _evaluate_word_count(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> Decimal | None:
    text = evaluator.evaluate(arguments[0], record)
    return Decimal(count_words(text)) if isinstance(text, str) else None


def _evaluate_known(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> bool:
    """False for several choices only if each of them means "I don't know"."""
    name, value = _get_id(arguments[0]), evaluator.evaluate(arguments[0], record)
    unknown = evaluator.context.unknown_ids(name)
    if isinstance(value, tuple):
        return not value or any(each not in unknown for each in value if isinstance(each, str))
    return value is not None and value not in unknown


def _evaluate_done(evaluator: _Evaluator, arguments: _Arguments, _record: Record) -> bool:
    return evaluator.context.is_done(_get_id(arguments[0]))


_FUNCTIONS: dict[str, Callable[[_Evaluator, _Arguments, Record], Value | None]] = {
    "answered": _evaluate_answered,
    "count": _evaluate_count,
    "sum": _evaluate_sum,
    "mean": _evaluate_mean,
    "min": _evaluate_min,
    "max": _evaluate_max,
    "any": _evaluate_any,
    "all": _evaluate_all,
    "round": _evaluate_round,
    "days_between": _evaluate_days_between,
    "today": _evaluate_today,
    "band": _evaluate_band,
    "highest": _evaluate_highest,
    "second": _evaluate_second,
    "at": _evaluate_at,
    "each": _evaluate_each,
    "word_count": _evaluate_word_count,
    "done": _evaluate_done,
    "known": _evaluate_known,
}


def _evaluate_per_record(evaluator: _Evaluator, arguments: _Arguments) -> list[Value | None]:
    return [evaluator.evaluate(arguments[1], record) for record in _select_records(evaluator, arguments[0], ())]


def _collect_operands(evaluator: _Evaluator, arguments: _Arguments, record: Record) -> list[Decimal]:
    """The numbers for min() and max(); empty if a plain argument is null."""
    first = evaluator.evaluate(arguments[0], record)
    if first is None or isinstance(first, tuple | Mapping):
        return _collect_numbers(evaluator, arguments) if first is not None else []
    plain = [evaluator.evaluate(argument, record) for argument in arguments]
    numbers = [number for number in plain if isinstance(number, Decimal)]
    return numbers if len(numbers) == len(plain) else []


def _collect_numbers(evaluator: _Evaluator, arguments: _Arguments) -> list[Decimal]:
    """The numbers in a table, or one number for each record that the condition selects."""
    if len(arguments) == 1:
        return evaluator.cells.get_numbers(_get_id(arguments[0]))
    values = [
        evaluator.evaluate(arguments[1], record) for record in _select_records(evaluator, arguments[0], arguments[2:])
    ]
    return [value for value in values if isinstance(value, Decimal)]


def _select_records(evaluator: _Evaluator, node: ast.Node, conditions: _Arguments) -> list[Record]:
    """The records for which the condition holds, if there is one."""
    whole = evaluator.evaluate(node, _NO_RECORD)
    records = [record for record in whole if isinstance(record, Mapping)] if isinstance(whole, tuple) else []
    return [
        record for record in records if all(evaluator.evaluate(condition, record) is True for condition in conditions)
    ]


def _rank_ids(evaluator: _Evaluator, arguments: _Arguments) -> list[str]:
    """The ids whose values are not null, highest first; of equal ones, the first named comes first."""
    numbers = [(_get_id(argument), evaluator.evaluate(argument, _NO_RECORD)) for argument in arguments]
    known = [(name, number) for name, number in numbers if isinstance(number, Decimal)]
    return [name for name, _ in sorted(known, key=lambda pair: pair[1], reverse=True)]


def _get_id(node: ast.Node) -> str:
    return node.id if isinstance(node, ast.Name) else ""


_LIKELY_INDEX = 1


def _get_number(cell: object) -> Decimal | None:
    """The number of a weight or a cell; with a spread, the likely one."""
    number = cell[_LIKELY_INDEX] if isinstance(cell, tuple) else cell
    return _to_finite(number) if isinstance(number, Decimal) else None


def _to_text(value: object) -> object:
    """A date as ISO text, since it may be compared with quoted text; anything else unchanged."""
    return value.isoformat() if isinstance(value, date) else value


# Independent of the thread's decimal context. Without traps, a division by zero and a result of more than a hundred
# digits give infinity, which becomes null: 1E+999999 would take a megabyte to print.
_CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN, Emin=-99, Emax=99, capitals=1, clamp=0, flags=[], traps=[])

_OPERATIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": _CONTEXT.add,
    "-": _CONTEXT.subtract,
    "*": _CONTEXT.multiply,
    "/": _CONTEXT.divide,
}

_ZERO = Decimal(0)


def _to_finite(number: Decimal) -> Decimal | None:
    """The number, with -0 as 0; None for infinities and NaN."""
    if not number.is_finite():
        return None
    return number or _ZERO


def _calculate(operator: str, left: Decimal, right: Decimal) -> Decimal | None:
    """`left + right` and so on, to 28 digits."""
    return _to_finite(_OPERATIONS[operator](left, right))


def _move_date(day: date, days: Decimal) -> date | None:
    """`day` moved by whole days; None if the result is outside the calendar."""
    try:
        return day + timedelta(days=int(days.to_integral_value(ROUND_FLOOR)))
    except OverflowError:
        return None


def _negate(number: Decimal) -> Decimal | None:
    return _to_finite(_CONTEXT.minus(number))


def _add_all(numbers: Sequence[Decimal]) -> Decimal | None:
    with localcontext(_CONTEXT):  # sum() is four times as fast as _CONTEXT.add in a loop
        return _to_finite(sum(numbers, _ZERO))


def round_half_up(number: Decimal, places: int) -> Decimal | None:
    """Round to decimal places, half away from zero."""
    number = _CONTEXT.plus(number)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        number = number.quantize(Decimal(1).scaleb(-places, _CONTEXT), ROUND_HALF_UP, _CONTEXT)
    return _to_finite(number)


_WIDE_CLASSES = ("W", "F")
_UNSPACED_RANGES = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""Thai and Lao, Burmese, Khmer: scripts without spaces between words, like Chinese and Japanese, but not wide."""


def count_words(text: str) -> int:
    """The number of words, separated by spaces. In scripts without spaces, each letter counts as a word."""
    return sum(max(1, sum(map(_is_unspaced_letter, part))) for part in text.split())


def _is_unspaced_letter(letter: str) -> bool:
    if not letter.isalpha():
        return False
    return east_asian_width(letter) in _WIDE_CLASSES or any(
        low <= ord(letter) <= high for low, high in _UNSPACED_RANGES
    )
