"""The review before the end: answers can be changed, and it says how a change affects the result."""

import pytest
from fakes import FakeClock, FakeScreen
from test_session import PLAYBOOK, SOURCE

from careerkit.coaching.ports import Back, ChooseBand, Forward, GoTo, OpenReview, Skip, Stop
from careerkit.coaching.resume import resume_session, run_batch
from careerkit.coaching.session import start_session
from careerkit.core.frozen import replace
from careerkit.storage.memory_journal import MemoryJournal
from scenario import HEADER, parse_playbook

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
    return start_session(playbook, source, lane="full", screen=screen, journal=journal, clock=FakeClock()), screen


def test_after_the_last_question_all_answers_are_shown_before_anything_is_final(journal):
    passage, screen = begin(journal, False, "it broke", 4, Skip(), reviews=(Stop(),))

    assert passage.run() == "stopped"
    assert [line.shown for line in screen.final_reviews[0].lines] == ["no", "it broke", "4 of 5", ""]
    assert screen.concluded is None
    assert journal.read(passage.entry.id).entry.state == "open"


def test_an_answer_changed_in_the_review_says_how_the_result_changes(journal):
    passage, screen = begin(journal, False, "it broke", 4, Skip(), 1, reviews=(GoTo("harm"), None))

    assert passage.run() == "finished"
    assert screen.final_reviews[0].news == ()
    assert screen.final_reviews[1].news == ("No longer in the result: Heavy.", "Weight: 2, low (before: 8, high).")


def test_new_and_reworded_parts_of_the_result_are_told_too(journal):
    passage, screen = begin(journal, False, "x", 1, Skip(), "y", 4, reviews=(GoTo("what"), GoTo("harm"), None))

    passage.run()
    assert screen.final_reviews[1].news == ("2 passages in the result are worded differently now.",)
    assert screen.final_reviews[2].news == ("New in the result: Heavy.", "Weight: 8, high (before: 2, low).")


def test_a_review_without_changes_says_so_and_so_does_a_change_without_effect(journal):
    passage, screen = begin(journal, False, "x", 4, Skip(), Forward(), "more", reviews=(GoTo("extra"), Back(), None))
    passage.run()

    assert [each.news for each in screen.final_reviews] == [
        (),
        ("No answer has changed.",),
        ("The result is unchanged.",),
    ]


def test_a_band_chosen_in_the_review_says_how_the_result_changes(journal):
    passage, screen = begin(journal, False, "x", 4, Skip(), reviews=(ChooseBand("weight", "low"), None))

    assert passage.run() == "finished"
    assert "No longer in the result: Heavy." in screen.final_reviews[1].news


def test_the_final_review_has_only_figures_with_bands(journal):
    passage, screen = begin(journal, False, "x", 4, OpenReview(), Skip())
    passage.run()

    assert [figure.compute_id for figure in screen.final_reviews[0].figures] == ["weight"]


def test_questions_added_by_a_changed_answer_are_announced_and_asked_before_the_end(journal):
    passage, screen = begin(journal, True, "x", Skip(), False, 4, reviews=(GoTo("danger"), None))

    assert passage.run() == "finished"
    assert "say New: 1 question." in screen.shown
    assert [each.question.id for each in screen.asked][-2:] == ["danger", "harm"]


def test_a_skipped_question_comes_back_before_the_review(journal):
    passage, screen = begin(journal, Skip(), "x", 4, Skip(), False)

    assert passage.run() == "finished"
    assert screen.final_reviews[0].lines[0].shown == "no"


def test_an_answer_that_ends_the_interview_can_be_changed_in_the_review(journal):
    playbook, source = parse_playbook(GATE), (HEADER + GATE).encode()
    passage, screen = begin(
        journal, True, False, "it broke", playbook=playbook, source=source, reviews=(GoTo("danger"), None)
    )

    assert passage.run() == "finished"
    assert "finding stop" in screen.shown, "what must not wait is said before"
    entry = passage.entry
    assert [each.id for each in entry.outcome.findings] == ["heard"]
    assert entry.outcome.actions == (), "nothing was given yet that would have to be dropped"


def test_an_interview_that_ends_at_once_shows_one_result_and_saves_the_entry_of_an_answers_file(journal):
    playbook, source = parse_playbook(GATE), (HEADER + GATE).encode()
    passage, screen = begin(journal, True, playbook=playbook, source=source)

    assert passage.run() == "finished"
    assert screen.shown[-2:] == ["finding stop", "conclude"]
    filed = run_batch(playbook, source, {"danger": True}, lane="full", journal=journal, clock=FakeClock())
    assert replace(filed, id="") == replace(passage.entry, id="")


def test_a_session_stopped_in_the_review_resumes_there(journal):
    passage, _ = begin(journal, False, "x", 4, Skip(), reviews=(Stop(),))
    passage.run()
    screen = FakeScreen()
    again = resume_session(passage.entry, PLAYBOOK, SOURCE, screen=screen, journal=journal, clock=FakeClock())

    assert again.run() == "finished"
    assert (screen.asked, len(screen.final_reviews)) == ([], 1)
