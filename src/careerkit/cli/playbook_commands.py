"""Every playbook as a command: the place of its file is its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from careerkit.cli.entries import FromEntry
from careerkit.cli.going_through import go_through
from careerkit.cli.request import Group, request_of, single
from careerkit.cli.screens import curtain

Answers = Annotated[
    Path | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Ask nothing: take all answers from a TOML file, a line such as known = true for each. "
        "`careerkit playbook show` names the questions.",
    ),
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

    def missing(self) -> str:
        return missing_playbooks()


def missing_playbooks() -> str:
    """That some playbooks are no commands, where it is so."""
    from careerkit.cli.wiring import library

    return "Not every playbook can be used: `careerkit playbook list` says why." if library().problems() else ""


def group_command(name: str) -> Any:
    """The command of a group of playbooks, or None where there is no such group."""
    from careerkit.cli.wiring import library

    if name not in library().groups():
        return None
    titles = ", ".join(each.title for each in library().listing() if each.id.startswith(f"{name}/"))
    return PlaybookGroup(name=name, help=titles, rich_markup_mode=None)


def _playbook_command(playbook_id: str, name: str, summary: str, minutes: int | None) -> Any:
    length = f"About {minutes} minutes. " if minutes else ""
    call = f"careerkit {playbook_id.replace('/', ' ')}"

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

    about = f"{summary}\n\n{length}Stop at any time: all is saved.\n\nExample: {call}"
    return single(_playbook, name=name, about=about)
