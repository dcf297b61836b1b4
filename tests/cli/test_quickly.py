"""The short way to the commands that are run most does what the way through Typer does."""

from __future__ import annotations

import subprocess
import sys

import pytest

from careerkit.cli import quickly, run
from careerkit.cli.quickly import ANSWERED, ENTRIES, SHARED
from careerkit.cli.root import root
from sample_journal import seeded

COMMANDS = [
    ["list"],
    ["list", "--limit", "2"],
    ["list", "--json", "--state", "finished", "--until", "yesterday"],
    ["list", "--removed"],
    ["list", "--tag", "no tag,"],
    ["list", "--state", "ajar"],
    ["list", "--limit", "-1"],
    ["list", "--limit"],
    ["list", "--limit=2"],
    ["list", "--nonsense"],
    ["list", "words"],
    ["list", "--help"],
    ["search", "export"],
    ["search", "broke twice", "--plain", "--no-index", "--playbook", "my"],
    ["search", "export", "--json", "--limit", "1", "--since", "2026-01-01"],
    ["search", 'open "quote'],
    ["search", "--", "-export"],
]


@pytest.fixture
def past(home):
    seeded(home)
    return home


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_both_ways_say_the_same(past, command, monkeypatch):
    short = past.run("journal", *command)
    monkeypatch.setattr(run, "run_quickly", lambda _: None)

    assert past.run("journal", *command) == short


def test_both_ways_make_an_entry(past, monkeypatch):
    answers = past.write("answers.toml", 'what = "Much."\nload = 3\nhours = 40\nkind = "calm"\n')
    short = past.run("my", "week", "--answers", answers, "--json")
    monkeypatch.setattr(run, "run_quickly", lambda _: None)
    long = past.run("my", "week", "--answers", answers, "--json")

    assert (short.code, short.err) == (long.code, long.err) == (0, "")
    assert short.json["entry"] | {"id": ""} == long.json["entry"] | {"id": ""}


@pytest.mark.parametrize(
    ("path", "options"),
    [(("journal", "list"), ENTRIES), (("journal", "search"), ENTRIES), (("crisis", "start"), ANSWERED)],
)
def test_the_short_way_knows_the_options_that_there_are(path, options):
    command = root()
    for name in path:
        command = command.get_command(None, name)
    there = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}

    assert {*options, *SHARED} <= there
    assert there - {*options, *SHARED} <= {"--help", "--from", "--passphrase-fd"}, "or they are left to the long way"


@pytest.mark.parametrize(
    "command", [["journal", "list"], ["journal", "search", "export"], ["my", "week", "--answers", "answers.toml"]]
)
def test_the_short_way_does_without_typer(past, command):
    past.write("answers.toml", 'what = "Much."\nload = 3\nhours = 40\nkind = "calm"\n')
    past.run(*command)
    program = f"""
import sys
sys.argv = ["careerkit", *{command!r}]
from careerkit.cli.front_door import main
code = main()
print(code, sorted({{"typer", "pydantic", "prompt_toolkit", "rich", "inspect"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=past.env, cwd=past.folder, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


def test_a_playbook_that_is_not_there_is_left_to_the_long_way(home):
    assert quickly.run_quickly(["no", "such", "--answers", "x"]) is None
    assert "no" in home.run("no", "such", "--answers", "x").err
