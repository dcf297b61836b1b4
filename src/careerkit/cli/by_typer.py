"""The way of every command through Typer, and what its refusals become."""

from __future__ import annotations

import os

from typer import Abort, Exit, TyperException

from careerkit.cli.errors import tell
from careerkit.cli.root import root
from careerkit.core.problem import Problem


def run_by_typer(arguments: list[str], *, name: str) -> int:
    """Run the command that `arguments` name; gives the exit code."""
    command = root()
    if "_CAREERKIT_COMPLETE" in os.environ:
        command.main(arguments, prog_name=name)
    try:
        # Not command.main(), which takes a closed pipe for a failure.
        with command.make_context(name, list(arguments)) as context:
            outcome = command.invoke(context)
    except TyperException as error:
        tell([_usage_problem(error, name)], as_json="--json" in arguments)
        return error.exit_code
    except Exit as ended:
        return ended.exit_code
    except Abort:
        raise KeyboardInterrupt from None
    return outcome if isinstance(outcome, int) else 0


def _usage_problem(error: TyperException, name: str) -> Problem:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else name
    code = "wrong-usage" if error.exit_code == 2 else "refused"
    return Problem(code, error.format_message(), f"`{path} --help` shows how it is used.")
