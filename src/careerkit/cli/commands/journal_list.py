"""`careerkit journal list` and `search`: entries by their properties and by the words in them."""

from __future__ import annotations

import os
import sys

from careerkit.cli.container import build_clock, open_journal, open_library
from careerkit.cli.output import list_output, print_info, print_problems, write_json
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Refused, find_closest
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, fold_tag, parse_tag
from careerkit.terminal.list_view import write_entries, write_matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from careerkit.cli.options import GlobalOptions
    from careerkit.core.journal.query import SearchQuery
    from careerkit.storage.journal import DiskJournal

DEFAULT_LIMIT = 20
TAG_SCAN_LIMIT, MAX_TAGS_NAMED = 1000, 12
"""When no entry has the given tag: how many of the newest entries are searched for tags, and how many tags are listed."""


def list_entries(
    options: GlobalOptions,
    *,
    limit: int,
    playbook: str,
    tag: str,
    state: str,
    since: str,
    until: str,
    removed: bool,
    no_index: bool,
) -> None:
    """List entries, newest first."""
    only = filter_from_options(
        options, playbook=playbook, tag=tag, state=state, since=since, until=until, removed=removed
    )
    _print_entries(options, only, limit=limit, indexed=not no_index)


def search(
    options: GlobalOptions,
    *,
    words: Sequence[str],
    limit: int,
    playbook: str,
    tag: str,
    state: str,
    since: str,
    until: str,
    removed: bool,
    no_index: bool,
) -> None:
    """Find entries by the words in them, newest first. Without words the person is asked for them."""
    only = filter_from_options(
        options, playbook=playbook, tag=tag, state=state, since=since, until=until, removed=removed
    )
    _print_entries(options, only, limit=limit, indexed=not no_index, query=_parse_query(words))


def filter_from_options(
    options: GlobalOptions, *, playbook: str, tag: str, since: str, until: str, state: str = "", removed: bool = False
) -> EntryFilter:
    """The filter that the options describe. Raises Refused with every problem in them."""
    if not (playbook or tag or state or since or until or removed):
        return NO_FILTER
    first, last = _parse_days(since, until) if since or until else (None, None)
    return EntryFilter(
        playbook="/".join(playbook.split()),
        tag=_find_tag(options, tag) if tag else "",
        state=state,  # type: ignore[arg-type] # the table has its choices
        since=first,
        until=last,
        removed=removed,
    )


def print_days(only: EntryFilter) -> None:
    """Say which days the filter means, with their weekdays, so that nobody has to guess how a date was read."""
    if not (only.since or only.until):
        return
    since = f"since {format_date(only.since)}" if only.since else ""
    until = f"until {format_date(only.until)}" if only.until else ""
    words = " ".join(filter(None, (since, until)))
    print_info(f"{words[0].upper()}{words[1:]}:")


def _parse_days(since: str, until: str) -> tuple[date | None, date | None]:
    from careerkit.core.date_parsing import is_day_first, parse_since_until  # few calls have such a filter

    return parse_since_until(since, until, today=build_clock().now().date(), day_first=is_day_first(os.environ))


def _find_tag(options: GlobalOptions, typed: str) -> str:
    """The tag that `typed` means: in its usual form, unless an entry from elsewhere has exactly what was typed."""
    try:
        usual = parse_tag(typed)
    except Refused:
        usual = ""
    if usual != typed and open_journal(options).listing(limit=1, entry_filter=EntryFilter(tag=typed)).entries:
        return typed
    return usual or parse_tag(typed)


def _print_entries(
    options: GlobalOptions, only: EntryFilter, *, limit: int, indexed: bool, query: SearchQuery | None = None
) -> None:
    newest = limit or (None if options.json else DEFAULT_LIMIT)
    journal = open_journal(options, indexed=indexed)
    listing = journal.listing(limit=newest, entry_filter=only, search=query)
    if options.json:
        from careerkit.export.json_list import serialise_entry_list  # only with --json

        write_json(serialise_entry_list(listing.entries, listing.matches))
    else:
        now = build_clock().now()
        print_days(only)
        if query:
            write_matches(listing, now=now, **list_output())
        else:
            advice = "" if listing.entries else _advise(options, only, journal)
            write_entries(
                listing,
                entry_filter=only,
                empty_hint=advice,
                format_command=options.format_command,
                now=now,
                **list_output(),
            )
    if listing.problems:
        from careerkit.storage.unread_files import shorten_list  # most lists have no problem

        problems = listing.problems if options.json else shorten_list(listing.problems)
        print_problems(problems, as_json=options.json)


def _advise(options: GlobalOptions, only: EntryFilter, journal: DiskJournal) -> str:
    """What to do about an empty list: correct a misspelled name, or start the first entry."""
    if only == NO_FILTER:
        is_named = options.journal or os.environ.get("CAREERKIT_JOURNAL")
        is_missing = is_named and not os.path.isdir(journal.folder)  # noqa: PTH112 - pathlib takes a tenth of a list
        warning = f"The folder {journal.folder} doesn't exist. " if is_missing else ""
        return f"{warning}Start with: {options.format_command('crisis start')}"
    suggestion = _suggest_playbook(only.playbook) if only.playbook else ""
    return suggestion or (_name_tags(only.tag, journal) if only.tag else "")


def _suggest_playbook(named: str) -> str:
    ids = open_library().ids()
    known = {*ids, *(each.partition("/")[0] for each in ids)}
    near = None if named in known else find_closest(named, sorted(known))
    return f'Did you mean "{near}"?' if near else ""


def _name_tags(named: str, journal: DiskJournal) -> str:
    """The most used tags, or "" if an entry has the tag `named`."""
    counts: dict[str, int] = {}
    for entry in journal.listing(limit=TAG_SCAN_LIMIT).entries:
        counts |= {tag: counts.get(tag, 0) + 1 for tag in entry.tags}
    if fold_tag(named) in map(fold_tag, counts) or not counts:
        return ""
    tags = sorted(counts, key=lambda tag: (-counts[tag], tag))
    return f"Your tags: {', '.join(tags[:MAX_TAGS_NAMED])}{', …' if len(tags) > MAX_TAGS_NAMED else ''}"


def _parse_query(words: Sequence[str]) -> SearchQuery:
    """The query in the arguments or, without them, from the person. Raises Refused if it is not valid."""
    from careerkit.core.journal.query import parse_query  # a list needs no search

    return parse_query(" ".join(map(_quote_phrase, words)) if words else _ask_query())


def _quote_phrase(word: str) -> str:
    """Put back the quotes that the shell removed from a phrase. Words with a star before the last are no phrase."""
    parts = word.split()
    is_phrase = len(parts) > 1 and '"' not in word and not any(each.endswith("*") for each in parts[:-1])
    return f'"{word}"' if is_phrase else word


def _ask_query() -> str:
    from careerkit.cli.display import ask_line, read_text  # words are mostly arguments

    return ask_line("Search for: ") if sys.stdin.isatty() else read_text(None)
