"""The ENTRY argument of a command: select the entry it names, open it for changes, and report what was changed."""

from __future__ import annotations

import sys

from careerkit.cli.container import build_clock, open_journal
from careerkit.cli.output import accept_read_failures, print_info, report_later, write_json
from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, get_handle
from careerkit.storage.failures import is_read_failure
from careerkit.terminal.sanitize import sanitize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.entry_changes import EntryChanges
    from careerkit.core.journal.entry_list import EntrySummary
    from careerkit.core.journal.events import Event
    from careerkit.storage.journal import DiskJournal


START_HINT = "Start one, for example: careerkit crisis start"
SCAN_LIMIT = 20
"""If the newest entry doesn't fit, this many are searched; if none of them fits, all are."""


def select_entry(
    journal: DiskJournal,
    named: str,
    *,
    only: EntryFilter = NO_FILTER,
    fits: Callable[[EntrySummary], bool] | None = None,
    noun: str = "entry",
) -> str:
    """The id of the entry that `named` means or, if it is "", of the newest that matches `only` and fits.

    Raises Refused if there is none. `noun` is what the error calls such an entry.
    """
    if named:
        entry_id = journal.resolve_id(named)
        report_later(journal.read_failures)
        return entry_id
    for newest in (1, SCAN_LIMIT, None) if fits else (1,):
        listing = journal.listing(limit=newest, entry_filter=only)
        report_later(filter(is_read_failure, listing.problems))
        for each in listing.entries:
            if fits is None or fits(each):
                return each.id
    is_unfiltered = only == NO_FILTER or only.state == "open" or fits
    hint = START_HINT if is_unfiltered else "`careerkit journal list` shows your entries."
    raise Refused(Problem("no-entry", f"There is no {noun}.", hint))


def open_changes(
    options: GlobalOptions, named: str, *, only: EntryFilter = NO_FILTER, noun: str = "entry", indexed: bool = True
) -> EntryChanges:
    """The changes of that entry, to add to them. Raises Refused if there is no such entry.

    Without the index, an entry named by its id is found by its file's name alone.
    """
    from careerkit.coaching.entry_changes import EntryChanges  # commands that only read an entry don't need it

    journal = open_journal(options, indexed=indexed)
    entry_id = select_entry(journal, named, only=only, noun=noun)
    return EntryChanges(journal, build_clock(), entry_id, report=report_later)


def describe_entry(options: GlobalOptions, entry_id: str) -> str:
    """What to call the entry in a sentence: its handle, with its title if it can be read."""
    try:
        entry = open_journal(options).read(entry_id).entry
    except Refused:
        return get_handle(entry_id)
    return f"{entry.handle} ({entry.playbook.title})"


def report_change(options: GlobalOptions, entry_id: str, events: Iterable[Event], *sentences: str) -> None:
    """Report a change: the sentences on standard error or, with --json, the recorded events on standard output."""
    ids = [event.id for event in events]
    if ids:
        accept_read_failures(as_json=options.json)
    if options.json:
        write_json({"entry": entry_id, "events": ids})
        return
    for sentence in sentences:
        shown = sanitize(sentence, encoding=sys.stderr.encoding or "ascii")
        if sys.stderr.isatty():
            print_info(shown)
        else:
            sys.stderr.write(f"{shown}\n")
