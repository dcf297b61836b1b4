"""`careerkit journal backup` and `restore-backup`: the whole journal as one archive, and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from careerkit.cli.request import request_of

if TYPE_CHECKING:
    from careerkit.storage.arrival import Arrived

ArchiveArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The archive, for instance journal.tar.gz.")]


def backup(
    context: typer.Context,
    file: ArchiveArgument,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write the whole journal into one archive, and verify it.

    Any tar can open it. An encrypted journal is encrypted in it too; any other one is not.

    Example: careerkit journal backup /media/stick/journal.tar.gz
    """
    from careerkit.cli import screens, wiring
    from careerkit.cli.output import check_target, json_text, write
    from careerkit.terminal.safe import safe_line

    request = request_of(context)
    check_target(file, force=force)
    with screens.progress(request, "Backing up") as advance:
        done = wiring.care(request).back_up(str(file.absolute()), force=force, advance=advance)
    if request.json:
        write(json_text({"file": str(file), "files": done.files, "bytes": done.size}))
    else:
        write(f"{_files(done.files)} backed up in {safe_line(str(file))}, and verified.")


def restore_backup(
    context: typer.Context,
    file: ArchiveArgument,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Make a journal of it in this folder, in place of the usual one."),
    ] = None,
) -> None:
    """Bring back from a backup what the journal lacks. What is there stays as it is.

    The whole archive is verified before anything is written.

    Example: careerkit journal restore-backup /media/stick/journal.tar.gz
    """
    from careerkit.cli import screens, wiring

    request = request_of(context)
    if to:
        request.journal = str(to)
    journal = wiring.journal(request)
    with screens.progress(request, "Restoring") as advance:
        arrived = wiring.care(request).restore_backup(str(file.absolute()), advance=advance)
    tell_arrival(arrived, journal=journal.folder, as_json=request.json)


def tell_arrival(arrived: Arrived, *, journal: str, as_json: bool) -> None:
    """Say what came into the journal, and what stayed as it was."""
    from careerkit.cli.output import json_text, write
    from careerkit.terminal.safe import safe_line

    if as_json:
        kept = list(arrived.kept)
        write(json_text({"journal": journal, "added": arrived.added, "same": arrived.same, "kept": kept}))
        return
    lines = [f"{_files(arrived.added)} added to {safe_line(journal)}."]
    if arrived.same:
        lines.append(f"{_files(arrived.same)} there already, the same.")
    if arrived.kept:
        lines += [f"{_files(len(arrived.kept))} there already and different, left as here:"]
        lines += [f"  {safe_line(path)}" for path in arrived.kept]
    write("\n".join(lines))


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"
