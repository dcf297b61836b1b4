"""Run a command as a process: handle signals, report errors, and return the exit code.

Ctrl-C at a question is a key press (`terminal/keys/ptk_app.py`); `coaching/signals.py` defers it during a save.
"""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress

from careerkit.cli.fast_path import try_fast_path
from careerkit.cli.interruption import Interrupted
from careerkit.cli.output import (
    has_read_failures,
    print_problems,
    report_output_error,
    report_waiting,
    reset_reports,
)
from careerkit.core.errors import JournalLocked, Problem, Refused

FAILED = 1
STOPPED = 4
"""The person stopped before the end. All answers are saved."""
INTERRUPTED = 130
NO_WORKING_FOLDER = Problem(
    "no-working-folder", "The folder you are in no longer exists.", "Change to another one, for example with cd."
)


def run_careerkit(arguments: list[str]) -> int:
    """Run the command line and return its exit code (docs/json.md lists them)."""
    reset_reports()
    _disable_core_dumps()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    as_json = "--json" in arguments
    try:
        code = try_fast_path(arguments)
        if code is None:
            from careerkit.cli.app import run_app  # importing Typer takes six times as long as starting Python

            code = run_app(arguments)
        report_waiting(as_json="--json" in arguments)
        sys.stdout.flush()
    except (Refused, JournalLocked) as refused:
        print_problems(refused.problems, as_json=as_json)
        return FAILED
    except Interrupted as interrupted:
        return interrupted.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if (output_error := _find_output_error()) is not None:
            return report_output_error(output_error, as_json=as_json)
        if isinstance(error, FileNotFoundError) and not _has_working_folder():
            print_problems([NO_WORKING_FOLDER], as_json=as_json)
            return FAILED
        raise
    return code or (FAILED if has_read_failures() else 0)


def _find_output_error() -> OSError | None:
    """The error of standard output, if that was what failed (see OutputFile in cli/startup.py)."""
    failure: OSError | None = getattr(getattr(sys.stdout.buffer, "raw", None), "failure", None)
    return failure


def _has_working_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - see PACKAGE in cli/container.py
    except OSError:
        return False
    return True


def _disable_core_dumps() -> None:
    """Keep the system from writing careerkit's memory, with answers in it, to disk after a crash."""
    with suppress(OSError, ValueError):
        # On Linux, a limit of 1 disables them. With 0, the kernel still pipes a dump to a program that collects them.
        limit = 1 if sys.platform == "linux" else 0
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
