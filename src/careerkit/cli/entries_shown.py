"""Entries as `journal list` and `journal search` print them. Without Typer: see quickly.py."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.cli.asked import Request
    from careerkit.core.journal.only import Only
    from careerkit.core.journal.searching import Search
    from careerkit.storage.journal_folder import DiskJournal

LOOKED_AT, NAMED = 1000, 12
"""Of so many entries, the newest, so many tags are named to who asked for one that is on none."""

USUAL = 20
"""Entries that a list shows unless more are asked for."""


def show_entries(
    request: Request, only: Only, *, limit: int = 0, indexed: bool = True, search: Search | None = None
) -> None:
    """Print the entries that fit; those in which all that is searched was found, with the place."""
    from careerkit.cli import screens, wiring
    from careerkit.cli.errors import tell

    newest = limit or (None if request.json else USUAL)
    journal = wiring.journal(request, indexed=indexed)
    listing = journal.listing(newest=newest, only=only, search=search)
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.listing_as_json import listing_as_json

        write(json_text(listing_as_json(listing.entries, listing.places)))
    else:
        from careerkit.terminal.listing_view import write_entries, write_found

        now = wiring.clock().now()
        if search:
            write_found(listing, now=now, **screens.paper())
        else:
            advice = "" if listing.entries else _advice(request, only, journal)
            write_entries(listing, only=only, advice=advice, line=request.line, now=now, **screens.paper())
    if listing.problems:
        tell(listing.problems, as_json=request.json)


def _advice(request: Request, only: Only, journal: DiskJournal) -> str:
    """What to do where nothing is listed: perhaps a name was mistyped, or nothing was begun yet."""
    from pathlib import Path  # a list of something does without

    from careerkit.core.journal.only import EVERYTHING

    if only == EVERYTHING:
        is_named = request.journal or os.environ.get("CAREERKIT_JOURNAL")
        slip = f"There is no folder {journal.folder}. " if is_named and not Path(journal.folder).is_dir() else ""
        return f"{slip}Begin with: {request.line('crisis start')}"
    playbook = _other_playbook(only.playbook) if only.playbook else ""
    return playbook or (_other_tags(only.tag, journal) if only.tag else "")


def _other_playbook(named: str) -> str:
    from careerkit.cli.wiring import library
    from careerkit.core.problem import nearest

    ids = library().ids()
    known = {*ids, *(each.partition("/")[0] for each in ids)}
    near = None if named in known else nearest(named, sorted(known))
    return f"Did you mean {near}?" if near else ""


def _other_tags(named: str, journal: DiskJournal) -> str:
    """Some of the tags that there are, where none is so called."""
    counted: dict[str, int] = {}
    for entry in journal.listing(newest=LOOKED_AT).entries:
        counted |= {tag: counted.get(tag, 0) + 1 for tag in entry.tags}
    if named in counted or not counted:
        return ""
    most = sorted(counted, key=lambda tag: (-counted[tag], tag))
    return f"These tags are there: {', '.join(most[:NAMED])}{', …' if len(most) > NAMED else ''}"


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


def searched(words: Sequence[str] | None) -> Search:
    """What is meant by the arguments; without any the person is asked. Refused where that can't be searched."""
    from careerkit.core.journal.searching import search_for

    return search_for(" ".join(map(_as_item, words)) if words else _asked())


def _as_item(word: str) -> str:
    """An argument of several words was in quotes, which the shell has taken away. A star within is no part of a phrase."""
    several = word.split()
    is_phrase = len(several) > 1 and '"' not in word and not any(each.endswith("*") for each in several[:-1])
    return f'"{word}"' if is_phrase else word


def _asked() -> str:
    from careerkit.cli.text_input import ask_line, read_text

    return ask_line("Search for: ") if sys.stdin.isatty() else read_text(None)
