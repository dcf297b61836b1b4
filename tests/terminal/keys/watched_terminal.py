"""A real terminal of any size that runs the key screen, and what a person sees on it."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pexpect
import pyte
import pytest

from key_input import encode_presses

HERE = Path(__file__).parent
SAMPLER = str(HERE.parent / "conversation_program.py")
TIMEOUT_S = 120
"""Seconds after which what has not come never will, on a machine that is busy with other things too."""
ENV = {
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
    "PATH": os.environ["PATH"],
    "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
}


class WatchedTerminal:
    """The sampler at a terminal, answered with keys."""

    def __init__(self, columns: int, lines: int, *command: str, cwd=None, **environment: str) -> None:
        self.screen = pyte.HistoryScreen(columns, lines, history=5000)
        self._stream = pyte.Stream(self.screen)
        self.raw = ""
        first, *others = command or (sys.executable, SAMPLER)
        self.child = pexpect.spawn(
            first,
            others,
            dimensions=(lines, columns),
            env={**ENV, **environment},
            encoding="utf-8",
            timeout=TIMEOUT_S,
            cwd=cwd,
        )
        self.child.delaybeforesend = None

    def press(self, *presses) -> None:
        self.child.send(encode_presses(presses))

    def wait(self, fits, *, what: str = "") -> None:
        """Read until `fits` (a text on the screen, or a function of nothing) does and nothing is half drawn.

        While it draws, careerkit hides the cursor: a terminal gives a picture in pieces when the machine is busy.
        """
        deadline = time.monotonic() + TIMEOUT_S
        while self.screen.cursor.hidden or not (fits in self.shown if isinstance(fits, str) else fits()):
            if time.monotonic() > deadline:
                pytest.fail(f"{what or fits} never showed:\n{self.shown}")
            self.read(0.05)

    def read(self, seconds: float) -> bool:
        """Read what comes within this time. Did anything?"""
        try:
            text = self.child.read_nonblocking(100_000, timeout=seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            time.sleep(0.01)
            return False
        self.raw += text
        self._stream.feed(text)
        return True

    def settle(self, seconds: float = 0.4) -> None:
        while self.read(seconds):
            pass

    def close(self) -> None:
        """End the program, whatever it does, and wait until it has ended."""
        self.child.kill(signal.SIGKILL)
        self.child.wait()
        self.child.close()

    @property
    def shown(self) -> str:
        return "\n".join(row.rstrip() for row in self.screen.display).rstrip()

    @property
    def question(self) -> str:
        """The picture of the present question alone."""
        rows = self.shown.split("\n")
        heads = [place for place, row in enumerate(rows) if row.lstrip(" ").startswith(("◆", "*"))]
        return "\n".join(rows[heads[-1] :]) if heads else ""

    def resize(self, columns: int, lines: int) -> None:
        self.screen.resize(lines, columns)
        self.child.setwinsize(lines, columns)
