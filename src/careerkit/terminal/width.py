"""How many cells of a terminal a text takes, without Rich: for the first line on the screen and for counting rows."""

from __future__ import annotations

import re
import unicodedata

JOINERS = "\u200c\u200d"
_STYLE = re.compile("\x1b\\[[0-9;]*m")


def cells(text: str) -> int:
    """The cells that one line takes; styling takes none, East Asian wide characters two."""
    bare = _STYLE.sub("", text)
    return len(bare) if bare.isascii() else sum(_cells_of(char) for char in bare)


def wrapped(text: str, width: int) -> list[str]:
    """One line of text in rows of at most `width` cells, broken between words where that is possible."""
    rows = [""]
    for word in text.split():
        if rows[-1] and cells(rows[-1]) + 1 + cells(word) <= width:
            rows[-1] += f" {word}"
        else:
            rows += _folded(word, width)
    return rows[1:] or rows


def _folded(word: str, width: int) -> list[str]:
    rows = [""]
    for char in word:
        if cells(rows[-1] + char) > width:
            rows.append("")
        rows[-1] += char
    return rows


def _cells_of(char: str) -> int:
    if char in JOINERS or unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
