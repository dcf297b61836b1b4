"""The home screen: unfinished entries, due items and playbooks."""

from datetime import timedelta

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.ports import MAX_SHOWN, EndOfInput, load_home
from careerkit.coaching.resume import run_batch
from careerkit.coaching.session import start_session
from careerkit.core.errors import Problem, Refused
from careerkit.storage.memory_journal import MemoryJournal
from scenario import HEADER, parse_playbook

TEXT = """
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "what"
type = "text"
ask = "What?"
[[action]]
id = "do"
do = "Do {what}"
due = "+2d"
[[action]]
id = "then"
do = "Then this"
due = "+9d"
"""
SOURCE, PLAYBOOK = (HEADER + TEXT).encode(), parse_playbook(TEXT)
MORE = TEXT.replace("[[action]]", '[[stage.question]]\nid = "more"\ntype = "text"\nask = "More?"\n[[action]]', 1)
TWO_SOURCE, TWO = (HEADER + MORE).encode(), parse_playbook(MORE)


class NoPlaybooks:
    def listing(self):
        return ()


class DamagedJournal(MemoryJournal):
    """A journal with one unreadable file."""

    broken = ""

    def read(self, entry_id):
        if entry_id == self.broken:
            raise Refused(Problem("unreadable", "It can't be read.", "", entry_id))
        return super().read(entry_id)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def journal():
    return DamagedJournal()


def finish(journal, clock, what="x"):
    return run_batch(PLAYBOOK, SOURCE, {"what": what}, lane="full", journal=journal, clock=clock)


def around(journal, clock):
    return load_home(journal, NoPlaybooks(), clock)


def test_nothing_is_due_before_its_day(journal, clock):
    finish(journal, clock)
    clock.advance(days=1)

    home = around(journal, clock)

    assert home.due == ()
    assert [(each.first.what, each.more) for each in home.planned] == [("Do x", 0)]


def test_what_is_planned_is_the_next_of_each_entry_that_has_nothing_due(journal, clock):
    finish(journal, clock, "first")
    clock.advance(days=1)
    finish(journal, clock, "second")
    clock.advance(days=1)

    home = around(journal, clock)

    assert [each.first.what for each in home.due] == ["Do first"]
    assert [(each.first.what, each.since - clock.now().date()) for each in home.planned] == [
        ("Do second", timedelta(days=1))
    ]


def test_a_check_in_that_is_due_goes_before_the_actions_which_have_been_due_longer(journal, clock):
    text = TEXT + '[[checkin]]\nid = "week"\nafter = "+7d"\ntitle = "A week on"\n'
    run_batch(parse_playbook(text), (HEADER + text).encode(), {"what": "x"}, lane="full", journal=journal, clock=clock)
    clock.advance(days=5)
    assert [each.first.kind for each in around(journal, clock).due] == ["action"]
    clock.advance(days=5)

    (waiting,) = around(journal, clock).due

    assert (waiting.first.kind, waiting.first.what, waiting.more) == ("checkin", "A week on", 2)


def test_each_entry_shows_its_longest_due_item_and_counts_the_others(journal, clock):
    entry = finish(journal, clock, "the first thing")
    clock.advance(days=10)

    (waiting,) = around(journal, clock).due

    assert (waiting.entry_id, waiting.first.what, waiting.more) == (entry.id, "Do the first thing", 1)


def test_the_latest_due_date_comes_first_and_the_rest_is_only_mentioned(journal, clock):
    for number in range(MAX_SHOWN + 1):
        finish(journal, clock, str(number))
        clock.advance(days=1)
    clock.advance(days=2)

    home = around(journal, clock)

    assert [each.first.what for each in home.due] == ["Do 3", "Do 2", "Do 1"]
    assert home.is_more_due


def test_a_date_in_a_text_is_not_due(journal, clock):
    finish(journal, clock, "due = 2020-01-01")

    assert around(journal, clock).due == ()


def test_an_unreadable_entry_hides_no_other(journal, clock):
    finish(journal, clock, "one")
    second = finish(journal, clock, "two")
    clock.advance(days=3)
    listing = journal.listing()
    journal.listing = lambda limit=None: listing
    journal.broken = second.id

    assert [each.first.what for each in around(journal, clock).due] == ["Do one"]


def test_unfinished_entries_are_newest_first_and_the_rest_is_counted(journal, clock):
    ids = [begin_one(journal, clock) for _ in range(MAX_SHOWN + 2)]

    home = around(journal, clock)

    assert [each.id for each in home.unfinished] == ids[:1:-1]
    assert home.more_unfinished == 2
    assert home.due == ()


def begin_one(journal, clock):
    passage = start_session(TWO, TWO_SOURCE, lane="full", screen=FakeScreen("x"), journal=journal, clock=clock)
    with pytest.raises(EndOfInput):
        passage.run()
    clock.advance(days=1)
    return passage.entry.id
