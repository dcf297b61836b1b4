"""The snippets of docs/prompt.md work as they are written there."""

from __future__ import annotations

import plistlib
import re
import shlex
import subprocess
from configparser import ConfigParser

import pytest

from careerkit_process import COMMAND, REPOSITORY, Home
from sample_journal import seed_journal

PAGE = (REPOSITORY / "docs/prompt.md").read_text(encoding="utf-8")
BLOCKS = {language: text for language, text in re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL) if language != "ini"}
UNITS = re.findall(r"```ini\n(.*?)```", PAGE, re.DOTALL)
CALLS = {
    "bash": ("bash", "--norc", "-c", "PS1='old> '\n{snippet}\nprintf '%s' \"${{PS1@P}}\""),
    "zsh": ("zsh", "-f", "-c", "PROMPT='old> '\n{snippet}\nprint -rn -- \"${{(e)PROMPT}}\""),
    "fish": ("fish", "--no-config", "-c", "{snippet}\nfish_right_prompt"),
}


@pytest.fixture
def shell(home: Home, need_tool):
    """Run a snippet in its shell, with careerkit in the path; give what the prompt would show."""
    folder = home.folder / "bin"
    folder.mkdir()
    program = folder / "careerkit"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
    program.chmod(0o755)
    env = {**home.env, "PATH": f"{folder}:{home.env['PATH']}"}

    def run(name: str) -> str:
        words = [need_tool(CALLS[name][0]), *CALLS[name][1:-1], CALLS[name][-1].format(snippet=BLOCKS[name])]
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60, cwd=home.folder)
        assert done.stderr == ""
        return done.stdout

    run.env = env
    return run


@pytest.mark.parametrize("name", CALLS)
def test_the_prompt_shows_how_much_is_due_and_nothing_while_nothing_is(home, shell, name):
    empty = shell(name)
    seed_journal(home)
    due = len(home.run("agenda", "--days", "0", "--porcelain").out.splitlines())

    assert empty == ("" if name == "fish" else "old> ")
    assert due > 0
    assert shell(name) == (f"({due} due)" if name == "fish" else f"({due} due) old> ")


def test_the_status_line_of_tmux_shows_how_much_is_due(home, shell, need_tool, tmp_path):
    seed_journal(home)
    (tmp_path / "tmux.conf").write_text(BLOCKS["tmux"])
    tmux = [need_tool("tmux"), "-S", str(tmp_path / "socket"), "-f", str(tmp_path / "tmux.conf")]
    env = {key: value for key, value in shell.env.items() if key != "TMUX"}
    subprocess.run([*tmux, "new-session", "-d", "-x", "80", "-y", "5", "sleep 60"], env=env, check=True, timeout=20)
    try:
        option = [*tmux, "show-options", "-gv", "status-right"]
        status = subprocess.run(option, env=env, capture_output=True, text=True, timeout=20).stdout
        (job,) = re.findall(r"#\((.*)\)", status)
        shown = subprocess.run(["sh", "-c", job], env=env, capture_output=True, text=True, timeout=60)
        assert re.fullmatch(r"\d+ due\n", shown.stdout)
    finally:
        subprocess.run([*tmux, "kill-server"], env=env, check=False, timeout=20)


def test_the_timers_are_well_formed(tmp_path):
    service, timer = (ConfigParser(interpolation=None), ConfigParser(interpolation=None))
    for parser, text in zip((service, timer), UNITS, strict=True):
        parser.optionxform = str
        parser.read_string(text)
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert plistlib.loads(BLOCKS["xml"].encode())["StartCalendarInterval"] == {"Hour": 8, "Minute": 30}
    minute, hour, *_, days, command = BLOCKS["cron"].split(maxsplit=5)
    assert (minute, hour, days) == ("30", "8", "1-5")
    assert subprocess.run(["sh", "-n", "-c", command]).returncode == 0


def test_systemd_accepts_the_units(need_tool, tmp_path):
    for name, text in zip(("service", "timer"), UNITS, strict=True):
        (tmp_path / f"careerkit-agenda.{name}").write_text(text)
    analyze = need_tool("systemd-analyze")
    units = [str(tmp_path / f"careerkit-agenda.{name}") for name in ("service", "timer")]

    done = subprocess.run([analyze, "--user", "verify", *units], capture_output=True, text=True, timeout=60)

    assert "careerkit-agenda" not in done.stderr
