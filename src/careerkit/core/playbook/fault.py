"""A problem of a playbook while its place is still a path, before anybody has looked for line and column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.playbook.scanner import Path, Positions
from careerkit.core.problem import Problem, Severity, nearest

Spot = Literal["value", "key", "inside"]


@frozen
class Fault:
    """`spot` says what of `path` is meant: its key, its value, or the character `offset` inside its string."""

    path: Path
    code: str
    message: str
    hint: str = ""
    spot: Spot = "value"
    offset: int = 0
    severity: Severity = "error"

    def placed(self, positions: Positions) -> Problem:
        match self.spot:
            case "key":
                place = positions.key(self.path)
            case "inside":
                place = positions.inside(self.path, self.offset)
            case "value":
                place = positions.value(self.path)
        return Problem(self.code, self.message, self.hint, place, self.severity)


def shown(text: str) -> str:
    """A piece of a playbook as a message may quote it: short, in backquotes, and with nothing a screen would act on."""
    longest = 40
    safe = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[:longest])
    return f"`{safe}`" if len(text) <= longest else f"`{safe}…`"


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint that names the nearest known word, all of them where they are few, or else what is given."""
    words = list(known)
    near = nearest(word, words)
    if near:
        return f"Did you mean `{near}`?"
    return otherwise or (f"There is {', '.join(words)}." if 0 < len(words) <= 8 else "Look at how it is spelled.")
