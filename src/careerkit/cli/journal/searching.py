"""`careerkit journal search`."""

from __future__ import annotations

from typing import Annotated

import typer

from careerkit.cli.entries_shown import only_from, searched, show_entries
from careerkit.cli.journal.listing import (
    LimitOption,
    NoIndexOption,
    PlaybookOption,
    RemovedOption,
    Since,
    StateOption,
    TagOption,
    Until,
)
from careerkit.cli.request import request_of

WordsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[WORDS]",
        help="What must stand in the entry; in quotes, one after the other; promis* for all that begins so. "
        "Without them you are asked, and no shell keeps them.",
        show_default=False,
    ),
]


def search(
    context: typer.Context,
    words: WordsArgument = None,
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
    """Find words in what you wrote, newest first.

    Looked through are answers, notes, corrections, titles, findings, drafts and actions.

    Example: careerkit journal search "new client" "promis*" --since "last month"
    """
    only = only_from(playbook=playbook, tag=tag, state=state, since=since, until=until, removed=removed)
    show_entries(request_of(context), only, limit=limit, indexed=not no_index, search=searched(words))
