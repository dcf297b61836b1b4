"""The actions and check-ins of an entry that are due."""

from datetime import date, datetime, timedelta, timezone

from careerkit.core.journal.due_items import DueItem, find_due_items
from careerkit.core.journal.entry import Entry, PlaybookRef
from careerkit.core.outcome.model import Action, Checkin, Outcome

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=timezone(timedelta(hours=1)))


def entry(*actions, checkins=()):
    outcome = Outcome(NOW, actions=actions, checkins=checkins)
    return Entry("id", "m", PlaybookRef("a/b", "T", "1", "0"), NOW, finished=NOW, outcome=outcome)


def test_due_items_are_listed_longest_overdue_first():
    found = find_due_items(
        entry(
            Action("today", "Call", due=date(2026, 11, 22)),
            Action("late", "Write", due=date(2026, 11, 1)),
            Action("later", "Wait", due=date(2026, 11, 23)),
            Action("whenever", "Rest"),
            checkins=(Checkin("week", "One week on", date(2026, 11, 20)), Checkin("month", "x", date(2026, 12, 20))),
        ),
        now=NOW,
    )

    assert found == (
        DueItem("action", "late", "Write", date(2026, 11, 1)),
        DueItem("checkin", "week", "One week on", date(2026, 11, 20)),
        DueItem("action", "today", "Call", date(2026, 11, 22)),
    )


def test_finished_dropped_and_answered_items_are_not_due():
    done = (Action(state, "x", due=date(2026, 11, 1), state=state) for state in ("done", "dropped"))

    assert find_due_items(entry(*done, checkins=(Checkin("w", "x", date(2026, 11, 1), "answered"),)), now=NOW) == ()


def test_a_due_time_counts_by_its_local_day():
    """Half past eleven in the evening in New York is the next morning here."""
    there = datetime(2026, 11, 21, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert [each.day for each in find_due_items(entry(Action("a", "x", due=there)), now=NOW)] == [date(2026, 11, 22)]
    assert find_due_items(entry(Action("a", "x", due=there + timedelta(days=1))), now=NOW) == ()


def test_an_entry_without_an_outcome_has_nothing_due():
    assert find_due_items(Entry("id", "m", PlaybookRef("a/b", "T", "1", "0"), NOW), now=NOW) == ()
