"""Collect the agenda from the journal."""

from __future__ import annotations

from datetime import datetime, timedelta

from careerkit.core.errors import Problem
from careerkit.core.frozen import frozen
from careerkit.core.journal.agenda import AgendaItem, add_days, select_items

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.coaching.ports import Journal


@frozen
class Agenda:
    """What is due, in order. `problems`: files that could not be read."""

    items: tuple[AgendaItem, ...]
    problems: tuple[Problem, ...] = ()


def load_agenda(journal: Journal, *, now: datetime, days: int | None) -> Agenda:
    """The agenda of the next `days` days, or without a limit. Entries that can't be read are named in its problems."""
    until = None if days is None else add_days(now.date(), timedelta(days=days))
    items, problems = journal.agenda(until=until)
    return Agenda(select_items(items, now=now, days=days), problems)
