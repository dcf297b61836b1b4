"""Every type of question in the real program: answered, gone back to, changed. The pictures of it are kept beside it.

CAREERKIT_WRITE_TRANSCRIPTS=1 pytest tests/terminal/keys/test_changed_answers.py writes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from test_pictures import Pictures
from watched_terminal import HERE, WatchedTerminal

from careerkit.terminal.keys.key_codes import Key
from careerkit_process import COMMAND
from every_type_playbook import EVERY_TYPE

STEPS = (
    # question, answered at first, changed when it is asked again, the answer in the end
    ("what", ["I overlooked", Key.ENTER], [" an offer", Key.ENTER], "I overlooked an offer"),
    ("story", ["two", Key.ENTER, "lines", Key.SUBMIT], [" more", Key.SUBMIT], "two\nlines more"),
    ("facts", ["one", Key.ENTER, "two", Key.SUBMIT], ["three", Key.SUBMIT], ("one", "two", "three")),
    ("growing", ["2", Key.ENTER], [Key.HOME, Key.ENTER], "now"),
    ("tell_all", ["n", Key.ENTER], ["y", Key.ENTER], True),
    ("signs", ["1", Key.ENTER, Key.ENTER], ["3", Key.ENTER], ("calls", "silence")),  # and past the note
    ("harm", ["4", Key.ENTER], ["2", Key.ENTER], 2),
    ("cost", ["12", Key.ENTER], ["0", Key.ENTER], 120),
    ("when_known", ["fri", Key.ENTER], [Key.DELETE_LEFT, "+2w", Key.ENTER], date(2026, 12, 6)),
    ("order", [" ", Key.DOWN, Key.ENTER], [Key.END, Key.MOVE_UP, Key.ENTER], ("peace", "pride", "pay")),
    (
        "swing",
        ["40", Key.DOWN, "35", Key.DOWN, "25", Key.SUBMIT],
        [Key.DELETE_LEFT, "50", Key.DOWN, Key.DELETE_LEFT, "25", Key.SUBMIT],
        {"peace": 50, "pride": 25, "pay": 25},
    ),
    ("paths", [" ", Key.DOWN, " ", Key.ENTER], ["1", "1", Key.ENTER], ("stay", "go")),
    (
        "scores",
        ["3 5 8", Key.ENTER, *["5", Key.ENTER] * 5],
        [Key.DELETE_LEFT, "4", Key.SUBMIT],
        {each: {"peace": 4 if each == "stay" else 5, "pride": 5, "pay": 5} for each in ("stay", "go")},
    ),
    (
        "plain",
        ["5", Key.ENTER] * 6,
        [Key.DELETE_LEFT, "7", Key.SUBMIT],
        {each: {"peace": 7 if each == "stay" else 5, "pride": 5, "pay": 5} for each in ("stay", "go")},
    ),
    (
        "who",
        ["Ann", Key.ENTER, "3", Key.ENTER, Key.SKIP, Key.ENTER],
        [Key.HOME, Key.ENTER, "a", Key.ENTER, Key.ENTER, Key.SKIP, Key.ENTER],
        ({"person": "Anna", "power": 3},),
    ),
    (
        "proof",
        ["calm", Key.ENTER, "n", Key.ENTER, "pay", Key.ENTER, "y", Key.ENTER, Key.ENTER],
        [Key.HOME, Key.ENTER, " and near", Key.ENTER, Key.ENTER, Key.ENTER],
        ({"item": "stay", "point": "calm and near", "sure": False}, {"item": "go", "point": "pay", "sure": True}),
    ),
)


@pytest.mark.parametrize("columns", [40, 80])
def test_an_answer_of_any_type_stands_there_to_be_changed_and_its_change_counts(home, columns):
    home.add_playbook("my/every", EVERY_TYPE)
    terminal = WatchedTerminal(columns, 45, *COMMAND, "my", "every", **home.env)
    pictures = Pictures(HERE / f"changed.{columns}.txt")
    terminal.wait("Ctrl-C stop")
    for name, first, change, _ in STEPS:
        terminal.press(*first, Key.BACK)
        pictures.compare(terminal, f"{name}, again")
        terminal.press(*change)
    terminal.wait("Before you finish")
    terminal.press(Key.ENTER, "q", "q")
    terminal.wait("Saved as")
    pictures.keep()

    assert_answers(home)


@pytest.mark.parametrize(("columns", "lines"), [(20, 40), (60, 5)])
def test_a_window_that_is_hardly_one_takes_every_answer(home, columns, lines):
    home.add_playbook("my/every", EVERY_TYPE)
    terminal = WatchedTerminal(columns, lines, *COMMAND, "my", "every", **home.env)
    for name, first, change, _ in STEPS:
        terminal.press(*first, Key.BACK, *change)
        terminal.wait(lambda: home.entries and f'question = "{name}"' in home.entries[0].read_text(), what=name)  # noqa: B023
        assert max(map(len, terminal.shown.split("\n"))) <= columns
    terminal.press(Key.ENTER)
    terminal.wait(lambda: "\nfinished = " in home.entries[0].read_text(), what="the end")

    assert_answers(home)


def test_what_was_pasted_is_saved_as_it_was_and_shown_without_steering(home):
    home.add_playbook("my/every", EVERY_TYPE)
    terminal = WatchedTerminal(80, 45, *COMMAND, "my", "every", **home.env)
    terminal.wait("Ctrl-C stop")
    hostile = "a\x1b]0;title\x07b\x1b[2Jc\u202ed\x00e\x7f\u009bf"
    terminal.press("\x1b[200~", hostile, "\r\nnext\x1b[201~", Key.ENTER)
    terminal.wait("✓ What happened?")
    terminal.press(Key.STOP)
    terminal.wait("All answers are saved.")

    assert home.entry.answers[0].value == f"{hostile} next"
    assert terminal.screen.title == ""
    shown = terminal.raw.replace("\x1b[", "")
    assert not any(sign in shown for sign in "\u202e\x00\x7f\u009b")
    assert "\x1b]0;" not in terminal.raw


def assert_answers(home):
    answers = {answer.question: answer.value for answer in home.entry.answers}
    assert {name: _middle(value) for name, value in answers.items()} == {name: value for name, _, _, value in STEPS}


def _middle(value):
    """A cell with a spread by its likely figure, where all three are the same."""
    if not isinstance(value, Mapping) or not all(isinstance(row, Mapping) for row in value.values()):
        return value
    return {row: {column: _one(cell) for column, cell in cells.items()} for row, cells in value.items()}


def _one(cell):
    return cell[1] if isinstance(cell, tuple) and len(set(cell)) == 1 else cell
