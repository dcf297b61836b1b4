"""`careerkit journal edit`, `tag` and `untag`: correct answers, and change tags."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from careerkit.cli.container import build_clock, load_playbook, open_journal
from careerkit.cli.display import open_screen, private_screen
from careerkit.cli.entry_arguments import describe_entry, open_changes, report_change, select_entry
from careerkit.cli.output import print_problems
from careerkit.cli.prompts import read_answers
from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.screen import EndOfInput
from careerkit.core.journal.entry_list import EntryFilter, get_handle, parse_tags
from careerkit.core.text import choose_verb, format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.corrections import CorrectionSession


def edit(options: GlobalOptions, *, entry: str, answers: str | None) -> None:
    """Correct answers in a finished entry, at the terminal or from a file."""
    from careerkit.coaching.corrections import CorrectionSession  # tags don't need it

    journal = open_journal(options)
    entry_id = select_entry(journal, entry, only=EntryFilter(state="finished"), noun="finished entry")
    changes = EntryChanges(journal, build_clock(), entry_id)
    reading = journal.read(entry_id)
    print_problems(reading.problems, as_json=options.json)
    playbook, _ = load_playbook(journal, reading.entry)
    correcting = CorrectionSession(reading.entry, playbook, changes)
    try:
        _correct(options, correcting, answers)
    except BaseException:  # Ctrl-C after something was saved, for example
        if correcting.events:
            _report_corrections(options, correcting, entry_id)
        raise
    _report_corrections(options, correcting, entry_id)


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
    missing = [each for each in wanted if each not in changes.history.tags]
    events = changes.untag(wanted)
    sentences = [f"It didn't have the tag {each}." for each in missing]
    report_change(options, changes.entry_id, events, *sentences, _format_tags(options, changes))


def _correct(options: GlobalOptions, correcting: CorrectionSession, file: str | None) -> None:
    if file is not None:
        correcting.apply_all(read_answers(file))
        return
    with private_screen(options), suppress(EndOfInput):
        correcting.run(open_screen(options))


def _report_corrections(options: GlobalOptions, correcting: CorrectionSession, entry_id: str) -> None:
    count, named = len(correcting.events), describe_entry(options, entry_id)
    if not count:
        report_change(options, entry_id, (), f"Nothing was changed in {named}.")
        return
    kept = choose_verb(count, "The first one is", "The first ones are")
    done = f"Corrected {format_count(count, 'answer')} in {named}. {kept} kept, and the plan doesn't change."
    command = options.format_command(f"journal show {get_handle(entry_id)}")
    report_change(options, entry_id, correcting.events, done, f"See both: {command}")


def _format_tags(options: GlobalOptions, changes: EntryChanges) -> str:
    tags = " ".join(f"#{each}" for each in changes.history.tags) or "no tags"
    return f"{describe_entry(options, changes.entry_id)}: {tags}"
