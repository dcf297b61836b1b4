"""Draw the map of the people involved, with the list that says who is where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import htpy as h

from careerkit.core.journal.people import PeopleMap, Person
from careerkit.export.html.charts import draw_picture, format_coordinate
from careerkit.export.html.texts import render_line

CELL = 54
MARGIN_LEFT, MARGIN_TOP, MARGIN_BOTTOM, MARGIN_RIGHT = 44, 6, 42, 6
LABEL_SIZE = 12
MAX_SHOWN_IN_CELL = 9
"""People beyond it are counted; the list has them all."""
MAX_DOT_RADIUS = 17


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
