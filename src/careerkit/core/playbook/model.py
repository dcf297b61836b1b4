"""A playbook as the rest of careerkit sees it: frozen, checked, and quick to build without Pydantic.

Expressions (`when`, `check`, `value`) are kept as their source; `careerkit.core.expression.parse` remembers what it has
parsed. Texts are kept as lines of template source, see `template`. It is long because it is one list of small records.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from careerkit.core.frozen import frozen

Level = Literal["info", "good", "care", "stop"]
Plain = str | bool | int | Decimal | list["Plain"] | dict[str, "Plain"] | None
"""What TOML and JSON hold: the form of a default or of an answers file, before it is checked."""

NOTHING: Mapping[str, str] = MappingProxyType({})


@frozen
class Source:
    id: str
    cite: str


@frozen
class Choice:
    id: str
    label: str
    hint: str = ""


@frozen
class Options:
    """What can be chosen from: fixed choices, or the answer of the question `source` where that is not empty."""

    choices: tuple[Choice, ...] = ()
    source: str = ""


@frozen
class TextForm:
    long: bool = False
    max: int = 20_000


@frozen
class ChoiceForm:
    options: Options


@frozen
class ChoicesForm:
    options: Options
    min: int = 1
    max: int | None = None


@frozen
class YesNoForm:
    pass


@frozen
class ScaleForm:
    min: int = 1
    max: int = 5
    anchors: Mapping[int, str] = MappingProxyType({})


@frozen
class NumberForm:
    min: Decimal | None = None
    max: Decimal | None = None
    unit: str = ""


@frozen
class DateForm:
    """`min` and `max` as written: `2026-12-01`, or `+30d`, `-14d`, `+0d` from today."""

    min: str = ""
    max: str = ""


@frozen
class ListForm:
    min: int = 1
    max: int = 50


@frozen
class RankForm:
    options: Options


@frozen
class WeightsForm:
    options: Options


@frozen
class GridForm:
    rows: Options
    columns: Options
    min: Decimal | None = None
    max: Decimal | None = None
    spread: bool = False


@frozen
class RecordsForm:
    """`items`: one form for each item of that question's answer, with the field `item`; then `min` and `max` do not apply."""

    fields: tuple[Question, ...]
    line: str = ""
    min: int = 1
    max: int = 50
    items: str = ""


@frozen
class NoteForm:
    """Something to read; it has no answer."""

    text: tuple[Line, ...] = ()


Form = (
    TextForm
    | ChoiceForm
    | ChoicesForm
    | YesNoForm
    | ScaleForm
    | NumberForm
    | DateForm
    | ListForm
    | RankForm
    | WeightsForm
    | GridForm
    | RecordsForm
    | NoteForm
)


@frozen
class Question:
    """`type` is the word of the format ("text", "choice", ...); `form` holds what is particular to it."""

    id: str
    type: str
    form: Form
    ask: str
    hint: str = ""
    why: str = ""
    source: tuple[str, ...] = ()
    when: str = ""
    required: bool = True
    default: Plain = None
    check: str = ""
    check_text: str = ""
    private: bool = False
    again: str = ""
    predicts: str = ""


@frozen
class Stage:
    id: str
    title: str
    questions: tuple[Question, ...]
    intro: str = ""
    when: str = ""
    quick: bool = False


@frozen
class Band:
    """`start` is the lowest value of the band (`from` in the file); None for the lowest band."""

    id: str
    label: str
    start: Decimal | None = None


@frozen
class TallyLine:
    id: str
    when: str
    points: Decimal
    text: str = ""


@frozen
class Compute:
    """Either `value` (an expression) or `tally` with `start`, `min` and `max` is given."""

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
"""What a decision defines: the id of each is that of the decision, `_` and one of these words."""


@frozen
class DecisionRule:
    id: str
    weights: str
    scores: str
    draws: int = 10_000


@frozen
class Line:
    """One line of an outcome's text; an empty `text` separates paragraphs."""

    text: str
    when: str = ""


@frozen
class FindingRule:
    id: str
    title: str
    text: tuple[Line, ...] = ()
    when: str = ""
    level: Level = "info"
    source: tuple[str, ...] = ()
    tally: str = ""
    profile: tuple[str, ...] = ()
    next: str = ""
    carry: Mapping[str, str] = NOTHING
    """`with` in the file: question of the next playbook -> question of this one."""
    quick: bool = False


@frozen
class DraftRule:
    id: str
    title: str
    text: tuple[Line, ...]
    to: str = ""
    when: str = ""
    source: tuple[str, ...] = ()
    quick: bool = False


@frozen
class ActionRule:
    id: str
    do: str
    cue: str = ""
    due: str = ""
    evidence: str = ""
    when: str = ""
    source: tuple[str, ...] = ()
    quick: bool = False


@frozen
class CheckinRule:
    id: str
    after: str
    title: str
    when: str = ""
    questions: tuple[Question, ...] = ()
    findings: tuple[FindingRule, ...] = ()
    drafts: tuple[DraftRule, ...] = ()
    actions: tuple[ActionRule, ...] = ()


@frozen
class Playbook:
    """`id` is GROUP/NAME, or the file's stem for a playbook run from a file; `sha256` is that of the file's bytes."""

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
        """All questions of the stages, in the order in which they are asked."""
        return tuple(question for stage in self.stages for question in stage.questions)
