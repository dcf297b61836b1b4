"""However a passage ends, what was answered is saved and the terminal is as it was."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sys
import time

import pytest
from watched_terminal import TIMEOUT_S, WatchedTerminal

from careerkit.terminal.keys.key_codes import Key
from careerkit_process import COMMAND

SANE = ("\x1b[?25h", "\x1b[?2004l")
"""The cursor is shown, and pastes come as they are."""
STAGE = """
[[stage]]
id = "s"
title = "Start"
[[stage.question]]
id = "what"
type = "text"
ask = "What happened?"
"""


class Shell:
    """careerkit crisis start, begun from a shell that looks at the terminal before and after."""

    def __init__(self, home, *, kind: str = "1", question: str = "What happened, in one sentence?") -> None:
        self._folder = home.folder
        inner = f"echo $$ > pid; exec {' '.join(map(shlex.quote, COMMAND))} crisis start"
        script = f"stty -a > before; sh -c {shlex.quote(inner)}; echo code=$?; stty -a > after; echo '#''end#'"
        self.terminal = WatchedTerminal(80, 30, "sh", "-c", script, cwd=str(home.folder), **home.env)
        self.terminal.wait("Ctrl-C stop")
        self.terminal.press(Key.END, " ", Key.ENTER, kind, Key.ENTER)
        self.terminal.wait(question)

    def signal(self, number) -> None:
        os.kill(int((self._folder / "pid").read_text()), number)

    def modes(self, name) -> str:
        return (self._folder / name).read_text()


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        (lambda shell: shell.terminal.press(Key.STOP), 130),
        (lambda shell: shell.signal(signal.SIGINT), 130),
        (lambda shell: shell.signal(signal.SIGTERM), 143),
        (lambda shell: shell.signal(signal.SIGHUP), 129),
    ],
    ids=["Ctrl-C", "SIGINT", "SIGTERM", "SIGHUP"],
)
@pytest.mark.parametrize("half_typed", ["", "I overlooked"])
def test_broken_off_the_terminal_is_as_before_and_all_is_saved(home, leave, code, half_typed):
    shell = Shell(home)
    if half_typed:
        shell.terminal.press(half_typed)
        shell.terminal.wait(half_typed)

    leave(shell)
    shell.terminal.wait("#end#")

    assert f"code={code}" in shell.terminal.shown
    assert "All answers are saved. Continue with: careerkit resume" in shell.terminal.shown
    assert shell.modes("before") == shell.modes("after")
    assert not shell.terminal.screen.cursor.hidden
    assert all(
        shell.terminal.raw.rindex(each) > shell.terminal.raw.rindex(each[:-1] + "hl"["h" in each]) for each in SANE
    )
    assert '"none"' in home.entries[0].read_text()


def test_a_list_that_is_broken_off_is_saved_as_far_as_it_goes(home):
    shell = Shell(home, kind="7", question="By which day do you have to answer or act")
    shell.terminal.press(Key.ENTER, "1", Key.ENTER, "1", Key.ENTER)
    shell.terminal.wait("Continue with the rest now?")
    shell.terminal.press(Key.ENTER)
    shell.terminal.wait("What goes wrong in that work")
    shell.terminal.press("one fact", Key.ENTER, "and ano")
    shell.terminal.wait("and ano")

    shell.terminal.press(Key.STOP)
    shell.terminal.wait("#end#")

    assert "one fact" in home.entries[0].read_text()
    assert "and ano" in home.entries[0].read_text()


def test_a_closed_window_loses_nothing(home):
    terminal = WatchedTerminal(80, 30, *COMMAND, "crisis", "start", **home.env)
    terminal.wait("Ctrl-C stop")
    terminal.press(Key.END, " ", Key.ENTER, "1", Key.ENTER)
    terminal.wait("What happened, in one sentence?")

    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, terminal.child.child_fd)  # closes the terminal, and leaves its number to be closed again
    os.close(nowhere)
    deadline = time.monotonic() + TIMEOUT_S
    while terminal.child.isalive():
        assert time.monotonic() < deadline
        time.sleep(0.02)

    assert '"none"' in home.entries[0].read_text()


SIGNALS = {"Ctrl-Z": None, "SIGTSTP": signal.SIGTSTP, "SIGSTOP": signal.SIGSTOP}


@pytest.mark.parametrize(
    ("shell", "way"),
    [
        ("bash", "Ctrl-Z"),
        ("bash", "SIGTSTP"),
        ("bash", "SIGSTOP"),
        ("dash", "Ctrl-Z"),  # a shell that leaves the modes as it finds them
        ("dash", "SIGTSTP"),
    ],
)
def test_to_the_shell_and_back(home, need_tool, shell, way):
    rc = home.write("rc", "")
    environment = {**home.env, "ENV": str(rc), "PS1": "$ "}
    options = ("--norc", "--noprofile") if shell == "bash" else ("-i",)
    terminal = WatchedTerminal(80, 30, need_tool(shell), *options, cwd=str(home.folder), **environment)
    inner = f"echo $$ > pid; exec {' '.join(map(shlex.quote, COMMAND))} crisis start"
    home.write("begin", inner)
    terminal.press("stty -a > before; sh ./begin", Key.ENTER)
    terminal.wait("Ctrl-C stop")
    terminal.press(Key.END, " ", Key.ENTER, "1", Key.ENTER)
    terminal.wait("What happened, in one sentence?")
    terminal.press("half")
    terminal.wait("❯ half")

    if SIGNALS[way] is None:
        terminal.press("\x1a")
    else:
        os.kill(int((home.folder / "pid").read_text()), SIGNALS[way])
    terminal.wait("Stopped")
    terminal.press("stty -a > during; echo 'look''ed'", Key.ENTER)
    terminal.wait("looked")
    shown_while_stopped = terminal.screen.cursor.hidden, "❯ half" in terminal.shown, terminal.raw
    terminal.press("fg", Key.ENTER)
    terminal.wait(lambda: "❯ half" in terminal.shown.rpartition("looked")[2], what="the question again")
    terminal.press(" typed")
    terminal.wait("❯ half typed")
    terminal.press(Key.STOP)
    terminal.wait("All answers are saved.")
    terminal.press("stty -a > after; echo 'do''ne'", Key.ENTER)
    terminal.wait("done")

    modes = [(home.folder / name).read_text() for name in ("before", "during", "after")]
    assert modes[0] == modes[1] == modes[2]
    if way != "SIGSTOP":  # of which no program is told
        is_hidden, is_shown, raw = shown_while_stopped
        assert (is_hidden, is_shown) == (False, False)
        assert raw.rindex("\x1b[?2004l") > raw.rindex("❯")


def test_keys_typed_ahead_are_neither_lost_nor_shown(home):
    terminal = WatchedTerminal(80, 40, *COMMAND, "crisis", "start", **home.env)
    terminal.wait("stays on this machine")
    terminal.press(Key.END, " ", Key.ENTER, "1", Key.ENTER, "it broke", Key.ENTER, Key.ENTER, "1", Key.ENTER)

    terminal.wait("Do they know yet")
    assert "^[" not in terminal.raw
    assert re.search(r"✓ What happened, in one sentence\? +it broke", terminal.shown)
    assert re.search(r"✓ Who must hear it from you first\? +My manager", terminal.shown)


@pytest.mark.parametrize("way", [(), ("--plain",)])
def test_who_leaves_while_the_end_is_written_is_told_that_it_is_finished(home, way):
    words = "One more word of it. " * 10_000
    text = f'format = 1\ntitle = "T"\nsummary = "S"\n{STAGE}[[finding]]\nid = "f"\ntitle = "All"\ntext = "{words}"\n'
    home.add_playbook("my/long", text)
    terminal = WatchedTerminal(80, 30, *COMMAND, *way, "my", "long", **home.env)
    terminal.wait("What happened?")
    terminal.press("x", Key.ENTER)
    terminal.wait("inish")  # "Finish" with keys, "finishes" line by line
    terminal.press(Key.ENTER)
    deadline = time.monotonic() + TIMEOUT_S
    while not (home.entries and "\nfinished = " in home.entries[0].read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # what is written is not read, so that careerkit waits for the terminal

    terminal.child.kill(signal.SIGINT)

    terminal.wait("Saved as")
    terminal.wait("careerkit plan show")


SLIP = """
from careerkit.terminal.keys.runner import PromptRunner

press = PromptRunner.press


def slipping(self, key):
    if key == "!":
        raise ValueError(repr(self.state))
    return press(self, key)


PromptRunner.press = slipping
"""
WORD = "zebra" + "fish"
"""What was typed, which is on the screen while it is typed, and in no message."""


def test_a_mistake_of_careerkit_s_own_at_a_key_ends_it_with_its_place_and_without_what_was_typed(home, tmp_path):
    (tmp_path / "slip").mkdir()
    (tmp_path / "slip" / "sitecustomize.py").write_text(SLIP)
    home.env["PYTHONPATH"] = os.pathsep.join([str(tmp_path / "slip"), *filter(None, sys.path)])
    shell = Shell(home)
    shell.terminal.press(WORD)
    shell.terminal.wait(WORD)

    shell.terminal.press("!")
    shell.terminal.wait("#end#")

    assert "code=1" in shell.terminal.shown
    told = shell.terminal.raw[shell.terminal.raw.index("Traceback") :]
    assert "sitecustomize.py" in told
    assert "bug in careerkit" in told
    assert WORD not in told
    assert shell.modes("before") == shell.modes("after")
