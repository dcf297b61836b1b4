"""What a value in an expression can be: a constant, a number or day that depends on one variable, or one of several cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard

from careerkit.core.expressions.satisfiability import Formula, NumberVariable, Variable, all_of
from careerkit.core.frozen import frozen

MAX_FINITE = 12
"""The most values of a number that are told apart in a sum with another number."""


@frozen
class Nothing:
    """Null."""


NOTHING = Nothing()


@frozen
class Linear:
    """`factor` times the variable, plus `offset`; the factor isn't 0. Null if the variable is."""

    variable: NumberVariable
    factor: Decimal
    offset: Decimal


@frozen
class RelativeDay:
    """A day `offset` days after the one that the variable counts from today; without a variable, after today itself."""

    variable: NumberVariable | None
    offset: Decimal


@frozen
class ClassTable:
    """For each value that it can have, the classes of the variable that give it. Null for the others."""

    variable: Variable
    masks: Mapping[object, int]


@frozen
class Cases:
    """The value of the part whose formula holds; null if none does. At most one holds."""

    parts: Sequence[tuple[Formula, DomainValue]]


DomainValue = Decimal | bool | str | Nothing | Linear | RelativeDay | ClassTable | Cases
CONSTANT_TYPES = (Decimal, bool, str)
UNNAMED = "\0"
"""Texts that begin so stand for any text: what the person wrote."""
OWN = "\0own "
"""Texts that begin so stand for an option that the person typed, which is none of the fixed choices."""
Range = tuple[Decimal | None, Decimal | None]


def is_unnamed(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.startswith(UNNAMED)


def guard(condition: Formula, value: DomainValue) -> list[tuple[Formula, DomainValue]]:
    """The cases of a value that only exists while the condition holds."""
    if condition is False or isinstance(value, Nothing):
        return []
    if isinstance(value, Cases):
        parts = ((all_of([condition, inner]), each) for inner, each in value.parts)
        return [(inner, each) for inner, each in parts if inner is not False]
    return [(condition, value)]


def scale_number(value: DomainValue, factor: Decimal, offset: Decimal) -> DomainValue | None:
    """`factor` times a number, plus `offset`; None if it isn't a number, or a day that is multiplied."""
    match value:
        case bool() | str():
            return None
        case Decimal():
            return factor * value + offset
        case Linear(variable=variable):
            return Linear(variable, factor * value.factor, factor * value.offset + offset) if factor else None
        case RelativeDay(variable=variable):
            return RelativeDay(variable, value.offset + offset) if factor == 1 else None
        case ClassTable(variable=variable, masks=masks):
            return _map_table(variable, masks, factor, offset)
        case Cases(parts=parts):
            scaled = [(condition, scale_number(each, factor, offset)) for condition, each in parts]
            known = [(condition, each) for condition, each in scaled if each is not None]
            return Cases(known) if len(known) == len(scaled) else None
    return value


def combine_numbers(
    left: DomainValue, right: DomainValue, combine: Callable[[DomainValue, Decimal], DomainValue | None], limit: int
) -> DomainValue | None:
    """Combine two values, of which one is a constant in each case; None if that takes more than `limit` cases."""
    if isinstance(right, Decimal):
        return combine(left, right)
    parts = split_cases(right)
    if parts is None:
        return None
    found: list[tuple[Formula, DomainValue]] = []
    for condition, each in parts:
        value = combine_numbers(left, each, combine, limit)
        if value is None:
            return None
        found += guard(condition, value)
        if len(found) > limit:
            return None
    return Cases(found)


def split_cases(value: DomainValue) -> list[tuple[Formula, DomainValue]] | None:
    """The constants that a value can be, each with its condition; None if there are too many."""
    match value:
        case Cases(parts=parts):
            return list(parts)
        case ClassTable(variable=variable, masks=masks):
            return [(variable.has(mask), each) for each, mask in masks.items() if isinstance(each, Decimal)]
        case Linear(variable=variable):
            numbers = list_numbers(variable)
            if numbers:
                found = ((variable.compare("==", each), each) for each in numbers)
                return [(condition, value.factor * each + value.offset) for condition, each in found]
    return None


def list_numbers(variable: NumberVariable) -> list[Decimal]:
    """All numbers that a variable can be, if they are few."""
    if variable.values is not None:
        return sorted(variable.values) if len(variable.values) <= MAX_FINITE else []
    low, high = variable.low, variable.high
    if not variable.whole or low is None or high is None or high - low >= MAX_FINITE:
        return []
    return [low + each for each in range(int(high - low) + 1)]


def find_range(value: DomainValue) -> Range:
    """The lowest and highest number, or day from today, that a value can be; None where there is no limit."""
    match value:
        case bool() | str():
            return None, None
        case Decimal():
            return value, value
        case Linear(variable=variable, factor=factor, offset=offset):
            low, high = variable.low, variable.high
            if variable.values:
                low, high = min(variable.values), max(variable.values)
            ends = (None if low is None else factor * low + offset, None if high is None else factor * high + offset)
            return ends if factor > 0 else ends[::-1]
        case RelativeDay(variable=None, offset=offset):
            return offset, offset
        case RelativeDay(variable=variable, offset=offset):
            assert variable is not None
            low, high = variable.low, variable.high
            return None if low is None else low + offset, None if high is None else high + offset
        case ClassTable(masks=masks):
            numbers = [each for each in masks if isinstance(each, Decimal)]
            return (min(numbers), max(numbers)) if numbers else (None, None)
        case Cases(parts=parts) if parts:
            lows, highs = zip(*(find_range(each) for _, each in parts), strict=True)
            return _choose(min, lows), _choose(max, highs)
    return None, None


def combine_ranges(operator: str, left: Range, right: Range) -> Range:
    """The range of the result of arithmetic."""
    (low, high), (least, most) = left, right
    match operator:
        case "+":
            return _apply(Decimal.__add__, low, least), _apply(Decimal.__add__, high, most)
        case "-":
            return _apply(Decimal.__sub__, low, most), _apply(Decimal.__sub__, high, least)
    if low is None or high is None or least is None or most is None:
        return None, None
    if operator == "/" and least <= 0 <= most:
        return None, None
    ends = [each * other if operator == "*" else each / other for each in (low, high) for other in (least, most)]
    return min(ends), max(ends)


def compare_constants(operator: str, left: object, right: object) -> bool:
    """Compare two constants. Those of different types are never equal."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return {
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[operator]
    return (left == right) if operator == "==" else (left != right) if operator == "!=" else False


def _map_table(variable: Variable, masks: Mapping[object, int], factor: Decimal, offset: Decimal) -> ClassTable:
    mapped: dict[object, int] = {}
    for each, mask in masks.items():
        if isinstance(each, Decimal):
            number = factor * each + offset
            mapped[number] = mapped.get(number, 0) | mask
    return ClassTable(variable, mapped)


def _choose(choose: Callable[..., Decimal], numbers: Sequence[Decimal | None]) -> Decimal | None:
    known = [each for each in numbers if each is not None]
    return choose(known) if known and len(known) == len(numbers) else None


def _apply(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal | None, right: Decimal | None
) -> Decimal | None:
    return None if left is None or right is None else operation(left, right)
