"""A journal's folder: when it begins, what is in it, and that a lost folder is never taken for a new one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from sample_entries import FIRST_ID, PLAYBOOK, SHA256, list_codes, locate_entry, make_entry, open_disk_journal

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.storage import layout
from careerkit.storage.journal import DiskJournal
from careerkit.storage.layout import add_checksum, verify_checksum

OTHER = "20261122T0906Z-aaaaaa"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "journal"


@pytest.fixture
def journal(tmp_path):
    """A journal with one entry."""
    journal = open_disk_journal(tmp_path)
    journal.create(make_entry(machine=journal.machine), PLAYBOOK)
    return journal


def refused(call, *arguments) -> list[str]:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    assert all(problem.hint for problem in caught.value.problems if problem.code != "not-saved")
    return list_codes(caught.value)


def all_calls(journal: DiskJournal):
    mine = make_entry(OTHER, machine=journal.machine)
    yield journal.listing
    yield lambda: journal.read(OTHER)
    yield lambda: journal.resolve_id("last")
    yield lambda: journal.create(mine, PLAYBOOK)
    yield lambda: journal.lock_entry(OTHER).__enter__()


def test_looking_at_a_journal_that_is_not_there_makes_nothing(tmp_path):
    journal = open_disk_journal(tmp_path)

    assert journal.listing().entries == ()
    assert refused(journal.read, FIRST_ID) == refused(journal.resolve_id, "last") == ["unknown-entry"]
    assert list(tmp_path.iterdir()) == []


def test_the_first_entry_makes_the_folder_the_marker_and_the_playbook_s_copy(journal, folder, tmp_path):
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        "careerkit.toml",
        f"entries/2026-11/{FIRST_ID}.toml",
        f"playbooks/{SHA256}.toml",
    ]
    marker = (folder / "careerkit.toml").read_bytes()
    assert verify_checksum(marker).integrity == "intact"
    assert sorted(tomllib.loads(marker.decode())) == ["format", "journal"]
    assert (folder / "playbooks" / f"{SHA256}.toml").read_bytes() == PLAYBOOK
    assert not [path for path in folder.rglob("*") if "machine" in path.name or "lock" in path.name]


def test_names_tell_nothing_of_what_is_inside(journal, folder):
    names = " ".join(str(path) for path in folder.rglob("*")).lower()

    assert "crisis" not in names


def test_an_entry_is_toml_that_any_program_reads(journal, tmp_path):
    data = locate_entry(tmp_path).read_text()

    assert tomllib.loads(data)["answer"][0]["asked"] == "What happened?"
    assert data.startswith("# A careerkit entry")


def test_other_folders_in_the_journal_are_left_alone(journal, folder):
    (folder / "events" / "2026-11").mkdir(parents=True)
    (folder / ".git").mkdir()

    assert len(journal.listing().entries) == 1


def test_a_second_journal_object_sees_the_same_entries_and_machine(journal, tmp_path):
    again = open_disk_journal(tmp_path)

    assert again.machine == journal.machine
    assert again.read(FIRST_ID).entry == journal.read(FIRST_ID).entry


def test_the_same_journal_on_another_machine_has_another_name(journal, folder, tmp_path):
    there = DiskJournal(folder, tmp_path / "other state")

    assert there.machine != journal.machine
    assert refused(there.save, make_entry(machine=there.machine)) == ["entry-elsewhere"]


def test_paths_may_be_given_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    journal = DiskJournal("j", "s")
    monkeypatch.chdir("/")

    journal.create(make_entry(machine=journal.machine), PLAYBOOK)

    assert journal.folder == str(tmp_path / "j")
    assert (tmp_path / "j" / "careerkit.toml").exists()


def test_a_symlinked_journal_folder_is_followed(journal, folder, tmp_path):
    real = tmp_path / "real"
    folder.rename(real)
    folder.symlink_to(real)

    journal.create(make_entry(OTHER, machine=journal.machine), PLAYBOOK)

    assert folder.is_symlink()
    assert (real / "entries" / "2026-11" / f"{OTHER}.toml").exists()
    assert len(journal.listing().entries) == 2


@pytest.mark.parametrize(
    "kind", ["file", "below a file", "dangling", "loop", "marker is a folder", "entries is a file"]
)
def test_a_journal_that_cannot_be_reached_is_refused_and_not_taken_for_empty(tmp_path, folder, kind):
    (tmp_path / "data").mkdir()
    match kind:
        case "file":
            folder.write_bytes(b"")
        case "below a file":
            (tmp_path / "data").rmdir()
            (tmp_path / "data").write_bytes(b"")
        case "dangling":
            folder.symlink_to(tmp_path / "nothing")
        case "loop":
            folder.symlink_to(folder)
        case "marker is a folder":
            (folder / "careerkit.toml").mkdir(parents=True)
        case "entries is a file":
            folder.mkdir()
            (folder / "entries").write_bytes(b"")
    for call in all_calls(open_disk_journal(tmp_path)):
        assert set(refused(call)) <= {"journal-unreachable", "not-a-file", "not-saved"}


@pytest.mark.parametrize("emptied", ["folder gone", "folder empty", "folder above gone", "only a marker of nothing"])
def test_an_emptied_mount_is_said_and_not_taken_for_a_fresh_start(journal, folder, tmp_path, emptied):
    match emptied:
        case "folder gone":
            shutil.rmtree(folder)
        case "folder empty":
            shutil.rmtree(folder)
            folder.mkdir()
        case "folder above gone":
            shutil.rmtree(folder.parent)
        case "only a marker of nothing":
            shutil.rmtree(folder)
            (folder / "entries").mkdir(parents=True)
    for call in all_calls(open_disk_journal(tmp_path)):
        assert refused(call)[-1] == "journal-emptied"
    assert refused(journal.save, make_entry(machine=journal.machine)) == ["entry-gone"]
    assert not locate_entry(tmp_path).exists()


def test_the_hint_says_how_to_start_anew_all_the_same(journal, folder, tmp_path):
    shutil.rmtree(folder)
    with pytest.raises(Refused) as caught:
        journal.listing()

    Path(caught.value.problems[0].hint.split("remove ")[1].removesuffix(".")).unlink()

    journal.create(make_entry(OTHER, machine=journal.machine), PLAYBOOK)
    assert len(journal.listing().entries) == 1


@pytest.mark.parametrize("done", ["marker and memory", "marker, memory and entry"])
def test_a_journal_that_another_process_begins_meanwhile_is_no_emptied_one(tmp_path, monkeypatch, done):
    from careerkit.storage import marker

    real = marker._has_entries

    def meanwhile(folder: str) -> bool:
        monkeypatch.setattr(marker, "_has_entries", real)
        other = open_disk_journal(tmp_path)
        if done == "marker and memory":
            with other.lock_entry(FIRST_ID):
                pass
        else:
            other.create(make_entry(machine=other.machine), PLAYBOOK)
        return real(folder)

    monkeypatch.setattr(marker, "_has_entries", meanwhile)

    assert open_disk_journal(tmp_path).listing().problems == ()


def test_a_moved_journal_is_known_at_its_new_place(journal, folder, tmp_path):
    folder.rename(tmp_path / "moved")

    moved = DiskJournal(tmp_path / "moved", tmp_path / "state")

    assert len(moved.listing().entries) == 1
    moved.create(make_entry(OTHER, machine=moved.machine), PLAYBOOK)


def test_entries_without_a_marker_are_read_with_a_word_and_marked_again(journal, folder, tmp_path):
    marker = (folder / "careerkit.toml").read_bytes()
    (folder / "careerkit.toml").unlink()

    listing = journal.listing()
    assert (len(listing.entries), [problem.code for problem in listing.problems]) == (1, ["marker-missing"])
    assert journal.read(FIRST_ID).problems == ()

    journal.create(make_entry(OTHER, machine=journal.machine), PLAYBOOK)
    assert (folder / "careerkit.toml").read_bytes() == marker, "the machine remembers the journal's id"
    assert journal.listing().problems == ()


@pytest.mark.parametrize("damage", ["cut", "empty", "nonsense", "no id"])
def test_with_a_damaged_marker_entries_are_read_and_nothing_is_written(journal, folder, damage):
    marker = folder / "careerkit.toml"
    whole = marker.read_bytes()
    data = {
        "cut": whole[:-5],
        "empty": b"",
        "nonsense": add_checksum(b"\xff\n"),
        "no id": add_checksum(b"format = 1\n"),
    }[damage]
    marker.write_bytes(data)

    listing = journal.listing()
    assert (len(listing.entries), [problem.code for problem in listing.problems]) == (1, ["marker-damaged"])
    assert refused(journal.create, make_entry(OTHER, machine=journal.machine), PLAYBOOK) == [
        "not-saved",
        "marker-damaged",
    ]
    assert marker.read_bytes() == data

    marker.unlink()
    journal.create(make_entry(OTHER, machine=journal.machine), PLAYBOOK)
    assert len(journal.listing().entries) == 2


def test_a_changed_marker_is_said_and_a_newer_one_is_never_written_beside(journal, folder):
    marker = folder / "careerkit.toml"
    marker.write_bytes(marker.read_bytes().replace(b"format = 1", b"format = 01"))
    assert [problem.code for problem in journal.listing().problems] == ["marker-changed"]

    text = (
        verify_checksum(marker.read_bytes()).text.split(b"# careerkit sha256")[0].replace(b"format = 01", b"format = 3")
    )
    marker.write_bytes(add_checksum(text))
    assert [problem.code for problem in journal.listing().problems] == ["newer-format"]
    assert refused(journal.create, make_entry(OTHER, machine=journal.machine), PLAYBOOK) == [
        "not-saved",
        "newer-format",
    ]


@pytest.mark.parametrize(
    "data", [b"", b"machine = 'x'\n", add_checksum(b"format = 1\n"), add_checksum(b"machine = 7\n")]
)
def test_a_damaged_machine_name_is_refused_and_left_as_it_is(journal, tmp_path, data):
    name = tmp_path / "state" / "machine.toml"
    name.write_bytes(data)

    assert refused(lambda: journal.machine) == ["machine-damaged"]
    assert refused(journal.save, make_entry(machine="m")) == ["not-saved", "machine-damaged"]
    assert name.read_bytes() == data


def test_a_damaged_memory_still_remembers_that_there_was_a_journal(journal, folder, tmp_path):
    [memory] = (tmp_path / "state" / "journals").iterdir()
    memory.write_bytes(b"")
    shutil.rmtree(folder)
    assert refused(journal.listing) == ["journal-emptied"]


def test_a_damaged_memory_is_mended_by_the_next_entry(journal, tmp_path):
    [memory] = (tmp_path / "state" / "journals").iterdir()
    whole = memory.read_bytes()
    memory.write_bytes(b"")

    journal.create(make_entry(OTHER, machine=journal.machine), PLAYBOOK)

    assert memory.read_bytes() == whole


def test_what_a_killed_write_left_is_swept_when_nobody_can_still_need_it(journal, folder, tmp_path):
    month = locate_entry(tmp_path).parent
    old = [place / ".careerkit-00ff.tmp" for place in (folder, folder / "playbooks", month)]
    fresh = month / ".careerkit-11ee.tmp"
    for path in [*old, fresh]:
        path.write_bytes(b"half an answer")
    for path in old:
        os.utime(path, (time.time() - 7200,) * 2)
    assert journal.listing().problems == ()

    journal.create(make_entry(OTHER, machine=journal.machine), PLAYBOOK)

    assert not any(path.exists() for path in old)
    assert fresh.exists()


def test_a_sweep_that_fails_is_no_reason_not_to_save(journal, tmp_path):
    trap = locate_entry(tmp_path).parent / ".careerkit-00ff.tmp"
    trap.mkdir()
    os.utime(trap, (0, 0))

    journal.create(make_entry(OTHER, machine=journal.machine), PLAYBOOK)

    assert len(journal.listing().entries) == 2


def test_a_new_id_is_never_one_that_is_there(journal, monkeypatch):
    ids = iter([FIRST_ID, FIRST_ID, OTHER])
    monkeypatch.setattr(layout, "generate_entry_id", lambda _moment: next(ids))

    assert journal.new_id(make_entry(machine="").started) == OTHER


HOLDER = Path(__file__).with_name("writer_process.py")


def holder(tmp_path) -> subprocess.Popen[str]:
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(HOLDER), str(tmp_path), "hold", FIRST_ID, ""]
    process = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_another_process_that_holds_the_entry_is_respected_and_a_killed_one_forgotten(journal, tmp_path):
    with holder(tmp_path) as process:
        try:
            assert refused(journal.lock_entry(FIRST_ID).__enter__) == ["entry-held"]
            assert len(list((tmp_path / "state" / "locks").iterdir())) == 1
        finally:
            process.kill()

    assert len(list((tmp_path / "state" / "locks").iterdir())) == 1, "the kill left the file"
    with journal.lock_entry(FIRST_ID):
        pass
    assert list((tmp_path / "state" / "locks").iterdir()) == []


def test_a_lock_whose_file_was_removed_meanwhile_is_taken_anew(journal, tmp_path, monkeypatch):
    from careerkit.storage import marker

    real, calls = marker.fcntl.flock, []

    def flock(descriptor: int, how: int) -> None:
        real(descriptor, how)
        calls.append(descriptor)
        if len(calls) == 1:
            [lock] = (tmp_path / "state" / "locks").iterdir()
            lock.unlink()

    monkeypatch.setattr(marker.fcntl, "flock", flock)
    with journal.lock_entry(FIRST_ID):
        assert len(calls) == 3, "the entry's lock twice, and the share of the journal's"
        assert len(list((tmp_path / "state" / "locks").iterdir())) == 1


def test_a_lock_that_cannot_be_made_is_refused(journal, tmp_path):
    with journal.lock_entry(FIRST_ID):
        [lock] = (tmp_path / "state" / "locks").iterdir()
    lock.mkdir()

    assert refused(journal.lock_entry(FIRST_ID).__enter__) == ["not-locked"]
    shutil.rmtree(tmp_path / "state" / "locks")
    (tmp_path / "state" / "locks").write_bytes(b"")
    assert refused(journal.lock_entry(FIRST_ID).__enter__) == ["not-saved"]


def test_forty_processes_that_create_entries_at_once_lose_none(tmp_path):
    """From nothing at all: they also race to make the folder, the marker and the machine's name."""
    program = """
import sys
import time
from sample_entries import STARTED, PLAYBOOK, make_entry, open_disk_journal
from pathlib import Path
base = Path(sys.argv[1])
(base / f"ready{sys.argv[2]}").touch()
while not (base / "go").exists():
    time.sleep(0.001)
journal = open_disk_journal(base)
for _ in range(2):
    journal.create(make_entry(journal.new_id(STARTED), machine=journal.machine, text=sys.argv[2]), PLAYBOOK)
"""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program, str(tmp_path)]
    crowd = [subprocess.Popen([*command, str(n)], env=environ, stderr=subprocess.PIPE) for n in range(40)]
    while len(list(tmp_path.glob("ready*"))) < 40:
        assert not any(process.poll() for process in crowd)
        time.sleep(0.01)
    (tmp_path / "go").touch()
    said = [process.communicate()[1].decode() for process in crowd]

    assert said == [""] * 40
    listing = open_disk_journal(tmp_path).listing()
    assert listing.problems == ()
    assert len(listing.entries) == 80
    read = [open_disk_journal(tmp_path).read(listed.id) for listed in listing.entries]
    assert sorted(str(reading.entry.answers[0].value) for reading in read) == sorted(
        str(n) for n in range(40) for _ in "12"
    )
    assert {reading.entry.machine for reading in read} == {open_disk_journal(tmp_path).machine}
    assert list(tmp_path.rglob(".careerkit-*")) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("call", ["create", "save"])
def test_a_signal_while_an_entry_is_written_counts_when_it_is_there(journal, monkeypatch, number, call):
    written = make_entry(OTHER if call == "create" else FIRST_ID, machine=journal.machine, text="the last answer")
    sync = os.fsync

    def disturbed(descriptor: int) -> None:
        os.kill(os.getpid(), number)
        sync(descriptor)

    def end(*_: object) -> None:
        raise InterruptedError

    before = signal.signal(number, end)
    try:
        monkeypatch.setattr(os, "fsync", disturbed)
        with pytest.raises(InterruptedError):
            getattr(journal, call)(written, *([PLAYBOOK] if call == "create" else []))
    finally:
        signal.signal(number, before)
        monkeypatch.undo()

    assert journal.read(written.id).entry == written
    journal.save(replace(written, passed=("harm",)))
