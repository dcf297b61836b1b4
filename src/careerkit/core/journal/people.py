"""The map of the people in an entry: how much each decides, against how hard it hits them or how much they care."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from careerkit.core.frozen import frozen
from careerkit.core.journal.entry import Entry
from careerkit.core.playbook.model import Playbook, Question, RecordsForm, ScaleForm, TextForm
from careerkit.core.wording import number_text, one_line

PERSON, UP, ACROSS = "person", "power", ("impact", "interest")
MOST_STEPS = 6
"""A scale of more steps is drawn in as many parts, so that the picture stays narrow."""


@frozen
class Person:
    """`sign` stands for the name in the picture: short, ASCII or letters, and nobody else's. `row` and `column` from 0."""

    sign: str
    name: str
    row: int
    column: int
    words: str


@frozen
class PeopleMap:
    """`rows` and `columns` are what the steps of the two scales are called, the lowest first."""

    title: str
    up: str
    across: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    people: tuple[Person, ...]


def people_maps(entry: Entry, playbook: Playbook | None) -> tuple[PeopleMap, ...]:
    """A map for each question of forms with `person`, `power`, and `impact` or `interest`; whoever lacks one is left out.

    `playbook` is the one that `entry` was made with; without it the scales are not known and there is no map.
    """
    questions = {question.id: question for question in playbook.questions} if playbook else {}
    maps = [
        _map(questions[answer.question], answer.asked, answer.value)
        for answer in entry.answers
        if not answer.hidden and answer.question in questions and isinstance(answer.value, tuple)
    ]
    return tuple(each for each in maps if each is not None and each.people)


def drawn(picture: PeopleMap, *, width: Callable[[str], int]) -> list[str]:
    """The grid in plain signs, one line each; `width` says how many cells a text takes."""
    cells: dict[tuple[int, int], list[str]] = {}
    for person in picture.people:
        cells.setdefault((person.row, person.column), []).append(person.sign)
    room = 1 + max(width(text) for text in [*picture.columns, *(person.sign for person in picture.people)])
    side = max(width(name) for name in picture.rows)
    lines = [picture.up]
    for row in reversed(range(len(picture.rows))):
        stacks = [cells.get((row, column), []) for column in range(len(picture.columns))]
        for height in range(max(1, *(len(stack) for stack in stacks))):
            name = picture.rows[row] if height == 0 else ""
            signs = (
                stack[height] if height < len(stack) else ("." if not stack and height == 0 else "") for stack in stacks
            )
            lines.append(
                f"{_filled(name, side, width)} |" + "".join(_filled(f" {sign}", room + 1, width) for sign in signs)
            )
    lines.append(f"{' ' * side} +{'-' * ((room + 1) * len(picture.columns))}")
    foot = "".join(_filled(f" {name}", room + 1, width) for name in picture.columns)
    lines.append(f"{' ' * side}  {foot}")
    lines.append(f"{' ' * side}   {picture.across}")
    return [line.rstrip() for line in lines]


def _map(question: Question, title: str, records: Sequence[object]) -> PeopleMap | None:
    if not isinstance(question.form, RecordsForm):
        return None
    fields = {field.id: field.form for field in question.form.fields}
    across = next((each for each in ACROSS if isinstance(fields.get(each), ScaleForm)), "")
    up, right = fields.get(UP), fields.get(across)
    if (
        not isinstance(up, ScaleForm)
        or not isinstance(right, ScaleForm)
        or not isinstance(fields.get(PERSON), TextForm)
    ):
        return None
    people: list[Person] = []
    for record in records:
        if isinstance(record, Mapping):
            name, power, other = record.get(PERSON), record.get(UP), record.get(across)
            if isinstance(name, str) and isinstance(power, Decimal) and isinstance(other, Decimal):
                sign = _sign(name, {person.sign for person in people})
                words = f"{UP} {_of(power, up)}, {across} {_of(other, right)}"
                people.append(Person(sign, one_line(name), _step(power, up), _step(other, right), words))
    return PeopleMap(title, UP, across, _names(up), _names(right), tuple(people))


def _of(value: Decimal, scale: ScaleForm) -> str:
    return f"{number_text(value)} of {scale.max}"


def _parts(scale: ScaleForm) -> int:
    return min(MOST_STEPS, scale.max - scale.min + 1)


def _step(value: Decimal, scale: ScaleForm) -> int:
    """In which part of the scale the value lies. A value outside of it, from a file edited by hand, goes to its end."""
    place = int(value) - scale.min
    return max(0, min(_parts(scale) - 1, place * _parts(scale) // (scale.max - scale.min + 1)))


def _names(scale: ScaleForm) -> tuple[str, ...]:
    """What each part is called, by the first of its steps."""
    steps = scale.max - scale.min + 1
    return tuple(str(scale.min + -(-part * steps // _parts(scale))) for part in range(_parts(scale)))


def _sign(name: str, taken: set[str]) -> str:
    """The initials; with a number where somebody has them already, and where there are none."""
    words = name.replace("-", " ").split()
    letters = "".join(next((sign for sign in word if sign.isalnum()), "") for word in words)[:2]
    sign = unicodedata.normalize("NFC", letters).upper()[:2]
    number = 2 if sign else 1
    found = sign
    while not found or found in taken:
        found = f"{sign[:1] or 'P'}{number}"
        number += 1
    return found


def _filled(text: str, room: int, width: Callable[[str], int]) -> str:
    return text + " " * (room - width(text))
