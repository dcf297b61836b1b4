"""The playbook model: frozen records that hold a checked playbook, readable without Pydantic.

These records and the specs in `core.questions` are the only description of the playbook format. Their fields are its
keys, with types and defaults; `schema` builds the Pydantic models that validate a file from them. Expressions (`when`,
`check`, `value`) are stored as source text, which `core.expressions.parser` parses and caches. Texts are stored as
lines of template source, see `core.template`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from careerkit.core.frozen import frozen
from careerkit.core.questions.question import Condition, Line, Question
from careerkit.core.records import from_plain

Level = Literal["info", "good", "care", "stop"]

NOTHING: Mapping[str, str] = MappingProxyType({})


@frozen
class Source:
    id: str
    cite: str


@frozen
class Stage:
    id: str
    title: str
    questions: tuple[Question, ...] = ()
    intro: str = ""
    when: Condition = ""
    quick: bool = False


@frozen
class Band:
    """`from_` is the lowest value of the band; None for the lowest band."""

    id: str
    label: str = ""
    from_: Decimal | None = None


@frozen
class TallyLine:
    id: str
    when: Condition
    points: Decimal
    text: str = ""


@frozen
class Compute:
    """Has either a `value` (an expression) or a `tally`; `start`, `min` and `max` apply to the tally."""

    id: str
    label: str = ""
    value: str = ""
    tally: tuple[TallyLine, ...] = ()
    start: Decimal = Decimal(0)
    min: Decimal = Decimal(0)
    max: Decimal = Decimal(100)
    bands: tuple[Band, ...] = ()
    source: tuple[str, ...] = ()


DECISION_PARTS = ("first", "second", "share", "flip", "flip_on", "dominated", "level")
"""The results of a decision. Each is available in expressions as the decision's id, `_` and one of these words."""


@frozen
class DecisionRule:
    id: str
    weights: str
    scores: str
    draws: int = 10_000


@frozen
class FindingRule:
    id: str
    title: str
    text: tuple[Line, ...] = ()
    when: Condition = ""
    level: Level = "info"
    source: tuple[str, ...] = ()
    tally: str = ""
    profile: tuple[str, ...] = ()
    next: str = ""
    with_: Mapping[str, str] = NOTHING
    """The answers to prefill in the next playbook: its question id -> question id of this one."""
    quick: bool = False


@frozen
class DraftRule:
    id: str
    title: str
    text: tuple[Line, ...]
    to: str = ""
    when: Condition = ""
    source: tuple[str, ...] = ()
    quick: bool = False


@frozen
class ActionRule:
    id: str
    do: str
    cue: str = ""
    due: str = ""
    evidence: str = ""
    when: Condition = ""
    source: tuple[str, ...] = ()
    quick: bool = False


@frozen
class CheckinRule:
    id: str
    after: str
    title: str
    when: Condition = ""
    questions: tuple[Question, ...] = ()
    findings: tuple[FindingRule, ...] = ()
    drafts: tuple[DraftRule, ...] = ()
    actions: tuple[ActionRule, ...] = ()


@frozen
class Playbook:
    """`id` is GROUP/NAME, or the file name without suffix for `careerkit run FILE`; `sha256` is the hash of the file."""

    id: str
    sha256: str
    title: str
    summary: str
    version: str = ""
    minutes: int | None = None
    sources: tuple[Source, ...] = ()
    stages: tuple[Stage, ...] = ()
    computes: tuple[Compute, ...] = ()
    decisions: tuple[DecisionRule, ...] = ()
    findings: tuple[FindingRule, ...] = ()
    drafts: tuple[DraftRule, ...] = ()
    actions: tuple[ActionRule, ...] = ()
    checkins: tuple[CheckinRule, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions of the stages, in the order they are asked. Check-in questions are not included."""
        return tuple(question for stage in self.stages for question in stage.questions)


def read_playbook(table: Mapping[str, Any], *, id: str, sha256: str) -> Playbook:  # noqa: A002 - the word of the format
    """Build a playbook from normalized tables, see `schema.normalize`. Raises like `from_plain` if they don't fit."""
    return from_plain(Playbook, {**table, "id": id, "sha256": sha256})


def list_questions(playbook: Playbook) -> Iterator[Question]:
    """Every question, including notes and those of check-ins, in the order they are asked."""
    yield from playbook.questions
    for checkin in playbook.checkins:
        yield from checkin.questions


def list_defined_names(rule: DecisionRule) -> tuple[str, ...]:
    """The names that the results of a decision have in expressions."""
    return tuple(f"{rule.id}_{part}" for part in DECISION_PARTS)
