"""The report of a walk: example runs that reach a part of the playbook, or the proof that none does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from random import Random
from types import MappingProxyType
from typing import cast

from careerkit.core.errors import Refused
from careerkit.core.facts import Facts
from careerkit.core.frozen import Literal, frozen, replace
from careerkit.core.interview import Interview, find_checkin_rule, start_checkin
from careerkit.core.journal.entry import Lane
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook, Stage
from careerkit.core.playbook.walk.formulas import (
    DONE_PREFIX,
    FALSE,
    HOUR,
    TRUE,
    Moment,
    ReachFormula,
    VariableTable,
    evaluate_formula,
    list_classes,
)
from careerkit.core.playbook.walk.solver import Goal, SearchResult
from careerkit.core.playbook.walk.targets import Requirement, TargetKind, WalkTarget
from careerkit.core.questions.question import Question, validate_answer
from careerkit.core.values import Value

ReachVerdict = Literal["reached", "unreachable", "undecided"]
EndPart = Literal["finding", "action"]
Certainty = Literal["proved", "tried", "sampled"]
END_PARTS: tuple[EndPart, ...] = ("finding", "action")

WORDS_PER_MINUTE = 220
"""How fast a question is read; our own rule of thumb, like the seconds below."""
SECONDS_TO_ANSWER = {
    "yesno": 4, "choice": 7, "scale": 5, "number": 8, "date": 8, "choices": 12, "text": 25, "list": 40, "rank": 25,
    "weights": 45, "grid": 90, "records": 60,
}  # fmt: skip
"""The time for an answer, by the type of its question."""
DEFAULT_SECONDS = 15
MAX_WISHES = 40
"""The most answers to one question that are tried for one run, before it is given up."""

Search = Callable[[Sequence[Goal], frozenset[int]], SearchResult]
"""Search for answers that meet goals; the variables in the second argument may have any answer, even if they are hidden."""


@frozen
class Reach:
    """Whether a part of the playbook can be reached.

    If it is, `run` is the number of an example run, from 1. If it is proved that it isn't, `reason` says why. If
    neither is known, `reason` says what was tried.
    """

    kind: TargetKind
    place: str
    text: str
    verdict: ReachVerdict
    run: int = 0
    reason: str = ""


@frozen
class ConstantCondition:
    """A `when` that holds for all answers, so nothing depends on it. `is_proved`: or else no answers were found."""

    place: str
    condition: str
    is_proved: bool


@frozen
class EndCheck:
    """Whether every run ends with something of a kind: a finding or an action, after all questions.

    `run` is an example of a run that ends without; 0 if none was found. `certainty` says how sure that is: "proved" for all
    answers, "tried" for all combinations of the value classes, "sampled" for those of the sampled runs and a search.
    """

    what: EndPart
    run: int = 0
    certainty: Certainty = "sampled"

    @property
    def is_proved(self) -> bool:
        return self.certainty == "proved"


@frozen
class WalkReport:
    """What a walk found out. Runs have numbers from 1; `longest`, `shortest` and `typical` are such numbers.

    `typical` is the middle one, by the number of questions, of `sampled` runs: random ones, and those that reach what is rare. `tried_values` names the questions of
    which only some answers could be tried, so that what was not found because of them may still exist.
    """

    playbook: str
    reaches: tuple[Reach, ...]
    constant_conditions: tuple[ConstantCondition, ...]
    ends: tuple[EndCheck, ...]
    runs: tuple[ExampleRun, ...]
    longest: int
    shortest: int
    typical: int
    sampled: int
    partly_tried: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Is everything reachable, and does every run end with a finding and an action, both proved?"""
        return (
            not self.constant_conditions
            and all(each.verdict == "reached" for each in self.reaches)
            and all(each.is_proved for each in self.ends)
        )

    @property
    def has_defects(self) -> bool:
        """Is it certain that something is wrong?"""
        is_constant = any(each.is_proved for each in self.constant_conditions)
        return is_constant or bool(self.list_unreached("unreachable")) or any(each.run for each in self.ends)

    def list_unreached(self, verdict: ReachVerdict) -> tuple[Reach, ...]:
        return tuple(each for each in self.reaches if each.verdict == verdict)


@frozen
class ExampleRun:
    """Answers by question, in the order in which they are given; then those of a check-in, if there is one.

    `done` are the actions that are done by then. `hour` is when it starts, if that matters. `questions` counts what is asked, `minutes` is an estimate, and `lines`
    the length of the result.
    """

    lane: Lane
    answers: Mapping[str, Value]
    checkin: str = ""
    checkin_answers: Mapping[str, Value] = {}
    done: tuple[str, ...] = ()
    hour: Decimal | None = None
    questions: int = 0
    minutes: float = 0.0
    lines: int = 0


@frozen
class Replay:
    """What follows from an example run: the facts, the outcome, and the questions that were asked."""

    run: ExampleRun
    facts: Facts
    outcome: Outcome
    asked: frozenset[str]


class RunError(Exception):
    """The interview doesn't take the answers of a run: something about it isn't modelled."""


class AnswerPicker:
    """Picks one value class for each variable, in the order of the questions, so that all constraints are met."""

    def __init__(
        self,
        table: VariableTable,
        visible_of: Callable[[int], ReachFormula],
        constraint_of: Callable[[int], ReachFormula],
        random: Random,
    ) -> None:
        self._table = table
        self._visible_of = visible_of
        self._constraint_of = constraint_of
        self._random = random

    def pick(
        self, masks: Sequence[int], asked: Iterable[int], *, preferred: Mapping[int, int], blank_share: float
    ) -> list[int] | None:
        """A mask with one class for each variable; None if this way leads nowhere.

        `asked` are the variables that this run can ask, ascending. `preferred` are classes to take where that is possible;
        other optional questions are left blank with a probability of `blank_share`.
        """
        chosen = [1] * len(masks)
        memo: dict[int, int] = {}
        for number in asked:
            visible = evaluate_formula(self._visible_of(number), chosen, memo)
            if visible == FALSE:
                if not masks[number] & 1:
                    return None
                continue
            wishes = self._list_wishes(number, masks[number], preferred.get(number, -1), blank_share)
            found = next((each for each in wishes if self._fits(number, each, chosen)), None)
            if found is None:
                return None
            chosen[number] = 1 << found
        return chosen

    def _list_wishes(self, number: int, mask: int, preferred: int, blank_share: float) -> list[int]:
        classes = [each for each in list_classes(mask) if each]
        if len(classes) > MAX_WISHES:
            classes = self._take_some(number, classes)
        self._random.shuffle(classes)
        if preferred > 0 and mask >> preferred & 1:
            classes = [preferred, *classes]
        leaves_blank = preferred == 0 or (preferred < 0 and self._random.random() < blank_share)
        blank = [0] if mask & 1 else []
        return [*blank, *classes] if leaves_blank else [*classes, *blank]

    def _take_some(self, number: int, classes: list[int]) -> list[int]:
        """A few of many answers: as many with one choice as with several."""
        needed = self._table.variables[number].domain.needed
        small = [each for each in classes if len(needed[each]) <= 1]
        return [*self._random.sample(classes, MAX_WISHES), *self._random.sample(small, min(len(small), MAX_WISHES))]

    def _fits(self, number: int, place: int, chosen: list[int]) -> bool:
        before, chosen[number] = chosen[number], 1 << place
        fits = evaluate_formula(self._constraint_of(number), chosen, {}) == TRUE
        chosen[number] = before
        return fits


def build_run(
    table: VariableTable, masks: Sequence[int], *, lane: Lane, checkin: str, asked: Iterable[int]
) -> ExampleRun:
    """The answers that one class for each of the variables in `asked` stands for."""
    answers = table.build_answers({number: masks[number].bit_length() - 1 for number in asked})
    done = tuple(name.removeprefix(DONE_PREFIX) for name in answers if name.startswith(DONE_PREFIX))
    main = {question.id for question in table.playbook.questions}
    given = {name: value for name, value in answers.items() if name in main}
    later = {name: value for name, value in answers.items() if name in table.questions and name not in main}
    return ExampleRun(lane, given, checkin, later, done, cast("Decimal | None", answers.get(HOUR)))


class RunReplayer:
    """Finds out what follows from the answers of runs. `count_lines` gives the length of a result as it is shown."""

    def __init__(self, playbook: Playbook, moment: Moment, count_lines: Callable[[Outcome], int]) -> None:
        self._playbook = playbook
        self._moment = moment
        self._count_lines = count_lines

    def replay(self, run: ExampleRun, later: Moment) -> Replay:
        """What the interview asks and shows with these answers, and its check-in at the moment `later`.

        Raises RunError unless each question that is asked, and no other, takes its answer.
        """
        moment = self._moment.move_to(run.hour)
        interview = Interview(
            self._playbook,
            today=moment.today,
            lane=run.lane,
            answers=MappingProxyType(dict(run.answers)),
            started=moment.started,
            zone=moment.zone,
        )
        stages, given = self._playbook.stages, moment.started
        if run.lane == "quick":
            stages = tuple(stage for stage in stages if stage.quick)
        passage = _Passage(interview.facts(), may_put_off=run.lane == "quick")
        passage.pass_through(stages, run.answers)
        if run.checkin:
            interview = self._start_checkin(interview, run, later)
            passage = _Passage(interview.facts(), may_put_off=False)
            passage.pass_through(interview.playbook.stages[-1:], run.checkin_answers)
            given = later.started
        outcome = evaluate_outcome(passage.facts, given=given, quick=run.lane == "quick")
        minutes = round(passage.seconds / 60, 1)
        measured = replace(run, questions=len(passage.asked), minutes=minutes, lines=self._count_lines(outcome))
        return Replay(measured, passage.facts, outcome, frozenset(passage.asked))

    def _start_checkin(self, first: Interview, run: ExampleRun, later: Moment) -> Interview:
        rule = find_checkin_rule(self._playbook, run.checkin)
        if rule is None or not first.facts().holds(rule.when):
            raise RunError(run.checkin)
        return start_checkin(first, rule, run.checkin_answers, done=frozenset(run.done), today=later.today)


class _Passage:
    """One way through the stages of an interview, with what is asked and how long that takes."""

    def __init__(self, facts: Facts, *, may_put_off: bool) -> None:
        self.facts = facts
        self.asked: list[str] = []
        self.seconds = 0.0
        self._may_put_off = may_put_off

    def pass_through(self, stages: tuple[Stage, ...], answers: Mapping[str, Value]) -> None:
        for stage in stages:
            visible = [question for question in stage.questions if self.facts.is_visible(question)]
            if visible:
                self._read(stage.title, stage.intro)
            for question in visible:
                self._read(question.ask, question.hint, *(line.text for line in question.spec.text))
                if question.spec.has_answer:
                    self._answer(question, answers.get(question.id))
        if not_asked := set(answers) - set(self.asked):
            raise RunError(f"not asked: {', '.join(sorted(not_asked))}")

    def _answer(self, question: Question, value: Value | None) -> None:
        self.asked.append(question.id)
        self.seconds += SECONDS_TO_ANSWER.get(question.type, DEFAULT_SECONDS)
        for options in question.spec.all_options:
            self._read(*(choice.label for choice in self.facts.choices_for(options)))
        if value is None:
            if question.required and not self._may_put_off:
                raise RunError(f"not answered: {question.id}")
            return
        try:
            validate_answer(
                question,
                make_raw(value),
                choices_of=self.facts.choices_for,
                today=self.facts.today,
                shows_field=self.facts.field_filter(question),
            )
        except Refused as refused:
            raise RunError(f"{question.id}: {refused}") from refused
        if not self.facts.check_holds(question):
            raise RunError(f"refused by its check: {question.id}")

    def _read(self, *texts: str) -> None:
        self.seconds += sum(len(text.split()) for text in texts) * 60 / WORDS_PER_MINUTE


def make_raw(value: Value) -> object:
    """An answer as a person or a file gives it: lists and tables in place of tuples and frozen mappings."""
    if isinstance(value, tuple):
        return [make_raw(each) for each in value]  # type: ignore[arg-type]  # records hold no other records
    if isinstance(value, Mapping):
        return {key: make_raw(each) for key, each in value.items()}  # type: ignore[arg-type]  # likewise
    return value


def is_shown(target: WalkTarget, replay: Replay) -> bool:
    """Does the interview itself show the target, with the answers of the replay?"""
    if target.appearance.question and target.appearance.question not in replay.asked:
        return False
    written = [each for each in target.requirements if each.condition and not each.is_elsewhere]
    return _is_in_outcome(target.appearance.part, replay.outcome) and all(
        replay.facts.holds(each.condition) for each in written
    )


def explain_impossible(
    requirements: Sequence[Requirement], search: Search, table: VariableTable, stage_of: Mapping[str, Stage]
) -> str:
    """The conditions that can't hold together, and which questions that rests on."""
    needed = _drop_unneeded(requirements, search)
    constrained = _find_constraints(needed, search)
    parts = [_describe_requirement(each) for each in needed if each.what]
    written = [each for each in needed if each.condition]
    parts += [
        _describe_constraint(table.questions[table.variables[each].name], stage_of)
        for each in constrained
        if table.variables[each].name in table.questions
    ]
    if len(parts) == 1 and written:
        return f"No answers make its condition true: `{written[0].condition}`."
    if not parts:
        return "There is nothing to show for it in any run."
    return f"These can't all be true: {'; '.join(parts)}."


def _describe_requirement(requirement: Requirement) -> str:
    if not requirement.condition:
        return requirement.what
    return f"{requirement.what} needs `{requirement.condition}`"


def _drop_unneeded(requirements: Sequence[Requirement], search: Search) -> list[Requirement]:
    kept = list(requirements)
    for each in requirements:
        others = [other for other in kept if other is not each]
        if others and _is_impossible(others, search, frozenset()):
            kept = others
    return kept


def _find_constraints(requirements: Sequence[Requirement], search: Search) -> list[int]:
    """The variables whose being asked, choices or check the contradiction rests on."""
    touched = search([(each.formula, True) for each in requirements], frozenset()).touched
    free: frozenset[int] = frozenset()
    for number in sorted(touched, reverse=True):
        if _is_impossible(requirements, search, free | {number}):
            free |= {number}
    return sorted(touched - free)


def _is_impossible(requirements: Sequence[Requirement], search: Search, free: frozenset[int]) -> bool:
    return search([(each.formula, True) for each in requirements], free).verdict == "impossible"


def _describe_constraint(question: Question, stage_of: Mapping[str, Stage]) -> str:
    stage = stage_of.get(question.id)
    conditions = [each for each in (stage.when if stage else "", question.when) if each]
    asked = (
        f" is asked only when {' and '.join(f'`{each}`' for each in conditions)}" if conditions else " is always asked"
    )
    check = f" and must pass `{question.check}`" if question.check else ""
    needed = " and must be answered" if question.required else ""
    return f"the question `{question.id}`{asked}{needed}{check}"


def _is_in_outcome(part: tuple[str, str], outcome: Outcome) -> bool:
    kind, name = part
    match kind:
        case "finding":
            return any(each.id == name for each in outcome.findings)
        case "draft":
            return any(each.id == name for each in outcome.drafts)
        case "action":
            return any(name in (each.id, each.id.rpartition("_")[0]) for each in outcome.actions)
        case "headline":
            return bool(outcome.headline)
    return True
