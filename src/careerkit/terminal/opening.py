"""The first lines on the screen. It stands alone, so that they are there before all that asking needs is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from careerkit.terminal.keys.keyboard import Keyboard
from careerkit.terminal.safe import safe
from careerkit.terminal.stand_ins import symbols_for
from careerkit.terminal.width import cells, wrapped

NARROWEST, WIDEST = 20, 88
"""Wider lines than that read badly; the page stays that wide on a wider terminal."""
ROOMY = 60
"""From here on there is room for a margin, a table, the list of commands."""


def is_full_terminal(streams: Sequence[TextIO], *, plain: bool, environment: Mapping[str, str]) -> bool:
    """Can the rich look be shown? Not where plain is asked for, where a stream is no terminal, or with TERM=dumb."""
    return not plain and environment.get("TERM") != "dumb" and all(stream.isatty() for stream in streams)


def greet(title: str, minutes: int | None, note: str, *, to: TextIO, color: bool) -> None:
    """Write the opening of the rich look to a terminal, at once. What is typed from now on waits for the first question."""
    if sys.stdin.isatty():
        Keyboard(sys.stdin).hush()
    encoding = to.encoding or "ascii"
    try:
        columns = os.get_terminal_size(to.fileno()).columns or 80
    except OSError:
        columns = 80
    shown = [safe(text, encoding=encoding) for text in (title, note)]
    dot = symbols_for(encoding).dot
    to.write(opening(shown[0], minutes, shown[1], columns=page_width(columns), color=color, dot=dot))
    to.flush()


def page_width(columns: int) -> int:
    """The columns of the page on a terminal that is so wide."""
    return max(NARROWEST, min(WIDEST, columns))


def opening(title: str, minutes: int | None, note: str, *, columns: int, color: bool, dot: str) -> str:
    """The title row, with what there is to know before the first question."""

    def styled(code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    margin = "  " if columns >= ROOMY else ""
    width = columns - len(margin) - 1
    title = " ".join(title.split())
    tail = (f"about {minutes} minutes {dot} " if minutes else "") + "stays on this machine"
    gap = width - cells(title) - cells(tail)
    if gap > 1:
        rows = [styled("1", title) + " " * gap + styled("2", tail)]
    else:
        rows = [styled("1", row) for row in wrapped(title, width)] + [styled("2", row) for row in wrapped(tail, width)]
    rows += [styled("2", row) for row in wrapped(note, width) if row]
    return "\n" + "".join(f"{margin}{row}\n" for row in rows) + "\n"
