"""Draw rows of a terminal's screen as an SVG picture that needs nothing but a monospace font."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from pyte.screens import Char

WIDE, HIGH, SIZE, EDGE, BAR = 8.6, 20, 14, 20, 40
"""Pixels: width and height of a cell, font size, margin inside the window, height of the title bar."""
BASELINE = 14.5
FONT = "ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
GROUND, FRAME, INK, DIM = "#161b22", "#30363d", "#d5dbe3", "#8b949e"
COLORS = {
    "black": "#484f58", "red": "#ff7b72", "green": "#56d364", "brown": "#e3b341", "blue": "#79c0ff",
    "magenta": "#d2a8ff", "cyan": "#56d4dd", "white": "#f0f6fc",
}  # fmt: skip
"""By pyte's names; its brown is yellow."""
SHADES = {"█": 1.0, "▓": 0.75, "▒": 0.5, "░": 0.25}


@dataclass(frozen=True, slots=True)
class Style:
    """How a character is drawn. pyte's `blink` means dim, see `Screen` in tour_terminal.py."""

    color: str
    bold: bool
    italic: bool
    ground: str


def svg(rows: Sequence[Sequence[Char]], *, title: str, alt: str, cursor: tuple[int, int] | None = None) -> str:
    """The rows in a window with `title` in its bar. `alt` is the alternative text; `cursor` is row and cell."""
    columns = max(len(row) for row in rows)
    width, height = columns * WIDE + 2 * EDGE, BAR + len(rows) * HIGH + EDGE
    size = f'viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}"'
    window = f'width="{_n(width - 1)}" height="{_n(height - 1)}" fill="{GROUND}" stroke="{FRAME}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="alt">',
        f'<title id="alt">{escape(alt)}</title>',
        f'<rect x="0.5" y="0.5" {window} rx="9"/>',
        *(f'<circle cx="{_n(EDGE + 4 + 18 * place)}" cy="20" r="5" fill="{FRAME}"/>' for place in range(3)),
        f'<g font-family="{FONT}" font-size="{SIZE}">',
        f'<text x="{_n(width / 2)}" y="24" text-anchor="middle" font-size="12" fill="{DIM}">{escape(title)}</text>',
        *(part for number, row in enumerate(rows) for part in _row(row, BAR + number * HIGH)),
        *([_cursor(*cursor)] if cursor and cursor[0] < len(rows) else []),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _row(row: Sequence[Char], top: float) -> Iterable[str]:
    cells = [(place, char.data, _style(char)) for place, char in enumerate(row)]
    for style, run in groupby(cells, key=lambda cell: cell[2]):
        part = list(run)
        if style.ground:
            yield _box(part[0][0], top, len(part), style.ground)
        for sign, same in groupby(part, key=lambda cell: "" if cell[1].isascii() else cell[1]):
            pieces = list(same)
            if sign in SHADES:
                yield _box(pieces[0][0], top + 3, len(pieces), style.color, share=SHADES[sign], high=HIGH - 6)
            elif sign:
                yield from (_sign(place, sign, top, style) for place, _, _ in pieces)
            else:
                yield from _words(pieces[0][0], "".join(data for _, data, _ in pieces), top, style)


def _words(place: int, text: str, top: float, style: Style) -> Iterable[str]:
    """Words stretched to their cells, whatever the font. They are drawn apart, because SVG collapses repeated spaces."""
    for words in re.finditer(r"\S+(?: \S+)*", text):
        yield _text(place + words.start(), top, words[0], style)


def _sign(place: int, sign: str, top: float, style: Style) -> str:
    """A character that may come from another font. Lines are drawn as paths, so that they connect."""
    left, middle = _n(EDGE + place * WIDE), _n(EDGE + (place + 0.5) * WIDE)
    strokes = {
        "│": f"M{middle} {_n(top)}v{HIGH}",
        "└": f"M{middle} {_n(top)}v{HIGH / 2:g}h{_n(WIDE / 2)}",
        "─": f"M{left} {_n(top + HIGH / 2)}h{_n(WIDE)}",
    }
    if sign in strokes:
        return f'<path d="{strokes[sign]}" stroke="{style.color}" fill="none"/>'
    return f'<text x="{middle}" y="{_n(top + BASELINE)}" text-anchor="middle"{_dress(style)}>{escape(sign)}</text>'


def _text(place: int, top: float, text: str, style: Style) -> str:
    x, stretch = EDGE + place * WIDE, f' textLength="{_n(len(text) * WIDE)}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{_n(x)}" y="{_n(top + BASELINE)}"{stretch}{_dress(style)}>{escape(text)}</text>'


def _dress(style: Style) -> str:
    weight = ' font-weight="bold"' if style.bold else ""
    slant = ' font-style="italic"' if style.italic else ""
    return f' fill="{style.color}"{weight}{slant}'


def _box(place: int, top: float, cells: int, color: str, *, share: float = 1, high: float = HIGH) -> str:
    opacity = "" if share == 1 else f' fill-opacity="{share:g}"'
    return (
        f'<rect x="{_n(EDGE + place * WIDE)}" y="{_n(top)}" width="{_n(cells * WIDE)}" height="{_n(high)}" '
        f'fill="{color}"{opacity}/>'
    )


def _cursor(row: int, cell: int) -> str:
    return _box(cell, BAR + row * HIGH + 1, 1, INK, share=0.35, high=HIGH - 2)


def _style(char: Char) -> Style:
    color = COLORS.get(char.fg, INK)
    if char.blink and char.fg == "default":
        color = DIM
    if char.reverse:
        return Style(GROUND, char.bold, char.italics, color)
    return Style(color, char.bold, char.italics, "")


def _n(number: float) -> str:
    return f"{round(number, 2):g}"
