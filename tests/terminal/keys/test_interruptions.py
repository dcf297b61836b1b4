"""Broken off at every question, in every way that there is, and resumed: the end is that of an undisturbed passage.

By default the ways take turns through `crisis/start`, at every question that is answered with keys and at every third
in plain mode, and two other playbooks are killed at every second. With CAREERKIT_LONG=1 each way is taken at every
question of `crisis/start`, in both front ends: `CAREERKIT_LONG=1 pytest tests/terminal/keys/test_interruptions.py`.
"""

from __future__ import annotations

import os
import shlex
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

import pytest
from watched_terminal import TIMEOUT_S, WatchedTerminal

from careerkit.core.interview import Interview
from careerkit.terminal.keys.key_codes import Key
from careerkit.terminal.keys.review import FINISH
from careerkit_process import COMMAND
from key_input import encode_presses, press_interview
from line_input import type_interview
from playbook_cases import Case, find_differences, load_bundled
from scenario import NOW

LONG = bool(os.environ.get("CAREERKIT_LONG"))
UNUSUAL = "-ixon -echoe erase ^H"
"""Modes that no program would choose by itself, so that those of before can be told from fresh ones."""


class Way:
    """How a passage is broken off; `code` is the exit code that follows."""

    def __init__(self, name, code, act) -> None:
        self.name, self.code, self.act = name, code, act

    def __repr__(self) -> str:
        return self.name


KILLED = Way("SIGKILL", 137, lambda person: person.signal(signal.SIGKILL))
BOTH = (
    KILLED,
    Way("SIGHUP", 129, lambda person: person.signal(signal.SIGHUP)),
    Way("SIGTERM", 143, lambda person: person.signal(signal.SIGTERM)),
    Way("SIGINT", 130, lambda person: person.signal(signal.SIGINT)),
    Way("Ctrl-C", 130, lambda person: person.terminal.press(Key.STOP)),
)
END_OF_INPUT = Way("Ctrl-D", 4, lambda person: person.terminal.press("\x04"))
"""With keys, Ctrl-D hands an answer in; the input of a terminal ends when its window is closed, which has its own test."""
PASSED = None
"""A question that is answered without being broken off."""


@dataclass(frozen=True)
class Front:
    """One of the front ends: how careerkit is started in it, what a person gives to it, what its last review says."""

    name: str
    flags: tuple[str, ...]
    passage: Callable
    sent: Callable
    put_off: list
    last: str

    def __repr__(self) -> str:
        return self.name


KEYS = Front("keys", (), press_interview, encode_presses, [Key.SKIP], f"❯ {FINISH}")
PLAIN = Front(
    "plain",
    ("--plain",),
    lambda *given: [*type_interview(*given), ("end", [""]), ("result", [""])],  # at a terminal both wait for Enter
    lambda lines: "".join(f"{line}\r" for line in lines),
    [":skip"],
    "Enter finishes",
)


class Person:
    """Somebody at a terminal of 80 columns who starts careerkit from a shell, again and again."""

    def __init__(self, home, *arguments) -> None:
        self._home = home
        inner = f"echo $$ > pid; exec {' '.join(map(shlex.quote, [*COMMAND, *arguments]))}"
        script = (
            f"trap : INT; stty {UNUSUAL}; stty -a > before; sh -c {shlex.quote(inner)}; echo $? > code; trap '' INT; "
            "stty -a > after; echo; echo '#''end#'; cat"
        )
        self.terminal = WatchedTerminal(80, 40, "sh", "-c", script, cwd=str(home.folder), **home.env)

    def signal(self, number) -> None:
        os.kill(int((self._home.folder / "pid").read_text()), number)

    def wait_for(self, asked) -> None:
        """Until this is asked: its beginning stands behind what was answered last."""
        self.terminal.wait(lambda: "".join(asked[:36].split()) in self._asked(), what=asked)

    def _asked(self) -> str:
        rows = self.terminal.shown.split("\n")
        last = next((place for place in range(len(rows) - 1, 0, -1) if rows[place].lstrip()[:1] in ("◆", "Q")), 0)
        return "".join("".join(rows[last:]).replace("│", " ").split())

    def wait_for_code(self) -> int:
        """Until careerkit has ended; its exit code."""
        deadline = time.monotonic() + TIMEOUT_S
        while "#end#" not in self.terminal.shown:  # behind all that careerkit has shown
            assert time.monotonic() < deadline, self.terminal.shown
            self.terminal.read(0.05)
        return int((self._home.folder / "code").read_text())

    def modes(self, name) -> str:
        return (self._home.folder / name).read_text()

    def answered(self) -> list[str]:
        return [answer.question for answer in self._home.entry.answers] if self._home.entries else []

    def break_off(self, way) -> None:
        """The exit code is the right one, and but for a kill all is told and the terminal as it was."""
        answered = self.answered()
        way.act(self)
        assert self.wait_for_code() == way.code
        if way is not KILLED:
            assert self.modes("before") == self.modes("after")
            assert not self.terminal.screen.cursor.hidden
            is_saved = "All answers are saved. Continue with: careerkit resume"
            assert (is_saved if answered else "Nothing was answered, so nothing was saved.") in self.terminal.shown
        self.terminal.close()
        assert self.answered() == answered


def asks_of(case) -> dict[str, str]:
    """What is asked in the case, by question, in the words that are shown."""
    interview, asks = Interview(load_bundled(case.playbook_id), today=NOW.date()), {}
    while (ask := interview.current_ask()) is not None:
        asks[ask.question.id] = ask.ask
        raw = case.answers.get(ask.question.id, ask.default)
        interview = interview.skip() if raw is None else interview.answer(ask.question.id, raw)
    return asks


def go_through(home, case, front, ways) -> int:
    """Answer all questions, broken off at each by the next of `ways`; gives how often that was."""
    begin, asks = case.playbook_id.split("/"), {**asks_of(case), "end": front.last}
    interview = Interview(load_bundled(case.playbook_id), today=NOW.date())
    person = Person(home, *front.flags, *begin)
    answered: list[str] = []
    times = 0
    for name, given in front.passage(interview, case.answers):
        way = next(ways) if name in asks else PASSED
        if way is not PASSED:
            person.wait_for(asks[name])
            person.break_off(way)
            times += 1
            assert person.answered() == answered
            person = Person(home, *front.flags, *(["resume"] if answered else begin))
            person.wait_for(asks[name])
        person.terminal.child.send(front.sent(given))
        if name in asks and given != front.put_off and name != "end":
            answered.append(name)
    assert person.wait_for_code() == 0, person.terminal.shown
    person.terminal.close()
    return times


def _name(case, front, ways) -> str:
    return f"{case}-{front}-{ways[0] if len(ways) == 1 else 'in turn'}"


LI = Case("crisis/start", "li")
IN_TURN = (
    (LI, KEYS, BOTH),
    (LI, PLAIN, [each for way in (END_OF_INPUT, *BOTH) for each in (way, PASSED, PASSED)]),
    (Case("client/handover", "mixed"), KEYS, (KILLED, PASSED)),
    (Case("path/choose", "mentor"), KEYS, (PASSED, KILLED)),
)
EACH = (*((LI, KEYS, (way,)) for way in BOTH), *((LI, PLAIN, (way,)) for way in (END_OF_INPUT, *BOTH)))


@pytest.mark.parametrize(
    ("case", "front", "ways"), [pytest.param(*each, id=_name(*each)) for each in (*IN_TURN, *(EACH if LONG else ()))]
)
def test_broken_off_at_every_question_the_entry_is_that_of_an_undisturbed_passage(home, case, front, ways):
    times = go_through(home, case, front, cycle(ways))

    assert times >= 8
    assert find_differences(home.entry, case) == {}
