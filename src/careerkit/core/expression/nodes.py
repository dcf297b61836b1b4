"""The tree that an expression is read into."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from careerkit.core.frozen import fields_of, frozen


class _Placed:
    """`column` counts from 1 within the source. It is no part of what a node means, so equality leaves it out."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash(self._meaning())

    def _meaning(self) -> tuple[object, ...]:
        return tuple([getattr(self, name) for name in fields_of(self) if name != "column"])


@frozen
class Literal(_Placed):
    """A number, true or false, or a quoted text (an id or a date, as what stands beside it decides)."""

    value: Decimal | bool | str
    column: int = 1


@frozen
class Name(_Placed):
    """The id of a question, a compute, a field or, in done(), an action."""

    id: str
    column: int = 1


@frozen
class Unary(_Placed):
    """`operator` is `not` or `-`."""

    operator: str
    operand: Node
    column: int = 1


@frozen
class Binary(_Placed):
    """`operator` is one of `and or == != < <= > >= in + - * /` or `not in`; its place is the node's column."""

    operator: str
    left: Node
    right: Node
    column: int = 1


@frozen
class Conditional(_Placed):
    """`holds if condition else otherwise`."""

    holds: Node
    condition: Node
    otherwise: Node
    column: int = 1


@frozen
class Listing(_Placed):
    """`[a, b]`, which stands only after `in` and `not in`."""

    items: tuple[Node, ...]
    column: int = 1


@frozen
class Call(_Placed):
    """A function and its arguments; `today` is a call without any."""

    function: str
    arguments: tuple[Node, ...]
    column: int = 1


Node = Literal | Name | Unary | Binary | Conditional | Listing | Call

ORDERINGS = frozenset({"<", "<=", ">", ">="})
COMPARISONS = ORDERINGS | {"==", "!="}


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the source (a conditional's condition in the middle)."""
    match node:
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Conditional(holds=holds, condition=condition, otherwise=otherwise):
            return (holds, condition, otherwise)
        case Listing(items=below) | Call(arguments=below):
            return below
        case _:
            return ()


def iso_date(text: str) -> date | None:
    """The date that `YYYY-MM-DD` names, and None for all else (week dates and short forms too)."""
    if len(text) != len("YYYY-MM-DD") or not text.isascii() or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
