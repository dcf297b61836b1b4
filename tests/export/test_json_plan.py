"""The JSON export: the plans as `plan show --json` prints them, with their playbooks."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from plan_samples import HOSTILE_TEXTS, OPTIONS, build_document, build_planned_entry

from careerkit.core.journal.plan import PlannedAction, PlannedCheckin
from careerkit.export.data_files import JSON_FORMAT
from careerkit.export.formats import PlanDocument
from careerkit.export.json import serialise_plan


def read(document):
    return json.loads(JSON_FORMAT.render(document, OPTIONS).text)["plans"]


def test_each_plan_has_the_keys_of_plan_show_and_its_playbook():
    planned = build_planned_entry(
        [
            PlannedAction("send", "Call", due=date(2026, 11, 23)),
            PlannedAction("b", "Write", due=datetime(2026, 11, 24, tzinfo=UTC)),
        ],
        [PlannedCheckin("week", "A week on", date(2026, 11, 29))],
    )
    other = build_planned_entry([], handle="aaaaaa")

    [first, second] = read(PlanDocument((planned, other)))

    assert first == {
        "playbook": "crisis/start",
        "title": "Own a career crisis",
        **json.loads(json.dumps(serialise_plan(planned.entry, planned.plan, None))),
    }
    assert [each["due"] for each in first["actions"]] == ["2026-11-23", "2026-11-24T00:00:00+00:00"]
    assert (second["entry"], second["actions"]) == ("20261122T0905Z-aaaaaa", [])


def test_every_text_is_read_as_it_was_written():
    actions = [PlannedAction(f"a{number}", text) for number, text in enumerate(HOSTILE_TEXTS)]

    [plan] = read(build_document(*actions))

    assert [each["do"] for each in plan["actions"]] == list(HOSTILE_TEXTS)
