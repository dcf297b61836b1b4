"""Problems in a playbook file, located by path. Line and column are looked up only when one is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from careerkit.core.errors import Path, Problem, Severity, find_closest
from careerkit.core.frozen import frozen
from careerkit.core.playbook.source_map import SourceMap
from careerkit.core.text import describe_lookalike, quote_fragment

Target = Literal["value", "key", "inside"]

MAX_DIAGNOSTICS = 1000
"""The most problems collected at each stage of the check. A file with more isn't a playbook."""

MAX_LISTED = 8


FIXED_DATE_HINT = 'There are no fixed dates: count from the day of the interview, as in "+1d", or from a date question, as in "day - 2d".'
"""What to write instead of a date in `due`, `after` and `until`."""


@frozen
class Diagnostic:
    """`target` is what the problem is about: the key at `path`, its value, or the character at `offset` in its string."""

    path: Path
    code: str
    message: str
    hint: str = ""
    target: Target = "value"
    offset: int = 0
    severity: Severity = "error"

    def locate(self, source: SourceMap) -> Problem:
        """The problem with its line and column."""
        match self.target:
            case "key":
                place = source.key(self.path)
            case "inside":
                place = source.inside(self.path, self.offset)
            case "value":
                place = source.value(self.path)
        return Problem(self.code, self.message, self.hint, place, self.severity)


def quote(text: str) -> str:
    """Quote playbook text for a message: shortened, in backquotes, with unprintable characters escaped."""
    return quote_fragment(text, "`")


def suggest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint: the closest known word if there is one, else `otherwise`, else all known words if they are few."""
    words = list(known)
    near = find_closest(word, words)
    few = f"Known: {', '.join(words)}." if 0 < len(words) <= MAX_LISTED else "Check the spelling."
    hint = f"Did you mean `{near}`?" if near else otherwise or few
    return " ".join(filter(None, (describe_lookalike(word), hint)))
