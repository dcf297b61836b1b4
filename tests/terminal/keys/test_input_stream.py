"""The bytes that terminals send, at a terminal with the key front end: what is saved, shown and left behind."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from test_input_parser import REPORTS
from watched_terminal import WatchedTerminal

from careerkit.terminal.keys.key_codes import Key

PROGRAM = str(Path(__file__).parent / "typing_program.py")


@pytest.fixture
def typing(tmp_path):
    """A function that starts the program, and one that gives the answers so far."""
    started = []

    def start(*kinds, columns=80, lines=24):
        terminal = WatchedTerminal(columns, lines, sys.executable, PROGRAM, str(tmp_path / "answers"), *kinds)
        started.append(terminal)
        terminal.wait("Question 1?")
        terminal.wait(lambda: "\x1b[?2004h" in terminal.raw, what="the first key")
        return terminal

    def answers():
        path = tmp_path / "answers"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    start.answers = answers
    yield start
    for terminal in started:
        terminal.close()


def send(terminal, *pieces, pause):
    for piece in pieces:
        terminal.child.send(piece)
        time.sleep(pause)
        terminal.read(0)


def test_a_paste_that_comes_in_pieces_is_saved_in_order(typing):
    terminal = typing("text")
    send(terminal, "\x1b", "[200~" + "a" * 600, "b" * 1200, "c" * 300 + "\x1b[201~", pause=0.03)
    terminal.press(Key.ENTER)
    terminal.wait("Question 2?")

    assert typing.answers() == ["a" * 600 + "b" * 1200 + "c" * 300]


def test_a_paste_is_one_however_long_the_pauses_in_it(typing):
    terminal = typing("text")
    send(terminal, "\x1b[200~one\r", "two\r", "three\x1b[20", "1~", pause=0.3)
    terminal.press(Key.ENTER)
    terminal.wait("Question 2?")

    assert typing.answers() == ["one two three"]


def test_a_key_that_comes_in_pieces_is_one(typing):
    terminal = typing("text")
    send(terminal, "ab", "\x1b[", "D", "c\r", pause=0.15)
    terminal.wait("Question 2?")

    assert typing.answers() == ["acb"]


def test_what_the_terminal_reports_is_in_no_answer(typing):
    terminal = typing("text")
    encoded = "".join(REPORTS.values()).encode("utf-8", "surrogateescape")
    os.write(terminal.child.child_fd, b"a" + encoded)
    terminal.child.send("b\x1bOM")
    terminal.wait("Question 2?")

    assert typing.answers() == ["ab"]


def test_shift_enter_never_answers_yes_or_no_with_what_was_not_chosen(typing):
    terminal = typing("yesno", "text")
    terminal.child.send("\x1b[13;2u\r")
    terminal.wait("Press y or n.")
    terminal.child.send("y\r")
    terminal.wait("Question 2?")

    assert typing.answers() == [True]


@pytest.mark.parametrize("ctrl_c", ["\x03", "\x1b[99;5u"])
def test_a_paste_without_an_end_can_be_left(typing, ctrl_c):
    terminal = typing("text")
    send(terminal, "\x1b[200~half", ctrl_c, pause=0.2)
    terminal.wait("ended: interrupted")


@pytest.mark.parametrize("kind", ["text", "long", "list", "number", "date", "records"])
def test_the_cursor_is_where_the_next_letter_goes(typing, kind):
    terminal = typing(kind)
    typed = {"number": "123", "date": "sat"}.get(kind, "abc")
    terminal.press(*(["a"] if kind == "records" else []))
    terminal.settle(0.3)
    terminal.child.send(typed)
    terminal.wait(typed)

    row = terminal.screen.display[terminal.screen.cursor.y]
    assert row[: terminal.screen.cursor.x].endswith(typed)
    terminal.press(Key.LEFT)
    terminal.wait(
        lambda: row[: terminal.screen.cursor.x].endswith(typed[:-1]), what="the cursor before the last letter"
    )


@pytest.mark.parametrize(("columns", "lines"), [(20, 5), (80, 3), (1, 1)])
def test_in_a_tiny_window_an_answer_can_be_given(typing, columns, lines, tmp_path):
    terminal = WatchedTerminal(columns, lines, sys.executable, PROGRAM, str(tmp_path / "answers"), "text")
    try:
        terminal.wait(lambda: "\x1b[?2004h" in terminal.raw, what="the first key")
        terminal.child.send("abc")
        if lines > 1:
            terminal.wait("abc")
            assert "rows above" in terminal.shown
        terminal.child.send("\r")
        terminal.wait(lambda: typing.answers() == ["abc"], what="the answer")
        terminal.child.send("\x03")
        terminal.wait(lambda: not terminal.child.isalive(), what="the end")
    finally:
        terminal.close()


def test_a_terminal_without_a_size_is_taken_for_80_columns(typing, tmp_path):
    terminal = typing("text")
    terminal.child.setwinsize(0, 0)
    terminal.child.kill(signal.SIGWINCH)
    terminal.child.send("abc\r")
    terminal.wait(lambda: typing.answers() == ["abc"], what="the answer")


def test_plain_symbols_are_offered_where_the_terminal_draws_others_wide(typing):
    terminal = typing("text")
    assert terminal.raw.index("❯\x1b[6n") < terminal.raw.index("Question 1?")
    terminal.child.send("\x1b[5;3R")
    terminal.wait("careerkit config set ascii true")
    terminal.child.send("a\r")
    terminal.wait("Question 2?")

    assert typing.answers() == ["a"]
    assert "two cells wide" not in terminal.question


def test_a_terminal_that_draws_them_narrow_is_told_nothing(typing):
    terminal = typing("text")
    terminal.child.send("\x1b[5;2R\x1b[5;3Rab")
    terminal.wait("❯ ab")

    assert "two cells wide" not in terminal.shown


def test_the_answer_to_the_probe_never_reaches_the_shell(tmp_path):
    for _ in range(5):
        shown, late = answer_probe_after_ctrl_c(tmp_path)
        if not late:  # on a busy machine, the answer may come when careerkit has long stopped waiting for it
            break

    assert "xyz" in shown
    assert "5;3R" not in shown


def answer_probe_after_ctrl_c(folder) -> tuple[str, bool]:
    """What the terminal shows at the end, and whether its answer came later than terminals give it."""
    terminal = WatchedTerminal(80, 24, "/bin/sh", "-c", f"trap : INT; {sys.executable} {PROGRAM} {folder}/a text; cat")
    try:
        terminal.wait(lambda: "\x1b[6n" in terminal.raw, what="the probe")
        began = time.monotonic()
        terminal.child.send("\x03")
        time.sleep(0.02)
        terminal.child.send("\x1b[5;3R")
        late = time.monotonic() - began > 0.06
        terminal.wait("ended: interrupted")
        terminal.child.send("xyz\n")
        terminal.wait("xyz")
        return terminal.shown, late
    finally:
        terminal.close()


def test_what_was_pasted_until_the_connection_was_cut_is_in_the_draft(typing, tmp_path):
    terminal = typing("long")
    send(terminal, "before ", "\x1b[200~one\ntwo", pause=0.2)
    terminal.child.close()
    draft, deadline = tmp_path / "draft", time.monotonic() + 20
    while not (draft.exists() and "two" in draft.read_text(encoding="utf-8")) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert json.loads(draft.read_text(encoding="utf-8")) == "before one\ntwo"
