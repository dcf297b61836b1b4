"""Errors shown to users: a Problem says what is wrong, where, and how to fix it; Refused is raised with all problems."""

from __future__ import annotations

from collections.abc import Iterable

from careerkit.core.frozen import frozen, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Severity = Literal["error", "warning"]
else:
    Severity = str

Path = tuple[str | int, ...]
"""The keys and positions that lead to a value in a document, such as `("stage", 0, "title")`."""

MAX_WORD_LENGTH = 100
"""Comparing longer words, which are nobody's misspelling, would take long."""


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
    a path or an entry. `message` says what is wrong and `hint` how to fix it; both are plain text.
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


class Refused(Exception):  # noqa: N818 - the errors are the problems that it carries
    """Raised when a request can't be carried out. Carries every problem found, not only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(problem.code for problem in self.problems))

    @property
    def is_uncertain(self) -> bool:
        """Whether the change was made, but the disk couldn't confirm that it will survive a power cut."""
        return self.problems[0].code == "not-certain"


class JournalLocked(Exception):  # noqa: N818 - as Refused
    """Raised when an encrypted journal can't be read because its key isn't available.

    Not a Refused: callers that skip unreadable entries must not swallow it. Without the key every entry is unreadable.
    """

    def __init__(self, problem: Problem) -> None:
        self.problems: tuple[Problem, ...] = (problem,)
        super().__init__(problem.code)


def find_closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` is most likely a misspelling of; None if none is similar, or `word` is too long for one."""
    if len(word) > MAX_WORD_LENGTH:
        return None
    from difflib import get_close_matches  # only errors need it

    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None
