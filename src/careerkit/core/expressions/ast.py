"""The syntax tree of an expression, the functions that it may call, and the names that it uses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from decimal import Decimal

from careerkit.core.frozen import frozen, get_field_names


class _Positioned:
    """A node whose `column`, from 1, is ignored by equality: it says where the node is, not what it means."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._comparison_key() == other._comparison_key()

    def __hash__(self) -> int:
        return hash(self._comparison_key())

    def _comparison_key(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in get_field_names(self) if name != "column"])


@frozen
class Literal(_Positioned):
    """A number, true or false, or a quoted text: an id or a date, depending on what it is compared with."""

    value: Decimal | bool | str
    column: int = 1


@frozen
class Name(_Positioned):
    """The id of a question, a compute, a field or, in done(), an action."""

    id: str
    column: int = 1


@frozen
class Unary(_Positioned):
    """`operator` is `not` or `-`."""

    operator: str
    operand: Node
    column: int = 1


@frozen
class Binary(_Positioned):
    """`operator` is one of `and or == != < <= > >= in + - * /` or `not in`; `column` is where it is."""

    operator: str
    left: Node
    right: Node
    column: int = 1


@frozen
class Conditional(_Positioned):
    """`then if condition else else_`."""

    then: Node
    condition: Node
    else_: Node
    column: int = 1


@frozen
class ListLiteral(_Positioned):
    """`[a, b]`, allowed only after `in` and `not in`."""

    items: tuple[Node, ...]
    column: int = 1


@frozen
class Call(_Positioned):
    """A function and its arguments; `today` is a call without any."""

    function: str
    arguments: tuple[Node, ...]
    column: int = 1


Node = Literal | Name | Unary | Binary | Conditional | ListLiteral | Call
ORDER_OPERATORS = frozenset({"<", "<=", ">", ">="})
COMPARISON_OPERATORS = ORDER_OPERATORS | {"==", "!="}
KEYWORDS = frozenset({"and", "or", "not", "in", "if", "else", "true", "false", "today"})
AGGREGATES = frozenset({"count", "sum", "mean", "min", "max", "any", "all", "each"})
"""The functions whose first argument may be a collection."""

ARGUMENT_COUNTS = {
    "answered": (1, 1),
    "count": (1, 2),
    "sum": (1, 3),
    "mean": (1, 3),
    "min": (1, 64),
    "max": (1, 64),
    "any": (2, 2),
    "all": (2, 2),
    "round": (1, 2),
    "days_between": (2, 2),
    "band": (1, 1),
    "highest": (2, 64),
    "second": (2, 64),
    "at": (2, 3),
    "each": (2, 3),
    "word_count": (1, 1),
    "done": (1, 1),
    "known": (1, 1),
}
"""Function -> the minimum and maximum number of arguments."""

USAGE = {
    "answered": "answered(question)",
    "count": "count(collection) or count(records, condition)",
    "sum": "sum(table) or sum(records, number, condition)",
    "mean": "mean(table) or mean(records, number, condition)",
    "min": "min(a, b, ...), min(table) or min(records, number, condition)",
    "max": "max(a, b, ...), max(table) or max(records, number, condition)",
    "any": "any(records, condition)",
    "all": "all(records, condition)",
    "round": "round(number) or round(number, places)",
    "days_between": "days_between(first, last)",
    "band": "band(compute)",
    "highest": "highest(compute, compute, ...)",
    "second": "second(compute, compute, ...)",
    "at": "at(weights, 'id'), at(rank, 'id') or at(table, 'row', 'column')",
    "each": "each(records, field) or each(records, field, condition)",
    "word_count": "word_count(text)",
    "done": "done(action)",
    "known": "known(question)",
}

UNRESERVED = frozenset({"known"})
"""Functions that were added when their names could already be ids. They are functions only before a parenthesis."""

RESERVED_WORDS: frozenset[str] = KEYWORDS | frozenset(ARGUMENT_COUNTS) - UNRESERVED
"""Words that can't be the id of a question, compute, field or action, because they are read as keywords or functions."""


def get_children(node: Node) -> tuple[Node, ...]:
    """The direct children, in the order of the source."""
    match node:
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Conditional(then=then, condition=condition, else_=else_):
            return (then, condition, else_)
        case ListLiteral(items=children) | Call(arguments=children):
            return children
        case _:
            return ()


def parse_iso_date(text: str) -> date | None:
    """The date in the form `YYYY-MM-DD`; None for anything else, including week dates and short forms."""
    if len(text) != len("YYYY-MM-DD") or not text.isascii() or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def find_free_names(node: Node, get_fields: Callable[[str], Collection[str]]) -> frozenset[str]:
    """The questions and computes that the expression uses, without fields of records and the actions in done().

    `get_fields` returns the field names of a records question, and nothing for any other id. It needs no types, so that
    computes can be sorted before any is type-checked.
    """
    return frozenset(_walk_free_names(node, get_fields, ()))


def find_actions(node: Node) -> frozenset[str]:
    """The actions named in calls of done()."""
    return frozenset(_walk_actions(node))


def _walk_free_names(
    node: Node, get_fields: Callable[[str], Collection[str]], fields: Collection[str]
) -> Iterator[str]:
    match node:
        case Name(id=name):
            if name not in fields:
                yield name
        case Call(function="done"):
            return
        case Call(function=function, arguments=(Name(id=name), *rest)) if function in AGGREGATES:
            yield from _walk_free_names(node.arguments[0], get_fields, fields)
            for argument in rest:
                yield from _walk_free_names(argument, get_fields, get_fields(name) or fields)
        case _:
            for child in get_children(node):
                yield from _walk_free_names(child, get_fields, fields)


def _walk_actions(node: Node) -> Iterator[str]:
    match node:
        case Call(function="done", arguments=(Name(id=name), *_)):
            yield name
        case _:
            for child in get_children(node):
                yield from _walk_actions(child)
