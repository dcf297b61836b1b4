"""What went wrong, where, and how to mend it: the one shape of every error that a person can cause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from careerkit.core.frozen import frozen, replace

Severity = Literal["error", "warning"]


@frozen
class Place:
    """A spot in a file. Lines and columns count from 1; 0 means unknown. Columns count characters, not bytes."""

    file: str
    line: int = 0
    column: int = 0

    def __lt__(self, other: Place) -> bool:
        return (self.file, self.line, self.column) < (other.file, other.line, other.column)

    def __str__(self) -> str:
        known = [str(part) for part in (self.line, self.column) if part]
        return ":".join([self.file, *known])


@frozen
class Problem:
    """One thing that is wrong.

    `code` is a short kebab-case name that scripts may rely on. `where` is a place in a file, a question's id,
    a path or an entry. `message` says what is wrong and `hint` what to do about it; both are plain text.
    """

    code: str
    message: str
    hint: str = ""
    where: Place | str = ""
    severity: Severity = "error"

    def at(self, where: Place | str) -> Problem:
        return replace(self, where=where)

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        return f"{place}{self.code}: {self.message}" + (f" {self.hint}" if self.hint else "")


class Refused(Exception):  # noqa: N818 - it reads as what happened, and what it carries are the errors
    """Raised when a person's request can't be carried out. Carries every problem found, never only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(problem.code for problem in self.problems))

    @property
    def is_uncertain(self) -> bool:
        """Whether what was to be done is done, and only the disk's word is missing that it will survive a power cut."""
        return self.problems[0].code == "not-certain"


class Locked(Exception):  # noqa: N818 - as Refused
    """Raised where a journal's key can't be had, so that nothing of it can be read.

    It is no Refused: who passes over what can't be read, and goes on with the rest, has nothing to go on with.
    """

    def __init__(self, problem: Problem) -> None:
        self.problems: tuple[Problem, ...] = (problem,)
        super().__init__(problem.code)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most likely a misspelling of, or None when nothing is near."""
    from difflib import get_close_matches

    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None
