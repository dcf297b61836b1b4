"""`careerkit resume`: go on where you stopped."""

from __future__ import annotations

from typing import Any

import typer
from typer.main import get_command

from careerkit.cli.entries import EntryArgument, pick
from careerkit.cli.request import Command, request_of
from careerkit.core.journal.only import Only


def command() -> Any:
    """The command."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

    @app.command(cls=Command)
    def resume(context: typer.Context, entry: EntryArgument = "") -> int:
        """Go on where you stopped: the newest unfinished entry, or the one you name.

        Example: careerkit resume k3f9
        """
        from careerkit.cli import conversation, screens, wiring

        request = request_of(context)
        unfinished = Only(state="open")
        wanted = pick(wiring.journal(request), entry, fits=lambda _: True, noun="unfinished entry", only=unfinished)
        with screens.curtain(request):
            return conversation.go_on(request, wanted)

    return get_command(app)
