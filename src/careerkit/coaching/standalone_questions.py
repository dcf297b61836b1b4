"""Ask a question outside of an interview: for a note, for the proof of an action, for an action that the person adds."""

from __future__ import annotations

from collections.abc import Callable

from careerkit.coaching.screen import Back, Screen, Skip, Stop, Submit, discard_draft
from careerkit.core.errors import Refused
from careerkit.core.interview.steps import Ask, QuestionProgress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from careerkit.coaching.screen import SaveDraft
    from careerkit.core.questions.question import Question

OUTSIDE_INTERVIEW = QuestionProgress(number=0, of=0, answered=0, total=0)
"""The progress of a question that is not part of an interview."""


class LeftQuestionError(Exception):
    """The person left the question without an answer, and wants to stop."""


def ask_standalone(
    screen: Screen,
    question: Question,
    *,
    title: str,
    accept: Callable[[Any], str],
    keep: SaveDraft = discard_draft,
    drops_typed: bool = False,
) -> bool:
    """Ask one question and pass the answer to `accept`, which returns it in words. Returns False if it is skipped.

    `accept` may save the answer, or raise Refused to have the question asked again. Raises LeftQuestionError if the
    person stops or goes back, or skips a required question. `drops_typed`: keys pressed before it is on the screen are dropped.
    """
    choices = question.spec.options.choices if question.spec.options else ()
    ask = Ask(question, title, question.ask, question.hint, OUTSIDE_INTERVIEW, choices=choices, drops_typed=drops_typed)
    while True:
        reply = screen.ask(ask, why="", sources=(), keep=keep)
        try:
            match reply:
                case Submit(value=value):
                    screen.answered(ask, accept(value))
                    return True
                case Skip() if not question.required:
                    return False
                case Back() | Stop() | Skip():
                    raise LeftQuestionError
        except Refused as refused:
            screen.show_errors(refused.problems)
