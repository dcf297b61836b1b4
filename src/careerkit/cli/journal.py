"""`careerkit journal`: list, show, where."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.main import get_command

from careerkit.cli.entries import EntryArgument, pick
from careerkit.cli.request import Command, Group, request_of


def command() -> Any:
    """The group of commands."""
    app = typer.Typer(
        cls=Group,
        help="What you wrote.\n\nExample: careerkit journal list",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.command("list", cls=Command)(list_entries)
    app.command("show", cls=Command)(show)
    app.command("where", cls=Command)(where)
    app.callback()(lambda: None)
    return get_command(app)


USUAL = 20
"""Entries that a list shows unless more are asked for."""


def list_entries(
    context: typer.Context,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="How many, newest first; 20 unless said, all with --json.")
    ] = 0,
) -> None:
    """List the entries, newest first.

    Example: careerkit journal list --limit 5
    """
    from careerkit.cli import wiring
    from careerkit.cli.errors import tell

    request = request_of(context)
    listing = wiring.journal(request).listing(newest=limit or (None if request.json else USUAL))
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.listing_as_json import listing_as_json

        write(json_text(listing_as_json(listing.entries)))
    else:
        from careerkit.terminal.listing_view import write_entries

        write_entries(listing.entries, more=listing.older, now=wiring.clock().now(), **wiring.paper())
    if listing.problems:
        tell(listing.problems, as_json=request.json)


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


def where(context: typer.Context) -> None:
    """Print the folder of the journal.

    Example: ls "$(careerkit journal where)"
    """
    from careerkit.cli import wiring
    from careerkit.cli.output import json_text, write

    request = request_of(context)
    folder = str(wiring.journal(request).folder)
    write(json_text({"journal": folder}) if request.json else folder)
