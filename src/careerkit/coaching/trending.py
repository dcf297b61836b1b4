"""The trend of one number: which entries are read, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Callable

from careerkit.coaching.ports import Journal
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.history import NOTHING_HAPPENED, histories
from careerkit.core.journal.only import Only
from careerkit.core.journal.trend import Point, Trend, measure_of, numbers_in
from careerkit.core.playbook.model import Playbook
from careerkit.core.problem import Problem, Refused, nearest

PlaybookOf = Callable[[Entry], Playbook | None]


def trend(
    journal: Journal, name: str, *, only: Only, playbook_of: PlaybookOf, advance: Callable[[], object] = lambda: None
) -> tuple[Trend, tuple[Problem, ...]]:
    """The number `name` in all entries that fit `only`, and what could not be read. Refused where it is in none.

    `only` names one playbook. `advance` is called for each entry that was read.
    """
    listing = journal.listing(only=only)
    happened = histories(journal.events().events)
    points: list[Point] = []
    others: dict[str, str] = {}
    problems = list(listing.problems)
    last: Entry | None = None
    for listed in reversed(listing.entries):
        try:
            entry = journal.read(listed.id).entry
        except Refused as refused:
            problems += refused.problems
            continue
        finally:
            advance()
        history = happened.get(entry.id, NOTHING_HAPPENED)
        numbers = numbers_in(entry, history, playbook_of(entry) if history.corrections else None)
        others |= {each: point.label for each, point in numbers.items()}
        if name in numbers:
            last = entry
            points.append(numbers[name])
    if last is None:
        raise Refused(_nothing(name, only, others, any_entry=bool(listing.entries)))
    measure = measure_of(playbook_of(last), name)
    return Trend(last.playbook.id, last.playbook.title, name, measure, tuple(points)), tuple(problems)


def newest(found: Trend, count: int) -> Trend:
    """The trend with so many of its newest points."""
    return replace(found, points=found.points[-count:])


def _nothing(name: str, only: Only, others: dict[str, str], *, any_entry: bool) -> Problem:
    if not any_entry:
        hint = "`careerkit journal list` shows what there is."
        return Problem("no-entry", f"There is no entry of {only.playbook} that fits.", hint, only.playbook)
    near = nearest(name, others)
    known = ", ".join(sorted(others))
    hint = f"Did you mean {near}?" if near else f"These are there: {known}." if known else "It has no numbers at all."
    message = f"{name} is no scale, number or computed value of {only.playbook} that has been answered."
    return Problem("no-such-number", message, hint, name)
