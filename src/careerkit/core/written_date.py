"""Dates as people type them: `2026-12-01`, `+2w`, `friday`, `tomorrow`, `1 dec`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from careerkit.core.days import MONTHS, WEEKDAYS
from careerkit.core.due import parse_due, shift
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted

_NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1}
_OFFSET = re.compile(r"([+-]?)(\d+(?:wd|d|w|m))")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_YEARS = range(-8, 9)
"""Far enough to meet a leap year on either side."""


def possible_dates(line: str, *, today: date) -> tuple[date, ...]:
    """What `line` can mean, the likeliest first: a coming day before a past one. Refused where it is no date."""
    text = " ".join(line.lower().replace(",", " ").split())
    if text in _NEAR:
        return (today + timedelta(days=_NEAR[text]),)
    found = _iso(text) or _offset(text, today) or _weekday(text, today) or _day_and_month(text, today) or _dotted(text)
    if found:
        return found
    hint = "Write it as 2026-12-01, friday, 1 dec or +2w."
    if re.fullmatch(r"\d+/\d+(/\d+)?", text):
        raise Refused(Problem("unclear-date", f"{quoted(text)} can be read in two ways.", hint))
    raise Refused(Problem("not-a-date", f"{quoted(line) or 'This'} is not a date.", hint))


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name, or three letters of it or more; None for any other word."""
    place = _one_of(word, MONTHS)
    return None if place is None else place + 1


def _iso(text: str) -> tuple[date, ...]:
    return _real(*map(int, text.split("-"))) if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text) else ()


def _dotted(text: str) -> tuple[date, ...]:
    match = _DOTTED.fullmatch(text)
    return _real(int(match[3]), int(match[2]), int(match[1])) if match else ()


def _offset(text: str, today: date) -> tuple[date, ...]:
    match = _OFFSET.fullmatch(text.replace(" ", ""))
    due = parse_due((match[1] or "+") + match[2]) if match else None
    if due is None:
        return ()
    try:
        return (shift(today, due),)
    except OverflowError:
        return ()


def _weekday(text: str, today: date) -> tuple[date, ...]:
    which, _, word = text.rpartition(" ")
    if which not in ("", "next", "last", "this"):
        return ()
    day = _one_of(word, WEEKDAYS)
    if day is None:
        return ()
    coming = today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)
    past = coming - timedelta(days=7)
    before = past if past < today else past - timedelta(days=7)
    return {"last": (before,), "next": (coming,)}.get(which, (coming, past))


def _day_and_month(text: str, today: date) -> tuple[date, ...]:
    words = text.replace(".", " ").split()
    if len(words) not in (2, 3):
        return ()
    first, second = words[:2]
    day, month = (first, second) if first.isdecimal() else (second, first)
    number = month_number(month)
    if not day.isdecimal() or len(day) > 2 or number is None:
        return ()
    if len(words) == 3:
        year = words[2]
        return _real(int(year), number, int(day)) if year.isdecimal() and len(year) == 4 else ()
    days = [each for step in _YEARS for each in _real(today.year + step, number, int(day))]
    coming, past = [each for each in days if each >= today], [each for each in days if each < today]
    return (*coming[:1], *past[-1:])


def _one_of(word: str, names: tuple[str, ...]) -> int | None:
    """The place of the one name that begins with `word`, of which there must be three letters or more."""
    fitting = [
        place for place, name in enumerate(names) if len(word) >= 3 and name.lower().startswith(word.rstrip("."))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _real(year: int, month: int, day: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()
