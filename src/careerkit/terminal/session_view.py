"""What both screens show around the questions: the card, the result, how many questions were added, and why one is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.outcome.model import is_figure
from careerkit.core.text import format_count
from careerkit.terminal.view_models import Heading, InfoMessage, SecondaryText, ViewModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.coaching.screen import Reason
    from careerkit.core.interview.steps import Ask
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Outcome
    from careerkit.core.playbook.model import Playbook


EMPTY_LIST_LABEL = "none"
"""How an empty list reads."""


def build_card_view(
    outcome: Outcome, reasons: Mapping[str, Sequence[Reason]], playbook: Playbook | None
) -> Iterator[ViewModel]:
    from careerkit.terminal.outcome_view import build_outcome_view  # not needed before the first question

    yield Heading("Your card")
    yield from build_outcome_view(outcome, reasons, playbook=playbook, figures="none")


def build_result_view(
    entry: Entry, reasons: Mapping[str, Sequence[Reason]], playbook: Playbook | None
) -> Iterator[ViewModel]:
    from careerkit.core.journal.people import build_people_maps  # not needed before the first question
    from careerkit.terminal.outcome_view import build_outcome_view

    yield Heading(entry.playbook.title)
    if entry.outcome:
        people = build_people_maps(entry, playbook)
        yield from build_outcome_view(entry.outcome, reasons, playbook=playbook, people_maps=people, figures="judged")
        if any(is_figure(each) for each in entry.outcome.computed):
            yield SecondaryText(f"All figures and how they were calculated: careerkit journal show {entry.handle}")


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
