"""`careerkit journal export` and `import`: the whole journal as JSON lines, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from careerkit.cli.request import request_of


def export_journal(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write the whole journal as JSON lines.

    For other programs, and for `careerkit journal import`. Nothing is encrypted in it, and nothing private is left out.

    Example: careerkit journal export --output journal.jsonl
    """
    from careerkit.cli import wiring
    from careerkit.cli.output import check_target, write, write_file
    from careerkit.export.record_as_json import record_as_json

    request = request_of(context)
    if output:
        check_target(output, force=force)
    lines = wiring.care(request).json_lines(record_as_json)
    if output:
        write_file(output, "".join(f"{line}\n" for line in lines), force=force)
    else:
        for line in lines:
            write(line)
    wiring.say_it_is_plain(request)


def import_journal(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="What `export` wrote; - for standard input.")],
) -> None:
    """Bring in what `journal export` wrote.

    What the journal lacks is added; what is there stays as it is. Every line is checked before anything is written.

    Example: careerkit journal import journal.jsonl
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.journal.backup import tell_arrival
    from careerkit.storage.json_lines import from_json_lines

    request = request_of(context)
    journal = wiring.journal(request)
    files = from_json_lines(_lines(file), file)
    with screens.progress(request, "Bringing in", len(files)) as advance:
        arrived = wiring.care(request).bring_in(files, advance=advance)
    tell_arrival(arrived, journal=journal.folder, as_json=request.json)


def _lines(file: str) -> list[str]:
    from careerkit.core.problem import Problem, Refused
    from careerkit.storage.plain_file import read_file

    data = sys.stdin.buffer.read() if file == "-" else read_file(file)
    if data is None:
        raise Refused(Problem("unknown-file", "There is no such file.", "", file))
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        message = f"Its byte {error.start + 1} is not UTF-8."
        raise Refused(Problem("not-an-export", message, "Nothing was brought in.", file)) from error
