"""Completion in the real shells: what comes from data is inserted as text, never run, and found again."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from careerkit.cli.completion import quote_for_bash, quote_for_zsh
from careerkit.cli.display import open_changes
from careerkit.cli.options import GlobalOptions
from careerkit_process import Home
from long_run import take_share
from sample_journal import CALM_WEEK, ROUGH_WEEK, add_entry

TAGS = [
    "$(id>ran)",
    "`id>ran`",
    "r&d",
    "a;id>ran",
    "a|id>ran",
    "a||id>ran",
    "a>ran",
    "<(id>ran)",
    "${ran:=x}",
    "$home",
    "it's",
    'say"so',
    "both'and\"",
    "back\\slash",
    "ends\\",
    "wow!",
    "!!",
    "*",
    "?",
    "[a-z]*",
    "{a,b}",
    "~root",
    "~",
    "-rf",
    "--help",
    "#1",
    "a:b=c",
    "=ls",
    "^a^b",
    "two words",
    "  spaces  ",
    "tab\there",
    "line\nid>ran",
    "größe-日本",
    "👩‍💻",
    "%(x)s",
]
SHELLS = {
    "bash": (["--norc", "--noprofile"], "bind 'set show-all-if-ambiguous on'; bind 'set bell-style none'"),
    "zsh": (
        ["-f"],
        "autoload -U compinit; compinit -u -D; setopt no_beep; unsetopt prompt_sp; zstyle ':completion:*' menu no",
    ),
    "fish": (["--no-config"], ""),
}
PROGRAM = Path(sys.executable).parent / "careerkit"
LONGEST = 60


@pytest.fixture
def journals(tmp_path) -> list[Path]:
    """A journal for each tag, with one entry that has it and one that doesn't."""
    found = []
    for number, tag in enumerate(TAGS):
        home = Home(tmp_path / f"home{number}")
        home.folder.mkdir()
        add_entry(home, "aaaaaa", ROUGH_WEEK)
        add_entry(home, "bbbbbb", CALM_WEEK)
        with home.started():
            open_changes(GlobalOptions(), "aaa")._set_flag("tag", [tag], value=True)
        found.append(home.journal)
    return found


class Shell:
    """An interactive shell in which careerkit's completion is installed."""

    def __init__(self, name: str, program: str, home: Home) -> None:
        arguments, setup = SHELLS[name]
        self.name, self.place = name, home.folder
        script = subprocess.run(
            [PROGRAM, "--show-completion", name],
            env={**home.env, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
            capture_output=True,
            text=True,
        ).stdout
        assert "CAREERKIT_COMPLETE" in script
        file = home.write(f"complete.{name}", script + "\n")
        path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
        env = {**home.env, "PATH": path, "PS1": "ready>", "TERM": "dumb", "HISTFILE": "", "INPUTRC": "/dev/null"}
        self.child = pexpect.spawn(
            program, arguments, env=env, cwd=str(home.folder), encoding="utf-8", timeout=LONGEST, dimensions=(50, 400)
        )
        self.child.delaybeforesend = 0.02
        self.run(setup or "true")
        self.run(f"source {shlex.quote(str(file))}")

    def run(self, line: str) -> str:
        """Type a line, wait until it is done, and return what was shown. The mark is not what was typed, which the shell echoes."""
        self.child.send(f"{line}; echo o''ver\n")
        self.child.expect(r"over[\r\n]")
        return self.child.before

    def set_journal(self, journal: Path) -> None:
        word = "set -gx CAREERKIT_JOURNAL " if self.name == "fish" else "export CAREERKIT_JOURNAL="
        self.run(f"{word}{shlex.quote(str(journal))}")


@pytest.mark.parametrize("name", SHELLS)
def test_tab_and_enter_run_nothing_and_find_exactly_the_entry(home, journals, need_tool, name):
    shell = Shell(name, need_tool(name), home)
    there = {*home.folder.iterdir()}
    wrong = {}
    for tag, journal in take_share([*zip(TAGS, journals, strict=True)], one_in=3):
        shell.set_journal(journal)
        shown = shell.run("careerkit journal list --json --no-index --tag \t >out 2>err")
        out = (home.folder / "out").read_text() if (home.folder / "out").exists() else ""
        is_found = "aaaaaa" in out and "bbbbbb" not in out
        if name == "fish" and (tag.startswith("~") or "\t" in tag or "\n" in tag):  # fish would change it
            is_found = "--tag complete.fish" in shown  # it isn't offered, so fish takes the only file that is there
        if not is_found:
            wrong[tag] = out + (home.folder / "err").read_text()
        for file in ("out", "err"):
            (home.folder / file).unlink(missing_ok=True)

    assert wrong == {}
    assert {*home.folder.iterdir()} - there <= {home.folder / ".cache", home.folder / ".local", home.folder / ".config"}


@pytest.mark.parametrize("tag", TAGS)
def test_bash_reads_back_what_was_quoted_for_it(tag):
    for opening in ("", "'", '"'):
        if opening and not tag.isprintable():
            continue
        word = f"{opening}{quote_for_bash(tag, opening=opening)}{opening}"
        told = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True, text=True)

        assert (told.stdout, told.stderr) == (tag, "")


@pytest.mark.parametrize("tag", TAGS)
def test_zsh_reads_back_what_was_quoted_for_it(tag, need_tool):
    printed = f"printf %s {quote_for_zsh(tag)}"
    told = subprocess.run(
        [need_tool("zsh"), "-fc", 'eval $(print -rn -- "$1")', "x", printed], capture_output=True, text=True
    )

    assert (told.stdout, told.stderr) == (tag, "")
