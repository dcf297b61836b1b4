"""Proofs that a run leads to a target, and why none does: the conditions that contradict each other, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Stage
from careerkit.core.playbook.walk.runs import Replay
from careerkit.core.playbook.walk.solver import Goal, SearchResult
from careerkit.core.playbook.walk.targets import Requirement, WalkTarget
from careerkit.core.playbook.walk.variables import VariableTable
from careerkit.core.questions.question import Question

Search = Callable[[Sequence[Goal], frozenset[int]], SearchResult]
"""Search for answers that meet goals; the variables in the second argument may have any answer, even if they are hidden."""


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
