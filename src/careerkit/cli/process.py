"""Run a command as a process: handle signals, report errors, and return the exit code.

Ctrl-C at a question is a key press (`terminal/keys/ptk_app.py`); `coaching/signals.py` defers it during a save.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress
from types import FrameType

from careerkit.cli.fast_path import try_fast_path
from careerkit.cli.output import print_problems
from careerkit.core.errors import JournalLocked, Refused

FAILED = 1
STOPPED = 4
"""The person stopped before the end. All answers are saved."""
INTERRUPTED = 130


class Interrupted(BaseException):
    """A signal ends careerkit. All answers have already been saved."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def run_careerkit(arguments: list[str]) -> int:
    """Run the command line and return its exit code (docs/json.md lists them)."""
    _handle_signals()
    _disable_core_dumps()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = try_fast_path(arguments)
        if code is None:
            from careerkit.cli.app import run_app  # importing Typer takes six times as long as starting Python

            code = run_app(arguments)
        sys.stdout.flush()
    except (Refused, JournalLocked) as refused:
        print_problems(refused.problems, as_json="--json" in arguments)
        return FAILED
    except Interrupted as interrupted:
        return interrupted.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _handle_signals() -> None:
    def end(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as with nohup
            signal.signal(number, end)


def _disable_core_dumps() -> None:
    """Keep the system from writing careerkit's memory, with answers in it, to disk after a crash."""
    with suppress(OSError, ValueError):
        # On Linux, a limit of 1 disables them. With 0, the kernel still pipes a dump to a program that collects them.
        limit = 1 if sys.platform == "linux" else 0
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
