"""What both screens show around the questions: the card, the result, how many questions were added, and why one is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.text import format_count
from careerkit.terminal.view_models import InfoMessage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from careerkit.coaching.ports import Reason
    from careerkit.core.interview_steps import Ask
    from careerkit.core.journal.entry import Entry
    from careerkit.core.playbook.model import Playbook
    from careerkit.terminal.result_view import Opening, ResultView


EMPTY_LIST_LABEL = "none"
"""How an empty list reads."""


def create_result_view(
    entry: Entry,
    reasons: Mapping[str, Sequence[Reason]],
    playbook: Playbook | None,
    *,
    is_card: bool = False,
    has_keys: bool = True,
) -> ResultView:
    """The view of a result whose parts are opened with keys or letters or, without `has_keys`, with commands."""
    from careerkit.terminal.result_view import ResultView  # not needed before the first question

    opening: Opening = "keys" if has_keys else "commands"
    return ResultView(entry, reasons, playbook=playbook, is_card=is_card, opening=opening)


class QuestionCounts:
    """How many questions each stage had when it was last shown, so that a growing total can be explained."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}

    def clear(self) -> None:
        self._totals.clear()

    def report_added(self, ask: Ask) -> tuple[InfoMessage, ...]:
        """A message if the stage of `ask` has more questions than before, otherwise nothing."""
        more = ask.progress.of - self._totals.get(ask.stage, ask.progress.of)
        self._totals[ask.stage] = ask.progress.of
        if more <= 0:
            return ()
        return (InfoMessage(f"{format_count(more, 'more question')}, because of your answers."),)


def get_question_error(ask: Ask) -> str:
    """Why the question is asked again: its answer no longer fits, or it was skipped and is required. "" if neither."""
    if ask.reopened_because or ask.may_skip or ask.kept is not None:
        return ask.reopened_because
    return "You skipped this question, but you need to answer it to finish."
