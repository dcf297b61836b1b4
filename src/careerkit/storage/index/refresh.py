"""Bring the index up to date with the journal folder, and count the files whose content differs from the index."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Sequence

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.journal.entry_list import EMPTY_HISTORY, History, build_history, fold_tag
from careerkit.storage import layout
from careerkit.storage.catalog import ScannedEntry, read_event_files, scan_entry, scan_event
from careerkit.storage.encryption import AgeCodec, is_encrypted
from careerkit.storage.index.catalog import NUMBERS_PER_MINUTE, get_minute_number, get_visibility
from careerkit.storage.layout import make_adaptive_digest
from careerkit.storage.platform import is_read_failure, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sqlite3 import Connection
    from typing import Any

    from careerkit.core.journal.agenda import AgendaItem
    from careerkit.storage.backup import Advance


RECENT_MONTHS = 3
"""In this many of the newest months, every file's status is checked. In older ones, only the folder's is."""
MAX_CHECKED_FILES = 500
"""No further month is checked file by file once the newer ones have this many files: a list would have to wait for it."""

TIME_GRANULARITY_NS = 2_000_000_000
"""Some file systems give changes within this time the same timestamp, so files changed that recently are checked again next time."""

MAX_STALE_CHANGES = 20
MAX_STALE_SHARE = 50
"""The index is rebuilt after 20 changes plus one per 50 entries, to get rid of words that are no longer in the journal."""


class RebuildNeededError(Exception):
    """The index contains words that are no longer in the journal, and must be rebuilt."""


@frozen
class IndexJob:
    """A journal to be indexed. `stores_text`: the index may contain its words."""

    journal: str
    codec: AgeCodec
    stores_text: bool


@frozen
class RefreshResult:
    """Whether anything had to be changed, and what could not be read. That is not remembered: the next refresh reads it again."""

    has_changed: bool
    problems: tuple[Problem, ...]


def refresh_index(database: Connection, job: IndexJob, *, advance: Advance = lambda: None) -> RefreshResult:
    """Bring the index up to date in one transaction.

    Raises RebuildNeededError if the index must be rebuilt instead, Refused if a folder can't be listed, and JournalLocked
    if an encrypted file has to be read and there is no key.
    """
    plaintext_paths = set(job.codec.plaintext_paths)
    try:
        refresh = _IndexRefresh(database, job, advance)
        refresh.run()
        changed = database.in_transaction
        database.commit()
    except BaseException:
        database.rollback()
        raise
    finally:
        job.codec.plaintext_paths = plaintext_paths  # they count what was shown, not what was indexed
    return RefreshResult(changed, tuple(refresh.problems))


class _IndexRefresh:
    def __init__(self, database: Connection, job: IndexJob, advance: Advance) -> None:
        self._database, self._job, self._advance = database, job, advance
        self._digest = make_adaptive_digest()
        self._now = time.time_ns()
        self._changed_entries: set[str] = set()
        self._last_number: int
        [[self._is_new]] = database.execute(
            "select not exists (select 1 from entry) and not exists (select 1 from event)"
        )
        [[self._last_number]] = database.execute("select cast(value as integer) from meta where key = 'next'")
        self._first_number = self._last_number
        self._tally_changes = [0, 0, 0]
        self._has_lost_entries = False
        self._due_rows: list[tuple[str | int, ...]] = []
        self._unverified_months: dict[tuple[str, str], None] = {}
        self.problems: list[Problem] = []

    def run(self) -> None:
        for month, name in self._find_stale_months(layout.EVENT_FILES):
            for path, event_id, stamp in self._find_stale_files(month, name, layout.EVENT_FILES, "event"):
                self._refresh_event(path, event_id, name, stamp)
        for month, name in self._find_stale_months(layout.ENTRY_FILES):
            for path, entry_id, stamp in self._find_stale_files(month, name, layout.ENTRY_FILES, "entry"):
                self._refresh_entry(path, entry_id, name, stamp)
                self._advance()
        for entry_id in sorted(self._changed_entries):
            self._reindex_entry(entry_id)
        self._store_agenda()
        self._store_counters()
        for unverified in self._unverified_months:
            self._execute("update month set stamp = '', files = '' where shelf = ? and name = ?", *unverified)
        if self._database.in_transaction and self._job.stores_text:
            self._require_few_changes()

    def _find_stale_months(self, file_kind: layout.FileKind) -> Iterator[tuple[str, str]]:
        """Yield the path and name of each month folder in which files may have changed, including deleted folders."""
        rows = self._database.execute("select name, stamp, files from month where shelf = ?", (file_kind.folder,))
        known = {name: (stamp, files) for name, stamp, files in rows}
        months = layout.list_months(self._job.journal, file_kind)
        summaries = self._summarize_recent(months)
        for month in months:
            name = os.path.basename(month)
            now = self._get_stamp(month), summaries.get(month, "-")
            before = known.pop(name, None)
            if now != before or not all(now):
                yield month, name
                if now != before:
                    which = "where shelf = ? and name = ?"
                    self._execute(f"update month set stamp = ?, files = ? {which}", *now, file_kind.folder, name)  # noqa: S608
        for name in known:
            yield file_kind.month_path(self._job.journal, name), name
            self._execute("delete from month where shelf = ? and name = ?", file_kind.folder, name)

    def _find_stale_files(
        self, month: str, name: str, file_kind: layout.FileKind, table: str
    ) -> Iterator[tuple[str, str, str]]:
        """Yield the path, id and stamp of each file that may have changed. Deleted files are removed from the index.

        If the month can't be listed, nothing is known to be deleted, so its files stay in the index.
        """
        query = f"select id, stamp from {table} where month = ?"  # noqa: S608 - one of two names
        known = dict(self._database.execute(query, (name,)))
        problems: list[Problem] = []
        for path, file_id in layout.list_month_files(month, file_kind, problems):
            stamp, before = self._get_stamp(path), known.pop(file_id, None)
            if not stamp or stamp != before:
                yield path, file_id, stamp
        failed = [problem for problem in problems if self._note_read_failure(problem)]
        if failed:
            self._unverified_months[file_kind.folder, name] = None
        for file_id in () if failed else known:
            self._forget(file_id, table)
            self._has_lost_entries |= table == "entry"
        self._store_month(name, file_kind, has_problems=bool(problems))

    def _store_month(self, name: str, file_kind: layout.FileKind, *, has_problems: bool) -> None:
        query = "select odd from month where shelf = ? and name = ?"
        if self._database.execute(query, (file_kind.folder, name)).fetchall() != [(has_problems,)]:
            query = (
                "insert into month values (?, ?, '', '', ?) on conflict (shelf, name) do update set odd = excluded.odd"
            )
            self._execute(query, file_kind.folder, name, has_problems)

    def _refresh_event(self, path: str, event_id: str, month: str, stamp: str) -> None:
        data, digest, stamp = self._read_with_digest(path, stamp, (layout.EVENTS, month))
        row = self._find_known("select print, stamp, entry from event where id = ?", event_id)
        if row and digest and row[0] == digest:
            if row[1] != stamp:
                self._execute("update event set stamp = ? where id = ?", stamp, event_id)
            return
        entry_id, has_problems = "", True
        with contextlib.suppress(Refused):
            event, problems = scan_event(self._job.codec.decrypt(data, path), path, event_id, self._digest)
            entry_id, has_problems = event.entry, bool(problems)
        self._changed_entries |= {each for each in (entry_id, row[2] if row else "") if each}
        is_plain = not is_encrypted(data) and not self._job.stores_text
        self._execute(
            "insert or replace into event values (?, ?, ?, ?, ?, ?, ?)",
            *(event_id, month, stamp, digest, entry_id, has_problems, is_plain),
        )

    def _refresh_entry(self, path: str, entry_id: str, month: str, stamp: str) -> None:
        data, digest, stamp = self._read_with_digest(path, stamp, (layout.ENTRIES, month))
        row = self._find_known("select print, stamp from entry where id = ?", entry_id)
        if digest and row and row[0] == digest:
            if row[1] != stamp:
                self._execute("update entry set stamp = ? where id = ?", stamp, entry_id)
        else:
            self._store_entry(path, entry_id, month, stamp, (data, digest))

    def _reindex_entry(self, entry_id: str) -> None:
        """Store an entry again because its events have changed, although its own file may be unchanged."""
        row = self._database.execute("select month, stamp from entry where id = ?", (entry_id,)).fetchone()
        if row:
            path = layout.entry_path(self._job.journal, entry_id)
            month, stamp = row
            data, digest, stamp = self._read_with_digest(path, stamp, (layout.ENTRIES, month))
            self._store_entry(path, entry_id, month, stamp, (data, digest))

    def _store_entry(self, path: str, entry_id: str, month: str, stamp: str, content: tuple[bytes, str]) -> None:
        (data, digest), scanned, has_problems = content, None, True
        with contextlib.suppress(Refused):
            scanned, problems = scan_entry(self._job.codec.decrypt(data, path), path, entry_id, self._digest)
            has_problems = bool(problems)
        history, is_complete = self._read_history(entry_id)
        if not is_complete:
            digest, stamp, has_problems = "", "", True
            self._unverified_months[layout.ENTRIES, month] = None
        hidden = get_visibility(is_removed=history.removed, is_erased=history.is_erased)
        has_text = scanned is not None and self._job.stores_text and not is_encrypted(data)
        has_problems = has_problems or (self._job.stores_text and not has_text)
        if not self._is_new:
            self._forget(entry_id, "entry")
        self._changed_entries.discard(entry_id)
        number = get_minute_number(entry_id) + self._take_next_number()
        summary = scanned.summary if scanned else None
        agenda: list[AgendaItem] = []
        try:
            agenda += scanned.agenda_items(history, path) if scanned and has_text and not has_problems else []
        except Refused:  # reading the whole entry reports what is wrong
            has_problems = True
        self._execute(
            "insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(number, entry_id, entry_id[15:], month, stamp, digest, has_problems),
            hidden,
            *(summary.playbook if summary and has_text else "", summary.state if summary else ""),
            summary.started.date().isoformat() if summary else "",
        )
        self._tally_changes[hidden] += 1
        if scanned and has_text:
            self._store_words(number, scanned, history)
            if not has_problems:
                self._collect_agenda(number, agenda)

    def _store_words(self, number: int, scanned: ScannedEntry, entry_history: History) -> None:
        from careerkit.core.journal import query, searchable_text  # not needed by a list if nothing has changed

        for tag in entry_history.tags:
            self._execute("insert into tag values (?, ?)", fold_tag(tag), number)
        texts = (*scanned.searchable_texts(), *searchable_text.extract_history_texts(entry_history))
        folded = "\n".join(query.fold_text(text) for text in texts)
        self._execute("insert into words (rowid, text) values (?, ?)", number, folded)

    def _collect_agenda(self, number: int, items: list[AgendaItem]) -> None:
        for each in items:
            due, since, until = (day.isoformat() if day else "" for day in (each.due, each.since, each.until))
            row = due[:10], number, each.kind, each.id, each.number, each.what, each.title, due, since, until
            self._due_rows.append(row)

    def _store_agenda(self) -> None:
        """Store the agenda's items of all entries at once, in the order of their table: that is faster."""
        if self._due_rows:
            places = ", ".join("?" * len(self._due_rows[0]))
            self._database.executemany(f"insert or replace into due values ({places})", sorted(self._due_rows))  # noqa: S608

    def _read_history(self, entry_id: str) -> tuple[History, bool]:
        """The history of an entry, and whether all its events could be read."""
        if self._is_new and entry_id not in self._changed_entries:
            return EMPTY_HISTORY, True  # events are read before entries, so there can't be any
        rows = self._database.execute("select id from event where entry = ? order by id", (entry_id,))
        files = [(layout.event_path(self._job.journal, event_id), event_id) for (event_id,) in rows]
        found = read_event_files(files, self._job.codec)
        failures = [problem for problem in found.problems if self._note_read_failure(problem)]
        return build_history(event for event in found.events if event.entry == entry_id), not failures

    def _find_known(self, query: str, file_id: str) -> Any:
        """The row of a file that was indexed before; a new index has none, so it isn't asked."""
        return None if self._is_new else self._database.execute(query, (file_id,)).fetchone()

    def _forget(self, file_id: str, table: str) -> None:
        if table == "event":
            for (entry_id,) in self._database.execute("select entry from event where id = ?", (file_id,)).fetchall():
                self._changed_entries.add(entry_id)
                self._execute("delete from event where id = ?", file_id)
        else:
            query = "select n, hidden from entry where id = ?"
            for number, hidden in self._database.execute(query, (file_id,)).fetchall():
                self._tally_changes[hidden] -= 1
                self._execute("delete from tag where n = ?", number)
                self._execute("delete from due where n = ?", number)
                self._execute("delete from entry where id = ?", file_id)

    def _take_next_number(self) -> int:
        self._last_number += 1
        if self._last_number >= NUMBERS_PER_MINUTE:
            raise RebuildNeededError
        return self._last_number

    def _store_counters(self) -> None:
        """Store the last number and the tally, once for all entries.

        A trigger would be simpler, but each statement that fires one opens a savepoint, and FTS5 flushes its words to
        disk at every savepoint: building the index then takes twice as long, and longer the more entries there are.
        """
        if self._last_number != self._first_number:
            self._execute("update meta set value = ? where key = 'next'", self._last_number)
        for hidden, change in enumerate(self._tally_changes):
            if change:
                self._execute("update tally set entries = entries + ? where hidden = ?", change, hidden)

    def _require_few_changes(self) -> None:
        """Raise RebuildNeededError if an entry was deleted or many have changed: FTS5 still has their old words."""
        [[count]] = self._database.execute("select sum(entries) from tally")
        if self._has_lost_entries or self._last_number > count + MAX_STALE_CHANGES + count // MAX_STALE_SHARE:
            raise RebuildNeededError

    def _read_with_digest(self, path: str, stamp: str, month: tuple[str, str]) -> tuple[bytes, str, str]:
        """A file's bytes, their digest, and its stamp; all empty if it can't be read, so that it is read again next time."""
        try:
            data = read_file(path)
        except Refused as refused:
            self.problems += refused.problems
            self._unverified_months[month] = None
            return b"", "", ""
        return (b"", "", "") if data is None else (data, self._digest(data), stamp)

    def _note_read_failure(self, problem: Problem) -> bool:
        """Remember what the system could not read, for the person who waits for the list."""
        failed = is_read_failure(problem)
        self.problems += [problem] if failed else []
        return failed

    def _get_stamp(self, path: str) -> str:
        """What changes when a file or folder does; "" if that was so recent that another change could go unnoticed."""
        try:
            status = os.stat(path)
        except OSError:
            return ""
        mtime, ctime = status.st_mtime_ns, status.st_ctime_ns
        if ctime > self._now - TIME_GRANULARITY_NS or abs(mtime - self._now) < TIME_GRANULARITY_NS:
            return ""
        return f"{mtime} {ctime} {status.st_size} {status.st_ino}"

    def _summarize_recent(self, months: Sequence[str]) -> dict[str, str]:
        """The summaries of the newest of these months, see MAX_CHECKED_FILES."""
        summaries: dict[str, str] = {}
        checked = 0
        for month in reversed(months[-RECENT_MONTHS:]):
            if checked >= MAX_CHECKED_FILES:
                break
            summaries[month] = self._summarize_files(month)
            checked += int(summaries[month].partition(" ")[0] or 0)
        return summaries

    def _summarize_files(self, month: str) -> str:
        """What changes when a file is edited in place; "" if that was so recent that another change could go unnoticed.

        Every edit updates the file's ctime. New names show in the folder's own stamp.
        """
        count = times = 0
        try:
            folder = os.open(month, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return ""
        try:
            with os.scandir(folder) as files:  # by descriptor, so that the path isn't resolved for each file
                for file in files:
                    changed = file.stat().st_ctime_ns
                    if changed > self._now - TIME_GRANULARITY_NS:
                        return ""
                    count += 1
                    times += changed
        except OSError:
            return ""
        finally:
            os.close(folder)
        return f"{count} {times}"

    def _execute(self, query: str, *values: object) -> Any:
        if not self._database.in_transaction:
            self._database.execute("begin immediate")
        return self._database.execute(query, values)


def count_stale_files(database: Connection, job: IndexJob) -> int:
    """Count the files whose content differs from the index, including new and deleted files.

    Raises Refused if a file can't be read or a folder can't be listed: then the number would be wrong.
    """
    digest, count = make_adaptive_digest(), 0
    problems: list[Problem] = []
    for file_kind, query in (
        (layout.EVENT_FILES, "select id, print from event"),
        (layout.ENTRY_FILES, "select id, print from entry"),
    ):
        known = dict(database.execute(query))
        for path, file_id in layout.list_files(job.journal, file_kind, problems):
            before = known.pop(file_id, None)
            try:
                data = read_file(path)
            except Refused as refused:
                problems += refused.problems
            else:
                count += before != ("" if data is None else digest(data))
        count += len(known)
    if failed := list(filter(is_read_failure, problems)):
        raise Refused(failed)
    return count
