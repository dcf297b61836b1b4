"""What a journal holds, as lists and searches ask for it; found out by going through the whole folder.

The index gives the same, sooner: see storage/index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from careerkit.core.journal.event import Events
from careerkit.core.journal.history import NOTHING_HAPPENED, History, histories
from careerkit.core.journal.only import Only
from careerkit.core.problem import Problem
from careerkit.storage.envelope import Envelope
from careerkit.storage.events import read_events
from careerkit.storage.month_folders import ENTRY_FILES, files

if TYPE_CHECKING:  # a list does without
    from careerkit.core.journal.searching import Search


class Contents(Protocol):
    """What is in a journal at one moment."""

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the names of files and with events."""

    def newest_first(self, only: Only, search: Search | None = None) -> Iterator[str]:
        """The ids, from the last to the first, of at least those entries that fit, and of all that can't be read.

        None of those that were removed is among them, or only those, as `only` says.
        """

    def older(self, entry_id: str, only: Only) -> int:
        """How many entries come before that one; of those that were not removed, or of those that were."""

    def history(self, entry_id: str) -> History: ...

    def named(self, beginning: str) -> Iterable[str]:
        """The ids, in order, of at least those entries whose id or random part begins so; removed ones too."""


class FolderContents:
    """The contents as the folder's files tell them, each event read."""

    def __init__(self, journal: str, envelope: Envelope) -> None:
        self._journal, self._envelope = journal, envelope

    def problems(self) -> tuple[Problem, ...]:
        return (*self._events.problems, *self._names[1])

    def newest_first(self, only: Only, search: Search | None = None) -> Iterator[str]:  # noqa: ARG002 - all may fit
        return reversed(self._there(only))

    def older(self, entry_id: str, only: Only) -> int:
        return sum(each < entry_id for each in self._there(only))

    def history(self, entry_id: str) -> History:
        return self._happened.get(entry_id, NOTHING_HAPPENED)

    def named(self, beginning: str) -> Iterable[str]:  # noqa: ARG002 - all may be meant
        return self._names[0]

    @cached_property
    def _events(self) -> Events:
        return read_events(self._journal, self._envelope)

    @cached_property
    def _happened(self) -> dict[str, History]:
        return histories(self._events.events)

    @cached_property
    def _names(self) -> tuple[list[str], list[Problem]]:
        problems: list[Problem] = []
        return sorted(entry_id for _, entry_id in files(self._journal, ENTRY_FILES, problems)), problems

    def _there(self, only: Only) -> list[str]:
        return [each for each in self._names[0] if only.is_wanted(self.history(each))]
