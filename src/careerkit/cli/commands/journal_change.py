"""`careerkit journal edit`, `tag`, `untag`, `note`, `remove` and `restore`: change an entry, or take it out of all lists."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, erase_journal, is_readable_without_prompt, load_playbook, open_journal
from careerkit.cli.display import (
    ask_line,
    describe_entry,
    is_interactive,
    open_changes,
    open_screen,
    private_screen,
    read_answers,
    read_text,
    report_change,
    select_entry,
)
from careerkit.cli.output import print_info, print_problems, wrap_for, write_json
from careerkit.cli.process import STOPPED
from careerkit.coaching.entry_changes import (
    MAX_QUOTED_LENGTH,
    EntryChanges,
    ask_for_note,
    remove_forever,
    validate_note,
)
from careerkit.coaching.ports import EndOfInput
from careerkit.core.errors import Problem, Refused
from careerkit.core.journal.entry_list import EntryFilter, fold_tag, get_handle, parse_tags
from careerkit.core.text import abbreviate, choose_verb, format_count
from careerkit.storage.erasure import count_contents
from careerkit.storage.platform import find_folders
from careerkit.storage.playbook_library import PlaybookCache
from careerkit.terminal.sanitize import sanitize, sanitize_line
from careerkit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.corrections import CorrectionSession
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.entry_list import Event
    from careerkit.core.playbook.model import Playbook
    from careerkit.storage.erasure import JournalContents
    from careerkit.storage.journal import DiskJournal

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


def edit(options: GlobalOptions, *, entry: str, answers: str | None, update_plan: bool) -> None:
    """Correct answers in a finished entry, at the terminal or from a file, and update its plan if the person says yes."""
    from careerkit.coaching.corrections import CorrectionSession  # tags don't need it

    journal = open_journal(options)
    entry_id = select_entry(journal, entry, only=EntryFilter(state="finished"), noun="finished entry")
    changes = EntryChanges(journal, build_clock(), entry_id)
    reading = journal.read(entry_id)
    print_problems(reading.problems, as_json=options.json)
    playbook, _ = load_playbook(journal, reading.entry)
    correcting = CorrectionSession(reading.entry, playbook, changes)
    try:
        if answers is not None or not update_plan:
            _correct(options, correcting, answers)
    except BaseException:  # Ctrl-C after something was saved, for example
        if correcting.events:
            _report_corrections(options, correcting, entry_id)
        raise
    updated = _update_plan(options, reading.entry, playbook, changes, always=update_plan, asks=answers is None)
    _report_corrections(options, correcting, entry_id, updated)


def tag(options: GlobalOptions, *, entry: str, tags: Sequence[str]) -> None:
    """Add tags to an entry."""
    wanted = parse_tags(tags)
    changes = open_changes(options, entry)
    events = changes.tag(wanted)
    report_change(options, changes.entry_id, events, _format_tags(options, changes))


def untag(options: GlobalOptions, *, entry: str, tags: Sequence[str]) -> None:
    """Remove tags from an entry."""
    wanted = parse_tags(tags)
    changes = open_changes(options, entry)
    known = set(map(fold_tag, changes.history.tags))
    missing = [each for each in wanted if fold_tag(each) not in known]
    events = changes.untag(wanted)
    sentences = [f"It didn't have the tag {each}." for each in missing]
    report_change(options, changes.entry_id, events, *sentences, _format_tags(options, changes))


def note(options: GlobalOptions, *, entry: str, file: str | None, remove: str, restore: bool) -> int:
    """Add a note from the terminal, standard input or a file; or remove one, or restore the one removed last."""
    if remove or restore:
        _remove_or_restore(options, entry, remove)
        return 0
    return _add(options, entry, file)


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


def _correct(options: GlobalOptions, correcting: CorrectionSession, file: str | None) -> None:
    if file is not None:
        correcting.apply_all(read_answers(file))
        return
    with private_screen(options), suppress(EndOfInput):
        correcting.run(open_screen(options))


def _update_plan(
    options: GlobalOptions, entry: Entry, playbook: Playbook, changes: EntryChanges, *, always: bool, asks: bool
) -> str:
    """Update the open actions if the person wants it. Returns a sentence about the plan; "" if it stays the same."""
    from careerkit.coaching.corrections import apply_plan_update, propose_plan_update  # tags don't need it

    update = propose_plan_update(entry, playbook, changes, today=build_clock().now().date())
    if update is None:
        return ""
    if not options.json:
        for line in ("The plan would change:", *(f"- {line}" for line in update.lines)):
            print_info(line)
    agreed = always
    if not always and asks and is_interactive(options):
        with suppress(EndOfInput):
            agreed = open_screen(options).confirm("Update the open actions of your plan?", default=True)
    if not agreed:
        command = options.format_command(f"journal edit {entry.handle} --update-plan")
        return f"The plan is unchanged. To update it: {command}"
    apply_plan_update(changes, update)
    return f"The plan is updated. To see it: {options.format_command(f'plan show {entry.handle}')}"


def _report_corrections(
    options: GlobalOptions, correcting: CorrectionSession, entry_id: str, updated: str = ""
) -> None:
    count, named = len(correcting.events), describe_entry(options, entry_id)
    if not count:
        report_change(options, entry_id, (), *([updated] if updated else [f"Nothing was changed in {named}."]))
        return
    kept = choose_verb(count, "The first one is", "The first ones are")
    done = f"Corrected {format_count(count, 'answer')} in {named}. {kept} kept. {updated or 'The plan stays the same.'}"
    command = options.format_command(f"journal show {get_handle(entry_id)}")
    report_change(options, entry_id, correcting.events, done, f"See both: {command}")


def _format_tags(options: GlobalOptions, changes: EntryChanges) -> str:
    tags = " ".join(f"#{each}" for each in changes.history.tags) or "no tags"
    return f"{describe_entry(options, changes.entry_id)}: {tags}"


def _remove_or_restore(options: GlobalOptions, entry: str, remove: str) -> None:
    changes = open_changes(options, entry)
    named = describe_entry(options, changes.entry_id)
    event, text = changes.remove_note(remove) if remove else changes.restore_note()
    shown = abbreviate(text, MAX_QUOTED_LENGTH)
    done = f"Removed the note from {named}: {shown}" if remove else f"Restored the note to {named}: {shown}"
    undo = options.format_command(f"journal note {get_handle(changes.entry_id)} --restore")
    report_change(options, changes.entry_id, [event], done, *([f"Bring it back with: {undo}"] if remove else []))


def _add(options: GlobalOptions, entry: str, file: str | None) -> int:
    is_readable = is_readable_without_prompt(options)  # otherwise only file names are used: writing needs no passphrase
    changes = open_changes(options, entry, indexed=is_readable)
    if is_readable:
        changes.check()
    named = describe_entry(options, changes.entry_id) if is_readable else get_handle(changes.entry_id)

    saved: list[Event] = []
    try:
        return 0 if _read_note(options, named, file, lambda text: saved.append(changes.note(text))) else STOPPED
    finally:  # also after Ctrl-C
        if saved:
            report_change(options, changes.entry_id, saved, f"Added a note to {named}.")


def _read_note(options: GlobalOptions, named: str, file: str | None, save: Callable[[str], None]) -> bool:
    """Pass the text to `save`. Returns False if the person leaves without one."""
    if file is None and sys.stdin.isatty():
        return _ask(options, named, save)
    save(validate_note(read_text(file)))
    return True


def _ask(options: GlobalOptions, named: str, save: Callable[[str], None]) -> bool:
    with private_screen(options):
        try:
            return ask_for_note(open_screen(options), save, about=named)
        except EndOfInput:
            return False


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
