"""A text while it is typed, and what each key makes of it."""

from __future__ import annotations

import re

from careerkit.core.frozen import frozen, replace
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.keys.key import Key, Press

ROOM = 20_000
"""So many characters more than what fits may stand there while a text is being cut down."""


@frozen
class Line:
    """A text and the place of the cursor in it. `several`: it may have line ends. `most`: characters that fit in the end."""

    text: str = ""
    cursor: int = 0
    several: bool = False
    most: int = 20_000

    def press(self, press: Press) -> Line | None:
        """The text after `press`; None where the press means nothing here. Refused for a paste out of all proportion."""
        if isinstance(press, str):
            return self.insert(press)
        if press is Key.ENTER and self.several:
            return self.insert("\n")
        if press in (Key.UP, Key.DOWN) and self.several:
            return self._over_lines(-1 if press is Key.UP else 1)
        move = self._target(press)
        if move is not None:
            return replace(self, cursor=move)
        rub = self._rubbed(press)
        return None if rub is None else replace(self, text=self.text[: rub[0]] + self.text[rub[1] :], cursor=rub[0])

    def insert(self, typed: str) -> Line:
        if len(self.text) + len(typed) > self.most + ROOM:  # looked at first: all else takes time that grows with it
            message = f"That has {len(typed):,} characters; {self.most:,} fit. It was not taken."
            raise Refused(Problem("too-long", message, "Paste the part that matters."))
        typed = typed.replace("\r\n", "\n").replace("\r", "\n")
        if not self.several:
            typed = typed.replace("\n", " ")
        if any("\ud800" <= char <= "\udfff" for char in typed):
            raise Refused(
                Problem("not-utf-8", "That holds bytes that are not UTF-8. It was not taken.", "Type it again.")
            )
        text = self.text[: self.cursor] + typed + self.text[self.cursor :]
        return replace(self, text=text, cursor=self.cursor + len(typed))

    def _target(self, press: Key) -> int | None:
        match press:
            case Key.LEFT:
                return max(0, self.cursor - 1)
            case Key.RIGHT:
                return min(len(self.text), self.cursor + 1)
            case Key.HOME:
                return self._line_start()
            case Key.END:
                return self._line_end()
            case Key.WORD_LEFT:
                return self._word_left()
            case Key.WORD_RIGHT:
                match = re.compile(r"\W*\w+").match(self.text, self.cursor)
                return match.end() if match else len(self.text)
        return None

    def _rubbed(self, press: Key) -> tuple[int, int] | None:
        match press:
            case Key.RUB:
                return max(0, self.cursor - 1), self.cursor
            case Key.DELETE:
                return self.cursor, min(len(self.text), self.cursor + 1)
            case Key.RUB_WORD:
                return self._word_left(), self.cursor
            case Key.RUB_LEFT:
                return self._line_start(), self.cursor
            case Key.RUB_RIGHT:
                return self.cursor, self._line_end()
        return None

    def _line_start(self) -> int:
        return self.text.rfind("\n", 0, self.cursor) + 1

    def _line_end(self) -> int:
        end = self.text.find("\n", self.cursor)
        return len(self.text) if end < 0 else end

    def _word_left(self) -> int:
        before = self.text[: self.cursor].rstrip()
        return len(re.sub(r"\w+\Z|[^\w\s]+\Z", "", before)) if before else 0

    def _over_lines(self, step: int) -> Line:
        """The cursor one line up or down, in the same column where there is one."""
        column = self.cursor - self._line_start()
        if step < 0:
            if self._line_start() == 0:
                return replace(self, cursor=0)
            above = self.text.rfind("\n", 0, self._line_start() - 1) + 1
            return replace(self, cursor=min(above + column, self._line_start() - 1))
        if self._line_end() == len(self.text):
            return replace(self, cursor=len(self.text))
        below = self._line_end() + 1
        end = self.text.find("\n", below)
        return replace(self, cursor=min(below + column, len(self.text) if end < 0 else end))


def line_of(text: str, *, several: bool = False, most: int = 20_000) -> Line:
    """`text` with the cursor behind it."""
    return Line(text, len(text), several, most)
