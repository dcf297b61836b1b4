"""The commands of the plain mode, typed where keys lead the conversation."""

import pytest
from test_review import conversation, picture

from careerkit.terminal.keys.key import Key

FIRST = (Key.END, " ", Key.ENTER)
"""The gate: none of these."""


def test_where_no_text_is_written_a_colon_begins_a_command():
    _, fingers, _ = conversation(":", "w", "h")
    assert "❯ :wh" in picture(fingers)

    _, fingers, _ = conversation(":", *"why", Key.ENTER)
    assert "a well-meant word can put somebody in danger" in picture(fingers).replace("\n  │ ", " ")


def test_the_letters_of_a_command_choose_nothing():
    passage, fingers, _ = conversation(*FIRST, "x", Key.ENTER, ":", *"bak", Key.ESCAPE, Key.ENTER)

    assert "Nothing is chosen yet." in picture(fingers)
    assert "growing" not in passage.interview.answers


def test_back_typed_goes_back_and_leaves_nothing_behind():
    passage, fingers, _ = conversation(*FIRST, ":back", Key.ENTER)

    assert fingers.seen[-1].head.ask == "Is any of these part of it?"
    assert "what" not in passage.interview.answers


def test_two_colons_write_one():
    passage, _, _ = conversation(*FIRST, "::save the day", Key.ENTER)

    assert passage.interview.answers["what"] == ":save the day"


@pytest.mark.parametrize("typed", [":nonsense", ":s"])
def test_a_command_that_there_is_none_of_is_said_and_can_be_mended(typed):
    _, fingers, _ = conversation(*typed, Key.ENTER)
    assert "! " in picture(fingers)
    assert f"❯ {typed}" in picture(fingers)

    _, fingers, _ = conversation(*typed, *[Key.RUB] * len(typed))
    assert f"❯ {typed[0]}" not in picture(fingers)
