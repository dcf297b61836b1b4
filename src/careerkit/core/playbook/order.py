"""What is asked before what, and what each name rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from careerkit.core.expression import Node, parse, references
from careerkit.core.playbook.model import DECISION_PARTS, Compute, DecisionRule, Playbook, Question, RecordsForm
from careerkit.core.problem import Refused

ITEM = "item"
"""The field that records with `items` have without its being written."""

NOWHERE = -1
"""The position of what rests on no question."""


def all_questions(playbook: Playbook) -> Iterator[Question]:
    """Every question, notes too, stages first, in the order of asking."""
    yield from playbook.questions
    for checkin in playbook.checkins:
        yield from checkin.questions


def defined_by(rule: DecisionRule) -> tuple[str, ...]:
    """The names that a decision defines."""
    return tuple(f"{rule.id}_{part}" for part in DECISION_PARTS)


class Order:
    """Positions count the questions in the order of asking, from 0: the stages', then each check-in's.

    What doesn't parse or isn't known rests on nothing: both are reported elsewhere.
    """

    def __init__(self, playbook: Playbook) -> None:
        self._fields: dict[str, tuple[str, ...]] = {}
        self._positions: dict[str, int] = {}
        for position, question in enumerate(all_questions(playbook)):
            self._positions.setdefault(question.id, position)
            if isinstance(question.form, RecordsForm):
                own = tuple(each.id for each in question.form.fields)
                self._fields.setdefault(question.id, (ITEM, *own) if question.form.items else own)
        self._direct: dict[str, tuple[str, ...]] = {}
        for compute in playbook.computes:
            self._direct.setdefault(compute.id, tuple(sorted(self._looked_at(compute))))
        for rule in playbook.decisions:
            for name in defined_by(rule):
                self._direct.setdefault(name, (rule.weights, rule.scores))
        self._rested: dict[str, frozenset[str]] = {}
        self._depths: dict[str, int] = {}
        self.circles: list[tuple[str, ...]] = []
        """Each circle of computes that rest on one another, as a way that leads back to its beginning."""
        self.bottom_up = tuple(self._sorted())
        """All computes and what decisions define, each after what it rests on; in a circle anyhow."""
        self.last_of_stages = len(playbook.questions) - 1

    def position(self, question: str) -> int:
        return self._positions.get(question, NOWHERE)

    def latest(self, name: str) -> int:
        """The position of the last question that `name` rests on."""
        return max(map(self.position, self.rests_on(name)), default=NOWHERE)

    def latest_question(self, name: str) -> str:
        """That question's id; empty where there is none."""
        return max(sorted(self.rests_on(name)), key=self.position, default="")

    def rests_on(self, name: str) -> frozenset[str]:
        """All questions whose answers `name` depends on; a question depends on itself."""
        return frozenset((name,)) if name in self._positions else self._rested.get(name, frozenset())

    def directly(self, name: str) -> tuple[str, ...]:
        """The names that a compute, or what a decision defines, looks at itself."""
        return self._direct.get(name, ())

    def depth(self, name: str) -> int:
        """How many computes stand on one another up to `name`: 0 for a question."""
        return self._depths.get(name, 0)

    def names_in(self, node: Node, fields: Collection[str] = ()) -> frozenset[str]:
        """The questions, computes and decisions that an expression looks at directly."""
        return references(node, self.fields_of) - frozenset(fields)

    def fields_of(self, question: str) -> tuple[str, ...]:
        return self._fields.get(question, ())

    def _looked_at(self, compute: Compute) -> Iterator[str]:
        for source in (compute.value, *(line.when for line in compute.tally)):
            try:
                yield from self.names_in(parse(source))
            except Refused:
                continue

    def _sorted(self) -> Iterator[str]:
        # Depth first, without recursion: a chain of computes may be longer than Python's stack.
        finished: set[str] = set()
        for start in self._direct:
            way: dict[str, Iterator[str]] = {}
            current: str | None = start
            while current is not None or way:
                if current in way:
                    names = list(way)
                    self.circles.append((*names[names.index(current) :], current))
                elif current in self._direct and current not in finished and current not in self._positions:
                    way[current] = iter(self._direct[current])
                if not way:
                    break
                last = next(reversed(way))
                current = next(way[last], None)
                if current is None:
                    del way[last]
                    finished.add(last)
                    self._finish(last)
                    yield last

    def _finish(self, name: str) -> None:
        below = self._direct[name]
        self._rested[name] = frozenset().union(*map(self.rests_on, below))
        self._depths[name] = 1 + max(map(self.depth, below), default=0)
