"""The steps of an interview. Their texts have the answers inserted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from careerkit.core.frozen import frozen
from careerkit.core.outcome.model import Finding
from careerkit.core.questions.question import Choice, Question, ShowsField
from careerkit.core.values import Value


@frozen
class QuestionProgress:
    """Question `number` of `of` in its stage, with `answered` of `total` questions in the current branch.

    `number` is 0 for a question outside an interview.
    """

    number: int
    of: int
    answered: int
    total: int


@frozen
class EnterStage:
    """A stage starts."""

    key: str
    title: str
    intro: str


@frozen
class ShowNote:
    """A note to read."""

    key: str
    heading: str
    text: str


@frozen
class ShowFinding:
    """A finding that can't wait until the end."""

    key: str
    finding: Finding


@frozen
class ShowCard:
    """The quick lane is finished: show its result. In the full lane more questions follow, now or another day."""

    key: str


@frozen
class PreviousAnswer:
    """The answer to a question in an earlier version of its playbook; `shown` is the answer as text."""

    value: Value
    shown: str


@frozen
class Ask:
    """A question to answer.

    - `choices`: the current choices; for a table its rows, for records their items. `columns`: those of a table.
    - `field_choices`: by field id, the choices of fields that take them from another question.
    - `kept`: the earlier answer; if the question has changed since, only if it is still valid.
    - `draft`: an answer with parts missing. `default`: a raw answer suggested by the playbook.
    - `reopened_because`: why the earlier answer is no longer enough, or "".
    - `may_skip`: False if this is a required question that was skipped before.
    - `shows_field`: which fields a form asks for; None if it asks for all.
    - `today`: the day the interview started, from which the limits of dates count; None outside an interview.
    - `drops_typed`: what was typed before it is painted can't be meant for it, and is dropped.
    """

    question: Question
    stage: str
    ask: str
    hint: str
    progress: QuestionProgress
    choices: tuple[Choice, ...] = ()
    columns: tuple[Choice, ...] = ()
    field_choices: Mapping[str, tuple[Choice, ...]] = MappingProxyType({})
    kept: Value | None = None
    draft: Value | None = None
    default: object = None
    reopened_because: str = ""
    may_skip: bool = True
    today: date | None = None
    shows_field: ShowsField | None = None
    drops_typed: bool = False


@frozen
class Finish:
    """Nothing is left to ask."""


Step = EnterStage | ShowNote | ShowFinding | ShowCard | Ask | Finish
