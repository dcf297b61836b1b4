"""An event: what happened to an entry after it was written. The entry's own file stays as it is.

Each event says what holds from then on about one thing of an entry: a note, a tag, an answer, an action. It names the
events about that thing which it `replaces`; two machines that knew nothing of each other leave two in force.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem

if TYPE_CHECKING:  # a list reads events too, and does without what values are made of
    from collections.abc import Mapping
    from datetime import datetime

    from careerkit.core.value import Value

EventKind = Literal["note", "tag", "removal", "correction", "tombstone"]
KINDS: tuple[str, ...] = get_args(EventKind)

Thing = tuple[str, str, str]


@frozen
class Event:
    """One later event.

    `id` is the UTC millisecond and a random part: `20261123T081012345Z-9c1b04de77aa1f02`; clocks order the display
    only. `kind` is one of KINDS, or one of a newer careerkit. `about` names the thing within the entry: a tag, a
    question's id, a note's own random name; "" where there is only one such thing. `value` is what holds from then on,
    None that there is nothing any more; `type` says how it is to be read, with the words of question types, `shown` how a
    person reads it, `asked` what it answers.
    """

    id: str
    kind: str
    entry: str
    at: datetime
    machine: str
    about: str = ""
    type: str = "yesno"
    value: Value | None = None
    shown: str = ""
    asked: str = ""
    replaces: tuple[str, ...] = ()
    unknown: Mapping[str, object] = MappingProxyType({})
    format: int = 1

    @property
    def thing(self) -> Thing:
        """What it speaks of: entry, kind, about."""
        return self.entry, self.kind, self.about


@frozen
class Events:
    """Events as read, oldest first by their ids, and what could not be read."""

    events: tuple[Event, ...]
    problems: tuple[Problem, ...] = ()
