"""Read dates and ranges of dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from careerkit.core.due_dates import MONTHS, WEEKDAYS, add_offset, get_last_day, parse_relative_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.text import abbreviate

UNIT_OFFSETS = {"day": "1d", "week": "1w", "fortnight": "2w", "month": "1m", "year": "12m"}
UNIT_LETTERS = {"d": "day", "w": "week", "m": "month", "y": "year"}
NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
AMOUNT_WORDS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(NUMBER_WORDS, start=1)}
MAX_LENGTH = 60
"""The most characters of a date, once runs of spaces are one. No date in words is longer."""

DATE_RANGE_HINT = "Write it as 2026-12-01, yesterday, friday, last week, november or 3 months ago."
_NEARBY_DAYS = {
    "today": 0, "now": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1,
    "the day after tomorrow": 2, "day after tomorrow": 2, "the day before yesterday": -2, "day before yesterday": -2,
}  # fmt: skip
_OFFSET_PATTERN = re.compile(r"([+-]?)([0-9]{1,4}(?:wd|d|w|m))")
_YEAR_FIRST_PATTERN = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMBERS_PATTERN = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})(?:\2 ?([0-9]{4})?)?")
_ORDINAL_PATTERN = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")
_AMOUNT_PATTERN = "([0-9]{1,4}|" + "|".join(AMOUNT_WORDS) + ")"
_COUNTED_PATTERN = re.compile(
    rf"(in )?{_AMOUNT_PATTERN} (working days?|workdays?|business days?|days?|weeks?|fortnights?|months?|years?)"
    r"( from now| from today| ago)?"
)
_PERIOD_PATTERN = re.compile(
    r"(?:(?:the )?(start|beginning|end) of )?(?:the )?(?:(this|next|last) )?(week|month|year)|"
    r"(?:the )?(start|beginning|end) of ([a-z]+)(?: ([0-9]{4}))?"
)
_YEAR_FIRST_LANGUAGES = frozenset(("zh", "ja", "ko", "hu", "mn", "lt", "eo", "sv", "eu", "dz", "ii"))
_MONTH_FIRST_TERRITORIES = frozenset(("US", "PH", "PW", "FM", "MH", "GU", "AS", "PR", "UM", "VI"))
_UNCLEAR_TERRITORIES = frozenset(("CA", "ZA"))
_YEAR_STEPS = range(-8, 9)
"""Years around the current one: enough to include a leap year on either side."""

_LENGTH_PATTERN = re.compile(
    rf"(?:(?:the )?(last|past) )?(\d{{1,4}}|{'|'.join(AMOUNT_WORDS)}) ?(days?|weeks?|fortnights?|months?|years?)( ago)?"
)

_SHORT_PATTERN = re.compile(r"[-+]?(\d{1,4})([dwmy])")
_NAMED_PATTERN = re.compile(r"(this|last|past|next) (week|month|year)")
_MONTH_PATTERN = re.compile(r"(last )?(\S+)(?: (\d{4}))?")
_YEAR_PATTERN = re.compile(r"(\d{4})(?:-(\d{1,2}))?")


@frozen
class DateRange:
    """The days from `first` to `last`, both included."""

    first: date
    last: date


def parse_possible_dates(line: str, *, today: date, day_first: bool | None = None) -> tuple[date, ...]:
    """The dates that `line` can mean, the most likely first: a future day before a past one.

    `day_first`: is 1.2. or 1/2 the first of February (see `is_day_first`)? Raises Refused if it isn't a date, is one that
    doesn't exist, or is ambiguous.
    """
    try:
        found = _find_dates(_simplify(line), today, day_first=day_first)
    except Refused as refused:
        hint = _write_hint(today)
        raise Refused(replace(each, hint=each.hint or hint) for each in refused.problems) from None
    if found:
        return found
    raise Refused(Problem("not-a-date", f"{abbreviate(line) or 'This'} is not a date.", _write_hint(today)))


def is_date(line: str, *, today: date) -> bool:
    """Is `line` written like a date? It may be one that doesn't exist."""
    try:
        return bool(_find_dates(_simplify(line), today, day_first=None))
    except Refused:
        return True


def list_examples(today: date) -> tuple[str, ...]:
    """Ways to write a date, each with a day after today."""
    day = _find_example(today)
    return day.isoformat(), "friday", f"{day.day} {MONTHS[day.month - 1][:3].lower()}", "+2w"


def _find_example(today: date) -> date:
    """The first day of the next month, or the last day of the calendar."""
    try:
        return _get_period("month", 1, today).first
    except Refused:
        return date.max


def _write_hint(today: date) -> str:
    *others, last = list_examples(today)
    return f"Write it as {', '.join(others)} or {last}."


def _find_dates(text: str, today: date, *, day_first: bool | None) -> tuple[date, ...]:
    """The dates that the simplified line can mean; none if it isn't a date. Raises Refused."""
    if text in _NEARBY_DAYS:
        return (_shift(today, timedelta(days=_NEARBY_DAYS[text])),)
    return (
        _parse_year_first(text)
        or _parse_numbers(text, today, day_first=day_first)
        or _parse_offset(text, today)
        or _parse_counted(text, today)
        or _parse_period(text, today)
        or _parse_weekday(text, today)
        or _parse_day_and_month(text, today)
    )


def is_day_first(environment: Mapping[str, str]) -> bool | None:
    """Does the day come before the month in dates of the locale that the environment names? None if that is unknown."""
    locale = environment.get("LC_ALL") or environment.get("LC_TIME") or environment.get("LANG") or ""
    language, _, territory = locale.partition(".")[0].partition("@")[0].partition("_")
    if len(language) not in (2, 3) or language in _YEAR_FIRST_LANGUAGES or territory in _UNCLEAR_TERRITORIES:
        return None
    return territory not in _MONTH_FIRST_TERRITORIES if territory or language != "en" else None


def parse_month(word: str) -> int | None:
    """The number of a month, 1 to 12, by its name or at least the first three letters; None for any other word."""
    place = _match_prefix(word, MONTHS)
    return None if place is None else place + 1


def parse_past_range(line: str, *, today: date, day_first: bool | None = None) -> DateRange:
    """The range of days that `line` means, such as `last week` or `november`. Raises Refused if it isn't one."""
    text = _simplify(line)
    try:
        return (
            _parse_length(text, today)
            or _parse_named(text, today)
            or _parse_month(text, today)
            or _parse_year(text)
            or _parse_day(text, today, day_first=day_first)
        )
    except (OverflowError, ValueError):
        raise Refused(Problem("not-a-date", f"{abbreviate(line)} is outside the calendar.", DATE_RANGE_HINT)) from None


def parse_since_until(
    since: str, until: str, *, today: date, day_first: bool | None = None
) -> tuple[date | None, date | None]:
    """The first and the last day from the options `--since` and `--until`; None for an empty option.

    Raises Refused with the problems of both.
    """
    spans: dict[str, DateRange] = {}
    problems: list[Problem] = []
    for option, line in (("--since", since), ("--until", until)):
        try:
            if line:
                spans[option] = parse_past_range(line, today=today, day_first=day_first)
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


def _simplify(line: str) -> str:
    """The line in lower case, without commas, with single spaces; "" if it is too long for a date."""
    text = " ".join(line.lower().replace(",", " ").split())
    text = text.removeprefix("on ").removeprefix("by ")
    return text if len(text) <= MAX_LENGTH else ""


def _parse_year_first(text: str) -> tuple[date, ...]:
    match = _YEAR_FIRST_PATTERN.fullmatch(text)
    return (_make_real_date(int(match[1]), int(match[3]), int(match[4])),) if match else ()


def _parse_numbers(text: str, today: date, *, day_first: bool | None) -> tuple[date, ...]:
    """A day and a month in digits: `1.12.`, `1/12/2026`. Only a date with points and a year always begins with the day."""
    match = _NUMBERS_PATTERN.fullmatch(text)
    if match is None or (match[2] == "-" and not match[4]):
        return ()
    first, second, year = int(match[1]), int(match[3]), int(match[4]) if match[4] else None
    if match[2] == "." and year is not None:
        return (_make_real_date(year, second, first),)
    readings = [(first, second)] * (1 <= second <= 12) + [(second, first)] * (1 <= first <= 12 and first != second)
    if not readings:
        raise _refuse_impossible(f"{text} is no day of any month.")
    if len(readings) == 2 and day_first is None:
        named = " or ".join(f"{day} {MONTHS[month - 1]}" for day, month in readings)
        iso, _, short, _ = list_examples(today)
        hint = f"Write it as {iso} or {short}."
        raise Refused(Problem("unclear-date", f"{text} can be read in two ways: as {named}.", hint))
    day, month = readings[0] if day_first is not False or len(readings) == 1 else readings[1]
    return _find_nearest(day, month, year, today)


def _find_nearest(day: int, month: int, year: int | None, today: date) -> tuple[date, ...]:
    """That day of that year or, without a year, the next such day and the last one. Raises Refused if it doesn't exist."""
    if year is not None:
        return (_make_real_date(year, month, day),)
    days = [each for step in _YEAR_STEPS for each in _make_dates(today.year + step, month, day)]
    if not days:
        most = 29 if month == 2 else get_last_day(today.year, month)
        raise _refuse_impossible(f"{MONTHS[month - 1]} has only {most} days." if day else "There is no day 0.")
    coming, past = [each for each in days if each >= today], [each for each in days if each < today]
    return (*coming[:1], *past[-1:])


def _make_real_date(year: int, month: int, day: int) -> date:
    """The date. Raises Refused, and says why, if there is no such day."""
    if found := _make_dates(year, month, day):
        return found[0]
    if not 1 <= month <= 12:
        raise _refuse_impossible(f"There is no month {month}.")
    if not 1 <= year <= 9999:
        raise _refuse_impossible(f"There is no year {year}.")
    if day < 1:
        raise _refuse_impossible(f"There is no {day} {MONTHS[month - 1]}.")
    raise _refuse_impossible(f"{MONTHS[month - 1]} {year} has only {get_last_day(year, month)} days.")


def _refuse_impossible(message: str) -> Refused:
    return Refused(Problem("not-a-date", message))


def _shift(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        raise _refuse_impossible("This is outside the calendar.") from None


def _parse_offset(text: str, today: date) -> tuple[date, ...]:
    match = _OFFSET_PATTERN.fullmatch(text.replace(" ", ""))
    return _add_amount(match[2], today, is_past=match[1] == "-") if match else ()


def _add_amount(amount: str, today: date, *, is_past: bool) -> tuple[date, ...]:
    """The day that is an amount such as `2wd` from today; none if the amount is too large."""
    due = parse_relative_date(("-" if is_past else "+") + amount)
    try:
        return (add_offset(today, due),) if due else ()
    except OverflowError:
        return ()


def _parse_counted(text: str, today: date) -> tuple[date, ...]:
    """`in 3 days`, `a week from now`, `2 months ago`, `in 5 working days`."""
    match = _COUNTED_PATTERN.fullmatch(text)
    if match is None or (match[1] and match[4]):
        return ()
    amount = AMOUNT_WORDS.get(match[2]) or int(match[2])
    unit = match[3].removesuffix("s")
    length = UNIT_OFFSETS.get(unit, "1wd")
    digits = length.rstrip("dwm")
    return _add_amount(f"{amount * int(digits)}{length[len(digits) :]}", today, is_past=match[4] == " ago")


def _parse_period(text: str, today: date) -> tuple[date, ...]:
    """The first or the last day of a period: `end of month`, `next week`, `start of december`."""
    match = _PERIOD_PATTERN.fullmatch(text)
    if match is None:
        return ()
    edge, which, unit, named_edge, month, year = match.groups()
    if unit:
        if not (edge or which):
            return ()
        period = _get_period(unit, {"next": 1, "last": -1}.get(which or "", 0), today)
    else:
        number = parse_month(month)
        if number is None:
            return ()
        chosen = int(year) if year else today.year + (number < today.month)
        if not chosen:
            return ()
        period = _make_month_range(chosen, number)
    if (edge or named_edge) == "end":
        return (period.last,)
    return (period.first,)


def _get_period(unit: str, steps: int, today: date) -> DateRange:
    """The week, month or year that is `steps` from the one of `today`. Weeks begin on Monday."""
    if unit == "week":
        monday = _shift(today, timedelta(days=7 * steps - today.weekday()))
        return DateRange(monday, _shift(monday, timedelta(days=6)))
    years, month = divmod(today.month - 1 + (steps if unit == "month" else 0), 12)
    year = today.year + years + (steps if unit == "year" else 0)
    if not 1 <= year <= 9999:
        raise _refuse_impossible("This is outside the calendar.")
    return _make_month_range(year, month + 1) if unit == "month" else _make_year_range(year)


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
    words = [word for word in text.replace(".", " ").removeprefix("the ").split() if word != "of"]
    words = [match[1] if (match := _ORDINAL_PATTERN.fullmatch(word)) else word for word in words]
    if len(words) not in (2, 3):
        return ()
    first, second = words[:2]
    day, month = (first, second) if first.isdecimal() else (second, first)
    number = parse_month(month)
    if not day.isdecimal() or len(day) > 2 or number is None:
        return ()
    if len(words) == 3 and not (words[2].isdecimal() and len(words[2]) == 4):
        return ()
    return _find_nearest(int(day), number, int(words[2]) if len(words) == 3 else None, today)


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
    return _get_period(match[2], {"this": 0, "next": 1}.get(match[1], -1), today) if match else None


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


def _parse_day(text: str, today: date, *, day_first: bool | None) -> DateRange:
    try:
        possible = parse_possible_dates(text, today=today, day_first=day_first)
    except Refused as refused:
        raise Refused(Problem(each.code, each.message, DATE_RANGE_HINT) for each in refused.problems) from None
    day = max((each for each in possible if each <= today), default=possible[0])
    return DateRange(day, day)


def _make_month_range(year: int, month: int) -> DateRange:
    return DateRange(date(year, month, 1), date(year, month, get_last_day(year, month)))


def _make_year_range(year: int) -> DateRange:
    return DateRange(date(year, 1, 1), date(year, 12, 31))
