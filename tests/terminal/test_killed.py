"""A real pseudo-terminal, and SIGKILL after every question: nothing answered is lost, and the end is the same."""

import signal
import time
from pathlib import Path

import pexpect
import pytest

from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.journal.entry import Entry
from careerkit.storage.journal_folder import DiskJournal
from careerkit_process import COMMAND
from cases_of_playbooks import Case, bundled, entry_of
from pressing import pressed_passage, sent
from scenario import NOW

LONGEST = 20
"""Seconds that anything may take."""

ONE_OF_EACH = {"crisis/start": "li", "client/handover": "mixed", "path/choose": "mentor"}


class Person:
    """Somebody at a terminal of 80 columns, whose machine is about to die."""

    def __init__(self, home, *arguments):
        self._home = home
        self._child = pexpect.spawn(
            COMMAND[0], [*COMMAND[1:], *arguments], env=home.env, dimensions=(40, 80), timeout=LONGEST, encoding="utf-8"
        )
        self._child.delaybeforesend = None
        self._child.expect("Ctrl-C stop")

    def press(self, keys):
        self._child.send(sent(keys))

    def wait_for_answer(self, question):
        """Until the answer is on disk."""
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            if any(
                f'question = "{question}"' in path.read_text() or f'"{question}"' in path.read_text().split("\n[")[0]
                for path in self._home.entries
            ):
                return
            time.sleep(0.01)
        raise AssertionError(f"{question} did not get to the disk; the screen: {self._child.before}")

    def die(self):
        self._child.kill(signal.SIGKILL)
        self._child.wait()
        self._child.close(force=True)

    def leave(self):
        self._child.expect(pexpect.EOF)
        self._child.close()
        return self._child.exitstatus


@pytest.mark.parametrize("playbook_id", ONE_OF_EACH)
def test_killed_after_every_question_the_entry_is_that_of_an_undisturbed_passage(playbook_id, home):
    case = Case(playbook_id, ONE_OF_EACH[playbook_id])
    steps = list(pressed_passage(Interview(bundled(playbook_id), today=NOW.date()), case.answers))
    person = Person(home, *playbook_id.split("/"))
    kills = 0
    for number, (question, keys) in enumerate(steps):
        person.press(keys)
        if number == len(steps) - 1:
            assert person.leave() == 0
        elif question != "card" and steps[number + 1][0] != "card":
            person.wait_for_answer(question)
            person.die()
            kills += 1
            person = Person(home, "resume")
    assert kills >= 15
    journal = DiskJournal(home.journal, Path(home.env["HOME"]) / ".local/state/careerkit")
    (listed,) = journal.listing().entries
    entry = journal.read(listed.id).entry
    asked = {answer.question for answer in entry.answers}
    expected = entry_of(case)
    expected = replace(expected, answers=tuple(each for each in expected.answers if each.question in asked))
    assert [pair for pair in zip(entry.answers, expected.answers, strict=True) if pair[0] != pair[1]] == []
    differing = [name for name in Entry.__slots__ if getattr(entry, name) != getattr(expected, name)]
    assert set(differing) <= {"id", "machine"}, {
        name: (getattr(entry, name), getattr(expected, name)) for name in differing
    }
