"""The workload: careerkit's commands, first question, turns and saves, and other programs to compare with."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from conversations import at_home, first_question, others, presses, turns
from programs import FailedError, answer_of, environment, peak_of, run_to_end
from pseudo_terminal import PseudoTerminal
from rounds import Case, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from homes import Subject

YARDSTICK = "python -c pass"
SAVED_BYTES = 15_000
SAVES_A_ROUND = 5
HERE = Path(__file__).parent

PEERS = (
    ("jrnl", "--version"),
    ("copier", "--help"),
    ("llm", "--help"),
    ("khal", "--version"),
    ("http", "--version"),
    ("task", "--version"),
    ("nb", "--version"),
)


def careerkit_cases(subject: Subject) -> list[Case]:
    """The yardstick, everything that has a target, and related measures."""
    careerkit, homes = subject.installed.careerkit, subject.homes
    return [
        _whole(YARDSTICK, (subject.installed.python, "-c", "pass"), lambda: homes.used),
        _whole("--help", (careerkit, "--help"), lambda: homes.used),
        _whole("--help, first time", (careerkit, "--help"), homes.new),
        _whole("--version", (careerkit, "--version"), lambda: homes.used),
        _whole("journal list", (careerkit, "journal", "list"), lambda: homes.full),
        _whole("plan show", (careerkit, "plan", "show"), lambda: homes.full),
        first_question(subject, "first time", homes.new),
        first_question(subject, "after that", lambda: homes.used),
        at_home(subject),
        turns(subject),
        presses(subject),
        _saves(subject),
    ]


def floors(subject: Subject) -> list[Case]:
    """What the same interpreter needs for smaller tasks."""
    python, home = subject.installed.python, lambda: subject.homes.used
    return [
        _whole("import typer", (python, "-c", "import typer"), home),
        _whole("import rich.console", (python, "-c", "import rich.console"), home),
        _prompt("input() on a terminal", (python, "-c", "input('What happened? ')"), home),
    ]


def peers(subject: Subject) -> tuple[list[Case], list[str]]:
    """Cases for the peers that are installed, and the names of those that are not."""
    found = {peer: shutil.which(peer) for peer, _ in PEERS}
    cases = [
        _whole(f"{peer} {argument}", (path, argument), lambda: subject.homes.used)
        for peer, argument in PEERS
        if (path := found[peer])
    ]
    found["questionary"] = "a library" if find_spec("questionary") else None
    cases += others(subject, copier=found["copier"], questionary=bool(found["questionary"]))
    return cases, [peer for peer, path in found.items() if not path]


def _whole(name: str, arguments: Sequence[str], home: Callable[[], Path]) -> Case:
    return Case(
        (name,),
        lambda: {name: [run_to_end(arguments, environment(home()))]},
        lambda: peak_of(arguments, environment(home())),
    )


def _prompt(name: str, arguments: Sequence[str], home: Callable[[], Path]) -> Case:
    def run() -> Sample:
        with PseudoTerminal(arguments, environment(home())) as terminal:
            return {name: [terminal.wait_for("What happened")]}

    return Case((name,), run)


def _saves(subject: Subject) -> Case:
    arguments = (subject.installed.python, str(HERE / "time_saves.py"), str(SAVED_BYTES), str(SAVES_A_ROUND))

    def run() -> Sample:
        measured = json.loads(answer_of(arguments, environment(subject.homes.for_saves)))
        if abs(measured["bytes"] - SAVED_BYTES) > SAVED_BYTES // 10:
            raise FailedError(f"the entry has {measured['bytes']} bytes")
        return {"save": measured["save"], "append": measured["append"]}

    return Case(("save", "append"), run)
