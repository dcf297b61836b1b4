"""Every type of question on a real terminal: chosen, left, come back to, changed. The pictures are kept beside it.

CAREERKIT_WRITE_TRANSCRIPTS=1 pytest tests/terminal/keys/test_pictures.py writes them anew.
"""

from __future__ import annotations

import os

import pytest
from watched_terminal import HERE, WatchedTerminal

from careerkit.terminal.keys.key_codes import Key

AWAY_AND_BACK = (Key.BACK,), (Key.FORWARD,)
REVIEWED = (Key.REVIEW,), (Key.ESCAPE,)
WRITES = os.environ.get("CAREERKIT_WRITE_TRANSCRIPTS") == "1"

STEPS = (
    # name, begun, away and back, the rest of the answer
    ("what", ["I overlooked"], REVIEWED, [" an offer", Key.ENTER]),
    ("story", ["two", Key.ENTER, "lines"], AWAY_AND_BACK, [Key.SUBMIT]),
    ("facts", ["one", Key.ENTER, "tw"], AWAY_AND_BACK, ["o", Key.ENTER, Key.SUBMIT]),
    ("growing", [Key.DOWN, Key.DOWN], AWAY_AND_BACK, [Key.HOME, Key.ENTER]),
    ("tell_all", ["n"], AWAY_AND_BACK, [Key.ENTER]),
    ("signs", ["/", "mai"], AWAY_AND_BACK, [Key.ENTER, " ", Key.ENTER]),
    ("note", [], None, [Key.ENTER]),
    ("harm", ["4"], AWAY_AND_BACK, [Key.ENTER]),
    ("cost", ["12"], AWAY_AND_BACK, ["0", Key.ENTER]),
    ("when_known", ["fri"], AWAY_AND_BACK, [Key.ENTER]),
    ("order", [" ", Key.DOWN], AWAY_AND_BACK, [Key.ENTER]),
    ("swing", ["40", Key.DOWN, "35"], AWAY_AND_BACK, [Key.DOWN, "25", Key.SUBMIT]),
    ("paths", [" ", Key.DOWN, " "], AWAY_AND_BACK, [Key.ENTER]),
    ("scores", ["3 5 8", Key.ENTER, "4"], AWAY_AND_BACK, [Key.ENTER, *["5", Key.ENTER] * 4]),
    ("who", ["Ann", Key.ENTER, "3"], REVIEWED, [Key.ENTER, Key.SKIP, Key.ENTER]),
    ("proof", ["calm", Key.ENTER, "n"], REVIEWED, [Key.ENTER, "pay", Key.ENTER, "y", Key.ENTER]),
)


@pytest.mark.parametrize("columns", [40, 80])
def test_each_question_looks_as_it_is_kept_and_keeps_what_was_begun(columns):
    terminal = WatchedTerminal(columns, 45)
    pictures = Pictures(HERE / f"pictures.{columns}.txt")
    terminal.wait("Ctrl-C stop")
    for name, begun, ways, rest in STEPS:
        if ways is None:
            terminal.wait("Enter continue")
        else:
            pictures.compare(terminal, name)
            terminal.press(*begun)
            before = pictures.compare(terminal, f"{name}, begun")
            terminal.press(*ways[0])
            terminal.wait(lambda: terminal.question != before and "└" in terminal.question, what="another question")  # noqa: B023
            terminal.press(*ways[1])
            terminal.wait(lambda: terminal.question == before, what=f"{name} as it was left:\n{before}")  # noqa: B023
        terminal.press(*rest)
    terminal.press(Key.ENTER)
    pictures.compare(terminal, "before the end")
    terminal.press(Key.ENTER, "q", "q")
    terminal.wait("ended: finished")
    pictures.keep()
    assert max(len(row) for row in terminal.shown.split("\n")) <= columns


class Pictures:
    """Named pictures in one file."""

    def __init__(self, path) -> None:
        self._path = path
        self._taken = {}
        self._kept = {}
        if path.exists():
            for part in path.read_text(encoding="utf-8").split("=" * 10 + " ")[1:]:
                name, _, picture = part.partition("\n")
                self._kept[name] = picture.rstrip("\n")

    def compare(self, terminal, name) -> str:
        """The picture as it is kept; a test fails where it does not come."""
        if WRITES:
            terminal.settle(0.6)
        else:
            terminal.wait(lambda: terminal.question == self._kept[name], what=f"{name}:\n{self._kept[name]}\n---")
        self._taken[name] = terminal.question
        return self._taken[name]

    def keep(self) -> None:
        if WRITES:
            text = "".join(f"{'=' * 10} {name}\n{picture}\n\n" for name, picture in self._taken.items())
            self._path.write_text(text, encoding="utf-8")
