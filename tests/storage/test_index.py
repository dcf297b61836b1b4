"""The index makes lists and searches quick, and never makes them say anything else than the folder does."""

from __future__ import annotations

import builtins
import contextlib
import fcntl
import os
import random
import shutil
import sqlite3
import tempfile
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_entries import FINISHED, FIRST_ID, PLAYBOOK, STARTED, finish_entry, make_entry

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.agenda import select_items
from careerkit.core.journal.entry_list import EntryFilter, Event
from careerkit.core.journal.query import parse_query
from careerkit.storage import catalog as cataloguing
from careerkit.storage.catalog import list_entries
from careerkit.storage.entry_files import decode_entry, encode_entry
from careerkit.storage.index import refresh as refreshing
from careerkit.storage.index.database import JournalIndex
from careerkit.storage.journal import DiskJournal
from careerkit.storage.platform import read_file

SEARCHES = ["offer", "off*", '"new client"', "谈判", "判", "вс*", "client offer"]
TEXTS = ["An offer", "the new client", "client new", "我们谈判了", "Всё", "offers", "nothing\nnew; client offer"]
FILTERS = [
    {},
    {"tag": "boss"},
    {"state": "open"},
    {"playbook": "crisis"},
    {"removed": True},
    {"since": STARTED.date()},
    {"until": STARTED.date(), "playbook": "crisis/start"},
]


class Both:
    """A journal on the disk that is asked with an index and without."""

    def __init__(self, base: Path) -> None:
        self.base, self.built = base, 0
        self.plain = DiskJournal(base / "journal", base / "state")
        self.indexed = DiskJournal(base / "journal", base / "state", index=self.index())

    def index(self, version: str = "1") -> JournalIndex:
        @contextlib.contextmanager
        def count(_: int):
            self.built += 1
            yield lambda: None

        return JournalIndex(str(self.base / "cache"), version=version, start_progress=count)

    @property
    def file(self) -> Path:
        [found] = (self.base / "cache" / "index").glob("*.sqlite")
        return found

    def add(self, entry_id: str, text: str = "An offer", **changes: object) -> Path:
        self.plain.create(make_entry(entry_id, machine=self.plain.machine, text=text, **changes), PLAYBOOK)
        return self.path(entry_id)

    def path(self, entry_id: str) -> Path:
        return self.base / "journal" / "entries" / f"{entry_id[:4]}-{entry_id[4:6]}" / f"{entry_id}.toml"

    def happens(self, entry_id: str, kind: str, value: object, about: str = "", **more: object) -> Event:
        event = Event(
            self.plain.new_event_id(FINISHED), kind, entry_id, FINISHED, self.plain.machine, about, value=value, **more
        )
        self.plain.append_event(event)
        return event

    def agree(self) -> None:
        questions = [{"entry_filter": EntryFilter(**only)} for only in FILTERS]
        questions += [{"search": parse_query(each)} for each in SEARCHES]
        questions += [
            {"search": parse_query("off*"), "entry_filter": EntryFilter(**FILTERS[chosen])} for chosen in (1, 4)
        ]
        for asked in [{"limit": 2}, {"limit": 1, "search": parse_query("offer")}, *questions]:
            assert self.indexed.listing(**asked) == self.plain.listing(**asked), asked
        assert self.found(self.indexed) == self.found(self.plain)
        for until in (None, date(2026, 11, 22)):
            assert self.planned(self.indexed, until) == self.planned(self.plain, until)

    def planned(self, journal: DiskJournal, until: date | None) -> tuple[object, object]:
        items, problems = journal.agenda(until=until)
        return select_items(items, now=FINISHED, days=None if until is None else 0), set(problems)

    def found(self, journal: DiskJournal) -> list[object]:
        found = []
        for beginning in ("last", "2026", "a", "20261122t", "k3f9x2"):
            try:
                found.append(journal.resolve_id(beginning))
            except Refused as refused:
                found.append(refused.problems)
        return found


@pytest.fixture
def both(tmp_path):
    return Both(tmp_path)


@pytest.fixture
def few(both):
    """Three entries in three months, and an index of them that has been looked at once more."""
    for number, entry_id in enumerate((FIRST_ID, "20260922T0905Z-aaaaaa", "20261022T0905Z-bbbbbb")):
        both.add(entry_id, TEXTS[number])
    both.agree()
    return both


def words_of(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.iterdir())


DAYS = ["20260101", "20260322", "20260331", "20260915", "20261122", "20991231"]


@st.composite
def histories(draw):
    ids = st.builds(
        lambda day, minute, sign: f"{day}T{minute}Z-{sign * 6}",
        st.sampled_from(DAYS),
        st.sampled_from(["0905", "0906"]),
        st.sampled_from("ab"),
    )
    steps = st.tuples(st.sampled_from(STEPS), ids, st.sampled_from(TEXTS), st.booleans())
    return draw(st.lists(steps, min_size=1, max_size=12))


def _add(both, entry_id, text, flag):
    if not both.path(entry_id).exists():
        made = make_entry(entry_id, machine=both.plain.machine, text=text)
        both.plain.create(finish_entry(made) if flag else made, PLAYBOOK)


def _edit_in_place(both, entry_id, text, flag):
    """By another hand: with the same size and the time set back, or rewritten as careerkit would."""
    path = both.path(entry_id)
    if path.exists() and is_new_month(both, path):
        before = path.stat()
        data = path.read_bytes()
        if flag:
            path.write_bytes(data.replace(b"offer", b"refof").replace(b"client", b"tneilc"))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        else:
            with contextlib.suppress(Refused):
                found = decode_entry(data, "").entry
                path.write_bytes(
                    encode_entry(replace(found, answers=(replace(found.answers[0], value=text, shown=text),)))
                )


def is_new_month(both, path: Path) -> bool:
    """Files of older months are looked at when they are renamed into place, and else by `reindex`."""
    return path.parent.name in sorted(each.name for each in path.parent.parent.iterdir())[-refreshing.RECENT_MONTHS :]


def _replace(both, entry_id, text, flag):
    """As a sync tool does it: a new file gets the old one's name, perhaps with a time of long ago."""
    path = both.path(entry_id)
    if path.exists():
        new = path.with_name(".new")
        new.write_bytes(encode_entry(make_entry(entry_id, machine="another", text=text)))
        if flag:
            os.utime(new, (1, 1))
        new.rename(path)


def _damage(both, entry_id, text, flag):
    path = both.path(entry_id)
    if path.exists():
        new = path.with_name(".new")
        new.write_bytes(path.read_bytes()[:-20] if flag else path.read_bytes().replace(b"asked = 7", b"asked = 8"))
        new.rename(path)


def _delete(both, entry_id, text, flag):
    both.path(entry_id).unlink(missing_ok=True)
    if flag:
        with contextlib.suppress(OSError):
            both.path(entry_id).parent.rmdir()


def _note(both, entry_id, text, flag):
    both.happens(entry_id, "note", text, "n1", type="text")


def _tag(both, entry_id, text, flag):
    both.happens(entry_id, "tag", flag, "boss", replaces=in_force(both, entry_id, "tag") if flag else ())


def _remove(both, entry_id, text, flag):
    both.happens(entry_id, "removal", flag, replaces=in_force(both, entry_id, "removal"))


def _plan(both, entry_id, text, flag):
    """The action is done, or moved; a new one is added."""
    if flag:
        both.happens(entry_id, "action", "done", "tell", type="choice")
    else:
        both.happens(entry_id, "due", date(2026, 11, 20 + len(text) % 9), "tell", type="date", comment=text)
        both.happens(entry_id, "added", ({"do": text, "due": "2026-11-21"},), "own_1", type="records")


def _tombstone(both, entry_id, text, flag):
    if flag:
        both.happens(entry_id, "tombstone", True)


def in_force(both, entry_id, kind) -> tuple[str, ...]:
    return tuple(event.id for event in both.plain.events(entry_id).events if event.kind == kind)


def _spoil_an_event(both, entry_id, text, flag):
    for path in sorted((both.base / "journal").glob("events/*/*.toml"))[:1]:
        path.unlink() if flag else path.write_bytes(path.read_bytes()[:-9])


def _stray(both, entry_id, text, flag):
    path = both.path(entry_id)
    if path.parent.exists():
        path.with_name(f"{entry_id}.sync-conflict-1.toml" if flag else "note.toml").write_bytes(b"x")


def _wait(both, entry_id, text, flag):
    """So long that the times of files tell them apart."""
    refreshing.TIME_GRANULARITY_NS = 0


def _look(both, entry_id, text, flag):
    both.indexed.listing(limit=1)


STEPS = [
    _add,
    _add,
    _add,
    _edit_in_place,
    _replace,
    _damage,
    _delete,
    _note,
    _plan,
    _tag,
    _remove,
    _tombstone,
    _spoil_an_event,
    _stray,
    _wait,
    _look,
]


@settings(
    max_examples=400 if os.environ.get("CAREERKIT_LONG") == "1" else 10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(histories())
def test_with_the_index_a_journal_says_what_it_says_without(tmp_path_factory, history):
    both = Both(tmp_path_factory.mktemp("both"))
    tick = refreshing.TIME_GRANULARITY_NS
    try:
        both.add(FIRST_ID)
        both.indexed.listing()
        for step, entry_id, text, flag in history:
            step(both, entry_id, text, flag)
            both.indexed.listing(limit=1)
        refreshing.TIME_GRANULARITY_NS = tick
        both.agree()
        both.agree()
    finally:
        refreshing.TIME_GRANULARITY_NS = tick


@pytest.mark.parametrize("tick", [0, 3600 * 10**9], ids=["all are settled", "all are fresh"])
def test_a_second_look_builds_nothing_and_writes_nothing(few, monkeypatch, tick):
    monkeypatch.setattr(refreshing, "TIME_GRANULARITY_NS", tick)
    few.indexed.listing()
    before = few.file.stat()

    few.agree()

    assert few.built == 1
    assert few.file.stat() == before


def test_the_index_is_for_its_owner_only(few):
    assert few.file.stat().st_mode & 0o777 == 0o600
    assert few.file.parent.stat().st_mode & 0o777 == 0o700


def test_a_journal_that_is_not_there_gets_no_index(both):
    assert both.indexed.listing().entries == ()
    assert not (both.base / "cache").exists()


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def overwrite(file: Path) -> None:
    data = bytearray(file.read_bytes())
    chance = random.Random(3)
    for _ in range(40):
        place = chance.randrange(100, len(data))
        data[place : place + 30] = chance.randbytes(30)
    file.write_bytes(data)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def nonsense(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0" + b"x" * 5000)


def lose_a_word(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("insert into words (words) values ('delete-all')")


def lose_an_entry(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("delete from entry where id = ?", (FIRST_ID,))


def drop_a_table(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("drop table tag")


@pytest.mark.parametrize(
    "harm", [truncate, overwrite, empty, nonsense, lose_a_word, lose_an_entry, drop_a_table, os.unlink]
)
def test_whatever_happens_to_the_index_it_is_made_anew_without_a_word(few, harm, capfd):
    harm(few.file)

    few.agree()

    assert few.built == 2
    assert capfd.readouterr() == ("", "")


def test_damage_that_only_shows_in_use_is_mended(few):
    """As if the seal had been made after the damage: as careerkit's own write of a failing disk."""
    drop_a_table(few.file)
    seal = few.file.with_name(few.file.name + ".seal")
    its = few.file.stat()
    seal.write_text(f"{its.st_size} {its.st_mtime_ns} {its.st_ctime_ns} {its.st_ino} 600\n")

    assert few.indexed.listing(entry_filter=EntryFilter(tag="boss")) == few.plain.listing(
        entry_filter=EntryFilter(tag="boss")
    )
    few.agree()


def test_what_a_killed_write_left_of_an_index_is_not_played_back_into_the_next(few):
    """SQLite takes any journal beside a file for that file's own."""
    for number in range(60):
        few.add(f"20261122T0907Z-{number:06}", f"word{number} " * 200)
    few.indexed.listing()
    journal = few.file.with_name(few.file.name + "-journal")
    with contextlib.closing(sqlite3.connect(few.file, isolation_level=None)) as database:
        database.execute("pragma cache_size = 1")
        database.execute("begin")
        database.execute("update entry set stamp = hex(randomblob(500))")
        left = journal.read_bytes()
        database.execute("rollback")
    assert len(left) > 4096
    os.unlink(few.file)
    journal.write_bytes(left)
    few.add("20261122T0908Z-zzzzzz", "later")

    few.agree()

    assert few.built == 2
    assert not journal.exists()


def test_the_agenda_is_read_from_the_index_alone(few, monkeypatch):
    """Nothing but what the index knows as odd is opened."""
    _add(few, "20261123T0905Z-dddddd", "An offer", True)
    _plan(few, "20261123T0905Z-dddddd", "x", False)
    damaged = few.path("20261022T0905Z-bbbbbb")
    damaged.write_bytes(damaged.read_bytes().replace(b"asked = 7", b"asked = 8"))
    few.agree()
    read = []
    monkeypatch.setattr(cataloguing, "read_file", lambda path: read.append(path) or read_file(path))

    items, problems = few.indexed.agenda()

    assert {(each.kind, each.id) for each in items} == {("action", "tell"), ("action", "own_1"), ("unfinished", "")}
    assert read == [str(damaged)]
    assert [each.code for each in problems] == ["entry-changed"]


def test_an_index_of_another_version_is_made_anew(few):
    other = DiskJournal(few.base / "journal", few.base / "state", index=few.index(version="2"))

    assert other.listing() == few.plain.listing()
    assert few.built == 2


def test_an_index_that_another_process_writes_is_passed_over(few):
    few.add("20261122T0907Z-cccccc")
    with contextlib.closing(sqlite3.connect(few.file)) as database:
        database.execute("begin exclusive")
        assert few.indexed.listing() == few.plain.listing()

    assert few.built == 1


def test_an_index_that_another_process_builds_is_passed_over(few):
    os.unlink(few.file)
    [seal] = (few.base / "cache" / "index").glob("*.seal")
    with seal.open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert few.indexed.listing() == few.plain.listing()

    assert few.built == 1


def test_a_cache_that_cannot_be_written_is_passed_over(both):
    both.add(FIRST_ID)
    (both.base / "cache").write_bytes(b"a file")

    both.agree()


def test_python_without_sqlite_does_without(both, monkeypatch):
    both.add(FIRST_ID)
    real = builtins.__import__

    def without(name, *rest):
        if name == "sqlite3":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)

    both.agree()

    assert both.built == 0


def test_sqlite_without_full_text_search_does_without(both, monkeypatch):
    both.add(FIRST_ID)
    monkeypatch.setattr("careerkit.storage.index.database.SCHEMA", "create virtual table words using fts99 (text);")

    both.agree()

    assert not list((both.base / "cache" / "index").glob("*.sqlite"))


class CoarseSystem:
    """The system as a file system shows it whose times have steps of seconds."""

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)

    def stat(self, path: str) -> SimpleNamespace:
        return self._coarse(os.stat(path))

    @contextlib.contextmanager
    def scandir(self, folder: int):
        names = os.listdir(folder)
        yield [SimpleNamespace(stat=lambda n=name: self._coarse(os.stat(n, dir_fd=folder))) for name in names]

    def _coarse(self, its: os.stat_result) -> SimpleNamespace:
        step = 2_000_000_000
        times = {name: getattr(its, name) // step * step for name in ("st_mtime_ns", "st_ctime_ns")}
        return SimpleNamespace(**times, st_size=its.st_size, st_ino=its.st_ino)


def test_a_change_within_the_tick_of_the_last_look_is_seen(both, monkeypatch):
    """The same size, and the same time as far as a coarse file system can tell."""
    monkeypatch.setattr(refreshing, "os", CoarseSystem())
    path = both.add(FIRST_ID, "An offer")
    assert len(both.indexed.listing(search=parse_query("offer")).entries) == 1
    path.write_bytes(path.read_bytes().replace(b"offer", b"refof"))

    assert len(both.indexed.listing(search=parse_query("refof")).entries) == 1
    assert both.indexed.listing(search=parse_query("offer")).entries == ()


def test_an_older_file_edited_in_place_is_seen_by_reindex(few, monkeypatch):
    for month in ("05", "06", "07"):
        few.add(f"2026{month}22T0905Z-dddddd", "Before")
    few.agree()
    monkeypatch.setattr(refreshing, "TIME_GRANULARITY_NS", 0)
    time.sleep(0.05)
    few.indexed.listing()
    path = few.path("20260522T0905Z-dddddd")
    path.write_bytes(path.read_bytes().replace(b"Before", b"Behind"))

    assert few.indexed.listing(search=parse_query("behind")).entries == ()
    assert len(few.indexed.listing(search=parse_query("before")).entries) == 2, "what is shown comes from the file"
    assert few.indexed.count_stale_index_files() == 1
    assert few.plain.count_stale_index_files() == 0
    assert few.indexed.rebuild_index()
    assert few.indexed.count_stale_index_files() == 0
    assert few.indexed.listing(search=parse_query("behind")) == few.plain.listing(search=parse_query("behind"))


@pytest.mark.parametrize(("limit", "found"), [(500, 1), (1, 0)])
def test_a_month_is_not_checked_file_by_file_when_newer_ones_have_many_files(few, monkeypatch, limit, found):
    monkeypatch.setattr(refreshing, "MAX_CHECKED_FILES", limit)
    few.add("20261022T0905Z-dddddd", "Before")
    few.agree()
    monkeypatch.setattr(refreshing, "TIME_GRANULARITY_NS", 0)
    time.sleep(0.05)
    few.indexed.listing()
    path = few.path("20261022T0905Z-dddddd")
    path.write_bytes(path.read_bytes().replace(b"Before", b"Behind"))

    assert len(few.indexed.listing(search=parse_query("behind")).entries) == found


def test_words_of_an_entry_that_is_gone_are_not_kept(few):
    few.add("20261122T0907Z-cccccc", "zugzwang")
    few.agree()
    assert b"zugzwang" in words_of(few.file)

    few.path("20261122T0907Z-cccccc").unlink()
    few.agree()

    assert b"zugzwang" not in words_of(few.file)


def test_what_is_erased_is_out_of_the_index_at_once(few):
    few.indexed.erase(FIRST_ID)

    assert not list((few.base / "cache" / "index").glob("*.sqlite"))


def test_words_of_before_are_cleared_away_after_some_changes(few):
    made = make_entry("20261122T0907Z-cccccc", machine=few.plain.machine)
    few.plain.create(made, PLAYBOOK)
    for number in range(30):
        word = f"{number:02}zugzwang"
        few.plain.save(replace(made, answers=(replace(made.answers[0], value=word, shown=word),)))
        assert len(few.indexed.listing(search=parse_query(word)).entries) == 1

    assert few.built == 2
    assert b"01zugzwang" not in words_of(few.file)


def test_entries_of_one_minute_come_in_the_order_of_their_start(both):
    for sign in "cab":
        both.add(f"20261122T0905Z-{sign * 6}")
        both.indexed.listing()

    both.agree()


def test_a_new_index_knows_what_happened_to_its_entries(both):
    both.add(FIRST_ID, "An offer")
    both.happens(FIRST_ID, "tag", True, "boss")
    both.happens(FIRST_ID, "note", "zugzwang", "n1", type="text")

    assert [each.id for each in both.indexed.listing(search=parse_query("zugzwang")).entries] == [FIRST_ID]
    both.agree()
    assert both.built == 1


def test_an_event_that_was_there_before_its_entry_counts(both):
    """A sync may bring the event first. The index then has no entry yet, but isn't new."""
    path = both.add(FIRST_ID, "An offer")
    content = path.read_bytes()
    both.happens(FIRST_ID, "removal", True)
    both.happens(FIRST_ID, "tag", True, "boss")
    path.unlink()
    assert both.indexed.listing().entries == ()

    path.write_bytes(content)

    assert both.indexed.listing().entries == ()
    assert [each.id for each in both.indexed.listing(entry_filter=EntryFilter(removed=True, tag="boss")).entries] == [
        FIRST_ID
    ]
    both.agree()
    assert both.built == 1


def test_two_copies_of_a_journal_have_an_index_each(few):
    shutil.copytree(few.base / "journal", few.base / "copy")
    copy = DiskJournal(few.base / "copy", few.base / "state", index=few.index())

    copy.create(make_entry("20261122T0907Z-cccccc", machine=copy.machine, text="Only here"), PLAYBOOK)

    assert len(copy.listing(search=parse_query("here")).entries) == 1
    assert few.indexed.listing(search=parse_query("here")).entries == ()


def test_a_word_that_stands_in_every_entry_is_looked_up_in_the_newest_only(few, monkeypatch):
    from careerkit.storage import catalog

    opened = []
    real = catalog.read_file
    monkeypatch.setattr(catalog, "read_file", lambda path: opened.append(path) or real(path))

    found = few.indexed.listing(search=parse_query("crisis"), limit=1)

    assert [each.id for each in found.entries] == [FIRST_ID]
    assert len(opened) == 1
    assert found.not_shown == 2


def test_an_index_without_texts_holds_none_and_leads_to_the_same(few):
    """As that of an encrypted journal, whose words, titles, playbooks and tags are nobody else's business."""
    few.happens(FIRST_ID, "tag", True, "boss")
    few.happens(FIRST_ID, "note", "zugzwang", "n1", type="text")
    index, envelope = few.index(version="3"), few.plain.codec

    def ask(**asked):
        with index.query(few.plain.folder, envelope, stores_text=False) as catalog:
            return list_entries(catalog, few.plain.folder, envelope, **asked)

    for asked in (
        {"entry_filter": EntryFilter(tag="boss")},
        {"entry_filter": EntryFilter(playbook="crisis")},
        {"search": parse_query("zugzwang")},
    ):
        assert ask(**asked) == few.plain.listing(**asked)
        assert len(ask(**asked).entries) in (1, 3)
    for word in (b"zugzwang", b"offer", b"boss", b"crisis"):
        assert word not in words_of(few.file)


def test_no_words_of_a_journal_on_another_disk_are_left_on_this_one(both, do_without):
    """A person keeps on an encrypted stick what is not to be found on this machine."""
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == both.base.stat().st_dev:
        do_without("there is no second file system")
    with tempfile.TemporaryDirectory(dir=other) as stick:
        (both.base / "journal").symlink_to(Path(stick) / "journal")
        (Path(stick) / "journal").mkdir()
        both.add(FIRST_ID, "zugzwang")

        both.agree()

        assert len(both.indexed.listing(search=parse_query("zugzwang")).entries) == 1
        assert b"zugzwang" not in words_of(both.file)
