"""What is given at the end, and after the quick lane: the same pieces, whoever shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.outcome.model import is_figure
from careerkit.terminal.pieces import Aside, Heading, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.coaching.screen import Because
    from careerkit.core.journal.entry import Entry
    from careerkit.core.outcome.model import Outcome
    from careerkit.core.playbook.model import Playbook


def card_pieces(
    outcome: Outcome, because: Mapping[str, Sequence[Because]], playbook: Playbook | None
) -> Iterator[Piece]:
    from careerkit.terminal.outcome_view import outcome_pieces  # the way to the first question does without

    yield Heading("Your card")
    yield from outcome_pieces(outcome, because, playbook=playbook, figures="none")


def end_pieces(entry: Entry, because: Mapping[str, Sequence[Because]], playbook: Playbook | None) -> Iterator[Piece]:
    from careerkit.core.journal.people import people_maps  # as above
    from careerkit.terminal.outcome_view import outcome_pieces

    yield Heading(entry.playbook.title)
    if entry.outcome:
        people = people_maps(entry, playbook)
        yield from outcome_pieces(entry.outcome, because, playbook=playbook, people=people, figures="judged")
        if any(is_figure(each) for each in entry.outcome.computed):
            yield Aside(f"All figures with their sums: careerkit journal show {entry.handle}")
