"""What an entry or an event says, as a plain JSON table beside its file's text."""

from __future__ import annotations

from typing import Any

from careerkit.core.journal.entry import Entry
from careerkit.core.journal.event import Event
from careerkit.export.as_json import entry_as_json, value_as_json


def record_as_json(record: Entry | Event) -> dict[str, Any]:
    """An entry as `journal show` prints it, an event with the keys of its file."""
    match record:
        case Entry():
            entry: dict[str, Any] = entry_as_json(record, None)["entry"]
            return entry
        case Event():
            return {
                "id": record.id,
                "kind": record.kind,
                "entry": record.entry,
                "at": record.at.isoformat(),
                "machine": record.machine,
                "about": record.about,
                "value": None if record.value is None else value_as_json(record.value),
                "replaces": list(record.replaces),
            }
