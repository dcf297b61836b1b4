"""What a list shows of an entry."""

from __future__ import annotations

from typing import Literal

from careerkit.core.journal.entry import Entry, Listed


def summary(entry: Entry) -> Listed:
    """The entry as lists show it."""
    return Listed(
        id=entry.id,
        playbook=entry.playbook.id,
        title=entry.playbook.title,
        started=entry.started,
        finished=entry.finished,
        answered=answered_count(entry),
        asked=entry.asked,
        actions_open=action_count(entry, "open"),
        actions_done=action_count(entry, "done"),
    )


def answered_count(entry: Entry) -> int:
    """How many of the questions that show are answered. A band that was chosen is no question."""
    return sum(not answer.hidden and answer.type != "band" for answer in entry.answers)


def action_count(entry: Entry, state: Literal["open", "done"]) -> int:
    return sum(action.state == state for action in entry.outcome.actions) if entry.outcome else 0
