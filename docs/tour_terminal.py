"""careerkit on a real terminal, and a person at it who answers one question after the other.

Clock and entry id stand still, so that the same careerkit shows the same. What is asked is read from the screen.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pexpect
import pyte
from pyte.screens import Char

from careerkit.terminal.keys.key import Key
from pressing import sent

COLUMNS, LINES, HISTORY = 80, 28, 1000
PATIENCE, QUIET, STILL = 30.0, 0.02, 0.2
"""Seconds after which what is waited for will not come, and without a sign after which a screen is painted or stands."""
NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
LISTENS = "\x1b[?2004h"
"""What prompt_toolkit writes when it begins to read keys, once for each question."""
END = "Saved as"

CAREERKIT = f"""
from datetime import datetime
from careerkit.storage import journal_folder
from careerkit.storage.system_clock import SystemClock
SystemClock.now = lambda self: datetime.fromisoformat("{NOW.isoformat()}")
journal_folder.new_entry_id = lambda moment: "20261122T0905Z-k3f9x2"
from careerkit.cli.front_door import main
raise SystemExit(main())
"""

Shot = tuple[list[list[Char]], tuple[int, int] | None]
"""Rows, and where the cursor stands among them."""
Answer = tuple[str, str, list[Key | str]]
"""A question's id, its text as the playbook has it, and the keys that answer it."""


class Screen(pyte.HistoryScreen):
    """Knows faint letters too. pyte's blinking ones, of which careerkit has none, stand in for them."""

    def select_graphic_rendition(self, *attrs: int, **private: Any) -> None:
        super().select_graphic_rendition(*attrs, **private)
        if 2 in attrs:
            self.cursor.attrs = self.cursor.attrs._replace(blink=True)


class Terminal:
    """A terminal with a passage through `playbook`, and the answers that are left to give."""

    def __init__(self, playbook: str, answers: Sequence[Answer], *, home: str) -> None:
        self._left = list(answers)
        self._screen = Screen(COLUMNS, LINES, history=HISTORY)
        self._stream = pyte.Stream(self._screen)
        self._raw = ""
        self._child = pexpect.spawn(
            sys.executable,
            ["-c", CAREERKIT, *playbook.split("/")],
            dimensions=(LINES, COLUMNS),
            env={"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "UTC"},
            encoding="utf-8",
        )
        self._child.delaybeforesend = None
        self._wait(lambda: LISTENS in self._raw, what="the first question")

    def answer_until(self, question: str) -> None:
        """Answer until `question` is asked; what stands between the questions is passed with Enter."""
        while True:
            id_, text, keys = self._left[0]
            while not self._asks(text):
                self._press_on(Key.ENTER)
            if id_ == question:
                return
            self._left.pop(0)
            self._press_on(*keys)

    def answer_half(self, *, shows: str) -> None:
        """Press half of what answers the present question, and wait for what that shows."""
        id_, text, keys = self._left[0]
        half = len(keys) // 2
        self._left[0] = (id_, text, keys[half:])
        self._press(*keys[:half])
        self._wait(lambda: shows in text_of(self._rows()), what=shows)

    def answer_all(self) -> None:
        """Answer what is left. What comes before the end is there then."""
        self.answer_until(self._left[-1][0])
        self._press_on(*self._left.pop()[2])

    def end(self) -> None:
        """Pass what comes before the end."""
        while END not in text_of(self._rows()):
            self._press_on(Key.ENTER)

    def look(self, key: Key | str) -> None:
        """Press a key that answers nothing, and wait for what it shows."""
        before = text_of(self._rows())
        self._press(key)
        self._wait(lambda: text_of(self._rows()) != before, what=f"what {key} shows")

    def shot(self) -> Shot:
        """The screen to its last row that isn't blank, as soon as it stands still."""
        while self._read(STILL):
            pass
        return self._rows(), (self._screen.cursor.y, self._screen.cursor.x)

    def part(self, heading: str) -> Shot:
        """What stands below the last such heading until the next, on the screen or scrolled away."""
        rows = [*([line[column] for column in range(COLUMNS)] for line in self._screen.history.top), *self._rows()]
        texts = [text_of([row]) for row in rows]
        heads = [place - 1 for place, text in enumerate(texts) if re.fullmatch(r"\s*─+", text)]
        start = max(place for place in heads if texts[place].strip() == heading)
        return rows[start - 1 : heads[heads.index(start) + 1]], None

    def _rows(self) -> list[list[Char]]:
        rows = [[self._screen.buffer[row][column] for column in range(COLUMNS)] for row in range(LINES)]
        while rows and not text_of(rows[-1:]).strip():
            rows.pop()
        return rows

    def _asks(self, text: str) -> bool:
        """Does the present picture ask this? What is inserted into `text` may be anything."""
        pattern = ".+".join(map(re.escape, re.split(r"\{\w+\}", text)))
        rows = text_of(self._rows()).split("\n")
        heads = [place for place, row in enumerate(rows) if row.startswith("  ◆")]
        asked = " ".join(" ".join(rows[heads[-1] + 1 :]).replace("│", " ").split()) if heads else ""
        return re.match(pattern, asked) is not None

    def _press(self, *keys: Key | str) -> None:
        self._child.send(sent(keys))

    def _press_on(self, *keys: Key | str) -> None:
        """Press what ends the present question, and wait until the next is there, or the end."""
        asked = self._raw.count(LISTENS)
        self._press(*keys)
        self._wait(
            lambda: self._raw.count(LISTENS) > asked or END in text_of(self._rows()), what=f"what comes after {keys}"
        )

    def _wait(self, fits: Callable[[], bool], *, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._read(QUIET) or not fits():
            if time.monotonic() > deadline:
                sys.exit(f"make tour: {what} never showed:\n{text_of(self._rows())}")

    def _read(self, seconds: float) -> bool:
        """Read what comes within this time. Did anything?"""
        try:
            text = self._child.read_nonblocking(100_000, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self._raw += text
        self._stream.feed(text)
        return True


def text_of(rows: Sequence[Sequence[Char]]) -> str:
    """The rows as text, each without the blanks at its end."""
    return "\n".join("".join(char.data for char in row).rstrip() for row in rows)
