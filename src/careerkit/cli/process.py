"""Run a command line as a process: parse it with the table of commands, handle signals and errors, return the exit code.

A well-formed command line runs without importing Typer.

Ctrl-C at a question is a key press (`terminal/keys/ptk_app.py`); `coaching/signals.py` defers it during a save.
"""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress

from careerkit.cli.command_table import COMMANDS, HOME, CommandSpec
from careerkit.cli.container import COMPLETION_VARIABLE, find_playbook_command
from careerkit.cli.options import SHARED_OPTIONS, GlobalOptions, OptionSpec, convert_value
from careerkit.cli.output import has_read_failures, print_problems, report_output_error, report_waiting, reset_reports
from careerkit.coaching.signals import Interrupted
from careerkit.core.errors import JournalLocked, Problem, Refused
from careerkit.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from careerkit.cli.options import ArgumentSpec

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


class _NotWellFormedError(Exception):
    """The command line needs Typer, which reports what is wrong with it."""


def try_fast_path(arguments: Sequence[str]) -> int | None:
    """Run the command line and return its exit code.

    Does nothing and returns None if it needs Typer: it is not well-formed, or asks for help or completions.
    """
    if os.environ.get(COMPLETION_VARIABLE):
        return None
    try:
        call = parse_call(arguments)
    except (_NotWellFormedError, ValueError):
        return None
    if call is None:
        print(f"careerkit {__version__}")  # noqa: T201 - a result, on standard output
        return 0
    command, options, values = call
    if command is HOME:
        from careerkit.cli.display import is_at_terminal

        if not is_at_terminal(options):
            return None
    return command.run(options, values)


def parse_call(arguments: Sequence[str]) -> tuple[CommandSpec, GlobalOptions, dict[str, object]] | None:
    """The command, the shared options and the values of its parameters; None for `--version`.

    Accepts every command line that Typer accepts, with the same result.

    Raises ValueError or a private error if the command line is not well-formed.
    """
    shared: dict[str, object] = {}
    version = OptionSpec("--version", "", type="flag")
    given, rest = _read_options(arguments, (version, *SHARED_OPTIONS), interspersed=False)
    if given.pop("version", False):
        return None
    _keep_shared(given, shared)
    if not rest:
        return HOME, GlobalOptions(**shared), {}  # type: ignore[arg-type] # the table has their types
    command, rest = _find_command(rest, shared)
    given, words = _read_options(rest, (*command.options, *SHARED_OPTIONS), interspersed=True)
    _keep_shared(given, shared)
    values = {**command.defaults(), **given, **_assign_words(command.arguments, words)}
    options = GlobalOptions(**shared)  # type: ignore[arg-type] # likewise
    if command.find_conflict(options, values):
        raise _NotWellFormedError
    return command, options, values


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


def _find_command(words: list[str], shared: dict[str, object]) -> tuple[CommandSpec, list[str]]:
    """The command named by the first word or two, and the remaining words."""
    first, *rest = words
    entry = COMMANDS.get(first)
    if isinstance(entry, CommandSpec):
        return entry, rest
    given, rest = _read_options(rest, SHARED_OPTIONS, interspersed=False)
    _keep_shared(given, shared)
    if not rest:
        raise _NotWellFormedError
    command = entry.find(rest[0]) if entry else find_playbook_command(first, rest[0])
    if command is None:
        raise _NotWellFormedError
    return command, rest[1:]


def _read_options(
    words: Iterable[str], known: Iterable[OptionSpec], *, interspersed: bool
) -> tuple[dict[str, object], list[str]]:
    """The values of the options, by parameter, and the other words. The last value of a repeated option wins.

    Unless `interspersed`, options end at the first other word. They always end at `--`, and an option takes the next
    word as its value, whatever it looks like. All of this is as in Click.
    """
    by_flag = {each.flag: each for each in known}
    texts: dict[str, str] = {}
    others: list[str] = []
    waiting = [*words][::-1]
    while waiting:
        word = waiting.pop()
        if word == "--":
            break
        if len(word) < 2 or word[0] != "-":
            others.append(word)
            if not interspersed:
                break
            continue
        flag, has_value, text = word.partition("=")
        option = by_flag.get(flag)
        if option is None or (option.type == "flag" and has_value):
            raise _NotWellFormedError
        if option.type != "flag" and not has_value:
            if not waiting:
                raise _NotWellFormedError
            text = waiting.pop()
        texts[flag] = text
    values = {by_flag[flag].name: _convert(by_flag[flag], text) for flag, text in texts.items()}
    return values, [*others, *waiting[::-1]]


def _convert(option: OptionSpec, text: str) -> object:
    return True if option.type == "flag" else convert_value(option, text)


def _keep_shared(given: dict[str, object], shared: dict[str, object]) -> None:
    """Move the shared options out of `given`. Options after the command take precedence; "" counts as not given."""
    for option in SHARED_OPTIONS:
        value = given.pop(option.name, "")
        if value != "":
            shared[option.name] = value


def _assign_words(arguments: Iterable[ArgumentSpec], words: list[str]) -> dict[str, object]:
    """The words as values of the arguments, in order."""
    values: dict[str, object] = {}
    for argument in arguments:
        taken, words = (words, []) if argument.repeated else (words[:1], words[1:])
        if argument.required and not taken:
            raise _NotWellFormedError
        converted = tuple([convert_value(argument, word) for word in taken])
        if taken:
            values[argument.name] = converted if argument.repeated else converted[0]
    if words:
        raise _NotWellFormedError
    return values
