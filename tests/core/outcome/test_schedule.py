"""When actions are due: the deadline, quiet hours, the weekend, and the order of the plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from careerkit.core.facts import Facts
from careerkit.core.outcome.evaluate import evaluate_outcome, merge_early
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.loader import check_playbook
from long_run import choose_count
from scenario import HEADER, UNFINISHED, parse_playbook

ZONE = "Europe/Berlin"
BERLIN = ZoneInfo(ZONE)

TOP = """
deadline = "answer_by"
deadline_hour = "by_hour"
urgent = "growing"
small = "little"
[[stage]]
id = "s"
title = "S"
[[stage.question]]
id = "answer_by"
type = "date"
ask = "By when?"
[[stage.question]]
id = "by_hour"
type = "number"
ask = "By what hour?"
min = 0
max = 24
[[stage.question]]
id = "growing"
type = "yesno"
ask = "Is it growing?"
[[stage.question]]
id = "little"
type = "yesno"
ask = "Is it small?"
[[stage.question]]
id = "meeting"
type = "date"
ask = "When do you meet?"
"""

PLAN = (
    TOP
    + """
[[action]]
id = "at_work"
do = "Ask them"
due = "+1d"
office = true
[[action]]
id = "late"
do = "Learn from it"
due = "+3w"
after_deadline = true
[[action]]
id = "call"
do = "Call"
due = "+2h"
[[action]]
id = "at_once"
do = "Stop it"
due = "now"
[[action]]
id = "soon"
do = "Look"
due = "+30min"
[[action]]
id = "before"
do = "Send it"
due = [{ when = "answered(answer_by)", at = "answer_by - 2h" }, { when = "answered(meeting)", at = "meeting - 1d" }, "+1wd"]
[[action]]
id = "undated"
do = "Rest"
[[checkin]]
id = "again"
after = [{ when = "growing", at = "+3h" }, "+1w"]
title = "Again"
[[checkin]]
id = "later"
after = "+30d"
title = "Later"
[[finding]]
id = "f1"
title = "One"
text = "x"
[[finding]]
id = "f2"
level = "care"
title = "Two"
text = "x"
[[finding]]
id = "f3"
level = "stop"
title = "Three"
text = "x"
[[draft]]
id = "d1"
title = "D"
text = "x"
[[draft]]
id = "d2"
title = "D"
text = "y"
"""
)

PLAYBOOK = parse_playbook(PLAN)
ALLOWED_LATE = {"late"}
OFFICE = {"at_work"}


def outcome_at(now: datetime, zone: str = ZONE, playbook=PLAYBOOK, **answers) -> Outcome:
    facts = Facts(playbook, answers, today=now.date(), started=now, zone=zone)
    return evaluate_outcome(facts, given=now)


def due(now: str, name: str, **answers) -> str:
    """When that action is due if the outcome is given at `now`, local time, as `Mon 14:30` or `Mon`."""
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    found = next(each for each in outcome_at(moment, **answers).actions if each.id == name).due
    return f"{found:%a %H:%M}" if isinstance(found, datetime) else f"{found:%a}"


# 2026-12-04 is a Friday.
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 12, day) for day in (4, 5, 6, 7))


@pytest.mark.parametrize(
    ("now", "name", "answers", "expected"),
    [
        ("2026-12-04T10:00", "at_once", {}, "Fri 10:00"),
        ("2026-12-04T10:00", "soon", {}, "Fri 10:30"),
        ("2026-12-04T10:00", "call", {}, "Fri 12:00"),
        ("2026-12-04T20:00", "call", {}, "Sat 08:00"),
        ("2026-12-04T20:00", "call", {"growing": True}, "Fri 22:00"),
        ("2026-12-04T02:00", "at_once", {}, "Fri 08:00"),
        ("2026-12-04T02:00", "at_once", {"growing": True}, "Fri 02:00"),
        ("2026-12-04T10:00", "at_work", {}, "Mon"),
        ("2026-12-04T10:00", "before", {}, "Mon"),
        ("2026-12-04T10:00", "before", {"meeting": date(2026, 12, 9)}, "Tue"),
        ("2026-12-04T10:00", "before", {"answer_by": MONDAY}, "Mon 15:00"),
        ("2026-12-04T10:00", "before", {"answer_by": MONDAY, "by_hour": 12}, "Mon 10:00"),
        ("2026-12-04T10:00", "before", {"answer_by": MONDAY, "by_hour": 8.5}, "Mon 08:00"),
        ("2026-12-04T10:00", "call", {"answer_by": FRIDAY, "by_hour": 11}, "Fri 11:00"),
        ("2026-12-04T20:30", "call", {"answer_by": SATURDAY, "by_hour": 7}, "Fri 21:00"),
        ("2026-12-04T22:30", "call", {"answer_by": SATURDAY, "by_hour": 7}, "Sat"),
        ("2026-12-04T22:30", "call", {"answer_by": SATURDAY, "by_hour": 7, "growing": True}, "Sat 00:30"),
        # people at work: Monday, or back to Friday if Monday is too late, or at the weekend if Friday is over
        ("2026-12-04T10:00", "at_work", {"answer_by": SUNDAY}, "Fri"),
        ("2026-12-05T10:00", "at_work", {"answer_by": SUNDAY}, "Sun"),
        ("2026-12-04T10:00", "at_work", {"answer_by": MONDAY, "by_hour": 15}, "Mon 15:00"),
        ("2026-12-03T10:00", "at_work", {"answer_by": FRIDAY, "by_hour": 15.5}, "Fri 15:30"),
        # a deadline that has passed limits nothing; its hour alone leaves the rest of the day
        ("2026-12-04T10:00", "at_work", {"answer_by": date(2026, 12, 3)}, "Mon"),
        ("2026-12-04T10:00", "at_work", {"answer_by": FRIDAY, "by_hour": 9}, "Fri"),
    ],
)
def test_a_due_date(now, name, answers, expected):
    values = {key: Decimal(str(each)) if key == "by_hour" else each for key, each in answers.items()}
    assert due(now, name, **values) == expected


MEETING = parse_playbook(
    """
deadline = "meeting"
deadline_hour = "by_hour"
[[stage]]
id = "s"
title = "S"
question = [
  { id = "meeting", type = "date", ask = "When?" },
  { id = "by_hour", type = "number", ask = "At what hour?", min = 0, max = 24 },
]
[[action]]
id = "hold"
do = "Say it"
due = "meeting"
office = true
[[action]]
id = "prepare"
do = "Write it down"
due = "meeting - 1h"
"""
)


@pytest.mark.parametrize(
    ("day", "hour", "hold", "prepare"),
    [
        (MONDAY, "7.5", "Mon 07:30", "Sun 21:00"),
        (MONDAY, "22", "Mon 22:00", "Mon 21:00"),
        (SATURDAY, "10", "Sat 10:00", "Sat 09:00"),
        (MONDAY, None, "Mon", "Mon 16:00"),
        (FRIDAY, "7", "Fri", "Fri 10:00"),  # its hour has passed
    ],
)
def test_what_happens_at_the_deadline_itself_is_due_at_its_hour(day, hour, hold, prepare):
    answers = {"meeting": day} | ({"by_hour": Decimal(hour)} if hour else {})
    outcome = outcome_at(datetime(2026, 12, 4, 10, tzinfo=BERLIN), playbook=MEETING, **answers)
    dues = {each.id: each.due for each in outcome.actions}
    shown = [
        f"{each:%a %H:%M}" if isinstance(each, datetime) else f"{each:%a}" for each in (dues["hold"], dues["prepare"])
    ]
    assert shown == [hold, prepare]


def test_only_what_may_come_later_is_due_after_the_deadline():
    now = datetime(2026, 12, 4, 10, tzinfo=BERLIN)
    plan = {each.id: each.due for each in outcome_at(now, answer_by=SATURDAY).actions}
    assert plan["late"] == date(2026, 12, 25)
    assert plan["at_work"] == FRIDAY


def test_the_plan_is_in_order_of_time():
    now = datetime(2026, 12, 4, 10, tzinfo=BERLIN)
    assert [each.id for each in outcome_at(now, answer_by=SATURDAY).actions] == [
        "at_once", "soon", "call", "at_work", "before", "late", "undated",
    ]  # fmt: skip


def test_findings_to_stop_and_to_take_care_of_come_first():
    now = datetime(2026, 12, 4, 10, tzinfo=BERLIN)
    assert [each.id for each in outcome_at(now).findings] == ["f3", "f2", "f1"]


def test_a_small_matter_has_little_to_do():
    now = datetime(2026, 12, 4, 10, tzinfo=BERLIN)
    small = outcome_at(now, little=True)
    assert small.small
    assert [each.id for each in small.findings] == ["f3"]
    assert [each.id for each in small.actions] == ["at_once", "soon"]
    assert [each.id for each in small.drafts] == ["d1"]
    assert [each.id for each in small.checkins] == ["again"]


def test_an_action_of_the_quick_lane_keeps_its_date_unless_it_is_sooner_now():
    now = datetime(2026, 12, 4, 10, tzinfo=BERLIN)
    early, final = outcome_at(now), outcome_at(now + timedelta(minutes=20), answer_by=FRIDAY)
    merged = {each.id: each.due for each in merge_early(early, final).actions}
    assert merged["at_once"] == now
    assert merged["at_work"] == FRIDAY


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda each: each.replace(microsecond=0))
AROUND_CLOCK_CHANGES = st.builds(
    lambda day, minutes: datetime.combine(day, time()) + timedelta(minutes=minutes),
    st.sampled_from([date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)]),
    st.integers(0, 24 * 60 - 1),
)
ZONES = st.sampled_from([ZONE, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC", ""])
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "days": st.integers(-2, 12),
        "by_hour": st.decimals(0, 24, places=1),
        "growing": st.booleans(),
        "little": st.booleans(),
    },
)


@given(MOMENTS | AROUND_CLOCK_CHANGES, ZONES, ANSWERS)
@example(datetime(2026, 3, 28, 23, 30), ZONE, {"days": 1, "by_hour": Decimal(3)})
@settings(max_examples=choose_count(150, long=5_000), deadline=None)
def test_nothing_is_due_at_a_bad_time(moment, zone, answers):
    now = moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC).astimezone(UTC).astimezone(ZoneInfo(zone or "UTC"))
    given = dict(answers)
    deadline = now.date() + timedelta(days=given.pop("days")) if "days" in given else None
    if deadline:
        given["answer_by"] = deadline
    outcome = outcome_at(now, zone, **given)
    urgent, hour = given.get("growing", False), given.get("by_hour")
    end = datetime.combine(deadline or date.max, time(23, 59)).replace(tzinfo=now.tzinfo)
    if hour is not None and deadline:
        exact = datetime.combine(deadline, time(), now.tzinfo) + timedelta(minutes=int(hour * 60))
        end = min(exact, end) if exact >= now else end
    for action in outcome.actions:
        when = action.due
        if isinstance(when, datetime):
            assert when >= now
            assert urgent or time(8) <= when.time() <= time(21), action
        elif when is not None:
            assert when >= now.date()
        if when is None or action.id in ALLOWED_LATE or deadline is None or deadline < now.date():
            continue
        assert when <= max(end, now) if isinstance(when, datetime) else when <= deadline, action
    for action in outcome.actions:
        if action.id in OFFICE and action.due.weekday() >= 5:
            assert deadline is not None  # otherwise Monday would do
            weekdays = [now.date() + timedelta(days=n) for n in range((deadline - now.date()).days + 1)]
            assert all(day.weekday() >= 5 or day in (now.date(), deadline) for day in weekdays), action
    keys = [
        (str(each.due)[:10], str(each.due)[11:16] or "24:00") if each.due else ("9", "") for each in outcome.actions
    ]
    assert keys == sorted(keys)
    assert not outcome.small or (len(outcome.actions) <= 2 and len(outcome.findings) <= 1)
    assert not outcome.small or (len(outcome.drafts) <= 1 and len(outcome.checkins) <= 1)


@pytest.mark.parametrize(
    ("started", "answers", "hours"),
    [
        ("2026-12-04T10:00", {"answer_by": FRIDAY}, 14),
        ("2026-12-04T10:00", {"answer_by": FRIDAY, "by_hour": 15}, 5),
        ("2026-12-04T10:00", {"answer_by": SATURDAY, "by_hour": 9}, 23),
        ("2026-12-04T10:00", {"answer_by": date(2026, 12, 3)}, -10),
        ("2026-10-24T12:00", {"answer_by": date(2026, 10, 25), "by_hour": 12}, 25),  # the clocks go back
        ("2026-12-04T10:00", {}, None),
    ],
)
def test_the_hours_that_are_left_are_real_hours(started, answers, hours):
    now = datetime.fromisoformat(started).replace(tzinfo=BERLIN)
    values = {key: Decimal(each) if key == "by_hour" else each for key, each in answers.items()}
    facts = Facts(PLAYBOOK, values, today=now.date(), started=now, zone=ZONE)
    assert facts.value("hours_left") == (None if hours is None else Decimal(hours))
    assert facts.depends_on("hours_left") == {"answer_by", "by_hour"}


def problems(text: str) -> list[str]:
    found = check_playbook((HEADER + text).encode(), file="x.toml")
    assert all(each.hint for each in found if each.code != "toml-syntax"), found
    return [each.code for each in found if each.code not in UNFINISHED]


def test_hours_left_can_be_compared_and_inserted():
    text = TOP + '[[finding]]\nid = "f"\nwhen = "hours_left < 24"\ntitle = "{hours_left} hours"\ntext = "x"\n'
    assert problems(text) == []
    now = datetime(2026, 12, 4, 10, tzinfo=BERLIN)
    assert outcome_at(now, playbook=parse_playbook(text), answer_by=FRIDAY).findings[0].title == "14 hours"


def test_the_plan_has_no_problems():
    assert problems(PLAN) == []


ACTION = '[[action]]\nid = "a"\ndo = "x"\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TOP + ACTION + 'due = "meeting - 2h"', "bad-due"),
        (TOP + ACTION + 'due = ["soon"]', "bad-due"),
        (TOP + ACTION + 'due = [{ at = "so on" }]', "bad-due"),
        (TOP + ACTION + 'due = [{ at = "+1d", when = "nobody" }]', "unknown-id"),
        (TOP + ACTION + 'due = ["+1d", "+2d"]', "unused-line"),
        (TOP.replace('"answer_by"', '"growing"', 1) + ACTION, "unfit-source"),
        (TOP.replace('"answer_by"', '"nobody"', 1) + ACTION, "unknown-id"),
        (TOP.replace('"by_hour"', '"growing"', 1) + ACTION, "unfit-source"),
        (TOP.replace("max = 24", "max = 30") + ACTION, "bad-limit"),
        (TOP.replace('deadline = "answer_by"\n', "") + ACTION, "unused-key"),
        (TOP.replace('"growing"', '"nobody"', 1) + ACTION, "unknown-id"),
        (TOP + ACTION + 'due = "+1d"\nafter_deadline = true', "late-first-action"),
        (
            TOP.replace('deadline = "answer_by"\ndeadline_hour = "by_hour"\n', "") + ACTION + 'when = "hours_left < 3"',
            "unknown-id",
        ),
    ],
)
def test_mistakes_are_reported(text, code):
    assert code in problems(text)


def test_days_count_where_the_outcome_was_given_also_on_a_journey():
    there = datetime(2026, 11, 22, 15, tzinfo=ZoneInfo("America/New_York"))

    (action,) = [each for each in outcome_at(there, "Asia/Tokyo").actions if each.id == "at_work"]
    assert action.due == date(2026, 11, 23), "tomorrow there, where it is Sunday still"
