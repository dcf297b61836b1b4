"""The variables of a playbook, and formulas over them that are evaluated for a set of possible answers at once.

A variable is a question, and its possible answers are the bits of a mask: one per value class, see `domains`. A formula
is true, false, or undecided for the answers that are still possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import cast

from careerkit.core.due_dates import set_hour
from careerkit.core.expressions import ast
from careerkit.core.expressions.parser import parse
from careerkit.core.facts import Facts, drop_hidden_fields
from careerkit.core.frozen import frozen, get_field_names, replace
from careerkit.core.playbook.model import HOURS_LEFT, Compute, Playbook, list_questions
from careerkit.core.playbook.walk.domains import (
    NO_CONSTANTS,
    Constants,
    DomainBuilder,
    Recipe,
    ValueClasses,
    collect_constants,
    follow_recipe,
)
from careerkit.core.questions.question import Question
from careerkit.core.values import Record, Value

TRUE, FALSE, UNDECIDED = 1, 2, 3
"""The result of a formula: which truth values it can have, as bits."""

MAX_COMBINATIONS = 64
"""The most combinations of answers that a relation is evaluated for at once; with more, it counts as undecided."""

DONE_PREFIX = "done:"
"""In front of the id of an action, the variable that says whether it is done."""
HOUR = "hour:started"
"""The variable for the hour at which the interview starts, if conditions depend on it."""
HOURS_TRIED = ("0.5", "6", "9", "12", "15", "17.5", "19", "22")
MAX_DRAWS = 8
"""The draws of a decision while the walk looks for answers; an example run is verified with all of them."""
_HOURS_PER_DAY = 24
_CONDITION_KEYS = frozenset({"when", "check", "each_when", "urgent", "small"})


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


@frozen
class Moment:
    """When an interview, or a check-in, is supposed to begin."""

    today: date
    started: datetime
    zone: str

    def move_to(self, hour: Decimal | None) -> Moment:
        """The same day at that hour; the same moment for None."""
        return self if hour is None else replace(self, started=set_hour(self.started.date(), hour, self.started.tzinfo))


@frozen
class BranchVariable:
    """A question, or whether an action is done, with its possible answers.

    The bits of a mask are the classes of the domain. `unknown_mask` are further bits, one for each class: the answers that
    are like it for the conditions for which the domain is precise, and unlike any class for others.
    """

    name: str
    domain: ValueClasses
    full_mask: int
    unknown_mask: int

    @property
    def answered_mask(self) -> int:
        """Every answer but none."""
        return (self.full_mask & ~1) | self.unknown_mask

    def add_unknown(self, classes: int) -> int:
        """The mask with the further bits of each of its classes."""
        return classes | (classes << self.full_mask.bit_length() & self.unknown_mask)


class AssumedFacts(Facts):
    """Facts in which every answer counts as given and visible: conditions on that are formulas of their own."""

    def _question_value(self, question: Question) -> Value | None:
        kept = self.stored_answer(question.id)
        if kept is None or not any(field.when for field in question.spec.fields):
            return kept
        shows_field = self.field_filter(question)
        return tuple(drop_hidden_fields(question.spec, form, shows_field) for form in cast("tuple[Record, ...]", kept))


class VariableTable:
    """The variables of a playbook and its check-ins, numbered in the order in which they are asked."""

    def __init__(self, playbook: Playbook, moment: Moment) -> None:
        self.playbook = playbook
        self.questions: Mapping[str, Question] = {question.id: question for question in list_questions(playbook)}
        self.variables: list[BranchVariable] = []
        self.number_of: dict[str, int] = {}
        self._builder = DomainBuilder(playbook, _find_constants(playbook), moment.today)
        facts, nothing = Facts(playbook, {}, today=moment.today), frozenset[str]()
        for question in list_questions(playbook):
            if question.spec.has_answer:
                self._add(question.id, self._builder.build(question))
        if any(HOURS_LEFT in expand_names(name, facts) for name in _list_all_names(playbook)):
            hours = (None, *map(Decimal, HOURS_TRIED))
            self._add(HOUR, ValueClasses(hours, "alone", needed=(nothing,) * len(hours)))
        named = {name for source in list_expressions_of(playbook) for name in ast.find_actions(parse(source))}
        for name in sorted(named):
            self._add(DONE_PREFIX + name, ValueClasses((None, True), "exact", needed=(nothing, nothing)))

    def build_answers(self, classes: Mapping[int, int]) -> dict[str, Value]:
        """The answers that one class of each of these variables stands for; actions that are done have the value True."""
        answers: dict[str, Value] = {}
        for number in sorted(classes):
            variable = self.variables[number]
            value = variable.domain.classes[classes[number]]
            if isinstance(value, Recipe):
                given = AssumedFacts(self.playbook, answers, today=date.min)
                value = follow_recipe(value, self.questions[variable.name], given.choices_for, self._builder)
            if value is not None:
                answers[variable.name] = value
        return answers

    def list_names(self, number: int) -> tuple[str, ...]:
        """The names of a variable and of those that its answer is built from."""
        found: list[str] = []
        waiting = [self.variables[number].name]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.append(name)
                waiting += self.variables[self.number_of[name]].domain.depends_on
        return tuple(found)

    def _add(self, name: str, domain: ValueClasses) -> None:
        count = len(domain.classes)
        self.number_of[name] = len(self.variables)
        full = (1 << count) - 1
        unknown = 0 if domain.precision == "exact" else (full & ~1) << count
        self.variables.append(BranchVariable(name, domain, full, unknown))


def list_expressions_of(part: object) -> Iterator[str]:
    """Every condition, check and value in a playbook, or in a part of it."""
    if isinstance(part, tuple):
        for each in part:
            yield from list_expressions_of(each)
    elif isinstance(part, Compute) or hasattr(type(part), "__match_args__"):
        for key in get_field_names(part):
            value = getattr(part, key)
            if isinstance(value, str):
                if value and (key in _CONDITION_KEYS or (key == "value" and isinstance(part, Compute))):
                    yield value
            elif not isinstance(value, Mapping | Decimal):
                yield from list_expressions_of(value)


def limit_draws(playbook: Playbook) -> Playbook:
    """The playbook with decisions that are calculated quickly."""
    return replace(
        playbook, decisions=tuple(replace(each, draws=min(each.draws, MAX_DRAWS)) for each in playbook.decisions)
    )


def _find_constants(playbook: Playbook) -> dict[str, Constants]:
    facts = Facts(playbook, {}, today=date.min)
    names = (*facts.index.questions, *facts.index.computes, *facts.index.decisions, HOURS_LEFT)
    depends_on = {name: facts.depends_on(name) for name in names}
    fields = {name: facts.get_field_names(name) for name in facts.index.questions}
    nodes = [parse(source) for source in {*list_expressions_of(playbook), *_list_bounds(playbook)}]
    found = collect_constants(nodes, depends_on, fields)
    timed = [node for node in nodes if any(HOURS_LEFT in expand_names(name, facts) for name in _list_names(node))]
    hours = {number for each in collect_constants(timed, {}, {}).values() for number in each.numbers}
    if hours and playbook.deadline:
        known = found.get(playbook.deadline, NO_CONSTANTS)
        days = {Decimal(int(number // _HOURS_PER_DAY) + step) for number in hours for step in (0, 1)}
        found[playbook.deadline] = replace(known, numbers=known.numbers | days)
    return found


def _list_bounds(playbook: Playbook) -> Iterator[str]:
    """The limits of bands, as comparisons."""
    for compute in playbook.computes:
        yield from (
            f"{compute.id} >= {band.from_:f}" for band in compute.bands if band.from_ is not None and band.from_ >= 0
        )


def _list_all_names(playbook: Playbook) -> frozenset[str]:
    return frozenset().union(*(_list_names(parse(source)) for source in {*list_expressions_of(playbook)}))


def _list_names(node: ast.Node) -> frozenset[str]:
    return ast.find_free_names(node, lambda _: ())


def expand_names(name: str, facts: Facts) -> frozenset[str]:
    """A name with the computes that it is calculated from."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            compute = facts.index.computes.get(each)
            waiting += list_used_names(compute, facts) if compute else ()
    return frozenset(found)


def list_used_names(compute: Compute, facts: Facts) -> Iterable[str]:
    """The names in the expressions of a compute."""
    expressions = [*(line.when for line in compute.tally), *(line.when for line in compute.text.lines), compute.value]
    return (*compute.needs, *(name for each in expressions for name in facts.get_names(each)))
