"""Running a command: signals, exit codes, and how an error is told."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

from careerkit.cli.errors import tell
from careerkit.cli.quickly import run_quickly
from careerkit.core.problem import Locked, Refused

NAME = "careerkit"
STOPPED = 4
INTERRUPTED = 130


class Interrupted(BaseException):
    """A signal asks careerkit to end. All answers are saved already."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def run(arguments: list[str]) -> int:
    """Run the command that `arguments` name; gives the exit code of design's table."""
    _listen_for_signals()
    _leave_no_core()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    as_json = "--json" in arguments
    try:
        code = run_quickly(arguments)
        if code is None:
            from careerkit.cli.by_typer import run_by_typer  # its import takes five times as long as Python's start

            code = run_by_typer(arguments, name=NAME)
        sys.stdout.flush()
    except (Refused, Locked) as refused:
        tell(refused.problems, as_json=as_json)
        return 1
    except Interrupted as interrupted:
        return interrupted.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _listen_for_signals() -> None:
    def end(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup leaves it
            signal.signal(number, end)


def _leave_no_core() -> None:
    """Should careerkit crash, the system writes no image of its memory to the disk: answers are in it."""
    import resource

    with suppress(OSError, ValueError):
        # Linux takes 1 for none at all, where 0 still hands the image to a program that collects such.
        least = 1 if sys.platform == "linux" else 0
        resource.setrlimit(resource.RLIMIT_CORE, (least, least))
