"""What only says something waits until it is read, and leads back and to the review as a question does."""

from __future__ import annotations

import pytest
from watched_terminal import WatchedTerminal

from careerkit.terminal.keys.key_codes import Key
from careerkit_process import COMMAND

FIRST = """\
format = 1
title = "Said in between"
summary = "S"
[[stage]]
id = "one"
title = "One"
quick = true
[[stage.question]]
id = "fire"
type = "yesno"
ask = "Is there a fire?"
"""
NOTED = f"""{FIRST}
[[stage.question]]
id = "word"
type = "note"
ask = "A word"
text = "Breathe out."
[[stage.question]]
id = "what"
type = "text"
ask = "What is it?"
"""


def told(lines: int) -> str:
    """A playbook with a finding that must not wait, and takes at least so many rows."""
    text = "".join(f"- Line {number}.\\n" for number in range(1, lines + 1))
    last = '[[stage.question]]\nid = "what"\ntype = "text"\nask = "What is it?"\n'
    return f'{FIRST}{last}[[finding]]\nid = "out"\ntitle = "Go out"\nlevel = "stop"\nwhen = "fire"\ntext = "{text}"\n'


def begun(home, playbook: str, *options: str) -> WatchedTerminal:
    home.add_playbook("my/said", playbook)
    terminal = WatchedTerminal(80, 24, *COMMAND, "my", "said", *options, **home.env)
    terminal.wait("Is there a fire?")
    return terminal


def test_by_keys_a_note_leads_back_to_the_review_and_on(home):
    terminal = begun(home, NOTED)
    terminal.press("y", Key.ENTER)
    terminal.wait("Enter continue · Shift-Tab back · Ctrl-R review")
    terminal.press(Key.BACK)
    terminal.wait("y or n")
    terminal.press("n", Key.ENTER)
    terminal.wait("Enter continue")
    terminal.press(Key.REVIEW)
    terminal.wait("Opening it changes nothing")
    terminal.press(Key.ESCAPE)
    terminal.wait("Enter continue")
    terminal.press(Key.ENTER)
    terminal.wait("◆ One")
    terminal.press("smoke", Key.ENTER)
    terminal.wait("Before you finish")

    assert [answer.value for answer in home.entry.answers] == [False, "smoke"]


def test_line_by_line_too(home):
    terminal = begun(home, NOTED, "--plain")
    terminal.press("y", Key.ENTER)
    terminal.wait("Breathe out.")
    terminal.press(":back", Key.ENTER)
    terminal.wait(lambda: terminal.shown.count("Is there a fire?") == 2)
    terminal.press("n", Key.ENTER)
    terminal.wait(lambda: terminal.shown.count("Breathe out.") == 2)
    terminal.press(":save", Key.ENTER)
    terminal.wait("careerkit resume")

    assert [answer.value for answer in home.entry.answers] == [False]


def test_what_must_not_wait_and_fills_half_the_window_waits_to_be_read(home):
    terminal = begun(home, told(13))
    terminal.press("y", Key.ENTER)
    terminal.wait("Enter continue")
    assert "Go out" in terminal.shown
    assert "What is it?" not in terminal.shown
    terminal.press(Key.BACK)
    terminal.wait("y or n")
    terminal.press("y", Key.ENTER)
    terminal.wait("Enter continue")
    terminal.press(Key.ENTER)
    terminal.wait("What is it?")


def test_what_is_short_stands_above_the_next_question(home):
    terminal = begun(home, told(2))
    terminal.press("y", Key.ENTER)
    terminal.wait("What is it?")

    assert "Line 1." in terminal.shown


@pytest.mark.parametrize(("again", "lines"), [("y", 1), ("n", 2)])
def test_an_answer_that_is_looked_at_and_left_as_it_was_stands_there_once(home, again, lines):
    terminal = begun(home, told(2))
    terminal.press("y", Key.ENTER)
    terminal.wait("What is it?")
    terminal.press(Key.BACK)
    terminal.wait("y or n")
    terminal.press(again, Key.ENTER)
    terminal.wait("What is it?")

    assert terminal.shown.count("✓ Is there a fire?") == lines
