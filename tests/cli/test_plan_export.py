"""`plan export` into files: what it says, what it merges, and targets that it refuses."""

from __future__ import annotations

import json
import os
import stat

import pytest

from careerkit.cli.commands import plan_export
from careerkit.cli.container import build_clock
from sample_journal import ROUGH_WEEK, WEEK_PLAYBOOK, add_entry

LINE = "2026-11-22 Take Friday off +my-week due:2026-11-29 ck:aaaaaa/free\n"
NAMES = {
    "todotxt": "plan.txt",
    "obsidian": "plan.md",
    "taskwarrior": "plan.json",
    "csv": "plan.csv",
    "json": "plan.json",
}
NAMES |= {"markdown": "plan.md"}

each_format = pytest.mark.parametrize(("name", "file"), NAMES.items())


@pytest.fixture
def filled(home):
    home.add_playbook("my/week", WEEK_PLAYBOOK)
    add_entry(home, "aaaaaa", ROUGH_WEEK)
    return home


def export(home, *arguments, **given):
    return home.run("plan", "export", "last", *arguments, **given)


def read_codes(ended):
    assert ended.code != 0
    assert ended.out == ""
    return [each["code"] for each in ended.problems]


# ------------------------------------------------------------ what it does


@each_format
def test_a_new_file_is_private_and_the_same_as_what_is_printed(filled, name, file):
    written = export(filled, "--to", name, "--output", file)
    printed = export(filled, "--to", name)

    path = filled.folder / file
    assert (written.code, written.out) == (0, "")
    assert written.err.startswith(f"Written to {file}\n")
    assert path.read_bytes().decode() == printed.out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("file", "start"), [("a.txt", "2026-11-22 Take"), ("a.csv", "entry,"), ("a.md", "# A look"), ("a.json", "{")]
)
def test_the_extension_names_the_format(filled, file, start):
    assert export(filled, "--output", file).code == 0
    assert (filled.folder / file).read_text().startswith(start)


def test_what_was_added_changed_removed_and_left_is_said_and_in_json(filled):
    added = export(filled, "--into", "todo.txt")
    kept = export(filled, "--into", "todo.txt")
    filled.run("plan", "move", "aaaaaa/1", "tomorrow")
    changed = export(filled, "--into", "todo.txt", "--json")
    filled.run("plan", "drop", "aaaaaa/1")
    removed = export(filled, "--into", "todo.txt")

    assert added.err == "Written to todo.txt\nAdded 1 item.\n"
    assert kept.err == "Written to todo.txt\nLeft as they were: 1 item.\n"
    assert changed.json == {
        "format": "todotxt",
        "added": [],
        "changed": ["Take Friday off"],
        "kept": [],
        "removed": [],
        "lost": [],
        "ticked": [],
        "file": "todo.txt",
    }
    assert removed.err == "Written to todo.txt\nRemoved 1 item.\n"
    assert (filled.folder / "todo.txt").read_text() == ""


def test_a_list_of_the_persons_own_keeps_its_lines_and_its_permissions_and_done_txt_is_read(filled):
    path = filled.write("todo.txt", "(A) buy milk @shop\n")
    path.chmod(0o644)
    filled.write("done.txt", f"x 2026-11-23 {LINE}")

    ended = export(filled, "--into", "todo.txt")

    assert ended.err == (
        "Written to todo.txt\nLeft as they were: 1 item.\n1 item is done there and open here. To tick here too:\n"
        "careerkit plan sync --from todo.txt\n"
    )
    assert path.read_text() == "(A) buy milk @shop\n"
    (filled.folder / "done.txt").unlink()
    assert export(filled, "--into", "todo.txt").code == 0
    assert path.read_text() == f"(A) buy milk @shop\n{LINE}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_note_is_updated_as_obsidian_has_it(filled):
    path = filled.write("note.md", "# Mine\n")

    assert export(filled, "--into", "note.md").code == 0
    assert path.read_text() == (
        "# Mine\n\n## A look at the week\n\n- [ ] Take Friday off 🆔 aaaaaa-free ➕ 2026-11-22 📅 2026-11-29\n"
    )


def test_the_tasks_of_taskwarrior_come_from_a_file_or_from_standard_input(filled):
    [row] = json.loads(export(filled, "--to", "taskwarrior").out)
    current = json.dumps([{**row, "tags": ["mine"]}])
    filled.write("current.json", current)

    from_file = export(filled, "--to", "taskwarrior", "--onto", "current.json")
    from_input = export(filled, "--to", "taskwarrior", "--onto", "-", stdin=current)

    assert json.loads(from_file.out)[0]["tags"] == ["mine"]
    assert from_input == from_file
    assert from_file.err == "Left as they were: 1 item.\n"


def test_a_pipe_of_tasks_is_read(filled):
    pipe = filled.folder / "pipe"
    os.mkfifo(pipe)
    child = os.fork()
    if not child:
        pipe.write_text("[]")
        os._exit(0)

    ended = export(filled, "--to", "taskwarrior", "--onto", "pipe")

    os.waitpid(child, 0)
    assert (ended.code, json.loads(ended.out)[0]["status"]) == (0, "pending")


def test_the_passphrase_and_the_tasks_cannot_both_be_standard_input(filled):
    ended = export(filled, "--to", "taskwarrior", "--onto", "-", "--passphrase-fd", "0", "--json")

    assert read_codes(ended) == ["wrong-usage"]


TICKS = {
    "todo.txt": ("2026-11-22 Take", "x 2026-11-25 2026-11-22 Take"),
    "note.md": ("- [ ] Take", "- [x] Take"),
    "tasks.json": ('"status": "pending"', '"status": "completed", "end": "20261125T080000Z"'),
}


@pytest.mark.parametrize(("file", "tick"), TICKS.items())
def test_a_tick_is_recorded_once_and_stays_in_the_file(filled, file, tick):
    to = ["--to", "taskwarrior", "--output", file] if file == "tasks.json" else ["--into", file]
    assert export(filled, *to).code == 0
    path = filled.folder / file
    ticked = path.read_text().replace(*tick)
    path.write_text(ticked)

    first = filled.run("plan", "sync", "--from", file, "--yes", "--json")
    second = filled.run("plan", "sync", "--from", file, "--yes", "--json")

    assert ([each["id"] for each in first.json["ticked"]], len(first.json["events"])) == (["free"], 1)
    assert (second.json["ticked"], second.json["already"]) == ([], 1)
    assert filled.run("plan", "show", "last", "--json").json["actions"][0]["state"] == "done"
    again = ["--to", "taskwarrior", "--onto", file, "--output", "again.json"] if file == "tasks.json" else to
    assert export(filled, *again).code == 0
    assert (filled.folder / again[-1]).read_text() == ticked


def test_what_was_done_last_in_an_entry_is_completed_in_a_list_of_everything_that_is_open(filled):
    add_entry(filled, "bbbbbb", ROUGH_WEEK)
    everything = ("plan", "export", "--all-open", "--into")
    assert [filled.run(*everything, file).code for file in ("todo.txt", "note.md")] == [0, 0]
    filled.run("plan", "done", "aaaaaa/1")

    in_list, in_note = (filled.run(*everything, file, "--json").json for file in ("todo.txt", "note.md"))

    assert (in_list["changed"], in_note["changed"]) == (["Take Friday off"], ["Take Friday off"])
    lines = (filled.folder / "todo.txt").read_text().splitlines()
    assert sorted(line[:2] for line in lines) == ["20", "x "]
    assert "- [x] Take Friday off 🆔 aaaaaa-free" in (filled.folder / "note.md").read_text()


# ------------------------------------------------------------ targets that it refuses


@each_format
def test_a_folder_an_existing_file_and_a_folder_that_is_not_there_are_refused(filled, name, file):
    (filled.folder / f"folder{file[4:]}").mkdir()
    filled.write(file, "mine")

    onto_folder = export(filled, "--to", name, "--output", f"folder{file[4:]}", "--json")
    onto_file = export(filled, "--to", name, "--output", file, "--json")
    into_nothing = export(filled, "--to", name, "--output", f"no/{file}", "--json")

    assert [read_codes(each) for each in (onto_folder, onto_file, into_nothing)] == [
        ["is-a-folder"],
        ["file-exists"],
        ["no-folder"],
    ]
    assert (filled.folder / file).read_text() == "mine"
    assert export(filled, "--to", name, "--output", file, "--force").code == 0
    assert (filled.folder / file).read_text() != "mine"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--output", "plan.pdf"), "wrong-extension"),
        (("--into", "plan"), "wrong-extension"),
        (("--to", "markdown", "--output", "plan.txt"), "wrong-extension"),
        (("--to", "csv", "--output", "plan.CSV.md"), "wrong-extension"),
        (("--to", "todotxt", "--into", "note.md"), "wrong-extension"),
        (("--into", "plan.csv"), "wrong-usage"),
        (("--to", "markdown", "--into", "plan.md"), "wrong-usage"),
        (("--to", "todotxt", "--onto", "a.json"), "wrong-usage"),
        (("--to", "todotxt", "--as", "events"), "wrong-usage"),
        (("--to", "csv", "--profile", "trello"), "wrong-usage"),
        (("--to", "obsidian", "--profile", "todoist"), "wrong-usage"),
        (("--to", "taskwarrior", "--onto", "missing.json"), "not-read"),
        (("--into", "todo.txt", "--output", "a.txt"), "wrong-usage"),
    ],
)
def test_a_name_or_an_option_that_does_not_fit_is_refused_and_nothing_is_written(filled, arguments, code):
    before = sorted(filled.folder.glob("[!.]*"))

    ended = export(filled, *arguments, "--json")

    assert read_codes(ended) == [code]
    assert all(each["message"] and each["hint"] for each in ended.problems)
    assert sorted(filled.folder.glob("[!.]*")) == before


@pytest.mark.parametrize("option", ["--into", "--output"])
@pytest.mark.parametrize("kind", ["a pipe", "a link to nothing", "a link to itself", "a folder"])
def test_something_else_in_the_place_of_the_file_is_refused_and_stays(filled, option, kind):
    path = filled.folder / "todo.txt"
    match kind:
        case "a pipe":
            os.mkfifo(path)
        case "a link to nothing":
            path.symlink_to("gone.txt")
        case "a link to itself":
            path.symlink_to("todo.txt")
        case "a folder":
            path.mkdir()
    before = (os.lstat(path).st_ino, os.lstat(path).st_mode)

    ended = export(filled, option, "todo.txt", *(["--force"] if option == "--output" else []), "--json")

    assert read_codes(ended)[0] in {"not-a-file", "not-saved", "not-read", "is-a-folder"}
    assert (os.lstat(path).st_ino, os.lstat(path).st_mode) == before


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("todo.txt", b"\xff\xfe", "not-utf8"),
        ("note.md", b"caf\xe9", "not-utf8"),
        ("todo.txt", b"x" * (16 * 1024 * 1024 + 1), "too-large"),
    ],
    ids=["UTF-16", "Latin-1", "too large"],
)
def test_a_file_that_cannot_be_merged_with_is_refused_and_stays(filled, file, content, code):
    path = filled.write(file, content)

    assert read_codes(export(filled, "--into", file, "--json")) == [code]
    assert path.read_bytes() == content


def test_a_list_that_changes_while_it_is_merged_is_left_alone(filled, monkeypatch):
    path = filled.write("todo.txt", "mine\n")

    def change_and_build_clock():
        path.write_text("mine\nadded just now\n")
        return build_clock()

    monkeypatch.setattr(plan_export, "build_clock", change_and_build_clock)

    assert read_codes(export(filled, "--into", "todo.txt", "--json")) == ["changed-meanwhile"]
    assert path.read_text() == "mine\nadded just now\n"


@pytest.mark.parametrize("content", ["no tasks", "[1]", '[{"uuid": "0786d581-28de-5669-8972-87ef569fb80a"}]'])
def test_what_is_no_output_of_task_export_is_refused_with_what_to_run(filled, content):
    filled.write("current.json", content)

    ended = export(filled, "--to", "taskwarrior", "--onto", "current.json", "--output", "plan.json", "--json")

    assert read_codes(ended) == ["not-taskwarrior"]
    assert ended.problems[0]["hint"] == "Write the file with: task export > current.json"
    assert not (filled.folder / "plan.json").exists()


@pytest.mark.parametrize(("option", "file"), [("--into", "todo.txt"), ("--output", "plan.csv"), ("--into", "note.md")])
def test_on_a_full_disk_the_file_stays_as_it_was_and_is_written_once_there_is_room(filled, small_disk, option, file):
    path = small_disk / file
    path.write_text("mine\n" * 100)
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(b"x" * 65536)
    force = ["--force"] if option == "--output" else []

    assert read_codes(export(filled, option, path, *force, "--json")) == ["not-saved"]
    assert path.read_text() == "mine\n" * 100
    assert sorted(each.name for each in small_disk.iterdir()) == sorted([file, "filler"])
    filler.unlink()
    assert export(filled, option, path, *force).code == 0
    assert "Take Friday off" in path.read_text()


@pytest.mark.parametrize(("option", "file"), [("--into", "todo.txt"), ("--output", "plan.csv"), ("--output", "new.md")])
def test_in_a_place_that_can_only_be_read_nothing_is_said_to_be_written(filled, tmp_path, mount, option, file):
    place = tmp_path / "place"
    place.mkdir()
    (place / "todo.txt").write_text("mine\n")
    (place / "plan.csv").write_text("mine\n")
    mount("--bind", place, place)
    mount("-o", "remount,ro,bind", place)

    ended = export(filled, option, place / file, *(["--force"] if option == "--output" else []), "--json")

    assert read_codes(ended) == ["not-saved"]
    assert "read-only" in ended.problems[0]["message"]
    assert (place / "todo.txt").read_text() == (place / "plan.csv").read_text() == "mine\n"


def test_an_entry_without_a_plan_writes_nothing(home):
    ended = home.run("plan", "export", "--to", "todotxt", "--output", "a.txt", "--json")

    assert ended.code != 0
    assert not (home.folder / "a.txt").exists()
