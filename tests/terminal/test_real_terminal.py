"""The conversation in a pseudo-terminal, looked at through a terminal emulator."""

from __future__ import annotations

import os
import re
import sys
import time

import pexpect
import pyte
import pytest
from line_conversation import HERE
from test_transcripts import typed

LONGEST = 120
"""Seconds after which what has not come never will, on a machine that is busy with other things too."""
ASKED = "\x1b]9;asked\x07"
"""What the program sends before it waits for a line; it shows nothing."""
ENV = {
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
    "PATH": os.environ["PATH"],
    "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
}


class Terminal:
    """A terminal of this size, a person at it, and what they see."""

    def __init__(self, columns: int, lines: int, *arguments: str, look: str = "--lines", **environment: str) -> None:
        self.screen = pyte.HistoryScreen(columns, lines, history=1000)
        self._stream = pyte.Stream(self.screen)
        self.raw = ""
        self._lines = 0
        self._has_ended = False
        self._child = pexpect.spawn(
            sys.executable,
            [str(HERE / "conversation_program.py"), *(arguments or (look,))],
            dimensions=(lines, columns),
            env={**ENV, **environment},
            encoding="utf-8",
            timeout=LONGEST,
        )

    def type(self, *lines: str) -> None:
        """Type each line when one is waited for."""
        for line in lines:
            self.wait("")
            self._child.send(f"{line}\r")
            self._lines += 1

    def wait(self, pattern: str) -> None:
        """Read until the next line is waited for, or all has ended, and what is on the screen fits `pattern`."""
        deadline = time.monotonic() + LONGEST
        while not (self._is_still() and re.search(pattern, self.shown, re.MULTILINE)):
            if time.monotonic() > deadline:
                pytest.fail(f"{pattern} never showed:\n{self.shown}")
            self._read()

    def press(self, key: str) -> None:
        self._child.send(key)

    @property
    def shown(self) -> str:
        """The screen, up to where the cursor stands."""
        rows = [row.rstrip() for row in self.screen.display[: self.screen.cursor.y + 1]]
        return "\n".join(rows)

    def _is_still(self) -> bool:
        return self._has_ended or self.raw.count(ASKED) > self._lines

    def _read(self) -> None:
        try:
            text = self._child.read_nonblocking(100_000, timeout=0.05)
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            self._has_ended = True
            time.sleep(0.01)
            return
        self.raw += text
        self._stream.feed(text)


def test_an_answered_question_shrinks_to_one_line():
    terminal = Terminal(80, 30)
    terminal.type("I overlooked an offer", "wrong", ".", "one", "two", "")
    terminal.wait("◆ In words +4 of 5")

    assert terminal.shown.split("\n")[:12] == [
        "",
        "  A bit of everything                   about 5 minutes · stays on this machine",
        "",
        "  │",
        "  │ In words",
        "  │ First a few words, then figures.",
        "  │",
        "  ✓ What happened?                         I overlooked an offer",
        "  ✓ And the whole story?                   wrong",
        "  ✓ What is certain?                       one, two",
        "  │",
        "  ◆ In words                                                       4 of 5 ●●●●○",
    ]
    assert terminal.shown.endswith("└ ❯")


def test_what_did_not_fit_is_gone_when_it_does():
    terminal = Terminal(80, 30)
    terminal.type("x", "", "one", "two", "", "9", ":why", "no")
    terminal.wait("5 of 5")

    assert "There is no choice 9." not in terminal.shown
    assert "  ✓ Is harm still growing?                 No, it has stopped" in terminal.shown


def test_a_question_that_is_left_makes_room_for_the_one_before():
    terminal = Terminal(80, 30)
    terminal.type("x", ":skip", ":back")
    terminal.wait("2 of 5")

    assert "3 of 5" not in terminal.shown
    assert "○ And the whole story?" in terminal.shown


def test_at_forty_columns_no_row_is_wider_and_wrapped_answers_shrink_too():
    terminal = Terminal(40, 40)
    terminal.type("word " * 20)
    terminal.wait("2 of 5")

    rows = terminal.shown.split("\n")
    assert [row for row in rows if row.startswith("✓")] == ["✓ What happened?   word word word word…"]
    assert not any("word word" in row for row in rows if not row.startswith("✓"))


def test_on_a_screen_too_low_for_a_question_nothing_is_rewritten():
    terminal = Terminal(80, 6)
    terminal.type("something")
    terminal.wait("2 of 5")

    everything = "\n".join("".join(cell.data for _, cell in sorted(row.items())) for row in terminal.screen.history.top)
    assert "What happened?" in everything
    assert "❯ something" in everything + terminal.shown


@pytest.mark.parametrize(("columns", "look"), [(80, "80"), (40, "40")])
def test_the_conclusion_on_a_real_terminal_is_that_of_the_transcript(columns, look):
    terminal = Terminal(columns, 200)
    terminal.type(*typed("everything"), "")
    terminal.wait("^ended: finished")

    transcript = (
        (HERE / f"transcripts/everything.{look}.txt").read_text(encoding="utf-8").partition("standard output\n")[2]
    )
    expected = [line.rstrip() for line in transcript.split("\n") if line.strip()]
    shown = [line for line in terminal.shown.split("\n") if line.strip()]
    start = shown.index(expected[0])
    assert shown[start : start + len(expected)] == expected


@pytest.mark.parametrize(("key", "ended"), [("\x03", "KeyboardInterrupt"), ("\x04", "EndOfInput")])
@pytest.mark.parametrize("arguments", [(), ("--plain",)])
def test_ctrl_c_and_ctrl_d_end_with_all_saved(key, ended, arguments):
    terminal = Terminal(80, 30, *arguments)
    terminal.type("x", "", "one", "two")
    terminal.wait("Line 3")
    terminal.press(key)
    terminal.wait(f"^ended: {ended}; saved: what; begun: facts$")


def test_the_plain_mode_at_a_terminal_writes_no_escape():
    terminal = Terminal(80, 40, "--plain")
    terminal.type("x", "")
    terminal.wait("Question 3 of 5")

    assert "\x1b" not in terminal.raw.replace(ASKED, "")


def test_the_editor_is_opened_and_its_text_taken(tmp_path):
    program = tmp_path / "editor.sh"
    program.write_text('#!/bin/sh\nprintf "written\\nin the editor" > "$1"\n')
    program.chmod(0o700)
    terminal = Terminal(80, 30, EDITOR=str(program), XDG_RUNTIME_DIR=str(tmp_path))
    terminal.type("x", ":edit")
    terminal.wait("written in the editor")

    assert os.listdir(tmp_path) == ["editor.sh"]


def test_a_person_sees_nothing_of_what_steers_a_terminal():
    terminal = Terminal(80, 80)
    terminal.type("\x16\x1b]0;title\x16\x07 and \x16\x1b[2Jmore", "", "one", "two", "", ":review")
    terminal.wait("continues the interview")

    assert "\\x1b]0;title\\x07 and \\x1b[2Jmore" in terminal.shown
    assert terminal.screen.title == ""
