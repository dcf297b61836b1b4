"""What is said of where a question stands: that there are more than before, that it was put off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.terminal.pieces import Remark

if TYPE_CHECKING:
    from careerkit.core.interview import Ask

NONE = "none"
"""How an empty list reads."""


class StageLengths:
    """How many questions each stage had when it was last seen: progress that runs backwards says why."""

    def __init__(self) -> None:
        self._lengths: dict[str, int] = {}

    def clear(self) -> None:
        self._lengths.clear()

    def news(self, ask: Ask) -> tuple[Remark, ...]:
        more = ask.progress.of - self._lengths.get(ask.stage, ask.progress.of)
        self._lengths[ask.stage] = ask.progress.of
        if more <= 0:
            return ()
        return (Remark(f"{more} more question{'s' if more > 1 else ''} here, after what you answered."),)


def complaint_of(ask: Ask) -> str:
    """Why an answer does not do any more, or that there has to be one now."""
    if ask.complaint or ask.may_skip or ask.kept is not None:
        return ask.complaint
    return "You put this off. It is needed to finish."
