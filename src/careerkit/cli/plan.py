"""`careerkit plan`: show, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from careerkit.cli.completing import complete_draft
from careerkit.cli.entries import EntryArgument, pick
from careerkit.cli.request import group, request_of
from careerkit.core.problem import Problem, Refused, nearest

if TYPE_CHECKING:
    from datetime import datetime

    from careerkit.cli.asked import Request
    from careerkit.core.journal.entry import Entry


def command() -> Any:
    """The group of commands."""
    return group("plan", "What you will do.\n\nExample: careerkit plan show", show=show, export=export)


def show(
    context: typer.Context,
    entry: EntryArgument = "",
    draft: Annotated[
        str,
        typer.Option("--draft", metavar="ID", help="Print one draft, to be copied.", autocompletion=complete_draft),
    ] = "",
) -> None:
    """Show the plan of an entry: actions and check-ins with their dates.

    Example: careerkit plan show last --draft opening
    """
    from careerkit.cli import screens
    from careerkit.cli.output import json_text, write

    request = request_of(context)
    found, corrected = read_plan(request, entry)
    if draft:
        write(_draft_text(found, draft))
        _say_corrected(request, corrected)
    elif request.json:
        from careerkit.export.as_json import plan_as_json

        write(json_text(plan_as_json(found, corrected)))
    else:
        screens.show_plan(request, found, corrected)


def export(
    context: typer.Context,
    entry: EntryArgument = "",
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    shared: Annotated[bool, typer.Option("--shared", help="Leave out what is private.")] = False,
) -> None:
    """Write findings, plan and drafts as Markdown.

    To standard output, or to a file.

    Example: careerkit plan export last --output plan.md
    """
    from careerkit.cli import wiring
    from careerkit.cli.output import write, write_file
    from careerkit.coaching.sharing import share
    from careerkit.export.markdown import markdown

    request = request_of(context)
    found, corrected = read_plan(request, entry)
    playbook, _ = wiring.playbook_of(wiring.journal(request), found)
    if shared:
        found = share(found, playbook)
    cites = {each.id: each.cite for each in playbook.sources}
    text = markdown(found, sources=cites, playbook=playbook, with_people=not shared, corrected=corrected)
    if output is None:
        write(text)
    else:
        write_file(output, text, force=force)
    wiring.say_it_is_plain(request)


def read_plan(request: Request, named: str) -> tuple[Entry, datetime | None]:
    """The entry that is named, or the newest with a plan, and when its answers were corrected after that was given.

    Refused where it has none yet.
    """
    from careerkit.cli import wiring
    from careerkit.cli.errors import tell
    from careerkit.core.journal.corrected import corrected_at
    from careerkit.core.journal.history import history

    journal = wiring.journal(request)
    reading = journal.read(pick(journal, named, fits=lambda each: each.actions_open > 0, noun="plan"))
    entry = reading.entry
    if entry.outcome is None:
        tell(reading.problems, as_json=request.json)
        hint = f"Go on with it: {request.line(f'resume {entry.handle}')}"
        raise Refused(Problem("no-plan-yet", "This entry has no plan yet.", hint, entry.handle))
    events = journal.events(entry.id)
    tell((*reading.problems, *events.problems), as_json=request.json)
    return entry, corrected_at(entry, history(events.events))


def _say_corrected(request: Request, corrected: datetime | None) -> None:
    """On standard error: the draft alone goes to standard output, to be copied."""
    from careerkit.cli.errors import remark
    from careerkit.coaching.changes import corrected_since

    if corrected and not request.json:
        remark(corrected_since(corrected))


def _draft_text(entry: Entry, draft_id: str) -> str:
    from careerkit.terminal.safe import safe

    drafts = {each.id: each for each in entry.outcome.drafts} if entry.outcome else {}
    if draft_id not in drafts:
        near = nearest(draft_id, drafts)
        hint = f"Did you mean {near}?" if near else f"There are: {', '.join(drafts) or 'none'}."
        raise Refused(Problem("unknown-draft", f"There is no draft {draft_id!r}.", hint, entry.handle))
    return safe(drafts[draft_id].text)
