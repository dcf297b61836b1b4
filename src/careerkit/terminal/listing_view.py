"""Lists of entries, playbooks and the like: a line each, plain text, without Rich (a list must be quick)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from careerkit.core.journal.only import EVERYTHING
from careerkit.terminal.safe import safe
from careerkit.terminal.width import cells, wrapped

if TYPE_CHECKING:
    from careerkit.coaching.ports import ListedPlaybook
    from careerkit.core.journal.listed import Listed, Listing
    from careerkit.core.journal.only import Only
    from careerkit.core.journal.searching import Place
    from careerkit.terminal.surface import Writer

CUT = "…"
NOTHING_FOUND = (
    "Nothing was found. Words are taken whole (a star finds more: promis*), and those in quotes one after the other."
)
WIDE = 100
"""Columns that a piece of text takes at most."""
NARROW = 60
"""Columns below which a row takes two lines."""
DAYS_SAID, WEEKS_SAID = 14, 9
"""From so many on, the days are not counted any more, nor the weeks."""


def write_entries(
    listing: Listing,
    *,
    only: Only,
    advice: str,
    line: Callable[[str], str],
    now: datetime,
    to: Writer,
    columns: int,
    encoding: str,
) -> None:
    """One line an entry: what to call it, when it began, how far it is, its title, its tags.

    `only` is what the list was asked for; `advice` what to do where there is nothing to list; `line` gives the words of a
    command as they can be typed.
    """
    entries, more = listing.entries, listing.older
    say = partial(_say, to=to, columns=columns, encoding=encoding)
    if not entries:
        unread = any(problem.severity == "error" for problem in listing.problems)
        say("No entry that fits could be read." if unread else f"{_nothing(only)} {advice}")
        return
    write_rows(_rows(entries, now), to=to, columns=columns, encoding=encoding)
    if any(each.disputed for each in entries):
        say(f"(!) Two machines say different things here: {line('journal show ENTRY')} has both.")
    if more and only == EVERYTHING:
        say(f"and {more} older: {line(f'journal list --limit {len(entries) + more}')}")
    elif more:
        say(f"Older ones may fit too: add --limit {2 * len(entries)}")


def write_found(listing: Listing, *, now: datetime, to: Writer, columns: int, encoding: str) -> None:
    """As `write_entries`, and below each the text in which something was found, with the place in brackets."""
    say = partial(_say, to=to, columns=columns, encoding=encoding)
    if not listing.entries:
        say(NOTHING_FOUND)
    below = [f"  {_marked(place, min(columns, WIDE) - 2, encoding)}\n" for place in listing.places]
    write_rows(_rows(listing.entries, now), below=below, to=to, columns=columns, encoding=encoding)
    if listing.older and listing.entries:
        say(f"Older ones may fit too: add --limit {2 * len(listing.entries)}")


def _say(sentence: str, *, to: Writer, columns: int, encoding: str) -> None:
    to.write("".join(f"{line}\n" for line in wrapped(safe(sentence, encoding=encoding), columns)))


def _marked(place: Place, width: int, encoding: str) -> str:
    from careerkit.core.journal.searching import snippet  # a list does without

    text, room = "", width
    while room > 1:
        shown = snippet(place, room)
        text, end = "", 0
        for start, after in shown.marks:
            text += (
                f"{safe(shown.text[end:start], encoding=encoding)}[{safe(shown.text[start:after], encoding=encoding)}]"
            )
            end = after
        text += safe(shown.text[end:], encoding=encoding)
        if cells(text) <= width:
            break
        room = room * 3 // 4
    return _cut(text, width, encoding)


def write_playbooks(playbooks: Iterable[ListedPlaybook], *, to: Writer, columns: int, encoding: str) -> None:
    """One line a playbook: its command, its length, its summary."""
    rows = [(each.id.replace("/", " "), _length(each.minutes), _origin(each), each.summary) for each in playbooks]
    write_rows(rows, to=to, columns=columns, encoding=encoding)


def write_rows(
    rows: Sequence[tuple[str, ...]], *, to: Writer, columns: int, encoding: str, below: Sequence[str] = ()
) -> None:
    """A line each, or two where it is narrow. `below`: a further line for each, as it is to be written."""
    shown = [tuple(safe(cell, encoding=encoding) for cell in row) for row in rows]
    widths = [max(cells(row[place]) for row in shown) for place in range(len(shown[0]) - 1)] if shown else []
    for number, row in enumerate(shown):
        head = "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=False) if width)
        if columns < NARROW:
            to.write(f"{_cut(head.rstrip(), columns, encoding)}\n  {_cut(row[-1], columns - 2, encoding)}\n")
        else:
            to.write(f"{head}  {_cut(row[-1], columns - cells(head) - 2, encoding)}\n")
        to.write(below[number] if below else "")


def began(started: datetime, now: datetime) -> str:
    """`today 19:02`, `3 days ago`, `5 weeks ago`, and the date of what is longer ago."""
    here = _by_the_clock_here(started, now)
    days = (now.date() - here.date()).days
    if days == 0:
        return f"today {here:%H:%M}"
    if days == 1:
        return f"yesterday {here:%H:%M}"
    if 1 < days < DAYS_SAID:
        return f"{days} days ago"
    return f"{days // 7} weeks ago" if 1 < days < WEEKS_SAID * 7 else f"{here:%Y-%m-%d}"


def _by_the_clock_here(moment: datetime, now: datetime) -> datetime:
    """`now` has a fixed offset. Where that is this machine's, its zone knows what the clock on the wall said at `moment`."""
    is_ours = now.astimezone().utcoffset() == now.utcoffset()
    return moment.astimezone() if is_ours else moment.astimezone(now.tzinfo)


def _rows(entries: Sequence[Listed], now: datetime) -> list[tuple[str, ...]]:
    return [(each.handle, began(each.started, now), _stands(each), _about(each)) for each in entries]


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cells(cell))


def _cut(text: str, width: int, encoding: str) -> str:
    """`text` in at most `width` cells, with a sign where something is missing."""
    if cells(text) <= width:
        return text
    sign = safe(CUT, encoding=encoding)
    while text and cells(text) > width - cells(sign):
        text = text[:-1]
    return text + sign


def _stands(entry: Listed) -> str:
    if entry.finished:
        actions = entry.actions_open
        return f"done, {actions} to do" if actions else "done"
    return f"open, {entry.answered} of {entry.asked}"


def _about(entry: Listed) -> str:
    return " ".join(["(!)"] * entry.disputed + [entry.title] + [f"#{tag}" for tag in entry.tags])


def _nothing(only: Only) -> str:
    if only == EVERYTHING:
        return "The journal is empty."
    return "Nothing that fits was removed." if only.removed else "No entry fits."


def _length(minutes: int | None) -> str:
    return f"{minutes} min" if minutes else ""


def _origin(playbook: ListedPlaybook) -> str:
    if playbook.shadows:
        return "yours, in place of the bundled one"
    return "yours" if playbook.origin == "personal" else ""
