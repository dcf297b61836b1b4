"""An entry with all that there is to see of it: what happened later, and what its corrections would lead to."""

from __future__ import annotations

from collections.abc import Callable

from careerkit.coaching.changes import result_changed
from careerkit.coaching.changing import gone
from careerkit.coaching.ports import Journal
from careerkit.core.frozen import frozen
from careerkit.core.journal.corrected import before_and_now
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.history import History, history
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.problem import Problem, Refused


@frozen
class Seen:
    """`playbook` is None where its copy can't be had. `now` is what would follow from the corrected answers.

    `news` says how that differs from what the first answers lead to, a line for each kind of change; None where that
    is not known. `problems` are to be said.
    """

    entry: Entry
    history: History
    playbook: Playbook | None = None
    now: Outcome | None = None
    news: tuple[str, ...] | None = None
    problems: tuple[Problem, ...] = ()


def see(journal: Journal, entry_id: str, playbook_of: Callable[[Entry], Playbook | None]) -> Seen:
    """The entry as it stands. Refused where it can't be read, or is gone for good."""
    events = journal.events(entry_id)
    happened = history(events.events)
    if happened.gone:
        raise Refused(gone(entry_id))
    reading = journal.read(entry_id)
    entry, problems = reading.entry, reading.problems + events.problems
    playbook = playbook_of(entry)
    both = before_and_now(entry, happened, playbook) if playbook else None
    if playbook is None or both is None:
        return Seen(entry, happened, playbook, problems=problems)
    first, now = both
    return Seen(entry, happened, playbook, now, result_changed(first, now, playbook), problems)
