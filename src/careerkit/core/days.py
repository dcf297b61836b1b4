"""Days and months by their names, and how a day reads. It stands alone: lists do without all that answers need."""

from __future__ import annotations

from datetime import date, datetime

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def date_text(day: date) -> str:
    """`Monday 23 November 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_text(moment: datetime) -> str:
    """`Monday 23 November 2026, 14:05`, in the moment's own zone."""
    return f"{date_text(moment)}, {moment:%H:%M}"


def due_order(due: date | None) -> tuple[str, str]:
    """Where a day or a moment comes in a plan: by date, on a day the hours first, and last what has no date."""
    if due is None:
        return "9999-99", ""
    hour = f"{due:%H:%M}" if isinstance(due, datetime) else "24"
    return (f"{due:%Y-%m-%d}" if due.year > 999 else f"{due.year:04}"), hour
