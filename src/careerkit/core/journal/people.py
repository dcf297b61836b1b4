"""A map of the people in an entry: their power, against how much they are affected or interested."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from careerkit.core.frozen import frozen
from careerkit.core.journal.entry import Entry
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.number import ScaleSpec
from careerkit.core.questions.question import Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.core.values import collapse_spaces, format_number

PERSON_FIELD, POWER_FIELD, ACROSS_FIELDS = "person", "power", ("impact", "interest")
MAX_PARTS = 6
"""Scales with more steps are drawn with this many, so that the map stays narrow."""


@frozen
class Person:
    """A person on the map. `initials` are unique on the map, `words` describe the position; `row` and `column` count from 0."""

    initials: str
    name: str
    row: int
    column: int
    words: str


@frozen
class PeopleMap:
    """People on a map of two scales. `rows` and `columns` are the labels of the two scales' steps, lowest first."""

    title: str
    y_label: str
    x_label: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    people: tuple[Person, ...]


def build_people_maps(entry: Entry, playbook: Playbook | None) -> tuple[PeopleMap, ...]:
    """A map for each `records` question with the fields `person`, `power`, and `impact` or `interest`.

    People without one of these are left out. `playbook` is the one that `entry` was made with; without it the scales
    are unknown and there are no maps.
    """
    questions = {question.id: question for question in playbook.questions} if playbook else {}
    maps = [
        _build_map(questions[answer.question], answer.asked, answer.value)
        for answer in entry.answers
        if not answer.hidden and answer.question in questions and isinstance(answer.value, tuple)
    ]
    return tuple(each for each in maps if each is not None and each.people)


def render_map(people_map: PeopleMap, *, width: Callable[[str], int]) -> list[str]:
    """The map as lines of plain text. `width` returns the number of cells that a text takes."""
    cells: dict[tuple[int, int], list[str]] = {}
    for person in people_map.people:
        cells.setdefault((person.row, person.column), []).append(person.initials)
    cell_width = 1 + max(
        width(text) for text in [*people_map.columns, *(person.initials for person in people_map.people)]
    )
    label_width = max(width(name) for name in people_map.rows)
    lines = [people_map.y_label]
    for row in reversed(range(len(people_map.rows))):
        stacks = [cells.get((row, column), []) for column in range(len(people_map.columns))]
        for height in range(max(1, *(len(stack) for stack in stacks))):
            name = people_map.rows[row] if height == 0 else ""
            signs = (
                stack[height] if height < len(stack) else ("." if not stack and height == 0 else "") for stack in stacks
            )
            lines.append(
                f"{_pad(name, label_width, width)} |"
                + "".join(_pad(f" {sign}", cell_width + 1, width) for sign in signs)
            )
    lines.append(f"{' ' * label_width} +{'-' * ((cell_width + 1) * len(people_map.columns))}")
    foot = "".join(_pad(f" {name}", cell_width + 1, width) for name in people_map.columns)
    lines.append(f"{' ' * label_width}  {foot}")
    lines.append(f"{' ' * label_width}   {people_map.x_label}")
    return [line.rstrip() for line in lines]


def _build_map(question: Question, title: str, records: Sequence[object]) -> PeopleMap | None:
    if not isinstance(question.spec, RecordsSpec):
        return None
    fields = {field.id: field.spec for field in question.spec.fields}
    across = next((each for each in ACROSS_FIELDS if isinstance(fields.get(each), ScaleSpec)), "")
    up, right = fields.get(POWER_FIELD), fields.get(across)
    if (
        not isinstance(up, ScaleSpec)
        or not isinstance(right, ScaleSpec)
        or not isinstance(fields.get(PERSON_FIELD), TextSpec)
    ):
        return None
    people: list[Person] = []
    for record in records:
        if isinstance(record, Mapping):
            name, power, other = record.get(PERSON_FIELD), record.get(POWER_FIELD), record.get(across)
            if isinstance(name, str) and isinstance(power, Decimal) and isinstance(other, Decimal):
                initials = _abbreviate_name(name, {person.initials for person in people})
                words = f"{POWER_FIELD} {_format_score(power, up)}, {across} {_format_score(other, right)}"
                people.append(
                    Person(initials, collapse_spaces(name), _find_part(power, up), _find_part(other, right), words)
                )
    return PeopleMap(title, POWER_FIELD, across, _label_parts(up), _label_parts(right), tuple(people))


def _format_score(value: Decimal, scale: ScaleSpec) -> str:
    return f"{format_number(value)} of {scale.max}"


def _count_parts(scale: ScaleSpec) -> int:
    return min(MAX_PARTS, scale.max - scale.min + 1)


def _find_part(value: Decimal, scale: ScaleSpec) -> int:
    """The part of the scale that the value is in. A value beyond the scale, from a file edited by hand, goes to its end."""
    place = int(value) - scale.min
    return max(0, min(_count_parts(scale) - 1, place * _count_parts(scale) // (scale.max - scale.min + 1)))


def _label_parts(scale: ScaleSpec) -> tuple[str, ...]:
    """A label for each part: the first of its steps."""
    steps = scale.max - scale.min + 1
    return tuple(str(scale.min + -(-part * steps // _count_parts(scale))) for part in range(_count_parts(scale)))


def _abbreviate_name(name: str, taken: set[str]) -> str:
    """The initials, with a number if they are taken or the name has none."""
    words = name.replace("-", " ").split()
    letters = "".join(next((char for char in word if char.isalnum()), "") for word in words)[:2]
    initials = unicodedata.normalize("NFC", letters).upper()[:2]
    number = 2 if initials else 1
    unique = initials
    while not unique or unique in taken:
        unique = f"{initials[:1] or 'P'}{number}"
        number += 1
    return unique


def _pad(text: str, cells: int, width: Callable[[str], int]) -> str:
    return text + " " * (cells - width(text))
