"""The trend of one number, and which numbers there are: what is read for it, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from careerkit.coaching.ports import Journal
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.history import NOTHING_HAPPENED, histories
from careerkit.core.journal.listed import Listing
from careerkit.core.journal.only import Only
from careerkit.core.journal.trend import Charted, Point, Trend, measure_of, numbers_in
from careerkit.core.playbook.model import Playbook
from careerkit.core.problem import Problem, Refused, nearest
from careerkit.core.quoted import quoted

PlaybookOf = Callable[[Entry], Playbook | None]


def trend(
    journal: Journal, name: str, *, only: Only, playbook_of: PlaybookOf, advance: Callable[[], object] = lambda: None
) -> tuple[Trend, tuple[Problem, ...]]:
    """The number `name` in all entries that fit `only`, and what could not be read. Refused where it is in none.

    `only` names one playbook. `advance` is called for each entry that was read.
    """
    listing = journal.listing(only=only)
    points: list[Point] = []
    others: dict[str, str] = {}
    problems = list(listing.problems)
    last: Entry | None = None
    for entry, numbers in _numbers(journal, listing, playbook_of, problems, advance):
        others |= {each: point.label for each, point in numbers.items()}
        if name in numbers:
            last = entry
            points.append(numbers[name])
    if last is None:
        raise Refused(_nothing(name, only, others, any_entry=bool(listing.entries)))
    measure = measure_of(playbook_of(last), name)
    return Trend(last.playbook.id, last.playbook.title, name, measure, tuple(points)), tuple(problems)


def charted(
    journal: Journal, *, only: Only, playbook_of: PlaybookOf, advance: Callable[[], object] = lambda: None
) -> tuple[tuple[Charted, ...], tuple[Problem, ...]]:
    """Every number of the entries that fit `only`, by playbook in the order of its questions and figures, and what could not be read.

    Refused where no entry fits, or none has a number.
    """
    listing = journal.listing(only=only)
    problems = list(listing.problems)
    found: dict[tuple[str, str], Charted] = {}
    for entry, numbers in _numbers(journal, listing, playbook_of, problems, advance):
        for name, point in numbers.items():
            key = entry.playbook.id, name
            count = found[key].entries + 1 if key in found else 1
            found[key] = Charted(entry.playbook.id, entry.playbook.title, name, count, point)
    if not found:
        raise Refused(_no_entry(only) if not listing.entries else _no_numbers(only))
    return tuple(sorted(found.values(), key=lambda each: each.playbook)), tuple(problems)


def newest(found: Trend, count: int) -> Trend:
    """The trend with so many of its newest points."""
    return replace(found, points=found.points[-count:])


def _numbers(
    journal: Journal, listing: Listing, playbook_of: PlaybookOf, problems: list[Problem], advance: Callable[[], object]
) -> Iterator[tuple[Entry, dict[str, Point]]]:
    """Each entry of the list that can be read, oldest first, with its numbers. What can't be read joins the `problems`."""
    happened = histories(journal.events().events)
    for listed in reversed(listing.entries):
        try:
            entry = journal.read(listed.id).entry
        except Refused as refused:
            problems += refused.problems
            continue
        finally:
            advance()
        history = happened.get(entry.id, NOTHING_HAPPENED)
        yield entry, numbers_in(entry, history, playbook_of(entry) if history.corrections else None)


def _nothing(name: str, only: Only, others: dict[str, str], *, any_entry: bool) -> Problem:
    if not any_entry:
        return _no_entry(only)
    near, named = nearest(name, others), quoted(name)
    known = ", ".join(sorted(others))
    hint = f"Did you mean {near}?" if near else f"These are there: {known}." if known else "It has no numbers at all."
    message = f"{named} is no scale, number or computed value of {only.playbook} that has been answered."
    return Problem("no-such-number", message, hint, named)


def _no_entry(only: Only) -> Problem:
    if not only.playbook:
        return Problem("no-entry", "There is no entry that fits.", "`careerkit journal list` shows what there is.")
    named = quoted(only.playbook)
    hint = "`careerkit journal trend` shows what there is to follow."
    return Problem("no-entry", f"There is no entry of {named} that fits.", hint, named)


def _no_numbers(only: Only) -> Problem:
    message = "No scale, number or computed value has been answered."
    return Problem("no-such-number", message, "`careerkit journal list` shows what there is.", only.playbook)
