"""`careerkit doctor`: is the journal whole?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from careerkit.cli.request import request_of, single

if TYPE_CHECKING:
    from careerkit.core.problem import Problem
    from careerkit.storage.checkup import Found
    from careerkit.storage.checkup.cure import Cured


def command() -> Any:
    """The command."""
    return single(doctor, name="doctor")


def doctor(
    context: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Move what is in the way into a quarantine.")] = False,
) -> None:
    """Look at every file of the journal, and say what is wrong.

    With --fix, what is damaged, left over or astray moves into the folder `quarantine`, and what others can open is
    closed to them. Nothing is deleted or rewritten.

    Example: careerkit doctor --fix
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.errors import fitted
    from careerkit.cli.output import json_text, write
    from careerkit.export.as_json import problems_as_json

    request = request_of(context)
    care, now = wiring.care(request), wiring.clock().now()
    with screens.progress(request, "Looking") as advance:
        found = care.examine(now=now, advance=advance)
    cured = care.cure(found, now=now) if fix else []
    mended = [each.problem for each in cured]
    left = [each.problem for each in found.complaints if each.problem not in mended]
    if request.json:
        fixed = [{**row, "to": each.to} for row, each in zip(problems_as_json(mended), cured, strict=True)]
        write(json_text({"problems": problems_as_json(left), "fixed": fixed}))
    else:
        lines = [*_told(left), *_mended(cured), _looked_at(found, wiring.journal(request).folder)]
        write("".join(fitted(line, to=sys.stdout) for line in lines))
    if left:
        raise typer.Exit(1)


def _told(problems: list[Problem]) -> list[str]:
    from careerkit.terminal.safe import safe, safe_line

    lines = []
    for problem in problems:
        where = f"{problem.where}: " if str(problem.where) else ""
        lines += [f"{safe_line(where)}{problem.code}", f"  {safe(problem.message)} {safe(problem.hint)}".rstrip()]
    return lines


def _mended(cured: list[Cured]) -> list[str]:
    from careerkit.terminal.safe import safe_line

    done = {"open-to-others": "closed to others: ", "index-stale": "made anew"}
    return [f"{it.problem.code}: {done.get(it.problem.code, 'moved to ')}{safe_line(it.to)}" for it in cured]


def _looked_at(found: Found, folder: str) -> str:
    from careerkit.terminal.safe import safe_line

    if not Path(folder).is_dir():
        return f"There is no journal in {safe_line(folder)} yet."
    counts = ((found.entries, "entry", "entries"), (found.events, "event", "events"))
    told = [f"{number:,} {one if number == 1 else many}" for number, one, many in counts]
    books = f"{found.playbooks:,} {'copy' if found.playbooks == 1 else 'copies'} of playbooks"
    verdict = "The journal is whole." if not found.complaints else ""
    return f"Looked at {told[0]}, {told[1]} and {books}. {verdict}".rstrip()
