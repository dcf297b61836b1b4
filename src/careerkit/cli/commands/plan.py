"""`careerkit plan`: show and export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, load_playbook, open_journal, warn_plaintext
from careerkit.cli.display import view_output
from careerkit.cli.entry_arguments import select_entry
from careerkit.cli.output import print_info, print_problems, write, write_file, write_json
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.formatting import describe_later_corrections
from careerkit.core.journal.entry import find_correction_time
from careerkit.core.journal.events import build_history
from careerkit.terminal.outcome_view import write_plan
from careerkit.terminal.sanitize import sanitize

if TYPE_CHECKING:
    from datetime import datetime

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.entry import Entry


def show(options: GlobalOptions, *, entry: str, draft: str) -> None:
    """Show an entry's plan, or print one of its drafts."""
    found, corrected = read_plan(options, entry)
    if draft:
        write(_find_draft(found, draft))
        _report_corrected(options, corrected)
    elif options.json:
        from careerkit.export.json import serialise_plan  # only with --json

        write_json(serialise_plan(found, corrected))
    else:
        print_plan(options, found, corrected)


def export(options: GlobalOptions, *, entry: str, output: str | None, force: bool, shared: bool) -> None:
    """Write findings, plan and drafts as Markdown."""
    from careerkit.coaching.entry_details import redact  # `plan show` needs neither
    from careerkit.export.markdown import render_entry

    found, corrected = read_plan(options, entry)
    playbook, _ = load_playbook(open_journal(options), found)
    if shared:
        found = redact(found, playbook)
    cites = {each.id: each.cite for each in playbook.sources}
    text = render_entry(found, sources=cites, playbook=playbook, with_people=not shared, corrected_at=corrected)
    if output is None:
        write(text)
    else:
        write_file(output, text, force=force)
    warn_plaintext(options)


def read_plan(options: GlobalOptions, named: str) -> tuple[Entry, datetime | None]:
    """The entry that is named, or the newest with open actions, and when its answers were corrected after the plan was made.

    Raises Refused if there is no such entry, or if it has no plan yet.
    """
    journal = open_journal(options)
    reading = journal.read(select_entry(journal, named, fits=lambda each: each.actions_open > 0, noun="plan"))
    entry = reading.entry
    if entry.outcome is None:
        print_problems(reading.problems, as_json=options.json)
        hint = f"Continue it: {options.format_command(f'resume {entry.handle}')}"
        raise Refused(Problem("no-plan-yet", "This entry has no plan yet.", hint, entry.handle))
    events = journal.events(entry.id)
    print_problems((*reading.problems, *events.problems), as_json=options.json)
    return entry, find_correction_time(entry, build_history(events.events))


def print_plan(options: GlobalOptions, entry: Entry, corrected: datetime | None) -> None:
    """Write an entry's plan to standard output. `corrected`: when answers were corrected after the plan was made."""
    write_plan(entry, corrected_at=corrected, today=build_clock().now().date(), **view_output(options))


def _report_corrected(options: GlobalOptions, corrected: datetime | None) -> None:
    """Print the notice to standard error, so that standard output has only the draft, to copy it."""
    if corrected and not options.json:
        print_info(describe_later_corrections(corrected))


def _find_draft(entry: Entry, draft_id: str) -> str:
    drafts = {each.id: each for each in entry.outcome.drafts} if entry.outcome else {}
    if draft_id not in drafts:
        near = find_closest(draft_id, drafts)
        hint = f'Did you mean "{near}"?' if near else f"Its drafts: {', '.join(drafts) or 'none'}."
        raise Refused(Problem("unknown-draft", f'No draft "{draft_id}".', hint, entry.handle))
    return sanitize(drafts[draft_id].text)
