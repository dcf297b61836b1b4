"""A program on a terminal of 80 columns and 24 lines: when words appear on it, and keys typed to it."""

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

PATIENCE = 30.0
"""Seconds after which what is waited for will not come."""
QUIET = 0.06
"""Seconds without a byte after which a screen counts as painted."""

CONTROL = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b[=>78cDEHM]")
POINTERS = "❯»"
"""What stands before the present one of a list, in careerkit and in others."""
NO_WORD = re.compile(r"[\W_]+")
WHERE_IS_THE_CURSOR, IT_IS_AT_THE_TOP = b"\x1b[6n", b"\x1b[1;1R"


class PseudoTerminal:
    """Starts the program at once. Times are milliseconds since the start, or since the last `press`.

    Use it in a `with`: at its end the program is killed, as nothing that it says after that is waited for.
    """

    def __init__(self, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        self._began = time.perf_counter()
        self._pid, self._end = _fork(arguments, environ)
        self._seen = b""
        self.first_text: float | None = None
        """When anything at all could be read on the screen."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._end)

    def wait_for(self, words: str) -> float:
        """The time when the last of `words` was there. Frames, line breaks and colours don't count."""
        wanted = _words(words)
        return self._wait(lambda: wanted in _words(self.text()), what=words)

    def wait_for_pointer(self, label: str) -> float:
        """The time when the arrow of a list stood before `label`."""
        wanted = re.compile(rf"[{POINTERS}][^\n{POINTERS}]{{0,12}}{re.escape(label)}")
        return self._wait(lambda: wanted.search(self.text()) is not None, what=f"the arrow at {label}")

    def painted(self, pressed: str) -> float:
        """The time of the last that was painted after a key, until nothing more came."""
        last = self._read(PATIENCE)
        if last is None:
            raise FailedError(f"{pressed} changed nothing; the last was: {last_line(self.text())}")
        while (now := self._read(QUIET)) is not None:
            last = now
        return last

    def send(self, keys: str) -> None:
        """Type; the clock runs on."""
        os.write(self._end, keys.encode())

    def type(self, keys: str) -> None:
        """Type, and wait until the echo is painted."""
        self.send(keys)
        self.settle()

    def press(self, keys: str) -> None:
        """Type, and count time and words from here."""
        self._seen = b""
        self._began = time.perf_counter()
        self.send(keys)

    def settle(self, quiet: float = QUIET) -> None:
        """Wait until nothing more is painted, that is, until nothing comes for `quiet` seconds."""
        while self._read(quiet) is not None:
            pass

    def text(self) -> str:
        """All that came since the start or the last `press`, without colours and movements of the cursor."""
        return CONTROL.sub(b"", self._seen).decode(errors="replace")

    def peak(self) -> int | None:
        """KiB that the program itself has needed at most so far; None where the system can't say."""
        try:
            with open(f"/proc/{self._pid}/status") as status:
                found = re.search(r"VmHWM:\s+(\d+)", status.read())
        except OSError:
            return None
        return int(found[1]) if found else None

    def _wait(self, fits: Callable[[], bool], *, what: str) -> float:
        while True:
            now = self._read(PATIENCE)
            if now is None:
                raise FailedError(f"{what!r} did not come; the last was: {last_line(self.text())}")
            if fits():
                return now

    def _read(self, patience: float) -> float | None:
        """Read what there is; the time when it came, None when nothing does."""
        if not select.select([self._end], [], [], patience)[0]:
            return None
        try:
            part = os.read(self._end, 1 << 16)
        except OSError:  # Linux says so when the program has ended
            return None
        now = (time.perf_counter() - self._began) * 1e3
        if not part:
            return None
        self._seen += part
        if WHERE_IS_THE_CURSOR in part:
            os.write(self._end, IT_IS_AT_THE_TOP)
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
