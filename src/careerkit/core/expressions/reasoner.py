"""Find whether a condition can be true, and whether it can be false, from the values that its names can have.

`Reasoner` turns conditions into formulas, see `satisfiability`. An answer with few values, such as a choice or the number
of ticks, is modelled exactly, and so is a number that is compared with constants. What can't be modelled (the sum of a
table, say) becomes a variable of its own, so the result errs on one side only: a value that is not found is impossible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Self, cast

from careerkit.core.expressions import ast
from careerkit.core.expressions.domains import (
    CONSTANT_TYPES,
    MAX_SUBSETS_OF,
    OWN,
    Cases,
    ClassTable,
    DomainValue,
    Linear,
    Meaning,
    Nothing,
    RelativeDay,
    compare_constants,
    is_unnamed,
    mask_of_choice,
)
from careerkit.core.expressions.possible_values import MAX_CASES, ValueFinder
from careerkit.core.expressions.satisfiability import (
    DEFAULT_STEPS,
    NULL,
    Atom,
    Formula,
    Model,
    NumberVariable,
    SearchLimitError,
    Variable,
    all_of,
    any_of,
    find_model,
    negate,
)


def find_truth_values(
    condition: ast.Node, meanings: Mapping[str, Meaning], *, given: Iterable[ast.Node] = ()
) -> frozenset[bool]:
    """The truth values that a type-checked condition can have while all of `given` hold.

    A value that is missing is impossible; one that is there may be impossible too, if that is hard to see.
    """
    reasoner = Reasoner(meanings)
    holds, context = reasoner.holds(condition), [reasoner.holds(each) for each in given]
    outcomes = ((True, holds), (False, negate(holds)))
    return frozenset(outcome for outcome, formula in outcomes if reasoner.is_possible(formula, *context))


MAX_SIZE = 1500
"""The most parts of a formula; a condition with more is opaque. Computes that refer to each other can multiply them."""
MAX_STEPS = 12_000
"""The most branches that all searches of a reasoner try. The largest playbooks need a third."""


class Reasoner(ValueFinder):
    """The formulas of conditions over the names in `meanings`. `outer` has the names outside of a record."""

    def __init__(self, meanings: Mapping[str, Meaning], *, outer: Self | None = None) -> None:
        super().__init__(meanings, outer=outer)
        self._formulas: dict[int, tuple[ast.Node, Formula]] = {}
        self._possible: dict[tuple[int, ...], tuple[tuple[Formula, ...], bool]] = {}
        """Results by the identities of the formulas, which are kept so that no other ones get these."""
        self._steps: list[int] = outer._steps if outer else [MAX_STEPS]  # noqa: SLF001 - of the same class

    def is_possible(
        self, *formulas: Formula, is_finished: bool = False, limits: Mapping[Variable, int] | None = None
    ) -> bool:
        """Can all formulas hold? True if that is unknown."""
        if limits is not None:
            return self._search(formulas, is_finished=is_finished, limits=limits)
        key = (*map(id, formulas), is_finished)
        if key not in self._possible:
            self._possible[key] = (formulas, self._search(formulas, is_finished=is_finished, limits=None))
        return self._possible[key][1]

    def _search(
        self, formulas: tuple[Formula, ...], *, is_finished: bool, limits: Mapping[Variable, int] | None
    ) -> bool:
        try:
            return self.find(*formulas, is_finished=is_finished, limits=limits) is not None
        except SearchLimitError:
            return True

    def find(
        self,
        *formulas: Formula,
        is_finished: bool = False,
        limits: Mapping[Variable, int] | None = None,
        steps: int = DEFAULT_STEPS,
    ) -> Model | None:
        """Classes with which all formulas hold. With `is_finished`, all required questions that are asked are answered.

        `limits` are masks that variables start with. Raises SearchLimitError if the search takes too long.
        """
        if False in formulas:
            return None
        finished = [Atom(self.finished, 4)] if is_finished else []
        while True:  # until the search itself splits no class
            while self.stale:
                self.stale.pop().refresh()
            try:
                found = find_model([*formulas, *finished], limits=limits, steps=steps, budget=self._steps)
            except SearchLimitError:
                if not self.stale:
                    raise
                continue
            if not self.stale:
                return found

    def limit_steps(self, steps: int) -> None:
        """Set how many branches all further searches may try together."""
        self._steps[0] = steps

    def holds(self, node: ast.Node) -> Formula:
        """The formula that a condition is true. Null counts as false."""
        known = self._formulas.get(id(node))
        if known is None:
            known = self._formulas[id(node)] = (node, self._limit_truth(node, self._find_truth(node)))
        return known[1]

    def _limit_truth(self, node: ast.Node, formula: Formula) -> Formula:
        return formula if isinstance(formula, bool) or formula.size <= MAX_SIZE else self.opaque_condition(node)

    def is_present(self, name: str) -> Formula:
        """The formula that the name isn't null."""
        owner, meaning = self.look_up(name)
        if meaning is None:
            return True
        needs = [owner.is_known(each) for each in meaning.needs]
        if meaning.exists_if is not None:
            return all_of([*needs, owner.holds(meaning.exists_if)])
        if meaning.definition is not None:
            is_condition = meaning.domain.kind == "yesno" and not isinstance(
                meaning.definition, ast.Name | ast.Conditional
            )
            return all_of([*needs, is_condition or owner.exists(owner.value(meaning.definition))])
        variable = owner.variable(name, meaning)
        return Atom(variable, ~NULL)

    def is_known(self, name: str) -> Formula:
        """The formula that the name has a value other than "I don't know"."""
        owner, meaning = self.look_up(name)
        present = owner.is_present(name)
        if meaning is None or not meaning.domain.unknown:
            return present
        unknown = meaning.domain.unknown
        if meaning.domain.kind == "choices":
            others = [each for each in meaning.domain.ids if each not in unknown]
            is_sure = [owner.contains(name, each) for each in others]
            is_sure += [negate(any_of(owner.contains(name, each) for each in unknown))]
            return all_of([present, any_of([*is_sure, meaning.domain.has_others])])
        return all_of([present, *(negate(owner.compare("==", owner.value(ast.Name(name)), each)) for each in unknown)])

    def contains(self, name: str, choice: str) -> Formula:
        """The formula that this choice is one of those in the answer `name`."""
        owner, meaning = self.look_up(name)
        if meaning is None:
            return self.opaque_condition(ast.Binary("in", ast.Literal(choice), ast.Name(name)))
        domain = meaning.domain
        variable = owner.variable(name, meaning)
        if choice not in domain.ids:
            return owner.flag((name, choice), lambda: Atom(variable, ~NULL)) if domain.has_others else False
        if domain.kind == "table":
            return Atom(variable, ~NULL)
        if len(domain.ids) > MAX_SUBSETS_OF:
            return owner.flag((name, choice), lambda: owner.implied_by_choice(name, meaning, choice))
        return variable.has(mask_of_choice(domain.ids.index(choice), len(domain.ids)))

    def compare(self, operator: str, left: DomainValue, right: DomainValue) -> Formula:
        """The formula that two values compare so. It is false if one of them is null."""
        match left, right:
            case (Nothing(), _) | (_, Nothing()):
                return False
            case Cases(), Cases() if len(left.parts) * len(right.parts) > MAX_CASES:
                return self.opaque_condition(ast.Literal(f"{id(left)} {operator} {id(right)}"))
            case Cases(parts=parts), _:
                return any_of(all_of([guard, self.compare(operator, each, right)]) for guard, each in parts)
            case _, Cases(parts=parts):
                return any_of(all_of([guard, self.compare(operator, left, each)]) for guard, each in parts)
            case ClassTable(variable=variable, masks=masks), _:
                outcomes = (
                    (mask, self.compare(operator, cast("DomainValue", each), right)) for each, mask in masks.items()
                )
                return any_of(all_of([variable.has(mask), outcome]) for mask, outcome in _merge_masks(outcomes))
            case _, ClassTable():
                return self.compare(_MIRRORED[operator], right, left)
            case ((Linear() | RelativeDay()), _) if isinstance(right, CONSTANT_TYPES):
                return self._compare_with_constant(operator, left, right)
            case _, (Linear() | RelativeDay()) if isinstance(left, CONSTANT_TYPES):
                return self._compare_with_constant(_MIRRORED[operator], right, left)
        if isinstance(left, Linear | RelativeDay) and isinstance(right, Linear | RelativeDay):
            return self._compare_variables(operator, left, right)
        if is_unnamed(left) and is_unnamed(right):
            return self._compare_unnamed(operator, left, right)
        if (is_unnamed(left) and not left.startswith(OWN)) or (is_unnamed(right) and not right.startswith(OWN)):
            return self._compare_unnamed(operator, left, right)
        return compare_constants(operator, left, right)

    def _compare_unnamed(self, operator: str, left: DomainValue, right: DomainValue) -> Formula:
        """Two texts of which one may be any text."""
        if operator == "!=":
            return negate(self._compare_unnamed("==", left, right))
        if left == right:
            return True
        return self.opaque_condition(ast.Literal(f"{left!r} == {right!r}"))

    def _find_truth(self, node: ast.Node) -> Formula:
        match node:
            case ast.Literal(value=value):
                return value is True
            case ast.Name(id=name):
                return self._find_name_truth(name)
            case ast.Unary(operator="not", operand=operand):
                return negate(self.holds(operand))
            case ast.Binary(operator="and", left=left, right=right):
                return all_of([self.holds(left), self.holds(right)])
            case ast.Binary(operator="or", left=left, right=right):
                return any_of([self.holds(left), self.holds(right)])
            case ast.Binary(operator="in" | "not in"):
                return self._find_membership(node)
            case ast.Binary(operator=operator, left=left, right=right):
                return self.compare(operator, self.value(left), self.value(right))
            case ast.Conditional(then=then, condition=condition, else_=else_):
                test = self.holds(condition)
                return any_of([all_of([test, self.holds(then)]), all_of([negate(test), self.holds(else_)])])
            case ast.Call(function=function, arguments=arguments):
                return self._find_call_truth(node, function, arguments)
        return self.opaque_condition(node)

    def _find_name_truth(self, name: str) -> Formula:
        owner, meaning = self.look_up(name)
        if meaning is None:
            return self.opaque_condition(ast.Name(name))
        if meaning.definition is not None:
            return all_of([*(owner.is_known(each) for each in meaning.needs), owner.holds(meaning.definition)])
        return owner.variable(name, meaning).has(4)

    def _find_call_truth(self, node: ast.Call, function: str, arguments: tuple[ast.Node, ...]) -> Formula:
        first = arguments[0] if arguments else None
        match function, first:
            case "answered", ast.Name(id=name):
                return self.is_present(name)
            case "known", ast.Name(id=name):
                return self.is_known(name)
            case (("any" | "all"), ast.Name(id=name)):
                inner = self.for_record(name)
                if inner is not None and not inner.is_possible(inner.holds(arguments[1])):
                    return False
                return all_of([self.is_present(name), self.opaque_condition(node)])
        return self.opaque_condition(node)

    def _find_membership(self, node: ast.Binary) -> Formula:
        is_in = node.operator == "in"
        several = self.find_domain(node.left)
        if isinstance(node.right, ast.ListLiteral):
            if several is not None and several.kind == "choices":
                name = cast("ast.Name", node.left).id
                texts = [each.value for each in node.right.items if isinstance(each, ast.Literal)]
                chosen = any_of(self.contains(name, str(each)) for each in texts)
                return all_of([self.is_present(name), chosen if is_in else negate(chosen)])
            left = self.value(node.left)
            if isinstance(left, ClassTable) and all(isinstance(each, ast.Literal) for each in node.right.items):
                return self._find_listed(left, node.right, is_in=is_in)
            outcomes = (self.compare("==" if is_in else "!=", left, self.value(each)) for each in node.right.items)
            return any_of(outcomes) if is_in else all_of(outcomes)
        left, right = self.value(node.left), self.find_domain(node.right)
        if right is None or not isinstance(node.right, ast.Name):
            return self.opaque_condition(node)
        name = node.right.id
        found = (
            any_of(all_of([guard, self.contains(name, text)]) for guard, text in self.list_texts(left))
            if right.kind in ("choices", "table")
            else self.opaque_condition(ast.Binary("in", node.left, node.right))
        )
        return all_of([self.is_present(name), self.exists(left), found if is_in else negate(found)])

    def _find_listed(self, left: ClassTable, items: ast.ListLiteral, *, is_in: bool) -> Formula:
        """Is a value one of some constants, or none of them?"""
        texts = {each.value for each in items.items if isinstance(each, ast.Literal)}
        if any(is_unnamed(each) and not each.startswith(OWN) for each in left.masks):
            outcomes = (self.compare("==" if is_in else "!=", left, each) for each in texts)
            return any_of(outcomes) if is_in else all_of(outcomes)
        mask = 0
        for each, classes in left.masks.items():
            mask |= classes if (each in texts) is is_in else 0
        return left.variable.has(mask)

    def _compare_with_constant(self, operator: str, left: Linear | RelativeDay, right: DomainValue) -> Formula:
        if isinstance(left, Linear):
            if not isinstance(right, Decimal):
                return self.opaque_condition(ast.Literal(f"{left.variable.key!r} {operator} {right!r}"))
            bound = (right - left.offset) / left.factor
            if bound * left.factor != right - left.offset:
                bound = bound.quantize(Decimal("1e-12"))
            return left.variable.compare(operator if left.factor > 0 else _MIRRORED[operator], bound)
        day = ast.parse_iso_date(right) if isinstance(right, str) else None
        if day is None:
            return False
        number = Decimal(day.toordinal()) - left.offset
        if left.variable is None:
            return self.number(("today",), None, None, whole=True, is_never_null=True).compare(operator, number)
        calendar = self.number(("calendar", left.variable.key), None, None, whole=True, is_never_null=True)
        return all_of([Atom(left.variable, ~NULL), calendar.compare(operator, number)])

    def _compare_variables(self, operator: str, left: Linear | RelativeDay, right: Linear | RelativeDay) -> Formula:
        if left.variable is right.variable or left.variable is None or right.variable is None:
            return self._compare_one_variable(operator, left, right)
        ours, theirs = (
            each if isinstance(each, Linear) else Linear(cast("NumberVariable", each.variable), Decimal(1), each.offset)
            for each in (left, right)
        )
        return self._compare_with_constant(operator, self.subtract(ours, theirs), Decimal(0))

    def _compare_one_variable(self, operator: str, left: Linear | RelativeDay, right: Linear | RelativeDay) -> Formula:
        """Both sides depend on the same variable, or one of them is `today`."""
        factor = getattr(left, "factor", Decimal(1)) - getattr(right, "factor", Decimal(1))
        if left.variable is right.variable and not factor:
            return all_of([self.exists(left), compare_constants(operator, left.offset, right.offset)])
        if isinstance(left, Linear) and isinstance(right, Linear):
            difference = Linear(left.variable, factor, left.offset - right.offset)
            return self._compare_with_constant(operator, difference, Decimal(0))
        if left.variable is None:
            left, right, operator = right, left, _MIRRORED[operator]
        assert left.variable is not None
        return left.variable.compare(operator, right.offset - left.offset)


_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _merge_masks(outcomes: Iterable[tuple[int, Formula]]) -> list[tuple[int, Formula]]:
    """The masks of outcomes that are certain in one mask, and each other one with its own."""
    certain = 0
    others: list[tuple[int, Formula]] = []
    for mask, outcome in outcomes:
        if outcome is True:
            certain |= mask
        elif outcome is not False:
            others.append((mask, outcome))
    return [(certain, True), *others] if certain else others
