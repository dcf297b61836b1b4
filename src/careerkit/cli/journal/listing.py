"""`careerkit journal list`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from careerkit.cli.completing import complete_playbook, complete_tag
from careerkit.cli.entries_shown import only_from, show_entries
from careerkit.cli.request import request_of

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
    int,
    typer.Option("--limit", min=0, metavar="N", help="How many; 20 unless said, all with --json.", show_default=False),
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
