"""The banner, and how wide a page is. It imports little, so that the banner shows before the modules that ask questions are loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from careerkit.terminal.sanitize import choose_symbols, count_cells, sanitize, wrap_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

MIN_PAGE_WIDTH, MAX_PAGE_WIDTH = 20, 88
"""Columns. Longer lines are hard to read, so the page is no wider than this on any terminal."""
MIN_WIDE_PAGE_WIDTH = 60
"""From this width on there is room for a margin, a table and the list of commands."""


def is_full_terminal(streams: Sequence[TextIO], *, plain: bool, environment: Mapping[str, str]) -> bool:
    """Can the Rich renderer be used? Not with `plain` or TERM=dumb, or if one of the streams isn't a terminal."""
    return not plain and environment.get("TERM") != "dumb" and all(stream.isatty() for stream in streams)


def write_banner(
    title: str, minutes: int | None, note: str, *, to: TextIO, color: bool, use_ascii: bool = False
) -> None:
    """Write the banner to a terminal at once, and keep what is typed from now on for the first question."""
    if sys.stdin.isatty():
        from careerkit.terminal.tty import TtyMode  # plain output needs no terminal

        TtyMode(sys.stdin).disable_echo()
    encoding = to.encoding or "ascii"
    try:
        columns = os.get_terminal_size(to.fileno()).columns or 80
    except OSError:
        columns = 80
    title, note = (sanitize(text, encoding=encoding) for text in (title, note))
    dot = choose_symbols(encoding, use_ascii=use_ascii).dot
    to.write(format_banner(title, minutes, note, columns=limit_page_width(columns), color=color, dot=dot))
    to.flush()


def limit_page_width(columns: int) -> int:
    """The width of the page on a terminal with `columns`."""
    return max(MIN_PAGE_WIDTH, min(MAX_PAGE_WIDTH, columns))


def format_banner(title: str, minutes: int | None, note: str, *, columns: int, color: bool, dot: str) -> str:
    """The title with the playbook's length, then the note, between empty lines."""

    def styled(code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color else text

    margin = "  " if columns >= MIN_WIDE_PAGE_WIDTH else ""
    width = columns - len(margin) - 1
    title = " ".join(title.split())
    tail = (f"about {minutes} minutes {dot} " if minutes else "") + "stays on this machine"
    gap = width - count_cells(title) - count_cells(tail)
    if gap > 1:
        rows = [styled("1", title) + " " * gap + styled("2", tail)]
    else:
        rows = [styled("1", row) for row in wrap_text(title, width)] + [
            styled("2", row) for row in wrap_text(tail, width)
        ]
    rows += [styled("2", row) for row in wrap_text(note, width) if row]
    return "\n" + "".join(f"{margin}{row}\n" for row in rows) + "\n"
