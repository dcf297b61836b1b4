"""The end of a passage wherever it may be read: each encoding, with and without colour, at a terminal and in a pipe."""

import subprocess

import pexpect
import pytest

from careerkit.terminal.sanitize import count_cells
from careerkit_process import COMMAND
from playbook_cases import Case

CASE = Case("path/choose", "mentor")
ASCII = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
PLAIN = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ASCII,
    {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "utf-8"},
]


@pytest.mark.parametrize("environment", PLAIN, ids=lambda each: "-".join(each.values()))
def test_in_a_pipe_every_encoding_carries_all_of_the_end(home, environment):
    encoding = environment.get("PYTHONIOENCODING", "ascii")
    words = [*COMMAND, *CASE.playbook_id.split("/"), "--answers", str(CASE.path)]
    done = subprocess.run(words, capture_output=True, env={**home.env, **environment}, timeout=120, check=True)

    shown = done.stdout.decode(encoding)  # strict: it is what was asked for
    assert "careerkit plan show" in shown
    assert "\x1b" not in shown
    assert not done.stderr.decode(encoding).count("Traceback")


@pytest.mark.parametrize(
    ("environment", "flags", "columns"),
    [
        ({"TERM": "dumb"}, (), 80),
        ({"NO_COLOR": "1"}, (), 40),
        ({}, ("--no-color",), 120),
        (ASCII, (), 80),
        (ASCII, ("--no-color",), 40),
    ],
    ids=["dumb", "NO_COLOR", "no-color", "ascii", "ascii narrow"],
)
def test_at_a_terminal_the_end_fits_and_keeps_to_what_the_terminal_can(home, environment, flags, columns):
    words = [*COMMAND[1:], *CASE.playbook_id.split("/"), "--answers", str(CASE.path), *flags]
    env = {"TERM": "xterm-256color", **home.env, "LANG": "C.UTF-8", **environment}
    child = pexpect.spawn(COMMAND[0], words, env=env, dimensions=(30, columns), timeout=120, encoding="utf-8")
    shown = child.read()
    child.wait()

    assert child.exitstatus == 0, shown
    assert "Rules of thumb" in shown
    is_plain = "TERM" in environment
    assert is_plain or max(count_cells(row) for row in shown.split("\r\n") if "careerkit plan" not in row) <= columns
    is_coloured = "\x1b[" in shown
    assert is_coloured == (environment is ASCII and not flags)
    assert environment is not ASCII or shown.isascii()
