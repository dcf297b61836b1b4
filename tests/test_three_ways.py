"""The same answers by an answers file, typed in plain mode and typed in the rich look leave the same entry."""

from io import StringIO

import pytest

from careerkit.coaching.starting import start
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.storage.memory import MemoryJournal
from careerkit.terminal.editor import Editor
from careerkit.terminal.line_screen import LineScreen
from careerkit.terminal.plain_look import PlainLook
from careerkit.terminal.rich_look import RichLook
from careerkit.terminal.stand_ins import symbols_for
from careerkit.terminal.surface import Surface
from careerkit.terminal.talk import Talk
from cases_of_playbooks import StillClock, all_cases, bundled, entry_of, source_of
from hands import typed_passage
from scenario import NOW

LOOKS = {
    "plain": PlainLook,
    "rich": lambda: RichLook(columns=lambda: 80, color=True, symbols=symbols_for("utf-8")),
}


def typed_entry(case, look):
    playbook = bundled(case.playbook_id)
    steps = list(typed_passage(Interview(playbook, today=NOW.date()), case.answers))
    lines = [line for _, typed in steps for line in typed]
    out = StringIO()
    talk = Talk(
        StringIO("".join(f"{line}\n" for line in lines)),
        Surface(out),
        look,
        encoding="utf-8",
        editor=Editor({}),
        interactive=False,
    )
    screen = LineScreen(talk, results=out, today=NOW.date)
    passage = start(
        playbook, source_of(case.playbook_id), lane="full", screen=screen, journal=MemoryJournal(), clock=StillClock()
    )
    assert passage.conduct() == "finished", out.getvalue()[-2000:]
    return passage


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_typed_answers_leave_the_same_entry_as_those_of_a_file(case, look):
    passage = typed_entry(case, LOOKS[look]())
    expected = entry_of(case)
    asked = {each.question for each in expected.answers if not each.hidden}
    given = replace(expected, id="", machine="", answers=tuple(a for a in expected.answers if a.question in asked))
    assert replace(passage.entry, id="", machine="") == given
