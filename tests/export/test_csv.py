"""The CSV export, as spreadsheets and Todoist read it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from plan_samples import HOSTILE_TEXTS, NOW, OPTIONS, build_document, generate_document

from careerkit.core.frozen import replace
from careerkit.core.journal.plan import PlannedAction, PlannedCheckin
from careerkit.export.data_files import FORMAT, make_formula_safe

CALL = PlannedAction("send", "Call, then write", cue="At my desk", due=date(2026, 11, 23), evidence="Yes", owner="Linh")


def write(*actions, profile="", checkins=()):
    return FORMAT.render(build_document(*actions, checkins=checkins), replace(OPTIONS, profile=profile))


def read(text, *, delimiter=","):
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_a_table_has_a_row_for_each_action_and_check_in():
    done = replace(CALL, id="b", due=datetime(2026, 11, 24, 15, 30, tzinfo=UTC), state="done", done_at=NOW)
    written = write(CALL, done, checkins=[PlannedCheckin("week", "A week on", date(2026, 11, 29))])

    names, first, second, third = read(written.text)
    assert dict(zip(names, first, strict=True)) == {
        "entry": "20261122T0905Z-k3f9x2",
        "playbook": "crisis/start",
        "kind": "action",
        "id": "send",
        "number": "1",
        "what": "Call, then write",
        "who": "Linh",
        "cue": "At my desk",
        "due": "2026-11-23",
        "time": "",
        "done_when": "Yes",
        "state": "open",
        "done_at": "",
    }
    assert second[-5:] == ["2026-11-24", "15:30", "Yes", "done", "2026-11-22 09:05"]
    assert third[2:6] == ["checkin", "week", "", "Check-in: A week on"]
    assert written.text.endswith("\r\n")
    assert written.report.lost == ()


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 151", "'+49 151"),
        ("-1", "'-1"),
        ("@home", "'@home"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("a;=1| -1", "a;'=1| '-1"),
        ("1 = 1, -1 + 'a'", "1 = 1, -1 + 'a'"),
    ],
)
def test_no_cell_begins_as_a_formula(text, cell):
    assert make_formula_safe(text) == cell


@pytest.mark.parametrize("profile", ["", "todoist"])
@pytest.mark.parametrize("delimiter", ",;|")
def test_no_hostile_text_is_a_formula_whatever_separates_the_cells(profile, delimiter):
    for text in HOSTILE_TEXTS:
        written = write(replace(CALL, do=text, cue=text, evidence=text, owner=text), profile=profile)
        rows = read(written.text, delimiter=delimiter)
        assert [cell for row in rows for cell in row if cell.lstrip().startswith(tuple("=+-@＝"))] == [], text
        assert len(rows) == 2


def test_the_apostrophe_is_explained_where_there_is_one():
    assert write(replace(CALL, do="=1")).report.lost == (
        "A spreadsheet would run a cell that begins with =, +, - or @, so an apostrophe stands before it.",
    )


def test_todoist_gets_open_tasks_with_a_priority_and_a_date():
    timed = replace(CALL, id="b", do="Ask @home", due=datetime(2026, 11, 24, 15, 30, tzinfo=UTC), cue="", evidence="")
    written = write(
        CALL, timed, replace(CALL, id="c", state="done"), replace(CALL, id="d", due=None), profile="todoist"
    )

    names, *rows = read(written.text)
    tasks = [dict(zip(names, row, strict=True)) for row in rows]
    assert names[:4] == ["TYPE", "CONTENT", "DESCRIPTION", "PRIORITY"]
    assert {(task["TYPE"], task["PRIORITY"], task["INDENT"]) for task in tasks} == {("task", "4", "1")}
    assert [task["CONTENT"] for task in tasks] == [
        "Call, then write (Linh)",
        'Ask "@home" (Linh)',
        "Call, then write (Linh)",
    ]
    assert [task["DATE"] for task in tasks] == ["2026-11-23", "2026-11-24 15:30", ""]
    assert tasks[0]["DESCRIPTION"] == "Cue: At my desk. Done when: Yes"
    assert written.report.lost == ("Todoist imports open tasks only, so finished and dropped ones are left out.",)


def test_every_row_of_a_random_plan_has_every_column():
    for seed in range(40):
        rows = read(FORMAT.render(generate_document(seed), OPTIONS).text)
        assert {len(row) for row in rows} == {len(rows[0])}
        assert len(rows) == 1 + len(generate_document(seed).items)
