"""Options that the person types, with the keys and in line mode."""

from __future__ import annotations

import pytest
from line_conversation import run_conversation
from test_widgets import THREE, asked, pressed, shown

from careerkit.coaching.ports import Submit
from careerkit.core.errors import Refused
from careerkit.core.questions.choice import ChoiceSpec, ChoicesSpec
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Header, QuestionState

ONE = ChoiceSpec(choices=THREE, own=True, own_hint="A word or two.")
SEVERAL = ChoicesSpec(choices=THREE, own=True, own_max=2, min=1)


def test_a_row_for_other_options_comes_last():
    assert shown(asked(ONE))[-2:] == ["  4  Something else: type it", "     A word or two."]
    assert "Something else" not in "\n".join(shown(asked(ChoiceSpec(choices=THREE))))


def test_an_option_can_be_typed_and_chosen():
    typing = pressed(asked(ONE), "4", *"Fair play")
    assert typing.takes_text
    assert typing.key_hints == ("Enter choose", "Esc back to the list")
    assert shown(typing)[-1].endswith("> Fair play")
    assert typing.press(Key.ENTER) == Submit("Fair play")
    assert pressed(asked(ONE), Key.UP, Key.ENTER, *"PAY").press(Key.ENTER) == Submit("pay")
    assert not pressed(typing, Key.ESCAPE).takes_text


@pytest.mark.parametrize("spec", [ONE, SEVERAL])
def test_enter_with_nothing_typed_says_so_and_leaves_the_field_open(spec):
    state = asked_state(spec)
    for each in ("4", Key.ENTER):
        state = state.press(each)

    assert [each.message for each in state.problems] == ["Type it first, or press Esc."]
    for each in "Fair":
        state = state.press(each)
    assert (state.problems, state.widget.input_line()) == ((), "Fair")
    assert not state.press(Key.ESCAPE).widget.takes_text


def asked_state(spec) -> QuestionState:
    return QuestionState(Header("", "The question?"), asked(spec))


def test_the_number_of_the_row_opens_it_right_after_another_number():
    assert pressed(asked(SEVERAL), "1", "4").takes_text


def test_a_typed_option_is_there_again():
    assert shown(asked(ONE, kept="Fair play"))[-3:] == [
        "❯ 4  Fair play",
        "  5  Something else: type it",
        "     A word or two.",
    ]
    assert asked(ONE, kept="Fair play").press(Key.ENTER) == Submit("Fair play")


def test_several_options_can_be_typed_next_to_ticks():
    widget = pressed(asked(SEVERAL), "1", Key.UP, Key.ENTER, *"Calm", Key.ENTER)
    assert "❯ 4  [x] Calm" in shown(widget)
    assert widget.draft() == ("pay", "Calm")
    widget = pressed(widget, "5", *"Light", Key.ENTER)
    assert widget.press(Key.ENTER) == Submit(("pay", "Calm", "Light"))
    with pytest.raises(Refused):
        pressed(widget, "6", *"More", Key.ENTER)


PLAYBOOK = """format = 1
title = "T"
summary = "S"
[[stage]]
id = "s"
title = "Stage"
[[stage.question]]
id = "q"
type = "{kind}"
ask = "The question?"
own = true
choices = [ {{ id = "a", label = "Ant" }}, {{ id = "b", label = "Bee" }}, {{ id = "c", label = "Beetle" }} ]
"""


@pytest.mark.parametrize(
    ("kind", "line", "answer"),
    [
        ("choice", "2", "b"),
        ("choice", "ant", "a"),
        ("choice", "A cat, maybe", "A cat, maybe"),
        ("choices", "1 3", ("a", "c")),
        ("choices", "1; A big cat", ("a", "A big cat")),
        ("choices", "A big cat; 3", ("c", "A big cat")),
    ],
)
def test_an_option_can_be_typed_in_line_mode(kind, line, answer):
    result = run_conversation([line, ""], playbook=PLAYBOOK.format(kind=kind))
    assert result.answers["q"] == answer
    assert "our own words" in result.shown


def test_a_number_that_is_not_there_is_no_option_of_one_s_own():
    result = run_conversation(["7", "2", ""], playbook=PLAYBOOK.format(kind="choice"))
    assert result.answers["q"] == "b"
