"""`careerkit journal remove` and `restore`: take an entry out of all lists, bring it back, or delete it for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, open_journal
from careerkit.cli.display import is_interactive
from careerkit.cli.entry_arguments import describe_entry, open_changes, report_change, select_entry
from careerkit.cli.output import print_problems, wrap_for
from careerkit.cli.prompts import ask_line
from careerkit.coaching.entry_changes import remove_forever
from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.entry_list import EntryFilter, get_handle
from careerkit.terminal.sanitize import sanitize

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.storage.journal import DiskJournal

WARNING = """This deletes {name} and its whole history for good.
It may still be in backups, in the git history or on other machines."""
CONFIRMATION = "Type {handle} to delete it, or press Enter to keep it: "


def remove(options: GlobalOptions, *, entry: str, forever: bool, confirm: str) -> None:
    """Remove an entry from all lists; with `forever` delete it. `confirm` is its id, given to skip the question."""
    if forever:
        _remove_forever(options, entry, confirm)
        return
    changes = open_changes(options, entry)
    named = describe_entry(options, changes.entry_id)
    events = changes.remove()
    done = f"Removed {named}." if events else f"{named} was already removed."
    undo = options.format_command(f"journal restore {get_handle(changes.entry_id)}")
    report_change(options, changes.entry_id, events, done, f"Bring it back with: {undo}")


def restore(options: GlobalOptions, *, entry: str) -> None:
    """Bring back a removed entry."""
    changes = open_changes(options, entry, only=EntryFilter(removed=True), noun="removed entry")
    events = changes.restore()
    named = describe_entry(options, changes.entry_id)
    report_change(options, changes.entry_id, events, f"{named} is back." if events else f"{named} was not removed.")


def _remove_forever(options: GlobalOptions, named: str, confirmed: str) -> None:
    journal = open_journal(options)
    entry_id = _resolve_including_orphans(journal, named)
    title = describe_entry(options, entry_id)
    _confirm(options, entry_id, title, confirmed)
    left = remove_forever(journal, build_clock(), entry_id)
    report_change(options, entry_id, (), f"Deleted {get_handle(entry_id)}.")
    print_problems(left, as_json=options.json)


def _resolve_including_orphans(journal: DiskJournal, named: str) -> str:
    """The entry's id, even if an interrupted deletion has left nothing of it but events."""
    try:
        return select_entry(journal, named)
    except Refused:
        if journal.events(named).events:
            return named
        raise


def _confirm(options: GlobalOptions, entry_id: str, title: str, confirmed: str) -> None:
    """Raise Refused unless the person has repeated the entry's id or its handle."""
    handle = get_handle(entry_id)
    if not confirmed and is_interactive(options):
        shown = sanitize(title, encoding=sys.stderr.encoding or "ascii")
        sys.stderr.write(wrap_for(WARNING.format(name=shown), stream=sys.stderr))
        confirmed = ask_line(CONFIRMATION.format(handle=handle)).strip()
    if confirmed.lower() in (entry_id.lower(), handle):
        return
    if confirmed:
        raise Refused(Problem("not-confirmed", "That is a different id. Nothing was deleted.", "", handle))
    hint = f"To delete it for good, add: --confirm {handle}"
    raise Refused(Problem("not-confirmed", "Nothing was deleted.", hint, handle))
