"""Whatever happens to a file, it is read right, or read with a word, or refused; never wrong, never a traceback."""

from __future__ import annotations

import os
import random
import re
import threading
from collections import Counter
from pathlib import Path

import pytest
from sample_entries import (
    FIRST_ID,
    PLAYBOOK,
    SHA256,
    finish_entry,
    list_codes,
    locate_entry,
    make_entry,
    open_disk_journal,
)

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry
from careerkit.storage.layout import add_checksum

CORRUPTIONS = 10_000 if os.environ.get("CAREERKIT_LONG") == "1" else 2_000


@pytest.fixture
def journal(tmp_path):
    journal = open_disk_journal(tmp_path)
    journal.create(finish_entry(make_entry(machine=journal.machine)), PLAYBOOK)
    return journal


@pytest.fixture
def path(tmp_path, journal):
    return locate_entry(tmp_path)


def refused(call, *arguments) -> list[str]:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    assert all(problem.where for problem in caught.value.problems)
    return list_codes(caught.value)


def listed_problems(journal) -> list[str]:
    catalog = journal.listing()
    assert catalog.entries == ()
    return [problem.code for problem in catalog.problems]


def test_every_beginning_of_an_entry_is_read_as_damaged(journal, path):
    data, whole = path.read_bytes(), journal.read(FIRST_ID).entry
    for end in range(len(data) - 1):
        path.write_bytes(data[:end])
        assert refused(journal.read, FIRST_ID) == ["entry-cut-short"], end
    path.write_bytes(data[:-1])
    reading = journal.read(FIRST_ID)
    assert reading.entry == whole
    assert [problem.code for problem in reading.problems] == ["entry-changed"]


def test_a_cut_entry_is_reported_by_the_listing_and_not_listed(journal, path):
    path.write_bytes(path.read_bytes()[:-100])

    assert listed_problems(journal) == ["entry-cut-short"]


def test_random_corruptions_are_never_read_in_silence(journal, path):
    """2,000 of them by default, 10,000 with CAREERKIT_LONG=1."""
    chance = random.Random(1)
    data, whole = path.read_bytes(), journal.read(FIRST_ID).entry
    outcomes = Counter(outcome_of(journal, path, corrupted(data, chance), whole) for _ in range(CORRUPTIONS))

    print(f"{CORRUPTIONS} corruptions: {dict(outcomes)}")
    assert outcomes["refused"] > CORRUPTIONS / 5
    assert outcomes["said"] > CORRUPTIONS / 50
    assert outcomes["as it was"] < CORRUPTIONS / 10


def corrupted(data: bytes, chance: random.Random) -> bytes:
    """Some bytes of the file lost, overwritten with any bytes or with text, or there twice."""
    at, length = chance.randrange(len(data)), chance.randint(0, 30)
    kept = data[at : at + length]
    text = bytes(chance.choices(b'abc019 ="#[]\n', k=length))
    return data[:at] + chance.choice((b"", chance.randbytes(length), text, kept + kept)) + data[at + length :]


def outcome_of(journal, path: Path, broken: bytes, whole: Entry) -> str:
    """What became of a broken file: refused, read with a word, or read as it was."""
    path.write_bytes(broken)
    catalog = journal.listing()
    try:
        reading = journal.read(FIRST_ID)
    except Refused:
        assert catalog.entries == ()
        assert catalog.problems
        return "refused"
    assert reading.problems or reading.entry == whole
    assert bool(reading.problems) == bool(catalog.problems)
    return "said" if reading.problems else "as it was"


def test_a_change_by_hand_is_read_and_said_every_time(journal, path):
    path.write_bytes(path.read_bytes().replace(b"I overlooked", b"I misjudged"))

    for _ in range(2):
        reading = journal.read(FIRST_ID)
        assert str(reading.entry.answers[0].value).startswith("I misjudged")
        assert [problem.code for problem in reading.problems] == ["entry-changed"]
        catalog = journal.listing()
        assert [listed.id for listed in catalog.entries] == [FIRST_ID]
        assert [(problem.code, problem.severity) for problem in catalog.problems] == [("entry-changed", "warning")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 700,
        b"\xff\xfe not UTF-8 \xff",
        b"not = [ toml",
        b"format = 1\nformat = 1\n",
        b"a = " + b"[" * 100_000 + b"]" * 100_000 + b"\n",
        b"a = " + b"{ a = " * 5_000 + b"1" + b" }" * 5_000 + b"\n",
        b"a = " + b"9" * 10_000 + b"\n",
        b"a = 1e999999999999999999999\n",
        b"format = 'one'\n",
        b"<<<<<<< ours\nformat = 1\n=======\nformat = 1\n>>>>>>> theirs\n",
        b"format = 1\nstarted = 2026-13-45T99:99:99Z\n",
    ],
)
def test_nonsense_is_a_problem_with_or_without_a_last_line(journal, path, data):
    path.write_bytes(data)
    assert refused(journal.read, FIRST_ID) == ["entry-cut-short"]
    assert listed_problems(journal) == ["entry-cut-short"]

    for vouched in (add_checksum(data), add_checksum(data)[:-70] + b"0" * 69 + b"\n"):
        path.write_bytes(vouched)
        assert set(refused(journal.read, FIRST_ID)) <= UNREADABLE
        assert set(listed_problems(journal)) <= UNREADABLE
    assert path.read_bytes() == vouched


UNREADABLE = {"entry-unreadable", "entry-missing-key", "entry-wrong-type", "entry-cut-short"}


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "2026-11-22T10:05:00"])
def test_a_time_that_no_other_zone_can_tell_is_a_problem_of_its_file_and_of_no_other(journal, path, time):
    other = "20261122T0906Z-aaaaaa"
    journal.create(make_entry(other, machine=journal.machine), PLAYBOOK)
    above = path.read_bytes().rpartition(b"# careerkit sha256")[0]
    path.write_bytes(add_checksum(re.sub(rb"(?m)^started = .*$", b"started = " + time.encode(), above)))

    assert refused(journal.read, FIRST_ID) == ["entry-wrong-type"]
    catalog = journal.listing()
    assert [each.id for each in catalog.entries] == [other]
    assert [problem.code for problem in catalog.problems] == ["entry-wrong-type"]


def test_marks_of_a_merge_conflict_are_named(journal, path):
    path.write_bytes(add_checksum(b"<<<<<<< ours\nformat = 1\n"))

    with pytest.raises(Refused) as caught:
        journal.read(FIRST_ID)

    assert "merge" in caught.value.problems[0].hint


def test_no_answer_stands_in_an_error(journal, path):
    path.write_bytes(path.read_bytes().replace(b'level = "stop"', b'level = "secret affair"'))

    with pytest.raises(Refused) as caught:
        journal.read(FIRST_ID)

    assert "secret" not in str([str(problem) for problem in caught.value.problems])


def test_a_newer_format_is_read_with_a_word_and_never_written(journal, path):
    text = path.read_bytes().split(b"# careerkit sha256")[0].replace(b"format = 1\n", b"format = 2\nmood = 3\n")
    path.write_bytes(add_checksum(text.replace(b"finished = ", b"ended = ")))

    reading = journal.read(FIRST_ID)

    assert [(problem.code, problem.severity) for problem in reading.problems] == [("newer-format", "warning")]
    assert [problem.code for problem in journal.listing().problems] == ["newer-format"]
    assert journal.listing().entries[0].id == FIRST_ID
    before = path.read_bytes()
    assert refused(journal.save, reading.entry) == ["newer-format"]
    assert refused(journal.save, replace(reading.entry, format=1)) == ["newer-format"]
    assert path.read_bytes() == before


def test_a_head_that_is_not_what_careerkit_writes_is_left_to_the_parser(journal, path):
    text = path.read_bytes().split(b"# careerkit sha256")[0].replace(b"asked = 7", b"asked=7")
    path.write_bytes(add_checksum(text))

    assert journal.listing().entries[0].asked == 7
    assert journal.listing().problems == ()


@pytest.mark.parametrize(
    "kind",
    ["folder", "fifo", "dangling", "loop", "unreadable name"],
)
def test_something_else_where_an_entry_should_be_is_a_problem(journal, path, kind):
    path.unlink()
    match kind:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "dangling":
            path.symlink_to(path.parent / "nothing")
        case "loop":
            path.symlink_to(path)
        case "unreadable name":
            path = path.with_name("é" + path.name)
            path.write_bytes(b"")
            assert listed_problems(journal) == ["stray-file"]
            return

    assert refused(journal.read, FIRST_ID) in (["not-a-file"], ["unreadable"])
    assert listed_problems(journal) in (["not-a-file"], ["unreadable"])
    mine = make_entry(machine=journal.machine)
    assert refused(journal.save, mine) in (["not-saved", "not-a-file"], ["not-saved", "unreadable"])


def test_an_entry_that_is_a_link_is_read_through(journal, path, tmp_path):
    real = tmp_path / "elsewhere.toml"
    path.rename(real)
    path.symlink_to(real)

    assert journal.read(FIRST_ID).entry.finished
    assert len(journal.listing().entries) == 1


def test_saving_an_entry_that_is_a_link_writes_to_the_real_file(tmp_path):
    journal = open_disk_journal(tmp_path)
    made = make_entry(machine=journal.machine)
    journal.create(made, PLAYBOOK)
    real = tmp_path / "elsewhere.toml"
    locate_entry(tmp_path).rename(real)
    locate_entry(tmp_path).symlink_to(real)

    journal.save(replace(made, asked=9))

    assert locate_entry(tmp_path).is_symlink()
    assert b"asked = 9" in real.read_bytes()
    assert journal.read(FIRST_ID).entry.asked == 9


@pytest.mark.parametrize(
    "name",
    [
        f"{FIRST_ID}.sync-conflict-20261122-101500-ABCDEFG.toml",
        f"{FIRST_ID} (Ana's conflicted copy 2026-11-22).toml",
        f"{FIRST_ID} (conflicted copy).toml",
        f".{FIRST_ID}.sync-conflict-20261122.toml",
    ],
)
def test_a_conflict_copy_is_reported_and_never_loaded_or_touched(journal, path, name):
    copy = path.with_name(name)
    copy.write_bytes(path.read_bytes())

    catalog = journal.listing()

    assert [listed.id for listed in catalog.entries] == [FIRST_ID]
    assert [(problem.code, problem.severity) for problem in catalog.problems] == [("conflict-copy", "warning")]
    assert journal.resolve_id("k3") == FIRST_ID
    assert copy.exists()


def test_a_copy_under_another_name_is_reported_and_never_loaded(journal, path):
    other = path.with_name("20261122T0905Z-copied.toml")
    other.write_bytes(path.read_bytes())
    month = path.parent.with_name("2026-10")
    month.mkdir()
    (month / path.name).write_bytes(path.read_bytes())

    catalog = journal.listing()

    assert [listed.id for listed in catalog.entries] == [FIRST_ID]
    assert [problem.code for problem in catalog.problems] == ["stray-file", "stray-file"]
    assert refused(journal.read, "20261122T0905Z-copied") == ["stray-file"]


def test_files_of_other_programs_are_named_and_not_read(journal, path):
    for name in (
        ".DS_Store",
        ".stfolder",
        "notes.md",
        f"{FIRST_ID}.toml~",
        ".careerkit-0a.tmp",
        f".{FIRST_ID}.toml.swp",
    ):
        path.with_name(name).write_bytes(b"x")
    (path.parent.parent / "readme.txt").write_bytes(b"x")

    named = {Path(str(each.where)).name: each.code for each in journal.listing().problems}
    assert named == dict.fromkeys(
        ["notes.md", f"{FIRST_ID}.toml~", f".{FIRST_ID}.toml.swp", "readme.txt"], "foreign-file"
    )
    assert len(journal.listing().entries) == 1


def test_a_month_that_is_a_file_is_reported(journal, path):
    (path.parent.parent / "2027-01").write_bytes(b"x")

    catalog = journal.listing()

    assert len(catalog.entries) == 1
    assert [problem.code for problem in catalog.problems] == ["unreadable"]


def test_an_entry_that_goes_while_it_is_listed_is_no_problem(journal, path, monkeypatch):
    from careerkit.storage import catalog

    monkeypatch.setattr(catalog, "read_file", lambda _path: None)

    assert journal.listing().entries == ()
    assert journal.listing().problems == ()


def test_a_playbook_that_was_changed_is_refused_and_mended_when_it_is_needed_again(journal, tmp_path):
    kept = tmp_path / "data/journal/playbooks" / f"{SHA256}.toml"
    kept.write_bytes(PLAYBOOK + b"x")
    assert refused(journal.read_playbook, SHA256) == ["playbook-changed"]

    journal.create(make_entry("20261122T0906Z-aaaaaa", machine=journal.machine), PLAYBOOK)

    assert journal.read_playbook(SHA256) == PLAYBOOK


def test_what_another_hand_wrote_meanwhile_is_not_written_over(tmp_path):
    journal, path = open_disk_journal(tmp_path), locate_entry(tmp_path)
    made = make_entry(machine=journal.machine)
    journal.create(made, PLAYBOOK)
    path.write_bytes(path.read_bytes().replace(b"I overlooked", b"I misjudged"))
    by_hand = path.read_bytes()

    assert refused(journal.save, replace(made, asked=9)) == ["entry-changed-meanwhile"]
    assert refused(open_disk_journal(tmp_path).save, replace(made, asked=9)) == ["entry-changed-meanwhile"]
    assert path.read_bytes() == by_hand

    known = journal.read(FIRST_ID).entry
    journal.save(replace(known, asked=9))
    assert str(journal.read(FIRST_ID).entry.answers[0].value).startswith("I misjudged")


def test_a_damaged_entry_is_not_written_over_by_a_process_that_never_read_it(tmp_path):
    journal, path = open_disk_journal(tmp_path), locate_entry(tmp_path)
    made = make_entry(machine=journal.machine)
    journal.create(made, PLAYBOOK)
    path.write_bytes(path.read_bytes()[:-9])

    assert refused(open_disk_journal(tmp_path).save, made) == ["not-saved", "entry-cut-short"]


def test_a_newer_entry_is_not_written_over_by_a_process_that_never_read_it(tmp_path):
    journal, path = open_disk_journal(tmp_path), locate_entry(tmp_path)
    made = make_entry(machine=journal.machine)
    journal.create(made, PLAYBOOK)
    path.write_bytes(
        add_checksum(path.read_bytes().split(b"# careerkit sha256")[0].replace(b"format = 1", b"format = 2"))
    )

    assert refused(open_disk_journal(tmp_path).save, made) == ["newer-format"]


def test_a_process_that_never_read_the_entry_can_save_it(tmp_path):
    journal = open_disk_journal(tmp_path)
    made = make_entry(machine=journal.machine)
    journal.create(made, PLAYBOOK)

    open_disk_journal(tmp_path).save(replace(made, asked=9))

    assert open_disk_journal(tmp_path).read(FIRST_ID).entry.asked == 9


def test_readers_never_see_half_a_file_and_never_wait(tmp_path):
    journal = open_disk_journal(tmp_path)
    made = make_entry(machine=journal.machine, text="x" * 200_000)
    journal.create(made, PLAYBOOK)
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(open_disk_journal(tmp_path).read(FIRST_ID).entry.asked)

    reader = threading.Thread(target=read)
    reader.start()
    for count in range(20):
        journal.save(replace(made, asked=count))
    stop.set()
    reader.join()

    assert set(seen) <= {7, *range(20)}
    assert len(set(seen)) > 1
