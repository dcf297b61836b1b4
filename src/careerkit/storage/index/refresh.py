"""How the index learns what has changed in the journal's folder since it last looked.

A new, renamed or removed file changes its folder's time, so one look at each month folder tells in which of them to look
further. The files of the newest months are looked at singly, because a file edited in place does not change its folder.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from careerkit.core.frozen import frozen
from careerkit.core.journal.history import History, history
from careerkit.core.problem import Problem, Refused
from careerkit.storage.envelope import AgeEnvelope, is_closed
from careerkit.storage.events import events_in
from careerkit.storage.index.tables import MINUTE, minute_of, shown
from careerkit.storage.layout import entry_path, event_path
from careerkit.storage.looking import Seen, entry_in, event_in
from careerkit.storage.month_folders import ENTRY_FILES, EVENT_FILES, Shelf, files_of, months
from careerkit.storage.plain_file import read_file
from careerkit.storage.trailer import digest_by_need

if TYPE_CHECKING:  # perhaps there is none
    from sqlite3 import Connection

NEWEST = 3
"""Months whose files are looked at singly."""

TICK = 2_000_000_000
"""Nanoseconds within which some file systems give two changes the same time. What is that fresh is looked at again."""

WORN = 20, 50
"""So many changes, and one for so many entries, after which words of before are cleared away by making it anew."""

Advance = Callable[[], None]


class WornError(Exception):
    """The index holds words that are no longer in the journal, and is to be made anew."""


@frozen
class Job:
    """A journal as the index looks at it. `has_texts`: its words may be kept."""

    journal: str
    envelope: AgeEnvelope
    has_texts: bool


def refresh(database: Connection, job: Job, *, advance: Advance = lambda: None) -> bool:
    """Bring the index up to what the folder holds; all or nothing. Was there anything to be changed in it?

    WornError where it should be made anew instead.
    Refused where the folder can't be listed, or an encrypted file is to be read and there is no key.
    """
    plain = set(job.envelope.plain)
    try:
        _Refresh(database, job, advance).run()
        changed = database.in_transaction
        database.commit()
    except BaseException:
        database.rollback()
        raise
    finally:
        job.envelope.plain = plain  # what was only indexed was not shown
    return changed


class _Refresh:
    def __init__(self, database: Connection, job: Job, advance: Advance) -> None:
        self._database, self._job, self._advance = database, job, advance
        self._digest = digest_by_need()
        self._now = time.time_ns()
        self._touched: set[str] = set()
        self._number: int
        [[self._number]] = database.execute("select cast(value as integer) from meta where key = 'next'")
        self._is_worn = False

    def run(self) -> None:
        for month, name in self._stale_months(EVENT_FILES):
            for event_id, stamp in self._stale_files(month, name, EVENT_FILES, "event"):
                self._look_at_event(event_id, name, stamp)
        for month, name in self._stale_months(ENTRY_FILES):
            for entry_id, stamp in self._stale_files(month, name, ENTRY_FILES, "entry"):
                self._look_at_entry(entry_id, name, stamp)
                self._advance()
        for entry_id in sorted(self._touched):
            self._look_again(entry_id)
        if self._database.in_transaction and self._job.has_texts:
            self._see_whether_worn()

    def _stale_months(self, shelf: Shelf) -> Iterator[tuple[str, str]]:
        """The path and name of each month folder in which something may have changed; also of those that are gone."""
        rows = self._database.execute("select name, stamp, files from month where shelf = ?", (shelf.folder,))
        known = {name: (stamp, files) for name, stamp, files in rows}
        there = months(self._job.journal, shelf)
        for month in there:
            name = os.path.basename(month)
            now = self._stamp(month), self._sum_of_files(month) if month in there[-NEWEST:] else "-"
            before = known.pop(name, None)
            if now != before or not all(now):
                yield month, name
                if now != before:
                    which = "where shelf = ? and name = ?"
                    self._write(f"update month set stamp = ?, files = ? {which}", *now, shelf.folder, name)  # noqa: S608
        for name in known:
            yield shelf.month(self._job.journal, name), name
            self._write("delete from month where shelf = ? and name = ?", shelf.folder, name)

    def _stale_files(self, month: str, name: str, shelf: Shelf, table: str) -> Iterator[tuple[str, str]]:
        """The id and stamp of each file that may have changed. Those that are gone are forgotten."""
        query = f"select id, stamp from {table} where month = ?"  # noqa: S608 - one of two names
        known = dict(self._database.execute(query, (name,)))
        problems: list[Problem] = []
        for path, identity in files_of(month, shelf, problems):
            stamp, before = self._stamp(path), known.pop(identity, None)
            if not stamp or stamp != before:
                yield identity, stamp
        for identity in known:
            self._forget(identity, table)
            self._is_worn |= table == "entry"
        self._keep_month(name, shelf, odd=bool(problems))

    def _keep_month(self, name: str, shelf: Shelf, *, odd: bool) -> None:
        query = "select odd from month where shelf = ? and name = ?"
        if self._database.execute(query, (shelf.folder, name)).fetchall() != [(odd,)]:
            query = (
                "insert into month values (?, ?, '', '', ?) on conflict (shelf, name) do update set odd = excluded.odd"
            )
            self._write(query, shelf.folder, name, odd)

    def _look_at_event(self, event_id: str, month: str, stamp: str) -> None:
        path = event_path(self._job.journal, event_id)
        data, print_ = self._read(path)
        row = self._database.execute("select print, stamp, entry from event where id = ?", (event_id,)).fetchone()
        if row and print_ and row[0] == print_:
            if row[1] != stamp:
                self._write("update event set stamp = ? where id = ?", stamp, event_id)
            return
        entry, odd = "", True
        with contextlib.suppress(Refused):
            event, said = event_in(self._job.envelope.open(data, path), path, event_id, self._digest)
            entry, odd = event.entry, bool(said)
        self._touched |= {each for each in (entry, row[2] if row else "") if each}
        self._write(
            "insert or replace into event values (?, ?, ?, ?, ?, ?, ?)",
            *(event_id, month, stamp, print_, entry, odd, not is_closed(data) and not self._job.has_texts),
        )

    def _look_at_entry(self, entry_id: str, month: str, stamp: str) -> None:
        data, print_ = self._read(entry_path(self._job.journal, entry_id))
        known = self._database.execute("select print, stamp from entry where id = ?", (entry_id,)).fetchone()
        if print_ and known and known[0] == print_:
            if known[1] != stamp:
                self._write("update entry set stamp = ? where id = ?", stamp, entry_id)
        else:
            self._put(entry_id, month, stamp, data, print_)

    def _look_again(self, entry_id: str) -> None:
        """After something has happened to an entry, whose own file may be as it was."""
        row = self._database.execute("select month, stamp from entry where id = ?", (entry_id,)).fetchone()
        if row:
            self._put(entry_id, row[0], row[1], *self._read(entry_path(self._job.journal, entry_id)))

    def _put(self, entry_id: str, month: str, stamp: str, data: bytes, print_: str) -> None:
        path, seen, odd = entry_path(self._job.journal, entry_id), None, True
        with contextlib.suppress(Refused):
            seen, said = entry_in(self._job.envelope.open(data, path), path, entry_id, self._digest)
            odd = bool(said)
        happened = self._history(entry_id)
        keeps = seen is not None and self._job.has_texts and not is_closed(data)
        odd = odd or (self._job.has_texts and not keeps)
        self._forget(entry_id, "entry")
        self._touched.discard(entry_id)
        number = minute_of(entry_id) + self._take_number()
        listed = seen.listed if seen else None
        self._write(
            "insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(number, entry_id, entry_id[15:], month, stamp, print_, odd),
            shown(removed=happened.removed, gone=happened.gone),
            *(listed.playbook if listed and keeps else "", listed.state if listed else ""),
            listed.started.date().isoformat() if listed else "",
        )
        if seen and keeps:
            self._keep_words(number, seen, happened)

    def _keep_words(self, number: int, seen: Seen, happened: History) -> None:
        from careerkit.core.journal.folding import folded_text  # where nothing has changed,
        from careerkit.core.journal.passages import of_history  # a list does without

        for tag in happened.tags:
            self._write("insert into tag values (?, ?)", tag, number)
        texts = "\n".join(folded_text(text) for text in (*seen.passages(), *of_history(happened)))
        self._write("insert into words (rowid, text) values (?, ?)", number, texts)

    def _history(self, entry_id: str) -> History:
        there = self._database.execute("select id from event where entry = ? order by id", (entry_id,))
        files = [(event_path(self._job.journal, each), each) for (each,) in there]
        return history(event for event in events_in(files, self._job.envelope).events if event.entry == entry_id)

    def _forget(self, identity: str, table: str) -> None:
        column = "entry" if table == "event" else "n"
        query = f"select {column} from {table} where id = ?"  # noqa: S608 - one of two names
        for (of,) in self._database.execute(query, (identity,)).fetchall():
            if table == "event":
                self._touched.add(of)
            else:
                self._write("delete from tag where n = ?", of)
            self._write(f"delete from {table} where id = ?", identity)  # noqa: S608 - as above

    def _take_number(self) -> int:
        self._number += 1
        if self._number >= MINUTE:
            raise WornError
        self._write("update meta set value = ? where key = 'next'", self._number)
        return self._number

    def _see_whether_worn(self) -> None:
        """Words of an entry that is gone, or of many that have changed, are not to be kept."""
        [[count]] = self._database.execute("select sum(entries) from tally")
        if self._is_worn or self._number > count + WORN[0] + count // WORN[1]:
            raise WornError

    def _read(self, path: str) -> tuple[bytes, str]:
        """A file's bytes and their print; nothing and "" where it can't be read."""
        with contextlib.suppress(Refused):
            data = read_file(path)
            if data is not None:
                return data, self._digest(data)
        return b"", ""

    def _stamp(self, path: str) -> str:
        """By what a file or folder is known to be as it was; "" where it may change once more within the same tick."""
        try:
            its = os.stat(path)
        except OSError:
            return ""
        if its.st_ctime_ns > self._now - TICK or abs(its.st_mtime_ns - self._now) < TICK:
            return ""
        return f"{its.st_mtime_ns} {its.st_ctime_ns} {its.st_size} {its.st_ino}"

    def _sum_of_files(self, month: str) -> str:
        """What tells that no file was changed in place; "" where one may change once more within the same tick.

        No change leaves a file's own time of change as it was, and the folder's tells of other names.
        """
        count = times = 0
        try:
            folder = os.open(month, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return ""
        try:
            with os.scandir(folder) as there:  # by its descriptor, so that no path is gone along for each file
                for file in there:
                    changed = file.stat().st_ctime_ns
                    if changed > self._now - TICK:
                        return ""
                    count += 1
                    times += changed
        except OSError:
            return ""
        finally:
            os.close(folder)
        return f"{count} {times}"

    def _write(self, query: str, *values: object) -> Any:
        if not self._database.in_transaction:
            self._database.execute("begin immediate")
        return self._database.execute(query, values)
