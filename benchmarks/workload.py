"""What is measured: careerkit's commands, its first question, its turns and saves, and things to compare them with."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from presses import DOWN, time_presses
from presses import PLAYBOOK as PRESSED
from programs import FailedError, answer_of, environment, peak_of, run_to_end
from pseudo_terminal import PseudoTerminal
from questions import ask_of, keys_of, second_choice_of
from rounds import Case, Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from homes import Homes
    from installation import Installation

YARDSTICK = "python -c pass"
SAVED_BYTES = 15_000
SAVES_A_ROUND = 5
HERE = Path(__file__).parent

PLAYBOOK = "crisis/start"
TURNS = (("gate", "none"), ("what", "I overlooked a new client's counter-offer"), ("growing", "no"), ("owner", "Ms W"))
"""Questions answered in turn, each with the choice or the words; what comes after the last one is waited for too."""
AFTER_THE_TURNS = "known"

CHOOSING = "import questionary; questionary.select('What happened?', choices=['One thing', 'Another thing']).ask()"
TEMPLATE = "happened:\n  type: str\n  help: What happened?\n  choices: [One thing, Another thing]\n"
"""The same question as a template of copier."""

PEERS = (
    ("jrnl", "--version"),
    ("copier", "--help"),
    ("llm", "--help"),
    ("khal", "--version"),
    ("http", "--version"),
    ("task", "--version"),
    ("nb", "--version"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the cases run: the installed programs, and the homes to run them in."""

    installed: Installation
    homes: Homes


def careerkit_cases(subject: Subject) -> list[Case]:
    """The yardstick and everything that has a target or says more about one that has."""
    careerkit, homes = subject.installed.careerkit, subject.homes
    return [
        _whole(YARDSTICK, (subject.installed.python, "-c", "pass"), lambda: homes.used),
        _whole("--help", (careerkit, "--help"), lambda: homes.used),
        _whole("--help, first time", (careerkit, "--help"), homes.new),
        _whole("--version", (careerkit, "--version"), lambda: homes.used),
        _whole("journal list", (careerkit, "journal", "list"), lambda: homes.full),
        _first_question(subject, "first time", homes.new),
        _first_question(subject, "after that", lambda: homes.used),
        _turns(subject),
        _presses(subject),
        _saves(subject),
    ]


def floors(subject: Subject) -> list[Case]:
    """What the same interpreter needs for less."""
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
    if copier := found["copier"]:
        cases.append(
            _first_key("copier", lambda home: (copier, "copy", str(_template(home)), str(home / "made")), subject)
        )
    if find_spec("questionary"):
        cases.append(_first_key("questionary", lambda _: (sys.executable, "-c", CHOOSING), subject))
    else:
        found["questionary"] = None
    return cases, [peer for peer, path in found.items() if not path]


def _first_key(peer: str, arguments: Callable[[Path], Sequence[str]], subject: Subject) -> Case:
    """Another program's question with two choices, until it is there and until a key moves its arrow."""
    question, key = f"{peer}, the first question", f"{peer}, the first key taken"

    def run() -> Sample:
        home = subject.homes.new()
        with PseudoTerminal(arguments(home), environment(home)) as terminal:
            there = terminal.wait_for("What happened")
            terminal.send(DOWN)
            return {question: [there], key: [terminal.wait_for_pointer("Another thing")]}

    return Case((question, key), run)


def _template(home: Path) -> Path:
    folder = home / "template"
    folder.mkdir()
    (folder / "copier.yml").write_text(TEMPLATE)
    return folder


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


def _first_question(subject: Subject, when: str, home: Callable[[], Path]) -> Case:
    """`crisis start` until something is on the screen, until its first question is, and until a key moves its arrow."""
    arguments = (subject.installed.careerkit, *PLAYBOOK.split("/"))
    first = ask_of(PLAYBOOK)
    question, anything, key = f"first question, {when}", f"anything on the screen, {when}", f"first key, {when}"
    second = _beginning(second_choice_of(PLAYBOOK))

    def run() -> Sample:
        with PseudoTerminal(arguments, environment(home())) as terminal:
            there = terminal.wait_for(first)
            terminal.send(DOWN)
            taken = terminal.wait_for_pointer(second)
            return {question: [there], anything: [terminal.first_text or there], key: [taken]}

    def peak() -> int | None:
        with PseudoTerminal(arguments, environment(home())) as terminal:
            terminal.wait_for(first)
            terminal.settle()
            return terminal.peak()

    return Case((question, anything, key), run, peak)


def _turns(subject: Subject) -> Case:
    """From Enter to the next question, the answer saved in between."""
    arguments = (subject.installed.careerkit, *PLAYBOOK.split("/"))
    asks = [ask_of(PLAYBOOK, each) for each, _ in TURNS] + [ask_of(PLAYBOOK, AFTER_THE_TURNS)]
    keys = [keys_of(PLAYBOOK, each, answer) for each, answer in TURNS]

    def go_through(terminal: PseudoTerminal) -> list[float]:
        terminal.wait_for(asks[0])
        terminal.settle()
        return [_turn(terminal, typed, after) for typed, (_, after) in zip(keys, itertools.pairwise(asks), strict=True)]

    def run() -> Sample:
        with PseudoTerminal(arguments, environment(subject.homes.copy_of_used())) as terminal:
            return {"one turn": go_through(terminal)}

    def peak() -> int | None:
        with PseudoTerminal(arguments, environment(subject.homes.copy_of_used())) as terminal:
            go_through(terminal)
            return terminal.peak()

    return Case(("one turn",), run, peak)


def _turn(terminal: PseudoTerminal, keys: str, after: str) -> float:
    terminal.type(keys)
    terminal.press("\r")
    there = terminal.wait_for(after)
    terminal.settle()  # a reader takes longer
    return there


def _presses(subject: Subject) -> Case:
    """A key at a time, at every kind of widget."""
    arguments = (subject.installed.careerkit, "run", str(PRESSED))

    def run() -> Sample:
        with PseudoTerminal(arguments, environment(subject.homes.copy_of_used())) as terminal:
            return {"a press": time_presses(terminal)}

    return Case(("a press",), run)


def _beginning(label: str) -> str:
    """The words of a label that no terminal of 80 columns breaks."""
    return label[:30].rpartition(" ")[0] or label


def _saves(subject: Subject) -> Case:
    arguments = (subject.installed.python, str(HERE / "time_saves.py"), str(SAVED_BYTES), str(SAVES_A_ROUND))

    def run() -> Sample:
        told = json.loads(answer_of(arguments, environment(subject.homes.for_saves)))
        if abs(told["bytes"] - SAVED_BYTES) > SAVED_BYTES // 10:
            raise FailedError(f"the entry has {told['bytes']} bytes")
        return {"save": told["save"], "append": told["append"]}

    return Case(("save", "append"), run)
