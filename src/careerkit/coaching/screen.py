"""The screen as the coach needs it: what can be shown, and what a person can reply to a question.

Both front ends implement `Screen`. Everything passed here is plain text or core values; the front end makes it safe to
show. A front end raises `EndOfInput` when nobody can answer any more; Ctrl-C stays KeyboardInterrupt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from careerkit.core.frozen import frozen
from careerkit.core.interview import Ask, Introduce, Read
from careerkit.core.journal.entry import Entry
from careerkit.core.outcome.model import Finding, Outcome
from careerkit.core.playbook.model import Band, Playbook
from careerkit.core.problem import Problem
from careerkit.core.value import Value

if TYPE_CHECKING:  # who answers from a file sees no home
    from careerkit.coaching.home import Home, HomeReply

NO_SUGGESTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({})


Keep = Callable[[Value | None], None]
"""Saves what there is of an answer that is not handed in yet; None: nothing. Refused where it can't be saved."""


def keep_nothing(parts: Value | None) -> None:
    """For what is asked outside of an interview."""


class EndOfInput(Exception):  # noqa: N818 - nothing went wrong: the input is over
    """Nobody is there to answer any more. All that was answered is saved."""


@frozen
class Given:
    """An answer, in the form that `Interview.answer` takes."""

    raw: object


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
class AskForReview:
    """Show all answers so far; the screen is then asked for one to go to."""


@frozen
class Stop:
    """Stop here and go on another day."""


Reply = Given | Back | Forward | Skip | AskForReview | Stop

NoteReply = Back | AskForReview | Stop | None
"""Where the person goes from what only says something; None is onward."""


@frozen
class ReviewLine:
    """One question of the review. `shown` is the answer as it reads; "" while there is none."""

    stage: str
    question_id: str
    ask: str
    shown: str


@frozen
class ReviewFigure:
    """A computed value of the review, with its arithmetic. `bands` are those a person may choose from instead."""

    compute_id: str
    label: str
    shown: str
    arithmetic: str
    band_label: str
    overridden: bool
    bands: tuple[Band, ...]


@frozen
class Review:
    """All answers by stage, and the figures that follow from them.

    `at_end`: nothing more is asked, and closing the review leads to the end. `news` is then what changed in the result
    since it was looked at last, a line each. `is_finished`: the answers of a finished entry, to be corrected; closing the
    review ends that.
    """

    lines: tuple[ReviewLine, ...]
    figures: tuple[ReviewFigure, ...]
    at_end: bool = False
    news: tuple[str, ...] = ()
    is_finished: bool = False


@frozen
class GoTo:
    """From the review to one question."""

    question_id: str


@frozen
class ChooseBand:
    """From the review: another band for a figure; None takes the person's choice back."""

    compute_id: str
    band: str | None


ReviewReply = GoTo | ChooseBand | Back | Stop | None
"""None closes the review: back to the interview, or to the end where it stands before that. Only there is Back (to the
last question) or Stop a reply."""


@frozen
class Because:
    """A question with its answer, in words: what a finding rests on, or what was said last."""

    ask: str
    shown: str


class Screen(Protocol):
    def home(self, home: Home) -> HomeReply:
        """The first screen of all: what waits, and what there is to do; returns what the person wants."""

    def open(self, playbook: Playbook, *, note: str | None) -> None:
        """The first thing on the screen: title, length, and `note` (resumed, personal playbook, ...).

        With None for a note the opening stands there already. A screen may be opened again, for another playbook: then
        nothing that was begun before counts any more.
        """

    def recall(self, said: Sequence[Because]) -> None:
        """The last answers of an interview that is gone on with, each in a line."""

    def introduce(self, stage: Introduce) -> None: ...

    def read(self, note: Read) -> NoteReply:
        """Show a note; returns when the person has read it."""

    def tell(self, finding: Finding) -> NoteReply:
        """A finding that must not wait; where the next question might push it off the screen, returns when it was read."""

    def ask(
        self,
        ask: Ask,
        *,
        why: str,
        sources: Sequence[str],
        suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
        keep: Keep = keep_nothing,
    ) -> Reply:
        """Ask, and return when there is a reply. `why` and `sources` (full citations) are shown on request.

        What there is of an answer of several parts is given to `keep` after each part, and when the asking is broken off.

        `suggestions` are, by the id of a form's text field, what the person has written there before: offered, never
        filled in.
        """

    def answered(self, ask: Ask, shown: str) -> None:
        """The answer was taken and saved: the question shrinks to one line."""

    def complain(self, problems: Sequence[Problem]) -> None:
        """Say what does not fit and how to mend it, in at most three lines a problem."""

    def say(self, text: str) -> None:
        """A short remark in passing: what a change hid or newly asks."""

    def review(self, review: Review) -> ReviewReply:
        """Show the answers, and return what the person wants: to look at one again, to go on, to the end, to stop.

        Where nobody sits at the keyboard, the review before the end is none: a script has nothing to look over.
        """

    def card(self, outcome: Outcome, because: dict[str, tuple[Because, ...]]) -> None:
        """What the quick lane gives."""

    def confirm(self, question: str, *, default: bool) -> bool: ...

    def conclude(self, entry: Entry, because: dict[str, tuple[Because, ...]]) -> None:
        """The whole outcome: findings with their reasons, the plan, the drafts. The cli adds where it was saved and what comes next."""
