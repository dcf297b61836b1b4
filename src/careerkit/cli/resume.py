"""`careerkit resume`: go on where you stopped."""

from __future__ import annotations

from typing import Any

import typer

from careerkit.cli.entries import OpenEntry, pick
from careerkit.cli.request import request_of, single
from careerkit.core.journal.only import Only


def command() -> Any:
    """The command."""
    return single(resume, name="resume")


def resume(context: typer.Context, entry: OpenEntry = "") -> int:
    """Go on where you stopped: the newest unfinished entry, or the one you name.

    Example: careerkit resume k3f9
    """
    from careerkit.cli import conversation, screens, wiring

    request = request_of(context)
    unfinished = Only(state="open")
    wanted = pick(wiring.journal(request), entry, fits=lambda _: True, noun="unfinished entry", only=unfinished)
    with screens.curtain(request):
        return conversation.go_on(request, wanted)
