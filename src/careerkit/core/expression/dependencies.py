"""Which ids an expression rests on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from careerkit.core.expression.nodes import Call, Name, Node, children
from careerkit.core.expression.vocabulary import AGGREGATES


def references(node: Node, fields_of: Callable[[str], Collection[str]]) -> frozenset[str]:
    """The questions and computes whose values the expression looks at.

    `fields_of` gives the fields of a records question (with `item`, where it has that) and nothing for any other id.
    It is asked only about ids, never about kinds, so that computes can be put into order before any is checked.
    Neither fields nor the actions in done() are among the references.
    """
    return frozenset(_references(node, fields_of, ()))


def actions(node: Node) -> frozenset[str]:
    """The actions that done() asks about."""
    return frozenset(_actions(node))


def _references(node: Node, fields_of: Callable[[str], Collection[str]], fields: Collection[str]) -> Iterator[str]:
    match node:
        case Name(id=name):
            if name not in fields:
                yield name
        case Call(function="done"):
            return
        case Call(function=function, arguments=(Name(id=name), *rest)) if function in AGGREGATES:
            yield from _references(node.arguments[0], fields_of, fields)
            for argument in rest:
                yield from _references(argument, fields_of, fields_of(name) or fields)
        case _:
            for child in children(node):
                yield from _references(child, fields_of, fields)


def _actions(node: Node) -> Iterator[str]:
    match node:
        case Call(function="done", arguments=(Name(id=name), *_)):
            yield name
        case _:
            for child in children(node):
                yield from _actions(child)
