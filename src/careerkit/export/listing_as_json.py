"""The list of entries as a plain JSON table. It stands alone, so that a list imports nothing of what entries hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careerkit.core.journal.listed import Listed
    from careerkit.core.journal.searching import Place

SNIPPET = 160
"""Signs of the text around a place that was found."""


def listing_as_json(entries: Sequence[Listed], places: Sequence[Place] = ()) -> dict[str, Any]:
    """What `journal list` prints; with the place of each entry, what `journal search` prints."""
    rows = [listed_as_json(each) for each in entries]
    if places:
        rows = [row | _snippet(place) for row, place in zip(rows, places, strict=True)]
    return {"entries": rows}


def listed_as_json(listed: Listed) -> dict[str, Any]:
    """One entry of the list."""
    return {
        "id": listed.id,
        "playbook": listed.playbook,
        "title": listed.title,
        "started": listed.started.isoformat(),
        "finished": listed.finished.isoformat() if listed.finished else None,
        "state": listed.state,
        "answered": listed.answered,
        "asked": listed.asked,
        "actions_open": listed.actions_open,
        "actions_done": listed.actions_done,
        "tags": list(listed.tags),
        "disputed": listed.disputed,
    }


def _snippet(place: Place) -> dict[str, Any]:
    from careerkit.core.journal.searching import snippet  # a list does without

    shown = snippet(place, SNIPPET)
    return {"snippet": shown.text, "marks": [list(mark) for mark in shown.marks]}
