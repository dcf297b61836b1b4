"""Ranges of past days, seen from Wednesday, 25 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.date_parsing import DateRange, parse_past_range
from careerkit.core.errors import Refused

TODAY = date(2026, 11, 25)


def day(text: str) -> DateRange:
    return DateRange(date.fromisoformat(text), date.fromisoformat(text))


def days(first: str, last: str) -> DateRange:
    return DateRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-01", day("2026-12-01")),
        ("2026-1-2", day("2026-01-02")),
        ("today", day("2026-11-25")),
        ("Yesterday", day("2026-11-24")),
        ("wednesday", day("2026-11-25")),
        ("last wednesday", day("2026-11-18")),
        ("monday", day("2026-11-23")),
        ("fri", day("2026-11-20")),
        ("1 dec", day("2025-12-01")),
        ("24 nov", day("2026-11-24")),
        ("1.12.2025", day("2025-12-01")),
        ("3 months ago", day("2026-08-25")),
        ("a week ago", day("2026-11-18")),
        ("2 days", day("2026-11-23")),
        ("two weeks ago", day("2026-11-11")),
        ("twelve months", day("2025-11-25")),
        ("last three days", days("2026-11-22", "2026-11-25")),
        ("-2w", day("2026-11-11")),
        ("2w", day("2026-11-11")),
        ("1y", day("2025-11-25")),
        ("last 3 weeks", days("2026-11-04", "2026-11-25")),
        ("the past year", None),
        ("past year", days("2025-01-01", "2025-12-31")),
        ("this week", days("2026-11-23", "2026-11-29")),
        ("last week", days("2026-11-16", "2026-11-22")),
        ("last month", days("2026-10-01", "2026-10-31")),
        ("this year", days("2026-01-01", "2026-12-31")),
        ("november", days("2026-11-01", "2026-11-30")),
        ("dec", days("2025-12-01", "2025-12-31")),
        ("last november", days("2025-11-01", "2025-11-30")),
        ("last october", days("2026-10-01", "2026-10-31")),
        ("last dec", days("2025-12-01", "2025-12-31")),
        ("last november 2024", None),
        ("thirteen weeks ago", None),
        ("feb 2024", days("2024-02-01", "2024-02-29")),
        ("2025", days("2025-01-01", "2025-12-31")),
        ("2026-02", days("2026-02-01", "2026-02-28")),
        ("9999-12", days("9999-12-01", "9999-12-31")),
        ("9999 years ago", None),
        ("2026-13", None),
        ("0000", None),
        ("soon", None),
        ("", None),
        ("1/2/2026", None),
    ],
)
def test_a_range_of_days_is_read_as_people_write_it(written, meant):
    if meant is not None:
        assert parse_past_range(written, today=TODAY) == meant
        return
    with pytest.raises(Refused) as refused:
        parse_past_range(written, today=TODAY)
    assert "3 months ago" in refused.value.problems[0].hint


@given(st.text(max_size=20), st.dates())
def test_any_text_is_a_range_in_order_or_refused(written, today):
    try:
        span = parse_past_range(written, today=today)
    except Refused:
        return
    assert span.first <= span.last


@given(
    st.sampled_from(["monday", "1 dec", "november", "3 months ago", "last week", "last friday"]),
    st.dates(date(2000, 1, 1)),
)
def test_a_range_without_a_year_is_in_the_past(written, today):
    assert parse_past_range(written, today=today).first <= today
