"""Which entry a command means."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from careerkit.core.journal.listed import Listed
    from careerkit.storage.journal_folder import DiskJournal


def complete_entry(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """For the shell: the random parts of entries, newest first, with their titles where nobody need be asked for them."""
    from careerkit.cli import wiring
    from careerkit.cli.request import request_of

    journal = wiring.journal(request_of(context))
    if journal.is_encrypted:
        handles = [each.partition("-")[2] for each in reversed(journal.ids())]
        return [(each, "") for each in handles if each.startswith(incomplete)]
    entries = journal.listing(newest=None if incomplete else MOST_COMPLETED).entries
    return [(each.handle, _beside(each.title)) for each in entries if each.handle.startswith(incomplete)]


def complete_playbook(incomplete: str) -> list[tuple[str, str]]:
    """For the shell: the ids of playbooks, with their titles."""
    from careerkit.cli import wiring

    return [(each.id, _beside(each.title)) for each in wiring.library().listing() if each.id.startswith(incomplete)]


def complete_number(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """For the shell: the scales, numbers and computed values of the playbook that stands before, with what they are called."""
    from careerkit.cli import wiring
    from careerkit.core.playbook.model import NumberForm, ScaleForm

    try:
        playbook = wiring.library().find(context.params.get("playbook") or "")
    except Refused:
        return []
    asked = [(each.id, each.ask) for each in playbook.questions if isinstance(each.form, NumberForm | ScaleForm)]
    computed = [(each.id, each.label) for each in playbook.computes]
    return [(name, _beside(label)) for name, label in (*asked, *computed) if name.startswith(incomplete)]


def complete_tag(context: typer.Context, incomplete: str) -> list[str]:
    """For the shell: the tags that entries have; none where a person would have to be asked for them."""
    from careerkit.cli import wiring
    from careerkit.cli.request import request_of
    from careerkit.terminal.safe import safe

    journal = wiring.journal(request_of(context))
    entries = () if journal.is_encrypted else journal.listing().entries
    return sorted({safe(tag) for each in entries for tag in each.tags if tag.startswith(incomplete.lower())})


def _beside(title: str) -> str:
    """A title as the shell shows it: Typer takes it for Rich's markup, and the shell writes what is left as it is."""
    from rich.markup import escape

    from careerkit.terminal.safe import safe

    return escape(safe(title))


EntryArgument = Annotated[
    str,
    typer.Argument(
        metavar="[ENTRY]", help="The beginning of its id, or `last`.", autocompletion=complete_entry, show_default=False
    ),
]

FromEntry = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="ENTRY",
        help="Begin anew, with the answers that an earlier entry hands on.",
        autocompletion=complete_entry,
        show_default=False,
    ),
]


MOST_COMPLETED = 200
"""Entries that a shell is told of, the newest; nobody reads through more."""

LOOKED_AT = (20, None)
"""So many of the newest by their names are looked at for one that fits, more than begin in one minute; then all."""


def pick(
    journal: DiskJournal, named: str, *, fits: Callable[[Listed], bool], noun: str, only: Only = EVERYTHING
) -> str:
    """The id of the entry that `named` means; where it is empty, of the newest of `only` those that fits."""
    if named:
        return journal.find(named)
    for newest in LOOKED_AT:
        for each in journal.listing(newest=newest, only=only).entries:
            if fits(each):
                return each.id
    raise Refused(Problem("no-entry", f"There is no {noun}.", "Begin one, for instance: careerkit crisis start"))
