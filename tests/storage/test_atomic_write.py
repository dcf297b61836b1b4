"""The old file or the new one, whole, and never a false "saved": shown with faults that the system really makes."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path

import pytest
from fault_injection import copy_journal, list_temp_files, locate_calls, run_writer, warm_up
from sample_entries import FIRST_ID, PLAYBOOK, enlarge_entry, list_codes, locate_entry, make_entry, open_disk_journal

from careerkit.core.errors import Refused
from careerkit.storage.atomic_write import NO_FOLDER_SYNC_ERRNOS, create_file, make_folders, replace_file
from careerkit.storage.platform import read_file
from long_run import take_share


def text_of(base: Path) -> str:
    reading = open_disk_journal(base).read(FIRST_ID)
    assert reading.problems == ()
    return str(reading.entry.answers[0].value)


@pytest.fixture
def base(tmp_path):
    base = tmp_path / "base"
    journal = open_disk_journal(base)
    journal.create(make_entry(machine=journal.machine, text="old"), PLAYBOOK)
    return base


ERRORS = {"openat": "EMFILE", "write": "ENOSPC", "fchmod": "EIO", "rename": "ENOSPC"}


def test_an_error_of_any_call_leaves_the_old_entry_or_the_new_one_and_no_false_saved(base, strace):
    warm_up(base, "save")
    said, clean = strace(copy_journal(base, 0), "save", "new")
    assert said == "saved\n"
    ends = []
    for number, (call, nth) in enumerate(take_share(locate_calls(strace.before, clean), one_in=2), start=1):
        here = copy_journal(base, number)
        said, calls = strace(here, "save", "new", f"{call}:error={ERRORS.get(call, 'EIO')}:when={nth}")
        injected = [line for line in calls if "(INJECTED)" in line]
        assert len(injected) == 1, (call, nth)
        if call == "fsync":
            after = calls[calls.index(injected[0]) + 1 :]
            assert not [line for line in after if line.startswith("fsync")], "a failed sync was tried again"
        ends.append((text_of(here), said.splitlines()[0]))
        assert list_temp_files(here) == []
        claims_new = said.startswith("saved") or "not-certain" in said
        assert text_of(here) == ("new" if claims_new else "old"), (call, nth, said)
        shutil.rmtree(here)
    print(sorted(set(ends)))
    assert {("old", "refused"), ("new", "refused")} <= set(ends)


def test_a_kill_at_any_call_of_a_save_leaves_the_old_entry_or_the_new_one(base, strace):
    warm_up(base, "save")
    _, clean = strace(copy_journal(base, 0), "save", "new")
    ends = []
    for number, (call, nth) in enumerate(take_share(locate_calls(strace.before, clean), one_in=2), start=1):
        here = copy_journal(base, number)
        said, calls = strace(here, "save", "new", f"{call}:signal=KILL:when={nth}")
        assert said == ""
        assert any("killed by SIGKILL" in line for line in calls)
        ends.append((text_of(here), bool(list_temp_files(here))))
        assert run_writer(here, "save", "newer") == "saved\n", "a killed process's leavings are in the way"
        shutil.rmtree(here)
    assert {("old", False), ("old", True), ("new", False)} == set(ends)


def test_a_kill_at_any_call_of_the_first_entry_leaves_no_entry_or_the_whole(tmp_path, strace):
    assert run_writer(tmp_path / "warm", "create", "new") == "saved\n"
    _, clean = strace(tmp_path / "run0", "create", "new")
    ends = []
    all_of = locate_calls(strace.before, clean)
    naming = [each for each in all_of if each[0] in ("link", "linkat", "rename", "unlink")]
    making = [each for each in all_of if each[0] in ("mkdir", "fsync", "write")]
    for number, (call, nth) in enumerate([*naming, *take_share(making, one_in=8)], start=1):
        here = tmp_path / f"run{number}"
        said, calls = strace(here, "create", "new", f"{call}:signal=KILL:when={nth}")
        assert said == ""
        assert any("killed by SIGKILL" in line for line in calls), (call, nth)
        listing = open_disk_journal(here).listing()
        assert listing.problems == ()
        ends.append(len(listing.entries))
        if not listing.entries:
            assert run_writer(here, "create", "new") == "saved\n", "a killed process's leavings are in the way"
        assert text_of(here) == "new"
        shutil.rmtree(here)
    assert {0, 1} == set(ends)


@pytest.mark.parametrize("error", ["EPERM", "EOPNOTSUPP", "EACCES", "EXDEV"])
def test_a_file_system_without_hard_links_still_creates_and_never_writes_over(tmp_path, strace, error):
    said, calls = strace(tmp_path / "base", "create", "new", f"link,linkat:error={error}")
    assert said == "saved\n"
    assert [line for line in calls if "(INJECTED)" in line]

    said, _ = strace(tmp_path / "base", "create", "again", f"link,linkat:error={error}")

    assert "entry-exists" in said
    assert text_of(tmp_path / "base") == "new"
    assert list_temp_files(tmp_path / "base") == []


@pytest.mark.parametrize("error", ["EPERM", "ENOSYS"])
def test_a_file_system_without_modes_is_written_to(base, strace, error):
    said, calls = strace(base, "save", "new", f"fchmod,chmod:error={error}")

    assert [line for line in calls if "(INJECTED)" in line]
    assert (said, text_of(base)) == ("saved\n", "new")


def test_a_folder_that_cannot_be_synced_at_all_is_no_fault(base, strace):
    warm_up(base, "save")
    said, clean = strace(copy_journal(base, 0), "save", "new")
    last = [nth for call, nth in locate_calls(strace.before, clean) if call == "fsync"][-1]

    said, calls = strace(copy_journal(base, 1), "save", "new", f"fsync:error=EINVAL:when={last}")

    assert said == "saved\n"
    assert [line for line in calls if "(INJECTED)" in line]


def test_a_full_disk_refuses_the_save_and_keeps_what_was_there(small_disk):
    journal = open_disk_journal(small_disk)
    made = make_entry(machine=journal.machine, text="old")
    journal.create(made, PLAYBOOK)

    with pytest.raises(Refused) as refused:
        journal.save(enlarge_entry(made, 100_000))

    assert list_codes(refused.value) == ["not-saved"]
    assert refused.value.problems[0].message == "The last change of the entry k3f9x2 was not saved: the disk is full."
    assert "Free some space" in refused.value.problems[0].hint
    assert list_temp_files(small_disk) == []
    assert text_of(small_disk) == "old"
    journal.save(make_entry(machine=journal.machine, text="new"))
    assert text_of(small_disk) == "new"


def test_a_disk_that_is_full_from_the_start_refuses_the_first_entry(small_disk):
    (small_disk / "filler").write_bytes(b"x" * 64 * 1024)

    assert run_writer(small_disk, "create", "new").startswith("refused")


def test_a_file_larger_than_is_allowed_is_refused(base):
    said = run_writer(base, "save", "x" * 5000, CK_LIMIT="4000")

    assert "not-saved" in said
    assert "exceed the size limit" in said
    assert text_of(base) == "old"
    assert list_temp_files(base) == []


@pytest.fixture
def readable_base():
    """A journal that another user may read and not write. pytest's own folders would hide it altogether."""
    place = Path(tempfile.mkdtemp(prefix="careerkit-test-"))
    place.chmod(0o755)
    journal = open_disk_journal(place)
    journal.create(make_entry(machine=journal.machine, text="old"), PLAYBOOK)
    for path in place.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield place
    for path in [place, *place.rglob("*")]:
        path.chmod(0o700)
    shutil.rmtree(place)


NOBODY = {"CK_USER": "65534"} if os.geteuid() == 0 else {}


def test_a_folder_that_may_only_be_read_refuses_the_save_and_is_still_read(readable_base):
    said = run_writer(readable_base, "save", "new", **NOBODY)

    assert "not-saved" in said
    assert "permissions" in said
    assert text_of(readable_base) == "old"
    assert run_writer(readable_base, "list", "", **NOBODY) == f"['{FIRST_ID}']\nsaved\n"
    assert "refused" in run_writer(readable_base, "create", "", **NOBODY)
    assert "refused" in run_writer(readable_base, "hold", "", **NOBODY)


def test_an_unreadable_entry_is_not_an_unknown_one(readable_base):
    locate_entry(readable_base).chmod(0)

    assert "unreadable" in run_writer(readable_base, "read", "", **NOBODY)
    assert run_writer(readable_base, "list", "", **NOBODY).startswith("[]"), "only the problem is told"


@pytest.mark.parametrize("folder", ["data", "data/journal", "data/journal/entries"])
def test_an_unreadable_journal_is_not_an_empty_one(readable_base, folder):
    (readable_base / folder).chmod(0)

    assert "refused" in run_writer(readable_base, "list", "", **NOBODY)


def test_files_are_for_the_owner_only_whatever_the_umask_and_what_was_there(tmp_path):
    old = os.umask(0)
    try:
        journal = open_disk_journal(tmp_path)
        made = make_entry(machine=journal.machine)
        journal.create(made, PLAYBOOK)
        locate_entry(tmp_path).chmod(0o644)
        journal.save(made)
        with journal.lock_entry(FIRST_ID):
            modes(tmp_path)
    finally:
        os.umask(old)


def test_a_umask_that_takes_everything_away_is_no_obstacle(base):
    old = os.umask(0o777)
    try:
        replace_file(str(base / "new"), b"x", subject="It")
    finally:
        os.umask(old)

    assert stat.S_IMODE((base / "new").stat().st_mode) == 0o600


def modes(base: Path) -> None:
    for path in base.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_link_to_a_file_is_followed_and_stays(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")

    replace_file(str(tmp_path / "link"), b"new", subject="It")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


@pytest.mark.parametrize("kind", ["dangling", "loop", "folder", "fifo"])
def test_what_is_no_file_is_never_replaced(tmp_path, kind):
    path = tmp_path / "it"
    match kind:
        case "dangling":
            path.symlink_to("nothing")
        case "loop":
            path.symlink_to("it")
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
    before = path.lstat()

    with pytest.raises(Refused) as refused:
        replace_file(str(path), b"new", subject="It")

    assert list_codes(refused.value) == ["not-saved"]
    assert refused.value.problems[0].hint
    assert path.lstat().st_ino == before.st_ino
    assert create_file(str(path), b"new", subject="It") is False
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_a_folder_is_made_with_those_above_it_and_what_is_in_the_way_is_named(tmp_path):
    make_folders(str(tmp_path / "a/b/c"), subject="It")
    (tmp_path / "file").write_bytes(b"")

    for blocked in ("file", "file/below"):
        with pytest.raises(Refused) as refused:
            make_folders(str(tmp_path / blocked), subject="It")
        assert refused.value.problems[0].message.startswith("It was not saved: part of its path is a file")
    assert (tmp_path / "a/b/c").is_dir()


def test_ctrl_c_while_writing_leaves_no_temp_file(tmp_path, monkeypatch):
    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_file(str(tmp_path / "it"), b"new", subject="It")

    assert list(tmp_path.iterdir()) == []


def refusing(number: int):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


def test_without_hard_links_a_new_file_still_never_takes_another_s_place(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", refusing(errno.EPERM))

    assert create_file(str(tmp_path / "it"), b"one", subject="It") is True
    assert create_file(str(tmp_path / "it"), b"two", subject="It") is False
    assert (tmp_path / "it").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_a_link_that_fails_for_another_reason_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", refusing(errno.EDQUOT))

    with pytest.raises(Refused) as refused:
        create_file(str(tmp_path / "it"), b"one", subject="It")

    assert refused.value.problems[0].message == "It was not saved: your disk quota is used up."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"), [(errno.EIO, "not-certain"), *((each, "") for each in NO_FOLDER_SYNC_ERRNOS)]
)
def test_a_folder_that_fails_to_sync_is_said_unless_it_never_can(tmp_path, monkeypatch, number, code):
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: refusing(number)() if stat.S_ISDIR(os.fstat(fd).st_mode) else real(fd))

    if code:
        with pytest.raises(Refused) as refused:
            replace_file(str(tmp_path / "it"), b"new", subject="It")
        assert list_codes(refused.value) == [code]
    else:
        replace_file(str(tmp_path / "it"), b"new", subject="It")
    assert (tmp_path / "it").read_bytes() == b"new"


def test_a_disk_that_reads_back_something_else_is_found_out(tmp_path, monkeypatch):
    for wrong in (lambda *_: b"other", lambda _fd, _size, at: b"" if at else b"ne"):
        monkeypatch.setattr(os, "pread", wrong)
        with pytest.raises(Refused, match="not-saved"):
            replace_file(str(tmp_path / "it"), b"new", subject="It")

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end():
    assert read_file("/proc/self/status").startswith(b"Name:"), "the system says that its size is 0"


def test_dev_full_is_no_file(tmp_path):
    (tmp_path / "it").symlink_to("/dev/full")

    with pytest.raises(Refused, match="not-saved"):
        replace_file(str(tmp_path / "it"), b"new", subject="It")
    with pytest.raises(Refused, match="not-a-file"):
        read_file(str(tmp_path / "it"))
