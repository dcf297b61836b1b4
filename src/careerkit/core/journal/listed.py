"""What lists show of an entry. It stands alone so that a list need not import all that an entry can hold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from careerkit.core.frozen import frozen, replace
from careerkit.core.problem import Problem

if TYPE_CHECKING:  # a list does without
    from careerkit.core.journal.history import History
    from careerkit.core.journal.searching import Place


def handle_of(entry_id: str) -> str:
    """The random part of the id: what a person types."""
    return entry_id.partition("-")[2]


@frozen
class Listed:
    """An entry as lists show it. `disputed`: two machines say different things about it, and both stand."""

    id: str
    playbook: str
    title: str
    started: datetime
    finished: datetime | None
    answered: int
    asked: int
    actions_open: int
    actions_done: int
    tags: tuple[str, ...] = ()
    disputed: bool = False

    @property
    def state(self) -> Literal["open", "finished"]:
        return "finished" if self.finished else "open"

    @property
    def handle(self) -> str:
        return handle_of(self.id)


@frozen
class Listing:
    """Entries newest first, and what could not be read or was changed by another hand. `older` were not looked at.

    `places`: in a search, for each entry the text that shows it.
    """

    entries: tuple[Listed, ...]
    problems: tuple[Problem, ...] = ()
    older: int = 0
    places: tuple[Place, ...] = ()


def with_history(listed: Listed, happened: History | None) -> Listed:
    """The entry as lists show it, with what happened to it later."""
    if happened is None or not (happened.tags or happened.disputed):
        return listed
    return replace(listed, tags=happened.tags, disputed=bool(happened.disputed))
