"""Run programs as a shell would, with their own home folder and without the caller's Python settings."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

GNU_TIME = "/usr/bin/time"
MEMORY_FOLDER = "/dev/shm"
REMOVED_VARIABLES = ("PYTHON", "XDG_", "CAREERKIT_", "COLUMNS", "LINES", "NO_COLOR", "VIRTUAL_ENV")


class FailedError(Exception):
    """A program failed to do what is timed; the message says what it did instead."""


def environment(home: Path) -> dict[str, str]:
    """The caller's environment without what changes how Python starts or where careerkit looks."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(REMOVED_VARIABLES)}
    return {**kept, "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def run_to_end(arguments: Sequence[str], environ: Mapping[str, str]) -> float:
    """Milliseconds until the program has ended. Raises FailedError if its exit code is not 0."""
    with _sink() as sink:
        began = time.perf_counter_ns()
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=environ)
        code = process.wait()
        ended = time.perf_counter_ns()
        if code:
            sink.seek(0)
            raise FailedError(f"exit code {code}: {last_line(sink.read().decode(errors='replace'))}")
    return (ended - began) / 1e6


def peak_of(arguments: Sequence[str], environ: Mapping[str, str]) -> int | None:
    """The program's peak memory in KiB, or None if this system can't report it.

    Measured with GNU time, because a child forked from this process would start with its high-water mark.
    """
    if not os.access(GNU_TIME, os.X_OK) or sys.platform != "linux":
        return None
    with _sink() as sink:
        finished = subprocess.run(
            [GNU_TIME, "-f", "peak=%M", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.PIPE,
            env=environ,
            text=True,
            check=False,
        )
    found = re.findall(r"peak=(\d+)", finished.stderr)
    return int(found[-1]) if found else None


def answer_of(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """The program's standard output. Raises FailedError if its exit code is not 0."""
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, env=environ, text=True, check=False)
    if done.returncode:
        raise FailedError(f"exit code {done.returncode}: {last_line(done.stderr)}")
    return done.stdout


def last_line(text: str) -> str:
    """The last line that isn't blank, shortened for a table."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:120].replace("|", "/") if lines else "it wrote nothing"


@contextlib.contextmanager
def _sink() -> Iterator[IO[bytes]]:
    """A file in memory. Some programs do less work if their output goes to /dev/null."""
    with tempfile.TemporaryFile(dir=MEMORY_FOLDER if os.path.isdir(MEMORY_FOLDER) else None) as sink:
        yield sink
