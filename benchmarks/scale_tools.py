"""The tools compared on the same texts: how to fill each, list ten entries, search for a word, and add an entry."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from programs import FailedError, answer_of, environment, run_to_end
from scale_texts import NEEDLE, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from installation import Installation

HERE = Path(__file__).parent
LISTED = "10"
PLAYBOOK = """format = 1
title = "A line a day"
summary = "What happened"
version = "1"
[[stage]]
id = "day"
title = "The day"
[[stage.question]]
id = "what"
type = "text"
long = true
ask = "What happened?"
"""
ANSWERS = 'what = "MODEL"\n'
"""The text of the entry that seed_scale.py copies."""
NEW = "One more line, which says nothing new."


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool with its texts in its own home folder. `commands` by what they do: list, search, add."""

    name: str
    commands: Mapping[str, tuple[str, ...]]
    environ: Mapping[str, str]
    once: Mapping[str, float] = field(default_factory=dict)
    """What was measured while it was filled."""


def careerkit(installed: Installation, folder: Path, count: int, *, log: Callable[[str], None]) -> Tool:
    """A journal with `count` entries and its index. `once` has the seconds of a rebuild."""
    home = folder / f"careerkit-{count}"
    (home / ".config/careerkit/playbooks/day").mkdir(parents=True)
    (home / ".config/careerkit/playbooks/day/line.toml").write_text(PLAYBOOK)
    (home / "model.toml").write_text(ANSWERS)
    (home / "new.toml").write_text(f'what = "{NEW}"\n')
    environ = environment(home)
    run_to_end((installed.careerkit, "day", "line", "--answers", str(home / "model.toml")), environ)
    journal = answer_of((installed.careerkit, "journal", "where"), environ).strip()
    [model] = Path(journal).glob("entries/*/*.toml")
    answer_of((installed.python, str(HERE / "seed_scale.py"), str(count), journal, str(model)), environ)
    log("rebuilding its index")
    rebuild = run_to_end((installed.careerkit, "journal", "reindex"), environ)
    commands = {
        "list": (installed.careerkit, "journal", "list", "--limit", LISTED),
        "search": (installed.careerkit, "journal", "search", NEEDLE),
        "add": (installed.careerkit, "day", "line", "--answers", str(home / "new.toml")),
        "reindex": (installed.careerkit, "journal", "reindex"),
    }
    return Tool("careerkit", commands, environ, {"rebuild": rebuild / 1000})


def ripgrep(journal_of: Tool) -> Tool | None:
    """ripgrep over careerkit's own files."""
    program = shutil.which("rg")
    if program is None:
        return None
    entries = Path(journal_of.environ["HOME"]) / ".local/share/careerkit/journal/entries"
    return Tool("rg -l", {"search": (program, "-l", NEEDLE, str(entries))}, journal_of.environ)


def jrnl(program: Path | None, folder: Path, count: int) -> Tool | None:
    """jrnl with one plain file and its default settings."""
    if program is None:
        return None
    home = folder / f"jrnl-{count}"
    home.mkdir()
    with (home / "journal.txt").open("w") as file:
        for text in texts(count):
            body = "\n".join(text.lines)
            file.write(f"[{text.begun:%Y-%m-%d %I:%M:%S %p}] {text.title}.\n{body}\n\n")
    settings = home / "jrnl.yaml"
    first = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"v?(\d[\d.]*\d)", first)
    settings.write_text(
        "colors:\n  body: none\n  date: none\n  tags: none\n  title: none\n"
        "default_hour: 9\ndefault_minute: 0\neditor: ''\nencrypt: false\nhighlight: false\nindent_character: '|'\n"
        f"journals:\n  default:\n    journal: {home}/journal.txt\nlinewrap: 79\ntagsymbols: '#@'\ntemplate: false\n"
        f"timeformat: '%F %r'\nversion: {version[1] if version else ''}\n"
    )
    with_settings = (str(program), "--config-file", str(settings))
    commands = {
        "list": (*with_settings, "-n", LISTED, "--short"),
        "search": (*with_settings, "-contains", NEEDLE, "--short"),
        "add": (*with_settings, f"today: {NEW}"),
    }
    return Tool("jrnl", commands, environment(home))


def taskwarrior(folder: Path, count: int) -> Tool | None:
    """Taskwarrior with a task for each text."""
    program = shutil.which("task")
    if program is None:
        return None
    home = folder / f"task-{count}"
    (home / "data").mkdir(parents=True)
    with (home / "data" / "pending.data").open("w") as file:
        for text in texts(count):
            words = " ".join((text.title, *text.lines))
            uuid = f"{text.number:08x}-0000-4000-8000-{text.number:012x}"
            begun = int(text.begun.timestamp())
            file.write(f'[description:"{words}" entry:"{begun}" status:"pending" uuid:"{uuid}"]\n')
    (home / ".taskrc").write_text(f"data.location={home}/data\nconfirmation=no\nverbose=nothing\nhooks=off\n")
    commands = {
        "list": (program, f"limit:{LISTED}", "list"),
        "search": (program, f"/{NEEDLE}/", "list"),
        "add": (program, "add", NEW),
    }
    return Tool("task", commands, {**environment(home), "TASKRC": str(home / ".taskrc")})


def install_jrnl(folder: Path, *, log: Callable[[str], None]) -> Path | None:
    """Install jrnl in its own virtual environment. Returns None if that fails."""
    where = folder / "jrnl"
    log("installing jrnl")
    venv.create(where, with_pip=True)
    environ = {**environment(folder), "HOME": os.environ.get("HOME", str(folder))}
    command = [str(where / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "jrnl"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    program = where / "bin" / "jrnl"
    return program if done.returncode == 0 and program.exists() else None


def kilobytes_dirtied(tool: Tool, what: str) -> float | None:
    """Kilobytes that one run of a command writes to disk, or None if the system doesn't report it."""
    if sys.platform != "linux":
        return None
    process = subprocess.Popen(
        tool.commands[what],
        env=tool.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise FailedError(f"{tool.name} {what}: exit code {process.returncode}")
    return usage.ru_oublock * 512 / 1000
