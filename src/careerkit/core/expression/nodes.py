"""The tree that an expression is read into."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# Few classes on purpose: making a dataclass costs a third of a millisecond, at every start.
# `column` counts from 1 within the source. It is no part of what a node means, so equality leaves it out.


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, true or false, or a quoted text (an id or a date, as what stands beside it decides)."""

    value: Decimal | bool | str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """The id of a question, a compute, a field or, in done(), an action."""

    id: str
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`operator` is `not` or `-`."""

    operator: str
    operand: Node
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`operator` is one of `and or == != < <= > >= in + - * /` or `not in`; its place is the node's column."""

    operator: str
    left: Node
    right: Node
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`holds if condition else otherwise`."""

    holds: Node
    condition: Node
    otherwise: Node
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Listing:
    """`[a, b]`, which stands only after `in` and `not in`."""

    items: tuple[Node, ...]
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; `today` is a call without any."""

    function: str
    arguments: tuple[Node, ...]
    column: int = field(default=1, compare=False)


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
