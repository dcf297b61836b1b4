"""`careerkit journal note`: add a note to an entry, or remove one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli.container import is_readable_without_prompt
from careerkit.cli.display import open_screen, private_screen
from careerkit.cli.entry_arguments import describe_entry, open_changes, report_change
from careerkit.cli.process import STOPPED
from careerkit.cli.prompts import read_text
from careerkit.coaching.entry_changes import MAX_QUOTED_LENGTH, ask_for_note, validate_note
from careerkit.coaching.screen import EndOfInput
from careerkit.core.journal.entry_list import get_handle
from careerkit.core.text import abbreviate

if TYPE_CHECKING:
    from collections.abc import Callable

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.events import Event


def note(options: GlobalOptions, *, entry: str, file: str | None, remove: str, restore: bool) -> int:
    """Add a note from the terminal, standard input or a file; or remove one, or restore the one removed last."""
    if remove or restore:
        _remove_or_restore(options, entry, remove)
        return 0
    return _add(options, entry, file)


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
