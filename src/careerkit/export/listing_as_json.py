"""The list of entries as a plain JSON table. It stands alone, so that a list imports nothing of what entries hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careerkit.core.journal.listed import Listed


def listing_as_json(entries: Iterable[Listed]) -> dict[str, Any]:
    """What `journal list` prints."""
    return {"entries": [listed_as_json(each) for each in entries]}


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
