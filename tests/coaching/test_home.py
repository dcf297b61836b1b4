"""What waits for a person who says nothing but careerkit."""

import pytest
from fakes import FakeClock, FakeScreen

from careerkit.coaching.home import MOST_SHOWN, look_around
from careerkit.coaching.screen import EndOfInput
from careerkit.coaching.starting import answer_all, start
from careerkit.core.problem import Problem, Refused
from careerkit.storage.memory import MemoryJournal
from scenario import HEADER, playbook_of

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
SOURCE, PLAYBOOK = (HEADER + TEXT).encode(), playbook_of(TEXT)
MORE = TEXT.replace("[[action]]", '[[stage.question]]\nid = "more"\ntype = "text"\nask = "More?"\n[[action]]', 1)
TWO_SOURCE, TWO = (HEADER + MORE).encode(), playbook_of(MORE)


class NoPlaybooks:
    def listing(self):
        return ()


class Worn(MemoryJournal):
    """A journal one file of which can't be read any more."""

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
    return Worn()


def finish(journal, clock, what="x"):
    return answer_all(PLAYBOOK, SOURCE, {"what": what}, lane="full", journal=journal, clock=clock)


def around(journal, clock):
    return look_around(journal, NoPlaybooks(), clock)


def test_nothing_is_due_before_its_day(journal, clock):
    finish(journal, clock)
    clock.wait(days=1)

    assert around(journal, clock).due == ()


def test_of_each_entry_the_longest_due_stands_with_how_much_more_there_is(journal, clock):
    entry = finish(journal, clock, "the first thing")
    clock.wait(days=10)

    (waiting,) = around(journal, clock).due

    assert (waiting.entry_id, waiting.first.what, waiting.more) == (entry.id, "Do the first thing", 1)


def test_what_came_due_last_is_first_and_the_rest_is_only_said(journal, clock):
    for number in range(MOST_SHOWN + 1):
        finish(journal, clock, str(number))
        clock.wait(days=1)
    clock.wait(days=2)

    home = around(journal, clock)

    assert [each.first.what for each in home.due] == ["Do 3", "Do 2", "Do 1"]
    assert home.is_more_due


def test_a_date_in_a_text_is_not_taken_for_something_due(journal, clock):
    finish(journal, clock, "due = 2020-01-01")

    assert around(journal, clock).due == ()


def test_an_entry_that_cannot_be_read_hides_no_other(journal, clock):
    finish(journal, clock, "one")
    second = finish(journal, clock, "two")
    clock.wait(days=3)
    listing = journal.listing()
    journal.listing = lambda newest=None: listing
    journal.broken = second.id

    assert [each.first.what for each in around(journal, clock).due] == ["Do one"]


def test_unfinished_entries_are_newest_first_and_the_rest_is_counted(journal, clock):
    ids = [begin_one(journal, clock) for _ in range(MOST_SHOWN + 2)]

    home = around(journal, clock)

    assert [each.id for each in home.unfinished] == ids[:1:-1]
    assert home.more_unfinished == 2
    assert home.due == ()


def begin_one(journal, clock):
    passage = start(TWO, TWO_SOURCE, lane="full", screen=FakeScreen("x"), journal=journal, clock=clock)
    with pytest.raises(EndOfInput):
        passage.conduct()
    clock.wait(days=1)
    return passage.entry.id
