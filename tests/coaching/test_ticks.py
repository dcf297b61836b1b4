"""Ticks from another program: only a tick changes anything, and what contradicts stays as it is here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from fakes import FakeClock

from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.plan_changes import PlanChanges, ReportedTick, record_ticks, review_ticks
from careerkit.core.outcome.model import Action, Checkin, Outcome
from careerkit.storage.memory_journal import MemoryJournal
from scenario import NOW

ENTRY = "20261122T0905Z-k3f9x2"
TODAY = NOW.date()
OUTCOME = Outcome(
    NOW,
    actions=tuple(Action(each, f"Do {each}", due=TODAY + timedelta(days=1)) for each in ("call", "write", "rest")),
    checkins=(Checkin("week", "A week on", TODAY + timedelta(days=7)),),
)


@pytest.fixture
def plan() -> PlanChanges:
    return PlanChanges(EntryChanges(MemoryJournal(), FakeClock(), ENTRY), OUTCOME, today=TODAY)


def tick(about: str, *, is_done: bool = True, **more) -> ReportedTick:
    return ReportedTick(ENTRY, about, is_done, **more)


def states(plan: PlanChanges) -> dict[str, str]:
    return {each.id: each.state for each in plan.plan.actions}


def test_a_tick_marks_the_action_as_done_and_the_evidence_says_where_and_when(plan):
    plans = {ENTRY: plan}
    review = review_ticks([tick("call", done_at=date(2026, 11, 20)), tick("write", is_done=False)], plans)

    recorded = record_ticks(review.new, plans, program="todo.txt")

    assert [each.action.id for each, _ in recorded] == ["call"]
    assert states(plan) == {"call": "done", "write": "open", "rest": "open"}
    [done] = [each for each in plan.plan.actions if each.id == "call"]
    assert done.proof == "Ticked in todo.txt on Friday 20 November 2026"


def test_the_same_ticks_a_second_time_change_nothing(plan):
    plans = {ENTRY: plan}
    record_ticks(review_ticks([tick("call")], plans).new, plans, program="todo.txt")

    again = review_ticks([tick("call")], plans)

    assert (again.new, again.already) == ((), 1)


def test_what_is_missing_or_not_ticked_there_stays_done_here(plan):
    plan.mark_done(plan.find("call"), proof="She said yes")
    plan.mark_done(plan.find("write"))

    review = review_ticks([tick("call", is_done=False)], {ENTRY: plan})

    assert review.new == ()
    assert [each.id for each in review.reopened] == ["call"]


def test_a_dropped_action_that_is_ticked_there_stays_dropped(plan):
    plan.drop(plan.find("rest"))

    review = review_ticks([tick("rest")], {ENTRY: plan})

    assert (review.new, [each.id for each in review.dropped]) == ((), ["rest"])


def test_lines_that_contradict_each_other_tick_nothing(plan):
    review = review_ticks([tick("call"), tick("call", is_done=False)], {ENTRY: plan})

    assert (review.new, [each.id for each in review.contradictory]) == ((), ["call"])


def test_two_equal_lines_tick_once(plan):
    review = review_ticks([tick("call"), tick("call", done_at=TODAY)], {ENTRY: plan})

    assert [(each.action.id, each.done_at) for each in review.new] == [("call", TODAY)]


def test_an_unknown_action_is_ignored(plan):
    assert review_ticks([tick("nothing")], {ENTRY: plan}).new == ()


def test_a_tick_answers_no_check_in(plan):
    review = review_ticks([tick("week", is_checkin=True)], {ENTRY: plan})

    assert (review.new, review.checkins) == ((), (ENTRY,))
