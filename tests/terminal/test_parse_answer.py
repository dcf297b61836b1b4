"""From typed lines to raw answers."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerkit.core.date_parsing import parse_possible_dates
from careerkit.core.errors import Refused
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, YesNoSpec
from careerkit.core.questions.number import DateSpec, NumberSpec, ScaleSpec
from careerkit.core.questions.question import Choice, Options, Question
from careerkit.core.questions.text import TextSpec
from careerkit.core.questions.weights import RankSpec
from careerkit.terminal.parse_line import filter_choices, parse_number
from careerkit.terminal.questions.grid import parse_cells
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.registry import load_ui
from careerkit.terminal.questions.weights import parse_weights

TODAY = date(2026, 11, 22)  # a Sunday
CHOICES = (
    Choice("now", "Yes, right now"),
    Choice("maybe", "It may; I don't know"),
    Choice("no", "No, it has stopped"),
    Choice("never", "Never, and nobody"),
)
OPTIONS = Options(CHOICES)


def read(form, line, choices=CHOICES):
    question = Question("q", type(form).__name__.removesuffix("Spec").lower(), form, "?")
    return load_ui(question.type).parse(PreparedQuestion(question, choices, today=TODAY), line)


def refusal(form, line, choices=CHOICES):
    with pytest.raises(Refused) as refused:
        read(form, line, choices)
    return refused.value.problems[0]


@pytest.mark.parametrize(
    ("line", "chosen"),
    [
        ("2", "maybe"),
        (" 2 ", "maybe"),
        ("maybe", "maybe"),
        ("MAYBE", "maybe"),
        ("it may", "maybe"),
        ("Yes", "now"),
        ("no", "no"),
        ("No, it has stopped", "no"),
        ("nev", "never"),
        ("it may; i don’t", "maybe"),
    ],
)
def test_a_choice_is_read_by_number_id_or_beginning(line, chosen):
    assert read(ChoiceSpec(OPTIONS), line) == chosen


@pytest.mark.parametrize(
    ("line", "code"),
    [("0", "unknown-choice"), ("5", "unknown-choice"), ("x", "unknown-choice"), ("n", "unclear-choice")],
)
def test_a_choice_that_is_none_or_several_is_refused(line, code):
    assert refusal(ChoiceSpec(OPTIONS), line).code == code


def test_a_very_long_word_is_shown_cut():
    assert "…" in refusal(ChoiceSpec(OPTIONS), "x" * 1000).message


@pytest.mark.parametrize(
    ("line", "picked"),
    [
        ("1 3", ["now", "no"]),
        ("1,3", ["now", "no"]),
        ("1, 3", ["now", "no"]),
        ("1;3", ["now", "no"]),
        ("1-3", ["now", "maybe", "no"]),
        ("1 - 3", ["now", "maybe", "no"]),
        ("1-2 4", ["now", "maybe", "never"]),
        ("1 1", ["now"]),
        ("yes, nev", ["now", "never"]),
        ("now never", ["now", "never"]),
        ("No, it has stopped", ["no"]),
        ("It may; I don't know", ["maybe"]),
    ],
)
def test_choices_are_read_as_numbers_ranges_or_names(line, picked):
    assert read(ChoicesSpec(OPTIONS), line) == picked


@pytest.mark.parametrize("line", ["-", "none", "None", "0"])
def test_none_is_an_answer_where_the_minimum_is_zero(line):
    assert read(ChoicesSpec(OPTIONS, min=0), line) == []
    assert refusal(ChoicesSpec(OPTIONS, min=1), line).code == "unknown-choice"


def test_a_choice_that_is_called_none_comes_before_choosing_none():
    choices = (Choice("a", "A"), Choice("none", "None of these"))
    assert read(ChoicesSpec(choices, min=0), "none", choices) == ["none"]


@pytest.mark.parametrize("line", ["1-9", "0-2", "1 9", "1 x"])
def test_choices_that_are_not_there_are_refused(line):
    assert refusal(ChoicesSpec(OPTIONS), line).code == "unknown-choice"


def test_with_nothing_to_choose_from_that_is_said():
    assert "nothing to choose" in refusal(ChoiceSpec(), "1", ()).hint
    assert refusal(ChoiceSpec(), "2", (Choice("a", "A"),)).hint == "There is only one choice: 1."


@pytest.mark.parametrize(
    ("line", "code"),
    [("1 2", "not-ranked"), ("1 1 2 3", "twice"), ("1 2 3 9", "unknown-choice")],
)
def test_a_rank_that_is_not_whole_is_refused(line, code):
    assert refusal(RankSpec(OPTIONS), line).code == code


@pytest.mark.parametrize("line", ["4 3 1 2", "4,3,1,2", "4-3 1-2", "never, no, now, maybe"])
def test_a_rank_is_read_best_first(line):
    assert read(RankSpec(OPTIONS), line) == ["never", "no", "now", "maybe"]


def test_a_rank_says_by_label_what_is_missing():
    assert refusal(RankSpec(OPTIONS), "1 2 4").message == "Not ranked yet: 3 No, it has stopped."


@pytest.mark.parametrize(
    ("line", "meaning"),
    [("y", True), ("Yes", True), ("1", True), ("true", True), ("n", False), ("NO", False), ("2", False), ("f", False)],
)
def test_yes_and_no(line, meaning):
    assert read(YesNoSpec(), line) is meaning


def test_neither_yes_nor_no():
    assert refusal(YesNoSpec(), "perhaps").code == "not-yes-or-no"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("12", "12"),
        (" 12 ", "12"),
        ("3.5", "3.5"),
        ("3,5", "3.5"),
        (",5", "0.5"),
        ("0,125", "0.125"),
        ("-2", "-2"),
        ("−2", "-2"),
        ("20 000", "20000"),
        ("20\u00a0000,50", "20000.50"),
        ("20'000", "20000"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234,567", "1234567"),
        ("40 EUR", "40"),
        ("eur 40", "40"),
        ("40eur", "40"),
    ],
)
def test_numbers_as_people_write_them(line, number):
    assert read(NumberSpec(unit="EUR"), line) == Decimal(number)


@pytest.mark.parametrize("line", ["", "x", "1e5", "1 2", "nan", "inf", "12 USD", "--1", "9" * 50, "1.2.3"])
def test_what_is_no_number_is_refused(line):
    assert refusal(NumberSpec(unit="EUR"), line).code == "not-a-number"


HOUR = NumberSpec(min=Decimal(0), max=Decimal(24))


@pytest.mark.parametrize(
    ("line", "number", "shown"),
    [
        ("10:30", "10.5", "10:30"),
        ("7:05", "7.0834", "7:05"),
        ("10：30", "10.5", "10:30"),
        ("10.5", "10.5", "10:30"),
        ("17", "17", "17"),
        ("17:00", "17", "17"),
        ("0:20", "0.3334", "0:20"),
        ("24:00", "24", "24"),
        ("5pm", "17", "17"),
        ("5:30 p.m.", "17.5", "17:30"),
        ("12 AM", "0", "0"),
        ("12pm", "12", "12"),
    ],
)
def test_an_hour_can_be_written_as_a_time_and_reads_as_one(line, number, shown):
    assert read(HOUR, line) == Decimal(number)
    assert HOUR.format(Decimal(number), None) == shown


@pytest.mark.parametrize("minute", range(60))
def test_a_time_is_shown_as_it_was_typed(minute):
    assert HOUR.format(read(HOUR, f"9:{minute:02}"), None) == (f"9:{minute:02}" if minute else "9")


@pytest.mark.parametrize(("spec", "line"), [(HOUR, "10:60"), (HOUR, "10:3"), (HOUR, "13pm"), (NumberSpec(), "10:30")])
def test_a_time_is_refused_where_it_does_not_exist_or_no_hour_is_asked_for(spec, line):
    assert refusal(spec, line).code == "not-a-number"


def test_a_number_that_can_be_read_in_two_ways_is_refused_with_both():
    problem = refusal(NumberSpec(), "1,000")
    assert (problem.code, problem.hint) == ("unclear-number", "Write 1000 or 1.000.")


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(line):
    with suppress(Refused):
        assert parse_number(line).is_finite()


def test_a_step_of_a_scale_is_its_number_or_its_words():
    form = ScaleSpec(0, 4, {0: "never", 2: "twice", 4: "every week"})

    assert [read(form, line) for line in (" 3 ", "twice", "Every", "60%", "60 percent", "7 per cent")] == [
        3,
        2,
        4,
        60,
        60,
        7,
    ]
    assert refusal(form, "sometimes").code == "unknown-choice"


def test_a_scale_is_a_number():
    assert read(ScaleSpec(), "4") == Decimal(4)


def test_a_text_is_taken_as_it_is():
    assert read(TextSpec(), "  as it is ") == "  as it is "


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("2026-12-1", date(2026, 12, 1)),
        ("+2w", date(2026, 12, 6)),
        ("+ 2 w", date(2026, 12, 6)),
        ("2w", date(2026, 12, 6)),
        ("-3d", date(2026, 11, 19)),
        ("+1wd", date(2026, 11, 23)),
        ("+3m", date(2027, 2, 22)),
        ("today", date(2026, 11, 22)),
        ("Tomorrow", date(2026, 11, 23)),
        ("yesterday", date(2026, 11, 21)),
        ("friday", date(2026, 11, 27)),
        ("fri", date(2026, 11, 27)),
        ("sunday", date(2026, 11, 29)),
        ("next fri", date(2026, 11, 27)),
        ("last friday", date(2026, 11, 20)),
        ("1 dec", date(2026, 12, 1)),
        ("1. Dec.", date(2026, 12, 1)),
        ("dec 1", date(2026, 12, 1)),
        ("Dec 1, 2027", date(2027, 12, 1)),
        ("1 nov", date(2027, 11, 1)),
        ("29 feb", date(2028, 2, 29)),
        ("1.12.2026", date(2026, 12, 1)),
    ],
)
def test_dates_as_people_write_them(line, day):
    assert read(DateSpec(), line) == day


def test_a_day_without_a_year_is_the_past_one_where_only_that_fits():
    assert read(DateSpec(max="+0d"), "1 nov") == date(2026, 11, 1)
    assert read(DateSpec(max="+0d"), "friday") == date(2026, 11, 20)


def test_where_no_reading_fits_the_likeliest_is_given_on():
    assert read(DateSpec(min="2030-01-01"), "friday") == date(2026, 11, 27)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "soon",
        "ma",
        "2026-13-01",
        "2026-02-30",
        "32 dec",
        "1 dec 26",
        "99 99",
        "+9999m",
        "+3h",
        "some friday",
        "1 2 3 4",
        "t",
    ],
)
def test_what_is_no_date_is_refused(line):
    assert refusal(DateSpec(), line).code == "not-a-date"


@pytest.mark.parametrize("line", ["1/12", "1/12/2026"])
def test_a_date_with_slashes_can_be_read_in_two_ways(line):
    assert refusal(DateSpec(), line).code == "unclear-date"


@given(st.text(max_size=30), st.dates())
def test_any_text_is_a_date_or_refused(line, today):
    with suppress(Refused):
        assert parse_possible_dates(line, today=today)


@given(st.text(max_size=30))
def test_any_text_is_a_choice_or_refused(line):
    for form in (ChoiceSpec(OPTIONS), ChoicesSpec(OPTIONS, min=0), RankSpec(OPTIONS)):
        with suppress(Refused):
            read(form, line)


ABC = (Choice("pay", "Pay"), Choice("peace", "Peace of mind"), Choice("pride", "Pride"))


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("40 30 30", {"pay": 40, "peace": 30, "pride": 30}),
        ("40, 30, 30", {"pay": 40, "peace": 30, "pride": 30}),
        ("pay=40 2=60", {"pay": 40, "peace": 60}),
        ("pay = 40, pride = 60", {"pay": 40, "pride": 60}),
        ("40", {"pay": 40}),
    ],
)
def test_weights_on_one_line(line, points):
    assert parse_weights(line, ABC) == points


@pytest.mark.parametrize("line", ["40 60", "1 2 3 4", "x=40", "=40", "pay=", "a b c"])
def test_weights_that_cannot_be_read_are_refused(line):
    with pytest.raises(Refused):
        parse_weights(line, ABC)


def test_cells_of_a_row():
    assert parse_cells("3 5 8; 4") == [[3, 5, 8], [4]]
    assert parse_cells("3,5") == [[Decimal("3.5")]]


def test_a_list_of_choices_is_narrowed_by_what_occurs_in_it():
    assert filter_choices(" IT ", CHOICES) == [1, 2]
    assert filter_choices("", CHOICES) == [0, 1, 2, 3]
