"""Lint: expressions parse, have the right types, and refer only to what has been asked."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.core.errors import Path, Place, Problem, Refused
from careerkit.core.expressions.ast import Call, Name, Node, get_children
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_condition, check_value
from careerkit.core.playbook.diagnostics import Diagnostic, quote
from careerkit.core.playbook.lint.context import LATER_HINT, LintContext
from careerkit.core.playbook.lint.occurrences import ExpressionOccurrence
from careerkit.core.playbook.types import NestedScope

MAX_COMPUTE_DEPTH = 32
"""The maximum length of a chain of computes that depend on each other."""


def check_expression(context: LintContext, occurrence: ExpressionOccurrence) -> Iterator[Diagnostic]:
    """Report all problems of one expression."""
    try:
        node = parse(occurrence.source)
    except Refused as refused:
        yield from (_convert(problem, occurrence) for problem in refused.problems)
        return
    names_used = context.order.names_in(node, occurrence.visible.fields)
    if any(context.is_unsure(name) for name in names_used):
        yield from _check_unknown_names(context, node, names_used, occurrence)
    elif not any(context.is_note(name) for name in names_used):
        yield from _check_types(context, node, occurrence)
    for name in _find_first_of_each(node):
        if name.id in names_used:
            yield from _check_name(context, name, occurrence)
    for name in _find_compared(node):
        if context.types.question(name.id) is not None:
            message = f"highest() and second() compare computes, but {quote(name.id)} is a question."
            hint = f'Add a compute with value = "{name.id}", and name it here.'
            yield _locate(occurrence, name.column, "not-a-compute", message, hint)


def check_circles(context: LintContext) -> Iterator[Diagnostic]:
    """Report computes that depend on themselves, and chains of computes that are too long."""
    computes = list(enumerate(context.playbook.computes))
    paths = {compute.id: ("compute", number) for number, compute in reversed(computes)}
    for circle in context.order.circles:
        chain = " -> ".join(circle if len(circle) <= 8 else (*circle[:6], "…", circle[-1]))
        hint = "Remove one of these references."
        yield Diagnostic(
            _find_value_path(context, paths[circle[0]]), "circle", f"This depends on itself: {chain}.", hint
        )
    for name, path in paths.items():
        if context.order.depth(name) == MAX_COMPUTE_DEPTH + 1:
            message = f"This is the end of a chain of more than {MAX_COMPUTE_DEPTH} computes."
            yield Diagnostic(_find_value_path(context, path), "nested-too-deep", message, "Merge some of them.")


def _find_value_path(context: LintContext, path: tuple[str, int]) -> Path:
    return (*path, "value" if context.playbook.computes[path[1]].value else "tally")


def _check_types(context: LintContext, node: Node, occurrence: ExpressionOccurrence) -> Iterator[Diagnostic]:
    scope = NestedScope(context.types, occurrence.visible.fields, occurrence.visible.actions)
    try:
        if occurrence.is_value:
            check_value(node, scope)
        else:
            check_condition(node, scope)
    except Refused as refused:
        yield from (_convert(problem, occurrence) for problem in refused.problems)


def _check_name(context: LintContext, name: Name, occurrence: ExpressionOccurrence) -> Iterator[Diagnostic]:
    if context.is_note(name.id):
        message = f"{quote(name.id)} is a note, which has no answer."
        yield _locate(occurrence, name.column, "no-answer", message, "Refer to another question.")
        return
    later = context.explain_later(name.id, occurrence.visible)
    if later:
        yield _locate(occurrence, name.column, "forward-reference", later, LATER_HINT)


def _check_unknown_names(
    context: LintContext, node: Node, names_used: frozenset[str], occurrence: ExpressionOccurrence
) -> Iterator[Diagnostic]:
    """Report unknown names in an expression whose types can't be checked because of another problem."""
    fields = {
        name.id
        for call in _find_unsure_calls(context, node)
        for each in call.arguments[1:]
        for name in _find_names(each)
    }
    for name in _find_first_of_each(node):
        if name.id in names_used and name.id not in fields and not context.types.has(name.id):
            found = context.unknown_name(name.id, occurrence.path)
            yield _locate(occurrence, name.column, found.code, found.message, found.hint)


def _find_unsure_calls(context: LintContext, node: Node) -> Iterator[Call]:
    if (
        isinstance(node, Call)
        and node.arguments
        and isinstance(node.arguments[0], Name)
        and context.is_unsure(node.arguments[0].id)
    ):
        yield node
    for child in get_children(node):
        yield from _find_unsure_calls(context, child)


def _find_names(node: Node) -> Iterator[Name]:
    if isinstance(node, Name):
        yield node
    for child in get_children(node):
        yield from _find_names(child)


def _find_compared(node: Node) -> Iterator[Name]:
    """The arguments of highest() and second(). They give the id of a compute, which is shown by its label."""
    if isinstance(node, Call) and node.function in {"highest", "second"}:
        yield from (each for each in node.arguments if isinstance(each, Name))
    for child in get_children(node):
        yield from _find_compared(child)


def _find_first_of_each(node: Node) -> tuple[Name, ...]:
    return tuple({name.id: name for name in reversed(list(_find_names(node)))}.values())


def _convert(problem: Problem, occurrence: ExpressionOccurrence) -> Diagnostic:
    column = problem.where.column if isinstance(problem.where, Place) else 1
    return _locate(occurrence, column, problem.code, problem.message, problem.hint)


def _locate(occurrence: ExpressionOccurrence, column: int, code: str, message: str, hint: str) -> Diagnostic:
    if occurrence.in_table:
        return Diagnostic(occurrence.path, code, message, hint, target="key" if column == 1 else "value")
    return Diagnostic(occurrence.path, code, message, hint, target="inside", offset=column - 1)
