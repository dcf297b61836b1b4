"""Read dates and ranges of dates as people write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from careerkit.core.due_dates import MONTHS, WEEKDAYS, add_offset, get_last_day, parse_relative_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.text import abbreviate

UNIT_OFFSETS = {"day": "1d", "week": "1w", "fortnight": "2w", "month": "1m", "year": "12m"}
UNIT_LETTERS = {"d": "day", "w": "week", "m": "month", "y": "year"}
NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
AMOUNT_WORDS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(NUMBER_WORDS, start=1)}
DATE_RANGE_HINT = "Write it as 2026-12-01, yesterday, friday, last week, november or 3 months ago."
_NEARBY_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}
_OFFSET_PATTERN = re.compile(r"([+-]?)(\d+(?:wd|d|w|m))")
_DOTTED_PATTERN = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_YEAR_STEPS = range(-8, 9)
"""Years around the current one: enough to include a leap year on either side."""

_LENGTH_PATTERN = re.compile(
    rf"(?:(?:the )?(last|past) )?(\d{{1,4}}|{'|'.join(AMOUNT_WORDS)}) ?(days?|weeks?|fortnights?|months?|years?)( ago)?"
)

_SHORT_PATTERN = re.compile(r"[-+]?(\d{1,4})([dwmy])")
_NAMED_PATTERN = re.compile(r"(this|last|past) (week|month|year)")
_MONTH_PATTERN = re.compile(r"(last )?(\S+)(?: (\d{4}))?")
_YEAR_PATTERN = re.compile(r"(\d{4})(?:-(\d{1,2}))?")


@frozen
class DateRange:
    """The days from `first` to `last`, both included."""

    first: date
    last: date


def parse_possible_dates(line: str, *, today: date) -> tuple[date, ...]:
    """The dates that `line` can mean, the most likely first: a future day before a past one.

    Raises Refused if it isn't a date, or is ambiguous like 1/2.
    """
    text = " ".join(line.lower().replace(",", " ").split())
    if text in _NEARBY_DAYS:
        return (today + timedelta(days=_NEARBY_DAYS[text]),)
    found = (
        _parse_iso(text)
        or _parse_offset(text, today)
        or _parse_weekday(text, today)
        or _parse_day_and_month(text, today)
        or _parse_dotted(text)
    )
    if found:
        return found
    hint = "Write it as 2026-12-01, friday, 1 dec or +2w."
    if re.fullmatch(r"\d+/\d+(/\d+)?", text):
        raise Refused(Problem("unclear-date", f"{abbreviate(text)} can be read in two ways.", hint))
    raise Refused(Problem("not-a-date", f"{abbreviate(line) or 'This'} is not a date.", hint))


def parse_month(word: str) -> int | None:
    """The number of a month, 1 to 12, by its name or at least the first three letters; None for any other word."""
    place = _match_prefix(word, MONTHS)
    return None if place is None else place + 1


def parse_past_range(line: str, *, today: date) -> DateRange:
    """The range of days that `line` means, such as `last week` or `november`. Raises Refused if it isn't one."""
    text = " ".join(line.lower().replace(",", " ").split())
    try:
        return (
            _parse_length(text, today)
            or _parse_named(text, today)
            or _parse_month(text, today)
            or _parse_year(text)
            or _parse_day(text, today)
        )
    except (OverflowError, ValueError):
        raise Refused(Problem("not-a-date", f"{abbreviate(line)} is outside the calendar.", DATE_RANGE_HINT)) from None


def parse_since_until(since: str, until: str, *, today: date) -> tuple[date | None, date | None]:
    """The first and the last day from the options `--since` and `--until`; None for an empty option.

    Raises Refused with the problems of both.
    """
    spans: dict[str, DateRange] = {}
    problems: list[Problem] = []
    for option, line in (("--since", since), ("--until", until)):
        try:
            if line:
                spans[option] = parse_past_range(line, today=today)
        except Refused as refused:
            problems += [problem.at(option) for problem in refused.problems]
    first = spans["--since"].first if "--since" in spans else None
    last = spans["--until"].last if "--until" in spans else None
    if first and last and first > last:
        message = f"No day is both since {first} and until {last}."
        problems.append(Problem("no-such-days", message, "Change one of the two dates.", "--until"))
    if problems:
        raise Refused(problems)
    return first, last


def _parse_iso(text: str) -> tuple[date, ...]:
    return _make_dates(*map(int, text.split("-"))) if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text) else ()


def _parse_offset(text: str, today: date) -> tuple[date, ...]:
    match = _OFFSET_PATTERN.fullmatch(text.replace(" ", ""))
    due = parse_relative_date((match[1] or "+") + match[2]) if match else None
    if due is None:
        return ()
    try:
        return (add_offset(today, due),)
    except OverflowError:
        return ()


def _parse_weekday(text: str, today: date) -> tuple[date, ...]:
    which, _, word = text.rpartition(" ")
    if which not in ("", "next", "last", "this"):
        return ()
    day = _match_prefix(word, WEEKDAYS)
    if day is None:
        return ()
    coming = today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)
    past = coming - timedelta(days=7)
    before = past if past < today else past - timedelta(days=7)
    return {"last": (before,), "next": (coming,)}.get(which, (coming, past))


def _parse_day_and_month(text: str, today: date) -> tuple[date, ...]:
    words = text.replace(".", " ").split()
    if len(words) not in (2, 3):
        return ()
    first, second = words[:2]
    day, month = (first, second) if first.isdecimal() else (second, first)
    number = parse_month(month)
    if not day.isdecimal() or len(day) > 2 or number is None:
        return ()
    if len(words) == 3:
        year = words[2]
        return _make_dates(int(year), number, int(day)) if year.isdecimal() and len(year) == 4 else ()
    days = [each for step in _YEAR_STEPS for each in _make_dates(today.year + step, number, int(day))]
    coming, past = [each for each in days if each >= today], [each for each in days if each < today]
    return (*coming[:1], *past[-1:])


def _parse_dotted(text: str) -> tuple[date, ...]:
    match = _DOTTED_PATTERN.fullmatch(text)
    return _make_dates(int(match[3]), int(match[2]), int(match[1])) if match else ()


def _match_prefix(word: str, names: tuple[str, ...]) -> int | None:
    """The index of the only name that begins with `word`, which needs at least three letters."""
    matching = [
        place for place, name in enumerate(names) if len(word) >= 3 and name.lower().startswith(word.rstrip("."))
    ]
    return matching[0] if len(matching) == 1 else None


def _make_dates(year: int, month: int, day: int) -> tuple[date, ...]:
    try:
        return (date(year, month, day),)
    except ValueError:
        return ()


def _parse_length(text: str, today: date) -> DateRange | None:
    if (match := _SHORT_PATTERN.fullmatch(text)) and not text.startswith("+"):
        return _step_back(int(match[1]), UNIT_LETTERS[match[2]], today)
    if not (match := _LENGTH_PATTERN.fullmatch(text)):
        return None
    amount = AMOUNT_WORDS.get(match[2]) or int(match[2])
    back = _step_back(amount, match[3].removesuffix("s"), today)
    return DateRange(back.first, today) if match[1] and not match[4] else back


def _step_back(amount: int, unit: str, today: date) -> DateRange:
    length = UNIT_OFFSETS[unit]
    due = parse_relative_date(f"-{int(length[:-1]) * amount}{length[-1]}")
    if due is None:
        raise OverflowError
    day = add_offset(today, due)
    return DateRange(day, day)


def _parse_named(text: str, today: date) -> DateRange | None:
    match = _NAMED_PATTERN.fullmatch(text)
    if match is None:
        return None
    steps = 0 if match[1] == "this" else 1
    if match[2] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * steps)
        return DateRange(monday, monday + timedelta(days=6))
    if match[2] == "year":
        return _make_year_range(today.year - steps)
    before = today.replace(day=1) - timedelta(days=steps)
    return _make_month_range(before.year, before.month)


def _parse_month(text: str, today: date) -> DateRange | None:
    """The latest month of that name, after `last` the latest one that is over, or the one in the given year."""
    match = _MONTH_PATTERN.fullmatch(text)
    number = parse_month(match[2]) if match else None
    if match is None or number is None or (match[1] and match[3]):
        return None
    is_ahead = number >= today.month if match[1] else number > today.month
    return _make_month_range(int(match[3]) if match[3] else today.year - is_ahead, number)


def _parse_year(text: str) -> DateRange | None:
    match = _YEAR_PATTERN.fullmatch(text)
    if match is None:
        return None
    return _make_month_range(int(match[1]), int(match[2])) if match[2] else _make_year_range(int(match[1]))


def _parse_day(text: str, today: date) -> DateRange:
    try:
        possible = parse_possible_dates(text, today=today)
    except Refused as refused:
        raise Refused(Problem(each.code, each.message, DATE_RANGE_HINT) for each in refused.problems) from None
    day = max((each for each in possible if each <= today), default=possible[0])
    return DateRange(day, day)


def _make_month_range(year: int, month: int) -> DateRange:
    return DateRange(date(year, month, 1), date(year, month, get_last_day(year, month)))


def _make_year_range(year: int) -> DateRange:
    return DateRange(date(year, 1, 1), date(year, 12, 31))
