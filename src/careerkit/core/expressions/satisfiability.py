"""Boolean formulas over variables with few classes of values, and a search for values that make them true.

A class is a set of values that no condition tells apart: a step of a scale, a choice, or all numbers between two that
conditions name. A variable holds its classes as bits of a mask, bit 0 for null, so that "is it one of these classes?" is
one operation on integers. `find_model` narrows these masks until nothing is left to decide, and tries the branches of
what remains. If it finds nothing, nothing exists. What it finds may still be impossible, because an opaque part of a
condition is a variable of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import count

NULL = 1
"""The class of null, the lowest bit of each mask."""
_SERIALS = count()
_FILTER_BITS = 120
"""A formula has the bits of its variables, so that a change of a variable with another bit can't concern it."""
DEFAULT_STEPS = 50
"""The most branches that one search tries. Conditions of playbooks rarely need fifty."""


class SearchLimitError(Exception):
    """The search has tried its number of branches, and still doesn't know."""


class Variable:
    """`universe` has a bit for each class, `full` a bit for each class that the variable can have.

    `implications` are pairs of a mask and a function: once only classes in the mask are left, the formula that the
    function returns holds too.
    """

    __slots__ = ("bit", "full", "implications", "key", "serial", "universe")

    def __init__(self, key: object, universe: int, full: int) -> None:
        self.key = key
        self.serial = next(_SERIALS)
        self.bit = 1 << self.serial % _FILTER_BITS
        self.universe = universe
        self.full = full
        self.implications: list[tuple[int, Callable[[], Formula]]] = []

    def has(self, mask: int) -> Formula:
        """The formula that the value is in one of the classes."""
        kept = mask & self.full
        return False if not kept else True if kept == self.full else Atom(self, mask)

    def imply(self, mask: int, build: Callable[[], Formula]) -> None:
        """Add an implication. Its formula is built when it is first needed, and then kept."""
        built: list[Formula] = []

        def get() -> Formula:
            if not built:
                built.append(build())
            return built[0]

        self.implications.append((mask, get))


class NumberVariable(Variable):
    """A number between `low` and `high` (None for no limit), whose classes lie between the numbers it is compared with.

    With `values`, it has one of these. Comparing it with another number splits a class, and changes all masks, so
    the variable adds itself to `stale`, and `refresh` must be called before a search.
    """

    __slots__ = ("_atoms", "_cuts", "_is_nullable", "_is_stale", "_stale", "high", "low", "values", "whole")

    def __init__(
        self,
        key: object,
        low: Decimal | None,
        high: Decimal | None,
        *,
        stale: list[NumberVariable],
        whole: bool = False,
        values: frozenset[Decimal] | None = None,
        is_nullable: bool = True,
    ) -> None:
        super().__init__(key, 0, 0)
        self.low, self.high, self.whole, self.values = low, high, whole, values
        self._is_nullable = is_nullable
        self._cuts: list[Decimal] = []
        self._atoms: list[Comparison] = []
        self._stale = stale
        self._is_stale = True
        self.refresh()

    def compare(self, operator: str, number: Decimal) -> Formula:
        """The formula that the number is not null, and compares so with `number`."""
        decided = self._decide(operator, number)
        if decided is not None:
            return decided and Atom(self, ~NULL)
        atom = Comparison(self, operator, number)
        position = bisect_left(self._cuts, number)
        if self._cuts[position : position + 1] != [number]:
            self._cuts.insert(position, number)
            self._mark_stale()
        self._atoms.append(atom)
        if not self._is_stale:
            atom.refresh(self._cuts)
        return atom

    def register(self, atom: Comparison) -> None:
        self._atoms.append(atom)
        if self._is_stale:
            return
        atom.refresh(self._cuts)

    def refresh(self) -> None:
        """Renew all masks after classes were split."""
        if self._is_stale:
            self._is_stale = False
            self.universe = (1 << (2 * len(self._cuts) + 2)) - 1
            self.full = NULL * self._is_nullable | self._find_possible()
            for atom in self._atoms:
                atom.refresh(self._cuts)

    def pick(self, mask: int) -> Decimal | None:
        """A number of one of the classes; None if the only one is null."""
        for number in range(1, 2 * len(self._cuts) + 2):
            if mask >> number & 1 and (found := self._pick_from(number)) is not None:
                return found
        return None

    def _mark_stale(self) -> None:
        if not self._is_stale:
            self._is_stale = True
            self._stale.append(self)

    def _decide(self, operator: str, number: Decimal) -> bool | None:
        """Does each number of the range compare so with `number`, or none? None if some do."""
        low, high = self.low, self.high
        if self.values is not None:
            outcomes = {_COMPARE[operator](each, number) for each in self.values}
            return outcomes.pop() if len(outcomes) == 1 else None if outcomes else False
        is_below, is_above = high is not None and high < number, low is not None and low > number
        match operator:
            case "<" | ">=":
                inside = True if is_below else False if is_above or low == number else None
                return inside if operator == "<" or inside is None else not inside
            case "<=" | ">":
                inside = True if is_below or high == number else False if is_above else None
                return inside if operator == "<=" or inside is None else not inside
        is_outside = is_below or is_above or (self.whole and number != number.to_integral_value())
        if is_outside or (low == high == number):
            return is_outside is (operator == "!=")
        return None

    def _find_possible(self) -> int:
        return sum(1 << bit for bit in range(1, 2 * len(self._cuts) + 2) if self._pick_from(bit) is not None)

    def _pick_from(self, bit: int) -> Decimal | None:
        """A number of the class with that bit: odd bits are the gaps between the cuts, even ones the cuts."""
        cuts, position = self._cuts, (bit - 1) // 2
        if not bit % 2:
            number = cuts[position]
            return number if self._is_possible(number) else None
        below = cuts[position - 1] if position else None
        above = cuts[position] if position < len(cuts) else None
        if self.values is not None:
            fitting = (each for each in self.values if _is_between(below, each, above))
            return next(iter(sorted(fitting)), None)
        return self._pick_between(below, above)

    def _pick_between(self, below: Decimal | None, above: Decimal | None) -> Decimal | None:
        low, high = self.low, self.high
        if self.whole:
            least = None if below is None else below.to_integral_value(ROUND_FLOOR) + 1
            most = None if above is None else above.to_integral_value(ROUND_CEILING) - 1
            least = low if least is None else least if low is None else max(low, least)
            most = high if most is None else most if high is None else min(high, most)
            if least is not None and most is not None and least > most:
                return None
            return least if least is not None else most if most is not None else Decimal(0)
        if low is not None and _is_between(below, low, above):
            return low
        if high is not None and _is_between(below, high, above):
            return high
        least = below if low is None else low if below is None else max(low, below)
        most = above if high is None else high if above is None else min(high, above)
        if least is None or most is None:
            return least + 1 if least is not None else most - 1 if most is not None else Decimal(0)
        return (least + most) / 2 if least < most else None

    def _is_possible(self, number: Decimal) -> bool:
        if self.values is not None:
            return number in self.values
        is_inside = (self.low is None or number >= self.low) and (self.high is None or number <= self.high)
        return is_inside and (not self.whole or number == number.to_integral_value())


class Atom:
    """The variable is in one of the classes of `mask`."""

    __slots__ = ("bits", "mask", "opposite", "variable")

    size = 1

    def __init__(self, variable: Variable, mask: int) -> None:
        self.variable, self.mask, self.bits = variable, mask, variable.bit
        self.opposite: Formula | None = None


class Comparison(Atom):
    """A number compares with another one as `operator` says; with `is_negated`, it is null or doesn't."""

    __slots__ = ("is_negated", "number", "operator")

    def __init__(self, variable: NumberVariable, operator: str, number: Decimal, *, is_negated: bool = False) -> None:
        super().__init__(variable, 0)
        self.operator, self.number, self.is_negated = operator, number, is_negated

    def refresh(self, cuts: Sequence[Decimal]) -> None:
        at = 2 * bisect_left(cuts, self.number) + 2
        whole, below = (1 << (2 * len(cuts) + 2)) - 2, (1 << at) - 2
        point = 1 << at
        mask = {
            "==": point,
            "!=": whole & ~point,
            "<": below,
            "<=": below | point,
            ">": whole & ~below & ~point,
            ">=": whole & ~below,
        }[self.operator]
        self.mask = ~mask if self.is_negated else mask


class AllOf:
    """Without parts that are simply true or false, see `all_of`."""

    __slots__ = ("bits", "opposite", "parts", "size")

    def __init__(self, parts: Sequence[Atom | AllOf | AnyOf]) -> None:
        self.parts = parts
        self.bits = 0
        self.size = 1
        for part in parts:
            self.bits |= part.bits
            self.size += part.size
        self.opposite: Formula | None = None


class AnyOf:
    """Without parts that are simply true or false, see `any_of`."""

    __slots__ = ("bits", "opposite", "parts", "size")

    def __init__(self, parts: Sequence[Atom | AllOf | AnyOf]) -> None:
        self.parts = parts
        self.bits = 0
        self.size = 1
        for part in parts:
            self.bits |= part.bits
            self.size += part.size
        self.opposite: Formula | None = None


Formula = bool | Atom | AllOf | AnyOf
Model = dict[object, int]
"""For each variable that matters, the mask of the classes that it may have. Formulas that must hold are keys as well."""


def all_of(parts: Iterable[Formula]) -> Formula:
    """The formula that all parts hold."""
    kept: list[Atom | AllOf | AnyOf] = []
    for part in parts:
        if part is False:
            return False
        if isinstance(part, AllOf):
            kept += part.parts
        elif not isinstance(part, bool):
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else AllOf(kept)


def any_of(parts: Iterable[Formula]) -> Formula:
    """The formula that one of the parts holds."""
    kept: list[Atom | AllOf | AnyOf] = []
    for part in parts:
        if part is True:
            return True
        if isinstance(part, AnyOf):
            kept += part.parts
        elif not isinstance(part, bool):
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else AnyOf(kept)


def negate(formula: Formula) -> Formula:
    """The formula that holds when this one doesn't."""
    if isinstance(formula, bool):
        return not formula
    if formula.opposite is None:
        formula.opposite = _build_opposite(formula)
        if not isinstance(formula.opposite, bool):
            formula.opposite.opposite = formula
    return formula.opposite


def find_model(
    formulas: Iterable[Formula],
    *,
    limits: Mapping[Variable, int] | None = None,
    steps: int = DEFAULT_STEPS,
    budget: list[int] | None = None,
) -> Model | None:
    """The classes with which all formulas hold; None if there are none.

    `limits` are masks that variables start with. Raises SearchLimitError after `steps` branches, or when what several
    searches share in `budget` is used up. Number variables must be fresh.
    """
    return _Search(steps, budget if budget is not None else [steps]).run(
        list(formulas), dict[object, int]((limits or {}).items()), []
    )


class _Search:
    def __init__(self, steps: int, budget: list[int]) -> None:
        self._left = steps
        self._budget = budget

    def run(self, waiting: list[Formula], model: Model, choices: list[AnyOf]) -> Model | None:
        """Narrow the model until nothing changes, then try the branches of the choice that has fewest.

        `choices` have been pruned for the model as it is; each of `waiting` must hold as well.
        """
        while waiting:
            fresh: list[AnyOf] = []
            changed = _assert_all(waiting, model, fresh)
            if changed is None:
                return None
            kept = _prune(choices, changed, model, waiting)
            added = _prune(fresh, -1, model, waiting) if kept is not None else None
            if kept is None or added is None:
                return None
            choices = kept + added if added else kept
        return self._branch(choices, model) if choices else model

    def _branch(self, choices: list[AnyOf], model: Model) -> Model | None:
        chosen = min(choices, key=lambda each: len(each.parts))
        others = [each for each in choices if each is not chosen]
        refuted: list[Formula] = []
        for part in chosen.parts:
            self._left -= 1
            self._budget[0] -= 1
            if self._left < 0 or self._budget[0] < 0:
                raise SearchLimitError
            found = self.run([part, *refuted], dict(model), others)
            if found is not None:
                return found
            refuted.append(negate(part))
        return None


def _assert_all(waiting: list[Formula], model: Model, fresh: list[AnyOf]) -> int | None:
    """Narrow the model by what must hold, and collect new choices. The bits of what changed; None if it can't hold."""
    changed = 0
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, Atom):
            variable = formula.variable
            before = model.get(variable, variable.full)
            after = before & formula.mask
            if after == before:
                continue
            if not after:
                return None
            model[variable] = after
            changed |= variable.bit
            for mask, implied in variable.implications:
                if not after & ~mask and before & ~mask:
                    waiting.append(implied())
        elif isinstance(formula, AllOf):
            model[formula] = 1
            waiting += formula.parts
        elif isinstance(formula, AnyOf):
            model[formula] = 1
            fresh.append(formula)
        elif not formula:
            return None
    return changed


def _prune(choices: list[AnyOf], changed: int, model: Model, waiting: list[Formula]) -> list[AnyOf] | None:
    """The choices that are still open, without the parts that can't hold. None if a choice has no part left.

    A choice with a single part left is decided: that part is added to `waiting`. Only parts that have one of the bits
    `changed` are looked at again.
    """
    kept: list[AnyOf] = []
    for choice in choices:
        if not choice.bits & changed:
            kept.append(choice)
            continue
        alive = []
        for part in choice.parts:
            holds = _evaluate(part, model) if part.bits & changed else None
            if holds:
                break
            if holds is None:
                alive.append(part)
        else:
            if not alive:
                return None
            if len(alive) == 1:
                waiting.append(alive[0])
            else:
                kept.append(choice if len(alive) == len(choice.parts) else AnyOf(alive))
    return kept


def _build_opposite(formula: Atom | AllOf | AnyOf) -> Formula:
    match formula:
        case Comparison(variable=NumberVariable() as variable):
            atom = Comparison(variable, formula.operator, formula.number, is_negated=not formula.is_negated)
            variable.register(atom)
            return atom
        case Atom():
            return Atom(formula.variable, ~formula.mask)
        case AllOf():
            return any_of(negate(part) for part in formula.parts)
        case AnyOf():
            return all_of(negate(part) for part in formula.parts)


def _evaluate(formula: Atom | AllOf | AnyOf, model: Model) -> bool | None:
    """Does it hold whatever the variables are, as far as they are known? None if that depends on them."""
    if isinstance(formula, Atom):
        variable = formula.variable
        left = model.get(variable, variable.full)
        return False if not left & formula.mask else None if left & ~formula.mask else True
    if formula in model:
        return True
    if formula.opposite in model:
        return False
    wanted = isinstance(formula, AnyOf)
    is_open = False
    for part in formula.parts:
        holds = _evaluate(part, model)
        if holds is wanted:
            return wanted
        is_open = is_open or holds is None
    return None if is_open else not wanted


_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "==": Decimal.__eq__,
    "!=": Decimal.__ne__,
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}


def _is_between(below: Decimal | None, number: Decimal, above: Decimal | None) -> bool:
    return (below is None or number > below) and (above is None or number < above)
