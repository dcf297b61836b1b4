"""Lists of entries and playbooks as plain text, one line each. It never imports Rich, so that lists stay fast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from careerkit.core.journal.entry_list import NO_FILTER
from careerkit.core.text import fit_width, format_count
from careerkit.terminal.sanitize import count_cells, sanitize, wrap_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.coaching.ports import ListedPlaybook
    from careerkit.core.journal.entry_list import EntryFilter, EntryList, EntrySummary
    from careerkit.core.journal.query import TextMatch
    from careerkit.terminal.tty import TextWriter

ELLIPSIS = "…"
NO_MATCHES_MESSAGE = (
    "Nothing found. Only whole words match; add a star to match a beginning (promis*), and put a phrase in quotes."
)
MORE_MATCHES_MESSAGE = "Older entries may match too"
MAX_SNIPPET_WIDTH = 100
"""Columns of the text around a match."""
MIN_ONE_LINE_WIDTH = 60
"""Columns. On a narrower page a row takes two lines."""
MAX_DAYS_AGO, MAX_WEEKS_AGO = 14, 9
"""Below these an age is given in days or in weeks, from there on as a date."""


def write_entries(
    listing: EntryList,
    *,
    entry_filter: EntryFilter,
    empty_hint: str,
    format_command: Callable[[str], str],
    now: datetime,
    to: TextWriter,
    columns: int,
    encoding: str,
) -> None:
    """Write one line per entry: its handle, when it was started, its state, its title and its tags.

    `empty_hint` says what to do if the list is empty. `format_command` gives a command as the person can type it.
    """
    entries, more = listing.entries, listing.not_shown
    write_message = partial(_write_message, to=to, columns=columns, encoding=encoding)
    if not entries:
        codes = ("not-downloaded", "stray-file", "conflict-copy")
        is_unreadable = any(each.severity == "error" or each.code in codes for each in listing.problems)
        empty = "None of the matching entries could be read."
        write_message(empty if is_unreadable else f"{_describe_empty(entry_filter)} {empty_hint}")
        return
    write_rows(_build_rows(entries, now), to=to, columns=columns, encoding=encoding)
    if any(each.disputed for each in entries):
        write_message(f"(!) Two machines disagree. To see both versions: {format_command('journal show ENTRY')}")
    if more and entry_filter == NO_FILTER:
        write_message(f"{more} older not shown: {format_command(f'journal list --limit {len(entries) + more}')}")
    elif more:
        write_message(f"{MORE_MATCHES_MESSAGE}: add --limit {2 * len(entries)}")


def write_matches(listing: EntryList, *, now: datetime, to: TextWriter, columns: int, encoding: str) -> None:
    """Write entries like `write_entries`, each with the text that matched below it, the match in brackets."""
    write_message = partial(_write_message, to=to, columns=columns, encoding=encoding)
    if not listing.entries:
        write_message(NO_MATCHES_MESSAGE)
    snippets = [f"  {_mark_match(each, min(columns, MAX_SNIPPET_WIDTH) - 2, encoding)}\n" for each in listing.matches]
    write_rows(_build_rows(listing.entries, now), extra_lines=snippets, to=to, columns=columns, encoding=encoding)
    if listing.not_shown and listing.entries:
        write_message(f"{MORE_MATCHES_MESSAGE}: add --limit {2 * len(listing.entries)}")


def _write_message(message: str, *, to: TextWriter, columns: int, encoding: str) -> None:
    to.write("".join(f"{line}\n" for line in wrap_text(sanitize(message, encoding=encoding), columns)))


def _mark_match(match: TextMatch, width: int, encoding: str) -> str:
    """The text around a match in at most `width` cells, with brackets around each place that matched."""
    from careerkit.core.journal.query import make_snippet  # a list without a search doesn't need it

    text, room = "", width
    while room > 1:
        snippet = make_snippet(match, room)
        text, end = "", 0
        for start, after in snippet.marks:
            before, marked = snippet.text[end:start], snippet.text[start:after]
            text += f"{sanitize(before, encoding=encoding)}[{sanitize(marked, encoding=encoding)}]"
            end = after
        text += sanitize(snippet.text[end:], encoding=encoding)
        if count_cells(text) <= width:
            break
        room = room * 3 // 4
    return _shorten(text, width, encoding)


def write_playbooks(playbooks: Iterable[ListedPlaybook], *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write one line per playbook: its command, its length, whose it is, and its summary."""
    rows = [
        (each.id.replace("/", " "), _format_minutes(each.minutes), _describe_origin(each), each.summary)
        for each in playbooks
    ]
    write_rows(rows, to=to, columns=columns, encoding=encoding)


def write_rows(
    rows: Sequence[tuple[str, ...]], *, to: TextWriter, columns: int, encoding: str, extra_lines: Sequence[str] = ()
) -> None:
    """Write each row on one line with aligned columns, or on two lines where the page is narrow.

    `extra_lines`: text to write below each row, with its line end.
    """
    cells = [tuple(sanitize(cell, encoding=encoding) for cell in row) for row in rows]
    widths = [max(count_cells(row[place]) for row in cells) for place in range(len(cells[0]) - 1)] if cells else []
    for number, row in enumerate(cells):
        head = "  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=False) if width)
        if columns < MIN_ONE_LINE_WIDTH:
            to.write(f"{_shorten(head.rstrip(), columns, encoding)}\n  {_shorten(row[-1], columns - 2, encoding)}\n")
        else:
            to.write(f"{head}  {_shorten(row[-1], columns - count_cells(head) - 2, encoding)}\n")
        to.write(extra_lines[number] if extra_lines else "")


def format_started(started: datetime, now: datetime) -> str:
    """`today 19:02`, `yesterday 19:02`, `3 days ago`, `5 weeks ago`, or the date if it is longer ago.

    The day is that of the entry's own time zone, as in the entry itself, and as `--since` and `--until` compare it.
    """
    days = (now.date() - started.date()).days
    if days == 0:
        return f"today {started:%H:%M}"
    if days == 1:
        return f"yesterday {started:%H:%M}"
    if 1 < days < MAX_DAYS_AGO:
        return f"{days} days ago"
    return f"{days // 7} weeks ago" if 1 < days < MAX_WEEKS_AGO * 7 else f"{started:%Y-%m-%d}"


def _build_rows(entries: Sequence[EntrySummary], now: datetime) -> list[tuple[str, ...]]:
    return [
        (each.handle, format_started(each.started, now), _format_state(each), _format_title(each)) for each in entries
    ]


def _pad(cell: str, width: int) -> str:
    return cell + " " * (width - count_cells(cell))


def _shorten(text: str, width: int, encoding: str) -> str:
    """`text` in at most `width` cells, ending with an ellipsis if it is cut."""
    return fit_width(text, width, count_cells=count_cells, ellipsis=sanitize(ELLIPSIS, encoding=encoding))


def _format_state(entry: EntrySummary) -> str:
    if entry.finished:
        actions = format_count(entry.actions_open, "open action")
        return f"finished · {actions}" if entry.actions_open else "finished"
    return f"unfinished · {entry.answered} of {entry.asked}"


def _format_title(entry: EntrySummary) -> str:
    return " ".join(["(!)"] * entry.disputed + [entry.title] + [f"#{tag}" for tag in entry.tags])


def _describe_empty(entry_filter: EntryFilter) -> str:
    if entry_filter == NO_FILTER:
        return "The journal is empty."
    return "No removed entry matches." if entry_filter.removed else "No entry matches."


def _format_minutes(minutes: int | None) -> str:
    return f"{minutes} min" if minutes else ""


def _describe_origin(playbook: ListedPlaybook) -> str:
    if playbook.shadows:
        return "yours, replaces the bundled one"
    return "yours" if playbook.origin == "personal" else ""
