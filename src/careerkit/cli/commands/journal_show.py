"""`careerkit journal show`, `trend` and `where`: an entry, a number over time, and the journal's folder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from careerkit.cli.commands.journal_list import filter_from_options, print_days
from careerkit.cli.container import build_clock, find_playbook, open_journal
from careerkit.cli.display import show_view, view_output
from careerkit.cli.entry_arguments import select_entry
from careerkit.cli.output import list_output, print_info, print_problems, show_progress, write_json, write_path
from careerkit.coaching import trends
from careerkit.coaching.entry_details import EntryDetails, load_entry_details
from careerkit.export.json import serialise_entry_details, serialise_series, serialise_trend
from careerkit.terminal.entry_view import render_entry, write_series, write_trend
from careerkit.terminal.sanitize import sanitize

if TYPE_CHECKING:
    from datetime import date

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.entry_list import EntryFilter

DEFAULT_ROWS = 40
"""Newest points that a chart shows."""


def show(options: GlobalOptions, *, entry: str, raw: bool, no_pager: bool) -> None:
    """Show an entry with everything that belongs to it, or print its file."""
    journal = open_journal(options)
    entry_id = select_entry(journal, entry)
    if raw:
        _write_raw(journal.read_text(entry_id))
        return
    seen = load_entry_details(journal, entry_id, lambda found: find_playbook(options, found), today=_get_today())
    if seen.problems:
        print_problems(seen.problems, as_json=options.json)
    if options.json:
        write_json(serialise_entry_details(seen.entry, seen.playbook, seen.history, seen.corrected_outcome, seen.story))
    else:
        _print_entry(options, seen, paged=not no_pager)


def trend(options: GlobalOptions, *, playbook: str, number: str, limit: int, tag: str, since: str, until: str) -> None:
    """Show a number of a playbook over time or, without `number`, list the numbers to choose from."""
    only = filter_from_options(options, playbook=playbook, tag=tag, since=since, until=until)
    if not options.json:
        print_days(only)
    if number:
        _show_trend(options, only, number, limit)
    else:
        _list_numbers(options, only)


def where(options: GlobalOptions) -> None:
    """Print the journal's folder."""
    folder = str(open_journal(options).folder)
    if options.json:
        write_json({"journal": folder})
    else:
        write_path(folder)


def _get_today() -> date:
    return build_clock().now().date()


def _write_raw(data: bytes) -> None:
    """Write an entry's file to standard output: unchanged for other programs, sanitised on a terminal."""
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(data)
        return
    sys.stdout.write(sanitize(data.decode(errors="backslashreplace"), encoding=sys.stdout.encoding or "ascii"))


def _print_entry(options: GlobalOptions, seen: EntryDetails, *, paged: bool) -> None:
    """Write the entry to standard output, or into a pager if it is longer than the terminal."""
    output = view_output(options)
    text = render_entry(seen, now=build_clock().now(), renderer=output["renderer"], encoding=output["encoding"])
    show_view(options, text, encoding=output["encoding"], paged=paged)


def _show_trend(options: GlobalOptions, only: EntryFilter, number: str, limit: int) -> None:
    with show_progress(options, "Reading") as advance:
        found, problems = trends.load_trend(
            open_journal(options),
            number,
            only=only,
            playbook_of=lambda entry: find_playbook(options, entry),
            advance=advance,
        )
    shown = trends.limit_points(found, limit or (len(found.points) if options.json else DEFAULT_ROWS))
    if options.json:
        write_json(serialise_trend(shown))
    else:
        today, older = build_clock().now().date(), len(found.points) - len(shown.points)
        write_trend(shown, omitted=older, today=today, **view_output(options))
    print_problems(problems, as_json=options.json)


def _list_numbers(options: GlobalOptions, only: EntryFilter) -> None:
    with show_progress(options, "Reading") as advance:
        found, problems = trends.list_series(
            open_journal(options), only=only, playbook_of=lambda entry: find_playbook(options, entry), advance=advance
        )
    if options.json:
        write_json(serialise_series(found))
    else:
        write_series(found, **list_output())
        most = max(found, key=lambda each: each.entries)
        print_info(f"Show one of them: {options.format_command(f'journal trend {most.playbook} {most.name}')}")
    print_problems(problems, as_json=options.json)
