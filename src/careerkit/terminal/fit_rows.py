"""Fit texts into the rows of a page: how many rows a text takes at 80 columns, and its beginning in fewer rows."""

from __future__ import annotations

from careerkit.terminal.sanitize import count_cells, wrap_text

TEXT_WIDTH = 72
"""Cells for a text on a page of 80 columns, less than any renderer uses, so that a text never takes more rows than counted."""
MAX_WRAPPED_LENGTH = 20_000
"""Characters that are really wrapped. The rows of what comes after them are estimated."""

SENTENCE_ENDS = (". ", "! ", "? ")


class RowBudget:
    """Rows to give away. `left` can't fall below zero."""

    def __init__(self, rows: int) -> None:
        self.left = rows

    def take(self, wanted: int, *, at_least: int = 0) -> int:
        """Take up to `wanted` rows and return how many; takes none if fewer than `at_least` are left."""
        granted = max(0, min(wanted, self.left))
        if granted < at_least:
            return 0
        self.left -= granted
        return granted


def count_rows(text: str, width: int = TEXT_WIDTH) -> int:
    """The rows that `text` takes in `width` cells; 0 for an empty text."""
    if not text:
        return 0
    start, rest = text[:MAX_WRAPPED_LENGTH], text[MAX_WRAPPED_LENGTH:]
    return sum(len(wrap_text(line, width)) for line in start.split("\n")) + -(-count_cells(rest) // width)


def cut_rows(text: str, rows: int, width: int = TEXT_WIDTH) -> str:
    """The beginning of `text` that fits into `rows` rows. Its own line ends are kept.

    A line that doesn't fit is cut after a sentence, if there is one in its second half, and otherwise between words.
    """
    lines: list[str] = []
    for line in text[:MAX_WRAPPED_LENGTH].split("\n"):
        if rows <= 0:
            break
        wrapped = wrap_text(line, width)
        lines.append(line if len(wrapped) <= rows else _cut_line(line, wrapped[:rows], width))
        rows -= len(wrapped)
    return "\n".join(lines).rstrip()


def cut_text(text: str, rows: int, width: int = TEXT_WIDTH) -> str:
    """`text` in at most `rows` rows."""
    return text if count_rows(text, width) <= rows else cut_rows(text, rows, width)


def cut_with_rest(text: str, rows: int) -> tuple[str, int]:
    """`text` in `rows` rows and 0; if it needs more, one row less of it, and the number of rows that are hidden."""
    needed = count_rows(text)
    if needed <= rows:
        return text, 0
    shown = cut_rows(text, rows - 1)
    return shown, needed - count_rows(shown)


def _cut_line(line: str, rows: list[str], width: int) -> str:
    """The beginning of `line` with the words of `rows`, less those that an ellipsis or a half sentence would take."""
    start = _take_words(line, rows)
    sentence = max(f"{start} ".rfind(mark) for mark in SENTENCE_ENDS) + 1
    if sentence > len(start) // 2:
        return start[:sentence]
    fits = count_cells(rows[-1]) + 2 <= width
    shorter = start if fits else start.rpartition(" ")[0] or start[:-2]
    return f"{shorter.rstrip()} …"


def _take_words(line: str, rows: list[str]) -> str:
    count = sum(len("".join(row.split())) for row in rows)
    for place, char in enumerate(line):
        if count == 0:
            return line[:place].rstrip()
        count -= not char.isspace()
    return line
