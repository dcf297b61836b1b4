"""Put what people wrote into a page as text only, and draw charts and the map of people as small inline SVG pictures.

A picture has a title and a description for those who can't see it, and no text from a person inside it except in these two.
Labels and figures are next to the picture, where they can wrap. Colours come from the page's style sheet, by class.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

import htpy as h

from careerkit.core.due_dates import MONTHS, WEEKDAYS
from careerkit.core.frozen import Literal
from careerkit.core.journal.people import PeopleMap, Person
from careerkit.core.journal.trends import NumberScale, Trend
from careerkit.core.outcome.model import Bar, DueTime
from careerkit.core.text import compile_control_char_pattern
from careerkit.core.values import Level, format_number
from careerkit.export.formats import flatten

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

CELL = 54
MARGIN_LEFT, MARGIN_TOP, MARGIN_BOTTOM, MARGIN_RIGHT = 44, 6, 42, 6
LABEL_SIZE = 12
MAX_SHOWN_IN_CELL = 9
"""People beyond it are counted; the list has them all."""
MAX_DOT_RADIUS = 17

LEVEL_LABELS: dict[Level, str] = {"stop": "Stop", "care": "Take care", "good": "Good", "info": "Note"}
LEVEL_SIGNS: dict[Level, str] = {"stop": "■", "care": "▲", "good": "✓", "info": "•"}
"""The words and signs of the terminal."""
HEADLINE_LABELS: dict[Level, str] = {"stop": "Stop: ", "care": "Take care: ", "good": "", "info": ""}
TAB = "    "
LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
BULLET = "- "


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


def render_people_map(name: str, people_map: PeopleMap) -> h.Element:
    """The picture, and everybody on it in words. `name` is unique on the page."""
    return h.figure(class_="side-by-side")[
        _draw_map(name, people_map),
        h.figcaption[
            h.p(class_="quiet")[render_line(people_map.title)],
            h.ul(class_="people")[
                (
                    h.li[h.b(class_="initials")[person.initials], " ", render_line(f"{person.name}: {person.words}")]
                    for person in people_map.people
                )
            ],
        ],
    ]


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


def _draw_map(name: str, people_map: PeopleMap) -> h.Element:
    rows, columns = len(people_map.rows), len(people_map.columns)
    width = MARGIN_LEFT + columns * CELL + MARGIN_RIGHT
    height = MARGIN_TOP + rows * CELL + MARGIN_BOTTOM
    description = "; ".join(f"{person.name}: {person.words}" for person in people_map.people)
    title = f"{people_map.y_label.capitalize()} against {people_map.x_label}"
    shapes = [*_draw_raster(people_map), *_draw_labels(people_map), *_draw_people(people_map)]
    return draw_picture(name, title, description, size=(width, height), shapes=shapes, class_="people-map")


def _draw_raster(people_map: PeopleMap) -> Iterator[h.Element]:
    for row in range(len(people_map.rows)):
        for column in range(len(people_map.columns)):
            yield h.rect(
                class_="cell",
                x=MARGIN_LEFT + column * CELL,
                y=MARGIN_TOP + row * CELL,
                width=CELL,
                height=CELL,
            )


def _draw_labels(people_map: PeopleMap) -> Iterator[h.Element]:
    """The steps of both scales, and what the scales measure."""
    rows, columns = len(people_map.rows), len(people_map.columns)
    bottom = MARGIN_TOP + rows * CELL
    for row, label in enumerate(reversed(people_map.rows)):
        yield _draw_label(MARGIN_LEFT - 8, MARGIN_TOP + row * CELL + CELL / 2 + 4, label, "end")
    for column, label in enumerate(people_map.columns):
        yield _draw_label(MARGIN_LEFT + column * CELL + CELL / 2, bottom + 16, label, "middle")
    yield _draw_label(MARGIN_LEFT + columns * CELL / 2, bottom + 36, f"{people_map.x_label} →", "middle")
    middle = MARGIN_TOP + rows * CELL // 2
    yield h.text(class_="label", x=12, y=middle, text_anchor="middle", transform=f"rotate(-90 12 {middle})")[
        f"{people_map.y_label} →"
    ]


def _draw_label(x: float, y: float, text: str, anchor: str) -> h.Element:
    return h.text(class_="label", x=format_coordinate(x), y=format_coordinate(y), text_anchor=anchor)[text]


def _draw_people(people_map: PeopleMap) -> Iterator[h.Element]:
    cells: dict[tuple[int, int], list[Person]] = {}
    for person in people_map.people:
        cells.setdefault((person.row, person.column), []).append(person)
    for (row, column), people in cells.items():
        left = MARGIN_LEFT + column * CELL
        top = MARGIN_TOP + (len(people_map.rows) - 1 - row) * CELL
        yield from _draw_cell(left, top, _list_initials(people))


def _list_initials(people: Sequence[Person]) -> list[str]:
    if len(people) <= MAX_SHOWN_IN_CELL:
        return [person.initials for person in people]
    hidden = len(people) - MAX_SHOWN_IN_CELL + 1
    return [*(person.initials for person in people[: MAX_SHOWN_IN_CELL - 1]), f"+{hidden}"]


def _draw_cell(left: float, top: float, initials: Sequence[str]) -> Iterator[h.Element]:
    """Circles with initials, in a square of as many rows as are needed."""
    side = math.ceil(math.sqrt(len(initials)))
    step = CELL / side
    lines = math.ceil(len(initials) / side)
    radius = min(MAX_DOT_RADIUS, step / 2 - 1)
    for number, text in enumerate(initials):
        x = left + step * (number % side + 0.5)
        y = top + (CELL - step * lines) / 2 + step * (number // side + 0.5)
        size = min(LABEL_SIZE, radius * 1.8 / max(1.5, len(text) * 0.75))
        yield h.circle(class_="person", cx=format_coordinate(x), cy=format_coordinate(y), r=format_coordinate(radius))
        yield h.text(
            class_="initials",
            x=format_coordinate(x),
            y=format_coordinate(y + size * 0.36),
            text_anchor="middle",
            font_size=format_coordinate(size),
        )[text]


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
