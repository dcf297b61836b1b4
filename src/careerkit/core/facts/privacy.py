"""What is private, and what it catches."""

from __future__ import annotations

from careerkit.core.expression import parse, references
from careerkit.core.facts.facts import Facts
from careerkit.core.facts.index import options_from, private_fields


def is_private(facts: Facts, name: str) -> bool:
    """Is `name` a private answer, or does it rest on one?"""
    if name not in facts.privacy:
        facts.privacy[name] = _is_private(facts, name)
    return facts.privacy[name]


def _is_private(facts: Facts, name: str) -> bool:
    question = facts.index.questions.get(name)
    if question is not None:
        return question.private or any(is_private(facts, each.source) for each in options_from(question))
    compute = facts.index.computes.get(name)
    if compute is not None:
        expressions = [line.when for line in compute.tally] or [compute.value]
        return any(looks_at_private(facts, expression) for expression in expressions)
    rule, _ = facts.index.decisions[name]
    return is_private(facts, rule.weights) or is_private(facts, rule.scores)


def looks_at_private(facts: Facts, expression: str) -> bool:
    """Does an expression look at a private answer or at a private field of a form?"""
    if not expression:
        return False
    named = facts.names_in(expression)
    if any(is_private(facts, name) for name in named):
        return True
    words = references(parse(expression), lambda _: frozenset())
    return any(
        words & private_fields(question) for name in named if (question := facts.index.questions.get(name)) is not None
    )
