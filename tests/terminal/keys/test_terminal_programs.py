"""Real terminals: tmux, GNU screen, xterm on a virtual display, and what the Linux console sends."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from watched_terminal import ENV, TIMEOUT_S, WatchedTerminal

from careerkit.terminal.keys.key_codes import Key

PROGRAM = str(Path(__file__).parent / "typing_program.py")


def wait(fits, what: str) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not fits():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} never came")
        time.sleep(0.05)


class Answers:
    """The file of answers, and the command that asks for them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "answers"
        self.log = folder / "log"

    def command(self, *kinds: str) -> str:
        return shlex.join([sys.executable, PROGRAM, str(self.path), *kinds])

    def wait(self, *expected: object) -> None:
        wait(lambda: len(self.read()) >= len(expected), f"answer {len(expected)}")
        assert self.read() == list(expected)

    def read(self) -> list[object]:
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()] if self.path.exists() else []


@pytest.fixture
def answers(tmp_path):
    return Answers(tmp_path)


# ---------------------------------------------------------------- tmux


@pytest.fixture
def tmux(tmp_path, need_tool):
    need_tool("tmux")
    socket = str(tmp_path / "tmux")

    def run(*words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", socket, "-f", "/dev/null", *words], capture_output=True, text=True, check=False, env=ENV
        )
        return done.stdout

    yield run
    run("kill-server")


def start_in_tmux(tmux, answers, *kinds, columns=80, lines=24):
    tmux("new-session", "-d", "-x", str(columns), "-y", str(lines), answers.command(*kinds))
    tmux("set", "-g", "focus-events", "on")
    wait(lambda: "❯" in tmux("capture-pane", "-p"), "the question")
    wait(lambda: tmux("display", "-p", "#{cursor_x}").strip() not in ("0", ""), "the first key")


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (20, 5)])
def test_typed_and_pasted_into_tmux(tmux, answers, columns, lines):
    start_in_tmux(tmux, answers, "text", "long", columns=columns, lines=lines)
    tmux("send-keys", "-l", "abx")
    tmux("send-keys", "BSpace", "Left", "é", "👨‍👩‍👧", "BSpace", "End", "c", "C-u", "C-y", "Enter")
    answers.wait("aébc")
    tmux("set-buffer", "one\ntwo " + "x" * 3000)
    tmux("paste-buffer", "-p", "-r")
    tmux("send-keys", "M-Enter")
    answers.wait("aébc", "one\ntwo " + "x" * 3000)


def test_the_cursor_of_tmux_is_after_what_was_typed(tmux, answers):
    start_in_tmux(tmux, answers, "text")
    tmux("send-keys", "-l", "abc")
    wait(lambda: "abc" in tmux("capture-pane", "-p"), "abc")
    column, row = tmux("display", "-p", "#{cursor_x} #{cursor_y}").split()
    assert tmux("capture-pane", "-p").split("\n")[int(row)][: int(column)].endswith("❯ abc")


def test_a_window_of_tmux_that_is_left_and_entered_types_nothing(tmux, answers):
    start_in_tmux(tmux, answers, "text")
    tmux("send-keys", "-l", "a")
    tmux("send-keys", "-H", "1b", "5b", "4f")
    tmux("send-keys", "-H", "1b", "5b", "49")
    tmux("send-keys", "b", "Enter")
    answers.wait("ab")


# ---------------------------------------------------------------- GNU screen


def test_typed_into_gnu_screen(answers, tmp_path, need_tool):
    need_tool("screen")
    folder = tmp_path / "screens"
    folder.mkdir(mode=0o700)
    env = {**ENV, "SCREENDIR": str(folder), "HOME": str(tmp_path)}
    words = ["screen", "-U", "-D", "-m", "-S", "typing", "-c", "/dev/null", "-s", "/bin/sh"]
    server = subprocess.Popen([*words, "sh", "-c", answers.command("text", "yesno")], env=env)
    hardcopy = tmp_path / "hardcopy"

    def tell(*words: str) -> None:
        subprocess.run(["screen", "-S", "typing", "-X", *words], env=env, check=False, stdout=subprocess.DEVNULL)

    def shown() -> str:
        tell("hardcopy", str(hardcopy))
        return hardcopy.read_text("utf-8", "replace") if hardcopy.exists() else ""

    try:
        wait(lambda: "Question 1?" in shown(), "the question")
        time.sleep(1)
        tell("stuff", "ab\x1b[Dc\x1b[I\x1bOM")
        answers.wait("acb")
        tell("stuff", "\x1b[13;2uy\r")
        answers.wait("acb", True)
    finally:
        tell("quit")
        server.terminate()
        server.wait()


# ---------------------------------------------------------------- xterm


@pytest.fixture
def display(tmp_path, need_tool):
    """A virtual display; its number is free."""
    for each in ("Xvfb", "xterm", "xdotool"):
        need_tool(each)
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    if not number:
        server.wait()
        pytest.fail("Xvfb did not start")
    yield {**ENV, "DISPLAY": f":{number}", "HOME": str(tmp_path), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    server.terminate()
    server.wait()


RESEND_AFTER_S = 10


class XTerm:
    """An xterm that runs a command, and has the keyboard."""

    def __init__(self, display: dict[str, str], command: str, log: Path, resources: list[str]) -> None:
        self._display, self._log = display, log
        options = [word for each in resources for word in ("-xrm", each)]
        words = ["xterm", "-u8", "-title", "typing", *options, "-l", "-lf", str(log), "-e", "sh", "-c", command]
        self.process = subprocess.Popen(words, env=display, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def focus(self) -> None:
        """Wait for the window and give it the keyboard: there is no window manager that would."""
        wait(lambda: self._tell("search", "--onlyvisible", "--name", "^typing$"), "the window")
        window = self._tell("search", "--onlyvisible", "--name", "^typing$").split()[0]
        self._tell("mousemove", "100", "100")
        wait(lambda: self._tell("windowfocus", window) is not None and self._is_focused(window), "the keyboard")

    def press(self, *words: str) -> None:
        """Send key events, and once more for as long as nothing comes out of them: the first ones may get lost."""
        before = self._log.stat().st_size
        deadline = time.monotonic() + TIMEOUT_S
        while self._log.stat().st_size == before:
            if time.monotonic() > deadline or self.process.poll() is not None:
                pytest.fail(f"{words} did nothing")
            self._tell(*words)
            resend = time.monotonic() + RESEND_AFTER_S
            while self._log.stat().st_size == before and time.monotonic() < resend and self.process.poll() is None:
                time.sleep(0.05)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()

    def _is_focused(self, window: str) -> bool:
        return self._tell("getwindowfocus").strip() == window

    def _tell(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self._display, check=False, capture_output=True, text=True)
        return done.stdout


@pytest.mark.parametrize(
    "resources", [[], ["XTerm*modifyOtherKeys: 2"], ["XTerm*eightBitControl: true", "XTerm*cjkWidth: true"]]
)
def test_typed_into_xterm(display, answers, resources):
    """Each key is sent when the one before has changed the screen. One that changes nothing for ten seconds was lost on the
    way and is sent again, which is the machine's fault and not careerkit's.
    """
    log = answers.log
    xterm = XTerm(display, f"{answers.command('text', 'yesno', 'text')} 2>&1", log, resources)
    try:
        wait(lambda: log.exists() and b"\x1b[?2004h" in log.read_bytes(), "the first key")
        xterm.focus()
        for key in ("a", "b", "e", "Left", "c", "shift+d", "End", "ctrl+u", "ctrl+y", "KP_Enter"):
            xterm.press("key", key)
        answers.wait("abcDe")
        wait(lambda: b"Question 2?" in log.read_bytes(), "the second question")
        xterm.press("key", "shift+Return")
        wait(lambda: b"Press y or n." in log.read_bytes(), "what the keys are")
        xterm.press("key", "y")
        xterm.press("key", "Return")
        answers.wait("abcDe", True)
        wait(lambda: b"Question 3?" in log.read_bytes(), "the third question")
        for key in (*"last", "Return"):
            xterm.press("key", key)
        answers.wait("abcDe", True, "last")
        wait(lambda: b"Question 4?" in log.read_bytes(), "the fourth question")
        xterm.press("key", "ctrl+c")
        wait(lambda: xterm.process.poll() is not None, "the end")
    finally:
        xterm.close()


def test_text_that_an_input_method_commits_in_xterm_is_saved(display, answers):
    """The input method is that of Xlib itself, which composes é of a dead key and e, without a server."""
    log = answers.log
    xterm = XTerm(display, f"{answers.command('text')} 2>&1", log, [])
    try:
        wait(lambda: log.exists() and b"\x1b[?2004h" in log.read_bytes(), "the first key")
        xterm.focus()
        xterm.press("key", "a")
        xterm.press("key", "dead_acute", "e")
        xterm.press("key", "Multi_key", "s", "s")
        xterm.press("key", "Multi_key", "equal", "c")
        xterm.press("key", "Return")
        answers.wait("aéß€")
    finally:
        xterm.close()


# ---------------------------------------------------------------- the Linux console


def test_the_keys_of_the_linux_console(answers):
    terminal = WatchedTerminal(80, 25, sys.executable, PROGRAM, str(answers.path), "text", TERM="linux")
    try:
        terminal.wait("Question 1?")
        terminal.child.send("ac\x1b[D\x1b[Cd\x1b[1~x\x1b[4~y\x1b[[B")
        terminal.wait("rows above")
        terminal.child.send("\x1b[[B\x1b[3~\x7f\r")
        answers.wait("xacd")
    finally:
        terminal.press(Key.STOP)
        terminal.close()
