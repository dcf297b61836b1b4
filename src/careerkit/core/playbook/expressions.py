"""Whether each expression of a playbook makes sense where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.core.expression import Call, Name, Node, check_condition, check_value, parse
from careerkit.core.expression.nodes import children
from careerkit.core.playbook.fault import Fault, shown
from careerkit.core.playbook.kinds import Sight
from careerkit.core.playbook.sites import ExpressionSite
from careerkit.core.playbook.subject import LATER_HINT, Subject
from careerkit.core.problem import Place, Problem, Refused

DEEPEST_COMPUTE = 32
"""How many computes may rest on one another."""


def expression_faults(subject: Subject, site: ExpressionSite) -> Iterator[Fault]:
    """Everything that is wrong with one expression."""
    try:
        node = parse(site.source)
    except Refused as refused:
        yield from (_placed(problem, site) for problem in refused.problems)
        return
    looked_at = subject.order.names_in(node, site.view.fields)
    if any(subject.is_unsure(name) for name in looked_at):
        yield from _unknown(subject, node, looked_at, site)
    elif not any(subject.is_note(name) for name in looked_at):
        yield from _kind_faults(subject, node, site)
    for name in _first_of_each(node):
        if name.id in looked_at:
            yield from _name_faults(subject, name, site)
    for name in _compared_by_name(node):
        if subject.kinds.question(name.id) is not None:
            message = f"{shown(name.id)} is a question; highest() and second() choose among computes."
            yield _at(site, name.column, "not-a-compute", message, "Make it a compute: value = the question's id.")


def circle_faults(subject: Subject) -> Iterator[Fault]:
    """Computes that rest on themselves, and chains of them that are too long."""
    paths = {compute.id: ("compute", number) for number, compute in reversed(list(enumerate(subject.document.compute)))}
    for circle in subject.order.circles:
        way = " -> ".join(circle if len(circle) <= 8 else (*circle[:6], "…", circle[-1]))
        hint = "Take one of these references out."
        yield Fault(_value(subject, paths[circle[0]]), "circle", f"This rests on itself: {way}.", hint)
    for name, path in paths.items():
        if subject.order.depth(name) == DEEPEST_COMPUTE + 1:
            message = f"More than {DEEPEST_COMPUTE} computes rest on one another here."
            yield Fault(_value(subject, path), "nested-too-deep", message, "Join some of them.")


def _value(subject: Subject, path: tuple[str, int]) -> tuple[str | int, ...]:
    return (*path, "value" if subject.document.compute[path[1]].value else "tally")


def _kind_faults(subject: Subject, node: Node, site: ExpressionSite) -> Iterator[Fault]:
    sight = Sight(subject.kinds, site.view.fields, site.view.actions)
    try:
        if site.whole_value:
            check_value(node, sight)
        else:
            check_condition(node, sight)
    except Refused as refused:
        yield from (_placed(problem, site) for problem in refused.problems)


def _name_faults(subject: Subject, name: Name, site: ExpressionSite) -> Iterator[Fault]:
    if subject.is_note(name.id):
        message = f"{shown(name.id)} is a note, which has no answer."
        yield _at(site, name.column, "no-answer", message, "Ask a question whose answer tells.")
        return
    later = subject.later(name.id, site.view)
    if later:
        yield _at(site, name.column, "forward-reference", later, LATER_HINT)


def _unknown(subject: Subject, node: Node, looked_at: frozenset[str], site: ExpressionSite) -> Iterator[Fault]:
    """Unknown names in an expression whose kinds can't be checked because of another problem."""
    fields = {
        name.id for call in _doubtful_calls(subject, node) for each in call.arguments[1:] for name in _names(each)
    }
    for name in _first_of_each(node):
        if name.id in looked_at and name.id not in fields and not subject.kinds.has(name.id):
            fault = subject.unknown(name.id, site.path)
            yield _at(site, name.column, fault.code, fault.message, fault.hint)


def _doubtful_calls(subject: Subject, node: Node) -> Iterator[Call]:
    if (
        isinstance(node, Call)
        and node.arguments
        and isinstance(node.arguments[0], Name)
        and subject.is_unsure(node.arguments[0].id)
    ):
        yield node
    for child in children(node):
        yield from _doubtful_calls(subject, child)


def _names(node: Node) -> Iterator[Name]:
    if isinstance(node, Name):
        yield node
    for child in children(node):
        yield from _names(child)


def _compared_by_name(node: Node) -> Iterator[Name]:
    """What highest() and second() choose from: they give an id, and only a compute's has a label to be shown by."""
    if isinstance(node, Call) and node.function in {"highest", "second"}:
        yield from (each for each in node.arguments if isinstance(each, Name))
    for child in children(node):
        yield from _compared_by_name(child)


def _first_of_each(node: Node) -> tuple[Name, ...]:
    return tuple({name.id: name for name in reversed(list(_names(node)))}.values())


def _placed(problem: Problem, site: ExpressionSite) -> Fault:
    column = problem.where.column if isinstance(problem.where, Place) else 1
    return _at(site, column, problem.code, problem.message, problem.hint)


def _at(site: ExpressionSite, column: int, code: str, message: str, hint: str) -> Fault:
    if site.in_table:
        return Fault(site.path, code, message, hint, spot="key" if column == 1 else "value")
    return Fault(site.path, code, message, hint, spot="inside", offset=column - 1)
