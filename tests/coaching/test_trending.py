"""One number of a playbook over time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from fakes import FakeClock

from careerkit.coaching.changing import Changes
from careerkit.coaching.correcting import Correcting
from careerkit.coaching.starting import answer_all
from careerkit.coaching.trending import newest, trend
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.only import Only
from careerkit.core.problem import Refused
from careerkit.storage.memory import MemoryJournal
from sample_journal import CALM, WEEK
from scenario import NOW, playbook_of

PLAYBOOK = playbook_of(WEEK)
ONLY = Only(playbook=PLAYBOOK.id)


@pytest.fixture
def journal() -> MemoryJournal:
    made = MemoryJournal()
    for days, load in ((20, 5), (10, 2), (0, 4)):
        clock = FakeClock(NOW - timedelta(days=days))
        answer_all(PLAYBOOK, WEEK.encode(), CALM | {"load": load}, lane="full", journal=made, clock=clock)
    return made


def entries(journal: MemoryJournal) -> list[Entry]:
    return [journal.read(listed.id).entry for listed in reversed(journal.listing().entries)]


def correct(journal: MemoryJournal, entry: Entry, answers: dict) -> None:
    Correcting(entry, PLAYBOOK, Changes(journal, FakeClock(), entry.id)).take(answers)


def points(journal: MemoryJournal, name: str, *, only: Only = ONLY, playbook=PLAYBOOK) -> list[tuple[str, bool]]:
    found, problems = trend(journal, name, only=only, playbook_of=lambda _: playbook)
    assert problems == ()
    return [(f"{point.value.normalize():f} {point.band}".strip(), point.is_corrected) for point in found.points]


def test_a_scale_a_number_and_a_computed_value_are_followed_from_the_oldest_entry_on(journal):
    assert points(journal, "load") == [("5", False), ("2", False), ("4", False)]
    assert points(journal, "hours") == [("38", False)] * 3
    assert points(journal, "strain") == [("13.8 high", False), ("7.8 fine", False), ("11.8 fine", False)]


def test_a_corrected_answer_counts_and_what_is_computed_from_it_follows(journal):
    correct(journal, entries(journal)[1], {"load": 5})

    assert points(journal, "load") == [("5", False), ("5", True), ("4", False)]
    assert points(journal, "strain")[1] == ("13.8 high", True)


def test_without_the_playbook_a_computed_value_stays_as_it_was_given(journal):
    correct(journal, entries(journal)[1], {"load": 5})

    assert points(journal, "load", playbook=None)[1] == ("5", True)
    assert points(journal, "strain", playbook=None)[1] == ("7.8 fine", False)


def test_what_was_removed_or_lies_outside_is_left_out(journal):
    Changes(journal, FakeClock(), entries(journal)[0].id).remove()

    assert points(journal, "load") == [("2", False), ("4", False)]
    assert points(journal, "load", only=Only(playbook=PLAYBOOK.id, since=NOW.date())) == [("4", False)]


def test_how_the_number_is_read_comes_from_the_playbook(journal):
    load, _ = trend(journal, "load", only=ONLY, playbook_of=lambda _: PLAYBOOK)
    hours, _ = trend(journal, "hours", only=ONLY, playbook_of=lambda _: PLAYBOOK)

    assert (load.label, load.measure.low, load.measure.high) == ("How heavy was it?", Decimal(1), Decimal(5))
    assert hours.measure.unit == "hours"


def test_only_so_many_of_the_newest_can_be_kept(journal):
    found, _ = trend(journal, "load", only=ONLY, playbook_of=lambda _: PLAYBOOK)

    assert [point.value for point in newest(found, 2).points] == [2, 4]


@pytest.mark.parametrize(
    ("name", "hint"), [("laod", "Did you mean load?"), ("what", "These are there: hours, load, strain."), ("kind", "")]
)
def test_what_is_no_number_is_told_with_those_that_are(journal, name, hint):
    with pytest.raises(Refused) as refused:
        points(journal, name)

    assert refused.value.problems[0].code == "no-such-number"
    assert hint in refused.value.problems[0].hint


def test_a_playbook_without_entries_is_told(journal):
    with pytest.raises(Refused) as refused:
        points(journal, "load", only=Only(playbook="my/other"))

    assert refused.value.problems[0].code == "no-entry"
