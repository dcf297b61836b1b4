"""`careerkit journal list`."""

from __future__ import annotations

from typing import Annotated

import typer

from careerkit.cli.request import request_of

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
