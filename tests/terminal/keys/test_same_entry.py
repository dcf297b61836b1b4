"""The answers of every case, given with keys, leave the same entry as those of a file."""

from io import StringIO

import pytest
from offline_key_screen import make_key_screen

from careerkit.coaching.session import start_session
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.storage.memory_journal import MemoryJournal
from key_input import ScriptedPresses, press_interview
from playbook_cases import FixedClock, build_case_entry, list_played_cases, load_bundled, read_source
from scenario import NOW

HIGH = 200
"""Rows of a window in which no card and no result takes two pages."""


@pytest.mark.parametrize("case", list_played_cases(), ids=str)
def test_answers_given_with_keys_leave_the_same_entry_as_those_of_a_file(case):
    playbook = load_bundled(case.playbook_id)
    pressed = press_interview(Interview(playbook, today=NOW.date()), case.answers)
    *every, leave, _ = [press for _, keys in pressed for press in keys]
    presses = ScriptedPresses([*every, leave])
    out = StringIO()
    screen = make_key_screen(presses, out=out, lines=HIGH)
    screen.open(playbook, note="")
    passage = start_session(
        playbook, read_source(case.playbook_id), lane="full", screen=screen, journal=MemoryJournal(), clock=FixedClock()
    )

    try:
        ended = passage.run()
    except KeyboardInterrupt:
        ended = "out of presses"
    assert ended == "finished", out.getvalue()[-2000:]
    assert not presses.presses
    expected = build_case_entry(case)
    asked = {each.question for each in expected.answers if not each.hidden}
    given = replace(expected, id="", machine="", answers=tuple(a for a in expected.answers if a.question in asked))
    assert replace(passage.entry, id="", machine="") == given
