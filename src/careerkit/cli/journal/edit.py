"""`careerkit journal edit`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.cli.entries import FinishedEntry
from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from careerkit.cli.asked import Request
    from careerkit.coaching.correcting import Correcting


def edit(
    context: typer.Context,
    entry: FinishedEntry = "",
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE", help="Take the corrected answers from a TOML file.", show_default=False
        ),
    ] = None,
) -> None:
    """Correct answers of a finished entry. The first answers are kept and shown beside them.

    What was given when the entry was finished stays too; `careerkit journal show` says what would be otherwise now.

    Example: careerkit journal edit k3f9
    """
    from careerkit.cli import wiring
    from careerkit.cli.errors import tell as complain
    from careerkit.cli.journal.changed import find
    from careerkit.coaching.changing import Changes
    from careerkit.coaching.correcting import Correcting
    from careerkit.core.journal.only import Only

    request = request_of(context)
    journal = wiring.journal(request)
    entry_id = find(journal, entry, only=Only(state="finished"), noun="finished entry")
    changes = Changes(journal, wiring.clock(), entry_id)
    reading = journal.read(entry_id)
    complain(reading.problems, as_json=request.json)
    playbook, _ = wiring.playbook_of(journal, reading.entry)
    correcting = Correcting(reading.entry, playbook, changes)
    try:
        _correct(request, correcting, answers)
    except BaseException:  # a Ctrl-C behind what was saved, say
        if correcting.events:
            _tell(request, correcting, entry_id)
        raise
    _tell(request, correcting, entry_id)


def _correct(request: Request, correcting: Correcting, file: Path | None) -> None:
    if file is not None:
        from careerkit.cli.answers import read_answers

        correcting.take(read_answers(file))
        return
    from contextlib import suppress

    from careerkit.cli import screens
    from careerkit.coaching.screen import EndOfInput

    with screens.curtain(request), suppress(EndOfInput):
        correcting.conduct(screens.screen(request))


def _tell(request: Request, correcting: Correcting, entry_id: str) -> None:
    from careerkit.cli.journal.changed import name, tell
    from careerkit.core.journal.listed import handle_of

    count, named = len(correcting.events), name(request, entry_id)
    if not count:
        tell(request, entry_id, (), f"Nothing was changed in {named}.")
        return
    answers, ones = ("1 answer", "The first one is") if count == 1 else (f"{count} answers", "The first ones are")
    done = f"Corrected {answers} of {named}. {ones} kept, and what followed stays as it was."
    both = request.line(f"journal show {handle_of(entry_id)}")
    tell(request, entry_id, correcting.events, done, f"{both} has both.")
