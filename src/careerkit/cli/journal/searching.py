"""`careerkit journal search`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from careerkit.cli.journal.listing import (
    LimitOption,
    NoIndexOption,
    PlaybookOption,
    RemovedOption,
    Since,
    StateOption,
    TagOption,
    Until,
    only_from,
    show_entries,
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
    """Search answers, notes, titles, findings, drafts and actions, newest first.

    Example: careerkit journal search "new client" promis* --since "last month"
    """
    from careerkit.core.journal.searching import search_for

    only = only_from(playbook=playbook, tag=tag, state=state, since=since, until=until, removed=removed)
    meant = search_for(" ".join(map(as_item, words)) if words else _asked())
    show_entries(request_of(context), only, limit=limit, indexed=not no_index, search=meant)


def as_item(word: str) -> str:
    """An argument of several words was in quotes, which the shell has taken away."""
    return f'"{word}"' if len(word.split()) > 1 and '"' not in word else word


def _asked() -> str:
    if sys.stdin.isatty():
        sys.stderr.write("Search for: ")
        sys.stderr.flush()
        return sys.stdin.readline()
    from careerkit.cli.text_input import read_text

    return read_text(None)
