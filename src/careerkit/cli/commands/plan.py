"""`careerkit plan show`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import StringIO

from careerkit.cli.container import build_clock, find_playbook, open_journal, warn_plaintext
from careerkit.cli.display import is_interactive, select_entry, show_view, view_output
from careerkit.cli.output import print_info, print_problems, write, write_json
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import find_correction_time
from careerkit.core.journal.entry_list import build_history
from careerkit.core.journal.plan import Plan, build_plan, update_outcome
from careerkit.core.text import format_count
from careerkit.core.values import describe_later_corrections
from careerkit.terminal.result_view import DISCLAIMER, ResultView, format_entry_line, write_pieces
from careerkit.terminal.sanitize import sanitize
from careerkit.terminal.view_models import Gap, PlanHistory, SecondaryText, build_plan_history, build_plan_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.plan import CheckinRecord
    from careerkit.storage.journal import DiskJournal
    from careerkit.terminal.view_models import ViewModel


def show(options: GlobalOptions, *, entry: str, draft: str, everything: bool, copy: bool, no_pager: bool) -> None:
    """Show an entry's result: the plan and what else matters most, everything, or only one of its drafts.

    With `copy`, it goes to the clipboard instead.
    """
    found, plan, corrected = read_plan(options, entry)
    if copy:
        _copy(options, found, plan, draft, everything=everything)
        _report_corrected(options, corrected)
    elif draft:
        write(_find_draft(found, draft))
        _report_corrected(options, corrected)
    elif options.json:
        from careerkit.export.json import serialise_plan  # only with --json

        write_json(serialise_plan(found, plan, corrected))
    elif everything:
        _print_everything(options, found, plan, corrected, paged=not no_pager)
    else:
        print_plan(options, found, plan, corrected, paged=not no_pager)


def read_plan(options: GlobalOptions, named: str) -> tuple[Entry, Plan, datetime | None]:
    """The entry that is named, or the newest with open actions, and when its answers were corrected after the plan was made.

    The entry's outcome has the plan as it stands now.

    Raises Refused if there is no such entry, or if it has no plan yet.
    """
    journal = open_journal(options)
    reading = journal.read(select_plan(journal, named))
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


def select_plan(journal: DiskJournal, named: str) -> str:
    """The entry that is named, or the newest with open actions, or else the newest with any. Raises Refused."""
    with suppress(Refused):
        return select_entry(journal, named, fits=lambda each: each.actions_open > 0)
    return select_entry(journal, named, fits=lambda each: each.actions_done > 0, noun="plan")


def print_plan(
    options: GlobalOptions, entry: Entry, plan: Plan, corrected: datetime | None, *, paged: bool = True
) -> None:
    """Write the first view of an entry's result to standard output, with the commands for the rest of it.

    `corrected`: when answers were corrected after the result was given.
    """
    _show_pieces(options, _build_plan(options, entry, plan, corrected), paged=paged)


def _show_pieces(options: GlobalOptions, pieces: Iterable[ViewModel], *, paged: bool) -> None:
    """Write a view to standard output or, if `paged`, into a pager if it is longer than the screen."""
    output, text = view_output(options), StringIO()
    write_pieces(pieces, renderer=output["renderer"], to=text, encoding=output["encoding"])
    show_view(options, text.getvalue(), encoding=output["encoding"], paged=paged and not options.private)


def _build_plan(options: GlobalOptions, entry: Entry, plan: Plan, corrected: datetime | None) -> tuple[ViewModel, ...]:
    pieces: list[ViewModel] = [SecondaryText(f"{entry.playbook.title}. {format_entry_line(entry)}")]
    if corrected:
        changes = options.format_command(f"journal show {entry.handle}")
        pieces.append(SecondaryText(describe_later_corrections(corrected, plan.updated_at)))
        pieces.append(SecondaryText(f"To see what would change: {changes}"))
    view = ResultView(
        entry,
        {},
        playbook=None,
        now=build_clock().now(),
        opening="commands",
        complete_command=options.format_command,
        history=_load_history(options, entry, plan),
    )
    has_room = not corrected and _may_change(options, plan)
    commands = [SecondaryText(_describe_changing(options, plan))] if has_room else []
    return (*pieces, *view.build(), *commands)


def _may_change(options: GlobalOptions, plan: Plan) -> bool:
    """Is someone at a terminal, and the plan one that can be changed?"""
    return bool(plan.open_actions) and is_interactive(options) and sys.stdout.isatty()


def _describe_changing(options: GlobalOptions, plan: Plan) -> str:
    """One line about the commands that change the plan."""
    tick = options.format_command(f"plan done {plan.open_actions[0].number}")
    return f"Change it: {tick}, plan move, plan add, plan undo"


def _copy(options: GlobalOptions, entry: Entry, plan: Plan, draft: str, *, everything: bool) -> None:
    """Copy a draft, everything, or else the plan, as plain text, and say what was copied and by which means."""
    from careerkit.terminal import external_programs, plain_renderer

    output = StringIO()
    if draft:
        what = f'the draft "{draft}"'
        output.write(_find_draft(entry, draft))
    elif everything:
        what = "the whole result"
        write_pieces(
            _build_everything(options, entry, plan),
            renderer=plain_renderer.PlainRenderer(),
            to=output,
            encoding="utf-8",
        )
    else:
        what = "the plan"
        actions = [each for each in entry.outcome.actions if each.state != "dropped"] if entry.outcome else []
        today, past = build_clock().now().date(), _load_history(options, entry, plan)
        pieces = (build_plan_list(actions, today=today, history=past),)
        write_pieces(pieces, renderer=plain_renderer.PlainRenderer(), to=output, encoding="utf-8")
    text = output.getvalue().strip("\n") + "\n"
    terminal = next((each for each in (sys.stderr, sys.stdout) if each.isatty()), None)
    means = external_programs.copy_to_clipboard(text, environment=os.environ, terminal=terminal)
    if options.json:
        write_json({"entry": entry.id, "copied": draft or ("all" if everything else "plan"), "with": means})
        return
    lines = format_count(len(text.splitlines()), "line")
    if means == external_programs.OSC_NAME:
        print_info(f"Sent {what} ({lines}) to the terminal's clipboard. Some terminals ignore that: paste it to check.")
    else:
        print_info(f"Copied {what} ({lines}) with {means}.")
    warn_plaintext(options)


def _load_history(options: GlobalOptions, entry: Entry, plan: Plan) -> PlanHistory:
    """What has become of the plan."""
    checkins: tuple[CheckinRecord, ...] = ()
    if any(each.answers for each in plan.checkins):
        from careerkit.coaching.trends import list_checkins  # most plans have no check-in yet

        checkins = list_checkins(entry, plan, find_playbook(options, entry))
    return build_plan_history(plan, checkins, today=build_clock().now().date())


def _print_everything(
    options: GlobalOptions, entry: Entry, plan: Plan, corrected: datetime | None, *, paged: bool
) -> None:
    """Write the whole result to standard output, with its reasons, numbers and sources."""
    _show_pieces(options, _build_everything(options, entry, plan), paged=paged)
    _report_corrected(options, corrected)


def _build_everything(options: GlobalOptions, entry: Entry, plan: Plan) -> tuple[ViewModel, ...]:
    from careerkit.coaching.review import collect_reasons
    from careerkit.core.journal.people import build_people_maps
    from careerkit.terminal.outcome_view import build_outcome_view

    if entry.outcome is None:
        return ()
    playbook = find_playbook(options, entry)
    view = build_outcome_view(
        entry.outcome,
        collect_reasons(entry),
        playbook=playbook,
        people_maps=build_people_maps(entry, playbook),
        plan_history=_load_history(options, entry, plan),
    )
    return (*view, Gap(), SecondaryText(DISCLAIMER))


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
