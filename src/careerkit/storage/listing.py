"""How a journal's entries are listed and searched: what its contents name is looked at, newest first, until it is enough.

What is shown always comes from the files themselves, so that an index can never make a list say anything wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from careerkit.core.journal.history import History
from careerkit.core.journal.listed import Listed, Listing, with_history
from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.problem import Problem, Refused
from careerkit.storage.contents import Contents
from careerkit.storage.envelope import Envelope
from careerkit.storage.layout import entry_path
from careerkit.storage.looking import Seen, entry_in
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import Digest, digest_by_need

if TYPE_CHECKING:  # a list does without
    from careerkit.core.journal.searching import Place, Search


def list_entries(
    contents: Contents,
    journal: str,
    envelope: Envelope,
    *,
    newest: int | None = None,
    only: Only = EVERYTHING,
    search: Search | None = None,
) -> Listing:
    """All entries that fit, or so many of the newest by their names, and what is wrong with the files looked at.

    Newest first. With `search`, those in which all of it is found, each with the text that shows it.
    """
    found: list[tuple[Listed, Place | None]] = []
    problems = list(contents.problems())
    digest = digest_by_need()
    last = ""
    for entry_id in contents.newest_first(only, search):
        if newest is not None and len(found) >= newest:
            break
        last = entry_id
        seen, said = _look(entry_path(journal, entry_id), entry_id, envelope, digest)
        problems += said
        if seen:
            happened = contents.history(entry_id)
            listed = with_history(seen.listed, happened)
            place = _place(search, seen, happened) if search and only.admits(listed) else None
            found += [(listed, place)] if only.admits(listed) and (place or not search) else []
    found.sort(key=lambda each: (each[0].started, each[0].id), reverse=True)
    enough = newest is not None and len(found) >= newest
    older = contents.older(last, only) if enough else 0
    entries = tuple(listed for listed, _ in found)
    return Listing(entries, tuple(problems), older, tuple(place for _, place in found if place))


def newest_of(ids: Sequence[str], journal: str, envelope: Envelope) -> str:
    """The entry that began last; where none of them can be read, the first that is given."""
    digest = digest_by_need()
    looked = [_look(entry_path(journal, entry_id), entry_id, envelope, digest)[0] for entry_id in ids]
    began = [(seen.listed.started, seen.listed.id) for seen in looked if seen]
    return max(began)[1] if began else ids[0]


def _place(search: Search, seen: Seen, happened: History) -> Place | None:
    from careerkit.core.journal.passages import of_history  # a list
    from careerkit.core.journal.searching import find  # does without

    return find(search, (*seen.passages(), *of_history(happened)))


def _look(path: str, entry_id: str, envelope: Envelope, digest: Digest) -> tuple[Seen | None, tuple[Problem, ...]]:
    try:
        data = read_file(path)
        if data is None:
            return None, ()  # removed since its folder was listed
        return entry_in(envelope.open(data, path), path, entry_id, digest)
    except Refused as refused:
        return None, refused.problems
