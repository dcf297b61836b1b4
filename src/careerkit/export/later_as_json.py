"""What happened to an entry later, as a plain JSON table: notes, corrections, contradictions."""

from __future__ import annotations

from careerkit.core.journal.entry import Entry
from careerkit.core.journal.event import Event
from careerkit.core.journal.history import NOTHING_HAPPENED, History
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.export.as_json import Json, entry_as_json, outcome_as_json, value_as_json


def shown_as_json(
    entry: Entry, playbook: Playbook | None, history: History = NOTHING_HAPPENED, now: Outcome | None = None
) -> Json:
    """What `journal show` prints. `now` is what would follow from the corrected answers, where that is known."""
    return {
        "entry": {
            **entry_as_json(entry, playbook)["entry"],
            "tags": list(history.tags),
            "disputed": bool(history.disputed),
            "removed": history.removed,
            "notes": [{**_who(event), "text": event.value} for event in history.notes],
            "corrections": [_correction(entry, newest) for newest, *_ in history.corrections.values()],
            "corrected": None if now is None else outcome_as_json(now),
            "disputes": [_dispute(sides) for sides in history.disputed],
        }
    }


def _correction(entry: Entry, event: Event) -> Json:
    first = next((answer for answer in entry.answers if answer.question == event.about), None)
    return {
        **_who(event),
        "question": event.about,
        "asked": event.asked,
        "value": _value(event),
        "shown": _shown(event),
        "original": None if first is None else value_as_json(first.value),
        "original_shown": "" if first is None else first.shown,
    }


def _dispute(sides: tuple[Event, ...]) -> Json:
    return {
        "kind": sides[0].kind,
        "about": sides[0].about,
        "sides": [{**_who(event), "value": _value(event), "shown": _shown(event)} for event in sides],
    }


def _who(event: Event) -> Json:
    return {"event": event.id, "at": event.at.isoformat(), "machine": event.machine}


def _value(event: Event) -> object:
    return None if event.value is None else value_as_json(event.value)


def _shown(event: Event) -> str:
    return event.shown or (event.value if isinstance(event.value, str) else "")
