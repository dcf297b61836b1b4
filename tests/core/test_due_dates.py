from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.due_dates import (
    RelativeDate,
    add_offset,
    format_date_in_sentence,
    parse_relative_date,
    resolve_relative_date,
)

SUNDAY = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("+1h", RelativeDate(1, "h")),
        ("+2wd", RelativeDate(2, "wd")),
        ("-14d", RelativeDate(-14, "d")),
        ("+1m", RelativeDate(1, "m")),
        ("deadline", RelativeDate(question="deadline")),
        ("deadline - 2d", RelativeDate(-2, "d", "deadline")),
        ("deadline+1w", RelativeDate(1, "w", "deadline")),
    ],
)
def test_a_relative_date_is_parsed(text, due):
    assert parse_relative_date(text) == due


@pytest.mark.parametrize(
    "text", ["", "1d", "+1", "+d", "+1y", "+1.5d", "+99999d", "deadline - 2", "deadline - 2h", "A", "+ + 1d", "+١d"]
)
def test_anything_else_is_none(text):
    assert parse_relative_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+4h", SUNDAY + timedelta(hours=4)),
        ("+1d", date(2026, 11, 23)),
        ("+1wd", date(2026, 11, 23)),
        ("+5wd", date(2026, 11, 27)),
        ("+6wd", date(2026, 11, 30)),
        ("+1w", date(2026, 11, 29)),
        ("+1m", date(2026, 12, 22)),
        ("deadline", date(2026, 12, 31)),
        ("deadline - 2d", date(2026, 12, 29)),
        ("deadline + 2m", date(2027, 2, 28)),
        ("deadline - 3wd", date(2026, 12, 28)),
        ("deadline - 9w", date(2026, 11, 22)),
        ("unknown", None),
        ("+3650m", date(2331, 1, 22)),
    ],
)
def test_a_relative_date_counts_from_the_moment_it_was_given(text, expected):
    dates = {"deadline": date(2026, 12, 31)}
    assert resolve_relative_date(parse_relative_date(text), given=SUNDAY, get_date=dates.get) == expected


def test_hours_keep_the_offset_of_the_moment():
    given = datetime(2026, 10, 25, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert (
        resolve_relative_date(RelativeDate(2, "h"), given=given, get_date=dict().get).isoformat()
        == "2026-10-25T03:30:00+02:00"
    )


def test_dates_beyond_the_calendar_become_its_last_day():
    assert (
        resolve_relative_date(RelativeDate(3650, "m", "q"), given=SUNDAY, get_date=lambda _: date(9999, 1, 1))
        == date.max
    )
    assert (
        resolve_relative_date(RelativeDate(-3650, "m", "q"), given=SUNDAY, get_date=lambda _: date(1, 1, 1))
        == SUNDAY.date()
    )


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 300))
def test_working_days_never_fall_on_a_weekend(start, amount):
    day = add_offset(start, RelativeDate(amount, "wd"))
    assert day.weekday() < 5
    assert sum((start + timedelta(n)).weekday() < 5 for n in range(1, (day - start).days + 1)) == amount


def test_hours_count_as_whole_days_if_only_the_day_matters():
    assert add_offset(date(2026, 11, 22), RelativeDate(25, "h")) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 12, 4), "Friday 4 December"),
        (date(2027, 1, 11), "Monday 11 January"),
        (date(2026, 10, 1), "Thursday 1 October"),
        (date(2027, 9, 1), "Wednesday 1 September 2027"),
        (date(2025, 12, 4), "Thursday 4 December 2025"),
    ],
)
def test_in_a_sentence_only_a_day_far_away_has_its_year(day, text):
    assert format_date_in_sentence(day, today=date(2026, 12, 1)) == text
