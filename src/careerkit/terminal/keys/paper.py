"""What a picture is made of: rows of styled text no wider than the window, and where the cursor stands."""

from __future__ import annotations

from functools import lru_cache

from careerkit.core.frozen import frozen
from careerkit.terminal.safe import safe
from careerkit.terminal.stand_ins import Symbols
from careerkit.terminal.width import cells

Span = tuple[str, str]
"""A style and a text. Styles are words parted by blanks: bold dim italic reverse, and the colours of STYLES."""
Row = tuple[Span, ...]

STYLES = {
    "bold": "1", "dim": "2", "italic": "3", "reverse": "7",
    "red": "31", "green": "32", "yellow": "33", "cyan": "36",
}  # fmt: skip


@frozen
class Body:
    """What a widget shows. `cursor` is the row and cell at which the cursor stands; `whole` rows from it are kept in view."""

    rows: tuple[Row, ...]
    cursor: tuple[int, int] = (0, 0)
    whole: int = 1


@frozen
class Paper:
    """Room for `width` cells a row, in this encoding."""

    width: int
    symbols: Symbols
    encoding: str = "utf-8"

    def safe(self, text: str) -> str:
        return safe(text, encoding=self.encoding)

    def narrower(self, by: int) -> Paper:
        return Paper(max(8, self.width - by), self.symbols, self.encoding)

    def prose(self, text: str, style: str = "", *, first: Row = (), rest: str = "") -> list[Row]:
        """`text` in rows that begin with `first`, then with `rest` (by default blanks as wide as `first`)."""
        lead = sum(cells(part) for _, part in first)
        rest = rest or " " * lead
        parts = [part for line in self.safe(text).split("\n") for part in pieces(line, max(6, self.width - lead))]
        return [
            ((*first, (style, part)) if not place else (("", rest), (style, part))) for place, part in enumerate(parts)
        ]

    def short(self, text: str, width: int) -> str:
        """`text` on one row of at most `width` cells, with a sign where it is cut."""
        line = " ".join(self.safe(text).split())
        if cells(line) <= width:
            return line
        cut = self.symbols.cut
        line = line[: max(1, width)]
        while line and cells(line) + cells(cut) > width:
            line = line[:-1]
        return line.rstrip() + cut

    def typed(self, text: str, cursor: int, *, first: Row = (), style: str = "bold") -> Body:
        """A text while it is typed: wrapped, with the cursor at its place."""
        lead = sum(cells(part) for _, part in first)
        width = max(6, self.width - lead)
        before, shown = self.safe(text[:cursor]), self.safe(text)
        rows: list[Row] = []
        at, spot = 0, (0, lead)
        for line in shown.split("\n"):
            start = at
            for part in pieces(line, width):
                if start <= len(before) <= start + len(part):
                    spot = len(rows), lead + cells(part[: len(before) - start])
                rows.append((*first, (style, part)) if not rows else (("", " " * lead), (style, part)))
                start += len(part)
            at += len(line) + 1
        return Body(tuple(rows), spot)


@lru_cache(maxsize=2048)
def pieces(line: str, width: int) -> tuple[str, ...]:
    """One line cut into rows of at most `width` cells, behind a blank where there is one; nothing is dropped."""
    if len(line) < width and line.isascii():
        return (line,)
    rows: list[str] = []
    start = at = used = 0
    blank = -1
    while at < len(line):
        wide = cells(line[at])
        if used + wide >= width and at > start:  # the last cell stays free for the cursor
            end = blank + 1 if blank >= start else at
            rows.append(line[start:end])
            start, blank = end, -1
            used = cells(line[start:at])
            continue
        if line[at] == " ":
            blank = at
        used += wide
        at += 1
    return (*rows, line[start:])


def side_by_side(paper: Paper, left: str, right: str, room: int) -> tuple[str, str, str]:
    """Two texts on one row of so many cells, cut where they must be, and the blanks between them."""
    right = paper.short(right, max(room // 2, room - cells(paper.safe(left))))
    left = paper.short(left, room - cells(right))
    return left, " " * (max(3, room // 2 + 3 - cells(left)) if cells(right) <= room // 2 else 3), right


def ansi(rows: tuple[Row, ...] | list[Row], *, color: bool) -> str:
    """The rows as they are written to a terminal, each ended."""
    return "".join("".join(_styled(*span, color=color) for span in row).rstrip() + "\n" for row in rows)


def _styled(style: str, text: str, *, color: bool) -> str:
    if not style or not color or not text:
        return text
    return f"\x1b[{';'.join(STYLES[word] for word in style.split())}m{text}\x1b[0m"
