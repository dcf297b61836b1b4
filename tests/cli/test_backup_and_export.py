"""`journal backup`, `restore-backup`, `export` and `import`: a whole journal to one file and back."""

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
    assert back.out == f"Added {len(before) + 1} files to {filled.journal}.\n"
    assert tree(filled) == before


@pytest.mark.parametrize(("option", "is_coloured"), [("--force", True), ("--no-color", False)])
def test_the_progress_bar_respects_no_color(filled, option, is_coloured):
    words = [*COMMAND[1:], "journal", "backup", "b.tar.gz", option]
    child = pexpect.spawn(COMMAND[0], words, env=filled.env, cwd=filled.folder, encoding="utf-8", timeout=20)
    child.expect("Backed up")

    assert "Backing up" in child.before
    assert bool(re.search("\x1b\\[[0-9;]*3[0-9]", child.before)) == is_coloured
    child.expect(pexpect.EOF)


def test_a_backup_can_be_restored_elsewhere_and_the_journal_stays_unchanged(filled):
    filled.run("journal", "backup", "b.tar.gz")
    before = tree(filled)

    assert filled.run("journal", "restore-backup", "b.tar.gz", "--to", "looked").code == 0
    assert len(filled.run("journal", "list", "--json", "--journal", "looked").json["entries"]) == 2
    assert tree(filled) == before


def test_an_export_is_imported_byte_for_byte(filled):
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


def test_an_export_describes_entries_for_other_programs(filled):
    lines = [json.loads(line) for line in filled.run("journal", "export").out.splitlines()]
    shown = filled.run("journal", "show", "last", "--json").json["entry"]

    assert [line["path"].partition("/")[0] for line in lines] == ["entries", "entries", "playbooks"]
    assert shown["answers"] in [line["says"]["answers"] for line in lines[:2]]


def test_a_damaged_file_is_backed_up_unchanged(filled):
    filled.entries[0].write_bytes(b"\xff\x00 not text")
    before = tree(filled)
    exported = filled.run("journal", "export").out
    shutil.rmtree(filled.journal)
    shutil.rmtree(filled.folder / ".local/state")

    assert filled.run("journal", "import", "-", stdin=exported).code == 0
    assert tree(filled) == before


def test_every_invalid_line_is_reported_and_nothing_is_imported(filled):
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
        ("[" * 100_000, "it is not JSON"),
        ('{"path": "playbooks/x.toml", "text": "\\ud800"}', "its text contains half a character (a lone surrogate)"),
        ('{"path": "playbooks/x.toml", "base64": "ü"}', "its base64 is invalid"),
        ('{"path": "playbooks/../x", "text": ""}', "'playbooks/../x' can't be a file of a journal"),
        ("7", "`path` and `text` are missing"),
    ],
    ids=["deep", "half", "base64", "out of it", "a number"],
)
def test_an_invalid_line_is_reported_with_its_reason(filled, line, said):
    (problem,) = filled.run("journal", "import", "-", "--json", stdin=line).problems

    assert (problem["code"], problem["message"]) == ("not-an-export", f"This line isn't an exported file: {said}.")


def test_of_many_invalid_lines_some_are_named_and_the_others_counted(filled):
    problems = filled.run("journal", "import", "-", "--json", stdin="word\n" * 1210).problems

    assert [each["where"] for each in problems] == [*(f"-:{number}" for number in range(1, 11)), "-"]
    assert problems[-1]["message"] == "And 1,200 more lines like that."


def test_neither_file_is_overwritten_unless_that_is_wanted(filled):
    for command in (("backup", "x"), ("export", "--output", "x")):
        filled.write("x", "mine")
        assert [each["code"] for each in filled.run("journal", *command, "--json").problems] == ["file-exists"]
        assert (filled.folder / "x").read_text() == "mine"
        assert filled.run("journal", *command, "--force").code == 0


def test_a_missing_journal_or_file_can_not_be_backed_up_or_imported(home):
    assert home.run("journal", "backup", "b.tar.gz", "--json").problems[0]["code"] == "no-journal"
    (problem,) = home.run("journal", "restore-backup", "none", "--json").problems
    assert (problem["code"], problem["message"]) == ("no-backup", "There is no such file.")
    assert home.run("journal", "import", "none", "--json").problems[0]["code"] == "unknown-file"
    assert not home.journal.exists()
