"""Preview a playbook: a session whose entry nobody keeps, from any question on, and continued when the file changes."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType

from careerkit.coaching.ports import Clock, Journal, Screen
from careerkit.coaching.resume import describe_changes
from careerkit.coaching.session import Session, start_session
from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.expressions.ast import Binary, Name, Node, Unary
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.parser import parse
from careerkit.core.facts import Facts, list_changing_options
from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import Ask, EnterStage, Finish, ShowCard, ShowFinding, ShowNote, Step
from careerkit.core.journal.snapshot import migrate, record_interview
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question, validate_answer
from careerkit.core.text import quote_fragment
from careerkit.core.values import Value

FILE_CHANGED = "The file has changed."
PREVIEW_NOTE = "This is a preview. Nothing is saved."
MAX_RESTARTS, MAX_CHANGES = 12, 150
"""How many people are made up, and how often one changes an answer, to find one who is asked the question."""
MAX_ATTEMPTS = 20
"""How many answers are made up for a question before it is left out: its check may refuse most of them."""
SHARE_LEFT_OUT = 0.25
"""How often a question that isn't required is left out."""

Answers = Mapping[str, Value]


def start_preview(
    playbook: Playbook,
    source: bytes,
    *,
    screen: Screen,
    journal: Journal,
    clock: Clock,
    start_at: str = "",
    has_changed: bool = False,
) -> Session:
    """A session of `playbook`, at its first question or, with made-up answers before it, at `start_at`.

    Shows the opening, which says if the file `has_changed`. `journal` should be one in memory. Raises Refused if the
    question doesn't come up.
    """
    session = start_session(playbook, source, lane="full", screen=screen, journal=journal, clock=clock)
    notes = [FILE_CHANGED] if has_changed else []
    notes.append(PREVIEW_NOTE)
    if start_at:
        session.interview = fill_until(session.interview, start_at)
        if session.interview.answers:
            notes.append(f"The answers before {start_at} are made up.")
    screen.open(playbook, note=" ".join(notes))
    return session


def continue_preview(
    before: Session, playbook: Playbook, source: bytes, *, screen: Screen, journal: Journal
) -> Session:
    """The session with the changed playbook and the answers that still fit; shows the opening and what has changed."""
    entry = replace(record_interview(before.entry, before.interview), finished=None, outcome=None, quick_given=None)
    moved = migrate(entry, before.interview.playbook, playbook)
    fresh = replace(moved.entry, id=journal.new_id(before.clock.now()))
    session = Session(replace(moved.interview, lane="full"), fresh, screen, journal, before.clock, source=source)
    screen.open(playbook, note=f"{describe_changes(moved, opening=FILE_CHANGED)} Nothing is saved.")
    return session


def fill_until(interview: Interview, question_id: str) -> Interview:
    """The interview at that question or note, with made-up answers to what comes before it.

    Always the same for the same playbook and day. Raises Refused if there is no such question, or if no answers were
    found with which it is asked.
    """
    question = next((each for each in interview.playbook.questions if each.id == question_id), None)
    if question is None:
        _refuse_checkin_question(interview.playbook, question_id)
        near = find_closest(question_id, [each.id for each in interview.playbook.questions])
        hint = f"Did you mean {near}?" if near else "`careerkit playbook show` lists the questions."
        message = f"The playbook has no question {quote_fragment(question_id)}."
        raise Refused(Problem("unknown-question", message, hint, "--from"))
    for seed in range(MAX_RESTARTS):
        answers = _Search(interview, question, Random(seed)).run()  # noqa: S311 - nothing secret
        if answers is not None:
            return _play(interview, answers, question)
    message = f"No made-up answers led to {question_id}."
    hint = "Start without --from, or look at its condition."
    raise Refused(Problem("not-reached", message, hint, "--from"))


def _refuse_checkin_question(playbook: Playbook, question_id: str) -> None:
    for checkin in playbook.checkins:
        if any(each.id == question_id for each in checkin.questions):
            message = f"{quote_fragment(question_id)} is a question of the check-in {quote_fragment(checkin.id)}."
            hint = "Try out a check-in with `careerkit run FILE --at DAY`, where DAY is one on which it is due, such as +2w."
            raise Refused(Problem("checkin-question", message, hint, "--from"))


class _Search:
    """Changes one answer after another, keeping each change that brings the question no further away."""

    def __init__(self, interview: Interview, target: Question, random: Random) -> None:
        self._interview = interview
        self._target = target
        self._random = random
        self._before = interview.playbook.questions[: interview.playbook.questions.index(target)]
        self._relevant = _find_relevant(interview.facts(), target)

    def run(self) -> Answers | None:
        """Answers with which the question is asked; None if none were found."""
        answers = self._invent({}, "")
        score = self._score(answers)
        for _ in range(MAX_CHANGES):
            if self._facts(answers).is_visible(self._target):
                return answers
            if not self._relevant:
                return None
            changed = self._invent(answers, self._random.choice(self._relevant))
            after = self._score(changed)
            if after >= score:
                answers, score = changed, after
        return answers if self._facts(answers).is_visible(self._target) else None

    def _invent(self, kept: Answers, renewed: str) -> Answers:
        """Answers to everything before the question, in order: those that are kept, with another one to `renewed`."""
        answers: dict[str, Value] = {}
        facts = self._facts(answers)
        for each in self._before:
            if not each.spec.has_answer or not facts.is_visible(each):
                continue
            value = kept.get(each.id) if each.id != renewed else None
            answers, facts = self._answer(each, answers, facts, value)
        return answers

    def _answer(
        self, question: Question, answers: dict[str, Value], facts: Facts, kept: Value | None
    ) -> tuple[dict[str, Value], Facts]:
        if kept is not None:
            with_kept = {**answers, question.id: kept}
            found = self._facts(with_kept)
            if found.is_answered(question):
                return with_kept, found
        attempts = 0 if not question.required and self._random.random() < SHARE_LEFT_OUT else MAX_ATTEMPTS
        for _ in range(attempts):
            try:
                raw = question.spec.invent(facts.choices_for, self._interview.today, self._random)
                value = validate_answer(
                    question,
                    raw,
                    choices_of=facts.choices_for,
                    today=self._interview.today,
                    shows_field=facts.field_filter(question),
                )
            except (Refused, IndexError):  # the answer isn't valid, or there is nothing to choose from
                continue
            changed = {**answers, question.id: value}
            found = self._facts(changed)
            if found.check_holds(question):
                return changed, found
        return answers, facts

    def _facts(self, answers: Answers) -> Facts:
        base = self._interview
        return Facts(base.playbook, answers, today=base.today, started=base.started, zone=base.zone)

    def _score(self, answers: Answers) -> float:
        """How near the question is: the share of its conditions that hold, and of what they need that is asked."""
        facts = self._facts(answers)
        stage = facts.index.stage_of[self._target.id]
        near = sum(_measure(parse(each), facts) for each in (stage.when, self._target.when) if each)
        near += sum(bool(facts.choices_for(each)) for each in list_changing_options(self._target))
        asked = [facts.value(each) is not None for each in self._relevant]
        return near + 0.1 * sum(asked) / max(1, len(asked))


def _measure(node: Node, facts: Facts) -> float:
    """How much of a condition holds, from 0 to 1."""
    match node:
        case Binary(operator="and", left=left, right=right):
            return (_measure(left, facts) + _measure(right, facts)) / 2
        case Binary(operator="or", left=left, right=right):
            return max(_measure(left, facts), _measure(right, facts))
        case Unary(operator="not", operand=operand):
            return 1 - _measure(operand, facts)
        case Name(id=name) if name in facts.index.computes and facts.index.computes[name].value:
            return _measure(parse(facts.index.computes[name].value), facts)
    return float(evaluate(node, facts) is True)


def _find_relevant(facts: Facts, target: Question) -> list[str]:
    """The questions before the target that decide, directly or through others, whether it is asked."""
    order, found, waiting = facts.index.order, set(), [target]
    while waiting:
        question = waiting.pop()
        stage = facts.index.stage_of[question.id]
        sources = {each.source for each in question.spec.all_options if each.source}
        conditions = [
            stage.when,
            question.when,
            *(choice.when for each in question.spec.all_options for choice in each.choices),
        ]
        for name in sources.union(*(facts.condition_depends_on(each) for each in conditions)):
            if name not in found and order[name] < order[target.id]:
                found.add(name)
                waiting.append(facts.index.questions[name])
    return sorted(found, key=order.__getitem__)


def _play(interview: Interview, answers: Answers, target: Question) -> Interview:
    """The interview with the answers, and with everything before the question shown or left out."""
    interview = replace(interview, answers=MappingProxyType(dict(answers)))
    while not _is_at(step := interview.step(), target):
        match step:
            case Ask(question=question):
                interview = replace(interview, skipped=interview.skipped | {question.id})
            case EnterStage(key=key) | ShowNote(key=key) | ShowFinding(key=key) | ShowCard(key=key):
                interview = interview.mark_shown(key)
            case Finish():
                return interview
    return interview


def _is_at(step: Step, target: Question) -> bool:
    match step:
        case Ask(question=question):
            return question.id == target.id
        case ShowNote(key=key):
            return key == f"note:{target.id}"
    return False
