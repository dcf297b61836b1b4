"""What `doctor` finds, and that putting it right loses nothing."""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sample_entries import (
    FINISHED,
    FIRST_ID,
    PLAYBOOK,
    SHA256,
    finish_entry,
    locate_entry,
    make_entry,
    open_disk_journal,
)

from careerkit.core.errors import Refused
from careerkit.core.journal.entry_list import Event
from careerkit.storage.entry_files import encode_entry
from careerkit.storage.transfer import JournalMaintenance

NOW = FINISHED + timedelta(days=1)
SECOND = "20261122T0906Z-zzzzzz"


def nothing() -> None:
    """Nobody watches."""


@pytest.fixture
def base(tmp_path) -> Path:
    journal = open_disk_journal(tmp_path)
    journal.create(finish_entry(make_entry(machine=journal.machine)), PLAYBOOK)
    record(tmp_path, "tag", "boss", True)
    return tmp_path


def record(base: Path, kind: str, about: str, value: object, *, at: str = FIRST_ID, days: int = 0) -> Path:
    journal, when = open_disk_journal(base), FINISHED + timedelta(days=days)
    made = Event(journal.new_event_id(when), kind, at, when, journal.machine, about, value=value)
    journal.append_event(made)
    return Path(journal.folder) / "events" / f"{made.id[:4]}-{made.id[4:6]}" / f"{made.id}.toml"


def codes(base: Path) -> list[str]:
    return [
        each.problem.code for each in JournalMaintenance(open_disk_journal(base)).check(now=NOW, advance=nothing).issues
    ]


def cured(base: Path) -> list[str]:
    """Where the files went, below the journal or the state folder."""
    care = JournalMaintenance(open_disk_journal(base))
    done = care.fix(care.check(now=NOW, advance=nothing), now=NOW)
    return [os.path.relpath(each.new_path, base) for each in done]


def everything(base: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in base.rglob("*") if path.is_file())


def test_a_whole_journal_is_whole_and_looking_changes_nothing(base):
    before = {path: path.stat().st_mtime_ns for path in base.rglob("*")}
    found = JournalMaintenance(open_disk_journal(base)).check(now=NOW, advance=nothing)

    assert (found.issues, found.entries, found.events, found.playbooks) == ((), 1, 1, 1)
    assert {path: path.stat().st_mtime_ns for path in base.rglob("*")} == before


def test_nothing_is_wrong_with_a_journal_that_is_not_there(tmp_path):
    assert codes(tmp_path) == []


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: data[:-40], "entry-cut-short"),
        (lambda data: b"", "entry-cut-short"),
        (lambda data: b"\xff" + data, "entry-unreadable"),
        (lambda data: data.replace(b"machine = ", b"machinery = "), "entry-missing-key"),
    ],
)
def test_a_damaged_entry_is_named_and_moves_so_that_a_backup_can_bring_the_right_one(base, damage, code):
    path, whole = locate_entry(base), locate_entry(base).read_bytes()
    path.write_bytes(damage(whole))
    before = everything(base)

    assert codes(base) == [code]
    assert cured(base) == [f"data/journal/quarantine/20261123T092500Z/entries/2026-11/{FIRST_ID}.toml"]
    assert everything(base) == before
    assert not path.exists()


def test_a_change_by_hand_is_said_and_stays(base):
    locate_entry(base).write_bytes(locate_entry(base).read_bytes().replace(b"Take advice", b"Take a walk"))

    assert codes(base) == ["entry-changed"]
    assert cured(base) == []


def test_a_newer_format_is_said_and_stays(base):
    locate_entry(base).write_bytes(locate_entry(base).read_bytes().replace(b"format = 1", b"format = 9"))

    assert codes(base) == ["entry-changed", "newer-format"]
    assert cured(base) == []


def test_copies_of_sync_tools_and_stray_files_move(base):
    copy = locate_entry(base).with_name(f"{FIRST_ID}.sync-conflict-20261123-091012-ABCDEFG.toml")
    shutil.copy(locate_entry(base), copy)
    shutil.copy(locate_entry(base), locate_entry(base).with_name("mine.toml"))

    assert codes(base) == ["conflict-copy", "stray-file"]
    assert len(cured(base)) == 2
    assert codes(base) == []


def test_an_old_temp_file_moves_and_a_new_one_is_somebody_s(base):
    old, new = (locate_entry(base).with_name(f".careerkit-{sign * 16}.tmp") for sign in "01")
    for path in (old, new):
        path.touch(mode=0o600)
    os.utime(old, (time.time() - 7200,) * 2)

    assert codes(base) == ["leftover"]
    assert cured(base) == [f"data/journal/quarantine/20261123T092500Z/entries/2026-11/{old.name}"]
    assert new.exists()
    assert codes(base) == []


@pytest.mark.parametrize("folder", ["entries", "entries/2026", "entries/2026-11/old", "events"])
def test_a_file_that_lies_in_no_month_is_said_and_moves(base, folder):
    astray = base / "data/journal" / folder / f"{FIRST_ID}.toml"
    astray.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(locate_entry(base), astray)
    for name in ("notes.txt", ".hidden.toml"):
        astray.with_name(name).touch(mode=0o600)

    assert codes(base) == ["stray-file"]
    assert cured(base) == [f"data/journal/quarantine/20261123T092500Z/{folder}/{FIRST_ID}.toml"]
    assert codes(base) == []


def test_an_event_without_its_entry_is_said_and_stays_for_the_entry_may_come(base):
    record(base, "tag", "boss", True, at=SECOND)

    assert codes(base) == ["orphaned-event"]
    assert cured(base) == []


def test_what_comes_back_after_it_was_removed_for_good_moves_with_its_events(base):
    record(base, "tombstone", "", True)

    assert codes(base) == ["came-back"]
    assert len(cured(base)) == 1
    assert codes(base) == ["orphaned-event"]
    assert len(cured(base)) == 1
    assert codes(base) == []


def test_two_machines_that_contradict_each_other_are_said(base):
    record(base, "tag", "boss", False)

    assert codes(base) == ["disputed"]


def test_a_playbook_s_copy_that_is_missing_is_said_and_one_that_was_changed_moves(base):
    copy = base / "data/journal/playbooks" / f"{SHA256}.toml"
    copy.write_bytes(b"format = 1\n")

    assert codes(base) == ["playbook-changed"]
    assert len(cured(base)) == 1
    assert codes(base) == ["playbook-missing"]


def test_a_lock_that_nobody_holds_moves_and_one_that_is_held_stays(base):
    journal = open_disk_journal(base)
    with journal.lock_entry(FIRST_ID):
        assert codes(base) == []
    (base / "state/locks/x-20261122T0905Z-k3f9x2.lock").touch()

    assert codes(base) == ["stale-lock"]
    assert cured(base) == ["state/quarantine/20261123T092500Z/locks/x-20261122T0905Z-k3f9x2.lock"]


def test_what_others_may_open_is_closed(base):
    locate_entry(base).chmod(0o644)
    locate_entry(base).parent.chmod(0o755)

    assert codes(base) == ["open-to-others"] * 2
    cured(base)
    assert codes(base) == []
    assert locate_entry(base).stat().st_mode & 0o777 == 0o600


def test_what_a_disk_without_modes_leaves_open_is_not_said_to_be_closed(base, monkeypatch):
    locate_entry(base).chmod(0o644)
    monkeypatch.setattr(os, "chmod", lambda *_: None)

    assert cured(base) == []
    assert codes(base) == ["open-to-others"]


def test_what_can_not_move_to_the_quarantine_on_another_disk_stays_and_that_is_said(base, small_disk):
    (base / "data/journal/entries").rename(base / "aside")
    shutil.copytree(base / "aside", small_disk / "entries")
    (base / "data/journal/entries").symlink_to(small_disk / "entries")
    copy = locate_entry(base).with_name(f"{locate_entry(base).stem}.sync-conflict-20261123-091012-ABCDEFG.toml")
    copy.write_bytes(locate_entry(base).read_bytes())

    with pytest.raises(Refused) as refused:
        cured(base)

    assert refused.value.problems[0].message == "This file was not moved: it would have to be moved to another disk."
    assert copy.exists()


def test_a_folder_that_stands_open_is_closed_in_passing_by_the_next_entry(base):
    locate_entry(base).parent.chmod(0o755)
    journal = open_disk_journal(base)
    journal.create(make_entry(SECOND, machine=journal.machine), PLAYBOOK)

    assert locate_entry(base).parent.stat().st_mode & 0o777 == 0o700


def test_odd_times_are_said_and_stay(base):
    journal = open_disk_journal(base)
    early = make_entry(
        "20271122T0905Z-aaaaaa", machine=journal.machine, started=make_entry(machine="m").started + timedelta(days=365)
    )
    journal.create(early, PLAYBOOK)
    wrong = make_entry("20261122T0907Z-bbbbbb", machine=journal.machine)
    journal.create(wrong, PLAYBOOK)
    record(base, "tag", "late", True, days=30)
    record(base, "tag", "soon", True, days=-30)

    assert codes(base) == ["odd-time"] * 4
    assert cured(base) == []


def test_an_entry_finished_before_it_began_is_odd(base):
    made = finish_entry(make_entry(machine="m"))
    locate_entry(base).write_bytes(encode_entry(made).replace(b"finished = 2026-11-22", b"finished = 2026-11-21"))

    assert codes(base) == ["entry-changed", "odd-time"]


def test_nothing_in_the_quarantine_is_overwritten(base):
    for _ in range(2):
        locate_entry(base).write_bytes(b"x")
        cured(base)

    there = {str(path.relative_to(base)) for path in base.rglob(f"quarantine/*/entries/*/{FIRST_ID}.toml")}
    assert {path.split("/")[3] for path in there} == {"20261123T092500Z", "20261123T092500Z-2"}


def test_a_damaged_marker_is_said(base):
    (base / "data/journal/careerkit.toml").write_bytes(b"x")

    assert codes(base) == ["marker-damaged"]
