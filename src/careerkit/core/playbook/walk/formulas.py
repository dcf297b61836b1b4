"""Formulas over the answers of a playbook, evaluated for a set of possible answers at once.

A variable is a question, and its possible answers are the bits of a mask: one per value class, see `domains`. A formula
is true, false, or undecided for the answers that are still possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import product

from careerkit.core.frozen import frozen

TRUE, FALSE, UNDECIDED = 1, 2, 3
"""The result of a formula: which truth values it can have, as bits."""

MAX_COMBINATIONS = 64
"""The most combinations of answers that a relation is evaluated for at once; with more, it counts as undecided."""


@frozen
class Membership:
    """The answer to `variable` is one that can make an atom true (`yes`) or false (`no`); both are masks.

    `atom` is the atom itself, if answers that are not in a class can make it true or false independently of others.
    """

    variable: int
    yes: int
    no: int
    atom: object = None


@frozen
class Constant:
    holds: bool


@frozen
class Negation:
    operand: ReachFormula


@frozen
class Junction:
    """All of `operands` hold, or any of them."""

    is_all: bool
    operands: tuple[ReachFormula, ...]


@frozen
class Threshold:
    """The points of the terms that hold reach `limit`; if `is_strict`, they exceed it."""

    terms: tuple[tuple[ReachFormula, Decimal], ...]
    limit: Decimal
    is_strict: bool


@frozen
class Relation:
    """An atom over several questions. `evaluate` gets one value class of each of `variables`; results are cached."""

    variables: tuple[int, ...]
    evaluate: Callable[[tuple[int, ...]], bool]
    open_masks: tuple[int, ...]
    """For each variable, the classes whose value isn't known, so that the atom may be true or false."""
    cache: dict[tuple[int, ...], bool]
    work: list[int]
    """One number, shared by all relations: how many combinations were evaluated."""


ReachFormula = Membership | Constant | Negation | Junction | Threshold | Relation
ALWAYS, NEVER = Constant(holds=True), Constant(holds=False)


class FormulaFactory:
    """Creates formulas, simplified. Equal formulas are the same object, so a contradiction of two is seen at once."""

    def __init__(self) -> None:
        self._known: dict[object, ReachFormula] = {}
        self.work = [0]
        """One number: how many combinations of answers were evaluated for relations, which takes most of the time."""

    def make_literal(self, variable: int, *, yes: int, no: int, atom: object = None) -> ReachFormula:
        if not no:
            return ALWAYS
        if not yes:
            return NEVER
        return self._share(("literal", variable, yes, no, atom), lambda: Membership(variable, yes, no, atom))

    def make_relation(self, key: object, build: Callable[[], Relation]) -> ReachFormula:
        return self._share(("relation", key), build)

    def make_threshold(
        self, terms: Sequence[tuple[ReachFormula, Decimal]], limit: Decimal, *, is_strict: bool
    ) -> ReachFormula:
        certain = sum((points for term, points in terms if term is ALWAYS), Decimal(0))
        rest = tuple((term, points) for term, points in terms if not isinstance(term, Constant) and points)
        limit -= certain
        key = ("threshold", tuple((id(term), points) for term, points in rest), limit, is_strict)
        return self._share(key, lambda: Threshold(rest, limit, is_strict))

    def negate(self, formula: ReachFormula) -> ReachFormula:
        if isinstance(formula, Constant):
            return NEVER if formula.holds else ALWAYS
        if isinstance(formula, Negation):
            return formula.operand
        if isinstance(formula, Membership) and formula.atom is None:
            return self.make_literal(formula.variable, yes=formula.no, no=formula.yes)
        return self._share(("not", id(formula)), lambda: Negation(formula))

    def join_all(self, formulas: Iterable[ReachFormula]) -> ReachFormula:
        return self._join(formulas, is_all=True)

    def join_any(self, formulas: Iterable[ReachFormula]) -> ReachFormula:
        return self._join(formulas, is_all=False)

    def _join(self, formulas: Iterable[ReachFormula], *, is_all: bool) -> ReachFormula:
        neutral, decisive = (ALWAYS, NEVER) if is_all else (NEVER, ALWAYS)
        parts: dict[int, ReachFormula] = {}
        for formula in formulas:
            nested = formula.operands if isinstance(formula, Junction) and formula.is_all is is_all else (formula,)
            for each in nested:
                if each is decisive or id(self.negate(each)) in parts:
                    return decisive
                if each is not neutral:
                    parts[id(each)] = each
        if len(parts) < 2:
            return next(iter(parts.values()), neutral)
        operands = tuple(parts.values())
        return self._share(("join", is_all, tuple(sorted(parts))), lambda: Junction(is_all, operands))

    def _share(self, key: object, build: Callable[[], ReachFormula]) -> ReachFormula:
        if key not in self._known:
            self._known[key] = build()
        return self._known[key]


def evaluate_formula(formula: ReachFormula, masks: Sequence[int], memo: dict[int, int]) -> int:
    """TRUE, FALSE or UNDECIDED for all answers in `masks`.

    `memo` holds results for the same masks, by formula; what is assumed of atoms can be put into it.
    """
    if isinstance(formula, Membership) and (formula.atom is None or id(formula) not in memo):
        possible = masks[formula.variable]
        return (TRUE if possible & formula.yes else 0) | (FALSE if possible & formula.no else 0)
    known = memo.get(id(formula))
    if known is not None:
        return known
    match formula:
        case Junction():
            result = _evaluate_junction(formula, masks, memo)
        case Negation(operand=operand):
            inner = evaluate_formula(operand, masks, memo)
            result = UNDECIDED if inner == UNDECIDED else TRUE + FALSE - inner
        case Relation():
            result = _evaluate_relation(formula, masks)
        case Threshold():
            result = _evaluate_threshold(formula, masks, memo)
        case Constant(holds=holds):
            result = TRUE if holds else FALSE
    memo[id(formula)] = result
    return result


def _evaluate_junction(formula: Junction, masks: Sequence[int], memo: dict[int, int]) -> int:
    decisive = FALSE if formula.is_all else TRUE
    result = TRUE + FALSE - decisive
    for operand in formula.operands:
        if (
            isinstance(operand, Membership) and operand.atom is None
        ):  # in line: most operands are, and this is called most
            possible = masks[operand.variable]
            found = (TRUE if possible & operand.yes else 0) | (FALSE if possible & operand.no else 0)
        else:
            found = memo.get(id(operand)) or evaluate_formula(operand, masks, memo)
        if found == decisive:
            return decisive
        if found == UNDECIDED:
            result = UNDECIDED
    return result


def _evaluate_threshold(formula: Threshold, masks: Sequence[int], memo: dict[int, int]) -> int:
    low = high = Decimal(0)
    for term, points in formula.terms:
        found = evaluate_formula(term, masks, memo)
        if found != FALSE:
            low += points if found == TRUE or points < 0 else 0
            high += points if found == TRUE or points > 0 else 0
    reaches, misses = (
        (low > formula.limit, high <= formula.limit)
        if formula.is_strict
        else (low >= formula.limit, high < formula.limit)
    )
    return TRUE if reaches else FALSE if misses else UNDECIDED


def _evaluate_relation(formula: Relation, masks: Sequence[int]) -> int:
    count = 1
    for variable, unknown in zip(formula.variables, formula.open_masks, strict=True):
        if masks[variable] & unknown:
            return UNDECIDED
        count *= masks[variable].bit_count()
        if count > MAX_COMBINATIONS:
            return UNDECIDED
    result = 0
    for classes in product(*(list_classes(masks[variable]) for variable in formula.variables)):
        if classes not in formula.cache:
            formula.cache[classes] = formula.evaluate(classes)
            formula.work[0] += 1
        result |= TRUE if formula.cache[classes] else FALSE
        if result == UNDECIDED:
            break
    return result


def list_classes(mask: int) -> list[int]:
    """The numbers of the bits that are set, in ascending order."""
    classes = []
    while mask:
        lowest = mask & -mask
        classes.append(lowest.bit_length() - 1)
        mask ^= lowest
    return classes


def get_operands(formula: ReachFormula) -> tuple[ReachFormula, ...]:
    """The formulas that a formula is made of; none for an atom."""
    match formula:
        case Negation(operand=operand):
            return (operand,)
        case Junction(operands=operands):
            return operands
        case Threshold(terms=terms):
            return tuple(term for term, _ in terms)
    return ()


def list_variables(formula: ReachFormula) -> tuple[int, ...]:
    """The variables of an atom; none for any other formula."""
    match formula:
        case Membership(variable=variable):
            return (variable,)
        case Relation(variables=variables):
            return variables
    return ()
