"""Correct the answers of a finished entry. Each correction is saved beside the original answer, which is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from careerkit.coaching.batch import find_unknown_questions
from careerkit.coaching.change_messages import describe_question_changes
from careerkit.coaching.entry_changes import MAX_QUOTED_LENGTH, EntryChanges
from careerkit.coaching.review import build_review
from careerkit.coaching.screen import ChooseBand, GoTo, Review, Screen, Stop, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.formatting import format_citations
from careerkit.core.frozen import replace
from careerkit.core.interview.interview import Interview, build_failed_check
from careerkit.core.interview.rendering import TextRenderer
from careerkit.core.journal.corrections import apply_corrections
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.events import Event
from careerkit.core.journal.snapshot import BAND_TYPE, build_answer
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import abbreviate
from careerkit.core.values import Value


class CorrectionSession:
    """Corrects the answers of one finished entry, each saved before the next can be made.

    `playbook` must be the version that the entry was made with. Raises Refused for an unfinished entry. `events` are
    the corrections made so far.
    """

    def __init__(self, entry: Entry, playbook: Playbook, changes: EntryChanges) -> None:
        if not entry.finished:
            hint = f"Its answers can still be changed: careerkit resume {entry.handle}"
            raise Refused(Problem("entry-open", "This entry is not finished.", hint, entry.handle))
        self.events: list[Event] = []
        self._entry = entry
        self._changes = changes
        self._interview = apply_corrections(entry, changes.history, playbook)

    def run(self, screen: Screen) -> None:
        """Let the person choose questions from the review and answer them again, until they close it."""
        while True:
            reply = screen.review(self._review())
            match reply:
                case GoTo(question_id=question_id):
                    if self._ask(screen, question_id) == "stopped":
                        return
                case ChooseBand(compute_id=compute_id, band=band):
                    self._save(self._interview.choose_band(compute_id, band), compute_id)
                case _:
                    return

    def apply_all(self, given: Mapping[str, object]) -> None:
        """Correct several answers at once: raw answers by question id, and band ids by compute id.

        Raises Refused with everything that is wrong; then nothing is saved.
        """
        interview, problems = self._apply_valid(given)
        problems = [*find_unknown_questions(interview, given), *problems]
        if problems:
            raise Refused(problems)
        self._save(interview, *given)

    def _review(self) -> Review:
        """The current answers. Where two machines disagree, a line shows both."""
        review = build_review(self._interview, is_finished=True)
        disputed = {name: sides for name, sides in self._changes.history.corrections.items() if _conflict(sides)}
        lines = (
            replace(line, shown=_format_conflict(disputed[line.question_id])) if line.question_id in disputed else line
            for line in review.lines
        )
        return replace(review, lines=tuple(lines))

    # ------------------------------------------------------------ one question

    def _ask(self, screen: Screen, question_id: str) -> Literal["stopped", "asked"]:
        interview = self._interview.go_to(question_id)
        ask = interview.current_ask()
        assert ask is not None, "go_to has just moved there"
        facts, question = interview.facts(), ask.question
        sources = format_citations(question.source, {source.id: source.cite for source in interview.playbook.sources})
        why = TextRenderer(facts).render(question.why)
        while True:
            reply = screen.ask(ask, why=why, sources=sources)
            if not isinstance(reply, Submit):
                return "stopped" if isinstance(reply, Stop) else "asked"
            try:
                after = interview.set_answer(question_id, cast("Value", reply.value))
                message = self._describe(question_id, after)
                self._save(after, question_id)
            except Refused as refused:
                screen.show_errors(refused.problems)
                continue
            screen.answered(ask, TextRenderer(after.facts()).render_answer(question_id, after.answers[question_id]))
            if message:
                screen.show_info(message)
            return "asked"

    def _describe(self, question_id: str, after: Interview) -> str:
        """Quote the original answer and say what the new one does to the questions; "" if the answer is the same."""
        if after.answers[question_id] == self._interview.answers.get(question_id):
            return ""
        first = next((each.shown for each in self._entry.answers if each.question == question_id), "")
        kept = f"The original answer is kept: {abbreviate(first, MAX_QUOTED_LENGTH)}" if first else ""
        return f"{kept} {describe_question_changes(self._interview.facts(), after.facts(), is_revision=True)}".strip()

    def _save(self, after: Interview, *names: str) -> None:
        """Record the answers to `names`, except those in effect already without a conflict."""
        before = self._interview
        for name in names:
            sides = self._changes.history.corrections.get(name, ())
            if _conflict(sides) or after.answers.get(name) != before.answers.get(name):
                self.events.append(self._record(after, name))
        self._interview = replace(after, cursor="")

    def _record(self, after: Interview, name: str) -> Event:
        facts, value = after.facts(), after.answers.get(name)
        if value is None:  # the person takes back their choice of a band
            label = facts.index.computes[name].label or name
            return self._changes.correct(name, None, type_=BAND_TYPE, shown="", asked=label)
        answer = build_answer(facts, TextRenderer(facts), name, value)
        return self._changes.correct(name, value, type_=answer.type, shown=answer.shown, asked=answer.asked)

    # ------------------------------------------------------------ all at once

    def _apply_valid(self, given: Mapping[str, object]) -> tuple[Interview, list[Problem]]:
        """The interview with all valid answers, and the problems of the others."""
        interview, problems = self._interview, list[Problem]()
        for compute in interview.playbook.computes:
            if compute.bands and compute.id in given:
                try:
                    interview = interview.choose_band(compute.id, str(given[compute.id]))
                except Refused as refused:
                    problems += refused.problems
        asked = [
            question for question in interview.playbook.questions if question.id in given and question.spec.has_answer
        ]
        for question in asked:
            try:
                interview = interview.keep_answer(question.id, given[question.id])
            except Refused as refused:
                problems += refused.problems
        facts = interview.facts()
        wrong = {problem.where for problem in problems}
        failed = [each for each in asked if each.id not in wrong and not facts.check_holds(each)]
        return interview, problems + [build_failed_check(each, facts) for each in failed]


def _conflict(sides: Sequence[Event]) -> bool:
    return any(each.value != sides[0].value for each in sides)


def _format_conflict(sides: Sequence[Event]) -> str:
    words = (each.shown or (each.value if isinstance(each.value, str) else "no answer") for each in sides)
    return f"{', or '.join(abbreviate(each, MAX_QUOTED_LENGTH) for each in words)} (two machines disagree)"
