"""`--plain` at a real terminal: what was typed or pasted is what is saved, and the terminal is given back as it was."""

from __future__ import annotations

import re
import shlex
import signal
import sys
import termios
import time

import pexpect
import pyte
import pytest

from careerkit.storage.journal import DiskJournal
from careerkit_process import COMMAND, Home

PLAYBOOK = """
format = 1
title = "Short and long"
summary = "Two texts and a list."
version = "1"

[[stage]]
id = "s"
title = "Words"

[[stage.question]]
id = "short"
type = "text"
ask = "In short?"
max = 200000

[[stage.question]]
id = "long"
type = "text"
long = true
ask = "At length?"
max = 200000

[[stage.question]]
id = "sure"
type = "yesno"
ask = "Sure?"
"""
LONGEST = 8


class PlainSession:
    """An interview in the plain mode, at a terminal."""

    def __init__(self, home: Home, *arguments: str, columns: int = 80, program: str = "", **environment: str) -> None:
        self.home = home
        path = home.write("both.toml", PLAYBOOK)
        command = [sys.executable, "-c", program, *COMMAND[3:]] if program else [*COMMAND]
        words = arguments or ("run", str(path), "--plain", "--new")
        self.child = pexpect.spawn(
            command[0],
            [*command[1:], *words],
            env={**home.env, **environment},
            cwd=str(home.folder),
            dimensions=(24, columns),
            encoding="utf-8",
            timeout=LONGEST,
        )
        self.child.delaybeforesend = None
        self.before = termios.tcgetattr(self.child.child_fd)
        self.screen = pyte.Screen(columns, 24)

    def type(self, asked: str, *pieces: str, pause: float = 0) -> None:
        """Type once the question is there."""
        self.child.expect_exact(asked)
        self.child.expect(
            "Enter [^\r\n]*\r\n|lines as you like[^\r\n]*\r\n|One line of text[^\r\n]*\r\n|y or n[^\r\n]*\r\n"
        )
        self.send(*pieces, pause=pause)

    def send(self, *pieces: str, pause: float = 0) -> None:
        for piece in pieces:
            self.child.send(piece)
            time.sleep(pause)

    def stop(self) -> None:
        self.child.expect_exact("Sure?")
        self.child.send(":save\r")
        self.end()

    def end(self) -> int:
        self.child.expect(pexpect.EOF)
        self.child.wait()
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus

    @property
    def answers(self) -> dict[str, object]:
        (path,) = self.home.entries
        journal = DiskJournal(self.home.journal, self.home.folder / ".local/state/careerkit")
        return {each.question: each.value for each in journal.read(path.stem).entry.answers}

    @property
    def is_restored(self) -> bool:
        return termios.tcgetattr(self.child.child_fd) == self.before


def answer(home: Home, *pieces: str, pause: float = 0) -> object:
    """The first answer, after these pieces and Enter."""
    session = PlainSession(home)
    session.type("In short?", *pieces, "\r", pause=pause)
    session.type("At length?", "x\r", ".\r")
    session.stop()
    return session.answers["short"]


@pytest.mark.parametrize("length", [6_000, 100_000])
@pytest.mark.parametrize("brackets", [("\x1b[200~", "\x1b[201~"), ("", "")], ids=["bracketed", "bare"])
def test_a_line_of_any_length_is_saved_whole(home, length, brackets):
    text = "".join(f"{number:07} " for number in range(length // 8)).strip()

    assert answer(home, brackets[0] + text + brackets[1]) == text


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (("helo", "\x1b[D", "l"), "helol"),
        (("ab\x1b", "[", "D", "c"), "abc"),
        (("a\x1b[I\x1b[O", "b\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\c", "\x1b[57428ud"), "abcd"),
        (("one\x1b]", "two", "\x1bP", "three"), "onetwothree"),
        (("x\x04\x1b", "\x0b\x01y"), "xy"),
        (("helpp", "\x7f me", "\x08y"), "help my"),
        (("one two three", "\x17", "3"), "one two 3"),
        (("wrong", "\x15", "right"), "right"),
        (("a whole paragraph", "\x15", "\x19", "."), "a whole paragraph."),
        (("a whole paragraph", "\x15", "\x1f", "!"), "a whole paragraph!"),
        (("family \U0001f468\u200d\U0001f469\u200d\U0001f467", "\x7f", "x"), "family x"),
        (("flags \U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", "\x7f", "."), "flags \U0001f1e9\U0001f1ea."),
        (("x\u0301", "\x7f", "y"), "y"),
        (("\x1b[200~one\r\ntwo\r\n\x1b[201~", " three"), "one two three"),
        (("\x1b[200~red \x1b[31malert\x1b[0m\x1b[201~",), "red alert"),
        (("tab\there",), "tab\there"),
    ],
)
def test_what_was_typed_is_what_is_saved(home, pieces, expected):
    assert answer(home, *pieces, pause=0.06) == expected


def test_a_paste_in_pieces_over_a_slow_line_stays_one_paste(home):
    text = "p" * 600 + "q" * 1200 + "r" * 300

    assert answer(home, "\x1b", f"[200~{text[:600]}", text[600:1800], f"{text[1800:]}\x1b[20", "1~", pause=0.03) == text


def test_a_paste_of_several_lines_stays_in_its_question(home):
    session = PlainSession(home)
    session.type("In short?", "x\r")
    session.type("At length?", "\x1b[200~one\n.\n..\n:save\n\nlast\n\x1b[201~", "\r", "end\r", ".\r")
    session.stop()

    assert session.answers["long"] == "one\n.\n..\n:save\n\nlast\nend"


def test_answers_typed_ahead_each_belong_to_their_question(home):
    session = PlainSession(home)
    session.child.send("first\rsecond\rthird\r.\r:save\r")
    session.end()

    assert session.answers == {"short": "first", "long": "second\nthird"}


@pytest.mark.parametrize("keys", ["\x03", "\x1b[99;5u", "\x1b[200~half\x03", "\x1b[200~half\x1b[99;5u"])
def test_ctrl_c_always_stops_it(home, keys):
    session = PlainSession(home)
    session.type("In short?", "x\r")
    session.type("At length?", keys)

    assert session.end() == 130
    assert session.answers == {"short": "x"}
    assert session.is_restored


def test_ctrl_d_ends_the_input_only_on_an_empty_line(home):
    session = PlainSession(home)
    session.type("In short?", "x\x04y\r")
    session.type("At length?", "\x04")

    assert session.end() == 4
    assert session.answers == {"short": "xy"}
    assert session.is_restored


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_after_a_signal_the_terminal_is_as_it_was(home, number):
    session = PlainSession(home)
    session.type("In short?", "x\r")
    session.type("At length?", "half")
    session.child.expect_exact("half")
    session.child.kill(number)

    assert session.end() == 128 + number
    assert session.is_restored
    assert session.child.before.rpartition("\x1b[?2004")[2].startswith("l"), "pastes are no longer bracketed"


CRASH = """
from careerkit.coaching.session import Session
def fail(*_): raise RuntimeError("secret")
Session._take_answer = fail
from careerkit.cli.startup import main
raise SystemExit(main())
"""


def test_after_a_crash_the_terminal_is_as_it_was(home):
    session = PlainSession(home, program=CRASH)
    session.type("In short?", "x\r")

    assert session.end() == 1
    assert "This is a bug in careerkit" in session.child.before
    assert session.is_restored


def test_stopped_with_ctrl_z_it_gives_the_terminal_back_and_takes_it_again(home):
    path = home.write("both.toml", PLAYBOOK)
    run = shlex.join([*COMMAND, "run", str(path), "--plain"])
    home.write("run.sh", f"exec {run}\n")
    child = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile"],
        env={**home.env, "PS1": "ready>"},
        cwd=str(home.folder),
        encoding="utf-8",
        timeout=LONGEST,
    )
    child.expect_exact("ready>")
    child.sendline("bash run.sh")
    child.expect("In short.*One line of text[^\r\n]*\r\n")
    child.send("half")
    child.expect_exact("half")
    child.send("\x1a")
    child.expect_exact("ready>")
    child.sendline("stty -a")
    child.expect(" icanon")
    child.expect_exact("ready>")
    child.sendline("fg")
    child.expect_exact("\x1b[?2004h")
    child.expect_exact("half")
    child.send("\x1b[D done\r")
    child.expect_exact("At length?")
    child.send("\x04")
    child.expect_exact("ready>")
    (path,) = home.entries

    assert '"half done"' in path.read_text()


RAW_EDITOR = """
import sys, tty
tty.setraw(0)
sys.exit(3)
"""


def test_an_editor_that_dies_in_raw_mode_leaves_a_terminal_that_works(home):
    editor = home.write("editor.py", RAW_EDITOR)
    session = PlainSession(home, VISUAL=f"{sys.executable} {editor}")
    session.type("In short?", "x\r")
    session.type("At length?", ":edit\r")
    session.child.expect_exact("ended with an error (3)")
    session.child.expect("\r\n")
    session.send("typed\r", ".\r")
    session.child.expect_exact("Sure?")
    session.send("\x03")

    assert session.end() == 130
    assert session.answers == {"short": "x", "long": "typed"}
    assert session.is_restored


@pytest.mark.parametrize(
    ("text", "keys", "left"),
    [
        ("abc", "\x7f\x7f", "a"),
        ("one two", "\x17", "one"),
        ("日本語", "\x7f", "日本"),
        ("x" * 85, "\x7f" * 3, "xx"),
        ("x" * 80, "\x7f", "x" * 79),
        ("a \U0001f468\u200d\U0001f469\u200d\U0001f467", "\x7f", "a"),
    ],
)
def test_the_screen_shows_what_is_left(home, text, keys, left):
    session = PlainSession(home)
    stream = pyte.Stream(session.screen)
    session.type("In short?", text, keys, "\x1b[99;5u")
    session.end()
    stream.feed(session.child.before)
    rows = [row.rstrip() for row in session.screen.display if row.strip()]

    assert left in rows[:2] + rows[2:3]
    assert re.search(r"Stopped|Nothing was answered", session.child.before)


def test_a_note_and_a_search_are_read_the_same_way(home):
    home.run("run", home.write("both.toml", PLAYBOOK), "--plain", stdin="x\ny\n.\ny\n\n")
    session = PlainSession(home, "journal", "search")
    session.child.expect_exact("Search for:")
    session.send("\x1b[Dno such w\x1b[Cord\r")

    assert session.end() in (0, 1)
    assert "\\x1b" not in session.child.before
    assert session.is_restored


def test_without_a_terminal_lines_are_read_as_before(home):
    done = home.run("run", home.write("both.toml", PLAYBOOK), "--plain", stdin="a\x1b[Db\nlong\n.\n")

    assert done.code == 4
    assert "\x1b" not in done.out + done.err
