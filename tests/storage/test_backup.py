"""A backup is whole or it is none, and restoring one loses nothing that is there."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from sample_entries import (
    FINISHED,
    FIRST_ID,
    PLAYBOOK,
    finish_entry,
    list_codes,
    locate_entry,
    make_entry,
    open_disk_journal,
)

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import Event
from careerkit.storage.backup import create_backup, read_members, verify_backup
from careerkit.storage.transfer import JournalMaintenance, begin_conversion

SECOND = "20261201T0905Z-zzzzzz"


def nothing() -> None:
    """Nobody watches."""


@pytest.fixture
def base(tmp_path) -> Path:
    """A home with a journal of two entries and an event."""
    home = tmp_path / "home"
    journal = open_disk_journal(home)
    journal.create(make_entry(machine=journal.machine), PLAYBOOK)
    journal.create(finish_entry(make_entry(SECOND, machine=journal.machine)), PLAYBOOK)
    journal.append_event(
        Event(journal.new_event_id(FINISHED), "tag", FIRST_ID, FINISHED, journal.machine, "boss", value=True)
    )
    return home


@pytest.fixture
def archive(base, tmp_path) -> Path:
    path = tmp_path / "journal.tar.gz"
    create_backup(open_disk_journal(base).folder, str(path), force=False, advance=nothing)
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def journal_of(base: Path) -> Path:
    return base / "data" / "journal"


def refusal(call, *arguments, **named) -> list[str]:
    with pytest.raises(Refused) as refused:
        call(*arguments, **named)
    return list_codes(refused.value)


def test_a_backup_holds_every_file_of_the_journal_and_is_for_its_owner_only(base, archive):
    assert dict(read_members(str(archive))) == tree(journal_of(base))
    assert verify_backup(str(archive)) == len(tree(journal_of(base)))
    assert archive.stat().st_mode & 0o777 == 0o600


def test_the_standard_tools_open_and_verify_it(base, archive, tmp_path, need_tool):
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run([need_tool("tar"), "xzf", archive, "-C", out], check=True)
    subprocess.run([need_tool("sha256sum"), "--quiet", "-c", "SHA256SUMS"], cwd=out, check=True)
    (out / "SHA256SUMS").unlink()

    assert tree(out) == tree(journal_of(base))


def test_hidden_files_temp_files_and_those_of_others_stay_out(base, tmp_path):
    expected = tree(journal_of(base))
    month = locate_entry(base).parent
    for path in (month / ".careerkit-0011223344556677.tmp", journal_of(base) / ".git/config", journal_of(base) / "x/y"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    create_backup(str(journal_of(base)), str(tmp_path / "b.tar.gz"), force=False, advance=nothing)

    assert dict(read_members(str(tmp_path / "b.tar.gz"))) == expected


def test_no_file_is_overwritten_unless_that_is_wanted(base, archive):
    before = archive.read_bytes()

    assert refusal(create_backup, str(journal_of(base)), str(archive), force=False, advance=nothing) == ["file-exists"]
    assert archive.read_bytes() == before
    create_backup(str(journal_of(base)), str(archive), force=True, advance=nothing)
    assert verify_backup(str(archive))


def test_a_backup_on_a_full_disk_is_refused_and_leaves_nothing(base, tmp_path, small_disk):
    big = make_entry("20261202T0905Z-aaaaaa", machine=open_disk_journal(base).machine, text=os.urandom(200_000).hex())
    open_disk_journal(base).create(big, PLAYBOOK)

    assert refusal(
        create_backup, str(journal_of(base)), str(small_disk / "b.tar.gz"), force=False, advance=nothing
    ) == ["not-saved"]
    assert list(small_disk.iterdir()) == []


def test_every_cut_of_an_archive_is_refused(archive, tmp_path):
    whole, cut = archive.read_bytes(), tmp_path / "cut.tar.gz"
    for length in range(0, len(whole) - 8, 7):  # the last eight bytes are gzip's own sum, which ours stands in for
        cut.write_bytes(whole[:length])
        assert is_refused(cut) or verify_backup(str(cut)) == 5, length


def test_every_changed_byte_of_an_archive_s_content_is_refused(archive, tmp_path):
    plain, changed = bytearray(gzip.decompress(archive.read_bytes())), tmp_path / "changed.tar.gz"
    for position in range(512, len(plain) - 10_240, 97):
        if not plain[position]:
            continue  # padding, which holds nothing
        other = bytearray(plain)
        other[position] ^= 1
        changed.write_bytes(gzip.compress(bytes(other)))
        assert is_refused(changed) or dict(read_members(str(changed))) == dict(read_members(str(archive))), position


def is_refused(archive: Path) -> bool:
    try:
        verify_backup(str(archive))
    except Refused as refused:
        return list_codes(refused) == ["backup-damaged"]
    return False


def test_what_is_missing_comes_back_and_what_is_there_stays(base, archive):
    journal = open_disk_journal(base)
    whole = tree(journal_of(base))
    locate_entry(base, SECOND).unlink()
    journal.read(FIRST_ID)
    journal.save(replace(journal.read(FIRST_ID).entry, asked=42))

    arrived = JournalMaintenance(journal).restore_backup(str(archive), advance=nothing)

    assert arrived.added == 1
    assert arrived.conflicts == (f"entries/2026-11/{FIRST_ID}.toml",)
    assert arrived.identical == len(whole) - 2
    assert journal.read(FIRST_ID).entry.asked == 42
    assert locate_entry(base, SECOND).read_bytes() == whole[f"entries/2026-12/{SECOND}.toml"]


def test_a_lost_journal_comes_back_whole(base, archive):
    whole = tree(journal_of(base))
    shutil.rmtree(journal_of(base))

    JournalMaintenance(open_disk_journal(base)).restore_backup(str(archive), advance=nothing)

    assert tree(journal_of(base)) == whole
    assert {each.id for each in open_disk_journal(base).listing().entries} == {FIRST_ID, SECOND}


def test_another_journal_is_not_mixed_with_it(base, archive, tmp_path):
    other = open_disk_journal(tmp_path / "other")
    other.create(make_entry(machine=other.machine), PLAYBOOK)
    before = tree(tmp_path / "other" / "data")

    assert refusal(JournalMaintenance(other).restore_backup, str(archive), advance=nothing) == ["another-journal"]
    assert tree(tmp_path / "other" / "data") == before


def test_nothing_comes_in_while_the_journal_is_turned_over(base, archive):
    locate_entry(base, SECOND).unlink()
    with begin_conversion(journal_of(base), base / "state"):
        assert refusal(JournalMaintenance(open_disk_journal(base)).restore_backup, str(archive), advance=nothing) == [
            "journal-turning-over"
        ]

    assert not locate_entry(base, SECOND).exists()


def test_a_damaged_archive_writes_nothing(base, archive, tmp_path):
    archive.write_bytes(archive.read_bytes()[:-40])
    fresh = open_disk_journal(tmp_path / "fresh")

    assert refusal(JournalMaintenance(fresh).restore_backup, str(archive), advance=nothing) == ["backup-damaged"]
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "entries/../../x", "entries/2026-11/.x", "a/b", "entries/x", "x\ny"]
)
def test_a_path_that_leads_elsewhere_is_no_file_of_a_journal(tmp_path, name):
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo(name)
        info.size = 1
        tar.addfile(info, io.BytesIO(b"x"))

    assert refusal(verify_backup, str(path)) == ["backup-damaged"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_only_files_are_taken_from_an_archive(tmp_path, kind):
    path = tmp_path / "evil.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        info = tarfile.TarInfo("careerkit.toml")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)

    assert refusal(verify_backup, str(path)) == ["backup-damaged"]


def test_an_archive_that_is_not_there_is_no_backup(tmp_path):
    assert refusal(verify_backup, str(tmp_path / "none")) == ["no-backup"]
