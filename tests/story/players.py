"""People who live a story at a real terminal: with keys, with typed lines, or on two machines that git keeps together."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watched_terminal import TIMEOUT_S, WatchedTerminal

from careerkit.core.interview import Interview
from careerkit.terminal.keys.key_codes import Key
from careerkit_process import Home, find_faketime_library
from key_input import press_interview
from line_input import type_interview

CAREERKIT = (sys.executable, "-c", "from careerkit.cli.startup import main; raise SystemExit(main())")
FRAME = re.compile(r"[│┃|└┌├─◆○●✓❯▸:]|\s")
"""What differs between the front ends: frames, marks, and where lines break."""


@dataclass(frozen=True)
class Pick:
    """Choose the answer with that number, once `asked` is on the screen."""

    asked: str
    number: int


@dataclass(frozen=True)
class Say:
    """Answer with a line; with an empty one, nothing is said."""

    asked: str
    text: str


@dataclass(frozen=True)
class Confirm:
    """Answer yes or no."""

    asked: str
    yes: bool = True


@dataclass(frozen=True)
class Talk:
    """Answer a whole interview, or its beginning up to the question or the card that is named."""

    interview: Interview
    answers: Mapping[str, Any]
    until: str = ""


@dataclass(frozen=True)
class Interrupt:
    """Press Ctrl-C, once `seen` is on the screen."""

    seen: str


Step = Pick | Say | Confirm | Talk | Interrupt


class Person:
    """Runs commands in a home, at a moment (UTC) and in a zone, and reads what is on the screen."""

    def __init__(self, faketime: str, homes: list[Home]) -> None:
        self._library, self.homes = find_faketime_library(faketime), homes

    options: tuple[str, ...] = ()

    def run(
        self, words: str, *steps: Step, at: str, zone: str, machine: int = 0, code: int = 0, stdin: str = ""
    ) -> str:
        """Run the command to its end; everything that it showed, without frames and spaces."""
        home = self.homes[machine]
        command = [*CAREERKIT, *self.options, *words.split()]
        path = os.pathsep.join(filter(None, sys.path))
        environment = {**home.env, "TZ": zone, "PYTHONPATH": path, "DONT_FAKE_MONOTONIC": "1"}
        offset = datetime.fromisoformat(f"{at}+00:00").timestamp() - time.time()
        environment |= {"LD_PRELOAD": self._library, "FAKETIME": f"{math.ceil(offset):+d}"}
        if stdin:
            done = subprocess.run(
                command,
                env=environment,
                input=stdin,
                capture_output=True,
                text=True,
                timeout=TIMEOUT_S,
                cwd=home.folder,
            )
            assert done.returncode == code, done.stdout + done.stderr
            return squeeze(done.stdout + done.stderr)
        terminal = WatchedTerminal(100, 60, *command, cwd=str(home.folder), **environment)
        try:
            for step in steps:
                self.take(terminal, step)
            shown = wait_for_end(terminal)
            ended = terminal.child.exitstatus
            assert (128 + terminal.child.signalstatus if ended is None else ended) == code, shown
        finally:
            terminal.close()
        return squeeze(shown)

    def take(self, terminal: WatchedTerminal, step: Step) -> None:
        match step:
            case Talk():
                for what, presses in self.talk(step):
                    if what == step.until:
                        return
                    self.type_next(terminal, presses)
            case Interrupt(seen=seen):
                wait_for(terminal, seen)
                terminal.child.sendintr()
            case _:
                wait_for(terminal, step.asked)
                self.type_next(terminal, self.answer(step))

    def talk(self, step: Talk) -> Iterator[tuple[str, list[Any]]]:
        raise NotImplementedError

    def answer(self, step: Pick | Say | Confirm) -> list[Any]:
        raise NotImplementedError

    def type_next(self, terminal: WatchedTerminal, presses: Iterable[Any]) -> None:
        raise NotImplementedError


class KeyPerson(Person):
    def talk(self, step: Talk) -> Iterator[tuple[str, list[Any]]]:
        return press_interview(step.interview, step.answers)

    def answer(self, step: Pick | Say | Confirm) -> list[Any]:
        match step:
            case Pick(number=number):
                return [Key.HOME, *[Key.DOWN] * (number - 1), Key.ENTER]
            case Say(text=text):
                return [text, Key.ENTER] if text else [Key.ENTER]
            case Confirm(yes=yes):
                return ["y" if yes else "n", Key.ENTER]

    def type_next(self, terminal: WatchedTerminal, presses: Iterable[Any]) -> None:
        """Press the keys when the screen waits for them, as it does when it has drawn and shows its cursor."""
        before = terminal.shown
        terminal.press(*presses)
        deadline = time.monotonic() + TIMEOUT_S
        while not (terminal.read(0.02) and terminal.shown != before) and terminal.child.isalive():
            assert time.monotonic() < deadline, f"nothing happened:\n{terminal.shown}"
        while terminal.screen.cursor.hidden and terminal.child.isalive():
            terminal.read(0.02)


class LinePerson(Person):
    options = ("--plain",)

    def talk(self, step: Talk) -> Iterator[tuple[str, list[Any]]]:
        yield from type_interview(step.interview, step.answers)
        yield "end", ["", ""]  # after the answers, and after the result

    def answer(self, step: Pick | Say | Confirm) -> list[Any]:
        match step:
            case Pick(number=number):
                return [str(number)]
            case Say(text=text):
                return [text]
            case Confirm(yes=yes):
                return ["y" if yes else "n"]

    def type_next(self, terminal: WatchedTerminal, presses: Iterable[Any]) -> None:
        for line in presses:
            terminal.child.send(f"{line}\r")


def wait_for(terminal: WatchedTerminal, text: str) -> None:
    """Until the text is on the screen."""
    wanted, read = squeeze(text), -1

    def is_shown() -> bool:
        nonlocal read
        if len(terminal.raw) == read:  # nothing new has come since
            return False
        read = len(terminal.raw)
        return wanted in squeeze(terminal.shown)

    terminal.wait(is_shown, what=text)


def wait_for_end(terminal: WatchedTerminal) -> str:
    deadline = time.monotonic() + TIMEOUT_S
    while terminal.read(0.05) or terminal.child.isalive():
        assert time.monotonic() < deadline, f"it never ended:\n{terminal.shown}"
    terminal.child.close()
    rows = [*terminal.screen.history.top]
    above = ["".join(row[column].data for column in range(terminal.screen.columns)).rstrip() for row in rows]
    return "\n".join([*above, terminal.shown])


def squeeze(text: str) -> str:
    return FRAME.sub("", text)
