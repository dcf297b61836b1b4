"""`journal backup`, `restore-backup`, `export` and `import`: a journal as one file, and back."""

from __future__ import annotations

import json
import re
import shutil

import pexpect
import pytest

from careerkit_process import COMMAND

STUCK = """
format = 1
title = "Ask for help"
summary = "Stuck"
[[stage]]
id = "s"
title = "Now"
[[stage.question]]
id = "stuck"
type = "text"
ask = "What are you stuck on?"
"""


@pytest.fixture
def filled(home):
    home.add_playbook("me/stuck", STUCK)
    for text in ("The export drops rows", "Ü 漢字 \\u001b[31m"):
        assert home.run("me", "stuck", "--answers", home.write("a.toml", f'stuck = "{text}"')).code == 0
    return home


def tree(home) -> dict[str, bytes]:
    files = (path for path in home.journal.rglob("*") if path.is_file() and path.name != "careerkit.toml")
    return {str(path.relative_to(home.journal)): path.read_bytes() for path in files}


def test_a_backup_brings_a_lost_journal_back(filled):
    before = tree(filled)
    done = filled.run("journal", "backup", "b.tar.gz", "--json")
    assert done.json == {
        "file": "b.tar.gz",
        "files": len(before) + 1,
        "bytes": (filled.folder / "b.tar.gz").stat().st_size,
    }
    shutil.rmtree(filled.journal)

    back = filled.run("journal", "restore-backup", "b.tar.gz")

    assert back.code == 0
    assert back.out == f"{len(before) + 1} files added to {filled.journal}.\n"
    assert tree(filled) == before


@pytest.mark.parametrize(("option", "is_coloured"), [("--force", True), ("--no-color", False)])
def test_the_bar_has_no_colour_where_none_is_wanted(filled, option, is_coloured):
    words = [*COMMAND[1:], "journal", "backup", "b.tar.gz", option]
    child = pexpect.spawn(COMMAND[0], words, env=filled.env, cwd=filled.folder, encoding="utf-8", timeout=20)
    child.expect("backed up")

    assert "Backing up" in child.before
    assert bool(re.search("\x1b\\[[0-9;]*3[0-9]", child.before)) == is_coloured
    child.expect(pexpect.EOF)


def test_a_backup_can_be_looked_at_elsewhere_and_the_journal_stays_as_it_is(filled):
    filled.run("journal", "backup", "b.tar.gz")
    before = tree(filled)

    assert filled.run("journal", "restore-backup", "b.tar.gz", "--to", "looked").code == 0
    assert len(filled.run("journal", "list", "--json", "--journal", "looked").json["entries"]) == 2
    assert tree(filled) == before


def test_an_export_comes_back_to_the_last_byte(filled):
    before = tree(filled)
    assert filled.run("journal", "export", "--output", "j.jsonl").code == 0
    shutil.rmtree(filled.journal)
    shutil.rmtree(filled.folder / ".local/state")

    assert filled.run("journal", "import", "j.jsonl", "--json").json["added"] == len(before)
    assert tree(filled) == before
    assert filled.run("journal", "import", "j.jsonl", "--json").json == {
        "journal": str(filled.journal),
        "added": 0,
        "same": len(before),
        "kept": [],
    }


def test_an_export_says_what_entries_hold_for_other_programs(filled):
    lines = [json.loads(line) for line in filled.run("journal", "export").out.splitlines()]
    shown = filled.run("journal", "show", "last", "--json").json["entry"]

    assert [line["path"].partition("/")[0] for line in lines] == ["entries", "entries", "playbooks"]
    assert shown["answers"] in [line["says"]["answers"] for line in lines[:2]]


def test_a_damaged_file_is_carried_as_it_is(filled):
    filled.entries[0].write_bytes(b"\xff\x00 not text")
    before = tree(filled)
    exported = filled.run("journal", "export").out
    shutil.rmtree(filled.journal)
    shutil.rmtree(filled.folder / ".local/state")

    assert filled.run("journal", "import", "-", stdin=exported).code == 0
    assert tree(filled) == before


def test_every_line_that_is_none_of_an_export_is_named_and_nothing_is_brought_in(filled):
    before = tree(filled)
    lines = ["{}", '{"path": "../x", "text": ""}', "", "not json", '{"path": "playbooks/x.toml", "base64": "?"}']
    refused = filled.run("journal", "import", filled.write("j.jsonl", "\n".join(lines)), "--json")

    assert refused.code == 1
    assert [(each["code"], each["where"].rpartition(":")[2]) for each in refused.problems] == [
        ("not-an-export", number) for number in ("1", "2", "4", "5")
    ]
    assert tree(filled) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[" * 100_000, "it is no JSON"),
        ('{"path": "playbooks/x.toml", "text": "\\ud800"}', "half of a character stands alone in its text"),
        ('{"path": "playbooks/x.toml", "base64": "ü"}', "its base64 can't be read"),
        ('{"path": "playbooks/../x", "text": ""}', "'playbooks/../x' is no file of a journal"),
        ("7", "`path` and `text` are missing"),
    ],
    ids=["deep", "half", "base64", "out of it", "a number"],
)
def test_it_is_said_of_a_line_why_it_is_none(filled, line, said):
    (problem,) = filled.run("journal", "import", "-", "--json", stdin=line).problems

    assert (problem["code"], problem["message"]) == ("not-an-export", f"This line holds no file: {said}.")


def test_of_many_lines_that_are_none_some_are_named_and_the_others_counted(filled):
    problems = filled.run("journal", "import", "-", "--json", stdin="word\n" * 1210).problems

    assert [each["where"] for each in problems] == [*(f"-:{number}" for number in range(1, 11)), "-"]
    assert problems[-1]["message"] == "And 1,200 more lines hold none."


def test_neither_file_is_overwritten_unless_that_is_wanted(filled):
    for command in (("backup", "x"), ("export", "--output", "x")):
        filled.write("x", "mine")
        assert [each["code"] for each in filled.run("journal", *command, "--json").problems] == ["file-exists"]
        assert (filled.folder / "x").read_text() == "mine"
        assert filled.run("journal", *command, "--force").code == 0


def test_what_is_not_there_can_be_neither_backed_up_nor_brought_in(home):
    assert home.run("journal", "backup", "b.tar.gz", "--json").problems[0]["code"] == "no-journal"
    (problem,) = home.run("journal", "restore-backup", "none", "--json").problems
    assert (problem["code"], problem["message"]) == ("no-backup", "There is no such file.")
    assert home.run("journal", "import", "none", "--json").problems[0]["code"] == "unknown-file"
    assert not home.journal.exists()
