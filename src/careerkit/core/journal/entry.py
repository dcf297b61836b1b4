"""An entry: the saved record of one interview."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from careerkit.core.errors import Problem
from careerkit.core.frozen import Literal, frozen
from careerkit.core.journal.entry_list import EntrySummary, get_handle
from careerkit.core.outcome.model import Outcome
from careerkit.core.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.journal.entry_list import History

Lane = Literal["full", "quick"]


@frozen
class PlaybookRef:
    """The playbook that an entry was made with. `sha256` identifies the copy that the journal keeps."""

    id: str
    title: str
    version: str
    sha256: str


@frozen
class Answer:
    """An answer with its question as it was asked. `shown` is the answer as a person reads it, with labels for ids.

    `hidden`: later answers hid the question; the answer is kept in case it shows again.
    `question` is the id of a question, or of a banded compute whose band the person changed (`type` is then "band").
    """

    question: str
    type: str
    asked: str
    value: Value
    shown: str
    hidden: bool = False
    private: bool = False


@frozen
class PartialAnswer:
    """An answer that was started but not submitted. `value` has the form of a full answer, with parts missing."""

    question: str
    type: str
    value: Value


@frozen
class Entry:
    """One interview.

    - `id`: the UTC minute of its start and a random part, such as `20261122T0905Z-k3f9x2`.
    - `machine`: the only machine that may write the entry while the interview is open.
    - `started`, `finished`, `quick_given`: times with their offset; the last is when the quick lane's outcome was shown.
    - `zone`: the IANA name of the time zone, or "".
    - `asked`: the number of questions on the branch that the answers lead to.
    - `passed`: the questions that were skipped. `said`: the keys of the steps that were shown.
    - `begun`: answers that have not been submitted yet.
    - `continues`: the entry of another machine that this one continues.
    - `earlier`: answers to questions that have been removed or changed since.
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
    begun: tuple[PartialAnswer, ...] = ()
    outcome: Outcome | None = None
    continues: str = ""
    earlier: tuple[Answer, ...] = ()
    unknown: Mapping[str, object] = MappingProxyType({})
    """Keys that this version doesn't know, to be written back; those of a row are found by its table and id, such as
    `{"answer": {"kind": {"mood": 3}}}`."""
    format: int = 1
    """The format of the file that the entry was read from. An entry of a newer format is never written."""

    @property
    def state(self) -> Literal["open", "finished"]:
        return "finished" if self.finished else "open"

    @property
    def handle(self) -> str:
        return get_handle(self.id)


@frozen
class LoadedEntry:
    """An entry as read, with warnings to show, such as that another program has changed the file."""

    entry: Entry
    problems: tuple[Problem, ...] = ()


def build_summary(entry: Entry) -> EntrySummary:
    """The entry as lists show it."""
    return EntrySummary(
        id=entry.id,
        playbook=entry.playbook.id,
        title=entry.playbook.title,
        started=entry.started,
        finished=entry.finished,
        answered=count_answered(entry),
        asked=entry.asked,
        actions_open=count_actions(entry, "open"),
        actions_done=count_actions(entry, "done"),
    )


def count_answered(entry: Entry) -> int:
    """The number of visible questions that are answered. A band that the person chose doesn't count."""
    return sum(not answer.hidden and answer.type != "band" for answer in entry.answers)


def count_actions(entry: Entry, state: Literal["open", "done"]) -> int:
    """The number of actions in that state."""
    return sum(action.state == state for action in entry.outcome.actions) if entry.outcome else 0


def is_corrected(entry: Entry, history: History) -> bool:
    """Does any correction differ from the original answer?"""
    return find_correction_time(entry, history) is not None


def find_correction_time(entry: Entry, history: History) -> datetime | None:
    """When the latest correction that differs from the original answer was made; None if there is none."""
    first = {answer.question: answer.value for answer in entry.answers}
    newest = [each for each, *_ in history.corrections.values()]
    return max((each.at for each in newest if each.value != first.get(each.about)), default=None)
