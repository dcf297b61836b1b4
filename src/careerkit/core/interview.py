"""The state of one interview or check-in and its transitions. Every transition returns a new interview."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType

from careerkit.core.errors import Problem, Refused
from careerkit.core.facts import Facts, list_changing_options
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview_steps import (
    Ask,
    EnterStage,
    Finish,
    PreviousAnswer,
    QuestionProgress,
    ShowCard,
    ShowFinding,
    ShowNote,
    Step,
)
from careerkit.core.journal.entry import Lane
from careerkit.core.outcome.evaluate import evaluate_finding
from careerkit.core.playbook.model import CheckinRule, FindingRule, Playbook, Stage
from careerkit.core.questions.question import Choice, Question, validate_answer
from careerkit.core.rendering import TextRenderer
from careerkit.core.text import abbreviate, quote_fragment
from careerkit.core.values import Value

CARD_KEY = "card"
MAX_QUOTED_LENGTH = 200
NO_DRAFTS: Mapping[str, Value] = MappingProxyType({})

_facts_cache: deque[Facts] = deque(maxlen=2)
"""The facts of the last two sets of answers: before and after a change, which each step uses several times."""

STAGE_PREFIX = "checkin:"


@frozen
class Interview:
    """The answers so far, and the position in the playbook.

    `answers` maps question ids to answers, including hidden ones, and compute ids to chosen bands. `drafts` have the form
    of an answer with parts missing. `skipped` holds question ids, and `shown` the keys of steps that were shown. `cursor`
    is the question that the person went back or jumped to, or "". `previous` holds the answers to questions that have
    changed since.

    `today` is the day the interview started: offsets such as "+2w" count from it. `started` is the moment, with its
    offset, and `zone` the IANA name of the time zone; both are only needed for hours.

    Only the questions of `only_stage` are asked, unless it is "". `done` holds the ids of finished actions. Both are for
    check-ins.
    """

    playbook: Playbook
    today: date
    lane: Lane = "full"
    answers: Mapping[str, Value] = MappingProxyType({})
    skipped: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    cursor: str = ""
    previous: Mapping[str, PreviousAnswer] = MappingProxyType({})
    drafts: Mapping[str, Value] = NO_DRAFTS
    started: datetime | None = None
    zone: str = ""
    only_stage: str = ""
    done: frozenset[str] = frozenset()

    # ------------------------------------------------------------ the current step

    def facts(self) -> Facts:
        """What follows from the answers. Interviews with the same answers share it, so going back is cheap."""
        for facts in _facts_cache:
            if facts.matches(
                self.playbook,
                self.answers,
                today=self.today,
                started=self.started,
                zone=self.zone,
                done=self.done,
            ):
                return facts
        facts = Facts(
            self.playbook, self.answers, today=self.today, started=self.started, zone=self.zone, done=self.done
        )
        _facts_cache.append(facts)
        return facts

    def step(self) -> Step:
        """The next step to show or ask."""
        facts = self.facts()
        if self.cursor:
            return self._ask(facts, facts.index.questions[self.cursor])
        return next(self._steps(facts), Finish())

    def questions(self) -> tuple[Question, ...]:
        """The questions of the current branch and lane in order, without notes."""
        facts = self.facts()
        return tuple(question for question in self._branch(facts) if question.spec.has_answer)

    def current_ask(self) -> Ask | None:
        """The question being asked, or the next one after anything that is only shown."""
        facts = self.facts()
        if self.cursor:
            return self._ask(facts, facts.index.questions[self.cursor])
        return next((step for step in self._steps(facts) if isinstance(step, Ask)), None)

    # ------------------------------------------------------------ transitions

    def answer(self, question_id: str, raw: object) -> Interview:
        """Validate `raw` and set it as the answer. Raises Refused if it doesn't fit the question, or fails its check."""
        facts = self.facts()
        question = facts.index.questions[question_id]
        return self.set_answer(
            question_id,
            validate_answer(
                question,
                raw,
                choices_of=facts.choices_for,
                today=self.today,
                shows_field=facts.field_filter(question),
            ),
        )

    def set_answer(self, question_id: str, value: Value) -> Interview:
        """Set a valid `value` as the answer. Raises Refused if the question's check against other answers fails.

        `value` is what `validate_answer` returned, so it is not validated again.
        """
        question = self.facts().index.questions[question_id]
        before = self.answers.get(question_id)
        kept = value if before is None else question.spec.merge_hidden(value, before)
        answered = replace(
            self,
            answers=MappingProxyType({**self.answers, question_id: kept}),
            skipped=self.skipped - {question_id},
            cursor="",
            drafts=self._drafts_without(question_id),
        )
        if not answered.facts().check_holds(question):
            raise Refused(build_failed_check(question, answered.facts()))
        return answered

    def keep_answer(self, question_id: str, raw: object) -> Interview:
        """Validate `raw` and set it as the answer, even if its question is hidden. Its check is not run.

        Raises Refused if it doesn't fit the question.
        """
        facts = self.facts()
        value = validate_answer(
            facts.index.questions[question_id], raw, choices_of=facts.stored_choices_for, today=self.today
        )
        return replace(self, answers=MappingProxyType({**self.answers, question_id: value}))

    def save_draft(self, question_id: str, parts: Value | None) -> Interview:
        """Set the draft of an answer; None removes it."""
        others = self._drafts_without(question_id)
        return replace(self, drafts=others if parts is None else MappingProxyType({**others, question_id: parts}))

    def choose_band(self, compute_id: str, band: str | None) -> Interview:
        """Set the person's own choice of a band; None removes it. Raises Refused for an unknown band."""
        compute = self.facts().index.computes[compute_id]
        known = [each.id for each in compute.bands]
        if band is not None and band not in known:
            raise Refused(
                Problem(
                    "unknown-band",
                    f"There is no band {quote_fragment(band)}.",
                    f"Choose from: {', '.join(known)}.",
                    compute_id,
                )
            )
        others = {key: value for key, value in self.answers.items() if key != compute_id}
        return replace(self, answers=MappingProxyType(others if band is None else {**others, compute_id: band}))

    def skip(self) -> Interview:
        """Skip the current question. An earlier answer is kept.

        If the person went back to an answered question, this goes `forward`. Raises Refused if nothing is asked, or if a
        required question that was skipped before is asked again.
        """
        ask = self.current_ask()
        if ask is None:
            raise Refused(Problem("nothing-asked", "Nothing is left to ask.", "Use :review to change an answer."))
        if self.cursor and ask.kept is not None and not ask.reopened_because:
            return self.forward()
        if not ask.may_skip:
            raise Refused(
                Problem(
                    "needed",
                    "This question must be answered to finish.",
                    "Answer it as well as you can, or stop here: everything is saved.",
                    ask.question.id,
                )
            )
        return replace(self, skipped=self.skipped | {ask.question.id}, cursor="")

    def back(self) -> Interview:
        """Go back to the previous question. Raises Refused at the first one."""
        branch = [question.id for question in self.questions()]
        ask = self.current_ask()
        position = branch.index(ask.question.id) if ask and ask.question.id in branch else len(branch)
        if position == 0:
            raise Refused(Problem("first-question", "This is the first question.", "There is nothing before it."))
        return replace(self, cursor=branch[position - 1])

    def forward(self) -> Interview:
        """Go to the next question after going back. Raises Refused at the first unanswered question."""
        if not self.cursor:
            raise Refused(Problem("not-answered", "Nothing after this is answered yet.", "Answer it, or skip it."))
        branch = [question.id for question in self.questions()]
        later = branch[branch.index(self.cursor) + 1 :] if self.cursor in branch else []
        current = replace(self, cursor="")
        ask = current.current_ask()
        if not later or (ask and ask.question.id == later[0]):
            return current
        return replace(self, cursor=later[0])

    def go_to(self, question_id: str) -> Interview:
        """Go to a question of the current branch. Raises Refused for any other question."""
        if question_id not in [question.id for question in self.questions()]:
            raise Refused(
                Problem(
                    "not-on-branch",
                    "With your answers so far, this question doesn't come up.",
                    "Choose one from the review.",
                    question_id,
                )
            )
        return replace(self, cursor=question_id)

    def mark_shown(self, key: str) -> Interview:
        """Mark the step with this key as shown."""
        return replace(self, shown=self.shown | {key})

    # ------------------------------------------------------------ steps

    def _steps(self, facts: Facts) -> Iterator[Step]:
        """The remaining steps in order; only the first is certain, because answers change the rest."""
        pending = self._early_findings(facts)
        last_quick = self._last_quick_stage()
        for stage in self._stages():
            yield from self._stage_steps(facts, stage, pending)
            if stage is last_quick and CARD_KEY not in self.shown:
                yield ShowCard(CARD_KEY)
        for question in self._branch(facts):
            if question.required and question.id in self.skipped and not facts.is_answered(question):
                yield self._ask(facts, question)

    def _stage_steps(self, facts: Facts, stage: Stage, pending: dict[str, list[FindingRule]]) -> Iterator[Step]:
        asked = facts.holds(stage.when)
        if asked and any(facts.is_visible(question) for question in stage.questions):
            key = f"stage:{stage.id}"
            if key not in self.shown:
                yield EnterStage(key, stage.title, TextRenderer(facts).render(stage.intro))
        for question in stage.questions:
            if facts.is_visible(question):
                yield from self._question_steps(facts, question)
            yield from self._finding_steps(facts, pending.get(question.id, []))

    def _question_steps(self, facts: Facts, question: Question) -> Iterator[Step]:
        key = f"note:{question.id}"
        if question.spec.has_answer:
            if question.id not in self.skipped and not facts.is_answered(question):
                yield self._ask(facts, question)
        elif key not in self.shown:
            wording = TextRenderer(facts)
            yield ShowNote(key, wording.render(question.ask), wording.render_lines(question.spec.text))

    def _finding_steps(self, facts: Facts, rules: list[FindingRule]) -> Iterator[Step]:
        for rule in rules:
            key = f"finding:{rule.id}"
            finding = evaluate_finding(facts, rule) if key not in self.shown else None
            if finding is not None:
                yield ShowFinding(key, finding)

    def _early_findings(self, facts: Facts) -> dict[str, list[FindingRule]]:
        """The findings of level `stop`, by the last question that their condition depends on."""
        found: dict[str, list[FindingRule]] = {}
        for rule in self.playbook.findings:
            roots = facts.condition_depends_on(rule.when) if rule.level == "stop" else frozenset()
            if roots:
                found.setdefault(max(roots, key=facts.index.order.__getitem__), []).append(rule)
        return found

    def _stages(self) -> tuple[Stage, ...]:
        if self.only_stage:
            return tuple(stage for stage in self.playbook.stages if stage.id == self.only_stage)
        return tuple(stage for stage in self.playbook.stages if stage.quick or self.lane == "full")

    def _last_quick_stage(self) -> Stage | None:
        return next((stage for stage in reversed(self.playbook.stages) if stage.quick), None)

    def _branch(self, facts: Facts) -> Iterator[Question]:
        return (question for stage in self._stages() for question in stage.questions if facts.is_visible(question))

    # ------------------------------------------------------------ asking

    def _ask(self, facts: Facts, question: Question) -> Ask:
        wording = TextRenderer(facts)
        choices, columns, *_ = *map(facts.choices_for, question.spec.all_options), (), ()
        return Ask(
            question=question,
            stage=facts.index.stage_of[question.id].title,
            ask=wording.render(question.ask),
            hint=wording.render(question.hint),
            progress=self._progress(facts, question),
            choices=choices,
            columns=columns,
            field_choices=_field_choices(facts, question),
            kept=self._kept(facts, question),
            draft=self.drafts.get(question.id),
            default=question.spec.resolve_default(question.default, self.today),
            reopened_because=_explain_reopening(facts, question, self.previous.get(question.id)),
            may_skip=not (question.required and question.id in self.skipped),
            today=self.today,
            shows_field=facts.field_filter(question) if any(field.when for field in question.spec.fields) else None,
        )

    def _kept(self, facts: Facts, question: Question) -> Value | None:
        """The earlier answer; if the question has changed since, only if it is still valid."""
        kept, before = facts.stored_answer(question.id), self.previous.get(question.id)
        if kept is not None or before is None:
            return kept
        try:
            return validate_answer(question, before.value, choices_of=facts.choices_for, today=self.today)
        except Refused:
            return None

    def _drafts_without(self, question_id: str) -> Mapping[str, Value]:
        return MappingProxyType({name: parts for name, parts in self.drafts.items() if name != question_id})

    def _progress(self, facts: Facts, question: Question) -> QuestionProgress:
        branch = [each for each in self._branch(facts) if each.spec.has_answer]
        stage = facts.index.stage_of[question.id]
        here = [each for each in branch if facts.index.stage_of[each.id] is stage]
        answered = sum(facts.is_answered(each) for each in branch)
        number = 1 + next((place for place, each in enumerate(here) if each.id == question.id), 0)
        return QuestionProgress(number, len(here), answered, len(branch))


def build_failed_check(question: Question, facts: Facts) -> Problem:
    """The problem to report for an answer that fails its question's check."""
    text = TextRenderer(facts).render(question.check_text) or "This doesn't fit your other answers."
    return Problem("check-failed", text, "Change this answer, or go back and change the other one.", question.id)


def find_checkin_rule(playbook: Playbook, checkin_id: str) -> CheckinRule | None:
    """The rule of a check-in; that of a repeated one, `week_3`, is `week`. None if the playbook has no such rule."""
    rules = {each.id: each for each in playbook.checkins}
    if checkin_id in rules:
        return rules[checkin_id]
    base, _, number = checkin_id.rpartition("_")
    rule = rules.get(base)
    return rule if rule and rule.every and number.isdigit() else None


def start_checkin(
    interview: Interview, rule: CheckinRule, answers: Mapping[str, Value], *, done: frozenset[str], today: date
) -> Interview:
    """The interview of a check-in.

    `interview` is the first one, with its corrections; `answers` are those given in this check-in so far, by question,
    and `done` the ids of finished actions. The playbook of the result has the check-in as its last stage, which alone is
    asked, and the check-in's findings, drafts and actions instead of its own.
    """
    playbook = interview.playbook
    title = TextRenderer(interview.facts()).render(rule.title)
    stage = Stage(STAGE_PREFIX + rule.id, title, rule.questions)
    derived = replace(
        playbook,
        stages=(*playbook.stages, stage),
        findings=rule.findings,
        drafts=rule.drafts,
        actions=rule.actions,
        checkins=tuple(each for each in playbook.checkins if each.id != rule.id),
        headlines=(),
        small="",
        deadline="",
        deadline_hour="",
    )
    return replace(
        interview,
        playbook=derived,
        today=today,
        lane="full",
        answers=MappingProxyType({**interview.answers, **answers}),
        shown=frozenset((f"stage:{stage.id}",)),
        skipped=frozenset(),
        cursor="",
        drafts=MappingProxyType({}),
        only_stage=stage.id,
        done=done,
    )


def _field_choices(facts: Facts, question: Question) -> Mapping[str, tuple[Choice, ...]]:
    return MappingProxyType(
        {
            field.id: facts.choices_for(options)
            for field in question.spec.fields
            for options in list_changing_options(field)
        }
    )


def _explain_reopening(facts: Facts, question: Question, before: PreviousAnswer | None) -> str:
    if before and facts.stored_answer(question.id) is None:
        return f"This question has changed. Your earlier answer: {abbreviate(before.shown, MAX_QUOTED_LENGTH)}"
    if facts.stored_answer(question.id) is None or facts.is_answered(question):
        return ""
    if not facts.check_holds(question):
        return build_failed_check(question, facts).message
    return "The items in this question have changed. Please complete your answer."
