"""`careerkit journal where`."""

from __future__ import annotations

import typer

from careerkit.cli.request import request_of


def where(context: typer.Context) -> None:
    """Print the folder of the journal.

    Example: ls "$(careerkit journal where)"
    """
    from careerkit.cli import wiring
    from careerkit.cli.output import json_text, write, write_path

    request = request_of(context)
    folder = str(wiring.journal(request).folder)
    if request.json:
        write(json_text({"journal": folder}))
    else:
        write_path(folder)
