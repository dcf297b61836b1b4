"""Ranges of past days, seen from Wednesday, 25 November 2026."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.date_parsing import DateRange, is_day_first, parse_past_range, parse_possible_dates
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


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026/12/01", "2026-12-01"),
        ("2026.12.1", "2026-12-01"),
        ("in 3 days", "2026-11-28"),
        ("In three days", "2026-11-28"),
        ("3 days ago", "2026-11-22"),
        ("a week from now", "2026-12-02"),
        ("in a fortnight", "2026-12-09"),
        ("in 2 months", "2027-01-25"),
        ("in a year", "2027-11-25"),
        ("in 5 working days", "2026-12-02"),
        ("in 1 working day", "2026-11-26"),
        ("5 working days ago", "2026-11-18"),
        ("next week", "2026-11-30"),
        ("next month", "2026-12-01"),
        ("next year", "2027-01-01"),
        ("end of month", "2026-11-30"),
        ("end of the month", "2026-11-30"),
        ("the end of next month", "2026-12-31"),
        ("end of week", "2026-11-29"),
        ("end of year", "2026-12-31"),
        ("start of december", "2026-12-01"),
        ("end of february 2028", "2028-02-29"),
        ("friday", "2026-11-27"),
        ("on friday", "2026-11-27"),
        ("tomorrow", "2026-11-26"),
        ("day after tomorrow", "2026-11-27"),
        ("+2w", "2026-12-09"),
        ("1st of december", "2026-12-01"),
        ("December 1st", "2026-12-01"),
        ("25.12.", "2026-12-25"),
        ("25/12", "2026-12-25"),
        ("12/25/2026", "2026-12-25"),
        ("3.3.", "2027-03-03"),
        ("1.12.2026", "2026-12-01"),
        ("29 feb", "2028-02-29"),
        ("2026-12-01" + " " * 19_000, "2026-12-01"),
        ("1" + " " * 19_000 + "dec", "2026-12-01"),
    ],
)
def test_a_date_is_read_as_people_write_it(written, meant):
    assert parse_possible_dates(written, today=TODAY)[0].isoformat() == meant


@pytest.mark.parametrize("written", ["1.12.", "1.12", "1/12", "1/12/2026", "1-12-2026"])
def test_day_and_month_in_digits_are_read_as_the_locale_has_them_and_otherwise_refused_with_both_readings(written):
    with pytest.raises(Refused) as refused:
        parse_possible_dates(written, today=TODAY)

    assert refused.value.problems[0].code == "unclear-date"
    assert "1 December or 12 January" in refused.value.problems[0].message
    assert parse_possible_dates(written, today=TODAY, day_first=True)[0] == date(2026, 12, 1)
    assert parse_possible_dates(written, today=TODAY, day_first=False)[0].month == 1


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "en_GB.UTF-8"}, True),
        ({"LANG": "de_DE", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, None),
        ({"LC_TIME": "POSIX"}, None),
        ({"LANG": "ja_JP.UTF-8"}, None),
        ({"LANG": "en_CA"}, None),
        ({"LANG": "en"}, None),
        ({}, None),
    ],
)
def test_the_locale_says_whether_the_day_comes_first(environment, expected):
    assert is_day_first(environment) is expected


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("31 feb", "February has only 29 days."),
        ("31.2.", "February has only 29 days."),
        ("2026-02-31", "February 2026 has only 28 days."),
        ("29 feb 2027", "February 2027 has only 28 days."),
        ("31 april 2027", "April 2027 has only 30 days."),
        ("2026-13-01", "There is no month 13."),
        ("13.13.", "13.13. is no day of any month."),
        ("0 jan", "There is no day 0."),
        ("0000-01-01", "There is no year 0."),
        ("in 9999 years", "in 9999 years is not a date."),
    ],
)
def test_a_day_that_does_not_exist_is_refused_in_words(written, why):
    with pytest.raises(Refused) as refused:
        parse_possible_dates(written, today=TODAY)

    assert (refused.value.problems[0].code, refused.value.problems[0].message) == ("not-a-date", why)


@pytest.mark.parametrize("part", [" ", "1 ", "1", ".", "/", "end of ", "last ", "1.", "+", "٣", "in "])
def test_no_text_takes_long_to_be_read_or_refused(part):
    started = process_time()
    for text in (part * 100_000, f"1{part * 100_000}x", f"in {part * 100_000} days", f"1 {part * 100_000}december"):
        if text.split() == ["1", "december"]:
            continue  # spaces have no limit
        with pytest.raises(Refused):
            parse_possible_dates(text, today=TODAY)
        with pytest.raises(Refused):
            parse_past_range(text, today=TODAY)
    assert process_time() - started < 1
