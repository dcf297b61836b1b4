"""When something is due: `+2wd`, `+1m`, a date question, `deadline - 2d`."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Literal

from careerkit.core.frozen import frozen

Unit = Literal["h", "d", "wd", "w", "m"]
UNITS: tuple[Unit, ...] = ("wd", "h", "d", "w", "m")
LONGEST = 3_650
"""The largest amount that a due may name: ten years of days."""


@frozen
class Due:
    """`amount` units after `question`'s date, or after the moment the outcome was given where `question` is empty."""

    amount: int = 0
    unit: Unit = "d"
    question: str = ""


def parse_due(text: str) -> Due | None:
    """The due that `text` names, or None where it is none."""
    words = text.replace("+", " + ").replace("-", " - ").split()
    match words:
        case [("+" | "-") as sign, length]:
            return _offset(length, sign=sign, question="")
        case [question] if _is_id(question):
            return Due(question=question)
        case [question, ("+" | "-") as sign, length] if _is_id(question):
            return _offset(length, sign=sign, question=question)
    return None


def resolve(due: Due, *, given: datetime, date_of: Callable[[str], date | None]) -> date | datetime | None:
    """The date (or, for hours, the time with its offset) that `due` means.

    `given` is when the outcome was first given, in its zone. Null in, null out. What would lie before `given`
    becomes the day, or the moment, of `given`.
    """
    if due.unit == "h" and not due.question:
        return max(given + timedelta(hours=due.amount), given)
    start = date_of(due.question) if due.question else given.date()
    if start is None:
        return None
    try:
        return max(shift(start, due), given.date())
    except OverflowError:
        return given.date() if due.amount < 0 else date.max


def shift(start: date, due: Due) -> date:
    """`start` moved by the due's amount, without regard to today. Hours count as whole days.

    Raises OverflowError where that is further than any calendar goes.
    """
    match due.unit:
        case "wd":
            return _working_days(start, due.amount)
        case "m":
            return _months(start, due.amount)
        case "w":
            return start + timedelta(weeks=due.amount)
        case "h":
            return start + timedelta(days=-(-due.amount // 24))
        case "d":
            return start + timedelta(days=due.amount)


def _offset(length: str, *, sign: str, question: str) -> Due | None:
    for unit in UNITS:
        digits = length.removesuffix(unit)
        if digits != length and digits.isascii() and digits.isdecimal() and len(digits) <= 4 and int(digits) <= LONGEST:
            if unit == "h" and question:
                return None
            return Due(int(digits) if sign == "+" else -int(digits), unit, question)
    return None


def _is_id(word: str) -> bool:
    return word.isascii() and word[:1].isalpha() and word.replace("_", "").isalnum() and word == word.lower()


def _working_days(start: date, amount: int) -> date:
    step = timedelta(days=1 if amount >= 0 else -1)
    for _ in range(abs(amount)):
        start += step
        while start.weekday() >= 5:  # Saturday, Sunday
            start += step
    return start


def _months(start: date, amount: int) -> date:
    month = start.month - 1 + amount
    year, month = start.year + month // 12, month % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
