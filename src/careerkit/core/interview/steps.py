"""What an interview can bring up next. Texts have their answers put in already."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from careerkit.core.frozen import frozen
from careerkit.core.outcome.model import Finding
from careerkit.core.playbook.model import Choice, Question
from careerkit.core.value import Value


@frozen
class Progress:
    """`number` of `of` within the stage; `answered` of `total` on the whole branch as it stands now.

    `number` 0: it is asked outside of an interview.
    """

    number: int
    of: int
    answered: int
    total: int


@frozen
class Introduce:
    """A stage begins."""

    key: str
    title: str
    intro: str


@frozen
class Read:
    """A note to be read."""

    key: str
    heading: str
    text: str


@frozen
class Tell:
    """A finding that must not wait."""

    key: str
    finding: Finding


@frozen
class Card:
    """The quick lane has ended: its outcome is to be given; in the full lane the person then goes on, or later."""

    key: str


@frozen
class Before:
    """What was said to a question in another version of its playbook; `shown` as a person reads it."""

    value: Value
    shown: str


@frozen
class Ask:
    """A question to be answered.

    `choices` are what can be chosen now (for a grid its rows, for records the items of its forms), `columns` those of a
    grid, `field_choices` those of a form's fields that take the items of another question, by the field's id. `kept` is
    the answer given before (where the question has changed since, if it fits still), `begun` what there is of one that
    was not handed in yet, `default` what the playbook offers, in the form that `Interview.answer` takes. `complaint`
    says why an answer given before does not do any more. `may_skip` is False when a question that was put off comes
    back.
    """

    question: Question
    stage: str
    ask: str
    hint: str
    progress: Progress
    choices: tuple[Choice, ...] = ()
    columns: tuple[Choice, ...] = ()
    field_choices: Mapping[str, tuple[Choice, ...]] = MappingProxyType({})
    kept: Value | None = None
    begun: Value | None = None
    default: object = None
    complaint: str = ""
    may_skip: bool = True


@frozen
class Finish:
    """Nothing is left to ask."""


Step = Introduce | Read | Tell | Card | Ask | Finish
