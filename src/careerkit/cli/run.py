"""Running a command: signals, exit codes, and how an error is told."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

from typer import Abort, Exit, TyperException

from careerkit.cli.errors import tell
from careerkit.core.problem import Locked, Problem, Refused

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
        return _command(arguments)
    except (Refused, Locked) as refused:
        tell(refused.problems, as_json=as_json)
        return 1
    except TyperException as error:
        tell([_usage_problem(error)], as_json=as_json)
        return error.exit_code
    except Exit as ended:
        return ended.exit_code
    except Interrupted as interrupted:
        return interrupted.exit_code
    except (Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _command(arguments: list[str]) -> int:
    from careerkit.cli.root import root

    command = root()
    if "_CAREERKIT_COMPLETE" in os.environ:
        command.main(arguments, prog_name=NAME)
    # Not command.main(), which takes a closed pipe for a failure.
    with command.make_context(NAME, list(arguments)) as context:
        outcome = command.invoke(context)
    sys.stdout.flush()
    return outcome if isinstance(outcome, int) else 0


def _listen_for_signals() -> None:
    def end(number: int, _: FrameType | None) -> None:
        raise Interrupted(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _leave_no_core() -> None:
    """Should careerkit crash, the system writes no image of its memory to the disk: answers are in it."""
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _usage_problem(error: TyperException) -> Problem:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else NAME
    code = "wrong-usage" if error.exit_code == 2 else "refused"
    return Problem(code, error.format_message(), f"`{path} --help` shows how it is used.")
