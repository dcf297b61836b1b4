"""The answers of every case, given with keys, leave the same entry as those of a file."""

from io import StringIO

import pytest
from key_screens import screen_on

from careerkit.coaching.starting import start
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.storage.memory import MemoryJournal
from cases_of_playbooks import StillClock, all_cases, bundled, entry_of, source_of
from pressing import Fingers, pressed_passage
from scenario import NOW


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_answers_given_with_keys_leave_the_same_entry_as_those_of_a_file(case):
    playbook = bundled(case.playbook_id)
    fingers = Fingers(
        press for _, keys in pressed_passage(Interview(playbook, today=NOW.date()), case.answers) for press in keys
    )
    out = StringIO()
    screen = screen_on(fingers, out=out)
    screen.open(playbook, note="")
    passage = start(
        playbook, source_of(case.playbook_id), lane="full", screen=screen, journal=MemoryJournal(), clock=StillClock()
    )

    assert passage.conduct() == "finished", out.getvalue()[-2000:]
    assert not fingers.presses
    expected = entry_of(case)
    asked = {each.question for each in expected.answers if not each.hidden}
    given = replace(expected, id="", machine="", answers=tuple(a for a in expected.answers if a.question in asked))
    assert replace(passage.entry, id="", machine="") == given
