"""A safety gate that was ticked by mistake: what ends everything can be taken back before it is final, and on another day."""

from __future__ import annotations

import pytest
from fakes import FakeClock, FakeScreen
from watched_terminal import WatchedTerminal

from careerkit.coaching.ports import GoTo, Stop
from careerkit.coaching.session import start_session
from careerkit.core.interview_steps import Ask
from careerkit.core.questions.choice import ChoicesSpec
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.terminal.keys.key_codes import Key
from careerkit_process import COMMAND
from playbook_cases import load_bundled, read_source

ENDING = (
    "crisis/notice",
    "crisis/start",
    "lead/performance",
    "lead/skills",
    "path/choose",
    "path/offer",
    "path/rotate",
    "team/conduct",
    "work/ask",
    "work/attitude",
    "work/start",
)
"""The bundled playbooks in which an answer at the gate ends everything; in the others it hides and adds questions."""


def gate_of(playbook):
    """The first question, and the choices at it that end the interview with a finding of level stop."""
    gate = playbook.questions[0]
    assert isinstance(gate.spec, ChoicesSpec)
    return gate.id, [each.id for each in gate.spec.options.choices if each.id != "none"]


@pytest.mark.parametrize("playbook_id", ENDING)
def test_every_bundled_gate_can_be_taken_back(playbook_id):
    playbook = load_bundled(playbook_id)
    gate, dangers = gate_of(playbook)
    ended = 0
    for danger in dangers:
        screen = FakeScreen([danger], ["none"], Stop(), reviews=(GoTo(gate), Stop()))
        journal = MemoryJournal()
        passage = start_session(
            playbook, read_source(playbook_id), lane="full", screen=screen, journal=journal, clock=FakeClock()
        )
        assert passage.run() == "stopped"
        if screen.last_review is None:
            continue  # it only hides or asks something, and ends nothing
        ended += 1
        assert [each.question.id for each in screen.asked[:2]] == [gate, gate]
        entry = journal.read(passage.entry.id).entry
        assert (entry.finished, entry.answers[0].value) == (None, ("none",))
        assert isinstance(passage.interview.step(), Ask)
    assert ended


def begun(home, columns, *options):
    return WatchedTerminal(columns, 40, *COMMAND, *options, cwd=str(home.folder), **home.env)


@pytest.mark.parametrize("columns", [80, 40])
def test_by_keys_it_is_taken_back_and_the_interview_goes_on(home, columns):
    terminal = begun(home, columns, "crisis", "start")
    terminal.wait("Ctrl-C stop")
    terminal.press("2", Key.ENTER)
    terminal.wait("Nothing is final yet" if columns == 80 else "is final yet.")
    assert "Stop: You come first" in terminal.shown
    assert home.entry.finished is None

    terminal.press(Key.HOME, Key.ENTER)
    terminal.wait("Tick all")
    terminal.press("2", Key.END, " ", Key.ENTER)
    terminal.wait("What kind of matter is it?")
    assert home.entry.answers[0].value == ("none",)


def test_line_by_line_it_is_taken_back_and_the_interview_goes_on(home):
    terminal = begun(home, 80, "crisis", "start", "--plain")
    terminal.wait("Tick all")
    terminal.press("2", Key.ENTER)
    terminal.wait(":save to save")
    terminal.press("1", Key.ENTER)
    terminal.wait(lambda: terminal.shown.count("Does any of this apply?") >= 2)
    terminal.press("none", Key.ENTER)
    terminal.wait("What kind of matter is it?")

    assert home.entry.answers[0].value == ("none",)


def test_after_a_closed_window_it_can_be_taken_back_another_day(home):
    terminal = begun(home, 80, "crisis", "start")
    terminal.wait("Ctrl-C stop")
    terminal.press("2", Key.ENTER)
    terminal.wait("Nothing is final yet")
    terminal.press(Key.STOP)
    terminal.wait("careerkit resume")

    again = begun(home, 80, "resume")
    again.wait("Nothing is final yet")
    again.press(Key.HOME, Key.ENTER)
    again.wait("Tick all")
    again.press("2", Key.END, " ", Key.ENTER)
    again.wait("What kind of matter is it?")


def test_what_was_not_meant_as_a_slip_is_finished_with_two_keys(home):
    terminal = begun(home, 80, "crisis", "start")
    terminal.wait("Ctrl-C stop")
    terminal.press("2", Key.ENTER)
    terminal.wait("Nothing is final yet")
    terminal.press(Key.ENTER, "q", "q")
    terminal.wait("Saved as")

    assert [each.level for each in home.entry.outcome.findings] == ["stop"]
    assert home.entry.finished
