"""The living plan: an outcome and the events since add up to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from types import MappingProxyType

import pytest

from careerkit.core.frozen import replace
from careerkit.core.journal.agenda import add_history
from careerkit.core.journal.entry_list import EntrySummary, Event, build_history
from careerkit.core.journal.plan import build_plan, list_replanned
from careerkit.core.outcome.model import Action, Checkin, Outcome

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
TODAY = NOW.date()
CALL = Action("call", "Call M.", due=date(2026, 11, 24), evidence="They answered")
WRITE = Action("write", "Write it down", due=NOW + timedelta(hours=2))
LATER = Action("later", "Ask for a talk")
OUTCOME = Outcome(NOW, actions=(LATER, CALL, WRITE), checkins=(Checkin("week", "One week on", date(2026, 11, 29)),))


def event(kind: str, about: str, value: object, *, minute: int = 0, **more: object) -> Event:
    at = NOW + timedelta(minutes=minute)
    return Event(f"{minute:03}{kind}{about}", kind, "entry", at, "m", about, value=value, **more)


def plan(*events: Event, today: date = TODAY):
    return build_plan(OUTCOME, build_history(events), today=today)


def states(found) -> dict[str, str]:
    return {each.id: each.state for each in found.actions}


def test_without_events_the_plan_is_the_outcome_by_date():
    assert [(each.number, each.id, each.state) for each in plan().actions] == [
        (1, "write", "open"),
        (2, "call", "open"),
        (3, "later", "open"),
    ]
    assert plan().checkins[0].state == "waiting"


def test_a_done_action_keeps_its_number_and_says_what_shows_it():
    done = event("action", "write", "done", type="choice", comment="One page")
    found = plan(done).actions[0]

    assert (found.number, found.state, found.done_at, found.proof) == (1, "done", done.at, "One page")
    assert [each.id for each in plan(done).open_actions] == ["call", "later"]


def test_a_dropped_action_has_no_number_and_the_others_count_on():
    found = plan(event("action", "call", "dropped", comment="No longer needed"))

    assert [(each.number, each.id) for each in found.actions] == [(1, "write"), (0, "call"), (2, "later")]
    assert found.actions[1].reason == "No longer needed"


def test_a_moved_action_is_sorted_by_its_new_date_and_says_where_it_was():
    found = plan(event("due", "write", date(2026, 12, 1), type="date", comment="They are away"))

    assert [each.id for each in found.actions] == ["call", "write", "later"]
    moved = found.actions[1]
    assert (moved.due, moved.moved_from, moved.move_reason) == (date(2026, 12, 1), WRITE.due, "They are away")


def test_an_added_action_is_part_of_the_plan_until_it_is_taken_back():
    row = MappingProxyType({"do": "Sleep", "cue": "at ten", "due": "2026-11-23"})
    added = event("added", "own_1", (row,), type="records")

    own = plan(added).actions[1]
    assert (own.id, own.do, own.cue, own.due, own.is_own) == ("own_1", "Sleep", "at ten", date(2026, 11, 23), True)
    gone = replace(event("added", "own_1", None, minute=1), replaces=(added.id,))
    assert states(plan(added, gone)) == states(plan())


def test_a_new_plan_after_an_edit_replaces_the_old_one_and_keeps_what_was_done():
    new = (replace(CALL, do="Call M. and K."), Action("ask", "Ask for the figures", due=NOW))
    found = plan(
        event("action", "call", "done", type="choice"),
        event("replan", "", list_replanned(new), minute=1, type="records"),
    )

    assert [(each.id, each.do, each.state) for each in found.actions] == [
        ("ask", "Ask for the figures", "open"),
        ("call", "Call M. and K.", "done"),
    ]
    assert found.actions[0].due == NOW


def test_two_machines_that_disagree_are_both_shown_in_every_order_of_arrival():
    done = event("action", "call", "done", minute=1, comment="on Monday")
    dropped = event("action", "call", "dropped", minute=2)
    moved = event("due", "call", date(2026, 12, 1), minute=3)
    moved_otherwise = event("due", "call", date(2026, 12, 2), minute=4)

    plans = {plan(*order) for order in permutations((done, dropped, moved, moved_otherwise))}

    assert len(plans) == 1
    call = next(each for each in plans.pop().actions if each.id == "call")
    assert (call.state, call.due) == ("dropped", date(2026, 12, 2))
    assert [each.partition(",")[0] for each in call.disputed] == [
        "dropped",
        "done",
        "moved to 2026-12-02",
        "moved to 2026-12-01",
    ]


def test_an_event_about_an_action_that_no_longer_exists_changes_nothing():
    assert plan(event("action", "gone", "done"), event("due", "gone", TODAY)) == plan()


@pytest.mark.parametrize(
    "value", [True, "paid", None, ("text",), (MappingProxyType({"do": 3}),), date(2026, 1, 1)], ids=str
)
@pytest.mark.parametrize("kind", ["action", "due", "added", "replan", "checkin"])
def test_a_value_that_was_edited_by_hand_never_breaks_the_plan(kind, value):
    found = plan(event(kind, "call", value), event(kind, "", value, minute=1))

    assert {"call", "write", "later"} <= {each.id for each in found.actions}


@pytest.mark.parametrize(
    ("days", "state", "is_last_offer"),
    [
        (-1, "waiting", False),
        (0, "due", False),
        (6, "due", False),
        (7, "due", True),
        (13, "due", True),
        (14, "missed", False),
    ],
)
def test_a_check_in_is_due_for_a_week_offered_once_more_and_then_left_alone(days, state, is_last_offer):
    (found,) = plan(today=date(2026, 11, 29) + timedelta(days=days)).checkins

    assert (found.state, found.is_last_offer) == (state, is_last_offer)


def test_an_answered_check_in_stays_answered():
    (found,) = plan(event("checkin", "week", value=True), today=date(2027, 5, 1)).checkins

    assert found.state == "answered"


def test_an_earlier_check_in_counts_as_missed_once_a_later_one_is_answered():
    day = Checkin("day", "The day after", date(2026, 11, 23))
    month = Checkin("month", "A month on", date(2026, 12, 22))
    outcome = replace(OUTCOME, checkins=(day, *OUTCOME.checkins, month))
    answered = build_history([event("checkin", "week", value=True)])

    found = build_plan(outcome, answered, today=date(2026, 11, 30)).checkins

    assert [(each.id, each.state) for each in found] == [("day", "missed"), ("week", "answered"), ("month", "waiting")]


def test_an_entry_without_an_outcome_has_only_the_actions_that_were_added():
    row = MappingProxyType({"do": "Sleep"})
    history = build_history([event("added", "own_1", (row,))])

    assert [each.do for each in build_plan(None, history, today=TODAY).actions] == ["Sleep"]


def replan(*actions: Action, minute: int, replaces: tuple[str, ...] = ()) -> Event:
    made = event("replan", "", list_replanned(actions), minute=minute, type="records")
    return replace(made, replaces=replaces)


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_what_was_done_elsewhere_stays_in_a_plan_that_was_replaced_without_it(state):
    first = replan(CALL, WRITE, Action("ask", "Ask for the figures"), minute=1)
    second = replan(CALL, minute=3, replaces=(first.id,))
    settled = [event("action", each, state, minute=2, comment="Settled") for each in ("write", "ask")]

    found = plan(first, *settled, second)

    assert states(found) == {"call": "open", "write": state, "ask": state}
    assert {each.do for each in found.actions} == {"Call M.", "Write it down", "Ask for the figures"}


def test_lists_count_the_actions_that_the_plan_has():
    summary = EntrySummary("e", "me/stuck", "T", NOW, NOW, 3, 3, actions_open=3, actions_done=0)
    row = (MappingProxyType({"do": "Sleep"}),)
    added = event("added", "own_1", row, type="records")
    histories = [
        (),
        (event("action", "walk", "done"),),  # the new plan that has it hasn't arrived from the other machine yet
        (event("action", "walk", "done"), replan(CALL, minute=1)),
        (event("action", "call", "done"), event("action", "write", "dropped")),
        (added, event("action", "own_1", "done")),
        (event("action", "call", "done"), replan(CALL, minute=1)),
        (added, event("action", "write", "done"), replan(CALL, Action("ask", "Ask"), minute=1)),
        (
            added,
            event("action", "own_1", "done"),
            replace(event("added", "own_1", None, minute=1), replaces=(added.id,)),
        ),
    ]

    for events in histories:
        listed, found = add_history(summary, build_history(events), OUTCOME), list(states(plan(*events)).values())
        assert (listed.actions_open, listed.actions_done) == (found.count("open"), found.count("done")), events


def test_a_new_plan_without_any_action_leaves_none():
    assert states(plan(replan(minute=1))) == {}
    assert add_history(
        EntrySummary("e", "me/stuck", "T", NOW, NOW, 3, 3, actions_open=3, actions_done=0),
        build_history([replan(minute=1)]),
        OUTCOME,
    ).actions_open == 0  # fmt: skip
