"""`careerkit journal list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from careerkit.cli.entries import complete_playbook, complete_tag
from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from careerkit.cli.request import Request
    from careerkit.core.journal.only import Only
    from careerkit.core.journal.searching import Search

USUAL = 20
"""Entries that a list shows unless more are asked for."""

Since = Annotated[
    str,
    typer.Option(
        "--since",
        metavar="DAY",
        help="Begun on that day or later: 2026-12-01, monday, last week, 3 months ago.",
        show_default=False,
    ),
]
Until = Annotated[str, typer.Option("--until", metavar="DAY", help="Begun on that day or before.", show_default=False)]
PlaybookOption = Annotated[
    str,
    typer.Option(
        "--playbook",
        metavar="ID",
        help="Of that playbook, or of a group of them.",
        autocompletion=complete_playbook,
        show_default=False,
    ),
]
TagOption = Annotated[
    str,
    typer.Option("--tag", metavar="TAG", help="With that tag.", autocompletion=complete_tag, show_default=False),
]


StateOption = Annotated[Literal["open", "finished"] | None, typer.Option("--state", help="In that state.")]
LimitOption = Annotated[
    int, typer.Option("--limit", min=0, help="How many; 20 unless said, all with --json.", show_default=False)
]
RemovedOption = Annotated[bool, typer.Option("--removed", help="What was removed, in place of the rest.")]
NoIndexOption = Annotated[bool, typer.Option("--no-index", help="Look into every file; the result is the same.")]


def list_entries(
    context: typer.Context,
    *,
    limit: LimitOption = 0,
    playbook: PlaybookOption = "",
    tag: TagOption = "",
    state: StateOption = None,
    since: Since = "",
    until: Until = "",
    removed: RemovedOption = False,
    no_index: NoIndexOption = False,
) -> None:
    """List the entries, newest first.

    Example: careerkit journal list --since "last week" --tag boss
    """
    only = only_from(playbook=playbook, tag=tag, state=state, since=since, until=until, removed=removed)
    show_entries(request_of(context), only, limit=limit, indexed=not no_index)


def show_entries(
    request: Request, only: Only, *, limit: int = 0, indexed: bool = True, search: Search | None = None
) -> None:
    """Print the entries that fit; those in which all that is searched was found, with the place."""
    from careerkit.cli import wiring
    from careerkit.cli.errors import tell

    newest = limit or (None if request.json else USUAL)
    listing = wiring.journal(request, indexed=indexed).listing(newest=newest, only=only, search=search)
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.listing_as_json import listing_as_json

        write(json_text(listing_as_json(listing.entries, listing.places)))
    else:
        from careerkit.terminal.listing_view import write_entries, write_found

        now = wiring.clock().now()
        if search:
            write_found(listing, now=now, **wiring.paper())
        else:
            write_entries(listing.entries, more=listing.older, only=only, now=now, **wiring.paper())
    if listing.problems:
        tell(listing.problems, as_json=request.json)


def only_from(
    *,
    playbook: str = "",
    tag: str = "",
    state: Literal["open", "finished"] | None = None,
    since: str = "",
    until: str = "",
    removed: bool = False,
) -> Only:
    """What the options say, with days as people write them. Refused with everything that is wrong in them."""
    from careerkit.core.journal.only import EVERYTHING, Only

    if not (playbook or tag or state or since or until or removed):
        return EVERYTHING
    from careerkit.cli import wiring
    from careerkit.core.journal.tag import tag_of
    from careerkit.core.span import since_and_until

    first, last = since_and_until(since, until, today=wiring.clock().now().date())
    return Only(
        playbook="/".join(playbook.split()),
        tag=tag_of(tag) if tag else "",
        state=state or "",
        since=first,
        until=last,
        removed=removed,
    )
