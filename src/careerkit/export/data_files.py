"""Write plans as data: as CSV for spreadsheets or as a template that Todoist imports, and as JSON.

A spreadsheet runs a cell as a formula that begins with one of FORMULA_STARTS, so such a cell gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence

from careerkit.core.text import escape_json_control_chars
from careerkit.export.formats import (
    Export,
    ExportFormat,
    ExportOptions,
    ExportReport,
    PlanDocument,
    PlanItem,
    describe_items,
    to_local_time,
)
from careerkit.export.json import serialise_plan

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = (
    "entry",
    "playbook",
    "kind",
    "id",
    "number",
    "what",
    "who",
    "cue",
    "due",
    "time",
    "done_when",
    "state",
    "done_at",
)
TODOIST_COLUMNS = (
    "TYPE",
    "CONTENT",
    "DESCRIPTION",
    "PRIORITY",
    "INDENT",
    "AUTHOR",
    "RESPONSIBLE",
    "DATE",
    "DATE_LANG",
    "TIMEZONE",
)
TODOIST_PRIORITY = "4"
"""The lowest, which is Todoist's own default. An empty cell would mean the highest."""

_AFTER_SEPARATOR = re.compile(r"(?<=[;|])(\s*)(?=[=+\-@])")
"""Before a formula, in a program that separates cells with semicolons."""
_LABEL = re.compile(r"(?<!\S)[@#/!]\S+")
"""Words that Todoist takes for a label, a project, a section or a reminder."""


def make_formula_safe(text: str) -> str:
    """`text` as a cell that no spreadsheet runs."""
    safe = _AFTER_SEPARATOR.sub(r"\1'", text)
    return f"'{safe}" if safe.lstrip(" ").startswith(FORMULA_STARTS) else safe


def _render_document(document: PlanDocument, options: ExportOptions) -> Export:
    if options.profile == "todoist":
        items = [each for each in document.items if each.state == "open"]
        text = _write_table(TODOIST_COLUMNS, map(_build_todoist_row, items))
    else:
        items = list(document.items)
        text = _write_table(COLUMNS, map(_build_row, items))
    report = ExportReport(added=describe_items(items), lost=_describe_losses(document, items, options.profile))
    return Export({"": text}, report)


def _build_row(item: PlanItem) -> Mapping[str, str]:
    return {
        "entry": item.entry,
        "playbook": item.playbook,
        "kind": item.kind,
        "id": item.id,
        "number": str(item.number or ""),
        "what": item.what,
        "who": item.owner,
        "cue": item.cue,
        "due": item.due_day.isoformat() if item.due_day else "",
        "time": item.due_time,
        "done_when": item.evidence,
        "state": item.state,
        "done_at": to_local_time(item.done_at).isoformat(sep=" ", timespec="minutes")[:16] if item.done_at else "",
    }


def _build_todoist_row(item: PlanItem) -> Mapping[str, str]:
    details = (("Cue", item.cue), ("Done when", item.evidence))
    day = item.due_day.isoformat() if item.due_day else ""
    return {
        "TYPE": "task",
        "CONTENT": _LABEL.sub(r'"\g<0>"', item.what_and_who),
        "DESCRIPTION": ". ".join(f"{label}: {text}".removesuffix(".") for label, text in details if text),
        "PRIORITY": TODOIST_PRIORITY,
        "INDENT": "1",
        "DATE": f"{day} {item.due_time}".strip(),
        "DATE_LANG": "en" if day else "",
    }


def _write_table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A line with the names of the columns, and the rows; a missing cell is empty. Lines end with CRLF."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(columns)
    writer.writerows([make_formula_safe(row.get(each, "")) for each in columns] for row in rows)
    return table.getvalue()


def _describe_losses(document: PlanDocument, items: Sequence[PlanItem], profile: str) -> tuple[str, ...]:
    sentences = []
    if len(items) < len(document.items):
        sentences.append("Todoist imports open tasks only, so finished and dropped ones are left out.")
    texts = [text for each in items for text in (each.what, each.owner, each.cue, each.evidence)]
    if profile != "todoist" and any(make_formula_safe(text) != text for text in texts):
        sentences.append(
            "A spreadsheet would run a cell that begins with =, +, - or @, so an apostrophe stands before it."
        )
    return tuple(sentences)


FORMAT = ExportFormat("csv", "CSV", (".csv",), _render_document, profiles=("todoist",))


def _render_json(document: PlanDocument, _: ExportOptions) -> Export:
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


JSON_FORMAT = ExportFormat("json", "JSON", (".json",), _render_json)
