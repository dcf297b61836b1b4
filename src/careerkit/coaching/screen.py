"""The screen port: what a session can show, and what a person can reply.

The key screen and the line screen implement `Screen`. They receive plain text and core values and make them safe to
show. They raise `EndOfInput` when no one can answer any more; Ctrl-C stays KeyboardInterrupt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from careerkit.core.errors import Problem
from careerkit.core.frozen import frozen
from careerkit.core.interview.steps import Ask, EnterStage, ShowNote
from careerkit.core.journal.entry import Entry
from careerkit.core.outcome.model import Finding
from careerkit.core.playbook.model import Band, Playbook
from careerkit.core.values import Value

if TYPE_CHECKING:  # answering from a file needs no home screen
    from careerkit.coaching.home import Home, HomeReply

NO_SUGGESTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


SaveDraft = Callable[[Value | None], None]
"""Saves the draft of an answer that is not submitted yet, None for no draft. Raises Refused if it can't be saved."""


def discard_draft(parts: Value | None) -> None:
    """Does nothing: for questions outside of an interview."""


class EndOfInput(Exception):  # noqa: N818 - not an error: the input is over
    """No one can answer any more. Every answer given so far is saved."""


@frozen
class Submit:
    """A valid answer: the value that `validate_answer` returned for the person's input."""

    value: object


@frozen
class Back:
    pass


@frozen
class Forward:
    pass


@frozen
class Skip:
    pass


@frozen
class OpenReview:
    """Show all answers so far, to choose one of them."""


@frozen
class Stop:
    """Stop here and continue another day."""


Reply = Submit | Back | Forward | Skip | OpenReview | Stop

NoteReply = Back | OpenReview | Stop | None
"""Where the person goes after reading something; None continues."""


@frozen
class ReviewLine:
    """One question of the review. `shown` is the answer in words, "" if there is none."""

    stage: str
    question_id: str
    ask: str
    shown: str


@frozen
class ReviewFigure:
    """A computed value of the review, with its arithmetic. `bands` are those the person may choose instead."""

    compute_id: str
    label: str
    shown: str
    arithmetic: str
    band_label: str
    overridden: bool
    bands: tuple[Band, ...]


@frozen
class Review:
    """All answers by stage, and the figures computed from them.

    `at_end`: everything has been asked, and closing the review gives the result. `news` then lists what changed in the
    result since the last review. `is_finished`: these are the answers of a finished entry, and closing the review ends
    their correction.
    """

    lines: tuple[ReviewLine, ...]
    figures: tuple[ReviewFigure, ...]
    at_end: bool = False
    news: tuple[str, ...] = ()
    is_finished: bool = False


@frozen
class GoTo:
    """Go from the review to one question."""

    question_id: str


@frozen
class ChooseBand:
    """Choose another band for a figure in the review; None takes the choice back."""

    compute_id: str
    band: str | None


ReviewReply = GoTo | ChooseBand | Back | Stop | None
"""None closes the review: back to the interview, or on to the result if it is the review before the end. Only that one
has Back (to the last question) and Stop."""


@frozen
class Reason:
    """A question with its answer in words: a reason for a finding, or a recent answer."""

    ask: str
    shown: str


class Screen(Protocol):
    def home(self, home: Home) -> HomeReply:
        """Show the home screen and return what the person chooses."""

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        """Show the opening of a playbook: title, length, and `note` (resumed, personal playbook, ...).

        None for `note` means that the opening is on the screen already. Opening another playbook on the same screen
        discards the drafts of the one before.
        """

    def show_recent(self, said: Sequence[Reason]) -> None:
        """Show the last answers of a resumed interview, a line each."""

    def show_stage(self, stage: EnterStage) -> None:
        """Show the title and the introduction of a stage."""

    def show_note(self, note: ShowNote) -> NoteReply:
        """Show a note and return when the person has read it."""

    def show_finding(self, finding: Finding) -> NoteReply:
        """Show a finding at once. If the next question could push it off the screen, return when it was read."""

    def ask(
        self,
        ask: Ask,
        *,
        why: str,
        sources: Sequence[str],
        suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
        keep: SaveDraft = discard_draft,
    ) -> Reply:
        """Ask a question and return the reply. `why` and `sources` (full citations) are shown on request.

        An answer is validated here, once, with `validate_answer`. If it isn't valid, the screen says why and asks again, so
        only valid answers are returned.

        The draft of an answer with several parts goes to `keep` after each part, and when the question is left or
        interrupted. `suggestions` are names by the id of a form's text field: offered, never filled in.
        """

    def answered(self, ask: Ask, shown: str) -> None:
        """Reduce the question to one line: the answer is saved."""

    def show_errors(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong and how to fix it, in at most three lines for each problem."""

    def show_info(self, text: str) -> None:
        """Show a short message, such as what a change hid or added."""

    def review(self, review: Review) -> ReviewReply:
        """Show the review and return what the person chooses.

        If no one is at the keyboard, the review before the end is skipped: a script has nothing to review.
        """

    def show_card(
        self, entry: Entry, because: dict[str, tuple[Reason, ...]], *, waits: bool, following: str = ""
    ) -> None:
        """Show the result of the quick lane or of a check-in, and let the person open what isn't on it.

        With `waits`, return when the person has read it. Otherwise a `confirm` must follow, which opens the parts too.
        `following` says what is asked afterwards, "" if nothing is. What was typed before that is painted is discarded,
        because it can't be meant for it.
        """

    def confirm(self, question: str, *, default: bool, is_saved: bool = True) -> bool:
        """Ask a yes-or-no question. Unless `is_saved`, the screen doesn't promise that Ctrl-C loses nothing."""

    def show_outcome(self, entry: Entry, because: dict[str, tuple[Reason, ...]]) -> None:
        """Show the full result, let the person open what isn't on the first view, and return when they have read it.

        `because` has the reasons of each finding, by its id. Everything is saved by now, so the end of input and Ctrl-C
        end the reading without an exception. The cli adds where it was saved.
        """
