"""`careerkit journal show`."""

from __future__ import annotations

import typer

from careerkit.cli.entries import EntryArgument, pick
from careerkit.cli.request import request_of


def show(context: typer.Context, entry: EntryArgument = "") -> None:
    """Show an entry: the answers and what followed from them.

    Example: careerkit journal show last
    """
    from careerkit.cli import wiring
    from careerkit.cli.errors import tell

    request = request_of(context)
    journal = wiring.journal(request)
    reading = journal.read(pick(journal, entry, fits=lambda _: True, noun="entry"))
    if reading.problems:
        tell(reading.problems, as_json=request.json)
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.as_json import entry_as_json

        write(json_text(entry_as_json(reading.entry, wiring.playbook_if_kept(request, reading.entry))))
    else:
        wiring.show_entry(request, reading.entry)
