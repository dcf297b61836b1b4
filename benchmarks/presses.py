"""Press keys at every kind of widget in keys.toml, and measure the time until each change is painted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from questions import asks_in

if TYPE_CHECKING:
    from pseudo_terminal import PseudoTerminal

PLAYBOOK = Path(__file__).parent / "keys.toml"

UP, DOWN, RIGHT, ENTER, BACKSPACE, SKIP = "\x1b[A", "\x1b[B", "\x1b[C", "\r", "\x7f", "\x0f"

PRESSES: dict[str, list[str]] = {
    "words": [*"I overlooked", BACKSPACE, BACKSPACE],
    "story": [*"Two lines", ENTER, *"it is", UP],
    "town": [DOWN, DOWN, "/", *"burg", DOWN, BACKSPACE, BACKSPACE],
    "reasons": [" ", DOWN, " ", DOWN, DOWN, " ", UP],
    "harm": [DOWN, DOWN, UP, "5"],
    "order": [" ", DOWN, DOWN, " ", UP, UP],
    "points": ["5", "0", DOWN, "3", "0", DOWN, "2", "0", "+"],
    "scores": ["3", ENTER, "4", ENTER, RIGHT, DOWN, "5", ENTER, "1", "0", UP, DOWN],
    "people": [*"Ann Bell", ENTER, DOWN, "4", UP],
}
"""Keys by question. Each of them changes what is on the screen."""


def time_presses(terminal: PseudoTerminal) -> list[float]:
    """Milliseconds from each key press to the last change on the screen, for all questions.

    The first key is left out: it waits until the program reads keys, and has a measure of its own.
    """
    times: list[float] = []
    asks = asks_in(PLAYBOOK)
    terminal.wait_for(asks[next(iter(PRESSES))])
    terminal.press(" ")
    terminal.painted("the first key")
    for question, keys in PRESSES.items():
        if times:
            terminal.press(SKIP)
            terminal.wait_for(asks[question])
        terminal.settle()
        for key in keys:
            terminal.press(key)
            times.append(terminal.painted(f"{key!r} at the question {question}"))
    return times
