"""What is measured at a terminal: the first screen, the first key, a turn and a key press, in careerkit and other programs."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from presses import DOWN, time_presses
from presses import PLAYBOOK as PRESSED
from programs import environment
from pseudo_terminal import PseudoTerminal
from questions import ask_of, keys_of, second_choice_of
from rounds import Case, Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from homes import Subject

PLAYBOOK = "crisis/start"
TURNS = (
    ("gate", "none"),
    ("kind", "mistake"),
    ("what", "I overlooked a new client's counter-offer"),
    ("answer_by", "friday"),
)
"""Questions in order, each with its choice or text. The question after the last one is waited for too."""
QUESTION_AFTER_TURNS = "owner"

CHOOSING = "import questionary; questionary.select('What happened?', choices=['One thing', 'Another thing']).ask()"
TEMPLATE = "happened:\n  type: str\n  help: What happened?\n  choices: [One thing, Another thing]\n"
"""The same question as a copier template."""


@dataclass(frozen=True, slots=True)
class StartUp:
    """A program that asks something: its command, its first question, and the choice that the arrow is moved to.

    `names` are its measures: until something is on the screen, until the question is, until a key moves the arrow.
    """

    names: tuple[str, str, str]
    home: Callable[[], Path]
    command: Callable[[Path], Sequence[str]]
    first: str
    second: str

    def case(self) -> Case:
        return Case(self.names, self._run, self._peak)

    def _run(self) -> Sample:
        home = self.home()
        with PseudoTerminal(self.command(home), environment(home)) as terminal:
            seen = terminal.wait_for(self.first)
            terminal.send(DOWN)
            times = terminal.first_text or seen, seen, terminal.wait_for_pointer(_whole_words(self.second))
            return {name: [time] for name, time in zip(self.names, times, strict=True)}

    def _peak(self) -> int | None:
        home = self.home()
        with PseudoTerminal(self.command(home), environment(home)) as terminal:
            terminal.wait_for(self.first)
            terminal.settle()
            return terminal.peak()


def first_question(subject: Subject, when: str, home: Callable[[], Path]) -> Case:
    """`crisis start`, until its first question and first key."""
    names = f"anything on the screen, {when}", f"first question, {when}", f"first key, {when}"
    command = (subject.installed.careerkit, *PLAYBOOK.split("/"))
    return StartUp(names, home, lambda _: command, ask_of(PLAYBOOK), second_choice_of(PLAYBOOK)).case()


HOME_ROWS = "Something went wrong", "Someone at work"
"""How the first two rows of the home screen begin."""


def at_home(subject: Subject) -> Case:
    """`careerkit` alone, until its list of playbooks and the first key."""
    names = "anything on the screen, at home", "playbooks, at home", "first key, at home"
    command = (subject.installed.careerkit,)
    return StartUp(names, lambda: subject.homes.used, lambda _: command, *HOME_ROWS).case()


def others(subject: Subject, *, copier: str | None, questionary: bool) -> list[Case]:
    """The same question asked by other programs, if they are installed. They save nothing."""
    asked: list[tuple[str, Callable[[Path], Sequence[str]]]] = []
    if copier:
        asked.append(("copier", lambda home: (copier, "copy", str(_template(home)), str(home / "made"))))
    if questionary:
        asked.append(("questionary", lambda _: (sys.executable, "-c", CHOOSING)))
    return [
        StartUp(
            (f"{peer}, something on the screen", f"{peer}, the first question", f"{peer}, the first key taken"),
            subject.homes.new,
            command,
            "What happened",
            "Another thing",
        ).case()
        for peer, command in asked
    ]


def turns(subject: Subject) -> Case:
    """From Enter to the next question, with the answer saved in between."""
    arguments = (subject.installed.careerkit, *PLAYBOOK.split("/"))
    asks = [ask_of(PLAYBOOK, each) for each, _ in TURNS] + [ask_of(PLAYBOOK, QUESTION_AFTER_TURNS)]
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
    seen = terminal.wait_for(after)
    terminal.settle()  # reading takes longer anyway
    return seen


def presses(subject: Subject) -> Case:
    """Single key presses at every kind of widget."""
    arguments = (subject.installed.careerkit, "run", str(PRESSED))

    def run() -> Sample:
        with PseudoTerminal(arguments, environment(subject.homes.copy_of_used())) as terminal:
            return {"a press": time_presses(terminal)}

    return Case(("a press",), run)


def _template(home: Path) -> Path:
    folder = home / "template"
    folder.mkdir()
    (folder / "copier.yml").write_text(TEMPLATE)
    return folder


def _whole_words(label: str) -> str:
    """The first words of a label, which fit on one line of 80 columns."""
    return label[:30].rpartition(" ")[0] or label
