"""Commands for the journal as a whole: `careerkit journal backup`, `restore-backup`, `export`, `import` and `reindex`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from careerkit.cli.container import open_journal, open_maintenance, warn_plaintext
from careerkit.cli.output import (
    check_target,
    print_problems,
    show_progress,
    write,
    write_file,
    write_json,
)
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.text import format_count
from careerkit.export.json import serialise_record
from careerkit.storage.file_reader import read_file
from careerkit.storage.platform import find_folders
from careerkit.storage.transfer import parse_json_lines
from careerkit.terminal.sanitize import sanitize_line

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions
    from careerkit.storage.transfer import ImportResult


def backup(options: GlobalOptions, *, file: str, force: bool) -> int:
    """Write the whole journal to one archive, and verify it. The exit code is 1 if a file could not be read."""
    check_target(file, force=force)
    with show_progress(options, "Backing up") as advance:
        done = open_maintenance(options).create_backup(str(Path(file).absolute()), force=force, advance=advance)
    if options.json:
        write_json({"file": file, "files": done.files, "bytes": done.size})
    else:
        write(f"Backed up {_count_files(done.files)} to {sanitize_line(file)}, and verified the archive.")
    print_problems(done.problems, as_json=options.json)
    return 1 if any(each.severity == "error" for each in done.problems) else 0


def restore_backup(options: GlobalOptions, *, file: str, to: str | None) -> None:
    """Restore what the journal, or the one in the folder `to`, is missing."""
    if to:
        options = replace(options, journal=to)
    with show_progress(options, "Restoring") as advance:
        arrived = open_maintenance(options).restore_backup(str(Path(file).absolute()), advance=advance)
    _report_import(options, arrived)


def export_journal(options: GlobalOptions, *, output: str | None, force: bool) -> int:
    """Write the whole journal as JSON lines. The exit code is 1 if a file could not be read."""
    if output:
        check_target(output, force=force)
    problems: list[Problem] = []
    lines = open_maintenance(options).export_json_lines(serialise_record, problems)
    if output:
        write_file(output, "".join(f"{line}\n" for line in lines), force=force)
    else:
        for line in lines:
            write(line)
    warn_plaintext(options)
    print_problems(problems, as_json=options.json)
    return 1 if any(each.severity == "error" for each in problems) else 0


def import_journal(options: GlobalOptions, *, file: str) -> None:
    """Import an exported journal from a file, or from standard input if it is "-"."""
    files = parse_json_lines(_read_lines(file), file)
    with show_progress(options, "Importing", len(files)) as advance:
        arrived = open_maintenance(options).import_files(files, advance=advance)
    _report_import(options, arrived)


def reindex(options: GlobalOptions) -> None:
    """Rebuild the index from all files."""
    journal = open_journal(options)
    if not journal.rebuild_index():
        message = "The index could not be built. Lists and searches work without it."
        raise Refused(Problem("no-index", message, "Perhaps the cache folder is not writable.", find_folders().cache))
    count = len(journal.ids())
    if options.json:
        write_json({"entries": count})
    else:
        write(f"Entries in the index: {count}")


def _report_import(options: GlobalOptions, arrived: ImportResult) -> None:
    """Say which files were added, and which were left as they were."""
    journal = open_journal(options).folder
    if options.json:
        write_json(
            {"journal": journal, "added": arrived.added, "same": arrived.identical, "kept": list(arrived.conflicts)}
        )
        return
    lines = [f"Added {_count_files(arrived.added)} to {sanitize_line(journal)}."]
    if arrived.identical:
        lines.append(f"{_count_files(arrived.identical)} already existed and were the same.")
    if arrived.conflicts:
        lines += [f"{_count_files(len(arrived.conflicts))} already existed, different, and were left as they are:"]
        lines += [f"  {sanitize_line(path)}" for path in arrived.conflicts]
    write("\n".join(lines))


def _read_lines(file: str) -> list[str]:
    data = sys.stdin.buffer.read() if file == "-" else read_file(file)
    if data is None:
        raise Refused(Problem("unknown-file", "There is no such file.", "", file))
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start + 1} is not UTF-8."
        raise Refused(Problem("not-an-export", message, "Nothing was imported.", file)) from error


def _count_files(number: int) -> str:
    return format_count(number, "file")
