"""A note: what a person adds to an entry in their own words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from careerkit.coaching.screen import Back, Given, Screen, Skip, Stop
from careerkit.core.answer import accept
from careerkit.core.interview import Ask
from careerkit.core.interview.steps import Progress
from careerkit.core.playbook.model import Question, TextForm
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Value

ALONE = Progress(number=0, of=0, answered=0, total=0)
"""Of what is asked outside of an interview."""


def ask_for_note(screen: Screen, save: Callable[[str], object], *, about: str) -> bool:
    """Ask for a note on what `about` names, and `save` it; False where the person leaves without one.

    As with an answer, what was typed is saved before the end of input or Ctrl-C that broke it off is raised.
    """
    question = Question("note", "text", TextForm(long=True), f"Your note on {about}")
    ask = Ask(question, "A note", question.ask, "", ALONE)
    while True:
        typed: list[Value | None] = []
        try:
            reply = screen.ask(ask, why="", sources=(), keep=typed.append)
        except BaseException:
            if typed and typed[-1] is not None:
                save(as_note(typed[-1]))
            raise
        try:
            match reply:
                case Given(raw=raw):
                    text = as_note(raw)
                    save(text)
                    screen.answered(ask, text)
                    return True
                case Back() | Skip() | Stop():
                    return False
        except Refused as refused:
            screen.complain(refused.problems)


def as_note(raw: object) -> str:
    """The text of a note, its line ends mended. Refused where there is nothing in it, or too much."""
    if isinstance(raw, str) and not raw.strip():
        raise Refused(Problem("empty", "There is nothing in this note.", "Write a word or two.", "note"))
    question = Question("note", "text", TextForm(long=True), "")
    text = accept(question, raw, choices_of=lambda options: options.choices, today=date.min)
    assert isinstance(text, str), "that is what a text question takes"
    return text
