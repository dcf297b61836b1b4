"""A whole passage from a table of answers: nothing is asked, and everything that is wrong is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from careerkit.core.answer import accept
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import Ask, Card, Interview, Introduce, Read, Tell
from careerkit.core.playbook.model import NoteForm, Question
from careerkit.core.problem import Problem, Refused, nearest


@frozen
class Filled:
    """`at_card` is the interview as it stood at the quick lane's end; None where the playbook has no quick lane.

    `notes` are those that came up on the way.
    """

    interview: Interview
    at_card: Interview | None
    notes: tuple[Read, ...] = ()


def fill(interview: Interview, given: Mapping[str, object]) -> Filled:
    """The interview with all its questions answered from `given` (question or banded compute -> raw answer).

    Defaults count as answers. Refused with every missing, unknown and bad answer. An answer to a question that turns
    out hidden is kept.
    """
    walk = _Walk(interview, given)
    walk.choose_bands()
    walk.to_the_end()
    walk.keep_hidden()
    problems = unknown_questions(interview, given) + walk.problems
    if problems:
        raise Refused(problems)
    return Filled(walk.interview, walk.at_card, tuple(walk.notes))


def unknown_questions(interview: Interview, given: Mapping[str, object]) -> list[Problem]:
    """What `given` names that is no question and no figure whose band can be chosen."""
    known = {question.id for question in interview.playbook.questions if not isinstance(question.form, NoteForm)}
    known |= {compute.id for compute in interview.playbook.computes if compute.bands}
    problems: list[Problem] = []
    for name in given:
        if name not in known:
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near else "`careerkit playbook show` lists the questions and their ids."
            problems.append(Problem("unknown-question", f"There is no question {name!r}.", hint, name))
    return problems


class _Walk:
    """A walk through the interview that goes on after a bad answer, so that none hides another."""

    def __init__(self, interview: Interview, given: Mapping[str, object]) -> None:
        self.interview = interview
        self.at_card: Interview | None = None
        self.problems: list[Problem] = []
        self.notes: list[Read] = []
        self._given = given
        self._asked: set[str] = set()

    def choose_bands(self) -> None:
        for compute in self.interview.playbook.computes:
            if compute.bands and compute.id in self._given:
                try:
                    self.interview = self.interview.choose_band(compute.id, str(self._given[compute.id]))
                except Refused as refused:
                    self.problems += refused.problems

    def to_the_end(self) -> None:
        while True:
            step = self.interview.step()
            match step:
                case Introduce(key=key) | Tell(key=key):
                    self.interview = self.interview.mark_said(key)
                case Read(key=key):
                    self.notes.append(step)
                    self.interview = self.interview.mark_said(key)
                case Card(key=key):
                    self.at_card = self.interview
                    self.interview = self.interview.mark_said(key)
                case Ask() if step.question.id not in self._asked:
                    self._asked.add(step.question.id)
                    self._answer(step)
                case _:
                    return

    def keep_hidden(self) -> None:
        for question in self.interview.playbook.questions:
            if (
                question.id in self._given
                and question.id not in self._asked
                and not isinstance(question.form, NoteForm)
            ):
                self._keep(question)

    def _keep(self, question: Question) -> None:
        facts, today = self.interview.facts(), self.interview.today
        try:
            value = accept(question, self._given[question.id], choices_of=facts.kept_choices_of, today=today)
        except Refused as refused:
            self.problems += refused.problems
        else:
            answers = {**self.interview.answers, question.id: value}
            self.interview = replace(self.interview, answers=MappingProxyType(answers))

    def _answer(self, ask: Ask) -> None:
        question = ask.question
        raw = self._given.get(question.id, ask.default)
        passed = replace(self.interview, passed=self.interview.passed | {question.id})
        try:
            self.interview = passed if raw is None else self.interview.answer(question.id, raw)
        except Refused as refused:
            self.problems += refused.problems
            self.interview = passed
        if raw is None and question.required:
            message = f"There is no answer to: {ask.ask}"
            self.problems.append(Problem("missing", message, f"Add a line {question.id} = ...", question.id))
