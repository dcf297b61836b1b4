"""`careerkit journal note`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.cli.entries import EntryArgument
from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from careerkit.cli.asked import Request
    from careerkit.core.journal.event import Event

STOPPED = 4


def note(
    context: typer.Context,
    entry: EntryArgument = "",
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Take the text from this file.", show_default=False)
    ] = None,
    remove: Annotated[
        str,
        typer.Option(
            "--remove",
            metavar="N",
            help="Take a note away: its number in `journal show`, or `last`.",
            show_default=False,
        ),
    ] = "",
    restore: Annotated[bool, typer.Option("--restore", help="Bring back the note that was taken away last.")] = False,
) -> int:
    """Add a note to an entry, or take one away.

    It is typed, or comes from standard input or a file. It never stands on the command line.

    Example: careerkit journal note last --file after-the-talk.txt
    """
    request = request_of(context)
    if sum((file is not None, bool(remove), restore)) > 1:
        raise typer.BadParameter("only one of --file, --remove and --restore can be given.")
    if remove or restore:
        _take_away_or_back(request, entry, remove)
        return 0
    return _add(request, entry, file)


def _take_away_or_back(request: Request, entry: str, remove: str) -> None:
    from careerkit.cli.journal.changed import changes, name, tell
    from careerkit.coaching.correcting import IN_PASSING
    from careerkit.core.journal.listed import handle_of
    from careerkit.core.wording import short_line

    found = changes(request, entry)
    named = name(request, found.entry_id)
    event, text = found.remove_note(remove) if remove else found.restore_note()
    done = f"{'Removed from' if remove else 'Back in'} {named}, the note: {short_line(text, IN_PASSING)}"
    undo = f"Bring it back with: {request.line(f'journal note {handle_of(found.entry_id)} --restore')}"
    tell(request, found.entry_id, [event], done, *([undo] if remove else []))


def _add(request: Request, entry: str, file: Path | None) -> int:
    from careerkit.cli.journal.changed import changes, name, tell
    from careerkit.cli.wiring import reads_unasked
    from careerkit.core.journal.listed import handle_of

    is_readable = reads_unasked(request)  # else only what the files' names tell: writing asks for no passphrase
    found = changes(request, entry, indexed=is_readable)
    if is_readable:
        found.check()
    named = name(request, found.entry_id) if is_readable else handle_of(found.entry_id)

    saved: list[Event] = []
    try:
        return 0 if _take(request, named, file, lambda text: saved.append(found.note(text))) else STOPPED
    finally:  # also at a Ctrl-C behind what was typed
        if saved:
            tell(request, found.entry_id, saved, f"Noted in {named}.")


def _take(request: Request, named: str, file: Path | None, save: Callable[[str], None]) -> bool:
    from careerkit.cli.text_input import read_text
    from careerkit.coaching.noting import as_note

    if file is None and sys.stdin.isatty():
        return _ask(request, named, save)
    save(as_note(read_text(file)))
    return True


def _ask(request: Request, named: str, save: Callable[[str], None]) -> bool:
    from careerkit.cli import screens
    from careerkit.coaching.noting import ask_for_note
    from careerkit.coaching.screen import EndOfInput

    with screens.curtain(request):
        try:
            return ask_for_note(screens.screen(request), save, about=named)
        except EndOfInput:
            return False
