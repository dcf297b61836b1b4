"""Events on the disk: their names, what damage does, and what a folder may hold beside them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sample_entries import FINISHED, FIRST_ID, PLAYBOOK, make_entry, open_disk_journal

from careerkit.core.errors import Refused
from careerkit.core.journal.entry_list import Event
from careerkit.storage.entry_files import encode_event
from careerkit.storage.layout import generate_event_id, is_event_id


@pytest.fixture
def journal(tmp_path):
    made = open_disk_journal(tmp_path)
    made.create(make_entry(machine=made.machine), PLAYBOOK)
    return made


@pytest.fixture
def tag(journal) -> Event:
    made = Event(journal.new_event_id(FINISHED), "tag", FIRST_ID, FINISHED, journal.machine, "boss", value=True)
    journal.append_event(made)
    return made


def path_of(journal, event: Event) -> Path:
    return Path(journal.folder) / "events" / "2026-11" / f"{event.id}.toml"


def problems(journal) -> list[str]:
    return [problem.code for problem in journal.listing().problems]


def test_an_event_is_a_file_of_its_month_for_its_owner_only(journal, tag):
    path = path_of(journal, tag)

    assert path.read_bytes() == encode_event(tag)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_an_id_has_the_form_of_one_and_nothing_else_has():
    made = generate_event_id(FINISHED)

    assert is_event_id(made)
    for bad in ("", made[:-1], made + "0", made.upper(), "../" + made, made.replace("Z-", "Z/"), FIRST_ID):
        assert not is_event_id(bad)


def test_no_beginning_of_an_event_is_read_as_one(journal, tag):
    path, whole = path_of(journal, tag), path_of(journal, tag).read_bytes()

    for length in range(len(whole) - 1):  # the last byte is a line end, and proves nothing
        path.write_bytes(whole[:length])
        assert journal.events().events == ()
        assert problems(journal) == ["event-cut-short"]


def test_an_event_that_another_hand_changed_is_read_and_that_is_said(journal, tag):
    path = path_of(journal, tag)
    path.write_bytes(path.read_bytes().replace(b'"boss"', b'"bass"'))

    assert journal.listing().entries[0].tags == ("bass",)
    assert problems(journal) == ["event-changed"]


def test_what_a_sync_tool_left_is_told_and_not_read(journal, tag):
    path = path_of(journal, tag)
    copy = path.with_name(path.stem + ".sync-conflict-20261123-091012-ABCDEFG.toml")
    copy.write_bytes(path.read_bytes().replace(b'"boss"', b'"bass"'))

    assert journal.listing().entries[0].tags == ("boss",)
    assert problems(journal) == ["conflict-copy"]


def test_an_event_under_another_s_name_is_told_and_not_read(journal, tag):
    other = journal.new_event_id(FINISHED)
    os.rename(path_of(journal, tag), path_of(journal, tag).with_name(f"{other}.toml"))

    assert journal.listing().entries[0].tags == ()
    assert problems(journal) == ["stray-file"]


def test_a_folder_where_an_event_should_be_is_told(journal, tag):
    path_of(journal, tag).unlink()
    path_of(journal, tag).mkdir()

    assert problems(journal) == ["not-a-file"]


def test_an_event_of_a_newer_careerkit_is_read_and_that_is_said(journal, tag):
    newer = encode_event(tag).replace(b"format = 1", b"format = 2")
    path_of(journal, tag).write_bytes(newer)

    assert journal.listing().entries[0].tags == ("boss",)
    assert problems(journal) == ["event-changed", "newer-format"]


def test_an_entry_behind_a_link_is_erased_and_the_link_with_it(journal, tmp_path):
    path = path_of_entry(journal)
    real = tmp_path / "elsewhere.toml"
    path.rename(real)
    path.symlink_to(real)

    journal.erase(FIRST_ID)

    assert not real.exists()
    assert not path.is_symlink()


def test_copies_beside_an_erased_entry_are_told_and_left(journal):
    path = path_of_entry(journal)
    copy = path.with_name(f"{path.stem}.sync-conflict-20261123-091012-ABCDEFG.toml")
    copy.write_bytes(path.read_bytes())

    assert [str(left.where) for left in journal.erase(FIRST_ID)] == [str(copy)]
    assert copy.exists()


def test_copies_of_what_happened_to_it_and_copies_in_the_quarantine_are_told_too(journal, tag):
    event, aside = (
        path_of(journal, tag),
        Path(journal.folder) / "quarantine" / "20261123T091012Z" / "entries" / "2026-11",
    )
    of_event = event.with_name(f"{event.stem}.sync-conflict-20261123-091012-ABCDEFG.toml")
    of_event.write_bytes(event.read_bytes())
    aside.mkdir(parents=True)
    (aside / f"{FIRST_ID}.toml").write_bytes(path_of_entry(journal).read_bytes())

    assert {str(left.where) for left in journal.erase(FIRST_ID)} == {str(of_event), str(aside / f"{FIRST_ID}.toml")}
    assert not event.exists()


def path_of_entry(journal) -> Path:
    return Path(journal.folder) / "entries" / "2026-11" / f"{FIRST_ID}.toml"


def test_what_can_not_be_deleted_is_told(journal):
    path_of_entry(journal).unlink()
    path_of_entry(journal).mkdir()

    with pytest.raises(Refused) as refused:
        journal.erase(FIRST_ID)

    assert refused.value.problems[0].code == "not-deleted"
