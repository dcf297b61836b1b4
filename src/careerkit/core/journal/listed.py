"""What lists show of an entry. It stands alone so that a list need not import all that an entry can hold."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem


@frozen
class Listed:
    """An entry as lists show it."""

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

    @property
    def state(self) -> Literal["open", "finished"]:
        return "finished" if self.finished else "open"

    @property
    def handle(self) -> str:
        return self.id.partition("-")[2]


@frozen
class Listing:
    """Entries newest first, and what could not be read or was changed by another hand. `older` were not looked at."""

    entries: tuple[Listed, ...]
    problems: tuple[Problem, ...] = ()
    older: int = 0
