"""The state of one passage and its transitions. Every transition gives a new interview; nothing here does I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

from careerkit.core.answer import accept, keep_lost
from careerkit.core.due import parse_due, shift
from careerkit.core.facts import Facts
from careerkit.core.facts.index import fields_of, options_from, options_of
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview.steps import Ask, Before, Card, Finish, Introduce, Progress, Read, Step, Tell
from careerkit.core.outcome.evaluate import evaluate_finding
from careerkit.core.playbook.model import Choice, DateForm, FindingRule, NoteForm, Playbook, Question, Stage
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Value
from careerkit.core.wording import Wording, short_line

Lane = Literal["full", "quick"]
CARD = "card"
NOTHING_BEGUN: Mapping[str, Value] = MappingProxyType({})

_recent: deque[Facts] = deque(maxlen=2)
"""Of the answers before and after a change: what follows from them is asked for several times in each turn."""


@frozen
class Interview:
    """One passage.

    `answers` are all kept answers, hidden ones too, and chosen bands by compute id. `begun` has what there is of answers
    that were not handed in yet, in the shape of an answer with parts missing. `passed` are the questions put off
    or left out, `said` the keys of the steps that were shown. `cursor` is the question that is being looked at again, or
    "" where the interview stands. `before` is what was said to questions that have changed since.
    """

    playbook: Playbook
    today: date
    lane: Lane = "full"
    answers: Mapping[str, Value] = MappingProxyType({})
    passed: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    cursor: str = ""
    before: Mapping[str, Before] = MappingProxyType({})
    begun: Mapping[str, Value] = NOTHING_BEGUN

    # ------------------------------------------------------------ what comes next

    def facts(self) -> Facts:
        """What follows from the answers. Interviews that hold the very same answers share it, so a way back costs little."""
        for facts in _recent:
            if facts.is_of(self.playbook, self.answers, self.today):
                return facts
        facts = Facts(self.playbook, self.answers, today=self.today)
        _recent.append(facts)
        return facts

    def step(self) -> Step:
        """The next thing to say or ask."""
        facts = self.facts()
        if self.cursor:
            return self._ask(facts, facts.index.questions[self.cursor])
        return next(self._steps(facts), Finish())

    def questions(self) -> tuple[Question, ...]:
        """The questions of the present branch and lane that have an answer to give, in order."""
        facts = self.facts()
        return tuple(question for question in self._branch(facts) if not isinstance(question.form, NoteForm))

    def present_ask(self) -> Ask | None:
        """The question that is being asked or comes next, past all that is only said."""
        facts = self.facts()
        if self.cursor:
            return self._ask(facts, facts.index.questions[self.cursor])
        return next((step for step in self._steps(facts) if isinstance(step, Ask)), None)

    # ------------------------------------------------------------ transitions

    def answer(self, question_id: str, raw: object) -> Interview:
        """The interview with `raw` as the answer; Refused where it does not fit the question or its check."""
        facts = self.facts()
        question = facts.index.questions[question_id]
        value = accept(question, raw, choices_of=facts.choices_of, today=self.today)
        kept = keep_lost(question, value, self.answers.get(question_id))
        answered = replace(
            self,
            answers=MappingProxyType({**self.answers, question_id: kept}),
            passed=self.passed - {question_id},
            cursor="",
            begun=self._begun_but(question_id),
        )
        if not answered.facts().check_holds(question):
            raise Refused(failed_check(question, answered.facts()))
        return answered

    def begin(self, question_id: str, parts: Value | None) -> Interview:
        """The interview in which so much of an answer is there, to be gone on with; None where nothing is any more."""
        begun = self._begun_but(question_id)
        return replace(self, begun=begun if parts is None else MappingProxyType({**begun, question_id: parts}))

    def choose_band(self, compute_id: str, band: str | None) -> Interview:
        """The interview with the person's own choice of a band, or without one where `band` is None."""
        compute = self.facts().index.computes[compute_id]
        known = [each.id for each in compute.bands]
        if band is not None and band not in known:
            raise Refused(
                Problem("unknown-band", f"There is no band {band!r}.", f"Choose from: {', '.join(known)}.", compute_id)
            )
        others = {key: value for key, value in self.answers.items() if key != compute_id}
        return replace(self, answers=MappingProxyType(others if band is None else {**others, compute_id: band}))

    def skip(self) -> Interview:
        """Put the present question off, or leave it out where it isn't required. An answer given before stays."""
        ask = self.present_ask()
        if ask is None:
            raise Refused(Problem("nothing-asked", "Nothing is left to ask.", "Use :review to change an answer."))
        if self.cursor and ask.kept is not None and not ask.complaint:
            return self.forward()
        if not ask.may_skip:
            raise Refused(
                Problem(
                    "needed",
                    "This one is needed to finish.",
                    "Answer it as well as you can, or stop here: all is saved.",
                    ask.question.id,
                )
            )
        return replace(self, passed=self.passed | {ask.question.id}, cursor="")

    def back(self) -> Interview:
        """Look at the question before the present one again; Refused at the first."""
        branch = [question.id for question in self.questions()]
        present = self.present_ask()
        here = branch.index(present.question.id) if present and present.question.id in branch else len(branch)
        if here == 0:
            raise Refused(Problem("first-question", "This is the first question.", "There is nothing before it."))
        return replace(self, cursor=branch[here - 1])

    def forward(self) -> Interview:
        """From a question that is looked at again to the next, up to where the interview stands."""
        if not self.cursor:
            raise Refused(Problem("not-answered", "Nothing after this is answered yet.", "Answer it, or put it off."))
        branch = [question.id for question in self.questions()]
        later = branch[branch.index(self.cursor) + 1 :] if self.cursor in branch else []
        stands = replace(self, cursor="")
        present = stands.present_ask()
        if not later or (present and present.question.id == later[0]):
            return stands
        return replace(self, cursor=later[0])

    def go_to(self, question_id: str) -> Interview:
        """Look at a question of the present branch again; Refused when it is not part of it."""
        if question_id not in [question.id for question in self.questions()]:
            raise Refused(
                Problem("not-on-branch", "That question is not asked here.", "Choose one of the review.", question_id)
            )
        return replace(self, cursor=question_id)

    def mark_said(self, key: str) -> Interview:
        """The interview after the step with this key was shown."""
        return replace(self, said=self.said | {key})

    # ------------------------------------------------------------ the walk

    def _steps(self, facts: Facts) -> Iterator[Step]:
        """All that is left to say or ask, in order; only the first of it is certain, for answers change the rest."""
        pending = self._early_findings(facts)
        last_quick = self._last_quick_stage()
        for stage in self._stages():
            yield from self._stage_steps(facts, stage, pending)
            if stage is last_quick and CARD not in self.said:
                yield Card(CARD)
        for question in self._branch(facts):
            if question.required and question.id in self.passed and not facts.is_answered(question):
                yield self._ask(facts, question)

    def _stage_steps(self, facts: Facts, stage: Stage, pending: dict[str, list[FindingRule]]) -> Iterator[Step]:
        asked = facts.holds(stage.when)
        if asked and any(facts.shows(question) for question in stage.questions):
            key = f"stage:{stage.id}"
            if key not in self.said:
                yield Introduce(key, stage.title, Wording(facts).line(stage.intro))
        for question in stage.questions:
            if facts.shows(question):
                yield from self._question_steps(facts, question)
            yield from self._tell(facts, pending.get(question.id, []))

    def _question_steps(self, facts: Facts, question: Question) -> Iterator[Step]:
        match question.form:
            case NoteForm(text=text):
                key = f"note:{question.id}"
                if key not in self.said:
                    wording = Wording(facts)
                    yield Read(key, wording.line(question.ask), wording.text(text))
            case _ if question.id not in self.passed and not facts.is_answered(question):
                yield self._ask(facts, question)

    def _tell(self, facts: Facts, rules: list[FindingRule]) -> Iterator[Step]:
        for rule in rules:
            key = f"finding:{rule.id}"
            finding = evaluate_finding(facts, rule) if key not in self.said else None
            if finding is not None:
                yield Tell(key, finding)

    def _early_findings(self, facts: Facts) -> dict[str, list[FindingRule]]:
        """The findings of level `stop`, by the last question that their `when` rests on."""
        found: dict[str, list[FindingRule]] = {}
        for rule in self.playbook.findings:
            roots = facts.condition_rests_on(rule.when) if rule.level == "stop" else frozenset()
            if roots:
                found.setdefault(max(roots, key=facts.index.order.__getitem__), []).append(rule)
        return found

    def _stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.playbook.stages if stage.quick or self.lane == "full")

    def _last_quick_stage(self) -> Stage | None:
        return next((stage for stage in reversed(self.playbook.stages) if stage.quick), None)

    def _branch(self, facts: Facts) -> Iterator[Question]:
        return (question for stage in self._stages() for question in stage.questions if facts.shows(question))

    # ------------------------------------------------------------ asking

    def _ask(self, facts: Facts, question: Question) -> Ask:
        wording = Wording(facts)
        choices, columns, *_ = *map(facts.choices_of, options_of(question)), (), ()
        return Ask(
            question=question,
            stage=facts.index.stage_of[question.id].title,
            ask=wording.line(question.ask),
            hint=wording.line(question.hint),
            progress=self._progress(facts, question),
            choices=choices,
            columns=columns,
            field_choices=_field_choices(facts, question),
            kept=self._kept(facts, question),
            begun=self.begun.get(question.id),
            default=_offered(question, self.today),
            complaint=_complaint(facts, question, self.before.get(question.id)),
            may_skip=not (question.required and question.id in self.passed),
        )

    def _kept(self, facts: Facts, question: Question) -> Value | None:
        """The answer given before; of a question that has changed since, only one that fits it still."""
        kept, before = facts.kept(question.id), self.before.get(question.id)
        if kept is not None or before is None:
            return kept
        try:
            return accept(question, before.value, choices_of=facts.choices_of, today=self.today)
        except Refused:
            return None

    def _begun_but(self, question_id: str) -> Mapping[str, Value]:
        return MappingProxyType({name: parts for name, parts in self.begun.items() if name != question_id})

    def _progress(self, facts: Facts, question: Question) -> Progress:
        branch = [each for each in self._branch(facts) if not isinstance(each.form, NoteForm)]
        stage = facts.index.stage_of[question.id]
        here = [each for each in branch if facts.index.stage_of[each.id] is stage]
        answered = sum(facts.is_answered(each) for each in branch)
        number = 1 + next((place for place, each in enumerate(here) if each.id == question.id), 0)
        return Progress(number, len(here), answered, len(branch))


def failed_check(question: Question, facts: Facts) -> Problem:
    """What is wrong with an answer whose check does not hold."""
    text = Wording(facts).line(question.check_text) or "This does not fit your other answers."
    return Problem("check-failed", text, "Change this answer, or go back and change the other one.", question.id)


def _offered(question: Question, today: date) -> object:
    """The default, with a date that is counted from today as that date."""
    match question.form, question.default:
        case DateForm(), str() as written:
            due = parse_due(written)
            return shift(today, due) if due else written
    return question.default


def _field_choices(facts: Facts, question: Question) -> Mapping[str, tuple[Choice, ...]]:
    return MappingProxyType(
        {field.id: facts.choices_of(options) for field in fields_of(question) for options in options_from(field)}
    )


def _complaint(facts: Facts, question: Question, before: Before | None) -> str:
    if before and facts.kept(question.id) is None:
        return f"This question has changed since. You said before: {short_line(before.shown)}"
    if facts.kept(question.id) is None or facts.is_answered(question):
        return ""
    if not facts.check_holds(question):
        return failed_check(question, facts).message
    return "What this question asks about has changed: please complete it."
