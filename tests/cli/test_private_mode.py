"""--private: the session runs on a separate screen that is cleared at the end."""

import signal

import pexpect

from careerkit_process import COMMAND

ONE = """
format = 1
title = "One"
summary = "One question"
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "what"
type = "yesno"
ask = "Is it secret?"
[[action]]
id = "a"
do = "Keep it"
"""


def spawn(home, *arguments):
    path = home.write("one.toml", ONE)
    words = [*COMMAND[1:], "run", str(path), *arguments]
    return pexpect.spawn(COMMAND[0], words, env=home.env, dimensions=(24, 80), timeout=120, encoding="utf-8")


def test_a_private_session_enters_and_leaves_the_alternate_screen(home):
    child = spawn(home, "--private")
    child.expect_exact("\x1b[?1049h")
    child.expect_exact("Is it secret?")
    child.send("y\r")
    child.expect_exact("Finish")
    child.send("\r")
    child.expect_exact("Keep it")
    child.expect_exact("Press Enter to clear this screen")
    child.send("\r")
    child.expect_exact("\x1b[?1049l")
    child.expect(pexpect.EOF)
    assert "Keep it" not in child.before


def test_an_interrupted_private_session_leaves_the_alternate_screen(home):
    child = spawn(home, "--private")
    child.expect_exact("Is it secret?")
    child.sendcontrol("c")
    child.expect_exact("\x1b[?1049l")
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 130


def test_without_private_the_session_stays_in_the_scrollback(home):
    child = spawn(home)
    child.expect_exact("Is it secret?")
    assert "\x1b[?1049h" not in child.before
    child.kill(signal.SIGKILL)
    child.wait()
