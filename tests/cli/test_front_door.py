"""How the process ends: at once, and with nothing left undone."""

from __future__ import annotations

import os
import subprocess
import sys

ENDS = """
import atexit, sys
from careerkit.cli import front_door

class Left:
    def __del__(self):
        print("taken down")

left = Left()
atexit.register(print, "registered for the end")
front_door.main = lambda: print("said") or {code}
front_door.main_and_leave()
"""


def ended(code: int, **streams) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    streams = {"stdout": subprocess.PIPE, **streams}
    words = [sys.executable, "-c", ENDS.format(code=code)]
    return subprocess.run(words, stderr=subprocess.PIPE, text=True, env=env, timeout=120, **streams)


def test_what_is_written_and_what_is_registered_for_the_end_comes_and_nothing_is_taken_down_after_that():
    assert ended(0).stdout == "said\nregistered for the end\n"


def test_the_exit_code_is_that_of_the_command():
    assert [ended(code).returncode for code in (0, 1, 4, 130)] == [0, 1, 4, 130]


def test_a_reader_who_is_gone_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    done = ended(0, stdout=writer)
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, "")
