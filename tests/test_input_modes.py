"""The same answers by an answers file, typed in plain mode and typed in the rich look leave the same entry."""

from io import StringIO

import pytest

from careerkit.coaching.session import start_session
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.storage.memory_journal import MemoryJournal
from careerkit.terminal.dialog import Dialog
from careerkit.terminal.editor import Editor
from careerkit.terminal.line_screen import LineScreen
from careerkit.terminal.plain_renderer import LazyRichRenderer, PlainRenderer
from careerkit.terminal.sanitize import choose_symbols
from careerkit.terminal.tty import ErasableOutput
from line_input import type_interview
from playbook_cases import FixedClock, build_case_entry, list_played_cases, load_bundled, read_source
from scenario import NOW

LOOKS = {
    "plain": PlainRenderer,
    "rich": lambda: LazyRichRenderer(get_columns=lambda: 80, color=True, symbols=choose_symbols("utf-8")),
}


def typed_entry(case, look):
    playbook = load_bundled(case.playbook_id)
    steps = list(type_interview(Interview(playbook, today=NOW.date()), case.answers))
    lines = [line for _, typed in steps for line in typed]
    out = StringIO()
    talk = Dialog(
        StringIO("".join(f"{line}\n" for line in lines)),
        ErasableOutput(out),
        look,
        encoding="utf-8",
        editor=Editor({}),
        interactive=False,
    )
    screen = LineScreen(talk, results=out, today=NOW.date)
    passage = start_session(
        playbook, read_source(case.playbook_id), lane="full", screen=screen, journal=MemoryJournal(), clock=FixedClock()
    )
    assert passage.run() == "finished", out.getvalue()[-2000:]
    return passage


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("case", list_played_cases(), ids=str)
def test_typed_answers_leave_the_same_entry_as_those_of_a_file(case, look):
    passage = typed_entry(case, LOOKS[look]())
    expected = build_case_entry(case)
    asked = {each.question for each in expected.answers if not each.hidden}
    given = replace(expected, id="", machine="", answers=tuple(a for a in expected.answers if a.question in asked))
    assert replace(passage.entry, id="", machine="") == given
