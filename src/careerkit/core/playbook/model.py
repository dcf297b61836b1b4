"""The playbook model: frozen records that hold a checked playbook, readable without Pydantic.

These records and the specs in `core.questions` are the only description of the playbook format. Their fields are its
keys, with types and defaults; `schema` builds the Pydantic models that validate a file from them. Expressions (`when`,
`check`, `value`) are stored as source text, which `core.expressions.parser` parses and caches. Texts are stored as
lines of template source, see `core.template`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from careerkit.core.frozen import frozen
from careerkit.core.questions.question import Condition, Line, Question
from careerkit.core.records import from_plain
from careerkit.core.values import NOTHING, Level, Topic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@frozen
class Wording:
    """A text of one line: the first of `lines` whose condition holds; empty if none does."""

    lines: tuple[Line, ...] = ()

    @classmethod
    def from_plain(cls, written: str | list[Mapping[str, str]]) -> Wording:
        if isinstance(written, str):
            return cls((Line(written),)) if written else UNWORDED
        return cls(tuple(from_plain(Line, each) for each in written))

    @property
    def usual(self) -> str:
        """The line without a condition, or else the first one, for showing the playbook itself."""
        return next((line.text for line in self.lines if not line.when), self.lines[0].text if self.lines else "")


UNWORDED = Wording()


@frozen
class DueOption:
    """A due date as it is written, see `core.due_dates.parse_due`; it counts only if `when` holds."""

    at: str
    when: Condition = ""


@frozen
class DueRule:
    """When something is due: the first of `options` whose condition holds and that gives a date."""

    options: tuple[DueOption, ...] = ()

    @classmethod
    def from_plain(cls, written: str | list[Mapping[str, str]]) -> DueRule:
        if isinstance(written, str):
            return cls((DueOption(written),)) if written else UNDATED
        return cls(tuple(from_plain(DueOption, each) for each in written))


UNDATED = DueRule()


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
    """`from_` is the lowest value of the band; None for the lowest band, and for an `unknown` one.

    An `unknown` band is the one of a compute whose value is null.
    """

    id: str
    label: str = ""
    from_: Decimal | None = None
    unknown: bool = False


@frozen
class TallyLine:
    id: str
    when: Condition
    points: Decimal
    text: str = ""


@frozen
class Compute:
    """Has a `value` (an expression), a `tally` or a `text`; `start`, `min` and `max` apply to the tally.

    The value is null unless each of `needs` is known. `unit` is written after a number.
    """

    id: str
    label: str = ""
    value: str = ""
    text: Wording = UNWORDED
    tally: tuple[TallyLine, ...] = ()
    needs: tuple[str, ...] = ()
    unit: str = ""
    start: Decimal = Decimal(0)
    min: Decimal = Decimal(0)
    max: Decimal = Decimal(100)
    bands: tuple[Band, ...] = ()
    source: tuple[str, ...] = ()


DECISION_PARTS = ("first", "second", "share", "flip", "flip_on", "dominated", "level", "ruled_out")
"""The results of a decision. Each is available in expressions as the decision's id, `_` and one of these words."""


@frozen
class DecisionRule:
    """`ruled_out` is the choices question, over the same options, that says which of them break a hard limit."""

    id: str
    weights: str
    scores: str
    draws: int = 10_000
    ruled_out: str = ""

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that the results depend on."""
        return (self.weights, self.scores, *[self.ruled_out] * bool(self.ruled_out))


@frozen
class FindingRule:
    id: str
    title: Wording
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
    title: Wording
    text: tuple[Line, ...]
    to: Wording = UNWORDED
    when: Condition = ""
    source: tuple[str, ...] = ()
    quick: bool = False


@frozen
class ActionRule:
    id: str
    do: Wording
    cue: Wording = UNWORDED
    due: DueRule = UNDATED
    evidence: Wording = UNWORDED
    when: Condition = ""
    source: tuple[str, ...] = ()
    quick: bool = False
    owner: Wording = UNWORDED
    """Who does it, if it isn't the person."""
    office: bool = False
    """Does it need people at work?"""
    after_deadline: bool = False
    each: str = ""
    """The records question with one action per form; empty for a single action."""
    each_when: Condition = ""
    """A condition over the fields of a form."""


@frozen
class CheckinRule:
    """With `every`, such as `1w`, it is repeated `until` a date or offset."""

    id: str
    after: DueRule
    title: str
    when: Condition = ""
    every: str = ""
    until: str = ""
    questions: tuple[Question, ...] = ()
    findings: tuple[FindingRule, ...] = ()
    drafts: tuple[DraftRule, ...] = ()
    actions: tuple[ActionRule, ...] = ()


@frozen
class HeadlineRule:
    """What this is, how serious it is, and the answer to the question that the person came with."""

    text: Wording
    when: Condition = ""
    level: Level = "info"


@frozen
class AllowRule:
    """A warning that the author accepts: of `rule`, in all tables or only in the one with the id `where`, and why."""

    rule: str
    reason: str
    where: str = ""


@frozen
class Situation:
    """A situation that the playbook is for, in the person's words, for the home screen."""

    about: Topic
    text: str
    words: str = ""
    """More words by which the filter finds it; they aren't shown."""


@frozen
class Playbook:
    """`id` is GROUP/NAME, or the file name without suffix for `careerkit run FILE`; `sha256` is the hash of the file.

    `deadline` is the date question with the day by which the person must act, and `deadline_hour` the number question
    with the hour. `reach` is the choice question about whether those who must hear it can be reached. While `urgent`
    holds, quiet hours don't apply; while `small` does, the outcome is cut to the first of each part.
    """

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
    headlines: tuple[HeadlineRule, ...] = ()
    allows: tuple[AllowRule, ...] = ()
    deadline: str = ""
    deadline_hour: str = ""
    reach: str = ""
    urgent: Condition = ""
    small: Condition = ""
    author: str = ""
    licence: str = ""
    situations: tuple[Situation, ...] = ()

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


HOURS_LEFT = "hours_left"
"""The number of hours until the deadline, in expressions and texts; an id of the playbook takes precedence."""


def list_defined_names(rule: DecisionRule) -> tuple[str, ...]:
    """The names that the results of a decision have in expressions."""
    return tuple(f"{rule.id}_{part}" for part in DECISION_PARTS)
