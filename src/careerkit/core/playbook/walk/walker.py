"""Walk a playbook: sample runs, search for what they didn't reach, verify each example in the interview itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from itertools import takewhile
from random import Random

from careerkit.core.due_dates import add_offset, parse_due
from careerkit.core.frozen import frozen
from careerkit.core.interview import Interview, start_checkin
from careerkit.core.journal.entry import Lane
from careerkit.core.outcome.evaluate import sort_findings
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import CheckinRule, Playbook
from careerkit.core.playbook.walk.compiler import Compiler
from careerkit.core.playbook.walk.formulas import (
    ALWAYS,
    DONE_PREFIX,
    FALSE,
    HOUR,
    TRUE,
    FormulaFactory,
    Moment,
    ReachFormula,
    VariableTable,
    evaluate_formula,
)
from careerkit.core.playbook.walk.report import (
    END_PARTS,
    AnswerPicker,
    Certainty,
    ConstantCondition,
    EndCheck,
    EndPart,
    ExampleRun,
    Reach,
    Replay,
    RunError,
    RunReplayer,
    WalkReport,
    build_run,
    explain_impossible,
    is_shown,
)
from careerkit.core.playbook.walk.solver import ConstraintOf, Effort, Goal, SearchResult, Solver, Verdict
from careerkit.core.playbook.walk.targets import PlacedCondition, TargetList, WalkTarget

SAMPLED_RUNS = 120
CLIMBING_STEPS = 120
"""The changes that are tried to make the longest and the shortest run longer and shorter."""
CLIMBS = 3
"""From how many runs this begins, to find one that ends without a finding or an action."""
BLANK_SHARES = (0.0, 0.2, 0.5, 1.0)
MAX_SEARCHES = 3
"""How often answers for one target are searched for, each time with other choices on the way."""
MAX_ATTEMPTS = 6
"""How often answers are completed and verified for one target."""
DEFAULT_CHECKIN_DAYS = 7
NOT_PROVED = "No example was found, and no proof that there is none: too many combinations of answers matter."
NOT_FOUND = "None of the answers that were tried leads here, but of some questions only a few answers could be tried."
END_PLACE = "end."
"""Before `finding` or `action`, the place of a run that ends without one."""


@frozen
class RunScope:
    """What a run consists of: the whole interview, its quick lane, or the interview and a check-in.

    `asked` are the variables that it can ask, ascending; all others have no answer.
    """

    lane: Lane
    checkin: str
    asked: tuple[int, ...]


class Walker:
    """Finds out what can be reached in a playbook, as if it were run at `moment`.

    `count_lines` gives the length of a result as it is shown. The report is the same for the same `seed`.
    """

    def __init__(
        self,
        playbook: Playbook,
        moment: Moment,
        *,
        count_lines: Callable[[Outcome], int],
        seed: int = 0,
    ) -> None:
        self._playbook = playbook
        self._moment = moment
        self._replayer = RunReplayer(playbook, moment, count_lines)
        self._report_progress: Callable[[], None] = lambda: None
        self._random = Random(seed)  # noqa: S311 - examples, not secrets
        self.table = VariableTable(playbook, moment)
        self._factory = FormulaFactory()
        self._main = Compiler(playbook, moment, self.table, self._factory)
        self._checkins = {rule.id: self._compile_checkin(rule) for rule in playbook.checkins}
        self._list = TargetList(playbook, self._main, self._checkins)
        self._solver = Solver(self.table.variables, self._factory.work, seed=seed)
        self._constraints: dict[tuple[int, bool], ReachFormula] = {}
        self._runs: list[ExampleRun] = []
        self._reached: dict[int, int] = {}
        """The number of a run, by the position of a target."""
        self._directed: list[list[int]] = []
        """The answers of the runs that were searched for."""
        self._refuted: set[int] = set()
        """The positions of conditions that are false in some run."""

    @property
    def targets(self) -> Sequence[WalkTarget]:
        return self._list.targets

    @property
    def conditions(self) -> Sequence[PlacedCondition]:
        return self._list.conditions

    @property
    def count_steps(self) -> int:
        """The steps of `walk`, for a progress bar."""
        return SAMPLED_RUNS + len(self.targets) + len(self.conditions)

    def walk(self, report_progress: Callable[[], None] = lambda: None) -> WalkReport:
        """Walk through everything. `report_progress` is called after each of `count_steps`.

        1. Sample runs and note what they reach. 2. Search for the rest. 3. Search for answers that make conditions false.
        4. Look at all ends. 5. Measure.
        """
        self._report_progress = report_progress
        sampled = self._sample()
        reaches = tuple(self._judge_reach(number) for number in range(len(self.targets)))
        constant = tuple(found for number in range(len(self.conditions)) if (found := self._judge_condition(number)))
        sampled += self._directed
        ends = tuple(self.judge_end(part, sampled) for part in END_PARTS)
        longest, shortest, typical = self._measure_lengths(sampled)
        return WalkReport(
            playbook=self._playbook.id,
            reaches=reaches,
            constant_conditions=constant,
            ends=ends,
            runs=tuple(self._runs),
            longest=longest,
            shortest=shortest,
            typical=typical,
            sampled=len(sampled),
            partly_tried=tuple(each.name for each in self.table.variables if each.domain.precision != "exact"),
        )

    def list_places(self) -> tuple[str, ...]:
        """The places that `find_run` knows."""
        return (*(each.place for each in self.targets), *(f"{END_PLACE}{part}" for part in END_PARTS))

    def find_run(self, place: str) -> tuple[ExampleRun | None, str]:
        """A run that leads to a place, or that ends without a finding or an action; or else the reason why there is none."""
        if place.startswith(END_PLACE):
            what = next(part for part in END_PARTS if place == f"{END_PLACE}{part}")
            end = self.judge_end(what, self._sample())
            reason = "Every run ends with one." if end.is_proved else "No run was found that ends without one."
            return (self._runs[end.run - 1], "") if end.run else (None, reason)
        reach = self.judge_target(next(each for each in self.targets if each.place == place))
        return (self._runs[reach.run - 1], "") if reach.run else (None, reach.reason)

    # ------------------------------------------------------------ what a run can ask

    @cached_property
    def full_scope(self) -> RunScope:
        """The whole interview."""
        return RunScope("full", "", self._number((*(question.id for question in self._playbook.questions), HOUR)))

    @cached_property
    def _quick(self) -> RunScope:
        stages = (stage for stage in self._playbook.stages if stage.quick)
        return RunScope("quick", "", self._number((*(each.id for stage in stages for each in stage.questions), HOUR)))

    def _scope_of(self, checkin: str) -> RunScope:
        if not checkin:
            return self.full_scope
        rule = next(each for each in self._playbook.checkins if each.id == checkin)
        own = self._number(question.id for question in rule.questions)
        done = tuple(number for name, number in self.table.number_of.items() if name.startswith(DONE_PREFIX))
        return RunScope("full", checkin, tuple(sorted((*self.full_scope.asked, *own, *done))))

    def _number(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.table.number_of[name] for name in names if name in self.table.number_of)

    def _fix_unasked(self, scope: RunScope) -> dict[int, int]:
        """Everything that the scope doesn't ask has no answer."""
        asked = set(scope.asked)
        return {number: 1 for number in range(len(self.table.variables)) if number not in asked}

    def _constraint_of(self, scope: RunScope) -> ConstraintOf:
        """In the quick lane, a required question that was put off is still open when the card is shown."""
        return lambda number: self._get_constraint(number, may_put_off=scope.lane == "quick")

    def _get_constraint(self, number: int, *, may_put_off: bool) -> ReachFormula:
        key = (number, may_put_off)
        if key not in self._constraints:
            name = self.table.variables[number].name
            if name == HOUR:
                self._constraints[key] = ALWAYS
            elif name.startswith(DONE_PREFIX):
                self._constraints[key] = self._compile_done(name.removeprefix(DONE_PREFIX))
            else:
                compiler, question = self._compiler_of(name), self.table.questions[name]
                self._constraints[key] = compiler.compile_constraint(question, may_put_off=may_put_off)
        return self._constraints[key]

    def _get_visible(self, number: int) -> ReachFormula:
        name = self.table.variables[number].name
        return (
            ALWAYS
            if name not in self.table.questions
            else self._compiler_of(name).compile_visible(self.table.questions[name])
        )

    def _compile_done(self, action: str) -> ReachFormula:
        """An action can only be done if it is in the plan."""
        number = self.table.number_of[DONE_PREFIX + action]
        shown = [self._compile_target(target) for target in self.targets if target.place == f"action.{action}"]
        not_done = self._factory.make_literal(number, yes=1, no=2)
        return self._factory.join_any((not_done, *shown))

    def _compiler_of(self, question: str) -> Compiler:
        for rule in self._playbook.checkins:
            if any(each.id == question for each in rule.questions):
                return self._checkins[rule.id]
        return self._main

    def _compile_checkin(self, rule: CheckinRule) -> Compiler:
        later = self._moment_of(rule.id)
        first = Interview(self._playbook, today=self._moment.today)
        derived = start_checkin(first, rule, {}, done=frozenset(), today=later.today).playbook
        return Compiler(derived, later, self.table, self._factory)

    def _moment_of(self, checkin: str) -> Moment:
        """When a check-in is supposed to take place: at its first date that depends on no answer, or after a week."""
        rule = next((each for each in self._playbook.checkins if each.id == checkin), None)
        dues = [
            due for option in (rule.after.options if rule else ()) if (due := parse_due(option.at)) and not due.question
        ]
        days = (add_offset(self._moment.today, dues[0]) - self._moment.today).days if dues else DEFAULT_CHECKIN_DAYS
        started = self._moment.started + timedelta(max(days, 0))
        return Moment(started.date(), started, self._moment.zone)

    # ------------------------------------------------------------ 1. sampling

    def _sample(self) -> list[list[int]]:
        """Random runs through the interview and each check-in. Returns those without a check-in."""
        sampled = []
        scopes = [self.full_scope, *(self._scope_of(rule.id) for rule in self._playbook.checkins)]
        if self._quick.asked:
            scopes.append(self._quick)
        for number in range(SAMPLED_RUNS):
            self._report_progress()
            for scope in scopes[: None if number % 6 == 0 else 1]:
                masks = self.pick_answers(scope, [each.full_mask for each in self.table.variables])
                if masks is not None:
                    self._note_run(scope, masks)
                    sampled += [masks] if scope is self.full_scope else []
        return sampled

    def pick_answers(
        self,
        scope: RunScope,
        masks: Sequence[int],
        *,
        preferred: Mapping[int, int] | None = None,
        blank_share: float | None = None,
    ) -> list[int] | None:
        """One class for each variable of the scope, out of `masks`; None if this try led nowhere."""
        picker = AnswerPicker(self.table, self._get_visible, self._constraint_of(scope), self._random)
        share = self._random.choice(BLANK_SHARES) if blank_share is None else blank_share
        return picker.pick(masks, scope.asked, preferred=preferred or {}, blank_share=share)

    def _note_run(self, scope: RunScope, masks: list[int]) -> None:
        """Replay a run if it reaches anything new, and note what."""
        memo: dict[int, int] = {}
        new = [number for number in self._find_reached(scope, masks, memo) if number not in self._reached]
        self._refuted |= self._find_refuted(scope, masks, memo)
        if not new:
            return
        replay = self._replay(scope, masks)
        verified = [number for number in new if replay and is_shown(self.targets[number], replay)]
        if replay and verified:
            self._keep_run(replay.run, verified)

    def _keep_run(self, run: ExampleRun, reached: Sequence[int]) -> None:
        self._runs.append(run)
        self._reached.update(dict.fromkeys(reached, len(self._runs)))

    def _find_reached(self, scope: RunScope, masks: Sequence[int], memo: dict[int, int]) -> Iterator[int]:
        for number, target in enumerate(self.targets):
            fits = target.checkin == scope.checkin and (scope.lane == "full" or target.appearance.in_quick_lane)
            if fits and all(evaluate_formula(each.formula, masks, memo) == TRUE for each in target.requirements):
                yield number

    def _find_refuted(self, scope: RunScope, masks: Sequence[int], memo: dict[int, int]) -> set[int]:
        return {
            number
            for number, condition in enumerate(self.conditions)
            if condition.checkin == scope.checkin
            and number not in self._refuted
            and evaluate_formula(condition.formula, masks, memo) == FALSE
        }

    def _replay(self, scope: RunScope, masks: Sequence[int]) -> Replay | None:
        run = build_run(self.table, masks, lane=scope.lane, checkin=scope.checkin, asked=scope.asked)
        try:
            return self._replayer.replay(run, self._moment_of(scope.checkin))
        except RunError:
            return None

    # ------------------------------------------------------------ 2. and 3. searching

    def _judge_reach(self, number: int) -> Reach:
        self._report_progress()
        target = self.targets[number]
        if number in self._reached:
            return Reach(target.kind, target.place, target.text, "reached", self._reached[number])
        return self.judge_target(target)

    def judge_target(self, target: WalkTarget) -> Reach:
        """Search for answers that lead to the target, or prove that there are none."""
        goals: list[Goal] = [(each.formula, True) for each in target.requirements]
        scopes = [self._scope_of(target.checkin)] + [self._quick] * (
            target.appearance.in_quick_lane and bool(self._quick.asked)
        )
        verdicts: list[Verdict] = []
        for _ in range(MAX_SEARCHES):
            verdicts = [self._reach_in(scope, target, goals) for scope in scopes]
            if "found" in verdicts:
                return Reach(target.kind, target.place, target.text, "reached", len(self._runs))
            if "open" not in verdicts:
                break
        if all(verdict == "impossible" for verdict in verdicts):
            reason = self._explain(target, scopes[0])
            return Reach(target.kind, target.place, target.text, "unreachable", reason=reason)
        reason = NOT_PROVED if "open" in verdicts else NOT_FOUND
        return Reach(target.kind, target.place, target.text, "undecided", reason=reason)

    def _reach_in(self, scope: RunScope, target: WalkTarget, goals: Sequence[Goal]) -> Verdict:
        """Search in one scope: "found" if the run is kept, and "open" if what was found isn't shown in its result."""
        verdict: Verdict = "open"
        for extra in self._list_preferences(target):
            result = self._search([*goals, *extra], scope)
            if result.verdict == "found" and self._verify(target, scope, result):
                return "found"
            verdict = "open" if result.verdict == "found" else result.verdict
        return verdict

    def _list_preferences(self, target: WalkTarget) -> list[list[Goal]]:
        """Goals to try first. A small matter is shown only in part: what comes before must not be shown, or it isn't small."""
        if not self._playbook.small or target.checkin or not target.appearance.part[0]:
            return [[]]
        rivals = [self._compile_target(each) for each in self._list_rivals(target)]
        return [[(self._main.compile(self._playbook.small), False)], [(rival, False) for rival in rivals], []]

    def _list_rivals(self, target: WalkTarget) -> Iterator[WalkTarget]:
        """The findings or drafts that are shown before that of the target, in the result of a small matter."""
        kind, name = target.appearance.part
        ids = {
            "finding": [each.id for each in sort_findings(self._playbook.findings)],
            "draft": [each.id for each in self._playbook.drafts],
        }.get(kind, [])
        earlier = {f"{kind}.{each}" for each in takewhile(lambda each: each != name, ids)}
        yield from (each for each in self.targets if each.place in earlier)

    def _compile_target(self, target: WalkTarget) -> ReachFormula:
        return self._factory.join_all(each.formula for each in target.requirements)

    def _search(self, goals: Sequence[Goal], scope: RunScope, *, effort: Effort = "usual") -> SearchResult:
        fixed = self._fix_unasked(scope)
        return self._solver.search(goals, self._constraint_of(scope), fixed=fixed, effort=effort)

    def _search_with_lemmas(self, goals: Sequence[Goal], scope: RunScope) -> SearchResult:
        """Search, and if that decides nothing, first find out which conditions that the playbook names must hold or fail.

        Each is proved from the goals and those before it, so what they exclude together is excluded by the goals.
        """
        result = self._search(goals, scope)
        known = list(goals)
        used = {id(part) for formula, _ in goals for part in self._solver.list_parts(formula)}
        named = [self._main.compile(compute.id) for compute in self._playbook.computes if compute.value]
        for condition in (each for each in named if id(each) in used):
            if result.verdict in ("impossible", "found"):
                break
            for wanted in (True, False):
                if self._search([*known, (condition, wanted)], scope, effort="quick").verdict == "impossible":
                    known.append((condition, not wanted))
                    result = self._search(known, scope, effort="quick")
                    break
        decided = result.verdict in ("impossible", "found")
        return result if decided else self._search(known, scope, effort="thorough")

    def _verify(self, target: WalkTarget, scope: RunScope, result: SearchResult) -> bool:
        """Complete the answers that were found, and run the interview with them."""
        for attempt in range(MAX_ATTEMPTS):
            masks = self.pick_answers(scope, result.masks, blank_share=BLANK_SHARES[attempt % len(BLANK_SHARES)])
            replay = self._replay(scope, masks) if masks is not None else None
            if masks is not None and replay is not None and is_shown(target, replay):
                memo: dict[int, int] = {}
                reached = self._find_reached(scope, masks, memo)
                self._refuted |= self._find_refuted(scope, masks, memo)
                new = [each for each in reached if each not in self._reached and is_shown(self.targets[each], replay)]
                self._keep_run(replay.run, new)
                self._directed += [masks] if scope is self.full_scope else []
                return True
        return False

    def _explain(self, target: WalkTarget, scope: RunScope) -> str:
        return explain_impossible(
            target.requirements,
            lambda goals, free: self._solver.search(
                goals, self._constraint_of(scope), fixed=self._fix_unasked(scope), free=free
            ),
            self.table,
            self._main.index.stage_of,
        )

    def _judge_condition(self, number: int) -> ConstantCondition | None:
        self._report_progress()
        return None if number in self._refuted else self.judge_condition(self.conditions[number])

    def judge_condition(self, condition: PlacedCondition) -> ConstantCondition | None:
        """The condition, if no answers make it false."""
        result = self._search([(condition.formula, False)], self._scope_of(condition.checkin))
        if result.verdict == "found":
            return None
        return ConstantCondition(condition.place, condition.condition, is_proved=result.verdict == "impossible")

    # ------------------------------------------------------------ 4. ends

    def judge_end(self, what: EndPart, sampled: Sequence[list[int]]) -> EndCheck:
        """Search for a run that ends without a finding, or without an action: near the runs that have few, then everywhere."""
        shown = [self._compile_target(target) for target in self.targets if target.kind == what and not target.checkin]

        def count_shown(masks: Sequence[int]) -> int:
            memo: dict[int, int] = {}
            return sum(evaluate_formula(each, masks, memo) == TRUE for each in shown)

        for start in sorted(sampled, key=count_shown)[:CLIMBS]:
            fewest = self._climb(start, lambda masks: -count_shown(masks))
            if not count_shown(fewest):
                return EndCheck(what, run=self._add_measured(fewest))
        result = self._search_with_lemmas([(each, False) for each in shown], self.full_scope)
        if result.verdict == "found" and (masks := self.pick_answers(self.full_scope, result.masks)) is not None:
            return EndCheck(what, run=self._add_measured(masks))
        certainties: dict[Verdict, Certainty] = {"impossible": "proved", "tried": "tried"}
        return EndCheck(what, certainty=certainties.get(result.verdict, "sampled"))

    # ------------------------------------------------------------ 5. lengths

    def _measure_lengths(self, sampled: Sequence[list[int]]) -> tuple[int, int, int]:
        """The numbers of the longest, the shortest and the typical run, by questions."""
        if not sampled:
            return 0, 0, 0
        ordered = sorted(sampled, key=self._count_asked)
        longest = self._climb(ordered[-1], self._count_asked)
        shortest = self._climb(ordered[0], lambda masks: -self._count_asked(masks))
        return self._add_measured(longest), self._add_measured(shortest), self._add_measured(ordered[len(ordered) // 2])

    def _add_measured(self, masks: list[int]) -> int:
        replay = self._replay(self.full_scope, masks)
        if replay is None:
            return 0
        self._keep_run(replay.run, ())
        return len(self._runs)

    def _climb(self, masks: list[int], rate: Callable[[Sequence[int]], int]) -> list[int]:
        """A run that rates higher, by changing one or two answers at a time."""
        best, highest = masks, rate(masks)
        everything = [each.full_mask for each in self.table.variables]
        for _ in range(CLIMBING_STEPS):
            preferred = {number: best[number].bit_length() - 1 for number in self.full_scope.asked}
            for number in self._random.sample(
                self.full_scope.asked, k=min(self._random.choice((1, 2)), len(self.full_scope.asked))
            ):
                preferred[number] = self._random.randrange(len(self.table.variables[number].domain.classes))
            changed = self.pick_answers(self.full_scope, everything, preferred=preferred)
            if changed is not None and (rating := rate(changed)) >= highest:
                best, highest = changed, rating
        return best

    def _count_asked(self, masks: Sequence[int]) -> int:
        memo: dict[int, int] = {}
        return sum(evaluate_formula(self._get_visible(number), masks, memo) == TRUE for number in self.full_scope.asked)
