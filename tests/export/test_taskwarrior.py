"""The Taskwarrior export: its rows, what it keeps of the tasks that are there already, and what it refuses."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime

import pytest
from plan_samples import NOW, OPTIONS, build_document

from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction
from careerkit.export.formats import Tick
from careerkit.export.taskwarrior import FORMAT

CALL = PlannedAction("send", "Call the client", cue="At my desk", due=date(2026, 11, 23), evidence="They said yes")
UUID = FORMAT.identify(build_document(CALL).items[0])
OTHER = {"uuid": "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", "description": "milk", "status": "pending", "due": "nonsense"}


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def render(*actions, onto=None):
    text = None if onto is None else onto if isinstance(onto, str) else json.dumps(onto)
    return FORMAT.render(build_document(*actions), replace(OPTIONS, existing=text))


def rows(*actions, onto=None):
    return json.loads(render(*actions, onto=onto).text)


def test_a_row_has_the_last_second_of_its_local_day_in_utc_and_cue_and_evidence_as_annotations():
    assert rows(CALL) == [
        {
            "uuid": UUID,
            "description": "Call the client",
            "status": "pending",
            "entry": "20261122T090500Z",
            "due": "20261123T225959Z",
            "project": "careerkit.crisis-start",
            "annotations": [
                {"entry": "20261122T090501Z", "description": "Cue: At my desk"},
                {"entry": "20261122T090502Z", "description": "Done when: They said yes"},
            ],
        }
    ]
    assert UUID == UUID.lower()


def test_a_time_is_kept_to_the_second():
    assert rows(replace(CALL, due=datetime(2026, 11, 23, 15, 30, tzinfo=UTC)))[0]["due"] == "20261123T153000Z"


def test_done_and_dropped_actions_are_completed_and_deleted():
    done, dropped = rows(replace(CALL, state="done", done_at=NOW), replace(CALL, id="b", state="dropped"))

    assert (done["status"], done["end"]) == ("completed", "20261122T090500Z")
    assert (dropped["status"], "end" in dropped) == ("deleted", False)


@pytest.mark.parametrize("day", [date.min, date(1970, 1, 1), date(9999, 1, 1), date.max])
def test_a_date_on_which_it_would_crash_is_left_out_and_named(day):
    written = render(replace(CALL, due=day))

    assert "due" not in json.loads(written.text)[0]
    assert "Taskwarrior can't hold dates before 1980 or after 9997, so they are left out." in written.report.lost


def test_the_first_export_says_how_a_second_import_keeps_what_the_person_changed():
    assert any("--onto" in each for each in render(CALL).report.lost)
    assert render(CALL, onto=[]).report.lost == ()
    assert render().report.lost == ()


def test_what_the_person_added_to_a_task_is_kept_and_the_date_follows_the_plan():
    theirs = {
        **rows(CALL)[0],
        "id": 3,
        "urgency": 7.2,
        "description": "Call the client!",
        "due": "20261120T225959Z",
        "project": "work",
        "priority": "H",
        "tags": ["phone", "next"],
        "depends": [OTHER["uuid"]],
        "effort": "2h",
        "annotations": [
            {"entry": "20261122T090501Z", "description": "Cue: at the old desk"},
            {"entry": "20261122T090502Z", "description": "my own note"},
        ],
        "modified": "20261120T225959Z",
    }

    [merged] = rows(CALL, onto=[OTHER, theirs])

    assert merged == {
        **{key: value for key, value in theirs.items() if key not in ("id", "urgency")},
        "due": "20261123T225959Z",
        "annotations": [{"entry": "20261122T090501Z", "description": "Cue: At my desk"}, theirs["annotations"][1]],
        "modified": "20261122T090500Z",
    }
    assert render(CALL, onto=[theirs]).report.changed == ("Call the client",)


def test_another_text_replaces_the_old_one():
    [merged] = rows(replace(CALL, do="Write to them"), onto=rows(CALL))

    assert merged["description"] == "Write to them"


def test_an_annotation_that_the_person_deleted_stays_deleted():
    [theirs] = rows(CALL)
    del theirs["annotations"]

    assert rows(CALL, onto=[theirs]) == [theirs]


@pytest.mark.parametrize("status", ["completed", "deleted", "recurring"])
@pytest.mark.parametrize("state", ["open", "done", "dropped"])
def test_a_settled_task_is_left_alone(status, state):
    theirs = {**rows(CALL)[0], "status": status, "end": "20261123T120000Z", "due": "20261101T000000Z"}

    written = render(replace(CALL, state=state), onto=[theirs])

    assert json.loads(written.text) == [theirs]
    assert written.report.kept == ("Call the client",)


def test_what_was_done_or_dropped_in_the_plan_is_completed_or_deleted():
    theirs = {**rows(CALL)[0], "status": "waiting", "tags": ["next"]}

    [done] = rows(replace(CALL, state="done", done_at=NOW), onto=[theirs])
    [dropped] = rows(replace(CALL, state="dropped"), onto=[theirs])

    assert (done["status"], done["end"], done["tags"]) == ("completed", "20261122T090500Z", ["next"])
    assert (dropped["status"], dropped["tags"]) == ("deleted", ["next"])


def test_only_open_actions_are_new():
    assert rows(replace(CALL, state="done", done_at=NOW), replace(CALL, id="b", state="dropped"), onto=[OTHER]) == []


def test_nothing_to_write_is_an_empty_list():
    assert render().text == "[]\n"


@pytest.mark.parametrize("layout", ["{0}\n{1}\n", "{0},\n{1},\n", "[\n{0},\n{1}\n]\n", "\ufeff[{0},{1}]"])
def test_every_layout_of_task_export_is_read(layout):
    done = {**rows(CALL)[0], "status": "completed", "end": "20261124T080000Z"}
    text = layout.format(json.dumps(OTHER), json.dumps(done)).removeprefix("\ufeff")

    assert FORMAT.read(text) == (Tick(UUID, "done", "Call the client", datetime(2026, 11, 24, 8, tzinfo=UTC)),)


def test_a_single_task_without_a_list_around_it_is_read():
    assert [each.id for each in FORMAT.read(json.dumps(rows(CALL)[0], indent=2))] == [UUID]


def test_a_deleted_task_is_no_tick_and_a_waiting_one_is_open():
    [row] = rows(CALL)

    assert FORMAT.read(json.dumps([{**row, "status": "deleted"}])) == ()
    assert [each.state for each in FORMAT.read(json.dumps([{**row, "status": "waiting"}]))] == ["open"]
    assert [each.id for each in FORMAT.read(json.dumps([{**row, "uuid": UUID.upper()}]))] == [UUID]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"description": ""}, "description"),
        ({"description": None}, "description"),
        ({"status": 1}, "status"),
        ({"due": "20261399T000000Z"}, "due"),
        ({"due": "19700101T000000Z"}, "due"),
        ({"end": 5}, "end"),
        ({"tags": "next"}, "tags"),
        ({"annotations": [{"entry": "x", "description": "y"}]}, "annotations"),
        ({"annotations": ["x"]}, "annotations"),
    ],
)
def test_a_task_on_which_it_would_crash_is_refused_with_its_number(changes, key):
    with pytest.raises(Refused) as refused:
        render(CALL, onto=[OTHER, {**rows(CALL)[0], **changes}])

    assert [each.message for each in refused.value.problems] == [f"Task 2 has no valid {key}."]


@pytest.mark.parametrize("text", ["hello", "[1, 2]", '{"a": NaN}', "[" * 5000, '"text"', "[null]", "{} {}"])
def test_what_is_no_list_of_tasks_is_refused(text):
    with pytest.raises(Refused) as refused:
        render(CALL, onto=text)

    assert {each.code for each in refused.value.problems} == {"not-taskwarrior"}


def test_an_empty_export_is_an_empty_list():
    assert [each["uuid"] for each in rows(CALL, onto="")] == [UUID]
