"""Running careerkit as a person's shell would, with a home of its own and a clock that stands still."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from careerkit.cli.container import get_key_provider, open_library
from careerkit.cli.process import run_careerkit
from careerkit.core.journal.entry import Entry
from careerkit.storage.journal import DiskJournal
from careerkit.storage.platform import SystemClock

REPOSITORY = Path(__file__).parent.parent
FIXED_CLOCK_PROGRAM = """
from datetime import UTC, datetime
from careerkit.storage.platform import SystemClock
SystemClock.now = lambda self: datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
from careerkit.cli.startup import main
raise SystemExit(main())
"""
COMMAND = (sys.executable, "-c", FIXED_CLOCK_PROGRAM)
"""careerkit on Sunday, 22 November 2026, at five past nine."""


@dataclass(frozen=True)
class CommandResult:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def problems(self) -> Any:
        return json.loads(self.err)["problems"]


@cache
def find_faketime_library(faketime: str) -> str:
    """The library that `faketime` preloads.

    The program itself leaves a semaphore behind when it is interrupted, and then fails for the next process with that id.
    """
    command = [faketime, "-f", "+0", "printenv", "LD_PRELOAD"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


class Home:
    """A home folder and everything that careerkit keeps below it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("CAREERKIT", "XDG_", "LC_"))},
            "HOME": str(folder),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "COLUMNS": "80",
        }

    @property
    def journal(self) -> Path:
        return self.folder / ".local/share/careerkit/journal"

    @property
    def playbooks(self) -> Path:
        return self.folder / ".config/careerkit/playbooks"

    @property
    def entries(self) -> list[Path]:
        return sorted(self.journal.glob("entries/*/*.toml"))

    @property
    def entry(self) -> Entry:
        """The one entry of the journal."""
        (path,) = self.entries
        return DiskJournal(self.journal, self.folder / ".local/state/careerkit").read(path.stem).entry

    def run(self, *arguments: object, stdin: str = "", env: dict[str, str] | None = None) -> CommandResult:
        """Run a command in this process, which is quick and lets its coverage be seen."""
        streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8") for data in (os.fsencode(stdin), b"", b"")]
        with _simulate_new_process(self.folder, {**self.env, **(env or {})}, streams):
            code = run_careerkit(list(map(str, arguments)))
        out, err = (stream.buffer.getvalue().decode(errors="replace") for stream in streams[1:])
        return CommandResult(code, out, err)

    def started(self) -> AbstractContextManager[None]:
        """This process as one that has just been started in that home, for as long as the block runs."""
        return _simulate_new_process(
            self.folder, self.env, [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in "123"]
        )

    def run_process(self, *arguments: object, env: dict[str, str] | None = None) -> CommandResult:
        """Run a command in a process of its own."""
        words = [*COMMAND, *map(str, arguments)]
        done = subprocess.run(words, capture_output=True, env={**self.env, **(env or {})}, timeout=120, cwd=self.folder)
        return CommandResult(
            done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        )

    def add_playbook(self, name: str, text: str) -> Path:
        path = self.playbooks / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


@contextmanager
def _simulate_new_process(folder: Path, env: dict[str, str], streams: Sequence[TextIO]) -> Iterator[None]:
    """This process as one that has just been started there; put back afterwards."""
    before = sys.stdin, sys.stdout, sys.stderr, dict(os.environ), Path.cwd(), SystemClock.now
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)}
    sys.stdin, sys.stdout, sys.stderr = streams
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    SystemClock.now = lambda self: datetime(2026, 11, 22, 9, 5, tzinfo=UTC)  # type: ignore[method-assign]
    open_library.cache_clear()
    get_key_provider.cache_clear()
    try:
        yield
    finally:
        for stream in streams[1:]:
            stream.flush()
        sys.stdin, sys.stdout, sys.stderr = before[:3]
        os.environ.clear()
        os.environ.update(before[3])
        os.chdir(before[4])
        SystemClock.now = before[5]  # type: ignore[method-assign]
        for number, handler in signals.items():
            signal.signal(number, handler)
