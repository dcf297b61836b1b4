"""What the names in a condition can be: their possible values, and the variables that stand for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Self, TypeGuard

from careerkit.core.expressions import ast
from careerkit.core.expressions.satisfiability import (
    NULL,
    Atom,
    Formula,
    NumberVariable,
    Variable,
    all_of,
    any_of,
    negate,
)
from careerkit.core.frozen import frozen

MAX_SUBSETS_OF = 8
"""The most choices of which every combination is a class of its own."""

MAX_FINITE = 12
"""The most values of a number that are told apart in a sum with another number."""


@frozen
class Domain:
    """The values that a name can have, besides null. What doesn't apply to its `kind` has its default.

    - number: from `low` to `high`, `whole` or not, or only `values`. day: `low` and `high` are days from today.
    - choice: one of `ids` or, with `has_others`, something else. choices: `low` to `high` of them.
    - entries: a list or records, with `low` to `high` entries, and the names in a record in `fields`.
    - table: with numbers from `low` to `high` (such as weights and ranks), or text: something that is there or not.
    """

    kind: str = "text"
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False
    values: frozenset[Decimal] | None = None
    ids: tuple[str, ...] = ()
    has_others: bool = False
    unknown: frozenset[str] = frozenset()
    """The ids that mean "I don't know"."""
    fields: Mapping[str, Meaning] = MappingProxyType({})


@frozen
class Meaning:
    """What a name stands for.

    Where `asked_if` doesn't hold, it is null, and what it is fulfils `valid_if`; with `is_required`, it is null only there, once all has been answered. A
    compute has a `definition`, which holds its value, or `exists_if`, which says exactly when there is one; it is null
    unless all of `needs` are known. `only_if` has the condition of each choice that has one, and `bands` those of a
    compute, with `unknown_band` for null.
    """

    domain: Domain
    asked_if: tuple[ast.Node, ...] = ()
    valid_if: tuple[ast.Node, ...] = ()
    is_required: bool = False
    definition: ast.Node | None = None
    exists_if: ast.Node | None = None
    needs: tuple[str, ...] = ()
    only_if: Mapping[str, ast.Node] = MappingProxyType({})
    bands: tuple[str, ...] = ()
    unknown_band: str = ""


class NameVariables:
    """The variables of names, by their `meanings`. `outer` has the names outside of a record."""

    def __init__(self, meanings: Mapping[str, Meaning], *, outer: Self | None = None) -> None:
        self.meanings = meanings
        self.outer = outer
        self.variables: dict[object, Variable] = {}
        self.stale: list[NumberVariable] = outer.stale if outer else []
        """The number variables that must be refreshed before the next search."""
        self.finished: Variable = outer.finished if outer else Variable("finished", 6, 6)
        """Are all required questions that are asked answered? In class 2 that is so, in class 1 not."""

    def holds(self, node: ast.Node) -> Formula:
        """The formula that a condition is true. Null counts as false."""
        raise NotImplementedError

    def is_known(self, name: str) -> Formula:
        """The formula that the name has a value other than "I don't know"."""
        raise NotImplementedError

    def look_up(self, name: str) -> tuple[Self, Meaning | None]:
        owner: Self | None = self
        while owner is not None:
            if name in owner.meanings:
                return owner, owner.meanings[name]
            owner = owner.outer
        return self, None

    def find_domain(self, node: ast.Node) -> Domain | None:
        meaning = self.look_up(node.id)[1] if isinstance(node, ast.Name) else None
        return meaning.domain if meaning else None

    def is_collection(self, node: ast.Node | None) -> bool:
        domain = self.find_domain(node) if node else None
        return domain is not None and domain.kind in ("entries", "table")

    def root(self) -> Self:
        return self.outer.root() if self.outer else self

    def variable(self, name: str, meaning: Meaning) -> Variable:
        """The variable of an answer, or of a compute without a definition."""
        variable = self.variables.get(name)
        if variable is None:
            variable = self.variables[name] = self._create_variable(name, meaning.domain)
            conditions = meaning.asked_if
            if implied := (*conditions, *meaning.valid_if):
                variable.imply(~NULL, lambda: all_of(map(self.holds, implied)))
            if meaning.needs:
                variable.imply(~NULL, lambda: all_of(map(self.is_known, meaning.needs)))
            if meaning.is_required:
                variable.imply(NULL, lambda: self._explain_null(conditions))
            for choice, condition in meaning.only_if.items():
                if mask := _mask_of_id(meaning.domain, choice):
                    variable.imply(mask, lambda node=condition: self.holds(node))  # type: ignore[misc]
        return variable

    def _explain_null(self, conditions: tuple[ast.Node, ...]) -> Formula:
        """A required question without an answer: it isn't asked, or the interview isn't finished."""
        return any_of([Atom(self.finished, 2), negate(all_of(map(self.holds, conditions)))])

    def implied_by_choice(self, name: str, meaning: Meaning, choice: str) -> Formula:
        condition = meaning.only_if.get(choice)
        return all_of([Atom(self.variable(name, meaning), ~NULL), condition is None or self.holds(condition)])

    def flag(self, key: object, implied: Callable[[], Formula]) -> Formula:
        """The formula that something opaque is so; then `implied` holds as well."""
        variable = self.variables.get(("flag", key))
        if variable is None:
            variable = self.variables["flag", key] = Variable(("flag", key), 3, 3)
            variable.imply(2, implied)
        return variable.has(2)

    def opaque_condition(self, node: ast.Node) -> Formula:
        return self.flag(node, lambda: True)

    def opaque_number(
        self, node: ast.Node, low: Decimal | None, high: Decimal | None, *, whole: bool = False, exists: Formula = True
    ) -> DomainValue:
        if low is not None and high is not None and low > high:
            low, high = high, low
        return Linear(self.number(("opaque", node), low, high, whole=whole, exists=exists), Decimal(1), Decimal(0))

    def number(
        self,
        key: object,
        low: Decimal | None,
        high: Decimal | None,
        *,
        whole: bool = False,
        is_never_null: bool = False,
        exists: Formula = True,
    ) -> NumberVariable:
        variable = self.variables.get(key)
        if variable is None:
            number = NumberVariable(key, low, high, stale=self.stale, whole=whole, is_nullable=not is_never_null)
            variable = self.variables[key] = number
            if exists is not True:
                variable.imply(~NULL, lambda: exists)
        assert isinstance(variable, NumberVariable)
        return variable

    def _create_variable(self, name: str, domain: Domain) -> Variable:
        match domain.kind:
            case "number":
                return NumberVariable(
                    name, domain.low, domain.high, stale=self.stale, whole=domain.whole, values=domain.values
                )
            case "day" | "entries":
                return NumberVariable(name, domain.low, domain.high, stale=self.stale, whole=True)
            case "yesno":
                return Variable(name, 7, 7)
            case "choice":
                universe = (2 << len(domain.ids) + domain.has_others) - 1
                return Variable(name, universe, universe)
            case "choices" if len(domain.ids) <= MAX_SUBSETS_OF:
                return Variable(name, (2 << (1 << len(domain.ids))) - 1, _mask_of_counts(domain))
        return Variable(name, 3, 3)


def mask_of_choice(position: int, total: int) -> int:
    """The classes of the subsets, of `total` choices, that have the one at `position`."""
    block = ((1 << (1 << position)) - 1) << (1 << position)
    width = 2 << position
    mask = 0
    for start in range(0, 1 << total, width):
        mask |= block << start
    return mask << 1


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


def _mask_of_counts(domain: Domain) -> int:
    """The classes of the subsets that have as many choices as may be picked, and null."""
    least = int(domain.low or 0) if not domain.has_others else 0
    most = len(domain.ids) if domain.high is None else int(domain.high)
    fitting = (subset for subset in range(1 << len(domain.ids)) if least <= subset.bit_count() <= most)
    return NULL | sum(2 << subset for subset in fitting)


def _mask_of_id(domain: Domain, choice: str) -> int:
    """The classes that have this choice; 0 if they can't be told."""
    if choice not in domain.ids:
        return 0
    position = domain.ids.index(choice)
    if domain.kind == "choices":
        return mask_of_choice(position, len(domain.ids)) if len(domain.ids) <= MAX_SUBSETS_OF else 0
    return 2 << position


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
