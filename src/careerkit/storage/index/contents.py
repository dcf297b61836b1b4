"""The contents of a journal as its index tells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from careerkit.core.journal.history import History, history
from careerkit.core.journal.only import Only
from careerkit.core.problem import Problem
from careerkit.storage.envelope import AgeEnvelope
from careerkit.storage.events import events_in
from careerkit.storage.index.tables import MINUTE, minute_of
from careerkit.storage.layout import event_path
from careerkit.storage.month_folders import ENTRY_FILES, EVENT_FILES, Shelf, files_of

if TYPE_CHECKING:  # a list does without searching; and perhaps there is no SQLite
    from sqlite3 import Connection

    from careerkit.core.journal.searching import Item, Search

Row = tuple[int, str]


class IndexContents:
    """Every call may raise sqlite3.Error: then nothing of it counts."""

    def __init__(self, database: Connection, journal: str, envelope: AgeEnvelope, *, has_texts: bool) -> None:
        self._database, self._journal, self._envelope, self._has_texts = database, journal, envelope, has_texts

    def problems(self) -> tuple[Problem, ...]:
        there = self._ids("select id from event where odd union select id from event where plain order by id")
        said = events_in(((event_path(self._journal, each), each) for each in there), self._envelope).problems
        return (*self._names(EVENT_FILES), *said, *self._names(ENTRY_FILES))

    def newest_first(self, only: Only, search: Search | None = None) -> Iterator[str]:
        """As the numbers go, but within a minute as the ids go."""
        rows = self._searched(only, search) if search and self._has_texts else self._listed(only)
        for _, same in groupby(rows, key=lambda row: row[0] // MINUTE):
            yield from sorted((entry_id for _, entry_id in same), reverse=True)

    def older(self, entry_id: str, only: Only) -> int:
        """Counted from the newest, which is near where a list ends."""
        if not entry_id:
            return 0
        hidden, minute = int(only.removed), minute_of(entry_id)
        [[all_of_them]] = self._database.execute("select entries from tally where hidden = ?", (hidden,))
        not_older = "n >= ? and not (n < ? and id < ?)"
        query = f"select count(*) from entry where hidden = ? and {not_older}"  # noqa: S608 - no words in it
        [[others]] = self._database.execute(query, (hidden, minute, minute + MINUTE, entry_id))
        return int(all_of_them) - int(others)

    def history(self, entry_id: str) -> History:
        there = self._ids("select id from event where entry = ? order by id", entry_id)
        found = events_in(((event_path(self._journal, each), each) for each in there), self._envelope)
        return history(event for event in found.events if event.entry == entry_id)

    def named(self, beginning: str) -> Iterable[str]:
        beginning = _held(beginning)
        end = beginning + "\U0010ffff"
        as_id = [each[:15].upper() + each[15:] for each in (beginning, end)]
        which = "id >= ? and id < ? union select id from entry where handle >= ? and handle < ? order by id"
        return self._ids(f"select id from entry where {which}", *as_id, beginning, end)  # noqa: S608 - no words in it

    def _ids(self, query: str, *values: object) -> list[str]:
        return [str(row[0]) for row in self._database.execute(query, values)]

    def _names(self, shelf: Shelf) -> Iterator[Problem]:
        for name in self._ids("select name from month where shelf = ? and odd order by name", shelf.folder):
            problems: list[Problem] = []
            list(files_of(shelf.month(self._journal, name), shelf, problems))
            yield from problems

    def _listed(self, only: Only) -> Iterator[Row]:
        fits, values = self._fits(only)
        query = f"select n, id from entry where hidden = ? and (odd or {fits}) order by n desc"  # noqa: S608 - as above
        return self._database.execute(query, (int(only.removed), *values))

    def _searched(self, only: Only, search: Search) -> Iterator[Row]:
        from heapq import merge  # a list does without

        fits, values = self._fits(only)
        which = f"words match ? and hidden = ? and not odd and {fits} order by words.rowid desc"
        query = f"select n, id from words cross join entry on n = words.rowid where {which}"  # noqa: S608 - as above
        found = self._database.execute(
            query,
            (" ".join(map(_match, search.items)), int(only.removed), *values),
        )
        odd = self._database.execute(
            "select n, id from entry indexed by entry_odd where odd and hidden = ? order by n desc",
            (int(only.removed),),
        )
        return merge(found, odd, reverse=True)

    def _fits(self, only: Only) -> tuple[str, list[object]]:
        """What of `only` the index can tell, as SQL and its values."""
        parts: list[tuple[str, list[object]]] = []
        if only.state:
            parts.append(("state = ?", [only.state]))
        if only.since:
            parts.append(("day >= ?", [only.since.isoformat()]))
        if only.until:
            parts.append(("day <= ?", [only.until.isoformat()]))
        if only.playbook and self._has_texts:
            parts.append(
                ("(playbook = ? or playbook like ? escape '~')", [_held(only.playbook), _group(_held(only.playbook))])
            )
        if only.tag and self._has_texts:
            parts.append(("exists (select 1 from tag where tag.tag = ? and tag.n = entry.n)", [_held(only.tag)]))
        return " and ".join(sql for sql, _ in parts) or "true", [value for _, its in parts for value in its]


def _held(text: str) -> str:
    """What a person gave, as the journal would hold it: SQLite takes no lone surrogate, which bytes that aren't UTF-8 become."""
    if text.isascii():
        return text
    from careerkit.core.journal.plain_value import clean

    return clean(text)


def _match(item: Item) -> str:
    """The item in the language of FTS5. A folded word holds nothing that this language knows."""
    return f'"{" ".join(item.words)}"{"*" if item.goes_on else ""}'


def _group(playbook: str) -> str:
    plain = playbook.replace("~", "~~").replace("%", "~%").replace("_", "~_")
    return f"{plain}/%"
