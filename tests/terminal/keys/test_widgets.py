"""Widgets without a terminal: a key press makes the next value of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from careerkit.coaching.noting import ALONE
from careerkit.coaching.screen import Given, Skip
from careerkit.core.interview import Ask
from careerkit.core.playbook.model import (
    Choice,
    ChoiceForm,
    ChoicesForm,
    DateForm,
    GridForm,
    ListForm,
    NumberForm,
    Options,
    Question,
    RankForm,
    RecordsForm,
    ScaleForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from careerkit.core.problem import Refused
from careerkit.terminal.keys.key import Key
from careerkit.terminal.keys.line import Line, line_of
from careerkit.terminal.keys.paper import Paper, pieces
from careerkit.terminal.keys.widgets import widget_for
from careerkit.terminal.posed import Posed, pose
from careerkit.terminal.stand_ins import Symbols
from careerkit.terminal.width import cells

THREE = (Choice("pay", "Pay"), Choice("peace", "Peace", "quiet"), Choice("pride", "Pride"))
MANY = tuple(Choice(f"c{number}", f"Choice {number}") for number in range(1, 13))
TODAY = date(2026, 11, 22)  # a Sunday


def asked(form, *, choices=THREE, columns=(), kept=None, offered=None, required=True):
    question = Question("q", "x", form, "Well?", required=required)
    return widget_for(Posed(question, choices, columns, kept=kept, offered=offered, today=TODAY))


def pressed(widget, *presses):
    for press in presses:
        after = widget.press(press)
        assert after is not None, press
        widget = after
    return widget


def shown(widget, width=40):
    body = widget.body(Paper(width, Symbols()))
    return ["".join(text for _, text in row).rstrip() for row in body.rows]


@pytest.mark.parametrize(
    ("form", "presses", "value"),
    [
        (TextForm(), ["It ", "broke", Key.ENTER], "It broke"),
        (TextForm(), ["ab", Key.LEFT, "-", Key.HOME, Key.DELETE, Key.ENTER], "-b"),
        (TextForm(long=True), ["one", Key.ENTER, "two", Key.SUBMIT], "one\ntwo"),
        (TextForm(long=True), ["one", Key.ENTER, "two", Key.UP, "!", Key.SUBMIT], "one!\ntwo"),
        (ChoiceForm(Options(THREE)), [Key.DOWN, Key.DOWN, Key.ENTER], "peace"),
        (ChoiceForm(Options(THREE)), [Key.UP, Key.ENTER], "pride"),
        (ChoiceForm(Options(THREE)), ["k", Key.ENTER], "pride"),
        (ChoiceForm(Options(THREE)), ["3", Key.ENTER], "pride"),
        (ChoiceForm(Options(THREE)), ["/", "j", Key.RUB, "qui", Key.ENTER], "peace"),
        (ChoicesForm(Options(THREE)), [" ", Key.DOWN, Key.DOWN, " ", Key.ENTER], ("pay", "pride")),
        (ChoicesForm(Options(THREE)), ["1", "3", "1", Key.ENTER], ("pride",)),
        (ChoicesForm(Options(THREE)), ["/", "pe", Key.ENTER, " ", Key.ESCAPE, "1", Key.ENTER], ("pay", "peace")),
        (ChoicesForm(Options(THREE), min=0), [Key.ENTER], ()),
        (YesNoForm(), ["n", Key.ENTER], False),
        (YesNoForm(), [Key.DOWN, Key.ENTER], True),
        (ScaleForm(), ["4", Key.ENTER], 4),
        (ScaleForm(0, 10), ["1", "0", Key.ENTER], 10),
        (ScaleForm(0, 10), ["1", "3", Key.ENTER], 3),
        (ScaleForm(), [Key.UP, Key.UP, Key.ENTER], 4),
        (ScaleForm(0, 100), ["70", Key.ENTER], 70),
        (NumberForm(unit="EUR"), ["1 200,5 EUR", Key.ENTER], Decimal("1200.5")),
        (DateForm(), ["friday", Key.ENTER], date(2026, 11, 27)),
        (DateForm(), ["+2w", Key.ENTER], date(2026, 12, 6)),
        (ListForm(), ["one", Key.ENTER, "two", Key.ENTER, Key.ENTER], ("one", "two")),
        (ListForm(), ["a\nb\nc", Key.SUBMIT], ("a", "b", "c")),
        (ListForm(), ["a\nb", Key.MOVE_UP, Key.SUBMIT], ("b", "a")),
        (ListForm(), ["a\nb\nc", Key.UP, Key.RUB, Key.DOWN, Key.SUBMIT], ("a", "c")),
        (ListForm(max=2), ["a", Key.ENTER, "b", Key.ENTER], ("a", "b")),
        (RankForm(Options(THREE)), [" ", Key.DOWN, Key.DOWN, Key.ENTER], ("peace", "pride", "pay")),
        (RankForm(Options(THREE)), [Key.END, "1", Key.ENTER], ("pride", "pay", "peace")),
        (RankForm(Options(THREE)), [Key.DOWN, "J", Key.ENTER], ("pay", "pride", "peace")),
        (WeightsForm(Options(THREE)), ["40", Key.ENTER, "60", Key.ENTER], {"pay": 40, "peace": 60, "pride": 0}),
        (WeightsForm(Options(THREE)), ["95", "+", Key.ENTER], {"pay": 100, "peace": 0, "pride": 0}),
    ],
)
def test_presses_give_the_answer(form, presses, value):
    assert pressed(asked(form), *presses) == Given(value)


@pytest.mark.parametrize("form", [ChoiceForm(Options(THREE)), YesNoForm(), ScaleForm(), RankForm(Options(THREE))])
def test_an_enter_too_many_answers_nothing(form):
    with pytest.raises(Refused, match="empty"):
        asked(form).press(Key.ENTER)
    assert not any("❯" in row for row in shown(asked(form))) or isinstance(form, RankForm)


def test_a_ranking_is_handed_in_as_it_stands_by_alt_enter():
    assert pressed(asked(RankForm(Options(THREE))), Key.SUBMIT) == Given(("pay", "peace", "pride"))


def test_what_was_chosen_before_and_what_is_offered_are_taken_by_enter():
    assert pressed(asked(ChoiceForm(Options(THREE)), offered="peace"), Key.ENTER) == Given("peace")
    assert pressed(asked(YesNoForm(), kept=False), Key.ENTER) == Given(raw=False)


@pytest.mark.parametrize(("form", "number"), [(ChoiceForm(Options(THREE)), "7"), (ScaleForm(), "9")])
def test_a_number_that_is_not_there_chooses_nothing_and_is_named(form, number):
    widget = pressed(asked(form), "2", number)

    assert f"There is no {number} here." in shown(widget)[-1]
    with pytest.raises(Refused, match="empty"):
        widget.press(Key.ENTER)
    assert "no" not in shown(pressed(widget, "1"))[-1]


def test_in_a_long_list_two_digits_make_a_number():
    assert pressed(asked(ChoiceForm(Options(MANY)), choices=MANY), "1", "2", Key.ENTER) == Given("c12")
    ticks = pressed(asked(ChoicesForm(Options(MANY)), choices=MANY), "1", "1", " ", "2", " ")
    assert ticks.foot[0] == "number, then Space"
    assert pressed(ticks, Key.ENTER) == Given(("c2", "c11"))


def test_a_filter_takes_every_letter_for_text():
    widget = pressed(asked(ChoiceForm(Options(MANY)), choices=MANY), "/", "j", "k", "?")

    assert widget.takes_text
    assert widget.sought.text == "jk?"
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
    assert shown(pressed(asked(DateForm()), typed)) == [f"❯ {typed}", f"  {meant}"]


def test_points_show_what_is_left_and_what_is_too_many():
    widget = pressed(asked(WeightsForm(Options(THREE))), "40", Key.DOWN, "30")

    assert shown(widget)[-1] == "  30 left"
    assert shown(pressed(widget, Key.DOWN, "50"))[-1] == "  20 too many"
    with pytest.raises(Refused):
        pressed(widget, Key.DOWN, "50", Key.SUBMIT)


def test_a_grid_is_walked_cell_by_cell():
    form = GridForm(Options(THREE[:2]), Options(THREE), spread=True, min=Decimal(0), max=Decimal(10))
    widget = asked(form, choices=THREE[:2], columns=THREE)
    row = {"pay": (3, 5, 8), "peace": (2, 2, 2), "pride": (1, 1, 1)}

    given = pressed(widget, *["3 5 8", Key.ENTER, "2", Key.ENTER, "1", Key.ENTER] * 2)

    assert given == Given({"pay": row, "peace": row})
    with pytest.raises(Refused, match="missing"):
        pressed(widget, "3", Key.SUBMIT)


FORM = RecordsForm(
    (Question("who", "text", TextForm(), "Who?"), Question("power", "scale", ScaleForm(), "Power")), max=3
)


def test_forms_are_added_moved_removed_brought_back_and_changed():
    widget = pressed(asked(FORM), "Ann", Key.ENTER, "3", Key.ENTER, "a", "Bo", Key.ENTER, "1", Key.ENTER)
    assert pressed(widget, Key.ENTER) == Given(({"who": "Ann", "power": 3}, {"who": "Bo", "power": 1}))

    moved = pressed(widget, Key.HOME, Key.MOVE_DOWN)
    assert [form["who"] for form in moved.forms] == ["Bo", "Ann"]
    fewer = pressed(moved, Key.DELETE)
    assert [form["who"] for form in fewer.forms] == ["Bo"]
    assert pressed(fewer, "u").forms == moved.forms
    changed = pressed(widget, Key.HOME, Key.ENTER, "e", Key.ENTER, Key.ENTER)
    assert changed.forms[0] == {"who": "Anne", "power": 3}


def test_a_field_that_takes_the_items_of_another_question_is_chosen_from_them():
    who = Question("who", "choice", ChoiceForm(Options(source="team")), "With whom?")
    talks = Question("talks", "records", RecordsForm((who,)), "Which talks?")
    ask = Ask(talks, "", "Which talks?", "", ALONE, field_choices={"who": THREE})
    widget = pressed(widget_for(pose(ask, today=TODAY)), "2")

    assert any("Peace" in row for row in shown(widget))
    assert pressed(widget, Key.ENTER).forms == ({"who": "peace"},)


def test_a_field_with_nothing_to_choose_from_says_so_and_can_be_left_out():
    who = Question("who", "choice", ChoiceForm(Options()), "With whom?", required=False)
    widget = asked(RecordsForm((who,)), choices=())

    assert any("There is nothing to choose from yet." in row for row in shown(widget, width=60))
    assert pressed(widget, Key.ENTER).forms == ({"who": None},)


def test_a_form_that_is_closed_half_way_keeps_what_it_has():
    widget = pressed(asked(FORM), "Ann", Key.ENTER, Key.ESCAPE)

    assert shown(widget)[0].endswith("Ann (not filled in yet)")
    assert widget.so_far() == ({"who": "Ann"},)
    with pytest.raises(Refused, match="missing"):
        pressed(widget, Key.SUBMIT)
    assert pressed(widget, Key.HOME, Key.ENTER).opened.field.id == "power"


@pytest.mark.parametrize(
    "form", [TextForm(), ChoicesForm(Options(THREE)), ScaleForm(), ListForm(), WeightsForm(Options(THREE)), FORM]
)
def test_an_answer_that_may_be_left_out_is_left_out_by_enter(form):
    widget = asked(form, required=False)
    assert pressed(widget, Key.SUBMIT) == Skip()


def test_what_was_answered_stands_there_to_be_changed():
    assert pressed(asked(TextForm(), kept="It broke"), "n", Key.ENTER) == Given("It broken")
    assert pressed(asked(ListForm(), kept=("a", "b")), "c", Key.SUBMIT) == Given(("a", "b", "c"))
    assert pressed(asked(ChoiceForm(Options(THREE)), kept="pride"), Key.ENTER) == Given("pride")


def test_an_emptied_text_is_no_answer_and_comes_back_with_esc():
    emptied = pressed(asked(TextForm(), kept="It broke"), Key.RUB_LEFT)

    with pytest.raises(Refused):
        emptied.press(Key.ENTER)
    assert pressed(emptied, Key.ESCAPE, Key.ENTER) == Given("It broke")


def test_a_paste_out_of_all_proportion_is_refused_whole():
    with pytest.raises(Refused, match="too-long"):
        Line().insert("x" * 100_000)
    with pytest.raises(Refused, match="not-utf-8"):
        Line().insert("caf\udce9")


@pytest.mark.parametrize("text", ["", "a b", "word " * 40, "日本語" * 20, "x" * 100, "a\tb\x1b[2J"])
@pytest.mark.parametrize("width", [8, 20, 40])
def test_a_typed_text_is_wrapped_without_loss_and_the_cursor_stays_within(text, width):
    assert "".join(pieces(text, width)) == text
    for cursor in range(0, len(text) + 1, 7):
        body = Paper(width, Symbols()).typed(text, cursor)
        assert body.cursor[0] < len(body.rows)
        assert body.cursor[1] < width + 1
        assert all(cells(part) <= width for row in body.rows for _, part in row)


def test_words_are_where_the_keys_find_them():
    line = line_of("one two, three")
    assert line.press(Key.RUB_WORD).text == "one two, "
    assert line.press(Key.WORD_LEFT).cursor == 9
    assert Line("one two", 0).press(Key.WORD_RIGHT).cursor == 3


ITEMS = RecordsForm((Question("point", "text", TextForm(), "What?"),), items="paths")


def test_the_way_back_from_a_form_that_nobody_began_leads_to_the_question_before():
    assert asked(FORM).press(Key.BACK) is None
    assert asked(ITEMS).press(Key.BACK) is None
    assert pressed(asked(ITEMS), "calm", Key.BACK).opened is None
    assert pressed(asked(FORM), "Ann", Key.ENTER, "3", Key.ENTER, "a", Key.BACK).opened is None
