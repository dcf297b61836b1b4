"""Calendar files: their rules, the texts in them, when alarms go off, and updating what a calendar has changed."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day

import pytest
from calendar_rules import find_broken_rules
from generated_plans import HOSTILE_TEXTS, build_document, build_plan_document, join_documents

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction, PlannedCheckin
from careerkit.export.calendar_components import find_alarm_moment
from careerkit.export.formats import ExportOptions, PlanDocument, Tick
from careerkit.export.icalendar_file import FORMAT, find_item_type, find_open
from long_run import take_share

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
SEND = PlannedAction("send", "Send the report", 1, due=date(2026, 11, 25), cue="After lunch", evidence="They have it")
ASK = PlannedAction("ask", "Ask Linh", 2, due=datetime(2026, 11, 26, 15, 30, tzinfo=UTC))
WEEK = PlannedCheckin("week", "A week later", date(2026, 11, 30))
SEND_UID = "20261001T0905Z-k3f9x2-send@careerkit"
FOREIGN = "BEGIN:VTODO\r\nUID:mine@example.org\r\nSUMMARY:Mine\\, too\r\nX-ODD;P=1:a\r\n b\r\nEND:VTODO\r\n"


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def render(*actions: PlannedAction, now: datetime = NOW, item_type: str = "todos", existing: str | None = None):
    return render_document(build_plan_document(actions), now=now, item_type=item_type, existing=existing)


def render_document(document: PlanDocument, *, now=NOW, item_type="todos", existing=None, **options):
    return FORMAT.render(document, ExportOptions(now, item_type, existing=existing, **options))


def tick(text: str, uid: str = SEND_UID) -> str:
    """The feed after the task was ticked in Thunderbird."""
    before, middle, after = text.partition(f"UID:{uid}")
    done = "STATUS:COMPLETED\r\nPERCENT-COMPLETE:100\r\nCOMPLETED:20261123T101500Z\r\nX-MOZ-GENERATION:2"
    return before + middle + after.replace("STATUS:NEEDS-ACTION", done, 1)


# ------------------------------------------------------------ the file


@pytest.mark.parametrize("item_type", ["events", "todos"])
def test_files_of_hostile_texts_keep_all_rules(item_type):
    numbers = take_share(range(200), one_in=10)
    document = join_documents(*(build_document(number, first_day=date(2026, 11, 1)) for number in numbers))

    assert find_broken_rules(render_document(document, item_type=item_type).text) == []


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_text_can_become_a_property(text):
    clean = " ".join(text.split())
    exported = render(PlannedAction("a", text, due=date(2026, 11, 25), cue=clean, evidence=text)).text

    assert find_broken_rules(exported) == []
    assert exported.count("\r\nEND:") == 3
    assert [each.state for each in FORMAT.read(exported)] == ["open"]


def test_a_file_has_no_control_characters():
    exported = render(
        PlannedAction("a", "NUL \x00 ESC \x1b[31m DEL \x7f C1 \x9b", cue="\x00", due=date(2026, 11, 25))
    ).text

    assert not {char for char in exported if ord(char) < 32 or 127 <= ord(char) < 160} - {"\r", "\n"}


def test_the_file_is_exactly_this():
    assert render(SEND).text.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "PRODID:-//careerkit//careerkit//EN",
        "VERSION:2.0",
        "X-WR-CALNAME:careerkit",
        "BEGIN:VTODO",
        "UID:20261001T0905Z-k3f9x2-send@careerkit",
        "DTSTAMP:20261122T090500Z",
        "CREATED:20261001T090500Z",
        "LAST-MODIFIED:20261122T090500Z",
        "SEQUENCE:0",
        "SUMMARY:Send the report",
        "DESCRIPTION:Cue: After lunch\\nDone when: They have it\\nFrom: Ask for help",
        "DTSTART:20261001T090500Z",
        "DUE:20261125T235959Z",
        "STATUS:NEEDS-ACTION",
        "CLASS:PRIVATE",
        "CATEGORIES:careerkit",
        "X-CAREERKIT-BASE:text=40a0f8b28ced notes=5cd58a8c8177 due=c1e514eee615 sta",
        " te=open alarm=a56b27959eca",
        "BEGIN:VALARM",
        "UID:alarm-20261001T0905Z-k3f9x2-send@careerkit",
        "ACTION:DISPLAY",
        "DESCRIPTION:Send the report",
        "TRIGGER;VALUE=DATE-TIME:20261125T080000Z",
        "END:VALARM",
        "END:VTODO",
        "END:VCALENDAR",
        "",
    ]


def test_a_plan_may_have_500_actions_or_none():
    actions = [PlannedAction(f"do_{at}", f"Action {at}", at, due=date(2026, 11, 25)) for at in range(500)]

    full, empty = render(*actions), render()

    assert find_broken_rules(full.text) == []
    assert len(FORMAT.read(full.text)) == 500
    assert len(render(*actions[1:], existing=full.text).report.kept) == 499
    assert (FORMAT.read(empty.text), empty.report.added) == ((), ())


def test_an_event_is_on_its_day_or_at_its_time():
    lines = render(SEND, ASK, item_type="events").text.split("\r\n")

    assert "DTSTART;VALUE=DATE:20261125" in lines
    assert lines[lines.index("DTSTART:20261126T153000Z") + 1] == "DTEND:20261126T160000Z"
    assert [line for line in lines if line.startswith("TRIGGER")] == ["TRIGGER:PT8H", "TRIGGER:-PT1H"]


def test_checkins_are_items_too_and_may_have_the_id_of_an_action():
    document = build_plan_document((SEND,), (replace(WEEK, id="send"),))

    assert [(each.id, each.what) for each in FORMAT.read(render_document(document).text)] == [
        (SEND_UID, "Send the report"),
        ("20261001T0905Z-k3f9x2-checkin-send@careerkit", "Check-in: A week later"),
    ]


def test_an_event_without_a_date_is_left_out_and_named():
    exported = render(SEND, PlannedAction("some", "Some day"), item_type="events")

    assert "Some day" not in exported.text
    assert exported.report.lost[0] == "“Some day” has no date, so it is not in the calendar."


def test_a_task_without_a_date_has_no_due_time_and_no_alarm():
    exported = render(PlannedAction("some", "Some day")).text

    assert "DUE" not in exported.replace("due=", "")
    assert "VALARM" not in exported


def test_what_is_done_is_ticked_and_what_is_dropped_is_left_out():
    done = replace(SEND, state="done", done_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    exported = render(done, replace(ASK, state="dropped"))

    assert FORMAT.read(exported.text) == (Tick(SEND_UID, "done", "Send the report", done.done_at),)
    assert "VALARM" not in exported.text
    assert exported.report.added == ("Send the report",)


def test_an_event_says_that_it_is_done_in_its_title():
    exported = render(replace(SEND, state="done"), item_type="events").text

    assert "SUMMARY:Done: Send the report" in exported
    assert "VALARM" not in exported
    assert find_open({"": exported}) == set()


def test_a_task_starts_before_it_is_due():
    early = PlannedAction("now", "Now", due=datetime(2026, 9, 1, 12, 0, tzinfo=UTC))

    assert find_broken_rules(render(early).text) == []


def test_an_id_that_no_file_could_have_as_its_name_is_replaced():
    [odd] = FORMAT.read(render(replace(SEND, id="../../etc/passwd\nx")).text)

    assert odd.id.count("/") == 0
    assert odd.id.endswith("@careerkit")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_of_the_calendar_can_be_exported(day, zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    action = PlannedAction("a", "A", due=day)

    assert find_broken_rules(render(action).text) == []
    assert find_broken_rules(render(action, item_type="events").text) == []


# ------------------------------------------------------------ alarms


@pytest.mark.parametrize(
    ("due", "alarm"),
    [
        (date(2026, 11, 25), "2026-11-25 08:00"),
        (date(2026, 11, 22), None),
        (datetime(2026, 11, 25, 15, 30, tzinfo=UTC), "2026-11-25 14:30"),
        (datetime(2026, 11, 25, 8, 30, tzinfo=UTC), "2026-11-25 08:00"),
        (datetime(2026, 11, 25, 7, 0, tzinfo=UTC), "2026-11-24 08:00"),
        (datetime(2026, 11, 25, 0, 30, tzinfo=UTC), "2026-11-24 08:00"),
        (datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "2026-11-22 09:30"),
        (datetime(2026, 11, 22, 9, 0, tzinfo=UTC), None),
    ],
)
def test_alarms_go_off_in_time_when_people_are_awake_and_never_in_the_past(due, alarm):
    [item] = build_plan_document((PlannedAction("a", "A", due=due),)).items

    found = find_alarm_moment(item, ExportOptions(NOW))

    assert (found and f"{found:%Y-%m-%d %H:%M}") == alarm


def test_the_alarm_time_is_a_setting():
    [item] = build_plan_document((SEND,)).items

    found = find_alarm_moment(item, ExportOptions(NOW, alarm_time=time_of_day(10, 45)))

    assert f"{found:%H:%M}" == "10:45"


# ------------------------------------------------------------ updating a feed


def test_a_feed_in_which_nothing_changed_stays_the_same_to_the_byte():
    before = tick(render_document(build_plan_document((SEND, ASK), (WEEK,))).text).replace("\r\n", "\n")

    after = render_document(build_plan_document((SEND, ASK), (WEEK,)), now=NOW + timedelta(days=300), existing=before)

    assert after.text == before
    assert after.report.kept == ("Send the report", "Ask Linh", "Check-in: A week later")


def test_a_tick_stays_with_its_time_and_is_reported():
    ticked = tick(render(SEND, ASK).text)

    after = render(replace(SEND, due=date(2026, 12, 1)), replace(ASK, do="Ask Ana"), now=LATER, existing=ticked)

    assert "STATUS:COMPLETED\r\nPERCENT-COMPLETE:100\r\nCOMPLETED:20261123T101500Z\r\nX-MOZ-GENERATION:2" in after.text
    assert FORMAT.read(after.text)[0] == Tick(
        SEND_UID, "done", "Send the report", datetime(2026, 11, 23, 10, 15, tzinfo=UTC)
    )
    assert after.report.ticked == ("Send the report",)
    assert after.report.changed == ("Ask Ana",)


def test_a_tick_of_an_action_that_was_dropped_here_stays():
    after = render(replace(SEND, state="dropped"), now=LATER, existing=tick(render(SEND).text))

    assert "STATUS:COMPLETED" in after.text
    assert after.report.changed == ()


def test_a_move_is_followed_with_a_new_alarm_and_a_higher_sequence():
    before = render(SEND, ASK).text

    after = render(replace(SEND, due=date(2026, 12, 1)), ASK, now=LATER, existing=before)

    changed = after.text[: after.text.index("END:VTODO")]
    assert "DUE:20261201T235959Z" in changed
    assert "TRIGGER;VALUE=DATE-TIME:20261201T080000Z" in changed
    assert changed.count("BEGIN:VALARM") == 1
    assert "SEQUENCE:1" in changed
    assert "LAST-MODIFIED:20261123T090500Z" in changed
    assert after.text[after.text.index("END:VTODO") :] == before[before.index("END:VTODO") :]
    assert after.report.changed == ("Send the report",)
    assert find_broken_rules(after.text) == []


def test_an_action_that_is_dropped_is_cancelled_without_an_alarm_and_comes_back_after_an_undo():
    before = render(SEND).text

    dropped = render(replace(SEND, state="dropped"), now=LATER, existing=before)
    again = render(SEND, now=LATER, existing=dropped.text)

    assert "STATUS:CANCELLED" in dropped.text
    assert "VALARM" not in dropped.text
    assert FORMAT.read(dropped.text) == ()
    assert "STATUS:NEEDS-ACTION" in again.text
    assert "TRIGGER;VALUE=DATE-TIME:20261125T080000Z" in again.text


def test_an_action_that_is_no_longer_in_the_plan_is_cancelled():
    after = render(ASK, now=LATER, existing=render(SEND, ASK).text)

    assert [each.what for each in FORMAT.read(after.text)] == ["Ask Linh"]
    assert "STATUS:CANCELLED" in after.text
    assert after.report.changed == ("Send the report",)


def test_an_added_action_is_added():
    after = render(SEND, ASK, now=LATER, existing=render(SEND).text)

    assert [each.what for each in FORMAT.read(after.text)] == ["Send the report", "Ask Linh"]
    assert (after.report.added, after.report.kept) == (("Ask Linh",), ("Send the report",))


def test_an_action_that_is_done_here_is_ticked_and_an_undo_takes_only_that_tick_back():
    done = replace(SEND, state="done", done_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC))

    ticked = render(done, now=LATER, existing=render(SEND).text)
    undone = render(SEND, now=LATER, existing=ticked.text)

    assert "COMPLETED:20261123T080000Z" in ticked.text
    assert [each.state for each in FORMAT.read(undone.text)] == ["open"]
    assert "COMPLETED" not in undone.text


def test_the_items_and_properties_of_others_stay_as_they_are():
    own = render(SEND).text
    moved_here = 'X-MOZ-LASTACK:20261123T080000Z\r\nX-APPLE-SORT-ORDER:5\r\nATTENDEE;CN="A, B":mailto:a@example.org\r\n'
    alarm = "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"
    before = own.replace("CLASS:", moved_here + "CLASS:").replace("END:VTODO", alarm + "END:VTODO")
    before = before.replace("BEGIN:VTODO", FOREIGN + "BEGIN:VTODO", 1)

    after = render(replace(SEND, due=date(2026, 12, 1)), now=LATER, existing=before).text

    assert FOREIGN in after
    assert moved_here in after
    assert alarm in after


def test_items_of_entries_that_were_removed_are_deleted_if_everything_could_be_read():
    before = render(SEND).text

    complete = render_document(PlanDocument(()), existing=before, is_complete=True)
    partial = render_document(PlanDocument(()), existing=before)
    ticked = render_document(PlanDocument(()), existing=tick(before), is_complete=True)

    assert "VTODO" not in complete.text
    assert partial.text == before
    assert ticked.text == tick(before)


def test_a_date_that_was_changed_in_the_calendar_stays_until_the_plan_changes_too():
    before = render(SEND).text.replace("DUE:20261125T235959Z", "DUE;TZID=Europe/Berlin:20261127T120000")

    kept = render(SEND, now=LATER, existing=before)
    moved = render(replace(SEND, due=date(2026, 12, 1)), now=LATER, existing=before)

    assert kept.text == before
    assert kept.report.lost == ("“Send the report” has another date in the calendar. The plan keeps its own.",)
    assert "DUE:20261201T235959Z" in moved.text
    assert "TZID" not in moved.text


def test_notes_that_were_written_in_the_calendar_are_never_overwritten():
    before = render(SEND).text.replace("DESCRIPTION:Cue: After lunch", "DESCRIPTION:Linh is away until 3!")

    after = render(replace(SEND, do="Send it", cue="Before lunch"), now=LATER, existing=before)

    assert "Linh is away until 3!" in after.text
    assert "SUMMARY:Send it" in after.text
    assert after.report.lost == (
        "The notes of “Send it” were changed in the calendar, so they stay as they are there.",
    )


def test_an_item_whose_own_property_was_removed_is_only_written_if_it_differs():
    lines = render(SEND).text.split("\r\n")
    before = "\r\n".join(line for line in lines if not line.startswith(("X-CAREERKIT", " te=")))

    assert render(SEND, now=LATER, existing=before).text == before
    assert render(replace(SEND, do="Send it"), now=LATER, existing=before).report.changed == ("Send it",)


def test_events_and_tasks_are_never_mixed():
    with pytest.raises(Refused) as refused:
        render(SEND, item_type="events", existing=render(SEND).text)

    assert refused.value.problems[0].code == "other-item-type"
    assert find_item_type(render(SEND).text) == "todos"
    assert find_item_type(render(SEND, item_type="events").text) == "events"


@pytest.mark.parametrize(
    "text",
    [
        "Dear calendar,\n",
        "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:1\r\n",
        "BEGIN:VCALENDAR\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
        "BEGIN:VTODO\r\nEND:VTODO\r\n",
        "BEGIN:VCALENDAR\r\n" * 500,
        "",
    ],
)
def test_what_is_not_a_whole_calendar_is_refused(text):
    with pytest.raises(Refused) as refused:
        FORMAT.read(text)

    assert [each.code for each in refused.value.problems] == ["not-a-calendar"]


@pytest.mark.parametrize(
    ("properties", "state", "done_at"),
    [
        ("STATUS:COMPLETED\r\nCOMPLETED:20261123T101500Z", "done", datetime(2026, 11, 23, 10, 15, tzinfo=UTC)),
        ("STATUS:COMPLETED", "done", None),
        ("STATUS:completed\r\nCOMPLETED:20261123", "done", date(2026, 11, 23)),
        ("PERCENT-COMPLETE:100", "done", None),
        ("COMPLETED;TZID=Europe/Berlin:20261123T101500", "done", datetime(2026, 11, 23, 9, 15, tzinfo=UTC)),
        ("STATUS:COMPLETED\r\nCOMPLETED:garbage", "done", None),
        ("STATUS:IN-PROCESS\r\nPERCENT-COMPLETE:50", "open", None),
        ("", "open", None),
    ],
)
def test_ticks_are_read_however_a_program_writes_them(properties, state, done_at):
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:{SEND_UID}\r\n{properties}\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"

    assert FORMAT.read(text) == (Tick(SEND_UID, state, "", done_at),)


def test_events_have_no_ticks_to_read():
    with pytest.raises(Refused) as refused:
        FORMAT.read(render(SEND, item_type="events").text)

    assert refused.value.problems[0].code == "no-ticks"
