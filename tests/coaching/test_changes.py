"""Changing a plan: done, drop, move, add, undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from fakes import FakeClock

from careerkit.coaching.entry_changes import EntryChanges
from careerkit.coaching.plan_changes import PlanChanges, describe_action, find_action
from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.entry_list import Event
from careerkit.core.outcome.model import Action, Outcome
from careerkit.storage.memory_journal import MemoryJournal
from scenario import NOW

ENTRY = "20261122T0905Z-k3f9x2"
TODAY = NOW.date()
OUTCOME = Outcome(
    NOW,
    actions=(
        Action("call", "Call M.", due=TODAY + timedelta(days=1)),
        Action("call_again", "Call M. again", due=TODAY + timedelta(days=2)),
        Action("write", "Write", due=TODAY + timedelta(days=3)),
    ),
)


class TickingClock(FakeClock):
    """A clock that moves on a second each time it is read, so that changes have an order."""

    ticks = 0

    def now(self):
        self.ticks += 1
        return super().now() + timedelta(seconds=self.ticks)


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def plan(journal) -> PlanChanges:
    return PlanChanges(EntryChanges(journal, TickingClock(), ENTRY), OUTCOME, today=TODAY)


def look(plan: PlanChanges) -> list[tuple[str, str, date | None]]:
    return [(each.id, each.state, each.due) for each in plan.plan.actions]


def refused(call, *arguments, **named) -> str:
    with pytest.raises(Refused) as found:
        call(*arguments, **named)
    return found.value.problems[0].code


def test_an_action_is_found_by_its_number_its_id_or_the_start_of_its_id(plan):
    assert [plan.find(each).id for each in ("1", "call", "write", "wr", " 3 ")] == [
        "call",
        "call",
        "write",
        "write",
        "write",
    ]


@pytest.mark.parametrize(
    ("named", "code"), [("0", "no-action"), ("4", "no-action"), ("", "no-action"), ("ca", "ambiguous-action")]
)
def test_a_name_that_fits_no_action_or_several_is_refused(plan, named, code):
    assert refused(plan.find, named) == code


def test_a_long_wrong_name_is_shortened():
    with pytest.raises(Refused) as found:
        find_action((), "x" * 500, "k3f9x2")
    assert len(found.value.problems[0].message) < 100


def test_an_action_that_is_done_already_is_not_recorded_again(plan):
    assert plan.mark_done(plan.find("1"), proof="They called back")
    assert plan.mark_done(plan.find("1")) is None
    assert plan.mark_done(plan.find("1"), proof="They called back") is None
    assert plan.plan.actions[0].proof == "They called back"


def test_an_action_can_be_dropped_once(plan):
    assert plan.drop(plan.find("2"), reason="Once was enough")
    assert plan.drop(plan.find("call_again")) is None


def test_an_action_is_moved_to_today_or_later_only(plan):
    assert plan.move(plan.find("1"), TODAY)
    assert plan.move(plan.find("call"), TODAY) is None
    assert refused(plan.move, plan.find("call"), TODAY - timedelta(days=1)) == "past-date"


def test_a_done_action_is_not_moved(plan):
    plan.mark_done(plan.find("1"))

    assert refused(plan.move, plan.find("1"), TODAY) == "not-open"
    with pytest.raises(Refused) as found:
        plan.check_move(plan.find("1"), TODAY)
    assert describe_action(plan.find("1")) in found.value.problems[0].message


def test_an_added_action_has_a_number_by_its_date(plan):
    _, action_id = plan.add("Sleep", cue="at ten", due=TODAY + timedelta(days=1))

    assert plan.find(action_id).number == 2
    assert plan.find(action_id).cue == "at ten"
    assert refused(plan.add, "Too late", due=TODAY - timedelta(days=1)) == "past-date"


def test_undo_takes_back_one_change_after_the_other(plan):
    before = look(plan)
    plan.mark_done(plan.find("call"))
    plan.move(plan.find("write"), TODAY)
    plan.add("Sleep")
    plan.drop(plan.find("call_again"))
    kinds = []
    for _ in range(4):
        _, undone = plan.undo()
        kinds.append((undone.kind, undone.about.partition("_")[0]))

    assert kinds == [("action", "call"), ("added", "own"), ("due", "write"), ("action", "call")]
    assert look(plan) == before
    assert refused(plan.undo) == "nothing-to-undo"


def test_undo_brings_back_the_proof_and_the_date_before(plan):
    plan.move(plan.find("write"), TODAY, reason="sooner")
    plan.move(plan.find("write"), TODAY + timedelta(days=9))
    plan.mark_done(plan.find("call"), proof="first")
    plan.mark_done(plan.find("call"), proof="second")

    plan.undo()
    assert plan.find("call").proof == "first"
    plan.undo()
    plan.undo()
    assert (plan.find("write").due, plan.find("write").move_reason) == (TODAY, "sooner")


def test_what_was_undone_can_be_done_again(plan):
    plan.mark_done(plan.find("call"))
    plan.undo()

    assert plan.mark_done(plan.find("call"))
    assert plan.find("call").state == "done"
    plan.undo()
    assert plan.find("call").state == "open"


def test_a_change_settles_what_two_machines_said(plan, journal):
    plan.mark_done(plan.find("call"))
    journal.append_event(
        Event(journal.new_event_id(NOW), "action", ENTRY, NOW, "other", "call", type="choice", value="dropped")
    )
    again = PlanChanges(EntryChanges(journal, TickingClock(), ENTRY), OUTCOME, today=TODAY)
    assert len(again.find("call").disputed) == 2

    assert again.mark_done(again.find("call"))

    assert again.find("call").disputed == ()
    assert again.find("call").state == "done"


def test_a_plan_takes_no_more_than_500_actions(journal):
    actions = tuple(Action(f"a{number}", "Do it") for number in range(499))
    plan = PlanChanges(EntryChanges(journal, TickingClock(), ENTRY), Outcome(NOW, actions=actions), today=TODAY)

    plan.add("The last one")
    assert refused(plan.add, "One too many") == "plan-full"
    assert plan.find("500").do == "The last one"


def elsewhere(journal: MemoryJournal, about: str, value: str, *, minutes: int, replaces: tuple[str, ...] = ()) -> str:
    """The id of an event of another machine, whose clock is off by some minutes."""
    at = NOW + timedelta(minutes=minutes)
    made = Event(journal.new_event_id(at), "action", ENTRY, at, "other", about, type="choice", value=value)
    journal.append_event(replace(made, replaces=replaces))
    return made.id


def open_again(journal: MemoryJournal) -> PlanChanges:
    return PlanChanges(EntryChanges(journal, TickingClock(), ENTRY), OUTCOME, today=TODAY)


def test_undo_takes_back_only_its_change_and_what_another_machine_did_stays(plan, journal):
    plan.mark_done(plan.find("call"), proof="They answered")
    elsewhere(journal, "call", "dropped", minutes=5)
    again = open_again(journal)

    _, undone = again.undo()

    assert undone.value == "dropped"
    assert (again.find("call").state, again.find("call").proof) == ("done", "They answered")


def test_undo_takes_back_the_last_change_although_the_clock_was_put_back_before_it(plan, journal):
    done = elsewhere(journal, "call", "done", minutes=60)
    elsewhere(journal, "call", "dropped", minutes=1, replaces=(done,))
    again = open_again(journal)

    _, undone = again.undo()

    assert undone.value == "dropped"
    assert again.find("call").state == "done"
