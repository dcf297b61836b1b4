"""Starts programs as a person's shell would: nothing of the caller's Python settings, a home of their own."""

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
LEFT_OUT = ("PYTHON", "XDG_", "CAREERKIT_", "COLUMNS", "LINES", "NO_COLOR", "VIRTUAL_ENV")


class FailedError(Exception):
    """A program did not do what is to be timed; the text says what it did instead."""


def environment(home: Path) -> dict[str, str]:
    """The caller's environment without what changes how Python starts or where careerkit looks."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return {**kept, "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def run_to_end(arguments: Sequence[str], environ: Mapping[str, str]) -> float:
    """Milliseconds from before the start until the program has ended; FailedError unless it ended well."""
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
    """KiB that the program needed at its peak, None where this system can't say.

    Asked of GNU time: a child that is forked here begins with the high-water mark of the process that measures.
    """
    if not os.access(GNU_TIME, os.X_OK) or sys.platform != "linux":
        return None
    with _sink() as sink:
        told = subprocess.run(
            [GNU_TIME, "-f", "peak=%M", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.PIPE,
            env=environ,
            text=True,
            check=False,
        )
    found = re.findall(r"peak=(\d+)", told.stderr)
    return int(found[-1]) if found else None


def answer_of(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """What the program writes to standard output; FailedError unless it ended well."""
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, env=environ, text=True, check=False)
    if done.returncode:
        raise FailedError(f"exit code {done.returncode}: {last_line(done.stderr)}")
    return done.stdout


def last_line(text: str) -> str:
    """The last line with anything in it, short enough for a table."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:120].replace("|", "/") if lines else "it wrote nothing"


@contextlib.contextmanager
def _sink() -> Iterator[IO[bytes]]:
    """A file in memory: some programs do less work when they see that their output goes to /dev/null."""
    with tempfile.TemporaryFile(dir=MEMORY_FOLDER if os.path.isdir(MEMORY_FOLDER) else None) as sink:
        yield sink
