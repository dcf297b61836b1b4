"""Before the end: everything can be looked over and changed, and what a change does to the result is said."""

import pytest
from fakes import FakeClock, FakeScreen
from test_passage import PLAYBOOK, SOURCE

from careerkit.coaching.screen import AskForReview, Back, ChooseBand, Forward, GoTo, Skip, Stop
from careerkit.coaching.starting import answer_all, resume, start
from careerkit.core.frozen import replace
from careerkit.storage.memory import MemoryJournal
from scenario import HEADER, playbook_of

GATE = """
[[stage]]
id = "gate"
title = "Gate"
quick = true
[[stage.question]]
id = "danger"
type = "yesno"
ask = "Danger?"
[[stage]]
id = "rest"
title = "Rest"
[[stage.question]]
id = "what"
type = "text"
ask = "What?"
when = "not danger"
[[finding]]
id = "stop"
title = "Get help first"
level = "stop"
quick = true
when = "danger"
text = "First this."
[[action]]
id = "call"
do = "Call somebody"
quick = true
when = "danger"
[[finding]]
id = "heard"
title = "Heard"
when = "not danger"
text = "{what}"
"""


@pytest.fixture
def journal():
    return MemoryJournal()


def begin(journal, *script, playbook=PLAYBOOK, source=SOURCE, **settings):
    screen = FakeScreen(*script, **settings)
    return start(playbook, source, lane="full", screen=screen, journal=journal, clock=FakeClock()), screen


def test_after_the_last_question_all_answers_are_shown_before_anything_is_final(journal):
    passage, screen = begin(journal, False, "it broke", 4, Skip(), reviews=(Stop(),))

    assert passage.conduct() == "stopped"
    assert [line.shown for line in screen.looked_over[0].lines] == ["no", "it broke", "4 of 5", ""]
    assert screen.concluded is None
    assert journal.read(passage.entry.id).entry.state == "open"


def test_an_answer_that_is_changed_there_says_what_it_does_to_the_result(journal):
    passage, screen = begin(journal, False, "it broke", 4, Skip(), 1, reviews=(GoTo("harm"), None))

    assert passage.conduct() == "finished"
    assert screen.looked_over[0].news == ()
    assert screen.looked_over[1].news == ("No longer in it: Heavy.", "Weight: 2, low (before: 8, high).")


def test_new_and_reworded_parts_of_the_result_are_told_too(journal):
    passage, screen = begin(journal, False, "x", 1, Skip(), "y", 4, reviews=(GoTo("what"), GoTo("harm"), None))

    passage.conduct()
    assert screen.looked_over[1].news == ("2 texts of the result read differently now.",)
    assert screen.looked_over[2].news == ("New in the result: Heavy.", "Weight: 8, high (before: 2, low).")


def test_a_look_that_changes_nothing_says_so_and_a_change_without_effect_says_that(journal):
    passage, screen = begin(journal, False, "x", 4, Skip(), Forward(), "more", reviews=(GoTo("extra"), Back(), None))
    passage.conduct()

    assert [each.news for each in screen.looked_over] == [
        (),
        ("Nothing has been changed.",),
        ("The result stays as it was.",),
    ]


def test_another_band_is_chosen_there_and_its_effect_said(journal):
    passage, screen = begin(journal, False, "x", 4, Skip(), reviews=(ChooseBand("weight", "low"), None))

    assert passage.conduct() == "finished"
    assert "No longer in it: Heavy." in screen.looked_over[1].news


def test_of_the_figures_only_those_with_bands_stand_there(journal):
    passage, screen = begin(journal, False, "x", 4, AskForReview(), Skip())
    passage.conduct()

    assert [figure.compute_id for figure in screen.looked_over[0].figures] == ["weight"]


def test_what_a_changed_answer_newly_asks_is_said_and_asked_before_the_end(journal):
    passage, screen = begin(journal, True, "x", Skip(), False, 4, reviews=(GoTo("danger"), None))

    assert passage.conduct() == "finished"
    assert "say Newly asked: 1 question." in screen.shown
    assert [each.question.id for each in screen.asked][-2:] == ["danger", "harm"]


def test_a_question_put_off_comes_back_before_the_look(journal):
    passage, screen = begin(journal, Skip(), "x", 4, Skip(), False)

    assert passage.conduct() == "finished"
    assert screen.looked_over[0].lines[0].shown == "no"


def test_an_answer_that_ends_it_at_once_can_be_taken_back(journal):
    playbook, source = playbook_of(GATE), (HEADER + GATE).encode()
    passage, screen = begin(
        journal, True, False, "it broke", playbook=playbook, source=source, reviews=(GoTo("danger"), None)
    )

    assert passage.conduct() == "finished"
    assert "finding stop" in screen.shown, "what must not wait is said before"
    entry = passage.entry
    assert [each.id for each in entry.outcome.findings] == ["heard"]
    assert entry.outcome.actions == (), "nothing was given yet that would have to be dropped"


def test_where_it_ends_at_once_the_card_is_not_shown_twice_and_the_entry_is_that_of_an_answers_file(journal):
    playbook, source = playbook_of(GATE), (HEADER + GATE).encode()
    passage, screen = begin(journal, True, playbook=playbook, source=source)

    assert passage.conduct() == "finished"
    assert screen.shown[-2:] == ["finding stop", "conclude"]
    filed = answer_all(playbook, source, {"danger": True}, lane="full", journal=journal, clock=FakeClock())
    assert replace(filed, id="") == replace(passage.entry, id="")


def test_stopped_there_it_goes_on_there(journal):
    passage, _ = begin(journal, False, "x", 4, Skip(), reviews=(Stop(),))
    passage.conduct()
    screen = FakeScreen()
    again = resume(passage.entry, PLAYBOOK, SOURCE, screen=screen, journal=journal, clock=FakeClock())

    assert again.conduct() == "finished"
    assert (screen.asked, len(screen.looked_over)) == ([], 1)
