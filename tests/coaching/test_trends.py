"""One number of a playbook over time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from fakes import FakeClock

from careerkit.coaching import trends
from careerkit.coaching.corrections import CorrectionSession
from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.resume import run_batch
from careerkit.coaching.trends import limit_points, load_entry_trends, load_trend
from careerkit.core.errors import Refused
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import EntryFilter
from careerkit.storage.memory_journal import MemoryJournal
from sample_journal import CALM_WEEK, WEEK_PLAYBOOK
from scenario import NOW, parse_playbook

PLAYBOOK = parse_playbook(WEEK_PLAYBOOK)
ONLY = EntryFilter(playbook=PLAYBOOK.id)


@pytest.fixture
def journal() -> MemoryJournal:
    made = MemoryJournal()
    for days, load in ((20, 5), (10, 2), (0, 4)):
        clock = FakeClock(NOW - timedelta(days=days))
        run_batch(PLAYBOOK, WEEK_PLAYBOOK.encode(), CALM_WEEK | {"load": load}, lane="full", journal=made, clock=clock)
    return made


def entries(journal: MemoryJournal) -> list[Entry]:
    return [journal.read(listed.id).entry for listed in reversed(journal.listing().entries)]


def correct(journal: MemoryJournal, entry: Entry, answers: dict) -> None:
    CorrectionSession(entry, PLAYBOOK, EntryChanges(journal, FakeClock(), entry.id)).apply_all(answers)


def points(journal: MemoryJournal, name: str, *, only: EntryFilter = ONLY, playbook=PLAYBOOK) -> list[tuple[str, bool]]:
    found, problems = load_trend(journal, name, only=only, playbook_of=lambda _: playbook)
    assert problems == ()
    return [(f"{point.value.normalize():f} {point.band}".strip(), point.is_corrected) for point in found.points]


def test_the_trend_of_a_scale_a_number_and_a_computed_value_starts_with_the_oldest_entry(journal):
    assert points(journal, "load") == [("5", False), ("2", False), ("4", False)]
    assert points(journal, "hours") == [("38", False)] * 3
    assert points(journal, "strain") == [("13.8 high", False), ("7.8 fine", False), ("11.8 fine", False)]


def test_a_corrected_answer_counts_and_what_is_computed_from_it_follows(journal):
    correct(journal, entries(journal)[1], {"load": 5})

    assert points(journal, "load") == [("5", False), ("5", True), ("4", False)]
    assert points(journal, "strain")[1] == ("13.8 high", True)


def test_without_the_playbook_a_computed_value_keeps_its_original(journal):
    correct(journal, entries(journal)[1], {"load": 5})

    assert points(journal, "load", playbook=None)[1] == ("5", True)
    assert points(journal, "strain", playbook=None)[1] == ("7.8 fine", False)


def test_removed_and_filtered_entries_are_left_out(journal):
    EntryChanges(journal, FakeClock(), entries(journal)[0].id).remove()

    assert points(journal, "load") == [("2", False), ("4", False)]
    assert points(journal, "load", only=EntryFilter(playbook=PLAYBOOK.id, since=NOW.date())) == [("4", False)]


def test_the_scale_of_a_trend_comes_from_the_playbook(journal):
    load, _ = load_trend(journal, "load", only=ONLY, playbook_of=lambda _: PLAYBOOK)
    hours, _ = load_trend(journal, "hours", only=ONLY, playbook_of=lambda _: PLAYBOOK)

    assert (load.label, load.scale.low, load.scale.high) == ("How heavy was it?", Decimal(1), Decimal(5))
    assert hours.scale.unit == "hours"


def test_a_trend_can_be_limited_to_the_newest_points(journal):
    found, _ = load_trend(journal, "load", only=ONLY, playbook_of=lambda _: PLAYBOOK)

    assert [point.value for point in limit_points(found, 2).points] == [2, 4]


@pytest.mark.parametrize(
    ("name", "hint"), [("laod", "Did you mean load?"), ("what", "It has: hours, load, strain."), ("kind", "")]
)
def test_a_name_that_is_not_a_number_is_reported_with_the_numbers(journal, name, hint):
    with pytest.raises(Refused) as refused:
        points(journal, name)

    assert refused.value.problems[0].code == "no-such-number"
    assert hint in refused.value.problems[0].hint


def test_a_playbook_without_entries_is_reported(journal):
    with pytest.raises(Refused) as refused:
        points(journal, "load", only=EntryFilter(playbook="my/other"))

    assert refused.value.problems[0].code == "no-entry"


def entry_trends(journal: MemoryJournal, number: int, *, playbook=PLAYBOOK) -> dict[str, list[Decimal]]:
    """The numbers of the entry at that place, the oldest being 0, by label."""
    found, problems = load_entry_trends(journal, entries(journal)[number], playbook_of=lambda _: playbook)
    assert problems == ()
    return {each.label: [point.value for point in each.points] for each in found}


def test_the_numbers_of_an_entry_are_compared_with_those_before_it(journal):
    assert entry_trends(journal, 0) == {}
    assert entry_trends(journal, 1) == {
        "Strain": [Decimal("13.8"), Decimal("7.8")],
        "How heavy was it?": [5, 2],
        "How many hours did you work?": [38, 38],
    }
    assert entry_trends(journal, 2)["How heavy was it?"] == [5, 2, 4]


def test_a_computed_value_without_a_label_is_not_compared():
    journal = MemoryJournal()
    text = WEEK_PLAYBOOK.replace('label = "Strain"\n', "")
    for days in (2, 1):
        clock = FakeClock(NOW - timedelta(days=days))
        run_batch(parse_playbook(text), text.encode(), CALM_WEEK, lane="full", journal=journal, clock=clock)

    assert list(entry_trends(journal, 1)) == ["How heavy was it?", "How many hours did you work?"]


def test_an_entry_is_compared_with_the_newest_before_it_only(journal, monkeypatch):
    monkeypatch.setattr(trends, "MAX_COMPARED_ENTRIES", 2)

    assert entry_trends(journal, 2)["How heavy was it?"] == [2, 4]
    assert entry_trends(journal, 1)["How heavy was it?"] == [5, 2]


def test_a_number_that_only_earlier_entries_have_is_not_shown(journal):
    short = WEEK_PLAYBOOK.replace('id = "hours"', 'id = "days"').replace("hours / 10", "days / 10")
    answers = {key: value for key, value in CALM_WEEK.items() if key != "hours"} | {"days": 4}
    clock = FakeClock(NOW + timedelta(days=1))
    run_batch(parse_playbook(short), short.encode(), answers, lane="full", journal=journal, clock=clock)

    assert "How many hours did you work?" not in entry_trends(journal, 3)
    assert entry_trends(journal, 3)["How heavy was it?"] == [5, 2, 4, 2]
