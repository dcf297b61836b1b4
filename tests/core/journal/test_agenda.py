"""What the agenda shows on a day, and an entry's plan read from its file without a TOML parser."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from careerkit.core.journal.agenda import list_entry_items, select_items
from careerkit.core.journal.entry import Entry, PlaybookRef, build_summary
from careerkit.core.journal.entry_list import EMPTY_HISTORY, Event, build_history
from careerkit.core.journal.plan import read_first_plan
from careerkit.core.outcome.model import Action, Checkin, Draft, Outcome, Prediction
from careerkit.storage.entry_files import encode_entry

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=timezone(timedelta(hours=1)))
FORECAST = Prediction("chance", "Did they answer?", Decimal(70), "answered", "week", date(2026, 11, 20))


def make_entry(*actions, checkins=(), predictions=(), drafts=(), finished=NOW):
    outcome = Outcome(NOW, actions=actions, checkins=checkins, predictions=predictions, drafts=drafts)
    return Entry(
        "20261122T0805Z-abc234", "m", PlaybookRef("a/b", "T", "1", "0"), NOW, finished=finished, outcome=outcome
    )


def list_items(entry, *events):
    return list_entry_items(build_summary(entry), entry.outcome, build_history(events))


def shown(entry, *events, days=7, now=NOW):
    return [(each.kind, each.id) for each in select_items(list_items(entry, *events), now=now, days=days)]


def test_what_is_due_comes_longest_overdue_first():
    entry = make_entry(
        Action("today", "Call", due=date(2026, 11, 22)),
        Action("late", "Write", due=date(2026, 11, 1)),
        Action("later", "Wait", due=date(2026, 12, 23)),
        Action("whenever", "Rest"),
        checkins=(Checkin("week", "One week on", date(2026, 11, 20)), Checkin("month", "x", date(2026, 12, 20))),
    )

    assert shown(entry) == [("action", "late"), ("checkin", "week"), ("action", "today")]
    assert shown(entry, days=None)[3:] == [("checkin", "month"), ("action", "later")]


def test_finished_dropped_and_answered_items_are_not_due():
    done = (Action(state, "x", due=date(2026, 11, 1), state=state) for state in ("done", "dropped"))

    assert shown(make_entry(*done, checkins=(Checkin("w", "x", date(2026, 11, 1), "answered"),))) == []


def test_a_due_time_counts_by_its_local_day():
    """Half past eleven in the evening in New York is the next morning here."""
    there = datetime(2026, 11, 21, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert shown(make_entry(Action("a", "x", due=there)), days=0) == [("action", "a")]
    assert shown(make_entry(Action("a", "x", due=there + timedelta(days=1))), days=0) == []


def test_a_check_in_is_left_alone_when_it_was_missed_and_its_prediction_is_asked_then():
    entry = make_entry(checkins=(Checkin("week", "x", date(2026, 11, 20)),), predictions=(FORECAST,))

    assert shown(entry, now=NOW + timedelta(days=11)) == [("checkin", "week")]
    assert shown(entry, now=NOW + timedelta(days=12)) == [("prediction", "chance")]
    resolved = Event("e", "prediction", entry.id, NOW, "m", about="chance", type="choice", value="no")
    assert shown(entry, resolved, now=NOW + timedelta(days=12)) == []


def test_an_earlier_check_in_is_off_the_agenda_once_a_later_one_is_answered():
    checkins = Checkin("day", "x", date(2026, 11, 15)), Checkin("week", "y", date(2026, 11, 21))
    answered = Event("e", "checkin", make_entry().id, NOW, "m", about="week", type="yesno", value=True)

    assert shown(make_entry(checkins=checkins)) == [("checkin", "day"), ("checkin", "week")]
    assert shown(make_entry(checkins=checkins), answered) == []


def test_the_actions_of_the_quick_card_are_due_while_the_interview_is_open():
    entry = make_entry(Action("call", "Call", due=date(2026, 11, 22)), finished=None)

    assert shown(entry) == [("action", "call"), ("unfinished", "")]


TRICKY = 'Say:\n\n[[action]]\nid = "no"\nstate = "open"\ndo = "Never \\" """ \\\\"\n# careerkit sha256 12'


def test_the_plan_in_a_file_is_read_without_a_parser_whatever_its_texts_are():
    entry = make_entry(
        Action("a", TRICKY, due=datetime(2026, 11, 23, 9, 0, tzinfo=NOW.tzinfo)),
        Action("b", 'Quote ""', state="done"),
        checkins=(Checkin("week", "[[action]]", date(2026, 11, 20)),),
        predictions=(FORECAST,),
        drafts=(Draft("d", "To M.", "", TRICKY),),
    )
    text = encode_entry(entry).decode()

    found = list_entry_items(build_summary(entry), read_first_plan(text), EMPTY_HISTORY)

    assert found == list_items(entry)
    assert [each.id for each in found] == ["a", "week", "chance"]


@pytest.mark.parametrize("line", ['state = "odd"', "due = soon", "due = 2026-11-23T09:00:00", "do = 'x'"])
def test_a_line_that_careerkit_does_not_write_needs_the_parser(line):
    key = line.partition(" ")[0]
    rows = {"id": 'id = "a"', "state": 'state = "open"', "do": 'do = "x"', "due": "due = 2026-11-23", key: line}

    with pytest.raises((ValueError, KeyError)):
        read_first_plan("\n[[action]]\n" + "\n".join(rows.values()) + "\n")
