"""How the process ends: with the command's exit code, all output written, and no error about a closed pipe."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CAREERKIT = [sys.executable, "-m", "careerkit"]
AT_EXIT = """
import atexit, sys
from careerkit.cli.startup import main

atexit.register(print, "registered for the end")
sys.argv = ["careerkit", "--version"]
sys.exit(main())
"""


def buffered(home) -> dict[str, str]:
    return {name: value for name, value in home.env.items() if name != "PYTHONUNBUFFERED"}


@pytest.mark.parametrize("line", [["--version"], ["--help"], ["playbook", "list"], ["journal", "where"]], ids=" ".join)
def test_a_closed_output_pipe_is_not_an_error(home, line):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*CAREERKIT, *line], stdout=writer, stderr=subprocess.PIPE, env=buffered(home), timeout=120)
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, b"")


def test_atexit_functions_run(home):
    done = subprocess.run([sys.executable, "-c", AT_EXIT], capture_output=True, text=True, env=buffered(home))

    assert done.stdout.splitlines()[1:] == ["registered for the end"]
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("line", "code"), [(["config", "path"], 0), (["plan", "show"], 1), (["--nonsense"], 2)])
def test_the_exit_code_is_that_of_the_command(home, line, code):
    assert subprocess.run([*CAREERKIT, *line], capture_output=True, env=home.env).returncode == code
