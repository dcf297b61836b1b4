"""What waits for a person: what is unfinished, what is due, and what there is to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from careerkit.coaching.ports import Clock, Journal, Library, ListedPlaybook
from careerkit.core.frozen import frozen
from careerkit.core.journal.due_now import Due, due_now
from careerkit.core.journal.listed import Listed
from careerkit.core.problem import Problem, Refused

LOOKED_AT = 100
"""So many of the newest entries are looked at: the first screen must not wait for years of a journal."""
MOST_SHOWN = 3
"""Of each kind; more would be a list to work through at the moment when a person wants to begin."""


@frozen
class Waiting:
    """A finished entry of which something is due: the longest due of it, and how much more there is."""

    entry_id: str
    title: str
    first: Due
    more: int


@frozen
class Home:
    """`unfinished` newest first, `due` what came due last first. So many `more_unfinished` are not among
    them; `is_more_due` says the same of what is due.

    `problems` are those of the journal's files, to be told.
    """

    now: datetime
    unfinished: tuple[Listed, ...]
    due: tuple[Waiting, ...]
    playbooks: tuple[ListedPlaybook, ...]
    more_unfinished: int = 0
    is_more_due: bool = False
    problems: tuple[Problem, ...] = ()


@frozen
class GoOn:
    """Go on with an unfinished entry."""

    entry_id: str


@frozen
class SeePlan:
    """See the plan of an entry of which something is due."""

    entry_id: str


@frozen
class Begin:
    """Begin a playbook."""

    playbook_id: str


HomeReply = GoOn | SeePlan | Begin | None
"""None: nothing for now."""


def look_away(library: Library, clock: Clock) -> Home:
    """What there is to do, where nobody has opened the journal."""
    return Home(clock.now(), (), (), tuple(library.listing()))


def look_around(journal: Journal, library: Library, clock: Clock) -> Home:
    """What waits at this moment. What can't be read is told, and hides nothing else."""
    now = clock.now()
    listing = journal.listing(newest=LOOKED_AT)
    unfinished = [each for each in listing.entries if each.state == "open"]
    finished = [each.id for each in listing.entries if each.state == "finished"]
    perhaps = journal.perhaps_due(finished, until=now.date() + timedelta(days=1))  # a day more, for other zones
    due = tuple(islice(_waiting(journal, perhaps, now), MOST_SHOWN + 1))
    return Home(
        now,
        tuple(unfinished[:MOST_SHOWN]),
        due[:MOST_SHOWN],
        tuple(library.listing()),
        more_unfinished=max(0, len(unfinished) - MOST_SHOWN),
        is_more_due=len(due) > MOST_SHOWN,
        problems=listing.problems,
    )


def _waiting(journal: Journal, entry_ids: tuple[str, ...], now: datetime) -> Iterator[Waiting]:
    for entry_id in entry_ids:
        try:
            entry = journal.read(entry_id).entry
        except Refused:
            continue  # the listing has told what is the matter with it
        things = due_now(entry, now=now)
        if things:
            yield Waiting(entry.id, entry.playbook.title, things[0], len(things) - 1)
