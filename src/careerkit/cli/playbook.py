"""`careerkit playbook`: list, show, check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from careerkit.cli.request import group, request_of


def command() -> Any:
    """The group of commands."""
    return group(
        "playbook",
        "The playbooks themselves.\n\nExample: careerkit playbook list",
        list=list_playbooks,
        show=show,
        check=check,
    )


def list_playbooks(context: typer.Context) -> None:
    """List the playbooks, bundled and your own.

    Example: careerkit playbook list
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.errors import tell
    from careerkit.cli.output import json_text, write

    request = request_of(context)
    library = wiring.library()
    listed = library.listing()
    if request.json:
        rows = [
            {
                "id": each.id,
                "title": each.title,
                "summary": each.summary,
                "minutes": each.minutes,
                "origin": each.origin,
                "shadows": each.shadows,
            }
            for each in listed
        ]
        write(json_text({"playbooks": rows}))
    else:
        from careerkit.terminal.listing_view import write_playbooks

        write_playbooks(listed, **screens.paper())
    tell(library.problems(), as_json=request.json)


def show(
    context: typer.Context,
    playbook: Annotated[str, typer.Argument(metavar="ID|FILE", help="What ends in .toml is a file.")],
) -> None:
    """Show a playbook: its stages, questions and outcomes.

    Example: careerkit playbook show crisis/start
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.output import json_text, write

    request = request_of(context)
    found = wiring.library().open(playbook)
    if request.json:
        write(json_text(found.plain))
    else:
        from careerkit.terminal.playbook_view import write_playbook

        write_playbook(found.playbook, **screens.paper())


def check(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Playbook files.")],
) -> int:
    """Check playbook files and name every problem with its place.

    Example: careerkit playbook check my-playbook.toml
    """
    from careerkit.cli import wiring
    from careerkit.cli.errors import tell
    from careerkit.cli.output import json_text, write

    request = request_of(context)
    problems = [problem for file in files for problem in wiring.library().check(file)]
    if request.json:
        from careerkit.export.as_json import file_problems_as_json

        write(json_text({"problems": file_problems_as_json(problems)}))
    else:
        tell(problems, as_json=False)
        if not problems:
            write("No problems." if len(files) == 1 else f"No problems in {len(files)} files.")
    return 1 if any(problem.severity == "error" for problem in problems) else 0
