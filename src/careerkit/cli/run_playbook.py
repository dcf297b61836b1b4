"""`careerkit run`: a playbook by its file or id."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from careerkit.cli.entries import FromEntry
from careerkit.cli.going_through import go_through
from careerkit.cli.playbook_commands import Answers, New, Quick
from careerkit.cli.request import request_of, single
from careerkit.cli.screens import curtain


def command() -> Any:
    """The command."""
    return single(run, name="run")


def run(
    context: typer.Context,
    playbook: Annotated[str, typer.Argument(metavar="FILE|GROUP/NAME", help="What ends in .toml is a file.")],
    *,
    answers: Answers = None,
    quick: Quick = False,
    new: New = False,
    origin: FromEntry = "",
) -> int:
    """Go through a playbook, given by its file or id.

    Example: careerkit run ./my-review.toml
    """
    with curtain(request_of(context)):
        return go_through(request_of(context), playbook, answers=answers, quick=quick, anew=new, origin=origin)
