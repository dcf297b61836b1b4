"""A session: every answer is saved before the next question, and every reply has its effect."""

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.ports import Back, ChooseBand, EndOfInput, Forward, GoTo, OpenReview, Skip, Stop
from careerkit.coaching.redaction import redact
from careerkit.coaching.resume import resume_session, run_batch
from careerkit.coaching.session import start_session
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Answer
from careerkit.storage.memory_journal import MemoryJournal
from scenario import HEADER, NOW, parse_playbook

TEXT = """
[[source]]
id = "S1"
cite = "A text."
[[stage]]
id = "fast"
title = "Fast"
quick = true
[[stage.question]]
id = "danger"
type = "yesno"
ask = "Danger?"
why = "It comes first."
source = ["S1.3"]
[[stage.question]]
id = "what"
type = "text"
ask = "What?"
[[stage]]
id = "slow"
title = "Slow"
[[stage.question]]
id = "hello"
type = "note"
ask = "Note"
text = "Words"
[[stage.question]]
id = "harm"
type = "scale"
ask = "Harm?"
when = "not danger"
[[stage.question]]
id = "extra"
type = "text"
ask = "Extra?"
required = false
[[compute]]
id = "weight"
label = "Weight"
value = "harm * 2"
bands = [ { id = "low", label = "low" }, { id = "high", from = 6, label = "high" } ]
[[finding]]
id = "stop"
title = "Stop"
level = "stop"
when = "danger"
text = "First this."
[[finding]]
id = "heavy"
title = "Heavy"
when = "band(weight) == 'high'"
text = "It weighs."
[[draft]]
id = "card"
title = "Card"
quick = true
text = "{what}"
[[action]]
id = "act"
do = "Act on {what}"
due = "+1wd"
"""
SOURCE = (HEADER + TEXT).encode()
PLAYBOOK = parse_playbook(TEXT)


@pytest.fixture
def journal():
    return MemoryJournal()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def begin(journal, clock):
    def begin(*script, lane="full", **settings):
        screen = FakeScreen(*script, **settings)
        return start_session(PLAYBOOK, SOURCE, lane=lane, screen=screen, journal=journal, clock=clock), screen

    return begin


def saved(journal, passage):
    return journal.read(passage.entry.id).entry


def test_a_session_runs_from_the_first_question_to_the_result(begin, journal):
    passage, screen = begin(False, "it broke", 4, "more")
    assert passage.run() == "finished"
    assert screen.shown == [
        "stage Fast",
        "ask danger",
        "answered danger: no",
        "ask what",
        "answered what: it broke",
        "card",
        "confirm Continue with the rest now?",
        "stage Slow",
        "note Note",
        "ask harm",
        "answered harm: 4 of 5",
        "ask extra",
        "answered extra: more",
        "conclude",
    ]
    entry = saved(journal, passage)
    assert entry.state == "finished"
    assert [finding.id for finding in entry.outcome.findings] == ["heavy"]
    assert entry.outcome.actions[0].do == "Act on it broke"


def test_each_answer_is_in_the_journal_before_the_next_question_shows(begin, journal):
    seen = []

    def look(ask):
        seen.append([answer.question for answer in saved(journal, passage).answers])
        return "it broke" if ask.question.id == "what" else 4

    passage, _ = begin(False, look, look)
    with pytest.raises(EndOfInput):
        passage.run()
    assert seen == [["danger"], ["danger", "what"]]
    assert [answer.question for answer in saved(journal, passage).answers] == ["danger", "what", "harm"]


def test_nothing_is_saved_before_the_first_answer(begin, journal):
    passage, _ = begin()
    with pytest.raises(EndOfInput):
        passage.run()
    assert journal.listing().entries == ()
    assert not passage.is_saved


def test_the_reason_of_a_question_comes_with_its_full_citation(begin):
    passage, screen = begin(Stop())
    assert passage.run() == "stopped"
    assert screen.whys == [("It comes first.", ("S1: A text. (claim 3)",))]


def test_an_invalid_answer_is_asked_for_again(begin):
    passage, screen = begin("perhaps", False, Stop())
    passage.run()
    assert screen.shown[1:4] == ["ask danger", "complaint not-yes-or-no", "ask danger"]


def test_back_forward_and_skip_move_between_questions(begin):
    passage, screen = begin(False, Back(), Forward(), Skip(), Stop())
    passage.run()
    assert [each.question.id for each in screen.asked] == ["danger", "what", "danger", "what", "harm"]


def test_before_the_first_question_back_complains_and_asks_again(begin):
    passage, screen = begin(Back(), Stop())
    passage.run()
    assert screen.shown[1:4] == ["ask danger", "complaint first-question", "ask danger"]


def test_a_finding_of_level_stop_is_shown_at_once_and_a_hidden_answer_is_reported(begin):
    passage, screen = begin(False, "x", 4, Back(), Back(), Back(), True, Stop())
    passage.run()
    assert "say 1 answer no longer applies. It is kept in case it does again." in screen.shown
    assert "finding stop" in screen.shown


def test_an_answer_that_shows_again_is_reported(begin):
    passage, screen = begin(False, "x", 4, Back(), Back(), Back(), True, Back(), Back(), False, Stop())
    passage.run()
    assert "say Back again: 1 earlier answer." in screen.shown


def test_the_review_leads_to_a_question_and_lets_a_band_be_chosen(begin, journal):
    passage, screen = begin(
        False, "x", 4, OpenReview(), "y", Stop(), reviews=(ChooseBand("weight", "low"), GoTo("what"))
    )
    passage.run()
    assert [line.question_id for line in screen.last_review.lines] == ["danger", "what", "harm", "extra"]
    figure = screen.last_review.figures[0]
    assert (figure.shown, figure.arithmetic, figure.band_label, figure.overridden) == ("8", "4 × 2", "low", True)
    entry = saved(journal, passage)
    assert {answer.question: answer.value for answer in entry.answers}["weight"] == "low"
    assert {answer.question: answer.value for answer in entry.answers}["what"] == "y"


def test_the_quick_lane_gives_the_card_and_leaves_the_entry_open(begin, journal):
    passage, screen = begin(False, "x", lane="quick")
    assert passage.run() == "quick"
    assert screen.card_given[0].drafts[0].text == "x"
    entry = saved(journal, passage)
    assert (entry.state, entry.quick_given) == ("open", NOW)


def test_after_the_card_the_rest_can_wait(begin, journal):
    passage, screen = begin(False, "x", confirms=False)
    assert passage.run() == "later"
    assert saved(journal, passage).state == "open"


def test_a_stopped_session_resumes_where_it_stopped(begin, journal, clock):
    passage, _ = begin(False, "x", Stop())
    passage.run()
    clock.advance(days=3)
    screen = FakeScreen(4, Skip())
    again = resume_session(saved(journal, passage), PLAYBOOK, SOURCE, screen=screen, journal=journal, clock=clock)
    assert again.run() == "finished"
    assert [each.question.id for each in screen.asked] == ["harm", "extra"]
    assert again.entry.id == passage.entry.id


def test_a_quick_session_is_resumed_in_full(begin, journal, clock):
    passage, _ = begin(False, "x", lane="quick")
    passage.run()
    screen = FakeScreen(4, Skip())
    again = resume_session(saved(journal, passage), PLAYBOOK, SOURCE, screen=screen, journal=journal, clock=clock)
    assert again.run() == "finished"


def test_an_entry_of_another_machine_is_carried_over_into_a_new_one(begin, clock):
    theirs = MemoryJournal(machine="there")
    screen = FakeScreen(False, Stop())
    passage = start_session(PLAYBOOK, SOURCE, lane="full", screen=screen, journal=theirs, clock=clock)
    passage.run()
    ours = MemoryJournal(machine="here")
    again = resume_session(passage.entry, PLAYBOOK, SOURCE, screen=FakeScreen("x", Stop()), journal=ours, clock=clock)
    again.run()
    assert again.entry.id != passage.entry.id
    assert (again.entry.continues, again.entry.machine) == (passage.entry.id, "here")
    assert [answer.value for answer in ours.read(again.entry.id).entry.answers] == [False, "x"]


def test_a_finished_interview_is_not_resumed(begin, journal, clock):
    passage, _ = begin(True, "x", Skip())
    assert passage.run() == "finished"
    with pytest.raises(Refused) as refused:
        resume_session(passage.entry, PLAYBOOK, SOURCE, screen=FakeScreen(), journal=journal, clock=clock)
    assert refused.value.problems[0].code == "finished"


def test_the_answers_of_a_file_leave_the_same_entry_as_typed_ones(begin, journal, clock):
    passage, _ = begin(False, "x", 4, Skip())
    passage.run()
    given = {"danger": False, "what": "x", "harm": 4}
    entry = run_batch(PLAYBOOK, SOURCE, given, lane="full", journal=journal, clock=clock)
    assert replace(entry, id="") == replace(passage.entry, id="")


def test_notes_are_shown_after_the_entry_of_an_answers_file_is_saved(journal, clock):
    given, read = {"danger": False, "what": "x", "harm": 4}, []
    run_batch(PLAYBOOK, SOURCE, given, lane="full", journal=journal, clock=clock, show_note=read.append)
    assert [(note.heading, note.text) for note in read] == [("Note", "Words")]


def test_the_quick_lane_from_a_file_saves_the_same_entry_as_when_typed(begin, journal, clock):
    passage, _ = begin(False, "x", lane="quick")
    passage.run()
    entry = run_batch(PLAYBOOK, SOURCE, {"danger": False, "what": "x"}, lane="quick", journal=journal, clock=clock)
    assert replace(entry, id="") == replace(passage.entry, id="")


def test_every_problem_in_an_answers_file_is_reported_and_nothing_is_saved(journal, clock):
    given = {"danger": "perhaps", "harm": 9, "wht": "x", "hello": 1}
    with pytest.raises(Refused) as refused:
        run_batch(PLAYBOOK, SOURCE, given, lane="full", journal=journal, clock=clock)
    found = {(problem.code, problem.where) for problem in refused.value.problems}
    assert found == {
        ("not-yes-or-no", "danger"),
        ("missing", "what"),
        ("too-large", "harm"),
        ("unknown-question", "wht"),
        ("unknown-question", "hello"),
    }
    assert journal.listing().entries == ()


def test_an_answer_in_a_file_to_a_hidden_question_is_kept_and_marked(journal, clock):
    given = {"danger": True, "what": "x", "harm": 4, "weight": "low"}
    entry = run_batch(PLAYBOOK, SOURCE, given, lane="full", journal=journal, clock=clock)
    kept = {answer.question: (answer.value, answer.hidden) for answer in entry.answers}
    assert kept["harm"] == (4, True)
    assert kept["weight"] == ("low", False)


def test_an_unknown_band_in_a_file_is_reported(journal, clock):
    with pytest.raises(Refused) as refused:
        run_batch(
            PLAYBOOK, SOURCE, {"danger": True, "what": "x", "weight": "hgh"}, lane="full", journal=journal, clock=clock
        )
    assert [problem.code for problem in refused.value.problems] == ["unknown-band"]


class FullDisk(MemoryJournal):
    """A journal that refuses every save after the first, until there is `room` again."""

    def __init__(self):
        super().__init__()
        self.room = 1

    def create(self, entry, playbook):
        self._take_room()
        super().create(entry, playbook)

    def save(self, entry, *, playbook=None):
        self._take_room()
        super().save(entry, playbook=playbook)

    def _take_room(self):
        if self.room < 1:
            raise Refused(Problem("not-saved", "The disk is full.", "Make room."))
        self.room -= 1


PLAIN = (
    '[[stage]]\nid = "s"\ntitle = "S"\n'
    + "".join(f'[[stage.question]]\nid = "{name}"\ntype = "text"\nask = "{name}?"\n' for name in "abc")
)  # fmt: skip


@pytest.mark.parametrize("room", [0, 1])
def test_after_a_failed_save_nothing_more_is_asked_until_it_succeeds_or_the_person_leaves(clock, room):
    journal = FullDisk()
    journal.room = room
    screen = FakeScreen("x", "y", "z", confirms=False)
    source = (HEADER + PLAIN).encode()
    passage = start_session(parse_playbook(PLAIN), source, lane="full", screen=screen, journal=journal, clock=clock)
    with pytest.raises(Refused):
        passage.run()
    asked = [each for each in screen.shown if each.startswith("confirm")]

    assert len(asked) == 1
    assert "not saved" in asked[0]
    assert screen.shown[-1] == asked[0], "nothing is asked after that"

    journal.room = 10
    passage.flush()
    assert passage.run() == "finished"


@pytest.mark.parametrize("room", [0, 1])
def test_answers_that_a_full_disk_refused_are_saved_when_the_person_stops(clock, room):
    journal = FullDisk()
    journal.room = room
    source = (HEADER + PLAIN).encode()
    screen = FakeScreen("x", "y", confirms=False)
    passage = start_session(parse_playbook(PLAIN), source, lane="full", screen=screen, journal=journal, clock=clock)
    with pytest.raises(Refused):
        passage.run()
    assert screen.shown.count("complaint not-saved") == 2
    assert passage.is_saved == bool(room)

    journal.room = 1
    passage.flush()

    assert passage.is_saved
    assert [answer.value for answer in saved(journal, passage).answers] == ["x", "y"][: room + 1]


def test_what_was_said_to_questions_that_are_gone_is_in_no_shared_export(begin, journal):
    passage, _ = begin(False, "x", Stop())
    passage.run()
    entry = replace(passage.entry, earlier=(Answer("old", "text", "Whom do you fear?", "Ada", "Ada", private=True),))

    assert redact(entry, PLAYBOOK).entry.earlier == ()


class UnsureDisk(MemoryJournal):
    """A journal whose first save is written but not confirmed by the disk."""

    is_unsure = True

    def create(self, entry, playbook):
        super().create(entry, playbook)
        if self.is_unsure:
            raise Refused(Problem("not-certain", "The disk would not confirm it.", ""))


def test_a_session_continues_after_a_save_that_the_disk_did_not_confirm(clock):
    journal = UnsureDisk()
    source = (HEADER + PLAIN).encode()
    screen = FakeScreen("x", "y", "z")
    passage = start_session(parse_playbook(PLAIN), source, lane="full", screen=screen, journal=journal, clock=clock)

    assert passage.run() == "finished"

    assert screen.shown.count("complaint not-certain") == 1
    assert [answer.value for answer in saved(journal, passage).answers] == ["x", "y", "z"]
