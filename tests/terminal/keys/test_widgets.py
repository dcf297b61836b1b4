"""Widgets without a terminal: a key press makes the next value of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from careerkit.coaching.entry_changes import OUTSIDE_INTERVIEW
from careerkit.coaching.ports import Skip, Submit
from careerkit.core.errors import Refused
from careerkit.core.interview_steps import Ask
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec, ListSpec, YesNoSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.number import DateSpec, NumberSpec, ScaleSpec
from careerkit.core.questions.question import Choice, Options, Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.core.questions.weights import RankSpec, WeightsSpec
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.line_input import EditBuffer, create_buffer
from careerkit.terminal.keys.widget import Canvas, wrap_line
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.registry import create_widget, prepare
from careerkit.terminal.sanitize import Symbols, count_cells

THREE = (Choice("pay", "Pay"), Choice("peace", "Peace", "quiet"), Choice("pride", "Pride"))
MANY = tuple(Choice(f"c{number}", f"Choice {number}") for number in range(1, 13))
TODAY = date(2026, 11, 22)  # a Sunday


def asked(form, *, choices=THREE, columns=(), kept=None, offered=None, required=True):
    question = Question("q", type_of(form), form, "Well?", required=required)
    return create_widget(PreparedQuestion(question, choices, columns, kept=kept, default=offered, today=TODAY))


def type_of(form):
    return type(form).__name__.removesuffix("Spec").lower()


def pressed(widget, *presses):
    for press in presses:
        after = widget.press(press)
        assert after is not None, press
        widget = after
    return widget


def shown(widget, width=40):
    body = widget.view(Canvas(width, Symbols()))
    return ["".join(text for _, text in row).rstrip() for row in body.rows]


@pytest.mark.parametrize(
    ("form", "presses", "value"),
    [
        (TextSpec(), ["It ", "broke", Key.ENTER], "It broke"),
        (TextSpec(), ["ab", Key.LEFT, "-", Key.HOME, Key.DELETE, Key.ENTER], "-b"),
        (TextSpec(long=True), ["one", Key.ENTER, "two", Key.SUBMIT], "one\ntwo"),
        (TextSpec(long=True), ["one", Key.ENTER, "two", Key.UP, "!", Key.SUBMIT], "one!\ntwo"),
        (ChoiceSpec(THREE), [Key.DOWN, Key.DOWN, Key.ENTER], "peace"),
        (ChoiceSpec(THREE), [Key.UP, Key.ENTER], "pride"),
        (ChoiceSpec(THREE), ["k", Key.ENTER], "pride"),
        (ChoiceSpec(THREE), ["3", Key.ENTER], "pride"),
        (ChoiceSpec(THREE), ["/", "j", Key.BACKSPACE, "qui", Key.ENTER], "peace"),
        (ChoicesSpec(THREE), [" ", Key.DOWN, Key.DOWN, " ", Key.ENTER], ("pay", "pride")),
        (ChoicesSpec(THREE), ["1", "3", "1", Key.ENTER], ("pride",)),
        (ChoicesSpec(THREE), ["/", "pe", Key.ENTER, " ", Key.ESCAPE, "1", Key.ENTER], ("pay", "peace")),
        (ChoicesSpec(THREE, min=0), [Key.ENTER], ()),
        (YesNoSpec(), ["n", Key.ENTER], False),
        (YesNoSpec(), [Key.DOWN, Key.ENTER], True),
        (ScaleSpec(), ["4", Key.ENTER], 4),
        (ScaleSpec(0, 10), ["1", "0", Key.ENTER], 10),
        (ScaleSpec(0, 10), ["1", "3", Key.ENTER], 3),
        (ScaleSpec(), [Key.UP, Key.UP, Key.ENTER], 4),
        (ScaleSpec(0, 100), ["70", Key.ENTER], 70),
        (NumberSpec(unit="EUR"), ["1 200,5 EUR", Key.ENTER], Decimal("1200.5")),
        (DateSpec(), ["friday", Key.ENTER], date(2026, 11, 27)),
        (DateSpec(), ["+2w", Key.ENTER], date(2026, 12, 6)),
        (ListSpec(), ["one", Key.ENTER, "two", Key.ENTER, Key.ENTER], ("one", "two")),
        (ListSpec(), ["a\nb\nc", Key.SUBMIT], ("a", "b", "c")),
        (ListSpec(), ["a\nb", Key.MOVE_UP, Key.SUBMIT], ("b", "a")),
        (ListSpec(), ["a\nb\nc", Key.UP, Key.BACKSPACE, Key.DOWN, Key.SUBMIT], ("a", "c")),
        (ListSpec(max=2), ["a", Key.ENTER, "b", Key.ENTER], ("a", "b")),
        (RankSpec(THREE), [" ", Key.DOWN, Key.DOWN, Key.ENTER], ("peace", "pride", "pay")),
        (RankSpec(THREE), [Key.END, "1", Key.ENTER], ("pride", "pay", "peace")),
        (RankSpec(THREE), [Key.DOWN, "J", Key.ENTER], ("pay", "pride", "peace")),
        (WeightsSpec(THREE), ["40", Key.ENTER, "60", Key.ENTER], {"pay": 40, "peace": 60, "pride": 0}),
        (WeightsSpec(THREE), ["95", "+", Key.ENTER], {"pay": 100, "peace": 0, "pride": 0}),
    ],
)
def test_presses_give_the_answer(form, presses, value):
    assert pressed(asked(form), *presses) == Submit(value)


@pytest.mark.parametrize("form", [ChoiceSpec(THREE), YesNoSpec(), ScaleSpec(), RankSpec(THREE)])
def test_an_enter_too_many_answers_nothing(form):
    with pytest.raises(Refused, match="empty"):
        asked(form).press(Key.ENTER)
    assert not any("❯" in row for row in shown(asked(form))) or isinstance(form, RankSpec)


def test_a_ranking_is_handed_in_as_it_stands_by_alt_enter():
    assert pressed(asked(RankSpec(THREE)), Key.SUBMIT) == Submit(("pay", "peace", "pride"))


def test_what_was_chosen_before_and_what_is_offered_are_taken_by_enter():
    assert pressed(asked(ChoiceSpec(THREE), offered="peace"), Key.ENTER) == Submit("peace")
    assert pressed(asked(YesNoSpec(), kept=False), Key.ENTER) == Submit(value=False)


@pytest.mark.parametrize(("form", "number"), [(ChoiceSpec(THREE), "7"), (ScaleSpec(), "9")])
def test_a_number_that_is_not_there_chooses_nothing_and_is_named(form, number):
    widget = pressed(asked(form), "2", number)

    assert f"There is no {number} here." in shown(widget)[-1]
    with pytest.raises(Refused, match="empty"):
        widget.press(Key.ENTER)
    assert "no" not in shown(pressed(widget, "1"))[-1]


def test_in_a_long_list_two_digits_make_a_number():
    assert pressed(asked(ChoiceSpec(MANY), choices=MANY), "1", "2", Key.ENTER) == Submit("c12")
    ticks = pressed(asked(ChoicesSpec(MANY), choices=MANY), "1", "1", " ", "2", " ")
    assert ticks.key_hints[0] == "number, then Space"
    assert pressed(ticks, Key.ENTER) == Submit(("c2", "c11"))


def test_a_filter_takes_every_letter_for_text():
    widget = pressed(asked(ChoiceSpec(MANY), choices=MANY), "/", "j", "k", "?")

    assert widget.takes_text
    assert widget.filter.text == "jk?"
    assert pressed(widget, Key.ESCAPE).shown == tuple(range(12))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-12-01", "Tuesday 1 December 2026"),
        ("+2w", "Sunday 6 December 2026"),
        ("friday", "Friday 27 November 2026"),
        ("tomorrow", "Monday 23 November 2026"),
    ],
)
def test_a_date_shows_its_weekday_while_it_is_typed(typed, meant):
    assert shown(pressed(asked(DateSpec()), typed)) == [f"❯ {typed}", f"  {meant}"]


def test_points_show_what_is_left_and_what_is_too_many():
    widget = pressed(asked(WeightsSpec(THREE)), "40", Key.DOWN, "30")

    assert shown(widget)[-1] == "  30 left"
    assert shown(pressed(widget, Key.DOWN, "50"))[-1] == "  20 too many"
    with pytest.raises(Refused):
        pressed(widget, Key.DOWN, "50", Key.SUBMIT)


def test_a_grid_is_walked_cell_by_cell():
    form = GridSpec(Options(THREE[:2]), Options(THREE), spread=True, min=Decimal(0), max=Decimal(10))
    widget = asked(form, choices=THREE[:2], columns=THREE)
    row = {"pay": (3, 5, 8), "peace": (2, 2, 2), "pride": (1, 1, 1)}

    given = pressed(widget, *["3 5 8", Key.ENTER, "2", Key.ENTER, "1", Key.ENTER] * 2)

    assert given == Submit({"pay": row, "peace": row})
    with pytest.raises(Refused, match="missing"):
        pressed(widget, "3", Key.SUBMIT)


FORM = RecordsSpec(
    (Question("who", "text", TextSpec(), "Who?"), Question("power", "scale", ScaleSpec(), "Power")), max=3
)


def test_forms_are_added_moved_removed_brought_back_and_changed():
    widget = pressed(asked(FORM), "Ann", Key.ENTER, "3", Key.ENTER, "a", "Bo", Key.ENTER, "1", Key.ENTER)
    assert pressed(widget, Key.ENTER) == Submit(({"who": "Ann", "power": 3}, {"who": "Bo", "power": 1}))

    moved = pressed(widget, Key.HOME, Key.MOVE_DOWN)
    assert [form["who"] for form in moved.forms] == ["Bo", "Ann"]
    fewer = pressed(moved, Key.DELETE)
    assert [form["who"] for form in fewer.forms] == ["Bo"]
    assert pressed(fewer, "u").forms == moved.forms
    changed = pressed(widget, Key.HOME, Key.ENTER, "e", Key.ENTER, Key.ENTER)
    assert changed.forms[0] == {"who": "Anne", "power": 3}


def test_a_field_that_takes_the_items_of_another_question_is_chosen_from_them():
    who = Question("who", "choice", ChoiceSpec(items="team"), "With whom?")
    talks = Question("talks", "records", RecordsSpec((who,)), "Which talks?")
    ask = Ask(talks, "", "Which talks?", "", OUTSIDE_INTERVIEW, field_choices={"who": THREE})
    widget = pressed(create_widget(prepare(ask, today=TODAY)), "2")

    assert any("Peace" in row for row in shown(widget))
    assert pressed(widget, Key.ENTER).forms == ({"who": "peace"},)


def test_a_field_with_nothing_to_choose_from_says_so_and_can_be_left_out():
    who = Question("who", "choice", ChoiceSpec(), "With whom?", required=False)
    widget = asked(RecordsSpec((who,)), choices=())

    assert any("There is nothing to choose from yet." in row for row in shown(widget, width=60))
    assert pressed(widget, Key.ENTER).forms == ({"who": None},)


def test_a_form_that_is_closed_half_way_keeps_what_it_has():
    widget = pressed(asked(FORM), "Ann", Key.ENTER, Key.ESCAPE)

    assert shown(widget)[0].endswith("Ann (not filled in yet)")
    assert widget.draft() == ({"who": "Ann"},)
    with pytest.raises(Refused, match="missing"):
        pressed(widget, Key.SUBMIT)
    assert pressed(widget, Key.HOME, Key.ENTER).opened.field.id == "power"


@pytest.mark.parametrize("form", [TextSpec(), ChoicesSpec(THREE), ScaleSpec(), ListSpec(), WeightsSpec(THREE), FORM])
def test_an_answer_that_may_be_left_out_is_left_out_by_enter(form):
    widget = asked(form, required=False)
    assert pressed(widget, Key.SUBMIT) == Skip()


def test_what_was_answered_stands_there_to_be_changed():
    assert pressed(asked(TextSpec(), kept="It broke"), "n", Key.ENTER) == Submit("It broken")
    assert pressed(asked(ListSpec(), kept=("a", "b")), "c", Key.SUBMIT) == Submit(("a", "b", "c"))
    assert pressed(asked(ChoiceSpec(THREE), kept="pride"), Key.ENTER) == Submit("pride")


def test_an_emptied_text_is_no_answer_and_comes_back_with_esc():
    emptied = pressed(asked(TextSpec(), kept="It broke"), Key.DELETE_LEFT)

    with pytest.raises(Refused):
        emptied.press(Key.ENTER)
    assert pressed(emptied, Key.ESCAPE, Key.ENTER) == Submit("It broke")


def test_a_paste_out_of_all_proportion_is_refused_whole():
    with pytest.raises(Refused, match="too-long"):
        EditBuffer().insert("x" * 100_000)
    with pytest.raises(Refused, match="not-utf-8"):
        EditBuffer().insert("caf\udce9")


@pytest.mark.parametrize("text", ["", "a b", "word " * 40, "日本語" * 20, "x" * 100, "a\tb\x1b[2J"])
@pytest.mark.parametrize("width", [8, 20, 40])
def test_a_typed_text_is_wrapped_without_loss_and_the_cursor_stays_within(text, width):
    assert "".join(wrap_line(text, width)) == text
    for cursor in range(0, len(text) + 1, 7):
        body = Canvas(width, Symbols()).input(text, cursor)
        assert body.cursor[0] < len(body.rows)
        assert body.cursor[1] < width + 1
        assert all(count_cells(part) <= width for row in body.rows for _, part in row)


def test_words_are_where_the_keys_find_them():
    line = create_buffer("one two, three")
    assert line.press(Key.DELETE_WORD).text == "one two, "
    assert line.press(Key.WORD_LEFT).cursor == 9
    assert EditBuffer("one two", 0).press(Key.WORD_RIGHT).cursor == 3


ITEMS = RecordsSpec((Question("point", "text", TextSpec(), "What?"),), items="paths")


def test_the_way_back_from_a_form_that_nobody_began_leads_to_the_question_before():
    assert asked(FORM).press(Key.BACK) is None
    assert asked(ITEMS).press(Key.BACK) is None
    assert pressed(asked(ITEMS), "calm", Key.BACK).opened is None
    assert pressed(asked(FORM), "Ann", Key.ENTER, "3", Key.ENTER, "a", Key.BACK).opened is None
