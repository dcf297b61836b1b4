"""Which entry a command changes, and how it tells what it did."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli import wiring
from careerkit.cli.entries import BEGIN_ONE
from careerkit.coaching.changing import Changes
from careerkit.core.journal.listed import handle_of
from careerkit.core.journal.only import EVERYTHING, Only
from careerkit.core.problem import Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from careerkit.cli.asked import Request
    from careerkit.core.journal.event import Event
    from careerkit.storage.journal_folder import DiskJournal


def find(journal: DiskJournal, named: str, *, only: Only = EVERYTHING, noun: str = "entry") -> str:
    """The id of the entry that `named` means; where it is empty, of the newest that fits `only`."""
    if named:
        return journal.find(named)
    newest = journal.listing(newest=1, only=only).entries
    if not newest:
        hint = BEGIN_ONE if only == EVERYTHING else "`careerkit journal list` shows what there is."
        raise Refused(Problem("no-entry", f"There is no {noun}.", hint))
    return newest[0].id


def changes(
    request: Request, named: str, *, only: Only = EVERYTHING, noun: str = "entry", indexed: bool = True
) -> Changes:
    """The changes of that entry. Refused where there is none.

    Without the index an entry whose id is given is found by its file's name alone.
    """
    journal = wiring.journal(request, indexed=indexed)
    return Changes(journal, wiring.clock(), find(journal, named, only=only, noun=noun))


def name(request: Request, entry_id: str) -> str:
    """What to call the entry in a sentence: its title where it can be read."""
    try:
        entry = wiring.journal(request).read(entry_id).entry
    except Refused:
        return handle_of(entry_id)
    return f"{entry.handle} ({entry.playbook.title})"


def tell(request: Request, entry_id: str, events: Iterable[Event], *words: str) -> None:
    """Say in `words` what was done, on standard error; with --json the events that were recorded, on standard output."""
    if request.json:
        from careerkit.cli.output import json_text, write

        write(json_text({"entry": entry_id, "events": [event.id for event in events]}))
        return
    from careerkit.cli.errors import remark
    from careerkit.terminal.safe import safe

    for line in words:
        shown = safe(line, encoding=sys.stderr.encoding or "ascii")
        if sys.stderr.isatty():
            remark(shown)
        else:
            sys.stderr.write(f"{shown}\n")
