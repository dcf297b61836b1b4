"""`--from ENTRY`: the answers of an earlier entry with which a playbook begins."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.cli import wiring
from careerkit.cli.asked import Request
from careerkit.cli.errors import tell
from careerkit.coaching.linking import Link, carried, links, told
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry import Entry
from careerkit.core.playbook.model import Playbook
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Value


@frozen
class Came:
    """`told` says it at the beginning."""

    answers: Mapping[str, Value]
    told: str


def coming_along(request: Request, named: str, onto: Playbook) -> Came:
    """What comes along from the entry that `named` means; Refused where none of its findings leads to `onto`."""
    journal = wiring.journal(request)
    reading = journal.read(journal.find(named))
    if reading.problems:
        tell(reading.problems, as_json=request.json)
    entry = reading.entry
    link = next((each for each in links(entry) if each.playbook_id == onto.id), None)
    if link is None:
        raise Refused(_leads_elsewhere(entry, onto))
    answers = _answers(request, entry, link, onto)
    return Came(answers, told(len(answers), entry.playbook.title))


def _answers(request: Request, entry: Entry, link: Link, onto: Playbook) -> Mapping[str, Value]:
    before = wiring.playbook_if_kept(request, entry)
    return carried(entry, before, link, onto, today=wiring.clock().now().date())


def _leads_elsewhere(entry: Entry, onto: Playbook) -> Problem:
    there = ", ".join(f"careerkit {each.playbook_id.replace('/', ' ')}" for each in links(entry))
    if entry.finished is None:
        hint = f"It is not finished: careerkit resume {entry.handle}"
    else:
        hint = f"It leads to: {there}." if there else "Leave --from out."
    return Problem("leads-elsewhere", f"Nothing in that entry leads to {onto.id}.", hint, entry.handle)
