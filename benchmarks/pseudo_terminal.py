"""Run a program on a pseudo-terminal of 80 columns and 24 lines, type keys, and time when words appear."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from typing import TYPE_CHECKING, Self

from programs import FailedError, last_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TIMEOUT_S = 30.0
"""Give up after this."""
SETTLE_S = 0.06
"""Without output for this long, the screen counts as painted."""

CONTROL = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b[=>78cDEHM]")
POINTERS = "❯»"
"""The signs before the current item of a list, in careerkit and in other programs."""
NO_WORD = re.compile(r"[\W_]+")
CURSOR_POSITION_REQUEST, CURSOR_AT_TOP = b"\x1b[6n", b"\x1b[1;1R"


class PseudoTerminal:
    """Starts the program at once. Times are milliseconds since the start or the last `press`.

    A context manager: at the end of the block the program is killed.
    """

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self._began = time.perf_counter()
        self._pid, self._end = _fork(arguments, environ)
        self._seen = b""
        self.first_text: float | None = None
        """When the first visible character appeared."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._end)

    def wait_for(self, words: str) -> float:
        """Wait until `words` are on the screen and return the time. Frames, line breaks and colours don't count."""
        wanted = _words(words)
        return self._wait(lambda: wanted in _words(self.text()), what=words)

    def wait_for_pointer(self, label: str) -> float:
        """Wait until the arrow of a list is before `label` and return the time."""
        wanted = re.compile(rf"[{POINTERS}][^\n{POINTERS}]{{0,12}}{re.escape(label)}")
        return self._wait(lambda: wanted.search(self.text()) is not None, what=f"the arrow at {label}")

    def painted(self, pressed: str) -> float:
        """Wait until the screen is painted after a key and return the time of the last output."""
        last = self._read(TIMEOUT_S)
        if last is None:
            raise FailedError(f"{pressed} changed nothing; the last line was: {last_line(self.text())}")
        while (now := self._read(SETTLE_S)) is not None:
            last = now
        return last

    def send(self, keys: str) -> None:
        """Type without restarting the clock."""
        os.write(self._end, keys.encode())

    def type(self, keys: str) -> None:
        """Type, and wait until the echo is painted."""
        self.send(keys)
        self.settle()

    def press(self, keys: str) -> None:
        """Type, and restart the clock and the recorded text."""
        self._seen = b""
        self._began = time.perf_counter()
        self.send(keys)

    def settle(self, quiet: float = SETTLE_S) -> None:
        """Wait until there is no output for `quiet` seconds."""
        while self._read(quiet) is not None:
            pass

    def text(self) -> str:
        """The output since the start or the last `press`, without colours and cursor movements."""
        return CONTROL.sub(b"", self._seen).decode(errors="replace")

    def peak(self) -> int | None:
        """The program's peak memory so far in KiB, or None if the system can't report it."""
        try:
            with open(f"/proc/{self._pid}/status") as status:
                found = re.search(r"VmHWM:\s+(\d+)", status.read())
        except OSError:
            return None
        return int(found[1]) if found else None

    def _wait(self, fits: Callable[[], bool], *, what: str) -> float:
        while True:
            now = self._read(TIMEOUT_S)
            if now is None:
                raise FailedError(f"{what!r} did not appear; the last line was: {last_line(self.text())}")
            if fits():
                return now

    def _read(self, patience: float) -> float | None:
        """Read the available output and return its time, or None if there is none."""
        if not select.select([self._end], [], [], patience)[0]:
            return None
        try:
            part = os.read(self._end, 1 << 16)
        except OSError:  # on Linux: the program has ended
            return None
        now = (time.perf_counter() - self._began) * 1e3
        if not part:
            return None
        self._seen += part
        if CURSOR_POSITION_REQUEST in part:
            os.write(self._end, CURSOR_AT_TOP)
        if self.first_text is None and self.text().strip():
            self.first_text = now
        return now


def _fork(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[int, int]:
    pid, end = pty.fork()
    if pid == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(arguments[0], list(arguments), dict(environ))
        finally:
            os._exit(127)
    return pid, end


def _words(text: str) -> str:
    return NO_WORD.sub(" ", text).strip()
