"""End of input and Ctrl-C at every question: what was answered by then is in the journal, nothing more, nothing less.

Broken off by signals, and at a terminal: tests/terminal/keys/test_interruptions.py."""

from io import StringIO

import pytest

from careerkit.coaching.ports import EndOfInput
from careerkit.coaching.session import start_session
from careerkit.core.interview import Interview
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.terminal.dialog import Dialog
from careerkit.terminal.editor import Editor
from careerkit.terminal.line_screen import LineScreen
from careerkit.terminal.plain_renderer import PlainRenderer
from careerkit.terminal.tty import ErasableOutput
from line_input import type_interview
from playbook_cases import Case, FixedClock, find_differences, load_bundled, read_source
from scenario import NOW


class Input:
    """The lines, then the end: none are left, or Ctrl-C."""

    def __init__(self, lines, ending):
        self._lines = list(lines)
        self._ending = ending

    def readline(self):
        if self._lines:
            return f"{self._lines.pop(0)}\n"
        if self._ending is KeyboardInterrupt:
            raise KeyboardInterrupt
        return ""


def conduct(playbook_id, lines, ending):
    talk = Dialog(
        Input(lines, ending),
        ErasableOutput(StringIO()),
        PlainRenderer(),
        encoding="utf-8",
        editor=Editor({}),
        interactive=False,
    )
    screen = LineScreen(talk, results=StringIO(), today=NOW.date)
    journal = MemoryJournal()
    passage = start_session(
        load_bundled(playbook_id),
        read_source(playbook_id),
        lane="full",
        screen=screen,
        journal=journal,
        clock=FixedClock(),
    )
    with pytest.raises(ending):
        passage.run()
    entries = journal.listing().entries
    return {answer.question for answer in journal.read(entries[0].id).entry.answers} if entries else set()


@pytest.mark.parametrize("ending", [EndOfInput, KeyboardInterrupt])
@pytest.mark.parametrize(
    ("playbook_id", "name"), [("crisis/start", "li"), ("client/handover", "mixed"), ("path/choose", "mentor")]
)
def test_what_was_answered_by_then_is_saved(playbook_id, name, ending):
    case = Case(playbook_id, name)
    steps = list(type_interview(Interview(load_bundled(playbook_id), today=NOW.date()), case.answers))
    for number in range(0, len(steps), 1 if playbook_id == "crisis/start" else 4):
        done = steps[:number]
        answered = {question for question, lines in done if question != "card" and lines != [":skip"]}
        assert conduct(playbook_id, [line for _, lines in done for line in lines], ending) == answered


def test_a_pipe_that_ends_at_every_question_and_is_resumed_leaves_the_entry_of_an_undisturbed_passage(home):
    case = Case("crisis/start", "li")
    passage = type_interview(Interview(load_bundled(case.playbook_id), today=NOW.date()), case.answers)
    *steps, last = [step for step in passage if step[0] != "card"]  # told once: who goes on is past it
    begin, answered = case.playbook_id.split("/"), 0
    for _, lines in steps:
        ended = home.run(*(["resume"] if answered else begin), stdin="".join(f"{line}\n" for line in lines))
        answered += lines != [":skip"]
        assert ended.code == 4
        assert len(home.entry.answers) == answered
        assert f"All answers are saved. Continue with: careerkit resume {home.entry.handle}" in ended.err

    assert home.run("resume", stdin="".join(f"{line}\n" for line in last[1])).code == 0
    assert find_differences(home.entry, case) == {}
