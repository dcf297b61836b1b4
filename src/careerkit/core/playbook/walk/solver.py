"""Search for answers that make formulas true or false, by backtracking over the value classes of the questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from careerkit.core.frozen import Literal, frozen, replace
from careerkit.core.playbook.walk.formulas import (
    FALSE,
    TRUE,
    UNDECIDED,
    BranchVariable,
    Constant,
    Junction,
    Membership,
    Negation,
    ReachFormula,
    Relation,
    evaluate_formula,
    get_operands,
    list_classes,
    list_variables,
)

STEP_LIMITS = (40,) * 6 + (120,) * 6 + (400,) * 4 + (2000,)
"""The most branches of each attempt at a search: with other choices, a new attempt often succeeds where one got stuck."""

THOROUGH_STEP_LIMITS = (*STEP_LIMITS, *(40,) * 24, *(400,) * 6, 4000, 8000)
"""Further attempts for what matters most."""
QUICK_STEP_LIMITS = (40, 40, 120)
"""A few attempts, for what is often seen at once."""
MAX_WORK = 1200
"""The most combinations of answers that are evaluated for relations in one search."""

Effort = Literal["quick", "usual", "thorough"]
LIMITS_OF: Mapping[Effort, Sequence[int]] = {
    "quick": QUICK_STEP_LIMITS,
    "usual": STEP_LIMITS,
    "thorough": THOROUGH_STEP_LIMITS,
}
Verdict = Literal["found", "impossible", "tried", "open"]
Goal = tuple[ReachFormula, bool]
"""A formula, and whether it must be true or false."""

ConstraintOf = Callable[[int], ReachFormula]


@frozen
class SearchResult:
    """`masks` are the possible answers of each variable, any of which fit, if the verdict is "found".

    "impossible" is a proof: no answer fits, not even one that isn't in a value class. "tried": none of the value classes fit.
    "open": there are too many combinations to say.
    `touched` are the variables whose constraints were used.
    """

    verdict: Verdict
    masks: tuple[int, ...] = ()
    touched: frozenset[int] = frozenset()


class Solver:
    """Its results are the same for the same `seed` and calls."""

    def __init__(self, variables: Sequence[BranchVariable], work: list[int], *, seed: int = 0) -> None:
        """`work` counts the combinations evaluated, see `FormulaFactory`."""
        self._variables = variables
        self._work = work
        self._max_work = 0
        self._random = Random(seed)  # noqa: S311 - examples, not secrets
        self._parts = _PartLists()

    def search(
        self,
        goals: Sequence[Goal],
        constraint_of: ConstraintOf,
        *,
        fixed: Mapping[int, int],
        free: frozenset[int] = frozenset(),
        effort: Effort = "usual",
    ) -> SearchResult:
        """Find answers that meet all goals.

        `constraint_of` gives what must hold for any answer to a variable, see `Compiler.compile_constraint`. `fixed`
        restricts variables to a mask; those in `free` have no constraint.
        """
        skipped = free | frozenset(fixed)
        self._max_work = self._work[0] + MAX_WORK * (5 if effort == "thorough" else 1)
        limits = LIMITS_OF[effort]
        start = [fixed.get(number, variable.full_mask) for number, variable in enumerate(self._variables)]
        tried = self._attempt(start, goals, constraint_of, skipped, limits)
        if tried.verdict != "impossible":
            return tried
        for number, variable in enumerate(self._variables):
            start[number] |= 0 if number in fixed else variable.unknown_mask
        relaxed = self._attempt(start, goals, constraint_of, skipped, limits)
        return relaxed if relaxed.verdict == "impossible" else replace(relaxed, verdict="tried", masks=())

    def list_parts(self, formula: ReachFormula) -> tuple[ReachFormula, ...]:
        """The parts of a formula, with itself, except negations and constants."""
        return self._parts.list(formula)

    def _attempt(
        self,
        masks: list[int],
        goals: Sequence[Goal],
        constraint_of: ConstraintOf,
        skipped: frozenset[int],
        limits: Sequence[int],
    ) -> SearchResult:
        touched: set[int] = set()
        weights: dict[int, int] = {}
        for number, limit in enumerate(limits):
            search = _Search(
                constraint_of,
                skipped,
                self._random,
                max_steps=limit,
                weights=weights,
                parts=self._parts,
                only_atoms=number % 2 == 1,
                has_work_left=lambda: self._work[0] < self._max_work,
            )
            found = search.run(masks, goals)
            touched |= search.touched
            if found is not None or not search.is_exhausted:
                break
        verdict: Verdict = "found" if found is not None else "open" if search.is_exhausted else "impossible"
        return SearchResult(verdict, tuple(found.masks) if found else (), frozenset(touched))


_ReasonedGoal = tuple[ReachFormula, bool, int]
"""A goal, and the decisions that it follows from: the bits of their levels. A goal of the search follows from none."""


@frozen
class _State:
    """The answers that are still possible, what is assumed of atoms whose truth no class settles, and the open goals.

    `reasons` has the decisions behind the mask of each variable, `assumed_reasons` those behind each assumption.
    """

    masks: list[int]
    reasons: list[int]
    assumed: dict[int, int]
    assumed_reasons: dict[int, int]
    goals: list[_ReasonedGoal]

    def add_goal(self, goal: _ReasonedGoal) -> _State:
        return replace(self, goals=[*self.goals, goal])


class _Search:
    """One attempt, with backjumping: a decision that has nothing to do with a conflict isn't tried the other way.

    `weights` counts how often an atom was part of a conflict: what is hard to meet is decided first. `only_atoms`: no
    larger parts of the goals are decided, which finds answers sooner, while larger parts make proofs shorter.
    """

    def __init__(
        self,
        constraint_of: ConstraintOf,
        free: frozenset[int],
        random: Random,
        *,
        max_steps: int,
        weights: dict[int, int],
        parts: _PartLists,
        only_atoms: bool,
        has_work_left: Callable[[], bool],
    ) -> None:
        self._only_atoms = only_atoms
        self._has_work_left = has_work_left
        self._constraint_of = constraint_of
        self._free = free
        self._random = random
        self._max_steps = max_steps
        self._weights = weights
        self._parts = parts
        self._steps = 0
        self._conflict = 0
        """The decisions that the last conflict follows from."""
        self.touched: set[int] = set()

    @property
    def is_exhausted(self) -> bool:
        """Did it give up before everything was tried?"""
        return self._steps > self._max_steps or not self._has_work_left()

    def run(self, masks: list[int], goals: Sequence[Goal]) -> _State | None:
        """A state in which all goals are met; None if there is none, or if it gave up."""
        start = [(formula, wanted, 0) for formula, wanted in goals]
        return self._solve(_State(masks, [0] * len(masks), {}, {}, start), level=0)

    def _solve(self, state: _State, *, level: int) -> _State | None:
        self._steps += 1
        if self.is_exhausted:
            return None
        narrowed = self._narrow(state)
        if narrowed is None or not narrowed.goals:
            return narrowed
        part, first = self._choose_part(narrowed)
        decision = 1 << level
        found = self._solve(narrowed.add_goal((part, first, decision)), level=level + 1)
        if found is not None or self.is_exhausted or not self._conflict & decision:
            return found
        reasons = self._conflict & ~decision
        found = self._solve(narrowed.add_goal((part, not first, reasons)), level=level + 1)
        self._conflict |= reasons
        return found

    # ------------------------------------------------------------ what follows

    def _narrow(self, state: _State) -> _State | None:
        """The state with all that its goals imply; None if one of them can't be met. What is left has to be tried."""
        now = _State(list(state.masks), list(state.reasons), dict(state.assumed), dict(state.assumed_reasons), [])
        waiting: list[_ReasonedGoal] = list(state.goals)
        kept: dict[int, _ReasonedGoal] = {}
        memo = dict(now.assumed)
        while waiting:
            formula, wanted, because = goal = waiting.pop()
            value = TRUE if wanted else FALSE
            if now.assumed.get(id(formula), value) != value:
                self._note_conflict(formula, because | now.assumed_reasons[id(formula)])
                return None
            memo.pop(id(formula), None)
            found = evaluate_formula(formula, now.masks, memo)
            if found == value:
                continue
            if found != UNDECIDED:
                self._note_conflict(formula, because | self._find_reasons(formula, now))
                return None
            implied = self._infer(goal, now, memo)
            if implied is None:
                kept[id(formula)] = goal
            else:
                waiting += implied
            if self._assume(goal, now):
                memo = dict(now.assumed)
                waiting += kept.values()
                kept = {}
            else:
                memo[id(formula)] = value
        return replace(now, goals=[*kept.values()])

    def _infer(self, goal: _ReasonedGoal, now: _State, memo: dict[int, int]) -> list[_ReasonedGoal] | None:
        """The goals that a goal comes down to; None if something about it has to be tried."""
        formula, wanted, because = goal
        match formula:
            case Negation(operand=operand):
                return [(operand, not wanted, because)]
            case Junction(is_all=is_all, operands=operands) if is_all is wanted:
                return [(each, wanted, because) for each in operands]
            case Junction(operands=operands):
                undecided = [each for each in operands if evaluate_formula(each, now.masks, memo) == UNDECIDED]
                if len(undecided) > 1:
                    return None
                for each in operands:
                    because |= 0 if each is undecided[0] else self._find_reasons(each, now)
                return [(undecided[0], wanted, because)]
            case Membership(variable=variable):
                return self._constrain(variable)
            case Relation() if _depends_on_unknown(formula, now.masks):
                return []
        return None

    def _assume(self, goal: _ReasonedGoal, now: _State) -> bool:
        """Note that the goal holds, for other goals that it is a part of. Is that news?"""
        formula, wanted, because = goal
        if isinstance(formula, Membership):
            now.masks[formula.variable] &= formula.yes if wanted else formula.no
            now.reasons[formula.variable] |= because
            if formula.atom is None:
                return True
        if id(formula) in now.assumed:
            return isinstance(formula, Membership)
        now.assumed[id(formula)] = TRUE if wanted else FALSE
        now.assumed_reasons[id(formula)] = because
        return True

    def _constrain(self, variable: int) -> list[_ReasonedGoal]:
        """A variable that is narrowed brings its constraint along, which holds whatever was decided."""
        if variable in self._free:
            return []
        self.touched.add(variable)
        return [(self._constraint_of(variable), True, 0)]

    def _note_conflict(self, formula: ReachFormula, reasons: int) -> None:
        self._conflict = reasons
        for part in self._parts.list(formula):
            self._weights[id(part)] = self._weights.get(id(part), 0) + 1

    def _find_reasons(self, formula: ReachFormula, state: _State) -> int:
        """The decisions that the value of a formula may follow from."""
        found = 0
        for part in self._parts.list(formula):
            if part is not formula:
                found |= state.assumed_reasons.get(id(part), 0)
            for variable in list_variables(part):
                found |= state.reasons[variable]
        return found

    # ------------------------------------------------------------ what has to be tried

    def _choose_part(self, state: _State) -> tuple[ReachFormula, bool]:
        """An undecided part of the goals, and whether it is tried first that it holds.

        If nothing but relations is left, it is one answer to a question of a relation.
        """
        memo = dict(state.assumed)
        scores: dict[int, float] = {}
        parts: dict[int, ReachFormula] = {}
        for formula, _, _ in state.goals:
            undecided = [
                each
                for each in self._parts.list(formula)
                if (isinstance(each, Membership | Relation) if self._only_atoms else each is not formula)
                and evaluate_formula(each, state.masks, memo) == UNDECIDED
            ]
            for part in undecided:
                parts[id(part)] = part
                weight = 1 + self._weights.get(id(part), 0)
                scores[id(part)] = scores.get(id(part), 0) + weight / len(undecided)
        open_parts = [
            each for each in parts.values() if not isinstance(each, Relation) or _depends_on_unknown(each, state.masks)
        ]
        if open_parts:
            chosen = max(open_parts, key=lambda each: scores[id(each)] * (0.5 + self._random.random()))
            return chosen, self._random.random() < 0.5
        relations = [
            each for each in (*parts.values(), *(goal[0] for goal in state.goals)) if isinstance(each, Relation)
        ]
        return self._choose_class(min(relations, key=lambda each: len(each.variables)), state.masks), True

    def _choose_class(self, relation: Relation, masks: list[int]) -> ReachFormula:
        several = [each for each in relation.variables if masks[each].bit_count() > 1]
        number = min(several, key=lambda each: masks[each].bit_count())
        chosen = 1 << self._random.choice(list_classes(masks[number]))
        return Membership(number, chosen, masks[number] & ~chosen)


class _PartLists:
    """The parts of each formula, with itself, except negations and constants; cached."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ReachFormula, ...]] = {}

    def list(self, formula: ReachFormula) -> tuple[ReachFormula, ...]:
        if id(formula) not in self._known:
            found: dict[int, ReachFormula] = {}
            for each in get_operands(formula):
                found.update((id(part), part) for part in self.list(each))
            if not isinstance(formula, Negation | Constant):
                found[id(formula)] = formula
            self._known[id(formula)] = tuple(found.values())
        return self._known[id(formula)]


def _depends_on_unknown(relation: Relation, masks: Sequence[int]) -> bool:
    return any(masks[number] & unknown for number, unknown in zip(relation.variables, relation.open_masks, strict=True))
