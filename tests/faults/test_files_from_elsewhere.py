"""Files that are not careerkit's, or not as it wrote them, in the journal's folder: each is named, and everything else works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from careerkit.core.errors import Problem
from careerkit.storage.doctor import Issue, fix_issues
from careerkit.storage.encryption import encrypt_text, generate_key
from careerkit_process import COMMAND, Home
from sample_journal import seed_journal

PASSPHRASE = "violet ladder under soup"
READING = (
    ["journal", "list"],
    ["journal", "list", "--no-index"],
    ["journal", "search", "export"],
    ["journal", "show", "aaaaaa", "--no-pager"],
    ["plan", "show", "aaaaaa"],
)


@pytest.fixture
def filled(home) -> Home:
    """Five entries, aaaaaa tagged and with a note."""
    seed_journal(home)
    assert home.run("journal", "tag", "aaaaaa", "pay").code == 0
    assert home.run("journal", "note", "aaaaaa", stdin="Some words of mine").code == 0
    return home


def entry_path(home: Home, handle: str = "aaaaaa") -> Path:
    [path] = home.journal.glob(f"entries/*/*-{handle}.toml")
    return path


def event_paths(home: Home, kind: str) -> list[Path]:
    return [path for path in home.journal.glob("events/*/*.toml") if f'kind = "{kind}"' in path.read_text()]


def assert_sound(home: Home, *, archive: str = "sound.tar.gz") -> None:
    """Doctor finds nothing, and a backup takes everything."""
    found = home.run("doctor", "--json")
    assert (found.code, found.json["problems"]) == (0, []), found
    done = home.run("journal", "backup", home.folder / archive)
    assert (done.code, done.err) == (0, ""), done


# ------------------------------------------------------------ one bad file


def make_age_file(home: Home) -> str:
    path = entry_path(home, "bbbbbb")
    path.write_bytes(encrypt_text(path.read_bytes(), generate_key().recipient))
    return path.name


def make_link_loop(home: Home) -> str:
    path = entry_path(home, "bbbbbb")
    path.unlink()
    path.symlink_to(path)
    return path.name


def make_age_event(home: Home) -> str:
    [path] = event_paths(home, "tag")
    path.write_bytes(encrypt_text(path.read_bytes(), generate_key().recipient))
    return path.name


@pytest.mark.parametrize("make", [make_age_file, make_age_event, make_link_loop])
def test_one_bad_file_is_named_once_and_everything_else_works(filled, make):
    name = make(filled)

    for command in READING:
        seen = filled.run(*command)
        assert seen.out, (command, seen)
        is_named = "list" in command or "search" in command or make is make_age_event
        assert (seen.out + seen.err).count(name) == is_named, (command, seen.err)
        assert "Traceback" not in seen.err
    assert filled.run("journal", "list", "--json").out.count('"id"') == (5 if make is make_age_event else 4)
    assert filled.run("journal", "export").out.count("\n") >= 7
    found = filled.run("doctor", "--json")
    assert [Path(each["where"]).name for each in found.json["problems"]].count(name) == 1


@pytest.mark.parametrize("make", [make_age_file, make_age_event])
def test_doctor_quarantines_a_bad_file_and_the_journal_is_sound(filled, make):
    name = make(filled)

    assert filled.run("doctor", "--fix").code == 0
    assert [path.name for path in filled.journal.glob("quarantine/**/*.toml")] == [name]
    assert_sound(filled)
    assert filled.run("journal", "list").err == ""


def test_a_file_that_can_be_read_again_is_not_moved_by_a_fix(filled):
    path = str(entry_path(filled))
    issue = Issue(Problem("unreadable", "It can't be read: the disk reports an error.", "", path), path, "move")

    assert fix_issues([issue], journal=str(filled.journal), state_folder="/x", now=datetime.now(UTC)) == []
    assert Path(path).exists()


# ------------------------------------------------------------ a fix that breaks nothing


@pytest.mark.parametrize("depth", [1, 2, 12])
def test_after_a_fix_of_a_copied_folder_backups_encryption_and_doctor_pass(filled, depth):
    month = entry_path(filled).parent
    place = month
    for _ in range(depth - 1):
        place = place / "copy"
        place.mkdir()
    shutil.copytree(filled.journal / "entries", filled.folder / "copied")
    shutil.move(filled.folder / "copied", place / "entries")

    assert "entries" in filled.run("journal", "list").err or depth > 1
    assert filled.run("doctor", "--fix").code == 0
    assert_sound(filled)
    with passphrase_descriptor() as number:
        done = filled.run("journal", "encrypt", "--passphrase-fd", number, "--recovery-key", filled.folder / "key")
    assert done.code == 0, done
    assert [path for path in filled.journal.rglob("*") if path.is_file() and b"export broke" in path.read_bytes()] == []


@contextmanager
def passphrase_descriptor():
    read, write = os.pipe()
    os.write(write, f"{PASSPHRASE}\n".encode())
    os.close(write)
    yield read
    with suppress(OSError):  # careerkit may have closed it
        os.close(read)


def test_encrypt_names_every_leftover_file_in_json(filled):
    (filled.journal / "old").mkdir()
    for number in range(12):
        (filled.journal / f"old/{number}.txt").write_text("old words")
    with passphrase_descriptor() as number:
        done = filled.run(
            "journal", "encrypt", "--json", "--passphrase-fd", number, "--recovery-key", filled.folder / "key"
        )

    assert sorted(Path(each).name for each in done.json["not_encrypted"]) == sorted(f"{n}.txt" for n in range(12))


# ------------------------------------------------------------ everything is accounted for


def rename(path: Path, name: str) -> str:
    path.rename(path.with_name(name))
    return name


ABSENT = {
    "an iCloud placeholder": lambda home: rename(entry_path(home), f".{entry_path(home).name}.icloud"),
    "a placeholder of another cloud": lambda home: rename(entry_path(home), f"{entry_path(home).name}.cloud"),
    "an unfinished download": lambda home: rename(entry_path(home), f".syncthing.{entry_path(home).name}.tmp"),
    "another capitalisation": lambda home: rename(entry_path(home), f"{entry_path(home).stem}.TOML"),
    "an id in capitals": lambda home: rename(entry_path(home), f"{entry_path(home).stem.upper()}.toml"),
    "a hidden file": lambda home: rename(entry_path(home), f".{entry_path(home).name}"),
    "a folder that was copied": lambda home: rename(home.journal / "entries", "entries 2"),
    "a folder in capitals": lambda home: rename(home.journal / "entries", "Entries"),
    "a month that was copied": lambda home: rename(entry_path(home).parent, "2026-11 2"),
    "a numbered copy": lambda home: rename(entry_path(home), f"{entry_path(home).stem} (1).toml"),
    "a copy of another machine": lambda home: rename(entry_path(home), f"{entry_path(home).stem}-LAPTOP.toml"),
    "a conflicted copy": lambda home: rename(
        entry_path(home), f"{entry_path(home).stem} (Ana's conflicted copy 2026-11-22).toml"
    ),
    "a hidden event": lambda home: rename(event_paths(home, "tag")[0], f".{event_paths(home, 'tag')[0].name}"),
}


@pytest.mark.parametrize("kind", ABSENT)
def test_what_a_sync_tool_made_of_a_file_is_named_once_by_list_doctor_and_backup(filled, kind):
    filled.run("journal", "list")  # the index knows the file by its right name
    name = ABSENT[kind](filled)

    for command in (["journal", "list"], ["journal", "list", "--no-index"], ["journal", "search", "export"]):
        assert filled.run(*command).err.count(name) == 1, command
    assert "The journal is empty" not in filled.run("journal", "list").out
    found = filled.run("doctor", "--json")
    assert found.code == 1
    assert name in found.out
    assert filled.run("journal", "backup", filled.folder / "b.tar.gz").err.count(name) == 1


def test_many_unread_things_are_one_line_of_a_list_and_each_is_named_by_doctor(filled):
    month = entry_path(filled).parent
    for number in range(12):
        (month / f"notes {number}.txt").write_text("x")
    (month / f"{entry_path(filled).stem} 2.toml").write_text("x")

    [line] = [line for line in filled.run("journal", "list").err.splitlines() if "not read" in line]
    assert "13 things" in line
    assert all(f"notes {number}.txt" in filled.run("doctor").out for number in range(12))
    assert len(filled.run("doctor", "--json").json["other_files"]) == 12


def test_a_removed_entry_does_not_come_back_silently_when_its_event_is_hidden(filled):
    assert filled.run("journal", "remove", "cccccc").code == 0
    [event] = event_paths(filled, "removal")
    hidden = event.rename(event.with_name(f".{event.name}"))

    assert hidden.name in filled.run("journal", "list").err
    assert hidden.name in filled.run("journal", "list", "--no-index").err


def test_doctor_gives_a_file_its_right_name_back(filled):
    right = entry_path(filled)
    right.rename(right.with_suffix(".TOML"))

    assert filled.run("doctor", "--fix").code == 0
    assert right.exists()
    assert_sound(filled)


def test_a_marker_that_was_not_downloaded_is_not_replaced_by_a_new_one(filled):
    marker = filled.journal / "careerkit.toml"
    marker.rename(marker.with_name(".careerkit.toml.icloud"))

    assert filled.run("journal", "tag", "aaaaaa", "boss").code == 1
    assert not marker.exists()


# ------------------------------------------------------------ removed for good


def test_what_killed_writes_left_of_an_entry_is_removed_with_it(filled):
    entry = entry_path(filled)
    [note] = event_paths(filled, "note")
    left = [entry.with_name(".careerkit-0123456789abcdef.tmp"), note.with_name(".careerkit-fedcba9876543210.tmp")]
    left[0].write_bytes(entry.read_bytes())
    left[1].write_bytes(note.read_bytes())
    note.write_bytes(note.read_bytes()[:-30])

    done = filled.run("journal", "remove", "aaaaaa", "--forever", "--confirm", "aaaaaa")

    assert done.code == 0, done
    assert [
        path for path in filled.journal.rglob("*") if path.is_file() and b"words of mine" in path.read_bytes()
    ] == []
    assert not any(path.exists() for path in (entry, *left))


def test_what_may_be_left_of_a_removed_entry_is_named_with_the_reason(filled):
    [note] = event_paths(filled, "note")
    note.write_bytes(b"so")
    (filled.journal / "entries 2").mkdir()
    copy = shutil.copy(entry_path(filled), filled.journal / "entries 2")

    done = filled.run("journal", "remove", "aaaaaa", "--forever", "--confirm", "aaaaaa")

    assert f"{note}: warning: This file may contain words of the entry" in done.err
    assert f"{copy}: warning: A copy of it is still here." in done.err


# ------------------------------------------------------------ copies outside the journal


@pytest.mark.parametrize("command", [["journal", "backup"], ["plan", "export", "aaaaaa", "--output"]])
def test_a_killed_copy_leaves_nothing_to_read(filled, need_tool, command):
    target = filled.folder / "out"
    target.mkdir()
    strace = need_tool("strace")
    for call in ("fsync", "linkat", "write"):
        words = [strace, "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when=1"]
        done = subprocess.run(
            [*words, *COMMAND, *command, target / "copy"], env=filled.env, cwd=filled.folder, capture_output=True
        )
        assert done.returncode < 0 or done.returncode == 137, (call, done)
        assert list(target.iterdir()) == [], call


def test_a_copy_that_was_killed_where_files_need_names_is_swept_at_the_next_run(filled):
    target = filled.folder / "out"
    target.mkdir()
    left = target / ".careerkit-0123456789abcdef.tmp"
    left.write_bytes(b"words")

    assert filled.run("journal", "backup", target / "b.tar.gz").code == 0
    assert [path.name for path in target.iterdir()] == ["b.tar.gz"]


# ------------------------------------------------------------ checked before the first question


def test_a_wrong_letter_in_the_recipient_is_refused_before_the_first_question(filled):
    with passphrase_descriptor() as number:
        filled.run("journal", "encrypt", "--passphrase-fd", number, "--recovery-key", filled.folder / "key")
    marker = filled.journal / "careerkit.toml"
    text = marker.read_text()
    place = text.index("age1") + 10
    marker.write_text(text[:place] + ("q" if text[place] != "q" else "p") + text[place + 1 :])
    shutil.rmtree(filled.folder / ".local/state/careerkit/journals")  # a machine that doesn't know the journal yet

    begun = filled.run("my", "week", "--plain", stdin="It broke.\n.\n4\n")

    assert begun.code == 1
    assert "recipient" in begun.err
    assert "What happened?" not in begun.out + begun.err
    with passphrase_descriptor() as number:
        assert filled.run("journal", "list", "--passphrase-fd", number).out.count("\n") == 5


@pytest.mark.parametrize(
    ("old", "new"), [('question = "what"', 'question = "whut"'), ('type = "scale"', 'type = "number"')]
)
def test_in_an_entry_that_was_changed_by_hand_the_answer_is_saved_and_what_no_longer_fits_is_named(home, old, new):
    seed_journal(home)
    home.run("my", "week", "--plain", stdin="It broke.\n.\n4\n")
    path = max(home.entries, key=lambda each: each.stat().st_mtime_ns)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))

    stdin = "Again.\n.\n" if "what" in old else "3\n50\n"
    done = home.run("resume", "--plain", stdin=stdin)

    assert "Traceback" not in done.err
    assert ("whut" if "what" in old else "load") in done.out + done.err
    saved = path.read_text()
    assert "Again." in saved if "what" in old else "value = 50" in saved
    assert "It broke." in saved


# ------------------------------------------------------------ a day


@pytest.mark.parametrize(
    ("began", "read", "zone", "shown"),
    [
        ("2026-11-21T21:00:00-05:00", "2026-11-22T11:30:00+09:00", "Asia/Tokyo", "yesterday 21:00"),
        ("2026-11-22T08:00:00+09:00", "2026-11-21T18:30:00-05:00", "America/New_York", "2026-11-22"),
        ("2026-11-22T08:00:00+09:00", "2026-11-22T23:30:00+09:00", "Asia/Tokyo", "today 08:00"),
    ],
)
def test_the_day_that_a_list_shows_is_the_day_that_it_filters_by(home, began, read, zone, shown):
    seed_journal(home)
    path = entry_path(home)
    for other in home.entries:
        if other != path:
            other.unlink()
    path.write_text(re.sub(r"(?m)^(started|finished|given) = .*", rf"\1 = {began}", path.read_text()))
    day = began[:10]

    for index in ((), ("--no-index",)):
        assert shown in list_days(home, zone, read, *index)
        is_today = shown.startswith("today")
        assert ("aaaaaa" in list_days(home, zone, read, "--since", "today", "--until", "today", *index)) == is_today
        assert "aaaaaa" in list_days(home, zone, read, "--since", day, "--until", day, *index)


def list_days(home: Home, zone: str, now: str, *options: str) -> str:
    program = f"""
from datetime import datetime
from careerkit.storage.platform import SystemClock
SystemClock.now = lambda self: datetime.fromisoformat({now!r}).astimezone()
from careerkit.cli.startup import main
raise SystemExit(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "journal", "list", *options],
        env={**home.env, "TZ": zone},
        capture_output=True,
        text=True,
        cwd=home.folder,
    )
    return done.stdout
