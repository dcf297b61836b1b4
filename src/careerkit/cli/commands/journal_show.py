"""`careerkit journal show`, `trend`, `calibration` and `where`: an entry, numbers over time, and the journal's folder."""

from __future__ import annotations

import sys

from careerkit.cli.commands.journal_list import filter_from_options, print_days
from careerkit.cli.container import build_clock, find_playbook, open_journal
from careerkit.cli.display import select_entry, show_view, view_output
from careerkit.cli.output import list_output, print_info, print_problems, show_progress, write_json, write_path
from careerkit.coaching import trends
from careerkit.coaching.trends import EntryDetails, load_calibration, load_entry_details
from careerkit.core.text import format_count
from careerkit.export.json import serialise_entry_details, serialise_series, serialise_trend
from careerkit.terminal.entry_view import render_entry, write_series, write_trend
from careerkit.terminal.sanitize import sanitize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from careerkit.cli.options import GlobalOptions
    from careerkit.coaching.trends import CalibrationReport
    from careerkit.core.journal.entry_list import EntryFilter
    from careerkit.core.journal.trends import CalibrationBin

DEFAULT_ROWS = 40
"""Newest points that a chart shows."""

BAR_CELLS = 20


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


def calibration(options: GlobalOptions) -> None:
    """Show how well the predictions of all entries fit what happened."""
    found = load_calibration(open_journal(options))
    print_problems(found.problems, as_json=options.json)
    if options.json:
        write_json(serialise_calibration(found))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _describe(found)))


def serialise_calibration(found: CalibrationReport) -> dict[str, object]:
    """The report with the documented JSON keys. Scores are null below ten resolved predictions."""
    scores = found.calibration
    return {
        "resolved": scores.resolved,
        "needed": scores.needed,
        "open": found.open,
        "unclear": found.unclear,
        "brier": scores.brier,
        "base_rate_brier": scores.base_rate_brier,
        "reliability": scores.reliability,
        "resolution": scores.resolution,
        "uncertainty": scores.uncertainty,
        "chance_band": None if scores.band_low is None else [scores.band_low, scores.band_high],
        "bins": [
            {
                "from": each.low,
                "to": each.high,
                "count": each.count,
                "mean_forecast": each.mean_forecast,
                "observed": each.observed,
                "chance_band": [each.band_low, each.band_high],
            }
            for each in scores.bins
        ],
    }


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


def _describe(found: CalibrationReport) -> list[str]:
    scores = found.calibration
    waiting = f" {format_count(found.open, 'prediction')} not resolved yet." if found.open else ""
    if scores.brier is None or scores.base_rate_brier is None:
        resolved = format_count(scores.resolved, "resolved prediction")
        return [f"{resolved}. From ten on, this shows how well they fit: {scores.needed} to go.{waiting}"]
    better = "better than" if scores.brier < scores.base_rate_brier else "no better than"
    lines = [
        f"{format_count(scores.resolved, 'resolved prediction')}.{waiting}",
        "",
        (
            f"Brier score {scores.brier:.3f} (0 is perfect, 0.25 is a coin), {better} always saying the base rate "
            f"({scores.base_rate_brier:.3f})."
        ),
        (
            f"Chance alone would put nine in ten perfectly calibrated people between {scores.band_low:.3f} and "
            f"{scores.band_high:.3f}."
        ),
        "",
        "you said    it happened  of  by chance",
    ]
    return lines + [_format_bin(each) for each in scores.bins]


def _format_bin(each: CalibrationBin) -> str:
    cells = [" "] * (BAR_CELLS + 1)
    for cell in range(round(each.band_low * BAR_CELLS), round(each.band_high * BAR_CELLS) + 1):
        cells[cell] = "-"
    cells[round(each.observed * BAR_CELLS)] = "o"
    forecast = f"{each.low * 100:.0f}-{each.high * 100:.0f} %"
    band = f"{each.band_low * 100:.0f}-{each.band_high * 100:.0f} %"
    return f"{forecast:<11} {each.observed * 100:>9.0f} % {each.count:>4}  {band:<10} |{''.join(cells)}|"
