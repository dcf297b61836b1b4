"""The types of names in a playbook's expressions, and how these names depend on each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from careerkit.core.errors import Refused
from careerkit.core.expressions import types
from careerkit.core.expressions.ast import Node, find_free_names
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_value
from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import (
    HOURS_LEFT,
    Compute,
    DecisionRule,
    Playbook,
    list_defined_names,
    list_questions,
)
from careerkit.core.questions.question import Options, Question
from careerkit.core.text import find_inserted_names

NO_POSITION = -1
"""The position of a name that depends on no question."""

_NO_FIELDS: Mapping[str, types.ValueType] = MappingProxyType({})
_MAX_SUGGESTED = 1000


class PlaybookTypes:
    """The scope of an expression: all names of the playbook. The types of names in `unknown` are treated as unknown."""

    def __init__(self, playbook: Playbook, *, order: Order | None = None, unknown: Collection[str] = ()) -> None:
        self._questions: dict[str, Question] = {}
        for question in list_questions(playbook):
            self._questions.setdefault(question.id, question)
        self._computes = {compute.id: compute for compute in reversed(playbook.computes)}
        self._rules = {name: rule for rule in reversed(playbook.decisions) for name in list_defined_names(rule)}
        self._unknown = frozenset(unknown)
        self._known: dict[str, types.ValueType | None] = dict.fromkeys(unknown)
        self._order = order
        self._playbook = playbook

    def type_of(self, name: str) -> types.ValueType | None:
        """The type of `name`. None for an unknown name, a note, and a compute whose value is invalid or circular."""
        if name not in self._known and (name in self._computes or name in self._rules):
            self._find_all()
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def has(self, name: str) -> bool:
        return name in self._questions or name in self._computes or name in self._rules or self._is_hours_left(name)

    def _is_hours_left(self, name: str) -> bool:
        return name == HOURS_LEFT and bool(self._playbook.deadline)

    def names(self) -> tuple[str, ...]:
        """The known names. Limited to the first thousand, because a misspelled name is compared with each of them."""
        return tuple(islice((*self._questions, *self._computes, *self._rules), _MAX_SUGGESTED))

    def question(self, name: str) -> Question | None:
        return self._questions.get(name)

    def compute(self, name: str) -> Compute | None:
        return self._computes.get(name)

    def band_ids(self, name: str) -> tuple[str, ...] | None:
        compute = self._computes.get(name)
        return tuple(band.id for band in compute.bands) if compute and compute.bands else None

    def action_ids(self) -> tuple[str, ...] | None:
        return None

    def ids_of(self, options: Options) -> types.Ids:
        """The ids that can be chosen from. None if they depend on an answer that the person writes."""
        seen: set[str] = set(self._unknown)
        while options.source:
            source = self._questions.get(options.source)
            if source is None or source.id in seen or not source.spec.gives_items or not source.spec.options:
                return None
            seen.add(source.id)
            options = source.spec.options
        return tuple(choice.id for choice in options.choices)

    def fields_of(self, question: Question) -> Mapping[str, types.ValueType]:
        """The types of the fields of a records question, `item` first if it has one."""
        kind = question.spec.expression_type(self)
        return kind.fields if isinstance(kind, types.RecordsType) else _NO_FIELDS

    def _find_all(self) -> None:
        # All computes at once, bottom up, so that a long chain of them doesn't exceed the recursion limit.
        order = self._order or Order(self._playbook)
        known = dict.fromkeys(order.bottom_up) | self._known  # None until found, so that circular references end
        missing = [name for name in order.bottom_up if name not in self._known]
        self._known = known
        for name in missing:
            depends_on_broken = any(self.has(each) and self.type_of(each) is None for each in order.directly(name))
            self._known[name] = None if depends_on_broken else self._find(name)

    def _find(self, name: str) -> types.ValueType | None:
        if name in self._questions:
            return self._questions[name].spec.expression_type(self)
        if name in self._computes:
            return self._find_compute(self._computes[name])
        if name in self._rules:
            return self._find_decision(name, self._rules[name])
        return types.NumberType() if self._is_hours_left(name) else None

    def _find_compute(self, compute: Compute) -> types.ValueType | None:
        if compute.text.lines:
            return types.TextType()
        if compute.tally:
            return types.NumberType()
        try:
            return check_value(parse(compute.value), self)
        except Refused:
            return None

    def _find_decision(self, name: str, rule: DecisionRule) -> types.ValueType:
        scores = self.type_of(rule.scores)
        rows, columns = (scores.rows, scores.columns) if isinstance(scores, types.MatrixType) else (None, None)
        match name.removeprefix(f"{rule.id}_"):
            case "share" | "flip":
                return types.NumberType()
            case "flip_on":
                return types.ChoiceType(columns)
            case "dominated" | "level" | "ruled_out":
                return types.ChoicesType(rows)
            case _:
                return types.ChoiceType(rows)


@frozen
class NestedScope:
    """The scope of the playbook, extended by the fields of a record, or by the actions that done() may name."""

    parent: PlaybookTypes
    fields: Mapping[str, types.ValueType] = _NO_FIELDS
    actions: tuple[str, ...] | None = None

    def type_of(self, name: str) -> types.ValueType | None:
        return self.fields.get(name) or self.parent.type_of(name)

    def names(self) -> Iterable[str]:
        return (*self.fields, *self.parent.names())

    def band_ids(self, name: str) -> tuple[str, ...] | None:
        return self.parent.band_ids(name)

    def action_ids(self) -> tuple[str, ...] | None:
        return self.actions


class Order:
    """The dependencies of computes and decisions, and the positions of questions in the order they are asked.

    Positions start at 0 and continue from the stages to the check-ins. Expressions that don't parse and unknown names
    count as having no dependencies; both are reported elsewhere.
    """

    def __init__(self, playbook: Playbook) -> None:
        self._fields: dict[str, tuple[str, ...]] = {}
        self._positions: dict[str, int] = {}
        for position, question in enumerate(list_questions(playbook)):
            self._positions.setdefault(question.id, position)
            self._fields.setdefault(question.id, question.spec.field_names)
        self._direct: dict[str, tuple[str, ...]] = {}
        for compute in playbook.computes:
            self._direct.setdefault(compute.id, tuple(sorted(self._find_names(compute))))
        for rule in playbook.decisions:
            for name in list_defined_names(rule):
                self._direct.setdefault(name, rule.questions)
        if playbook.deadline and HOURS_LEFT not in self._direct:
            self._direct[HOURS_LEFT] = tuple(name for name in (playbook.deadline, playbook.deadline_hour) if name)
        self._roots: dict[str, frozenset[str]] = {}
        self._depths: dict[str, int] = {}
        self.circles: list[tuple[str, ...]] = []
        """Each circular dependency between computes, as a list of names that ends with the first one."""
        self.bottom_up = tuple(self._sort())
        """All computes and results of decisions, each after the names it depends on; in any order within a circle."""
        self.last_of_stages = len(playbook.questions) - 1

    def position(self, question: str) -> int:
        return self._positions.get(question, NO_POSITION)

    def latest(self, name: str) -> int:
        """The position of the last question that `name` depends on; NO_POSITION if there is none."""
        return max(map(self.position, self.depends_on(name)), default=NO_POSITION)

    def latest_question(self, name: str) -> str:
        """The id of the last question that `name` depends on; empty if there is none."""
        return max(sorted(self.depends_on(name)), key=self.position, default="")

    def depends_on(self, name: str) -> frozenset[str]:
        """The questions that `name` depends on, directly or not. A question depends on itself."""
        return frozenset((name,)) if name in self._positions else self._roots.get(name, frozenset())

    def directly(self, name: str) -> tuple[str, ...]:
        """The names that a compute, or a result of a decision, refers to directly."""
        return self._direct.get(name, ())

    def depth(self, name: str) -> int:
        """The length of the longest chain of computes that leads to `name`; 0 for a question."""
        return self._depths.get(name, 0)

    def names_in(self, node: Node, fields: Collection[str] = ()) -> frozenset[str]:
        """The questions, computes and decision results that an expression refers to directly, without `fields`."""
        return find_free_names(node, self.fields_of) - frozenset(fields)

    def fields_of(self, question: str) -> tuple[str, ...]:
        return self._fields.get(question, ())

    def _find_names(self, compute: Compute) -> Iterator[str]:
        yield from compute.needs
        for line in compute.text.lines:
            yield from find_inserted_names(line.text)
        conditions = [*(line.when for line in compute.tally), *(line.when for line in compute.text.lines)]
        for source in (compute.value, *filter(None, conditions)):
            try:
                yield from self.names_in(parse(source))
            except Refused:
                continue

    def _sort(self) -> Iterator[str]:
        # Depth first, without recursion: a chain of computes may be longer than the recursion limit.
        finished: set[str] = set()
        for start in self._direct:
            stack: dict[str, Iterator[str]] = {}
            current: str | None = start
            while current is not None or stack:
                if current in stack:
                    names = list(stack)
                    self.circles.append((*names[names.index(current) :], current))
                elif current in self._direct and current not in finished and current not in self._positions:
                    stack[current] = iter(self._direct[current])
                if not stack:
                    break
                last = next(reversed(stack))
                current = next(stack[last], None)
                if current is None:
                    del stack[last]
                    finished.add(last)
                    self._finish(last)
                    yield last

    def _finish(self, name: str) -> None:
        below = self._direct[name]
        self._roots[name] = frozenset().union(*map(self.depends_on, below))
        self._depths[name] = 1 + max(map(self.depth, below), default=0)
