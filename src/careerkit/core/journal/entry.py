"""An entry: what an interview leaves in the journal, readable for years without its playbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.journal.listed import Listed, Listing, handle_of
from careerkit.core.outcome.model import Outcome
from careerkit.core.problem import Problem
from careerkit.core.value import Value

__all__ = ["Answer", "Begun", "Entry", "Lane", "Listed", "Listing", "PlaybookRef", "Reading"]

Lane = Literal["full", "quick"]


@frozen
class PlaybookRef:
    """Which playbook an entry was made with. `sha256` names the copy that the journal keeps."""

    id: str
    title: str
    version: str
    sha256: str


@frozen
class Answer:
    """An answer beside what was asked. `shown` is the answer as a person reads it, labels in place of ids.

    `hidden`: the question did not show in the end; the answer is kept, in case.
    `question` is a question's id, or a banded compute's where the person chose another band (`type` "band").
    """

    question: str
    type: str
    asked: str
    value: Value
    shown: str
    hidden: bool = False
    private: bool = False


@frozen
class Begun:
    """What there is of an answer that was not handed in yet: some cells, points, forms or lines, a text half written.

    `value` has the shape of an answer of that type, with parts missing.
    """

    question: str
    type: str
    value: Value


@frozen
class Entry:
    """One passage through a playbook.

    `id` is the UTC minute of its start and a random part: `20261122T0905Z-k3f9x2`. Times carry their offset;
    `zone` is the IANA name of the zone where it is known. `machine` is the only one that may go on writing
    while the interview is open. `passed` are the questions put off or left out, `said` the ids of what has been
    shown already. `quick_given` is when the quick lane's outcome was given. `asked` counts the questions of the
    branch. `begun` are answers that were not handed in yet. `continues` names the entry of another machine that this one
    carries on. `earlier` are answers to questions that the playbook has dropped or changed since, as they were given.
    """

    id: str
    machine: str
    playbook: PlaybookRef
    started: datetime
    zone: str = ""
    lane: Lane = "full"
    finished: datetime | None = None
    quick_given: datetime | None = None
    asked: int = 0
    answers: tuple[Answer, ...] = ()
    passed: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    begun: tuple[Begun, ...] = ()
    outcome: Outcome | None = None
    continues: str = ""
    earlier: tuple[Answer, ...] = ()
    unknown: Mapping[str, object] = MappingProxyType({})
    """Keys that this careerkit doesn't know, kept as they were; those inside a table by its name and id,
    such as `{"answer": {"kind": {"mood": 3}}}`."""
    format: int = 1
    """The format's number in the file that it was read from. One that is newer than ours is never written."""

    @property
    def state(self) -> Literal["open", "finished"]:
        return "finished" if self.finished else "open"

    @property
    def handle(self) -> str:
        return handle_of(self.id)


@frozen
class Reading:
    """An entry as read. `problems` tells what must be said with it, such as "changed since careerkit wrote it"."""

    entry: Entry
    problems: tuple[Problem, ...] = ()
