"""Every playbook as a command: the place of its file is its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.main import get_command

from careerkit.cli.entries import FromEntry
from careerkit.cli.request import Command, Group, request_of
from careerkit.cli.wiring import curtain

if TYPE_CHECKING:
    from careerkit.cli.coming_along import Came
    from careerkit.cli.request import Request
    from careerkit.core.interview import Lane
    from careerkit.core.playbook.model import Playbook

Answers = Annotated[
    Path | None,
    typer.Option("--answers", metavar="FILE", help="Take all answers from a TOML file and ask nothing."),
]
Quick = Annotated[bool, typer.Option("--quick", help="Only the quick lane; go on later with `careerkit resume`.")]
New = Annotated[bool, typer.Option("--new", help="Start anew, even where one is unfinished.")]


class PlaybookGroup(Group):
    """A group of playbooks: the commands are its files."""

    def list_commands(self, ctx: Any) -> list[str]:
        from careerkit.cli.wiring import library

        return [each.id.partition("/")[2] for each in library().listing() if each.id.startswith(f"{self.name}/")]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        from careerkit.cli.wiring import library

        playbook_id = f"{self.name}/{cmd_name}"
        found = next((each for each in library().listing() if each.id == playbook_id), None)
        return _playbook_command(playbook_id, cmd_name, found.summary, found.minutes) if found else None


def group_command(name: str) -> Any:
    """The command of a group of playbooks, or None where there is no such group."""
    from careerkit.cli.wiring import library

    if name not in library().groups():
        return None
    titles = ", ".join(each.title for each in library().listing() if each.id.startswith(f"{name}/"))
    return PlaybookGroup(name=name, help=titles, rich_markup_mode=None)


def go_through(
    request: Request, reference: str, *, answers: Path | None, quick: bool, anew: bool, origin: str = ""
) -> int:
    """Run the playbook that `reference` (an id, or a file that ends in .toml) names; gives the exit code.

    `origin` is the entry whose answers it begins with, "" for none.
    """
    from careerkit.cli import wiring

    listed = next((each for each in wiring.library().listing() if each.id == reference), None)
    note = "Your own playbook, in place of the bundled one." if listed and listed.shadows else ""
    greeted = bool(listed and answers is None and wiring.greet(request, listed.title, listed.minutes, note))
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


def _playbook_command(playbook_id: str, name: str, summary: str, minutes: int | None) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    length = f"About {minutes} minutes. " if minutes else ""
    call = f"careerkit {playbook_id.replace('/', ' ')}"

    @app.command(cls=Command, help=f"{summary}\n\n{length}Stop at any time: all is saved.\n\nExample: {call}")
    def _playbook(
        context: typer.Context,
        *,
        answers: Answers = None,
        quick: Quick = False,
        new: New = False,
        origin: FromEntry = "",
    ) -> int:
        request = request_of(context)
        with curtain(request):
            return go_through(request, playbook_id, answers=answers, quick=quick, anew=new, origin=origin)

    command = get_command(app)
    command.name = name
    return command
