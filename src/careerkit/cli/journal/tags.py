"""`careerkit journal tag` and `untag`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.cli.completing import complete_entry, complete_tag, complete_tag_of_entry
from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from careerkit.coaching.changing import Changes

EntryNamed = Annotated[
    str, typer.Argument(metavar="ENTRY", help="The beginning of its id, or `last`.", autocompletion=complete_entry)
]
Tags = Annotated[
    list[str], typer.Argument(metavar="TAG...", help="A short word; capitals don't count.", autocompletion=complete_tag)
]


OwnTags = Annotated[
    list[str], typer.Argument(metavar="TAG...", help="A tag that it has.", autocompletion=complete_tag_of_entry)
]


def tag(context: typer.Context, entry: EntryNamed, tags: Tags) -> None:
    """Give an entry tags, by which it is found again.

    Example: careerkit journal tag last boss promotion
    """
    from careerkit.cli.journal.changed import changes, name, tell
    from careerkit.core.journal.tag import tags_of

    request, wanted = request_of(context), tags_of(tags)
    found = changes(request, entry)
    events = found.tag(wanted)
    tell(request, found.entry_id, events, f"{name(request, found.entry_id)}: {_tags_now(found)}")


def untag(context: typer.Context, entry: EntryNamed, tags: OwnTags) -> None:
    """Take tags away from an entry.

    Example: careerkit journal untag last boss
    """
    from careerkit.cli.journal.changed import changes, name, tell
    from careerkit.core.journal.tag import tags_of

    request, wanted = request_of(context), tags_of(tags)
    found = changes(request, entry)
    missing = [each for each in wanted if each not in found.history.tags]
    events = found.untag(wanted)
    said = [f"It had no tag {each}." for each in missing]
    tell(request, found.entry_id, events, *said, f"{name(request, found.entry_id)}: {_tags_now(found)}")


def _tags_now(found: Changes) -> str:
    return " ".join(f"#{each}" for each in found.history.tags) or "no tags"
