"""One thing that is wrong with a journal, and whether it may be put out of the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from careerkit.core.frozen import frozen, replace
from careerkit.core.problem import Problem

Cure = Literal["", "move", "close", "reindex"]


@frozen
class Complaint:
    """`cure`: the file at `path` may be moved into the quarantine, or its mode closed to others; or the index made anew.

    "" is for the person to put right.
    """

    problem: Problem
    path: str = ""
    cure: Cure = ""


@frozen
class Found:
    """All complaints in the order of what they are about, and how much was looked at."""

    complaints: tuple[Complaint, ...]
    entries: int
    events: int
    playbooks: int

    def with_problems(self, more: Iterable[Problem]) -> Found:
        """These and `more`, which are for the person."""
        return replace(self, complaints=(*self.complaints, *(Complaint(each, str(each.where)) for each in more)))
