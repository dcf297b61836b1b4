"""The session loop: each session is reported, follow-ups run after it, and interruptions are raised again."""

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.ports import Stop
from careerkit.coaching.resume import resume_entry
from careerkit.coaching.session import lock_entry, run_session, start_session
from careerkit.core.errors import Problem, Refused
from careerkit.storage.memory_journal import MemoryJournal
from scenario import HEADER, parse_playbook

QUESTION = '[[stage]]\nid = "s"\ntitle = "S"\n[[stage.question]]\nid = "what"\ntype = "text"\nask = "What?"\n'
LEADS_BACK = '[[finding]]\nid = "next"\ntitle = "Next"\nwhen = "true"\ntext = "Go."\nnext = "test/test"\n'
SOURCE, PLAYBOOK = (HEADER + QUESTION + LEADS_BACK).encode(), parse_playbook(QUESTION + LEADS_BACK)


class Opened:
    playbook, source = PLAYBOOK, SOURCE


class Library:
    """A library with one playbook under every id."""

    def ids(self):
        return ("test/test", "test/other")

    def listing(self):
        return ()

    def open(self, reference):
        return Opened()

    def read(self, source, *, file, id):  # noqa: A002 - named as in the port
        return PLAYBOOK


class Interrupted(BaseException):
    """A signal that asks the program to end."""


@pytest.fixture
def journal():
    return MemoryJournal()


def begun(journal, screen):
    return start_session(PLAYBOOK, SOURCE, lane="full", screen=screen, journal=journal, clock=FakeClock())


def run(opened, *, offers_follow_ups=False):
    reported = []
    result = run_session(
        opened,
        library=Library(),
        report=lambda session, result: reported.append((session.entry.state, result)),
        offers_follow_ups=offers_follow_ups,
    )
    return result, reported


def test_a_finished_session_is_reported_and_its_entry_unlocked(journal):
    session = begun(journal, FakeScreen("x"))

    assert run(lock_entry(session)) == ("finished", [("finished", "finished")])
    with journal.lock_entry(session.entry.id):
        pass


def test_the_entry_is_locked_while_the_session_runs(journal):
    def look(_):
        with pytest.raises(Refused), journal.lock_entry(session.entry.id):
            pass
        return "x"

    session = begun(journal, FakeScreen(look))
    assert run(lock_entry(session))[0] == "finished"


def test_the_end_of_input_stops_the_session(journal):
    assert run(lock_entry(begun(journal, FakeScreen()))) == ("stopped", [("open", "stopped")])


@pytest.mark.parametrize("error", [KeyboardInterrupt, Interrupted])
def test_an_interruption_is_reported_once_and_raised_again(journal, error):
    reported = []
    with pytest.raises(error):
        run_session(
            lock_entry(begun(journal, FakeScreen(error()))),
            library=Library(),
            report=lambda _, result: reported.append(result),
            offers_follow_ups=False,
        )
    assert reported == ["stopped"]


def test_a_result_that_can_not_be_saved_raises_and_is_not_reported(journal, monkeypatch):
    def refuse(entry, **others):
        raise Refused(Problem("not-saved", "The disk is full.", "Make room."))

    monkeypatch.setattr(journal, "save", refuse)  # after the answer, which creates the entry
    reported = []
    with pytest.raises(Refused):
        run_session(
            lock_entry(begun(journal, FakeScreen("x"))),
            library=Library(),
            report=lambda _, result: reported.append(result),
            offers_follow_ups=False,
        )
    assert reported == []


def test_a_playbook_that_was_just_finished_is_not_offered_as_its_own_follow_up(journal):
    screen = FakeScreen("x")

    assert run(lock_entry(begun(journal, screen)), offers_follow_ups=True)[1] == [("finished", "finished")]
    assert not [each for each in screen.shown if each.startswith("confirm Continue with")]


def test_a_follow_up_is_a_separate_session_with_its_own_entry(journal):
    other = parse_playbook(QUESTION + LEADS_BACK.replace("test/test", "test/other"))
    source = (HEADER + QUESTION + LEADS_BACK.replace("test/test", "test/other")).encode()
    screen = FakeScreen("x", "y")
    session = start_session(other, source, lane="full", screen=screen, journal=journal, clock=FakeClock())

    result, reported = run(lock_entry(session), offers_follow_ups=True)

    assert (result, len(reported)) == ("finished", 2)
    assert "confirm Continue with 'T' now?" in screen.shown
    assert len(journal.listing().entries) == 2


def test_a_resumed_entry_is_locked_before_it_is_read_and_shows_where_it_stopped(journal):
    session = begun(journal, FakeScreen(Stop()))
    assert run(lock_entry(session))[0] == "stopped"
    screen = FakeScreen("x")
    opened = resume_entry(session.entry.id, screen=screen, journal=journal, library=Library(), clock=FakeClock())

    assert run(opened)[0] == "finished"
    assert screen.shown[0].startswith("open T You started on")
    with journal.lock_entry(session.entry.id), pytest.raises(Refused):
        run(resume_entry(session.entry.id, screen=screen, journal=journal, library=Library(), clock=FakeClock()))
