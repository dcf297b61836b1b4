"""`careerkit doctor`: check the journal, and fix what can be fixed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, open_journal, open_maintenance
from careerkit.cli.output import show_progress, wrap_for, write, write_json
from careerkit.core.text import format_count
from careerkit.export.json import serialise_problems
from careerkit.storage.file_reader import is_folder
from careerkit.terminal.sanitize import sanitize, sanitize_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.errors import Problem
    from careerkit.storage.doctor.issues import AppliedFix, DoctorReport


def doctor(options: GlobalOptions, *, fix: bool) -> int:
    """Check every file of the journal. The exit code is 1 if a problem remains."""
    maintenance, now = open_maintenance(options), build_clock().now()
    with show_progress(options, "Checking") as advance:
        found = maintenance.check(now=now, advance=advance)
    fixed = maintenance.fix(found, now=now) if fix else []
    solved = [each.problem for each in fixed]
    remaining = [each.problem for each in found.issues if each.problem not in solved]
    if options.json:
        rows = [{**row, "to": each.new_path} for row, each in zip(serialise_problems(solved), fixed, strict=True)]
        other = [str(each.where) for each in found.foreign]
        document = {"problems": serialise_problems(remaining), "fixed": rows}
        write_json({**document, "other_files": other} if other else document)
    else:
        summary = _summarize(found, open_journal(options).folder)
        lines = [*_format_problems(remaining), *map(_format_fixed, fixed), *_format_foreign(found.foreign), summary]
        write("".join(wrap_for(line, stream=sys.stdout) for line in lines))
    return 1 if remaining else 0


def _format_problems(problems: Iterable[Problem]) -> list[str]:
    lines = []
    for problem in problems:
        lines += [sanitize_line(str(problem.where))] if str(problem.where) else []
        lines += [f"  {sanitize(problem.message)} {sanitize(problem.hint)}".rstrip()]
    return lines


def _format_fixed(fixed: AppliedFix) -> str:
    match fixed.problem.code:
        case "open-to-others":
            return f"Closed to others: {sanitize_line(fixed.new_path)}"
        case "index-stale":
            return "Rebuilt the index."
    return f"{'Renamed' if fixed.is_renamed else 'Moved'} to {sanitize_line(fixed.new_path)}"


def _format_foreign(foreign: Sequence[Problem]) -> list[str]:
    """Lines that name what isn't careerkit's, in case somebody misses it elsewhere."""
    if not foreign:
        return []
    return ["Also in the journal's folder, and not read:", *(f"  {sanitize_line(str(each.where))}" for each in foreign)]


def _summarize(found: DoctorReport, folder: str) -> str:
    if not is_folder(folder):
        return f"There is no journal in {sanitize_line(folder)} yet."
    entries = format_count(found.entries, "entry", "entries")
    events = format_count(found.events, "event")
    copies = format_count(found.playbooks, "playbook copy", "playbook copies")
    verdict = "" if found.issues else "No problems."
    return f"Checked {entries}, {events} and {copies}. {verdict}".rstrip()
