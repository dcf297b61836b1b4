"""`careerkit journal remove` and `restore`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.cli.entries import EntryArgument, RemovedEntry
from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from careerkit.cli.asked import Request
    from careerkit.storage.journal_folder import DiskJournal

FOREVER = """This deletes {name} and all that happened to it, for good.
Backups, git's history and other machines may still have it."""
TYPE = "Type {handle} to do that, or Enter to leave it: "


def remove(
    context: typer.Context,
    *,
    entry: EntryArgument = "",
    forever: Annotated[bool, typer.Option("--forever", help="Delete it for good. Asks for its id.")] = False,
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="ID", help="The id, so that --forever doesn't ask.", show_default=False)
    ] = "",
) -> None:
    """Take an entry out of all lists. `careerkit journal restore` brings it back, unless it was --forever.

    Example: careerkit journal remove k3f9
    """
    from careerkit.cli.journal.changed import changes, name, tell
    from careerkit.core.journal.listed import handle_of

    request = request_of(context)
    if forever:
        _remove_forever(request, entry, confirm)
        return
    found = changes(request, entry)
    named = name(request, found.entry_id)
    events = found.remove()
    done = f"Removed {named}." if events else f"{named} was removed before."
    undo = f"Bring it back with: {request.line(f'journal restore {handle_of(found.entry_id)}')}"
    tell(request, found.entry_id, events, done, undo)


def restore(context: typer.Context, entry: RemovedEntry = "") -> None:
    """Bring back an entry that was removed.

    The newest of them, or the one you name. What a backup holds comes back with `careerkit journal restore-backup`.

    Example: careerkit journal restore k3f9
    """
    from careerkit.cli.journal.changed import changes, name, tell
    from careerkit.core.journal.only import Only

    request = request_of(context)
    found = changes(request, entry, only=Only(removed=True), noun="removed entry")
    events = found.restore()
    named = name(request, found.entry_id)
    tell(request, found.entry_id, events, f"{named} is back." if events else f"{named} was not removed.")


def _remove_forever(request: Request, named: str, confirmed: str) -> None:
    from careerkit.cli import wiring
    from careerkit.cli.errors import tell as complain
    from careerkit.cli.journal.changed import name, tell
    from careerkit.coaching.changing import remove_forever
    from careerkit.core.journal.listed import handle_of
    from careerkit.core.problem import Problem

    journal = wiring.journal(request)
    entry_id = _even_what_is_left(journal, named)
    title = name(request, entry_id)
    _confirm(request, entry_id, title, confirmed)
    left = remove_forever(journal, wiring.clock(), entry_id)
    tell(request, entry_id, (), f"{handle_of(entry_id)} is deleted.")
    message, hint = "This copy of it is still there.", "Look at it, and delete it yourself."
    complain([Problem("copy-left", message, hint, path, "warning") for path in left], as_json=request.json)


def _even_what_is_left(journal: DiskJournal, named: str) -> str:
    """The id of the entry, also where only events are left of it after a deletion that was stopped."""
    from careerkit.cli.journal.changed import find
    from careerkit.core.problem import Refused

    try:
        return find(journal, named)
    except Refused:
        if journal.events(named).events:
            return named
        raise


def _confirm(request: Request, entry_id: str, title: str, confirmed: str) -> None:
    """Refused unless the person has given the entry's id, whole or its random part, once more."""
    from careerkit.cli.errors import fitted
    from careerkit.cli.screens import is_interactive
    from careerkit.cli.text_input import ask_line
    from careerkit.core.journal.listed import handle_of
    from careerkit.core.problem import Problem, Refused
    from careerkit.terminal.safe import safe

    if not confirmed and is_interactive(request):
        shown = safe(title, encoding=sys.stderr.encoding or "ascii")
        sys.stderr.write(fitted(FOREVER.format(name=shown), to=sys.stderr))
        confirmed = ask_line(TYPE.format(handle=handle_of(entry_id))).strip()
    if confirmed.lower() in (entry_id.lower(), handle_of(entry_id)):
        return
    if confirmed:
        raise Refused(Problem("not-confirmed", "That is another id. Nothing was deleted.", "", handle_of(entry_id)))
    hint = f"To delete it for good, add: --confirm {handle_of(entry_id)}"
    raise Refused(Problem("not-confirmed", "Nothing was deleted.", hint, handle_of(entry_id)))
