"""`careerkit plan`: show and export."""

from __future__ import annotations

from contextlib import suppress

from careerkit.cli.container import build_clock, load_playbook, open_journal, warn_plaintext
from careerkit.cli.display import view_output
from careerkit.cli.entry_arguments import select_entry
from careerkit.cli.output import print_info, print_problems, write, write_file, write_json
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.formatting import describe_later_corrections
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import find_correction_time
from careerkit.core.journal.events import build_history
from careerkit.core.journal.plan import Plan, build_plan, update_outcome
from careerkit.terminal.result_view import DISCLAIMER, write_pieces, write_result
from careerkit.terminal.sanitize import sanitize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.entry import Entry
    from careerkit.storage.journal import DiskJournal


def show(options: GlobalOptions, *, entry: str, draft: str, everything: bool) -> None:
    """Show an entry's result: the plan and what else matters most, everything, or only one of its drafts."""
    found, plan, corrected = read_plan(options, entry)
    if draft:
        write(_find_draft(found, draft))
        _report_corrected(options, corrected)
    elif options.json:
        from careerkit.export.json import serialise_plan  # only with --json

        write_json(serialise_plan(found, plan, corrected))
    elif everything:
        _print_everything(options, found, corrected)
    else:
        print_plan(options, found, corrected)


def export(options: GlobalOptions, *, entry: str, output: str | None, force: bool, shared: bool) -> None:
    """Write findings, plan and drafts as Markdown."""
    from careerkit.coaching.entry_details import redact  # `plan show` needs neither
    from careerkit.export.markdown import render_entry

    found, _, corrected = read_plan(options, entry)
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


def read_plan(options: GlobalOptions, named: str) -> tuple[Entry, Plan, datetime | None]:
    """The entry that is named, or the newest with open actions, and when its answers were corrected after the plan was made.

    The entry's outcome has the plan as it stands now.

    Raises Refused if there is no such entry, or if it has no plan yet.
    """
    journal = open_journal(options)
    reading = journal.read(_select_plan(journal, named))
    entry = reading.entry
    if entry.outcome is None:
        print_problems(reading.problems, as_json=options.json)
        hint = f"Continue it: {options.format_command(f'resume {entry.handle}')}"
        raise Refused(Problem("no-plan-yet", "This entry has no plan yet.", hint, entry.handle))
    events = journal.events(entry.id)
    print_problems((*reading.problems, *events.problems), as_json=options.json)
    history = build_history(events.events)
    plan = build_plan(entry.outcome, history, today=build_clock().now().date())
    return replace(entry, outcome=update_outcome(entry.outcome, plan)), plan, find_correction_time(entry, history)


def _select_plan(journal: DiskJournal, named: str) -> str:
    """The entry that is named, or the newest with open actions, or else the newest with any. Raises Refused."""
    with suppress(Refused):
        return select_entry(journal, named, fits=lambda each: each.actions_open > 0)
    return select_entry(journal, named, fits=lambda each: each.actions_done > 0, noun="plan")


def print_plan(options: GlobalOptions, entry: Entry, corrected: datetime | None) -> None:
    """Write the first view of an entry's result to standard output, with the commands for the rest of it.

    `corrected`: when answers were corrected after the result was given.
    """
    write_result(
        entry,
        corrected_at=corrected,
        now=build_clock().now(),
        complete_command=options.format_command,
        **view_output(options),
    )


def _print_everything(options: GlobalOptions, entry: Entry, corrected: datetime | None) -> None:
    """Write the whole result to standard output, with its reasons, numbers and sources."""
    from careerkit.cli.container import find_playbook  # the first view needs none of these
    from careerkit.coaching.review import collect_reasons
    from careerkit.core.journal.people import build_people_maps
    from careerkit.terminal.outcome_view import build_outcome_view
    from careerkit.terminal.view_models import Gap, SecondaryText

    playbook = find_playbook(options, entry)
    if entry.outcome:
        people = build_people_maps(entry, playbook)
        view = build_outcome_view(entry.outcome, collect_reasons(entry), playbook=playbook, people_maps=people)
        write_pieces((*view, Gap(), SecondaryText(DISCLAIMER)), **view_output(options))
    _report_corrected(options, corrected)


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
