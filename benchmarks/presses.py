"""Key presses at every kind of widget of keys.toml, and how long each takes until its picture is painted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from questions import asks_in

if TYPE_CHECKING:
    from pseudo_terminal import PseudoTerminal

PLAYBOOK = Path(__file__).parent / "keys.toml"

UP, DOWN, RIGHT, ENTER, RUB, PUT_OFF = "\x1b[A", "\x1b[B", "\x1b[C", "\r", "\x7f", "\x0f"

PRESSES: dict[str, list[str]] = {
    "words": [*"I overlooked", RUB, RUB],
    "story": [*"Two lines", ENTER, *"it is", UP],
    "town": [DOWN, DOWN, "/", *"burg", DOWN, RUB, RUB],
    "reasons": [" ", DOWN, " ", DOWN, DOWN, " ", UP],
    "harm": [DOWN, DOWN, UP, "5"],
    "order": [" ", DOWN, DOWN, " ", UP, UP],
    "points": ["5", "0", DOWN, "3", "0", DOWN, "2", "0", "+"],
    "scores": ["3", ENTER, "4", ENTER, RIGHT, DOWN, "5", ENTER, "1", "0", UP, DOWN],
    "people": [*"Ann Bell", ENTER, DOWN, "4", UP],
}
"""By question: each of them changes its picture."""


def time_presses(terminal: PseudoTerminal) -> list[float]:
    """Milliseconds from each press to the last sign of its picture, all questions through, each put off after that.

    The first key of all is left out: it waits until keys are taken, and has a figure of its own.
    """
    times: list[float] = []
    asks = asks_in(PLAYBOOK)
    terminal.wait_for(asks[next(iter(PRESSES))])
    terminal.press(" ")
    terminal.painted("the first key")
    for question, keys in PRESSES.items():
        if times:
            terminal.press(PUT_OFF)
            terminal.wait_for(asks[question])
        terminal.settle()
        for key in keys:
            terminal.press(key)
            times.append(terminal.painted(f"{key!r} at the question {question}"))
    return times
