"""Run a whole interview on a table of answers, without asking anything. Every problem is reported at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from careerkit.coaching.ports import Clock, Journal
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview.interview import Interview
from careerkit.core.interview.steps import Ask, EnterStage, ShowCard, ShowFinding, ShowNote
from careerkit.core.journal.entry import Entry, Lane
from careerkit.core.journal.snapshot import create_entry
from careerkit.core.outcome.evaluate import evaluate_outcome, merge_early
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question
from careerkit.core.text import quote_fragment

MAX_PROBLEMS, MAX_SUGGESTIONS = 100, 20
"""The most problems of an answers file that are reported, and for how many a similar name is looked for."""


@frozen
class BatchResult:
    """The interview with all its answers.

    `at_card` is the interview at the end of the quick lane, or None if there is none. `notes` would have been shown.
    `hidden` are the questions that were answered, but are not asked.
    """

    interview: Interview
    at_card: Interview | None
    notes: tuple[ShowNote, ...] = ()
    hidden: tuple[str, ...] = ()


def run_batch(
    playbook: Playbook,
    source: bytes,
    answers: Mapping[str, object],
    *,
    lane: Lane,
    journal: Journal,
    clock: Clock,
    show_note: Callable[[ShowNote], object] = lambda _: None,
    report: Callable[[list[Problem]], object] = lambda _: None,
) -> Entry:
    """Save and return the entry of an interview with these answers, finished unless it is in the quick lane.

    `source` holds the playbook's bytes. `show_note` gets the notes on the way, after the entry was saved, and `report`
    warnings about answers that don't count. Raises Refused with everything that is wrong with the answers; then nothing
    is saved.
    """
    now, zone = clock.now(), clock.zone()
    result = apply_answers(Interview(playbook, today=now.date(), lane=lane, started=now, zone=zone), answers)
    entry = create_entry(journal.new_id(now), result.interview, machine=journal.machine, started=now, zone=zone)
    is_quick = result.at_card is not None and lane == "quick"
    entry = replace(
        entry,
        quick_given=now if result.at_card else None,
        finished=None if is_quick else now,
        outcome=evaluate_batch(result, given=now),
    )
    journal.create(entry, source)
    for note in result.notes:
        show_note(note)
    if result.hidden:
        report([_describe_hidden(name) for name in result.hidden[:MAX_PROBLEMS]])
    return entry


def apply_answers(interview: Interview, answers: Mapping[str, object]) -> BatchResult:
    """Answer every question from `answers`: raw answers by question id, and band ids by compute id.

    Defaults count as answers. An answer to a question that turns out to be hidden is kept. Raises Refused with every
    missing, unknown and invalid answer.
    """
    batch = _Batch(interview, answers)
    batch.choose_bands()
    batch.run_to_end()
    batch.keep_hidden()
    problems = find_unknown_questions(interview, answers) + batch.problems
    if problems:
        raise Refused(problems[:MAX_PROBLEMS])
    return BatchResult(batch.interview, batch.at_card, tuple(batch.notes), batch.list_hidden())


def _describe_hidden(name: str) -> Problem:
    message = f"The answer to {quote_fragment(name)} doesn't count: with the other answers, that question isn't asked."
    hint = "It is kept in case that changes. Remove it if it's a mistake."
    return Problem("hidden-answer", message, hint, name, "warning")


def evaluate_batch(result: BatchResult, *, given: datetime) -> Outcome:
    """The outcome of the interview in its lane."""
    early = evaluate_outcome(result.at_card.facts(), given=given, quick=True) if result.at_card else None
    if early and result.interview.lane == "quick":
        return early
    return merge_early(early, evaluate_outcome(result.interview.facts(), given=given))


def find_unknown_questions(interview: Interview, answers: Mapping[str, object]) -> list[Problem]:
    """A problem for each name in `answers` that is neither a question nor a compute with bands."""
    known = {question.id for question in interview.playbook.questions if question.spec.has_answer}
    known |= {compute.id for compute in interview.playbook.computes if compute.bands}
    problems: list[Problem] = []
    for name in answers:
        if name not in known:
            if len(problems) >= MAX_PROBLEMS:
                break
            near = find_closest(name, known) if len(problems) < MAX_SUGGESTIONS else None
            hint = f"Did you mean {near}?" if near else "`careerkit playbook show` lists the questions and their ids."
            problems.append(Problem("unknown-question", f"There is no question {quote_fragment(name)}.", hint, name))
    return problems


class _Batch:
    """Runs through the interview and continues after an invalid answer, so that later problems are found too."""

    def __init__(self, interview: Interview, answers: Mapping[str, object]) -> None:
        self.interview = interview
        self.at_card: Interview | None = None
        self.problems: list[Problem] = []
        self.notes: list[ShowNote] = []
        self._answers = answers
        self._asked: set[str] = set()

    def choose_bands(self) -> None:
        for compute in self.interview.playbook.computes:
            if compute.bands and compute.id in self._answers:
                try:
                    self.interview = self.interview.choose_band(compute.id, str(self._answers[compute.id]))
                except Refused as refused:
                    self.problems += refused.problems

    def run_to_end(self) -> None:
        while True:
            step = self.interview.step()
            match step:
                case EnterStage(key=key) | ShowFinding(key=key):
                    self.interview = self.interview.mark_shown(key)
                case ShowNote(key=key):
                    self.notes.append(step)
                    self.interview = self.interview.mark_shown(key)
                case ShowCard(key=key):
                    self.at_card = self.interview
                    self.interview = self.interview.mark_shown(key)
                case Ask() if step.question.id not in self._asked:
                    self._asked.add(step.question.id)
                    self._answer(step)
                case _:
                    return

    def keep_hidden(self) -> None:
        for question in self.interview.playbook.questions:
            is_left = question.id in self._answers and question.id not in self._asked
            if is_left and question.spec.has_answer:
                self._keep(question)

    def list_hidden(self) -> tuple[str, ...]:
        """The questions with an answer in the file that are not asked with the answers as they are."""
        facts = self.interview.facts()
        questions = self.interview.playbook.questions
        return tuple(each.id for each in questions if each.id in self._answers and not facts.is_visible(each))

    def _keep(self, question: Question) -> None:
        try:
            self.interview = self.interview.keep_answer(question.id, self._answers[question.id])
        except Refused as refused:
            self.problems += refused.problems

    def _answer(self, ask: Ask) -> None:
        question = ask.question
        raw = self._answers.get(question.id, ask.default)
        skipped = replace(self.interview, skipped=self.interview.skipped | {question.id})
        try:
            self.interview = skipped if raw is None else self.interview.answer(question.id, raw)
        except Refused as refused:
            self.problems += refused.problems
            self.interview = skipped
        if raw is None and question.required:
            message = f"There is no answer to: {ask.ask}"
            self.problems.append(Problem("missing", message, f"Add a line {question.id} = ...", question.id))
