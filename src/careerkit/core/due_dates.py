"""Due dates: relative dates such as +2wd, +1m or deadline - 2d are resolved, and dates are written as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from careerkit.core.frozen import frozen, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from decimal import Decimal
    from typing import Literal

    Unit = Literal["min", "h", "d", "wd", "w", "m"]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

UNITS: tuple[Unit, ...] = ("wd", "h", "d", "w", "m")
NOW = "now"
MAX_DAYS_WITHOUT_YEAR = 180
"""How far away a day may be for people to name it without the year."""
MAX_DAYS_BY_NAME = 6
"""How far ahead a day may be for people to call it by its weekday alone."""
MAX_AMOUNT = 3_650
"""The largest amount in a relative date: ten years of days."""


@frozen
class RelativeDate:
    """`amount` units after the date that answers `question`, or after the outcome was given if `question` is empty."""

    amount: int = 0
    unit: Unit = "d"
    question: str = ""


def format_date(day: date) -> str:
    """`Monday 23 November 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def format_date_in_sentence(day: date, *, today: date) -> str:
    """`Monday 23 November`; with the year only if the day is so far away that it could be mistaken."""
    text = format_date(day)
    return text.rpartition(" ")[0] if abs((day - today).days) <= MAX_DAYS_WITHOUT_YEAR else text


def format_date_in_speech(day: date, *, today: date) -> str:
    """`Thursday` for a day of the coming week; otherwise as in a sentence."""
    is_near = 1 <= (day - today).days <= MAX_DAYS_BY_NAME
    return WEEKDAYS[day.weekday()] if is_near else format_date_in_sentence(day, today=today)


def format_datetime(moment: datetime) -> str:
    """`Monday 23 November 2026, 14:05`, in the moment's own zone."""
    return f"{format_date(moment)}, {moment:%H:%M}"


def due_sort_key(due: date | None) -> tuple[str, str]:
    """The sort key of a due date: by day, times before whole days, and no date last."""
    if due is None:
        return "9999-99", ""
    text = due.isoformat()
    return text[:10], text[11:16] or "24"


def parse_due(text: str) -> RelativeDate | None:
    """A due date: a relative date, `now`, minutes as in `+30min`, or a time before a date, as in `deadline - 2h`."""
    if text.strip() == NOW:
        return RelativeDate(0, "min")
    found = parse_relative_date(text)
    for unit in ("min", "h"):
        if found is None and text.rstrip().endswith(unit):
            days = parse_relative_date(text.rstrip().removesuffix(unit) + "d")
            found = replace(days, unit=unit) if days else None
    return found


def parse_relative_date(text: str) -> RelativeDate | None:
    """The relative date in `text`, such as `+2wd` or `deadline - 2d`; None if it isn't one."""
    words = text.replace("+", " + ").replace("-", " - ").split()
    match words:
        case [("+" | "-") as sign, length]:
            return _parse_offset(length, sign=sign, question="")
        case [question] if _is_question_id(question):
            return RelativeDate(question=question)
        case [question, ("+" | "-") as sign, length] if _is_question_id(question):
            return _parse_offset(length, sign=sign, question=question)
    return None


def resolve_relative_date(
    relative: RelativeDate, *, given: datetime, get_date: Callable[[str], date | None]
) -> date | datetime | None:
    """The date that `relative` means; for hours, the time with its offset. None if the question's date is None.

    `given` is when the outcome was first given, in its zone. A result before `given` becomes `given`, and one beyond
    the calendar its last day.
    """
    if relative.unit == "h" and not relative.question:
        return max(given + timedelta(hours=relative.amount), given)
    start = get_date(relative.question) if relative.question else given.date()
    if start is None:
        return None
    try:
        return max(add_offset(start, relative), given.date())
    except OverflowError:
        return given.date() if relative.amount < 0 else date.max


def localize(moment: datetime, zone: str) -> datetime:
    """The same moment in the time zone of that IANA name; unchanged if the name is unknown or empty."""
    if not zone:
        return moment
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # only needed for due times and deadlines

    try:
        return moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment


def add_elapsed(moment: datetime, elapsed: timedelta) -> datetime:
    """`moment` moved by real time, also across a change of the clocks."""
    return (moment.astimezone(UTC) + elapsed).astimezone(moment.tzinfo)


def set_hour(day: date, hour: Decimal | int, zone: tzinfo | None) -> datetime:
    """The moment at that hour of the day, from 0 to 24. Raises OverflowError after the last day of the calendar."""
    return datetime.combine(day, time(), zone) + timedelta(minutes=int(hour * 60))


def add_offset(start: date, offset: RelativeDate) -> date:
    """`start` moved by the amount of `offset`. Hours and minutes are rounded up to whole days.

    Raises OverflowError if the result is outside the calendar.
    """
    match offset.unit:
        case "wd":
            return _add_working_days(start, offset.amount)
        case "m":
            return _add_months(start, offset.amount)
        case "w":
            return start + timedelta(weeks=offset.amount)
        case "h":
            return start + timedelta(days=-(-offset.amount // 24))
        case "min":
            return start + timedelta(days=-(-offset.amount // (24 * 60)))
        case "d":
            return start + timedelta(days=offset.amount)


def get_last_day(year: int, month: int) -> int:
    """The number of days in a month."""
    return 31 if month == 12 else (date(year, month + 1, 1) - timedelta(days=1)).day


def _parse_offset(amount_text: str, *, sign: str, question: str) -> RelativeDate | None:
    for unit in UNITS:
        digits = amount_text.removesuffix(unit)
        if (
            digits != amount_text
            and digits.isascii()
            and digits.isdecimal()
            and len(digits) <= 4
            and int(digits) <= MAX_AMOUNT
        ):
            if unit == "h" and question:
                return None
            return RelativeDate(int(digits) if sign == "+" else -int(digits), unit, question)
    return None


def _is_question_id(word: str) -> bool:
    return word.isascii() and word[:1].isalpha() and word.replace("_", "").isalnum() and word == word.lower()


def _add_working_days(start: date, amount: int) -> date:
    step = timedelta(days=1 if amount >= 0 else -1)
    for _ in range(abs(amount)):
        start += step
        while start.weekday() >= 5:  # Saturday, Sunday
            start += step
    return start


def _add_months(start: date, amount: int) -> date:
    month = start.month - 1 + amount
    year, month = start.year + month // 12, month % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError
    return date(year, month, min(start.day, get_last_day(year, month)))
