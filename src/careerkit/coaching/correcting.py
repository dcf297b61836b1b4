"""Other answers for an entry that is finished: each is saved beside the first answer, which stays as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from careerkit.coaching.answers_file import unknown_questions
from careerkit.coaching.changes import questions_changed
from careerkit.coaching.changing import Changes
from careerkit.coaching.review import review_of
from careerkit.coaching.screen import ChooseBand, Given, GoTo, Review, Screen, Stop
from careerkit.core.answer import accept
from careerkit.core.citation import cited
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.interview.interview import failed_check
from careerkit.core.journal.corrected import corrected
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.event import Event
from careerkit.core.journal.record import BAND, answer_of
from careerkit.core.playbook.model import NoteForm, Playbook, Question
from careerkit.core.problem import Problem, Refused
from careerkit.core.wording import Wording, short_line

IN_PASSING = 60
"""Characters of an earlier answer or a note that are told in passing."""


class Correcting:
    """The corrections of one finished entry, each on disk before the next can be made.

    `playbook` must be the one that the entry was made with. Refused for an entry that is still open.
    """

    def __init__(self, entry: Entry, playbook: Playbook, changes: Changes) -> None:
        if not entry.finished:
            hint = f"Its answers can still be changed: careerkit resume {entry.handle}"
            raise Refused(Problem("entry-open", "This entry is not finished.", hint, entry.handle))
        self.events: list[Event] = []
        self._entry = entry
        self._changes = changes
        self._interview = corrected(entry, changes.history, playbook)

    def conduct(self, screen: Screen) -> None:
        """Let the person choose questions from the review and answer them anew, until they close it."""
        while True:
            reply = screen.review(self._review())
            match reply:
                case GoTo(question_id=question_id):
                    if self._ask(screen, question_id) == "stopped":
                        return
                case ChooseBand(compute_id=compute_id, band=band):
                    self._settle(self._interview.choose_band(compute_id, band), compute_id)
                case _:
                    return

    def take(self, given: Mapping[str, object]) -> None:
        """Correct all answers in `given` (question or banded compute -> raw answer) at once.

        Refused with everything that is wrong, and nothing is saved.
        """
        interview, problems = self._with_all(given)
        problems = [*unknown_questions(interview, given), *problems]
        if problems:
            raise Refused(problems)
        self._settle(interview, *given)

    def _review(self) -> Review:
        """The answers as they hold now; where two machines say different things, both."""
        review = review_of(self._interview, is_finished=True)
        disputed = {name: sides for name, sides in self._changes.history.corrections.items() if _contradict(sides)}
        lines = (
            replace(line, shown=_both(disputed[line.question_id])) if line.question_id in disputed else line
            for line in review.lines
        )
        return replace(review, lines=tuple(lines))

    # ------------------------------------------------------------ one question

    def _ask(self, screen: Screen, question_id: str) -> Literal["stopped", "asked"]:
        interview = self._interview.go_to(question_id)
        ask = interview.present_ask()
        assert ask is not None, "it has just been gone to"
        facts, question = interview.facts(), ask.question
        sources = cited(question.source, {source.id: source.cite for source in interview.playbook.sources})
        why = Wording(facts).line(question.why)
        while True:
            reply = screen.ask(ask, why=why, sources=sources)
            if not isinstance(reply, Given):
                return "stopped" if isinstance(reply, Stop) else "asked"
            try:
                after = interview.answer(question_id, reply.raw)
                remark = self._remark(question_id, after)
                self._settle(after, question_id)
            except Refused as refused:
                screen.complain(refused.problems)
                continue
            screen.answered(ask, Wording(after.facts()).answer(question_id, after.answers[question_id]))
            if remark:
                screen.say(remark)
            return "asked"

    def _remark(self, question_id: str, after: Interview) -> str:
        """What was answered first, and what the new answer did to the questions; "" where it is no new one."""
        if after.answers[question_id] == self._interview.answers.get(question_id):
            return ""
        first = next((each.shown for each in self._entry.answers if each.question == question_id), "")
        kept = f"The first answer is kept: {short_line(first, IN_PASSING)}" if first else ""
        return f"{kept} {questions_changed(self._interview.facts(), after.facts(), again=True)}".strip()

    def _settle(self, after: Interview, *names: str) -> None:
        """Record what `after` has for `names`, but for what is in force already and without dispute."""
        before = self._interview
        for name in names:
            sides = self._changes.history.corrections.get(name, ())
            if _contradict(sides) or after.answers.get(name) != before.answers.get(name):
                self.events.append(self._record(after, name))
        self._interview = replace(after, cursor="")

    def _record(self, after: Interview, name: str) -> Event:
        facts, value = after.facts(), after.answers.get(name)
        if value is None:  # the person's band of a figure, taken back
            label = facts.index.computes[name].label or name
            return self._changes.correct(name, None, type_=BAND, shown="", asked=label)
        answer = answer_of(facts, Wording(facts), name, value)
        return self._changes.correct(name, value, type_=answer.type, shown=answer.shown, asked=answer.asked)

    # ------------------------------------------------------------ all at once

    def _with_all(self, given: Mapping[str, object]) -> tuple[Interview, list[Problem]]:
        """The interview with all that fits, and what is wrong with the rest."""
        interview, problems = self._interview, list[Problem]()
        for compute in interview.playbook.computes:
            if compute.bands and compute.id in given:
                try:
                    interview = interview.choose_band(compute.id, str(given[compute.id]))
                except Refused as refused:
                    problems += refused.problems
        asked = [
            question
            for question in interview.playbook.questions
            if question.id in given and not isinstance(question.form, NoteForm)
        ]
        for question in asked:
            try:
                interview = _with(interview, question, given[question.id])
            except Refused as refused:
                problems += refused.problems
        facts = interview.facts()
        wrong = {problem.where for problem in problems}
        failed = [each for each in asked if each.id not in wrong and not facts.check_holds(each)]
        return interview, problems + [failed_check(each, facts) for each in failed]


def _with(interview: Interview, question: Question, raw: object) -> Interview:
    value = accept(question, raw, choices_of=interview.facts().kept_choices_of, today=interview.today)
    return replace(interview, answers=MappingProxyType({**interview.answers, question.id: value}))


def _contradict(sides: Sequence[Event]) -> bool:
    return any(each.value != sides[0].value for each in sides)


def _both(sides: Sequence[Event]) -> str:
    words = (each.shown or (each.value if isinstance(each.value, str) else "no answer") for each in sides)
    return f"{', or '.join(short_line(each, IN_PASSING) for each in words)} (two machines say different things)"
