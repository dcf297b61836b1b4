"""careerkit in a real terminal, answered with keys, for the pictures of the tour.

The clock and the entry id are fixed, so that the pictures change only if careerkit does. Questions are recognised on the
screen.
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

from careerkit.terminal.keys.widget import Key
from key_input import encode_presses

COLUMNS, LINES, HISTORY = 80, 28, 1000
TIMEOUT_S = 30.0
READ_TIMEOUT_S, SETTLE_S = 0.02, 0.4
"""Seconds without output after which the screen is read, and after which it won't change any more."""
NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
READS_KEYS = "\x1b[?2004h"
"""What prompt_toolkit writes when it begins to read keys, once for each question."""
END = "Saved as"

CAREERKIT = f"""
from datetime import datetime
from careerkit.storage import layout
from careerkit.storage.platform import SystemClock
SystemClock.now = lambda self: datetime.fromisoformat("{NOW.isoformat()}")
layout.generate_entry_id = lambda moment: "20261122T0905Z-k3f9x2"
from careerkit.cli.startup import main
raise SystemExit(main())
"""

Shot = tuple[list[list[Char]], tuple[int, int] | None]
"""Rows, and the position of the cursor as row and column."""
Answer = tuple[str, str, list[Key | str]]
"""A question's id, its text as the playbook has it, and the keys that answer it."""


class Screen(pyte.HistoryScreen):
    """Supports dim text, which pyte doesn't: it is stored as blinking text, which careerkit never uses."""

    def select_graphic_rendition(self, *attrs: int, **private: Any) -> None:
        super().select_graphic_rendition(*attrs, **private)
        if 2 in attrs:
            self.cursor.attrs = self.cursor.attrs._replace(blink=True)


class Terminal:
    """A terminal that runs `playbook`, with the answers still to give."""

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
        self._wait(lambda: READS_KEYS in self._raw, what="the first question")

    def answer_until(self, question: str) -> None:
        """Answer until `question` is asked. Notes between the questions are closed with Enter."""
        while True:
            id_, text, keys = self._left[0]
            while not self._asks(text):
                self._press_on(Key.ENTER)
            if id_ == question:
                return
            self._left.pop(0)
            self._press_on(*keys)

    def answer_half(self, *, shows: str) -> None:
        """Press half of the keys that answer the current question, and wait until the screen shows `shows`."""
        id_, text, keys = self._left[0]
        half = len(keys) // 2
        self._left[0] = (id_, text, keys[half:])
        self._press(*keys[:half])
        self._wait(lambda: shows in text_of(self._rows()), what=shows)

    def answer_all(self) -> None:
        """Give the remaining answers, up to the review before the end."""
        self.answer_until(self._left[-1][0])
        self._press_on(*self._left.pop()[2])

    def end(self) -> None:
        """Press Enter until the session has ended."""
        while END not in text_of(self._rows()):
            self._press_on(Key.ENTER)

    def look(self, key: Key | str) -> None:
        """Press a key that doesn't answer the question once the screen is at rest, and wait until it changes."""
        self._settle()
        before = text_of(self._rows())
        self._press(key)
        self._wait(lambda: text_of(self._rows()) != before, what=f"what {key} shows")

    def shot(self) -> Shot:
        """The screen up to its last row that isn't blank, as soon as it no longer changes."""
        self._settle()
        return self._rows(), (self._screen.cursor.y, self._screen.cursor.x)

    def part(self, heading: str) -> Shot:
        """The last section with this heading, on the screen or in the scrollback."""
        rows = [*([line[column] for column in range(COLUMNS)] for line in self._screen.history.top), *self._rows()]
        texts = [text_of([row]) for row in rows]
        heads = [place - 1 for place, text in enumerate(texts) if re.fullmatch(r"\s*─+", text)]
        start = max(place for place in heads if texts[place].strip() == heading)
        return rows[start - 1 : heads[heads.index(start) + 1]], None

    def _settle(self) -> None:
        while self._read(SETTLE_S):
            pass

    def _rows(self) -> list[list[Char]]:
        rows = [[self._screen.buffer[row][column] for column in range(COLUMNS)] for row in range(LINES)]
        while rows and not text_of(rows[-1:]).strip():
            rows.pop()
        return rows

    def _asks(self, text: str) -> bool:
        """Is the current question `text`? Placeholders in `text` match anything."""
        pattern = ".+".join(map(re.escape, re.split(r"\{\w+\}", text)))
        rows = text_of(self._rows()).split("\n")
        heads = [place for place, row in enumerate(rows) if row.startswith("  ◆")]
        asked = " ".join(" ".join(rows[heads[-1] + 1 :]).replace("│", " ").split()) if heads else ""
        return re.match(pattern, asked) is not None

    def _press(self, *keys: Key | str) -> None:
        self._child.send(encode_presses(keys))

    def _press_on(self, *keys: Key | str) -> None:
        """Press keys that end the current question, and wait for the next one, or the end."""
        asked = self._raw.count(READS_KEYS)
        self._press(*keys)
        self._wait(
            lambda: self._raw.count(READS_KEYS) > asked or END in text_of(self._rows()), what=f"what comes after {keys}"
        )

    def _wait(self, fits: Callable[[], bool], *, what: str) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while self._read(READ_TIMEOUT_S) or not fits():
            if time.monotonic() > deadline:
                sys.exit(f"make tour: {what} never showed:\n{text_of(self._rows())}")

    def _read(self, seconds: float) -> bool:
        """Read what is written within this time. Returns whether there was anything."""
        try:
            text = self._child.read_nonblocking(100_000, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self._raw += text
        self._stream.feed(text)
        return True


def text_of(rows: Sequence[Sequence[Char]]) -> str:
    """The rows as text, without spaces at their ends."""
    return "\n".join("".join(char.data for char in row).rstrip() for row in rows)
