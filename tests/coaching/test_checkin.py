"""A check-in that is broken off at any write, and taken up again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from fakes import FakeClock, FakeScreen
from planned_machine import PLAYBOOK

from careerkit.coaching.checkin import CheckinSession
from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.ports import Skip
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.entry_list import Event, build_history
from careerkit.core.journal.plan import build_plan
from careerkit.core.journal.snapshot import create_entry, record_interview
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.storage.memory_journal import MemoryJournal
from scenario import NOW

ENTRY = "20261122T0905Z-k3f9x2"
REPLIES = {"action": "done", "answered_it": True, "strain_now": 4, "_surprise": "Nothing", "_verdict": "keep"}


class Killed(BaseException):
    """The process ends before this write."""


class MortalJournal(MemoryJournal):
    """A journal whose process is killed before it writes another event, once `left` of them are written."""

    left = 1000
    ends_with: BaseException = Killed()

    def append_event(self, event: Event) -> None:
        if not self.left:
            raise self.ends_with
        self.left -= 1
        super().append_event(event)


def finish_interview() -> Entry:
    interview = Interview(PLAYBOOK, today=NOW.date(), started=NOW)
    for name, raw in (("stuck", "The export drops rows."), ("strain", 2), ("chance", 70)):
        interview = interview.answer(name, raw)
    entry = create_entry(ENTRY, interview, machine="m", started=NOW, zone="UTC")
    outcome = evaluate_outcome(interview.facts(), given=NOW)
    return replace(record_interview(entry, interview), finished=NOW, outcome=outcome)


def check_in(journal: MemoryJournal, entry: Entry) -> bool:
    return run(FakeScreen(*[lambda ask: REPLIES.get(ask.question.id, Skip())] * 20), journal, entry)


def run(screen: FakeScreen, journal: MemoryJournal, entry: Entry) -> bool:
    history = build_history(journal.events(ENTRY).events)
    [checkin] = build_plan(entry.outcome, history, today=NOW.date()).checkins
    changes = EntryChanges(journal, FakeClock(), ENTRY)
    return CheckinSession(entry, PLAYBOOK, changes, checkin, now=NOW).run(screen)


def read_plan(journal: MemoryJournal) -> dict[tuple[str, str], object]:
    return {key: found[0].value for key, found in build_history(journal.events(ENTRY).events).plan.items()}


@pytest.mark.parametrize("written", range(9))
def test_a_check_in_that_was_killed_before_any_write_ends_as_one_that_was_not(written):
    entry, whole, journal = finish_interview(), MortalJournal(), MortalJournal()
    assert check_in(whole, entry)
    assert len(whole.events(ENTRY).events) == 8
    journal.left = written

    if written < 8:
        with pytest.raises(Killed):
            check_in(journal, entry)
        journal.left = 1000
    assert check_in(journal, entry)

    assert read_plan(journal) == read_plan(whole)
    assert read_plan(journal)["prediction", "chance"] == "yes"


@pytest.mark.parametrize("written", range(8))
def test_a_full_disk_at_any_write_of_a_check_in_is_said_and_loses_nothing(written):
    """Where a question is on the screen, it stays until there is room; elsewhere the check-in ends, and goes on later."""
    entry, whole, journal = finish_interview(), MortalJournal(), MortalJournal()
    check_in(whole, entry)
    journal.left, journal.ends_with = written, Refused(Problem("not-saved", "The disk is full."))
    screen = DiskWatcher(journal, *[lambda ask: REPLIES.get(ask.question.id, Skip())] * 30)

    refused = None
    try:
        assert run(screen, journal, entry)
    except Refused as found:
        refused = found
    if refused:
        assert [each.code for each in refused.problems] == ["not-saved"]
        assert len(journal.events(ENTRY).events) == written
        journal.left = 1000
        assert check_in(journal, entry)

    assert (refused is None) == (screen.freed == 1)
    assert read_plan(journal) == read_plan(whole)


class DiskWatcher(FakeScreen):
    """A person who makes room on the disk when it is said to be full."""

    def __init__(self, journal: MortalJournal, *script: object) -> None:
        super().__init__(*script)
        self._journal = journal
        self.freed = 0

    def show_errors(self, problems: Sequence[Problem]) -> None:
        assert [each.code for each in problems] == ["not-saved"]
        self.freed += 1
        self._journal.left = 1000
