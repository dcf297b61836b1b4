"""Write plans as JSON, with the keys that `plan show --json` prints and the playbook of each."""

from __future__ import annotations

import json

from careerkit.core.text import escape_json_control_chars
from careerkit.export.formats import ExportFormat
from careerkit.export.json import serialise_plan
from careerkit.export.plan_document import Export, ExportOptions, ExportReport, PlanDocument, describe_items


def _render_document(document: PlanDocument, _: ExportOptions) -> Export:
    plans = [
        {
            "playbook": each.entry.playbook.id,
            "title": each.entry.playbook.title,
            **serialise_plan(each.entry, each.plan, each.corrected_at),
        }
        for each in document.entries
    ]
    text = json.dumps({"plans": plans}, indent=2, ensure_ascii=False, default=float)
    report = ExportReport(added=describe_items(document.items))
    return Export({"": escape_json_control_chars(text) + "\n"}, report)


FORMAT = ExportFormat("json", "JSON", (".json",), _render_document)
