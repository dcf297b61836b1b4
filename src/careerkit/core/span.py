"""Stretches of past days as people name them: `yesterday`, `last week`, `3 months ago`, `november`, `2026-12-01`.

A week begins on Monday. What could lie ahead as well as behind, such as `friday` or `-2w` without its sign, lies behind.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from careerkit.core.due import parse_due, shift
from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted
from careerkit.core.written_date import month_number, possible_dates

UNITS = {"day": "1d", "week": "1w", "fortnight": "2w", "month": "1m", "year": "12m"}
SHORT = {"d": "day", "w": "week", "m": "month", "y": "year"}
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
AMOUNTS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(NUMBERS, start=1)}
_LENGTH = re.compile(
    rf"(?:(?:the )?(last|past) )?(\d{{1,4}}|{'|'.join(AMOUNTS)}) ?(days?|weeks?|fortnights?|months?|years?)( ago)?"
)
_SHORT = re.compile(r"[-+]?(\d{1,4})([dwmy])")
_NAMED = re.compile(r"(this|last|past) (week|month|year)")
_MONTH = re.compile(r"(last )?(\S+)(?: (\d{4}))?")
_YEAR = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
HINT = "Write it as 2026-12-01, yesterday, friday, last week, november or 3 months ago."


@frozen
class Span:
    """Both days count in."""

    first: date
    last: date


def past_span(line: str, *, today: date) -> Span:
    """The days that `line` means. Refused where it names none, with what would."""
    text = " ".join(line.lower().replace(",", " ").split())
    try:
        return _length(text, today) or _named(text, today) or _month(text, today) or _year(text) or _day(text, today)
    except (OverflowError, ValueError):
        raise Refused(Problem("not-a-date", f"{quoted(line)} is further than any calendar goes.", HINT)) from None


def since_and_until(since: str, until: str, *, today: date) -> tuple[date | None, date | None]:
    """The first day and the last that two options name, None for one that is empty. Refused with all that is wrong."""
    spans: dict[str, Span] = {}
    problems: list[Problem] = []
    for option, line in (("--since", since), ("--until", until)):
        try:
            if line:
                spans[option] = past_span(line, today=today)
        except Refused as refused:
            problems += [problem.at(option) for problem in refused.problems]
    first = spans["--since"].first if "--since" in spans else None
    last = spans["--until"].last if "--until" in spans else None
    if first and last and first > last:
        message = f"No day is both since {first} and until {last}."
        problems.append(Problem("no-such-days", message, "Change one of the two.", "--until"))
    if problems:
        raise Refused(problems)
    return first, last


def _length(text: str, today: date) -> Span | None:
    if (match := _SHORT.fullmatch(text)) and not text.startswith("+"):
        return _back(int(match[1]), SHORT[match[2]], today)
    if not (match := _LENGTH.fullmatch(text)):
        return None
    amount = AMOUNTS.get(match[2]) or int(match[2])
    back = _back(amount, match[3].removesuffix("s"), today)
    return Span(back.first, today) if match[1] and not match[4] else back


def _back(amount: int, unit: str, today: date) -> Span:
    length = UNITS[unit]
    due = parse_due(f"-{int(length[:-1]) * amount}{length[-1]}")
    if due is None:
        raise OverflowError
    day = shift(today, due)
    return Span(day, day)


def _named(text: str, today: date) -> Span | None:
    match = _NAMED.fullmatch(text)
    if match is None:
        return None
    steps = 0 if match[1] == "this" else 1
    if match[2] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * steps)
        return Span(monday, monday + timedelta(days=6))
    if match[2] == "year":
        return _whole_year(today.year - steps)
    before = today.replace(day=1) - timedelta(days=steps)
    return _whole_month(before.year, before.month)


def _month(text: str, today: date) -> Span | None:
    """The newest month of that name, with `last` the newest that is over, or that of the year that is given."""
    match = _MONTH.fullmatch(text)
    number = month_number(match[2]) if match else None
    if match is None or number is None or (match[1] and match[3]):
        return None
    is_ahead = number >= today.month if match[1] else number > today.month
    return _whole_month(int(match[3]) if match[3] else today.year - is_ahead, number)


def _year(text: str) -> Span | None:
    match = _YEAR.fullmatch(text)
    if match is None:
        return None
    return _whole_month(int(match[1]), int(match[2])) if match[2] else _whole_year(int(match[1]))


def _day(text: str, today: date) -> Span:
    try:
        possible = possible_dates(text, today=today)
    except Refused as refused:
        raise Refused(Problem(each.code, each.message, HINT) for each in refused.problems) from None
    day = max((each for each in possible if each <= today), default=possible[0])
    return Span(day, day)


def _whole_month(year: int, month: int) -> Span:
    first = date(year, month, 1)
    last = date.max if (year, month) == (9999, 12) else date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return Span(first, last)


def _whole_year(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))
