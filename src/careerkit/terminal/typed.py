"""From a typed line to a raw answer, for each type of question. Whether that answer fits, `core.answer` decides."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from careerkit.core.answer import accept
from careerkit.core.playbook.model import (
    Choice,
    ChoiceForm,
    ChoicesForm,
    DateForm,
    NumberForm,
    Question,
    RankForm,
    ScaleForm,
    YesNoForm,
)
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted
from careerkit.core.written_date import possible_dates
from careerkit.terminal.figures import read_number, read_numbers
from careerkit.terminal.picks import is_none, pick_one, pick_order, pick_several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

YES = ("yes", "true", "1")
NO = ("no", "false", "2")


def read_typed(question: Question, line: str, *, choices: Sequence[Choice], today: date) -> object:
    """The raw answer that `line` is to a question of one line; Refused where it can't be read.

    A text is the line as it was typed. `choices` are those that are open now; `today` is what `+2w` counts from.
    """
    match question.form:
        case ChoiceForm():
            return pick_one(line, choices)
        case ChoicesForm(min=fewest):
            return [] if fewest == 0 and is_none(line, choices) else pick_several(line, choices)
        case RankForm():
            return pick_order(line, choices)
        case YesNoForm():
            return read_yesno(line)
        case ScaleForm(anchors=anchors):
            return _step(line, anchors)
        case NumberForm(unit=unit):
            return read_number(line, unit=unit)
        case DateForm():
            return read_date(question, line, today=today)
    return line


def suggested(line: str, suggestions: Sequence[str]) -> str:
    """The suggestion whose number `line` is; any other line stands for itself."""
    word = line.strip()
    is_number = word.isascii() and word.isdecimal() and len(word) <= 2
    return suggestions[int(word) - 1] if is_number and 1 <= int(word) <= len(suggestions) else line


def read_yesno(line: str) -> bool:
    word = line.strip().casefold()
    for words, meaning in ((YES, True), (NO, False)):
        if word and any(each.startswith(word) for each in words):
            return meaning
    raise Refused(Problem("not-yes-or-no", f"{quoted(line) or 'This'} is neither yes nor no.", "Type y or n."))


def read_date(question: Question, line: str, *, today: date) -> date:
    """Of the dates that `line` can mean the first that the question takes, or the first where it takes none."""
    possible = possible_dates(line, today=today)
    return next((day for day in possible if _fits(question, day, today)), possible[0])


def _step(line: str, anchors: Mapping[int, str]) -> Decimal:
    """A step of a scale: its number, or the beginning of the words beside one."""
    try:
        return read_number(line)
    except Refused:
        words = [Choice(str(number), label) for number, label in anchors.items()]
        if not re.search("[^\\W\\d]", line) or not words:
            raise
        return Decimal(pick_one(line, words))


def read_weights(line: str, choices: Sequence[Choice]) -> Mapping[str, Decimal]:
    """Points by id from `40 30 30`, or from `pay=40 2=60`: all of them, or some."""
    if "=" in line:
        pairs = [part.rpartition("=") for part in re.findall(r"[^,;=]+=\s*[\d.]+", line)]
        if not pairs:
            raise Refused(Problem("not-points", "This gives nobody points.", "Write 40 30 30, or 1=40 2=60."))
        return {pick_one(name, choices): read_number(points) for name, _, points in pairs}
    numbers = read_numbers(line)
    if len(numbers) not in (1, len(choices)):
        message = f"There are {len(numbers)} numbers for {len(choices)}."
        raise Refused(Problem("not-as-many", message, "Give each its number, in the order of the list."))
    return {choice.id: number for choice, number in zip(choices, numbers, strict=False)}


def read_cells(line: str) -> list[list[Decimal]]:
    """The cells of a grid's row from here on: `7`, `3 5 8`, or several parted by `;`."""
    return [read_numbers(part) for part in line.split(";") if part.strip()]


def _fits(question: Question, day: date, today: date) -> bool:
    try:
        accept(question, day, choices_of=lambda options: options.choices, today=today)
    except Refused:
        return False
    return True
