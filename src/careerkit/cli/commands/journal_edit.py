"""`careerkit journal edit`, `tag` and `untag`: correct answers, and change tags."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, load_playbook, open_journal
from careerkit.cli.display import is_interactive, open_screen, private_screen
from careerkit.cli.entry_arguments import describe_entry, open_changes, report_change, select_entry
from careerkit.cli.output import print_info, print_problems
from careerkit.cli.prompts import read_answers
from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.screen import EndOfInput
from careerkit.core.journal.entry_list import EntryFilter, get_handle, parse_tags
from careerkit.core.journal.events import fold_tag
from careerkit.core.text import choose_verb, format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.corrections import CorrectionSession
    from careerkit.core.journal.entry import Entry
    from careerkit.core.playbook.model import Playbook


def edit(options: GlobalOptions, *, entry: str, answers: str | None, update_plan: bool) -> None:
    """Correct answers in a finished entry, at the terminal or from a file, and update its plan if the person says yes."""
    from careerkit.coaching.corrections import CorrectionSession  # tags don't need it

    journal = open_journal(options)
    entry_id = select_entry(journal, entry, only=EntryFilter(state="finished"), noun="finished entry")
    changes = EntryChanges(journal, build_clock(), entry_id)
    reading = journal.read(entry_id)
    print_problems(reading.problems, as_json=options.json)
    playbook, _ = load_playbook(journal, reading.entry)
    correcting = CorrectionSession(reading.entry, playbook, changes)
    try:
        if answers is not None or not update_plan:
            _correct(options, correcting, answers)
    except BaseException:  # Ctrl-C after something was saved, for example
        if correcting.events:
            _report_corrections(options, correcting, entry_id)
        raise
    updated = _update_plan(options, reading.entry, playbook, changes, always=update_plan, asks=answers is None)
    _report_corrections(options, correcting, entry_id, updated)


def tag(options: GlobalOptions, *, entry: str, tags: Sequence[str]) -> None:
    """Add tags to an entry."""
    wanted = parse_tags(tags)
    changes = open_changes(options, entry)
    events = changes.tag(wanted)
    report_change(options, changes.entry_id, events, _format_tags(options, changes))


def untag(options: GlobalOptions, *, entry: str, tags: Sequence[str]) -> None:
    """Remove tags from an entry."""
    wanted = parse_tags(tags)
    changes = open_changes(options, entry)
    known = set(map(fold_tag, changes.history.tags))
    missing = [each for each in wanted if fold_tag(each) not in known]
    events = changes.untag(wanted)
    sentences = [f"It didn't have the tag {each}." for each in missing]
    report_change(options, changes.entry_id, events, *sentences, _format_tags(options, changes))


def _correct(options: GlobalOptions, correcting: CorrectionSession, file: str | None) -> None:
    if file is not None:
        correcting.apply_all(read_answers(file))
        return
    with private_screen(options), suppress(EndOfInput):
        correcting.run(open_screen(options))


def _update_plan(
    options: GlobalOptions, entry: Entry, playbook: Playbook, changes: EntryChanges, *, always: bool, asks: bool
) -> str:
    """Update the open actions if the person wants it. Returns a sentence about the plan; "" if it stays the same."""
    from careerkit.coaching.plan.update import apply_plan_update, propose_plan_update  # tags don't need it

    update = propose_plan_update(entry, playbook, changes, today=build_clock().now().date())
    if update is None:
        return ""
    if not options.json:
        for line in ("The plan would change:", *(f"- {line}" for line in update.lines)):
            print_info(line)
    agreed = always
    if not always and asks and is_interactive(options):
        with suppress(EndOfInput):
            agreed = open_screen(options).confirm("Update the open actions of your plan?", default=True)
    if not agreed:
        command = options.format_command(f"journal edit {entry.handle} --update-plan")
        return f"The plan is unchanged. To update it: {command}"
    apply_plan_update(changes, update)
    return f"The plan is updated. To see it: {options.format_command(f'plan show {entry.handle}')}"


def _report_corrections(
    options: GlobalOptions, correcting: CorrectionSession, entry_id: str, updated: str = ""
) -> None:
    count, named = len(correcting.events), describe_entry(options, entry_id)
    if not count:
        report_change(options, entry_id, (), *([updated] if updated else [f"Nothing was changed in {named}."]))
        return
    kept = choose_verb(count, "The first one is", "The first ones are")
    done = f"Corrected {format_count(count, 'answer')} in {named}. {kept} kept. {updated or 'The plan stays the same.'}"
    command = options.format_command(f"journal show {get_handle(entry_id)}")
    report_change(options, entry_id, correcting.events, done, f"See both: {command}")


def _format_tags(options: GlobalOptions, changes: EntryChanges) -> str:
    tags = " ".join(f"#{each}" for each in changes.history.tags) or "no tags"
    return f"{describe_entry(options, changes.entry_id)}: {tags}"
