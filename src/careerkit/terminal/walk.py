"""Going through the parts of a question one by one, forth and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.screen import Back
from careerkit.terminal.talk import Left

if TYPE_CHECKING:
    from collections.abc import Callable


def walk(parts: int, *, settled: set[int], ask: Callable[[int], int]) -> None:
    """Ask each part that is not settled yet, in order; `:back` asks the part before again, and leaves at the first.

    `ask` asks one part and says how many it settled, itself and those that follow.
    """
    while len(settled) < parts:
        place = next(each for each in range(parts) if each not in settled)
        settled.update(_ask_from(place, ask))


def _ask_from(place: int, ask: Callable[[int], int]) -> range:
    """Ask the part at `place`, or as many before it as the person goes back."""
    while True:
        try:
            return range(place, place + ask(place))
        except Left as left:
            if not isinstance(left.reply, Back) or place == 0:
                raise
            place -= 1
