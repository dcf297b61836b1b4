"""`careerkit journal trend`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.cli.completing import complete_number, complete_playbook
from careerkit.cli.entries_shown import only_from
from careerkit.cli.journal.listing import Since, TagOption, Until
from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from careerkit.cli.asked import Request
    from careerkit.coaching.trending import PlaybookOf
    from careerkit.core.journal.only import Only

PlaybookArgument = Annotated[
    str, typer.Argument(metavar="[PLAYBOOK]", help="Its id.", autocompletion=complete_playbook, show_default=False)
]
NumberArgument = Annotated[
    str,
    typer.Argument(
        metavar="[NUMBER]",
        help="The id of a scale, a number or a computed value.",
        autocompletion=complete_number,
        show_default=False,
    ),
]

USUAL = 40
"""Rows that a chart has unless more are asked for."""


def trend(
    context: typer.Context,
    *,
    playbook: PlaybookArgument = "",
    number: NumberArgument = "",
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
    """Show a number of a playbook over time.

    Corrections that were made since count. Without the number: which there are, in that playbook or in all.

    Example: careerkit journal trend crisis/start severity --since "last year"
    """
    request = request_of(context)
    only = only_from(playbook=playbook, tag=tag, since=since, until=until)
    if number:
        _show(request, only, number, limit)
    else:
        _list(request, only)


def _show(request: Request, only: Only, number: str, limit: int) -> None:
    from careerkit.cli import screens, wiring
    from careerkit.cli.errors import tell
    from careerkit.coaching.trending import newest, trend

    with screens.progress(request, "Reading") as advance:
        found, problems = trend(
            wiring.journal(request), number, only=only, playbook_of=_playbook_of(request), advance=advance
        )
    shown = newest(found, limit or (len(found.points) if request.json else USUAL))
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.trend_as_json import trend_as_json

        write(json_text(trend_as_json(shown)))
    else:
        screens.show_trend(request, shown, older=len(found.points) - len(shown.points))
    tell(problems, as_json=request.json)


def _list(request: Request, only: Only) -> None:
    from careerkit.cli import screens, wiring
    from careerkit.cli.errors import remark, tell
    from careerkit.coaching.trending import charted

    with screens.progress(request, "Reading") as advance:
        found, problems = charted(
            wiring.journal(request), only=only, playbook_of=_playbook_of(request), advance=advance
        )
    if request.json:
        from careerkit.cli.output import json_text, write
        from careerkit.export.trend_as_json import charted_as_json

        write(json_text(charted_as_json(found)))
    else:
        from careerkit.terminal.trend_view import write_charted

        write_charted(found, **screens.paper())
        most = max(found, key=lambda each: each.entries)
        remark(f"Show one of them: {request.line(f'journal trend {most.playbook} {most.name}')}")
    tell(problems, as_json=request.json)


def _playbook_of(request: Request) -> PlaybookOf:
    from careerkit.cli import wiring

    return lambda entry: wiring.playbook_if_kept(request, entry)
