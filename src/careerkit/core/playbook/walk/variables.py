"""The variables of a playbook: its questions with their value classes, and the answers that an assignment stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from careerkit.core.due_dates import set_hour
from careerkit.core.expressions import ast
from careerkit.core.expressions.parser import parse
from careerkit.core.frozen import frozen, get_field_names, replace
from careerkit.core.interview.facts import Facts, drop_hidden_fields
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
