"""The ids of a playbook, and answers for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from careerkit.core.errors import Place, Problem, Refused
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_value
from careerkit.core.expressions.types import (
    ChoicesType,
    ChoiceType,
    DateType,
    ListType,
    MatrixType,
    NumberType,
    RankType,
    RecordsType,
    TextType,
    ValueType,
    WeightsType,
    YesNoType,
)
from careerkit.core.values import Value

SKILLS = ("patience", "trust_skill", "empathy")
OPTIONS = ("deep", "management", "stay")
PEOPLE = RecordsType(
    {
        "person": TextType(),
        "power": NumberType(),
        "trust": NumberType(),
        "knows": YesNoType(),
        "side": ChoiceType(("theirs", "ours")),
        "since": DateType(),
        "roles": ChoicesType(("boss", "peer")),
    }
)
KINDS: Mapping[str, ValueType] = {
    "harm": NumberType(),
    "spread": NumberType(),
    "lasting": NumberType(),
    "repeat": NumberType(),
    "months": NumberType(),
    "own_slip": YesNoType(),
    "formal": YesNoType(),
    "deadline": DateType(),
    "takeover": DateType(),
    "client": TextType(),
    "kind": ChoiceType(("mistake", "boss", "age", "other")),
    "tone": ChoiceType(("formal", "plain")),
    "chosen": ChoiceType(OPTIONS),
    "skill": ChoiceType(None),
    "gate": ChoicesType(("outage", "abuse", "legal", "none")),
    "picked": ChoicesType(None),
    "importance": RankType(SKILLS),
    "order": RankType(None),
    "criteria": ListType(),
    "swing": WeightsType(None),
    "points": WeightsType(SKILLS),
    "scores": MatrixType(OPTIONS, None, spread=True),
    "undo": MatrixType(OPTIONS, ("weeks", "money"), spread=False),
    "people": PEOPLE,
    "proof": RecordsType({"item": ChoiceType(None), "often": NumberType(), "example": TextType()}),
    "severity": NumberType(),
    "past": NumberType(),
    "quality": NumberType(),
    "personal": NumberType(),
}
BANDS = {"severity": ("note", "meeting", "advice"), "past": ("low", "high"), "quality": ("low", "high")}
ACTIONS = ("tell_owner", "repair_it")


@dataclass(frozen=True)
class RichScope:
    """Every kind of id that there is."""

    actions: tuple[str, ...] | None = ACTIONS

    def type_of(self, name: str) -> ValueType | None:
        return KINDS.get(name)

    def names(self) -> Iterable[str]:
        return KINDS

    def band_ids(self, name: str) -> tuple[str, ...] | None:
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
def kinds() -> Mapping[str, ValueType]:
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
