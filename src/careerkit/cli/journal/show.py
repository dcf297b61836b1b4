"""`careerkit journal show`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from careerkit.cli.entries import EntryArgument
from careerkit.cli.request import request_of


def show(
    context: typer.Context,
    *,
    entry: EntryArgument = "",
    raw: Annotated[bool, typer.Option("--raw", help="The entry's own file, as it lies on the disk.")] = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Write it all at once.")] = False,
) -> None:
    """Show an entry with all that belongs to it.

    The answers, what followed from them, and what was noted and corrected later.

    Example: careerkit journal show last
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.errors import tell
    from careerkit.cli.journal.changed import find
    from careerkit.coaching.seeing import see

    request = request_of(context)
    journal = wiring.journal(request)
    entry_id = find(journal, entry)
    if raw:
        _write_raw(journal.text(entry_id))
        return
    seen = see(journal, entry_id, lambda found: wiring.playbook_if_kept(request, found))
    if seen.problems:
        tell(seen.problems, as_json=request.json)
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.later_as_json import shown_as_json

        write(json_text(shown_as_json(seen.entry, seen.playbook, seen.history, seen.now)))
    else:
        screens.show_entry(request, seen, paged=not no_pager)


def _write_raw(data: bytes) -> None:
    """To the byte where another program reads it; at a terminal without what could steer that."""
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(data)
        return
    from careerkit.terminal.safe import safe

    sys.stdout.write(safe(data.decode(errors="backslashreplace"), encoding=sys.stdout.encoding or "ascii"))
