"""Draw charts as small inline SVG pictures: bars, radar charts, and lines over time.

A picture has a title and a description for those who can't see it, and no text from a person inside it except in these two.
Labels and figures are next to the picture, where they can wrap. Colours come from the page's style sheet, by class.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import htpy as h

from careerkit.core.formatting import format_number
from careerkit.core.journal.trends import NumberScale, Trend
from careerkit.core.outcome.model import Bar
from careerkit.export.html.texts import format_day
from careerkit.export.plan_document import flatten

MIN_RADAR_AXES = 3
RADAR_SIZE, RADAR_RADIUS, RADAR_LABEL_DISTANCE = 220, 91, 103
MAX_RADAR_RINGS = 5
TREND_WIDTH, TREND_HEIGHT = 300, 110
TREND_TOP, TREND_BOTTOM = 18, 84
"""Between these heights the line is drawn. How much room the figures on both sides need depends on their length."""
DIGIT_WIDTH, LABEL_GAP = 8, 8
MAX_LABEL_LENGTH = 8
"""Longer numbers are rounded beside a chart; its description has all of their digits."""
MAX_TREND_MARKS = 40
"""Beyond this many points, only the line is drawn, and the last point."""


def draw_picture(
    name: str, title: str, description: str, *, size: tuple[int, int], shapes: Iterable[h.Node], class_: str
) -> h.Element:
    """A picture of that size in its own units. `name` is unique on the page."""
    return h.svg(
        xmlns="http://www.w3.org/2000/svg",
        class_=f"picture {class_}",
        viewBox=f"0 0 {size[0]} {size[1]}",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )[
        h.title(id=f"{name}-title")[flatten(title)],
        h.desc(id=f"{name}-desc")[flatten(description)],
        *shapes,
    ]


def draw_bar(percent: Decimal | int, class_: str = "") -> h.Element:
    """A bar next to the figure that it shows, which is what a screen reader reads."""
    width = format_coordinate(max(0.0, min(100.0, float(percent))))
    return h.svg(class_=f"bar {class_}".strip(), viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")[
        h.rect(class_="track", width=100, height=8), h.rect(class_="filled", width=width, height=8)
    ]


def draw_radar(name: str, title: str, bars: Sequence[Bar]) -> h.Element | None:
    """The bars as axes of a radar chart, numbered from 1 as in the list next to it. None for fewer than three.

    The centre is the low end of each scale.
    """
    if len(bars) < MIN_RADAR_AXES:
        return None
    corners = [_place_on_axis(number, len(bars), find_share(bar)) for number, bar in enumerate(bars)]
    shapes: list[h.Node] = [
        *(h.polygon(class_="ring", points=_join_points(_build_ring(len(bars), share))) for share in _list_rings(bars)),
        *(_draw_axis(number, len(bars)) for number in range(len(bars))),
        h.polygon(class_="area", points=_join_points(corners)),
        *(h.circle(class_="dot", cx=format_coordinate(x), cy=format_coordinate(y), r="3.5") for x, y in corners),
    ]
    description = "; ".join(f"{bar.label}: {format_out_of(bar)}" for bar in bars)
    return draw_picture(name, title, description, size=(RADAR_SIZE, RADAR_SIZE), shapes=shapes, class_="radar")


def draw_trend(name: str, trend: Trend) -> h.Element:
    """The number over time, with the ends of its scale, its last value, and the first and the last day."""
    points = trend.points
    low, high = _find_bounds(trend)
    labels = [_shorten(each) for each in (high, low, points[-1].value)]
    left = DIGIT_WIDTH * max(map(len, labels[:2])) + LABEL_GAP
    right = TREND_WIDTH - DIGIT_WIDTH * len(labels[2]) - LABEL_GAP
    across = _spread_over_time([each.at for each in points], left, right)
    places = list(zip(across, _spread_over_scale(trend, low, high), strict=True))
    marked = places if len(places) <= MAX_TREND_MARKS else places[-1:]
    years = {each.at.year for each in points}
    year = years.pop() if len(years) == 1 else 0
    shapes: list[h.Node] = [
        _draw_level(TREND_TOP, labels[0], left, right),
        _draw_level(TREND_BOTTOM, labels[1], left, right),
        h.polyline(class_="line", points=_join_points(places)),
        *(h.circle(class_="dot", cx=format_coordinate(x), cy=format_coordinate(y), r="3.5") for x, y in marked),
        h.text(class_="value", x=right + LABEL_GAP, y=format_coordinate(places[-1][1] + 4))[labels[2]],
        h.text(x=left, y=TREND_HEIGHT - 6)[format_day(points[0].at, this_year=year)],
        h.text(x=right, y=TREND_HEIGHT - 6, text_anchor="end")[format_day(points[-1].at, this_year=year)],
    ]
    values = ", ".join(f"{format_number(each.value)} on {format_day(each.at, this_year=0)}" for each in points)
    return draw_picture(
        name,
        trend.label,
        f"Over time{_describe_scale(trend.scale)}: {values}",
        size=(TREND_WIDTH, TREND_HEIGHT),
        shapes=shapes,
        class_="trend",
    )


def format_out_of(bar: Bar) -> str:
    return f"{format_number(bar.value)} of {format_number(bar.max)}"


def find_share(bar: Bar) -> float:
    """How far up its scale the bar is, from 0 to 1."""
    if bar.max <= bar.min:
        return 0.0
    return float(max(Decimal(0), min(Decimal(1), (bar.value - bar.min) / (bar.max - bar.min))))


def format_coordinate(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


# ------------------------------------------------------------ radar charts


def _list_rings(bars: Sequence[Bar]) -> list[float]:
    """A ring for each step of the scale if all bars share a short one, otherwise quarters."""
    steps = bars[0].max - bars[0].min
    is_shared = len({(bar.min, bar.max) for bar in bars}) == 1
    count = int(steps) if is_shared and steps == int(steps) and 0 < steps <= MAX_RADAR_RINGS else 4
    return [number / count for number in range(count, 0, -1)]


def _build_ring(axes: int, share: float) -> list[tuple[float, float]]:
    return [_place_on_axis(number, axes, share) for number in range(axes)]


def _draw_axis(number: int, axes: int) -> h.Fragment:
    x, y = _place_on_axis(number, axes, 1)
    label_x, label_y = _place_on_axis(number, axes, RADAR_LABEL_DISTANCE / RADAR_RADIUS)
    middle = RADAR_SIZE // 2
    return h.fragment[
        h.line(class_="axis", x1=middle, y1=middle, x2=format_coordinate(x), y2=format_coordinate(y)),
        h.text(x=format_coordinate(label_x), y=format_coordinate(label_y + 4), text_anchor="middle")[str(number + 1)],
    ]


def _place_on_axis(number: int, axes: int, share: float) -> tuple[float, float]:
    angle = 2 * math.pi * number / axes
    middle = RADAR_SIZE / 2
    return middle + RADAR_RADIUS * share * math.sin(angle), middle - RADAR_RADIUS * share * math.cos(angle)


def _join_points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{format_coordinate(x)},{format_coordinate(y)}" for x, y in points)


# ------------------------------------------------------------ trends


def _find_bounds(trend: Trend) -> tuple[Decimal, Decimal]:
    """The ends of the scale, or the lowest and the highest value; the values are within them."""
    values = [each.value for each in trend.points]
    low, high = trend.scale.low, trend.scale.high
    return min(values if low is None else [low, *values]), max(values if high is None else [high, *values])


def _spread_over_scale(trend: Trend, low: Decimal, high: Decimal) -> list[float]:
    """The heights of the values; in the middle if they are all the same."""
    room = TREND_BOTTOM - TREND_TOP
    if low == high:
        return [TREND_TOP + room / 2] * len(trend.points)
    return [TREND_BOTTOM - room * float((each.value - low) / (high - low)) for each in trend.points]


def _spread_over_time(moments: Sequence[datetime], left: int, right: int) -> list[float]:
    """The places of the moments; at equal distances if they are all the same."""
    first, last = moments[0], moments[-1]
    room, span = right - left, (last - first).total_seconds()
    if not span:
        return [left + room * number / max(1, len(moments) - 1) for number in range(len(moments))]
    return [left + room * (each - first).total_seconds() / span for each in moments]


def _draw_level(place: int, label: str, left: int, right: int) -> h.Fragment:
    """A line across the chart, with the value that it is at."""
    return h.fragment[
        h.line(class_="axis", x1=left, y1=place, x2=right, y2=place),
        h.text(x=left - LABEL_GAP, y=place + 4, text_anchor="end")[label],
    ]


def _shorten(number: Decimal) -> str:
    text = format_number(number)
    return text if len(text) <= MAX_LABEL_LENGTH else f"{number:.2e}"


def _describe_scale(scale: NumberScale) -> str:
    if scale.low is not None and scale.high is not None:
        return f", on a scale from {format_number(scale.low)} to {format_number(scale.high)}"
    return f", in {scale.unit}" if scale.unit else ""
