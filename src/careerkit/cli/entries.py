"""Which entry a command means."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from careerkit.cli.completing import (
    Offered,
    complete_entry,
    complete_finished_entry,
    complete_open_entry,
    complete_removed_entry,
)
from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from careerkit.core.journal.listed import Listed
    from careerkit.storage.journal_folder import DiskJournal


def _named(complete: Callable[[typer.Context, str], Offered]) -> Any:
    hint = "The beginning of its id, or `last`."
    return typer.Argument(metavar="[ENTRY]", help=hint, autocompletion=complete, show_default=False)


EntryArgument = Annotated[str, _named(complete_entry)]
OpenEntry = Annotated[str, _named(complete_open_entry)]
FinishedEntry = Annotated[str, _named(complete_finished_entry)]
RemovedEntry = Annotated[str, _named(complete_removed_entry)]

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


BEGIN_ONE = "Begin one, for instance: careerkit crisis start"
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
    raise Refused(Problem("no-entry", f"There is no {noun}.", BEGIN_ONE))
