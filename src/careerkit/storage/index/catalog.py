"""The index's tables, and the catalog that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from careerkit.core.errors import Problem
from careerkit.core.journal.agenda import AgendaItem
from careerkit.core.journal.entry_list import NO_FILTER, EntryFilter, History, build_history, fold_tag
from careerkit.storage.catalog import read_event_files
from careerkit.storage.encryption import AgeCodec
from careerkit.storage.layout import ENTRY_FILES, EVENT_FILES, FileKind, event_path, list_month_files
from careerkit.storage.platform import is_read_failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection
    from typing import Any

    from careerkit.core.journal.query import QueryItem, SearchQuery


NUMBERS_PER_MINUTE = 1 << 23
"""The row numbers reserved for each minute. Every change of an entry takes a new one, so its old words match nothing."""

SCHEMA_VERSION = 7
"""Increment this when the tables change but careerkit's version does not."""

SCHEMA = """
create table meta (key text primary key, value text) without rowid;
create table month (
    shelf text, name text, stamp text, files text, odd integer, primary key (shelf, name)
) without rowid;
create table entry (
    n integer primary key, id text unique, handle text, month text, stamp text, print text, odd integer, hidden integer,
    playbook text, state text, day text
);
create index entry_month on entry (month);
create index entry_handle on entry (handle);
create index entry_hidden on entry (hidden);
create index entry_odd on entry (odd) where odd;
create table tally (hidden integer primary key, entries integer);
insert into tally values (0, 0), (1, 0), (2, 0);
create table tag (tag text, n integer, primary key (tag, n)) without rowid;
create table event (
    id text primary key, month text, stamp text, print text, entry text, odd integer, plain integer
) without rowid;
create index event_month on event (month);
create index event_entry on event (entry);
create index event_odd on event (odd) where odd;
create index event_plain on event (plain) where plain;
create table due (
    day text, n integer, kind text, id text, number integer, what text, title text, due text, since text, until text,
    primary key (day, n, kind, id)
) without rowid;
create index due_n on due (n);
create virtual table words using fts5 (text, content='', columnsize=0, tokenize='ascii');
"""
"""`odd` rows have a problem, so that only the file itself can tell whether they match. `hidden`: see get_visibility.

`due` has the agenda's items: `day` is the day of `due`, in its own time zone, and "" for unfinished entries.
"""

DAY = timedelta(days=1)
"""In the person's time zone, something may be due a day earlier than in its own."""

IndexRow = tuple[int, str]


def get_minute_number(entry_id: str) -> int:
    """The first row number of the minute in which an entry began."""
    return int(entry_id[:8] + entry_id[9:13]) * NUMBERS_PER_MINUTE


def get_visibility(*, is_removed: bool, is_erased: bool) -> int:
    """The value of `hidden`: 0 for entries in lists, 1 for removed ones, 2 for erased ones, which are never shown."""
    return 2 if is_erased else int(is_removed)


class IndexCatalog:
    """The catalog of a journal, read from its index. Every method may raise sqlite3.Error; discard all results then."""

    def __init__(
        self,
        database: Connection,
        journal: str,
        codec: AgeCodec,
        *,
        stores_text: bool,
        problems: Iterable[Problem] = (),
    ) -> None:
        """`problems`: what could not be read when the index was refreshed."""
        self._database, self._journal, self._codec, self._stores_text = database, journal, codec, stores_text
        self._problems = list(problems)

    def problems(self) -> tuple[Problem, ...]:
        ids = self._query_ids("select id from event where odd union select id from event where plain order by id")
        found = read_event_files(((event_path(self._journal, each), each) for each in ids), self._codec).problems
        names = (*self._check_names(EVENT_FILES), *found, *self._check_names(ENTRY_FILES))
        return tuple(dict.fromkeys((*names, *self._problems)))

    def ids_newest_first(self, entry_filter: EntryFilter, search: SearchQuery | None = None) -> Iterator[str]:
        """Ordered by row number, which is by minute, and by id within a minute."""
        rows = (
            self._search_rows(entry_filter, search) if search and self._stores_text else self._list_rows(entry_filter)
        )
        for _, same_minute in groupby(rows, key=lambda row: row[0] // NUMBERS_PER_MINUTE):
            yield from sorted((entry_id for _, entry_id in same_minute), reverse=True)

    def agenda_items(self, until: date | None) -> tuple[list[AgendaItem], Iterable[str]]:
        if not self._stores_text:
            return [], self.ids_newest_first(NO_FILTER)
        odd = self._query_ids("select id from entry indexed by entry_odd where odd and hidden = 0 order by n desc")
        columns = "entry.id, kind, due.id, what, title, number, due, since, until"
        last = (until + DAY).isoformat() if until and until < date.max else "9999"
        rows = self._database.execute(
            f"select {columns} from due cross join entry on entry.n = due.n where due.day <= ? and hidden = 0 and not odd",  # noqa: S608 - constant text
            (last,),
        )
        return [_read_item(row) for row in rows], odd

    def count_older(self, entry_id: str, entry_filter: EntryFilter) -> int:
        """The total minus the newer ones, which are fewer: a list shows the newest entries."""
        if not entry_id:
            return 0
        hidden, minute = int(entry_filter.removed), get_minute_number(entry_id)
        [[total]] = self._database.execute("select entries from tally where hidden = ?", (hidden,))
        not_older = "n >= ? and not (n < ? and id < ?)"
        query = f"select count(*) from entry where hidden = ? and {not_older}"  # noqa: S608 - constant text
        [[others]] = self._database.execute(query, (hidden, minute, minute + NUMBERS_PER_MINUTE, entry_id))
        return int(total) - int(others)

    def history(self, entry_id: str) -> History:
        ids = self._query_ids("select id from event where entry = ? order by id", entry_id)
        found = read_event_files(((event_path(self._journal, each), each) for each in ids), self._codec)
        self._problems += found.problems
        return build_history(event for event in found.events if event.entry == entry_id)

    def ids_with_prefix(self, prefix: str) -> Iterable[str]:
        prefix = _clean_text(prefix)
        end = prefix + "\U0010ffff"
        as_id = [each[:15].upper() + each[15:] for each in (prefix, end)]
        which = "id >= ? and id < ? union select id from entry where handle >= ? and handle < ? order by id"
        return self._query_ids(f"select id from entry where {which}", *as_id, prefix, end)  # noqa: S608 - constant text

    def read_failures(self) -> list[Problem]:
        return list(filter(is_read_failure, self._problems))

    def _query_ids(self, query: str, *values: object) -> list[str]:
        return [str(row[0]) for row in self._database.execute(query, values)]

    def _check_names(self, file_kind: FileKind) -> Iterator[Problem]:
        for name in self._query_ids("select name from month where shelf = ? and odd order by name", file_kind.folder):
            problems: list[Problem] = []
            list(list_month_files(file_kind.month_path(self._journal, name), file_kind, problems))
            yield from problems

    def _list_rows(self, entry_filter: EntryFilter) -> Iterator[IndexRow]:
        fits, values = self._build_conditions(entry_filter)
        query = f"select n, id from entry where hidden = ? and (odd or {fits}) order by n desc"  # noqa: S608 - as above
        return self._database.execute(query, (int(entry_filter.removed), *values))

    def _search_rows(self, entry_filter: EntryFilter, search: SearchQuery) -> Iterator[IndexRow]:
        from heapq import merge  # not needed by a list

        fits, values = self._build_conditions(entry_filter)
        which = f"words match ? and hidden = ? and not odd and {fits} order by words.rowid desc"
        query = f"select n, id from words cross join entry on n = words.rowid where {which}"  # noqa: S608 - as above
        found = self._database.execute(
            query,
            (" ".join(map(_to_fts_term, search.items)), int(entry_filter.removed), *values),
        )
        odd = self._database.execute(
            "select n, id from entry indexed by entry_odd where odd and hidden = ? order by n desc",
            (int(entry_filter.removed),),
        )
        return merge(found, odd, reverse=True)

    def _build_conditions(self, entry_filter: EntryFilter) -> tuple[str, list[object]]:
        """The conditions of the filter that the index can check, as SQL and its parameters."""
        parts: list[tuple[str, list[object]]] = []
        if entry_filter.state:
            parts.append(("state = ?", [entry_filter.state]))
        if entry_filter.since:
            parts.append(("day >= ?", [entry_filter.since.isoformat()]))
        if entry_filter.until:
            parts.append(("day <= ?", [entry_filter.until.isoformat()]))
        if entry_filter.playbook and self._stores_text:
            parts.append(
                (
                    "(playbook = ? or playbook like ? escape '~')",
                    [_clean_text(entry_filter.playbook), _make_group_pattern(_clean_text(entry_filter.playbook))],
                )
            )
        if entry_filter.tag and self._stores_text:
            parts.append(
                (
                    "exists (select 1 from tag where tag.tag = ? and tag.n = entry.n)",
                    [fold_tag(_clean_text(entry_filter.tag))],
                )
            )
        return " and ".join(sql for sql, _ in parts) or "true", [value for _, values in parts for value in values]


def _read_item(row: Sequence[Any]) -> AgendaItem:
    entry, kind, item_id, what, title, number, due, since, until = row
    return AgendaItem(entry, kind, item_id, what, title, number, _read_due(due), _read_due(since), _read_due(until))


def _read_due(text: str) -> date | None:
    """A day, or a moment with its offset, in ISO format; None if it is empty."""
    if not text:
        return None
    return date.fromisoformat(text) if len(text) == len("2026-11-23") else datetime.fromisoformat(text)


def _clean_text(text: str) -> str:
    """Replace lone surrogates, as the journal does: SQLite rejects them. Arguments that aren't UTF-8 contain them."""
    if text.isascii():
        return text
    from careerkit.core.record_codec import replace_surrogates

    return replace_surrogates(text)


def _to_fts_term(term: QueryItem) -> str:
    """A search term in FTS5's syntax. Folded words contain no characters that are special there."""
    return f'"{" ".join(term.words)}"{"*" if term.is_prefix else ""}'


def _make_group_pattern(playbook: str) -> str:
    escaped = playbook.replace("~", "~~").replace("%", "~%").replace("_", "~_")
    return f"{escaped}/%"
