"""`careerkit journal remove` and `restore`: take an entry out of all lists, bring it back, or delete it or everything."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, erase_journal, open_journal
from careerkit.cli.display import is_interactive
from careerkit.cli.entry_arguments import describe_entry, open_changes, report_change, select_entry
from careerkit.cli.output import print_info, print_problems, wrap_for, write_json
from careerkit.cli.prompts import ask_line
from careerkit.coaching.entry_changes import remove_forever
from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.entry_list import EntryFilter, get_handle
from careerkit.core.text import format_count
from careerkit.storage.leftovers.erasure import count_contents
from careerkit.storage.platform import find_folders
from careerkit.storage.playbook_library import PlaybookCache
from careerkit.terminal.sanitize import sanitize, sanitize_line
from careerkit.version import __version__

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.storage.journal import DiskJournal
    from careerkit.storage.leftovers.erasure import JournalContents

WARNING = """This deletes {name} and its whole history for good.
It may still be in backups, in the git history or on other machines."""
ALL = "all"
"""The word that confirms deleting everything."""
MAX_NAMES = 5
SYNC_WARNING = (
    "If a sync tool watches this folder, it may delete the journal on your other machines too, or bring it back from them: "
    "disconnect it first."
)
KEPT = "careerkit keeps your settings, your own playbooks and the id of this machine."
CONFIRMATION = "Type {handle} to delete it, or press Enter to keep it: "


def remove(options: GlobalOptions, *, entry: str, forever: bool, everything: bool, confirm: str) -> None:
    """Remove an entry from all lists; with `forever` delete it, with `everything` delete the whole journal.

    `confirm` is the entry's id, or the word for everything, given to skip the question.
    """
    if everything:
        if entry:
            raise Refused(Problem("usage", "Name either an entry or --all.", "", entry))
        _remove_everything(options, confirm)
        return
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


def _remove_everything(options: GlobalOptions, confirmed: str) -> None:
    journal = open_journal(options, indexed=False)
    found = count_contents(journal.folder, journal.machine_state)
    if not confirmed and is_interactive(options):
        sys.stderr.write(wrap_for(_describe_everything(journal, found), stream=sys.stderr))
        confirmed = ask_line(f"Type {ALL} to delete all of it, or press Enter to keep it: ").strip()
    if confirmed.lower() != ALL:
        hint = "" if is_interactive(options) else f"To delete it for good, add: --confirm {ALL}"
        message = "Nothing was deleted."
        raise Refused(Problem("not-confirmed", message, hint, journal.folder))
    erase_journal(options)
    PlaybookCache(find_folders().cache, __version__).clear()
    if options.json:
        counts = {name: getattr(found, name) for name in ("entries", "events", "playbooks", "others")}
        write_json({"journal": journal.folder, "deleted": counts, "left": list(found.foreign)})
        return
    print_info(f"Deleted {_count(found)}.")
    print_info(f"Copies may still be in backups, exports, calendars or git's history. {KEPT}")
    if found.foreign:
        print_info(f"Still there, because careerkit didn't make them: {', '.join(found.foreign)}")


def _describe_everything(journal: DiskJournal, found: JournalContents) -> str:
    lines = [
        f"This deletes the whole journal in {sanitize_line(journal.folder)} for good: {_count(found)}.",
        "Not deleted: backups, exports, calendars and git's history, wherever you put them.",
        KEPT,
        SYNC_WARNING,
    ]
    if found.foreign:
        names = ", ".join(sanitize_line(each) for each in found.foreign[:MAX_NAMES])
        more = f" and {len(found.foreign) - MAX_NAMES} more" if len(found.foreign) > MAX_NAMES else ""
        lines.append(f"Not deleted either, because careerkit didn't make them: {names}{more}.")
    return "\n".join(lines)


def _count(found: JournalContents) -> str:
    parts = [
        format_count(found.entries, "entry", "entries"),
        format_count(found.events, "later change"),
        format_count(found.playbooks, "playbook copy", "playbook copies"),
    ]
    others = [format_count(found.others, "other file")] if found.others else []
    *first, last = (*parts, *others)
    return f"{', '.join(first)} and {last}"


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
