"""Draw a growth chart as a self-contained SVG with logarithmic axes."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 190, 34, 50
COLORS = ("#0b5d8f", "#a33b1c", "#3b7a2a", "#6b3fa0", "#8a6a00", "#555555", "#b02a6b", "#007a7a")
DASHES = ("", "6 3", "2 3", "10 3 2 3")
"""So that the lines can be told apart without colour."""
LABEL_SPACING = 14
"""Between the names at the right."""


def curve(lines: Mapping[str, Mapping[int, float]], *, title: str, across: str, up: str) -> str:
    """The chart of named lines. Each maps x to y."""
    xs = sorted({x for points in lines.values() for x in points})
    ys = [y for points in lines.values() for y in points.values()]
    frame = _Frame(min(xs), max(xs), min(ys), max(ys))
    parts = [_head(title), *_axes(frame, across, up)]
    places = _spread({name: frame.y(points[max(points)]) for name, points in lines.items()})
    for number, (name, points) in enumerate(lines.items()):
        color, dash = COLORS[number % len(COLORS)], DASHES[number % len(DASHES)]
        path = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in sorted(points.items()))
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        parts += [
            f'<circle cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}" r="3" fill="{color}"/>' for x, y in points.items()
        ]
        parts.append(_text(WIDTH - RIGHT + 12, places[name] + 4, name, fill=color))
    return "\n".join([*parts, "</svg>", ""])


class _Frame:
    """Converts values to coordinates."""

    def __init__(self, x0: float, x1: float, y0: float, y1: float) -> None:
        self.first, self.last = math.floor(math.log10(x0)), math.ceil(math.log10(x1))
        self.lowest, self.highest = math.floor(math.log10(y0)), math.ceil(math.log10(y1))

    def x(self, value: float) -> float:
        share = (math.log10(value) - self.first) / max(self.last - self.first, 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = (math.log10(value) - self.lowest) / max(self.highest - self.lowest, 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _head(title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    )


def _axes(frame: _Frame, across: str, up: str) -> list[str]:
    parts = []
    for power in range(frame.lowest, frame.highest + 1):
        y = frame.y(10**power)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{10**power:,}", anchor="end"))
    for power in range(frame.first, frame.last + 1):
        x = frame.x(10**power)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#dddddd"/>')
        parts.append(_text(x, HEIGHT - BOTTOM + 18, f"{10**power:,}", anchor="middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, across, anchor="middle"))
    return [*parts, _text(LEFT - 52, TOP - 16, up)]


def _spread(places: Mapping[str, float]) -> dict[str, float]:
    """The y coordinates from top to bottom, moved down where two names would overlap."""
    spread: dict[str, float] = {}
    lowest: float = TOP
    for name, y in sorted(places.items(), key=lambda item: item[1]):
        spread[name] = lowest = max(y, lowest)
        lowest += LABEL_SPACING
    return spread


def _text(x: float, y: float, words: str, *, anchor: str = "start", fill: str = "#333333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
