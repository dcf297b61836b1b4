"""`careerkit journal reindex`."""

from __future__ import annotations

import typer

from careerkit.cli.request import request_of
from careerkit.core.problem import Problem, Refused


def reindex(context: typer.Context) -> None:
    """Look at every file and make the index anew.

    It is needed where older files were edited by hand.

    Example: careerkit journal reindex
    """
    from careerkit.cli import wiring
    from careerkit.cli.output import json_text, write

    request = request_of(context)
    journal = wiring.journal(request)
    if not journal.reindex():
        message = "An index could not be made; lists and searches do without one."
        raise Refused(Problem("no-index", message, "Perhaps the cache folder can't be written.", wiring.cache_folder()))
    count = len(journal.ids())
    write(json_text({"entries": count}) if request.json else f"Entries in the index: {count}")
