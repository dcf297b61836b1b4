"""A disk that is full, can only be read, belongs to somebody else, is open to all, or is gone: through the commands themselves."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from careerkit_process import COMMAND, CommandResult, Home
from sample_journal import CALM_WEEK, ROUGH_WEEK, WEEK_PLAYBOOK, add_entry

ANSWERS = 'what = "New."\nload = 3\nhours = 40\nkind = "calm"\n'
BEGIN = ("my", "week", "--answers", "a.toml", "--json")
NOTE = ("journal", "note", "aaaaaa", "--json")
CHANGES = (
    BEGIN,
    NOTE,
    ("journal", "tag", "aaaaaa", "boss", "--json"),
    ("journal", "edit", "aaaaaa", "--answers", "corrected.toml", "--json"),
    ("plan", "add", "tomorrow", "--json"),
    ("plan", "done", "aaaaaa/1", "--json"),
    ("plan", "move", "aaaaaa/free", "friday", "--json"),
    ("plan", "drop", "aaaaaa/free", "--json"),
    ("plan", "undo", "aaaaaa", "--json"),
    ("journal", "edit", "aaaaaa", "--answers", "calm.toml", "--update-plan", "--json"),
    ("journal", "remove", "aaaaaa", "--json"),
)
WRITES = (
    *CHANGES,
    ("journal", "remove", "aaaaaa", "--forever", "--confirm", "aaaaaa", "--json"),
    ("journal", "restore-backup", "backup.tar.gz", "--json"),
    ("journal", "import", "journal.jsonl", "--json"),
)


def fill(home: Home) -> Home:
    """A finished entry in the journal, with an action added, and another one, lost since, in a backup and in an export."""
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    home.write("a.toml", ANSWERS)
    home.write("corrected.toml", "load = 4")
    home.write("calm.toml", 'kind = "calm"')
    add_entry(home, "aaaaaa", ROUGH_WEEK)
    assert home.run("plan", "add", "tomorrow", stdin="Sleep").code == 0
    add_entry(home, "bbbbbb", CALM_WEEK)
    assert home.run("journal", "backup", "backup.tar.gz").code == 0
    assert home.run("journal", "export", "--output", "journal.jsonl").code == 0
    [path] = (path for path in home.entries if "bbbbbb" in path.name)
    path.unlink()
    assert listed(home) == ["aaaaaa"]
    return home


@pytest.fixture
def filled(home) -> Home:
    return fill(home)


def listed(home: Home) -> list[str]:
    ended = home.run("journal", "list", "--json")
    assert (ended.code, ended.err) == (0, "")
    return [each["id"].partition("-")[2] for each in ended.json["entries"]]


def tree(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(ended: CommandResult) -> list[str]:
    assert (ended.code, ended.out) == (1, "")
    return [each["code"] for each in ended.problems]


def test_on_a_disk_that_can_only_be_read_everything_is_shown_and_nothing_is_said_to_be_saved(filled, mount):
    data = filled.folder / ".local"
    mount("--bind", data, data)
    mount("-o", "remount,ro,bind", data)
    with pytest.raises(OSError, match="Read-only"):
        (data / "x").touch()
    before = tree(data)

    for command in WRITES:
        said = filled.run(*command, stdin="A note.")
        assert {"not-saved", "not-locked"} & set(refused(said)), command
        assert "the disk is read-only" in "".join(each["message"] for each in said.problems)
    assert listed(filled) == ["aaaaaa"]
    assert filled.run("journal", "show").code == filled.run("plan", "show").code == filled.run("doctor").code == 0
    assert tree(data) == before


def test_a_full_disk_refuses_each_change_keeps_what_was_there_and_takes_it_when_there_is_room(filled, small_disk):
    shutil.copytree(filled.journal, small_disk, dirs_exist_ok=True)
    filled.env["CAREERKIT_JOURNAL"] = str(small_disk)
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(b"x" * 65536)
    before = tree(small_disk)

    for command in CHANGES:
        assert "not-saved" in refused(filled.run(*command, stdin="A note."))
    assert tree(small_disk) == before
    filler.unlink()
    assert [filled.run(*command, stdin="A note.").code for command in CHANGES] == [0] * len(CHANGES)


def test_a_file_that_may_not_grow_so_far_is_refused_and_the_answer_before_stays(filled):
    big = filled.write("big.txt", "word " * 4000)
    limited = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", *COMMAND]
    before = tree(filled.journal)

    done = subprocess.run([*limited, *NOTE, "--file", str(big)], env=filled.env, capture_output=True, timeout=120)
    said = CommandResult(done.returncode, done.stdout.decode(), done.stderr.decode())

    assert refused(said) == ["not-saved"]
    assert "exceed the size limit" in said.problems[0]["message"]
    assert tree(filled.journal) == before
    assert filled.run(*NOTE, "--file", str(big)).code == 0


@pytest.fixture
def open_home():
    """A home that others can reach, with a journal that they may read. pytest's own folders are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="careerkit-test-"))
    home = fill(Home(folder))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield home
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700)
    shutil.rmtree(folder)


def warm(home: Home, *command: str, stdin: str = "") -> None:
    """All that the command imports is imported, wherever the modules lie."""
    elsewhere = Home(Path(shutil.copytree(home.folder, tempfile.mkdtemp(prefix="careerkit-warm-"), dirs_exist_ok=True)))
    for path in (elsewhere.folder, *elsewhere.folder.rglob("*")):
        path.chmod(0o700)
    elsewhere.run(*command, stdin=stdin)
    shutil.rmtree(elsewhere.folder)


def as_nobody(home: Home, *command: str, stdin: str = "") -> CommandResult:
    """The command, which was warmed up, run by a user to whom nothing belongs."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.seteuid(65534)
            os.write(writer, pickle.dumps(home.run(*command, stdin=stdin)))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        ended = pickle.loads(pipe.read())
    os.waitpid(child, 0)
    return ended


def test_a_journal_of_somebody_else_is_shown_and_not_written(open_home):
    before = tree(open_home.journal)
    for command in (BEGIN, NOTE, ("journal", "list", "--json")):
        warm(open_home, *command, stdin="A note.")

    for command in (BEGIN, NOTE):
        assert "not-saved" in refused(as_nobody(open_home, *command, stdin="A note."))
    assert as_nobody(open_home, "journal", "list", "--json").json["entries"]
    assert tree(open_home.journal) == before


def test_what_somebody_else_has_closed_is_told_and_not_taken_for_nothing(open_home):
    [path] = open_home.entries
    warm(open_home, "journal", "list", "--json")
    for closed in (path, path.parent, open_home.journal / "entries", open_home.journal):
        mode = closed.stat().st_mode
        closed.chmod(0)
        ended = as_nobody(open_home, "journal", "list", "--json")
        closed.chmod(mode)
        assert ended.problems, closed
        assert "aaaaaa" not in ended.out


def test_a_umask_of_000_and_folders_that_stand_open_let_nobody_read_what_careerkit_writes(home):
    home.folder.chmod(0o777)
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    answers, existing = home.write("a.toml", ANSWERS), home.write("plan.md", "old")
    (home.folder / ".local/share").mkdir(parents=True)
    known = {path for path in home.folder.rglob("*")}
    for path in known:
        path.chmod(0o777 if path.is_dir() else 0o644)
    steps = [("my", "week"), ("resume",), ("my", "week", "--answers", answers), ("journal", "tag", "last", "boss")]
    steps += [("plan", "export", "last", "--output", existing, "--force"), ("plan", "export", "--output", "new.md")]
    steps += [
        ("journal", "backup", "b.tar.gz"),
        ("journal", "export", "--output", "j.jsonl"),
        ("config", "set", "offer_names", "true"),
    ]
    steps += [
        ("journal", "list"),
        ("journal", "restore-backup", "b.tar.gz", "--to", "other"),
        ("journal", "remove", "last"),
    ]
    typed = {0: "It broke.\n.\n", 1: "5\n52\n2\nLinh\n\n"}

    old = os.umask(0)
    try:
        for number, step in enumerate(steps):
            assert home.run(*step, stdin=typed.get(number, "")).code == (4 if number == 0 else 0), step
    finally:
        os.umask(old)

    made = {path for path in home.folder.rglob("*") if path not in known} | {existing}
    assert len(home.entries) == 2
    assert len(made) > 20
    assert {path for path in made if path.stat().st_mode & 0o077} == set()


@pytest.mark.parametrize("lost", [".local/share/careerkit/journal", ".local/share/careerkit", ".local/share"])
def test_an_empty_disk_in_place_of_the_journal_is_no_fresh_start_for_any_command(filled, mount, lost):
    before = tree(filled.journal)
    take_away = mount("-t", "tmpfs", "none", filled.folder / lost)
    assert not filled.entries
    changes = [command for command in WRITES if command[1] != "restore-backup"]  # to bring it back is no fresh start

    for command in (
        *changes,
        ("journal", "list", "--json"),
        ("doctor", "--json"),
        ("journal", "search", "export", "--json"),
    ):
        ended = filled.run(*command, stdin="A note.")
        assert "journal-emptied" in refused(ended), command
    assert "connect" in ended.problems[-1]["hint"]
    assert not any(path.is_file() for path in filled.journal.rglob("*"))
    take_away()
    assert tree(filled.journal) == before
    assert listed(filled) == ["aaaaaa"]
