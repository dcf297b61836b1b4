"""What the check takes for impossible never happens: the reasoner accepts whatever is true of a person's answers."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from careerkit.core.expressions.ast import Node
from careerkit.core.expressions.evaluate import evaluate
from careerkit.core.expressions.reasoner import Reasoner
from careerkit.core.expressions.satisfiability import SearchLimitError, negate
from careerkit.core.facts import Facts
from careerkit.core.playbook.decode import decode
from careerkit.core.playbook.lint.context import LintContext, create_context
from careerkit.core.playbook.lint.meanings import create_reasoner
from careerkit.core.playbook.lint.occurrences import WrittenCondition, find_conditions
from careerkit.core.playbook.loader import validate
from long_run import choose_count
from playbook_cases import REPOSITORY, list_bundled_ids
from random_interviews import TODAY, invent_all_answers, load_with_few_draws

STEPS = 3000


@cache
def read_conditions(playbook_id: str) -> tuple[LintContext, list[Node]]:
    """The conditions that can be evaluated after an interview."""
    data = (REPOSITORY / "playbooks" / f"{playbook_id}.toml").read_bytes()
    tables = decode(data, "f").tables
    assert tables is not None
    context = create_context(validate(tables))
    found = (
        each for each in find_conditions(context) if isinstance(each, WrittenCondition) and each.path[0] != "checkin"
    )
    return context, [each.node for each in found if each.node is not None and not each.records]


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_whatever_is_true_of_answers_is_possible(playbook_id):
    context, conditions = read_conditions(playbook_id)
    reasoner = create_reasoner(context)
    reasoner.limit_steps(10**9)
    playbook = load_with_few_draws(playbook_id)

    for seed in range(choose_count(2, long=60)):
        answers = invent_all_answers(playbook, Random(f"reasoning {playbook_id} {seed}"))
        facts = Facts(playbook, answers, today=TODAY)
        assert is_possible(reasoner, conditions, facts), seed


def is_possible(reasoner: Reasoner, conditions: list[Node], facts: Facts) -> bool:
    """Does the reasoner accept what is true and what is false of these facts, and which names have a value?"""
    formulas = []
    for node in conditions:
        holds = reasoner.holds(node)
        formulas.append(holds if evaluate(node, facts) is True else negate(holds))
    checkin_questions = {each.id for checkin in facts.playbook.checkins for each in checkin.questions}
    for name in reasoner.meanings.keys() - checkin_questions:
        present = reasoner.is_present(name)
        formulas.append(present if facts.value(name) is not None else negate(present))
    try:
        return reasoner.find(*formulas, steps=STEPS) is not None
    except SearchLimitError:
        return True
