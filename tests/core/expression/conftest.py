"""A playbook's worth of ids, and answers to put behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from careerkit.core.expression import check_value, evaluate, parse
from careerkit.core.expression.kinds import (
    ChoiceKind,
    ChoicesKind,
    DateKind,
    GridKind,
    Kind,
    ListKind,
    NumberKind,
    RankKind,
    RecordsKind,
    TextKind,
    WeightsKind,
    YesNoKind,
)
from careerkit.core.problem import Place, Problem, Refused
from careerkit.core.value import Value

SKILLS = ("patience", "trust_skill", "empathy")
OPTIONS = ("deep", "management", "stay")
PEOPLE = RecordsKind(
    {
        "person": TextKind(),
        "power": NumberKind(),
        "trust": NumberKind(),
        "knows": YesNoKind(),
        "side": ChoiceKind(("theirs", "ours")),
        "since": DateKind(),
        "roles": ChoicesKind(("boss", "peer")),
    }
)
KINDS: Mapping[str, Kind] = {
    "harm": NumberKind(),
    "spread": NumberKind(),
    "lasting": NumberKind(),
    "repeat": NumberKind(),
    "months": NumberKind(),
    "own_slip": YesNoKind(),
    "formal": YesNoKind(),
    "deadline": DateKind(),
    "takeover": DateKind(),
    "client": TextKind(),
    "kind": ChoiceKind(("mistake", "boss", "age", "other")),
    "tone": ChoiceKind(("formal", "plain")),
    "chosen": ChoiceKind(OPTIONS),
    "skill": ChoiceKind(None),
    "gate": ChoicesKind(("outage", "abuse", "legal", "none")),
    "picked": ChoicesKind(None),
    "importance": RankKind(SKILLS),
    "order": RankKind(None),
    "criteria": ListKind(),
    "swing": WeightsKind(None),
    "points": WeightsKind(SKILLS),
    "scores": GridKind(OPTIONS, None, spread=True),
    "undo": GridKind(OPTIONS, ("weeks", "money"), spread=False),
    "people": PEOPLE,
    "proof": RecordsKind({"item": ChoiceKind(None), "often": NumberKind(), "example": TextKind()}),
    "severity": NumberKind(),
    "past": NumberKind(),
    "quality": NumberKind(),
    "personal": NumberKind(),
}
BANDS = {"severity": ("note", "meeting", "advice"), "past": ("low", "high"), "quality": ("low", "high")}
ACTIONS = ("tell_owner", "repair_it")


@dataclass(frozen=True)
class RichScope:
    """Every kind of id that there is."""

    actions: tuple[str, ...] | None = ACTIONS

    def kind_of(self, name: str) -> Kind | None:
        return KINDS.get(name)

    def names(self) -> Iterable[str]:
        return KINDS

    def bands_of(self, name: str) -> tuple[str, ...] | None:
        return BANDS.get(name)

    def action_ids(self) -> tuple[str, ...] | None:
        return self.actions


@dataclass(frozen=True)
class Answers:
    """What is not given is null."""

    values: Mapping[str, Value | None] = field(default_factory=dict)
    bands: Mapping[str, str] = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    today: date = date(2026, 11, 22)

    def value(self, name: str) -> Value | None:
        return self.values.get(name)

    def band(self, name: str) -> str | None:
        return self.bands.get(name)

    def is_done(self, action: str) -> bool:
        return action in self.done


Problems = Callable[..., tuple[Problem, ...]]
Value_of = Callable[..., Value | None]


@pytest.fixture(scope="session")
def scope() -> RichScope:
    return RichScope()


@pytest.fixture(scope="session")
def scope_outside_checkins() -> RichScope:
    return RichScope(actions=None)


@pytest.fixture(scope="session")
def kinds() -> Mapping[str, Kind]:
    return KINDS


@pytest.fixture(scope="session")
def answers() -> type[Answers]:
    return Answers


@pytest.fixture(scope="session")
def problems_of() -> Problems:
    """What parse or a check refuses, as a tuple of problems; empty when all is well."""

    def problems(source: str, checked: Callable[..., object] | None = None, *scope: RichScope) -> tuple[Problem, ...]:
        try:
            node = parse(source)
            if checked is not None:
                checked(node, *(scope or (RichScope(),)))
        except Refused as refused:
            return refused.problems
        return ()

    return problems


@pytest.fixture(scope="session")
def value_of() -> Value_of:
    """The value of a source that checks clean, on the answers given by id."""

    def value(source: str, **values: Value | None) -> Value | None:
        node = parse(source)
        check_value(node, RichScope())
        return evaluate(node, Answers(values))

    return value


@pytest.fixture(scope="session")
def column_of() -> Callable[[Problem], int]:
    def column(problem: Problem) -> int:
        assert isinstance(problem.where, Place)
        assert (problem.where.file, problem.where.line) == ("", 1)
        return problem.where.column

    return column
