"""Serialise the list of entries. Separate from json.py, so that listing doesn't import the models of entries and playbooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careerkit.core.journal.entry_list import EntrySummary
    from careerkit.core.journal.query import TextMatch

MAX_SNIPPET_LENGTH = 160
"""Characters of the text around a match."""


def serialise_entry_list(entries: Sequence[EntrySummary], matches: Sequence[TextMatch] = ()) -> dict[str, Any]:
    """What `journal list` prints or, with the match in each entry, `journal search`."""
    rows = [serialise_entry_summary(each) for each in entries]
    if matches:
        rows = [row | _serialise_snippet(match) for row, match in zip(rows, matches, strict=True)]
    return {"entries": rows}


def serialise_entry_summary(summary: EntrySummary) -> dict[str, Any]:
    """One entry of the list, without a snippet."""
    return {
        "id": summary.id,
        "playbook": summary.playbook,
        "title": summary.title,
        "started": summary.started.isoformat(),
        "finished": summary.finished.isoformat() if summary.finished else None,
        "state": summary.state,
        "answered": summary.answered,
        "asked": summary.asked,
        "actions_open": summary.actions_open,
        "actions_done": summary.actions_done,
        "tags": list(summary.tags),
        "disputed": summary.disputed,
    }


def _serialise_snippet(match: TextMatch) -> dict[str, Any]:
    from careerkit.core.journal.query import make_snippet  # only searches need it

    snippet = make_snippet(match, MAX_SNIPPET_LENGTH)
    return {"snippet": snippet.text, "marks": [list(mark) for mark in snippet.marks]}
