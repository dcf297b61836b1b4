"""Going through a playbook, asked at the screen or with an answers file. Without Typer: see quickly.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from careerkit.cli.asked import Request
    from careerkit.cli.coming_along import Came
    from careerkit.core.interview import Lane
    from careerkit.core.playbook.model import Playbook


def go_through(
    request: Request, reference: str, *, answers: Path | None, quick: bool, anew: bool, origin: str = ""
) -> int:
    """Run the playbook that `reference` (an id, or a file that ends in .toml) names; gives the exit code.

    `origin` is the entry whose answers it begins with, "" for none.
    """
    from careerkit.cli import screens, wiring

    listed = next((each for each in wiring.library().listing() if each.id == reference), None)
    note = "Your own playbook, in place of the bundled one." if listed and listed.shadows else ""
    greeted = bool(listed and answers is None and screens.greet(request, listed.title, listed.minutes, note))
    found = wiring.library().open(reference)

    from careerkit.cli import conversation  # what asking needs comes after the first line on the screen

    lane: Lane = "quick" if quick else "full"
    came = _came(request, origin, found.playbook) if origin else None
    if answers is None:
        shown = None if greeted else note
        return conversation.begin(request, found.playbook, found.source, lane=lane, anew=anew, note=shown, came=came)
    from careerkit.cli.answers import read_answers

    return conversation.answer(request, found.playbook, found.source, read_answers(answers), lane=lane, came=came)


def _came(request: Request, origin: str, playbook: Playbook) -> Came:
    from careerkit.cli.coming_along import coming_along

    return coming_along(request, origin, playbook)
