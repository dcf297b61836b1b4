"""The commands of the plain mode, typed where keys lead the conversation."""

import pytest
from test_review import conversation, picture
from test_widgets import asked

from careerkit.core.questions.text import TextSpec
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.question_state import Header, QuestionState
from playbook_cases import load_bundled

GATE, KIND = load_bundled("crisis/start").questions[:2]
FIRST = (Key.END, " ", Key.ENTER)
"""The gate: none of these."""
MISTAKE = (Key.HOME, Key.ENTER)
"""The kind of matter: a mistake. Then comes the first question that is answered in words."""


def test_where_no_text_is_written_a_colon_begins_a_command():
    _, presses, _ = conversation(":", "w", "h")
    assert "❯ :wh" in picture(presses)

    _, presses, _ = conversation(":", *"why", Key.ENTER)
    assert GATE.why in picture(presses).replace("\n  │ ", " ")


def test_the_letters_of_a_command_choose_nothing():
    passage, presses, _ = conversation(*FIRST, "x", Key.ENTER, ":", *"bak", Key.ESCAPE, Key.ENTER)

    assert "Nothing is chosen yet." in picture(presses)
    assert "growing" not in passage.interview.answers


def test_back_typed_goes_back_and_leaves_nothing_behind():
    passage, presses, _ = conversation(*FIRST, *MISTAKE, ":back", Key.ENTER)

    assert presses.seen[-1].header.ask == KIND.ask
    assert "what" not in passage.interview.answers


def test_two_colons_write_one():
    passage, _, _ = conversation(*FIRST, *MISTAKE, "::save the day", Key.ENTER)

    assert passage.interview.answers["what"] == ":save the day"


@pytest.mark.parametrize("typed", [":nonsense", ":s"])
def test_a_command_that_there_is_none_of_is_said_and_can_be_mended(typed):
    _, presses, _ = conversation(*typed, Key.ENTER)
    assert "! " in picture(presses)
    assert f"❯ {typed}" in picture(presses)

    _, presses, _ = conversation(*typed, *[Key.BACKSPACE] * len(typed))
    assert f"❯ {typed[0]}" not in picture(presses)


def test_a_text_that_begins_with_a_colon_is_continued_where_the_cursor_is():
    state = QuestionState(Header("", "Well?"), asked(TextSpec(long=True)))
    for press in (":{ab", Key.LEFT, Key.LEFT, Key.ENTER, "x"):
        state = state.press(press)

    assert state.widget.buffer.text == ":{\nxab"
