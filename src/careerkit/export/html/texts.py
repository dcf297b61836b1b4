"""Put what people wrote into a page: as text only, without control characters, each in its own writing direction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

import htpy as h

from careerkit.core.due_dates import MONTHS, WEEKDAYS
from careerkit.core.frozen import Literal
from careerkit.core.outcome.model import DueTime
from careerkit.core.text import compile_control_char_pattern
from careerkit.core.values import Level
from careerkit.export.plan_document import flatten

LEVEL_LABELS: dict[Level, str] = {"stop": "Stop", "care": "Take care", "good": "Good", "info": "Note"}
LEVEL_SIGNS: dict[Level, str] = {"stop": "■", "care": "▲", "good": "✓", "info": "•"}
"""The words and signs of the terminal."""
HEADLINE_LABELS: dict[Level, str] = {"stop": "Stop: ", "care": "Take care: ", "good": "", "info": ""}
TAB = "    "
LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
BULLET = "- "


def clean_lines(text: str) -> str:
    """`text` without control characters, which become U+FFFD. Its line ends and spaces are kept."""
    return compile_control_char_pattern().sub("\ufffd", LINE_ENDS.sub("\n", text).replace("\t", TAB))


def render_line(text: str, class_: str = "") -> h.Element:
    """`text` on one line, isolated from the direction of what is around it."""
    return h.span(dir="auto", class_=class_ or None)[flatten(text)]


def render_paragraphs(text: str) -> Iterator[h.Element]:
    """Paragraphs, and lists of the lines that begin with a dash."""
    for kind, grouped in groupby(clean_lines(text).split("\n"), key=_find_kind):
        lines = list(grouped)
        if kind == "item":
            yield render_list([line.removeprefix(BULLET) for line in lines])
        elif kind == "line":
            yield h.p(dir="auto")[_join_with_breaks(lines)]


def render_list(lines: Sequence[str], class_: str = "") -> h.Element:
    return h.ul(class_=class_ or None)[(h.li(dir="auto")[flatten(line)] for line in lines)]


def render_level(level: Level) -> h.Element:
    """The sign and the word of a level. Neither depends on its colour."""
    return h.span(class_=f"level {level}")[_render_sign(level), f"{LEVEL_LABELS[level]}:"]


def render_headline(level: Level, text: str) -> h.Element:
    """The headline after the word of its level, if that has one."""
    label = HEADLINE_LABELS[level]
    return h.h1[h.span(class_=f"level {level}")[_render_sign(level), label] if label else None, render_line(text)]


def render_due(due: DueTime, *, this_year: int) -> h.Element:
    return h.time(datetime=due.isoformat())[format_due(due, this_year=this_year)]


def format_due(due: DueTime, *, this_year: int) -> str:
    """`Mon 23 Nov`, with the time if there is one, and with the year if it is another one."""
    hour = f", {due:%H:%M}" if isinstance(due, datetime) else ""
    return f"{WEEKDAYS[due.weekday()][:3]} {format_day(due, this_year=this_year)}{hour}"


def format_day(day: date, *, this_year: int) -> str:
    """`23 Nov`, with the year if it is another one."""
    year = "" if day.year == this_year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1][:3]}{year}"


def _render_sign(level: Level) -> h.Element:
    return h.span(aria_hidden="true")[f"{LEVEL_SIGNS[level]} "]


def _find_kind(line: str) -> Literal["item", "line", "blank"]:
    if line.startswith(BULLET):
        return "item"
    return "line" if line.strip() else "blank"


def _join_with_breaks(lines: Sequence[str]) -> Iterator[h.Node]:
    for number, line in enumerate(lines):
        if number:
            yield h.br
        yield line
