"""`careerkit journal trend`."""

from __future__ import annotations

from typing import Annotated

import typer

from careerkit.cli.entries import complete_playbook
from careerkit.cli.entries_shown import only_from
from careerkit.cli.journal.listing import Since, TagOption, Until
from careerkit.cli.request import request_of

USUAL = 40
"""Rows that a chart has unless more are asked for."""


def trend(
    context: typer.Context,
    playbook: Annotated[
        str, typer.Argument(metavar="PLAYBOOK", help="Its id.", autocompletion=complete_playbook, show_default=False)
    ],
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The id of a scale, a number or a computed value.")],
    *,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            min=0,
            metavar="N",
            help="How many, the newest; 40 unless said, all with --json.",
            show_default=False,
        ),
    ] = 0,
    tag: TagOption = "",
    since: Since = "",
    until: Until = "",
) -> None:
    """Show one number of a playbook over time, with the corrections that were made since.

    Example: careerkit journal trend crisis/start severity --since "last year"
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.errors import tell
    from careerkit.coaching.trending import newest
    from careerkit.coaching.trending import trend as follow

    request = request_of(context)
    only = only_from(playbook=playbook, tag=tag, since=since, until=until)
    with screens.progress(request, "Reading") as advance:
        found, problems = follow(
            wiring.journal(request),
            number,
            only=only,
            playbook_of=lambda entry: wiring.playbook_if_kept(request, entry),
            advance=advance,
        )
    shown = newest(found, limit or (len(found.points) if request.json else USUAL))
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.trend_as_json import trend_as_json

        write(json_text(trend_as_json(shown)))
    else:
        screens.show_trend(request, shown, older=len(found.points) - len(shown.points))
    tell(problems, as_json=request.json)
