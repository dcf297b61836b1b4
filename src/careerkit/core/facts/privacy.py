"""What is private, and what it catches."""

from __future__ import annotations

from careerkit.core.expression import parse, references
from careerkit.core.facts.facts import Facts
from careerkit.core.facts.index import fields_of, options_from
from careerkit.core.playbook.model import Question


def is_private(facts: Facts, name: str) -> bool:
    """Is `name` a private answer, or does it rest on one?"""
    if name not in facts.privacy:
        facts.privacy[name] = _is_private(facts, name)
    return facts.privacy[name]


def is_private_field(facts: Facts, field: Question) -> bool:
    """Is a question, or the field of a form, private itself, or chosen from what is?"""
    return field.private or any(is_private(facts, options.source) for options in options_from(field))


def looks_at_private(facts: Facts, expression: str) -> bool:
    """Does an expression look at a private answer or at a private field of a form?"""
    if not expression:
        return False
    named = facts.names_in(expression)
    if any(is_private(facts, name) for name in named):
        return True
    words = references(parse(expression), lambda _: frozenset())
    questions = [facts.index.questions[name] for name in named if name in facts.index.questions]
    return any(
        field.id in words and is_private_field(facts, field) for question in questions for field in fields_of(question)
    )


def _is_private(facts: Facts, name: str) -> bool:
    question = facts.index.questions.get(name)
    if question is not None:
        return is_private_field(facts, question)
    compute = facts.index.computes.get(name)
    if compute is not None:
        expressions = [line.when for line in compute.tally] or [compute.value]
        return any(looks_at_private(facts, expression) for expression in expressions)
    rule, _ = facts.index.decisions[name]
    return is_private(facts, rule.weights) or is_private(facts, rule.scores)
