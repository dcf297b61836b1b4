"""Find what a value in an expression can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Self, cast

from careerkit.core.expressions import ast
from careerkit.core.expressions.domains import (
    MAX_SUBSETS_OF,
    NOTHING,
    OWN,
    UNNAMED,
    Cases,
    ClassTable,
    Domain,
    DomainValue,
    Linear,
    Meaning,
    NameVariables,
    Nothing,
    RelativeDay,
    combine_numbers,
    combine_ranges,
    find_range,
    guard,
    scale_number,
)
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

MAX_CASES = 64
"""The most cases of a value that are told apart."""
MAX_CASES_SIZE = 3000
"""The most parts of all their conditions together."""


class ValueFinder(NameVariables):
    """What values can be, over the names in `meanings`."""

    def __init__(self, meanings: Mapping[str, Meaning], *, outer: Self | None = None) -> None:
        super().__init__(meanings, outer=outer)
        self._values: dict[int, tuple[ast.Node, DomainValue]] = {}

    def is_possible(self, *formulas: Formula) -> bool:
        """Can all formulas hold?"""
        raise NotImplementedError

    def is_present(self, name: str) -> Formula:
        """The formula that the name isn't null."""
        raise NotImplementedError

    def value(self, node: ast.Node) -> DomainValue:
        """What a value can be."""
        known = self._values.get(id(node))
        if known is None:
            known = self._values[id(node)] = (node, self._limit_value(node, self._find_value(node)))
        return known[1]

    def _limit_value(self, node: ast.Node, value: DomainValue) -> DomainValue:
        """The value or, if it has too many cases, something opaque in the same range."""
        if not isinstance(value, Cases):
            return value
        size = sum(1 if isinstance(condition, bool) else condition.size for condition, _ in value.parts)
        if len(value.parts) <= MAX_CASES and size <= MAX_CASES_SIZE:
            return value
        if all(isinstance(each, Decimal | Linear | ClassTable) for _, each in value.parts):
            low, high = find_range(value)
            return self.opaque_number(node, low, high)
        return Cases([(self.opaque_condition(node), f"{UNNAMED}{node.column}")])

    def exists(self, value: DomainValue) -> Formula:
        """The formula that a value isn't null."""
        match value:
            case Nothing():
                return False
            case Linear(variable=variable):
                return Atom(variable, ~NULL)
            case RelativeDay(variable=variable):
                return True if variable is None else Atom(variable, ~NULL)
            case ClassTable(variable=variable, masks=masks):
                mask = 0
                for each in masks.values():
                    mask |= each
                return variable.has(mask)
            case Cases(parts=parts):
                return any_of(all_of([guard, self.exists(each)]) for guard, each in parts)
        return True

    def for_record(self, name: str) -> Self | None:
        """A reasoner over the fields of a record as well; None if `name` has none."""
        _, meaning = self.look_up(name)
        return type(self)(meaning.domain.fields, outer=self) if meaning and meaning.domain.fields else None

    def subtract(self, left: Linear, right: Linear) -> Linear:
        """The difference of two numbers with different variables. Equal differences have the same variable."""
        if left.variable.serial > right.variable.serial:
            swapped = self.subtract(right, left)
            return Linear(swapped.variable, -swapped.factor, -swapped.offset)
        ratio = right.factor / left.factor
        whole = left.variable.whole and right.variable.whole and ratio == ratio.to_integral_value()
        ours, theirs = Linear(left.variable, Decimal(1), Decimal(0)), Linear(right.variable, ratio, Decimal(0))
        low, high = combine_ranges("-", find_range(ours), find_range(theirs))
        exists = all_of([self.exists(ours), self.exists(theirs)])
        key = ("difference", left.variable.serial, right.variable.serial, ratio)
        variable = self.root().number(key, low, high, whole=whole, exists=exists)
        return Linear(variable, left.factor, left.offset - right.offset)

    def _find_value(self, node: ast.Node) -> DomainValue:
        match node:
            case ast.Literal(value=value):
                return value
            case ast.Name(id=name):
                return self._find_name_value(name)
            case ast.Unary(operator="-", operand=operand):
                return self._negate_number(node, self.value(operand))
            case ast.Conditional(then=then, condition=condition, else_=else_):
                test = self.holds(condition)
                parts = [*guard(test, self.value(then)), *guard(negate(test), self.value(else_))]
                return Cases(parts) if len(parts) <= MAX_CASES else self.opaque_number(node, None, None)
            case ast.Binary(operator="+" | "-" | "*" | "/"):
                return self._find_arithmetic(node)
            case ast.Call(function=function, arguments=arguments):
                return self._find_call_value(node, function, arguments)
        return self._as_value(self.holds(node))

    @staticmethod
    def _as_value(formula: Formula) -> DomainValue:
        return formula if isinstance(formula, bool) else Cases([(formula, True), (negate(formula), False)])

    def _find_name_value(self, name: str) -> DomainValue:
        owner, meaning = self.look_up(name)
        if meaning is None:
            return NOTHING
        if meaning.definition is not None:
            value = owner.value(meaning.definition)
            needs = all_of(owner.is_known(each) for each in meaning.needs)
            return value if needs is True else Cases(guard(needs, value))
        variable, domain = owner.variable(name, meaning), meaning.domain
        match domain.kind:
            case "number":
                return Linear(cast("NumberVariable", variable), Decimal(1), Decimal(0))
            case "day":
                return RelativeDay(cast("NumberVariable", variable), Decimal(0))
            case "yesno":
                return ClassTable(variable, {False: 2, True: 4})
            case "choice":
                others: dict[object, int] = (
                    {f"{OWN if domain.ids else UNNAMED}{name}": 1 << len(domain.ids) + 1} if domain.has_others else {}
                )
                return ClassTable(variable, {**{each: 2 << number for number, each in enumerate(domain.ids)}, **others})
        return Cases([(Atom(variable, ~NULL), f"{UNNAMED}{name}")])

    def _negate_number(self, node: ast.Node, value: DomainValue) -> DomainValue:
        found = scale_number(value, Decimal(-1), Decimal(0))
        low, high = find_range(value)
        return found or self.opaque_number(
            node, None if high is None else -high, None if low is None else -low, exists=self.exists(value)
        )

    def _find_arithmetic(self, node: ast.Binary) -> DomainValue:
        left, right = self.value(node.left), self.value(node.right)
        operator = node.operator
        if isinstance(left, Nothing) or isinstance(right, Nothing):
            return NOTHING
        if isinstance(left, RelativeDay) and isinstance(right, Decimal):
            days = (
                right.to_integral_value("ROUND_FLOOR") if operator == "+" else (-right).to_integral_value("ROUND_FLOOR")
            )
            return RelativeDay(left.variable, left.offset + days)
        found = combine_numbers(left, right, _OPERATIONS[operator], MAX_CASES)
        if found is None and operator in "+*":
            found = combine_numbers(right, left, _OPERATIONS[operator], MAX_CASES)
        elif (
            found is None and operator == "-" and (negative := scale_number(right, Decimal(-1), Decimal(0))) is not None
        ):
            found = combine_numbers(negative, left, _OPERATIONS["+"], MAX_CASES)
        if found is not None:
            return found
        if operator in "+-" and isinstance(left, Linear) and isinstance(right, Linear):
            sign = Decimal(-1 if operator == "+" else 1)
            return self._subtract_any(left, Linear(right.variable, sign * right.factor, sign * right.offset))
        exists = all_of([self.exists(left), self.exists(right)])
        if self._is_date(left):
            return RelativeDay(self.number(("date", node), None, None, whole=True, exists=exists), Decimal(0))
        return self.opaque_number(node, *combine_ranges(operator, find_range(left), find_range(right)), exists=exists)

    def _subtract_any(self, left: Linear, right: Linear) -> DomainValue:
        """The difference of two numbers, which may have the same variable."""
        if left.variable is not right.variable:
            return self.subtract(left, right)
        factor, offset = left.factor - right.factor, left.offset - right.offset
        return Linear(left.variable, factor, offset) if factor else Cases(guard(self.exists(left), offset))

    @staticmethod
    def _is_date(value: DomainValue) -> bool:
        return isinstance(value, RelativeDay) or (
            isinstance(value, Cases) and any(isinstance(each, RelativeDay) for _, each in value.parts)
        )

    def _find_call_value(self, node: ast.Call, function: str, arguments: tuple[ast.Node, ...]) -> DomainValue:
        first = arguments[0] if arguments else None
        name = first.id if isinstance(first, ast.Name) else ""
        match function:
            case "today":
                return RelativeDay(None, Decimal(0))
            case "answered" | "known" | "any" | "all" | "done":
                return self._as_value(self.holds(node))
            case "count":
                return self._count(node, name, arguments[1:])
            case "band":
                return self._band(name)
            case "highest" | "second":
                return self._highest(node, [each.id for each in arguments if isinstance(each, ast.Name)])
            case "days_between":
                return self._days_between(node, arguments)
            case "word_count":
                return self.opaque_number(node, Decimal(1), None, whole=True, exists=self.is_present(name))
            case "round":
                value = self.value(arguments[0])
                low, high = find_range(value)
                low = None if low is None else low - 1
                return self.opaque_number(node, low, None if high is None else high + 1, exists=self.exists(value))
            case "at":
                domain = self.find_domain(cast("ast.Name", first)) or Domain()
                present = self.is_present(name)
                return self.opaque_number(node, domain.low, domain.high, whole=domain.whole, exists=present)
            case "min" | "max" if len(arguments) > 1 and not self.is_collection(first):
                return self._extreme(node, function, [self.value(each) for each in arguments])
            case "min" | "max" | "mean" | "sum":
                return self._aggregate(node, function, name, arguments[1:])
        return self.opaque_number(node, None, None)

    def _count(self, node: ast.Call, name: str, condition: tuple[ast.Node, ...]) -> DomainValue:
        owner, meaning = self.look_up(name)
        if meaning is None:
            return self.opaque_number(node, Decimal(0), None, whole=True)
        domain, variable, present = meaning.domain, None, self.is_present(name)
        if meaning.definition is None and meaning.exists_if is None:
            variable = owner.variable(name, meaning)
        if condition:
            inner = self.for_record(name)
            if inner is not None and not inner.is_possible(inner.holds(condition[0])):
                return Decimal(0)
            counted = self.number(("count", node), Decimal(0), domain.high, whole=True, is_never_null=True)
        elif domain.kind == "choices" and len(domain.ids) <= MAX_SUBSETS_OF and not domain.has_others and variable:
            masks: dict[object, int] = {}
            for subset in range(1 << len(domain.ids)):
                count = Decimal(subset.bit_count())
                masks[count] = masks.get(count, 0) | 2 << subset
            masks[Decimal(0)] |= NULL
            return ClassTable(variable, {count: mask for count, mask in masks.items() if mask & variable.full})
        elif domain.kind == "entries" and isinstance(variable, NumberVariable):
            counted = variable
        else:
            counted = self.number(
                ("count of", name), domain.low or Decimal(0), domain.high, whole=True, is_never_null=True
            )
        return Cases([*guard(present, Linear(counted, Decimal(1), Decimal(0))), *guard(negate(present), Decimal(0))])

    def _band(self, name: str) -> DomainValue:
        owner, meaning = self.look_up(name)
        if meaning is None:
            return NOTHING
        key = ("band", name)
        variable = owner.variables.get(key)
        if variable is None:
            universe = (2 << len(meaning.bands)) - 1
            variable = owner.variables[key] = Variable(key, universe, universe)
            unknown = 2 << meaning.bands.index(meaning.unknown_band) if meaning.unknown_band in meaning.bands else NULL
            variable.imply(~(unknown | NULL), lambda: owner.is_present(name))
            variable.imply(unknown | NULL, lambda: negate(owner.is_present(name)))
        return ClassTable(variable, {each: 2 << number for number, each in enumerate(meaning.bands)})

    def _highest(self, node: ast.Call, names: list[str]) -> DomainValue:
        variable = self.variables.get(("ranked", node))
        if variable is None:
            universe = (2 << len(names)) - 1
            variable = self.variables["ranked", node] = Variable(("ranked", node), universe, universe)
            for number, name in enumerate(names):
                variable.imply(2 << number, lambda name=name: self.is_present(name))  # type: ignore[misc]
        return ClassTable(variable, {name: 2 << number for number, name in enumerate(names)})

    def _days_between(self, node: ast.Call, arguments: tuple[ast.Node, ...]) -> DomainValue:
        first, last = self.value(arguments[0]), self.value(arguments[1])
        if isinstance(first, RelativeDay) and isinstance(last, RelativeDay):
            if first.variable is None and last.variable is not None:
                return Linear(last.variable, Decimal(1), last.offset - first.offset)
            if last.variable is None and first.variable is not None:
                return Linear(first.variable, Decimal(-1), last.offset - first.offset)
            if first.variable is last.variable:
                return Cases(guard(self.exists(first), last.offset - first.offset))
            ours, theirs = (
                Linear(cast("NumberVariable", each.variable), Decimal(1), each.offset) for each in (last, first)
            )
            return self.subtract(ours, theirs)
        return self.opaque_number(node, None, None, whole=True)

    def _extreme(self, node: ast.Call, function: str, values: list[DomainValue]) -> DomainValue:
        lows, highs = zip(*map(find_range, values), strict=True)
        choose = min if function == "min" else max
        known_lows, known_highs = (
            [each for each in lows if each is not None],
            [each for each in highs if each is not None],
        )
        low = (
            choose(known_lows)
            if len(known_lows) == len(lows)
            else max(known_lows, default=None)
            if choose is max
            else None
        )
        high = (
            choose(known_highs)
            if len(known_highs) == len(highs)
            else min(known_highs, default=None)
            if choose is min
            else None
        )
        return self.opaque_number(node, low, high, exists=all_of(map(self.exists, values)))

    def _aggregate(self, node: ast.Call, function: str, name: str, rest: tuple[ast.Node, ...]) -> DomainValue:
        inner = self.for_record(name) if rest else None
        if inner is not None:
            low, high = find_range(inner.value(rest[0]))
        else:
            domain = self.find_domain(ast.Name(name)) or Domain()
            low, high = domain.low, domain.high
        most = self.find_domain(ast.Name(name))
        if function == "sum" and inner is not None and most is not None and most.high is not None:
            top = None if high is None else max(high * most.high, Decimal(0))
            bottom = None if low is None else min(low * most.high, Decimal(0))
            return self.opaque_number(node, bottom, top)
        if function == "sum":
            return self.opaque_number(node, Decimal(0) if low is not None and low >= 0 else None, None)
        return self.opaque_number(node, low, high, exists=self.is_present(name))

    def list_texts(self, value: DomainValue) -> Iterator[tuple[Formula, str]]:
        """Each text that a value can be, with its condition."""
        match value:
            case str():
                yield True, value
            case ClassTable(variable=variable, masks=masks):
                yield from ((variable.has(mask), str(each)) for each, mask in masks.items())
            case Cases(parts=parts):
                for guard, each in parts:
                    yield from ((all_of([guard, inner]), text) for inner, text in self.list_texts(each))


_OPERATIONS: dict[str, Callable[[DomainValue, Decimal], DomainValue | None]] = {
    "+": lambda value, number: scale_number(value, Decimal(1), number),
    "-": lambda value, number: scale_number(value, Decimal(1), -number),
    "*": lambda value, number: scale_number(value, number, Decimal(0)),
    "/": lambda value, number: scale_number(value, 1 / number, Decimal(0)) if number else NOTHING,
}
