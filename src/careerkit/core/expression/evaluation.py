"""What a checked expression gives for a person's answers, null rules included."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from careerkit.core.expression import decimals
from careerkit.core.expression.functions import FUNCTIONS, NO_RECORD, Cells, text_of
from careerkit.core.expression.nodes import Binary, Call, Conditional, Listing, Literal, Name, Node, Unary, iso_date
from careerkit.core.value import Field, Record, Value


class Context(Protocol):
    """The answers and results that an expression is evaluated on."""

    def value(self, name: str) -> Value | None:
        """What a question or compute holds; None for null, for hidden, and for any name that is neither."""

    @property
    def today(self) -> date:
        """The date on which the interview began; in a check-in, that of its answering."""

    def band(self, name: str) -> str | None:
        """The band of a compute, as the person set it or as its number gives it."""

    def is_done(self, action: str) -> bool: ...


def evaluate(node: Node, context: Context) -> Value | None:
    """The value, of the kind that the check gave, or None for null.

    Never raises for a checked expression and a context that keeps its word. Arithmetic has 28 digits; what would be
    1E+100 or more, or divides by zero, is null.
    """
    return _Evaluation(context).value(node, NO_RECORD)


class _Evaluation:
    """One evaluation. `record` is the one that an aggregate is at; fields and other ids never share a name."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.cells = Cells(context.value)

    def value(self, node: Node, record: Record) -> Value | None:
        match node:  # the most frequent first: an aggregate comes here some thousand times
            case Name(id=name):
                return _known(record[name] if name in record else self.context.value(name))
            case Binary():
                return self._binary(node, record)
            case Literal(value=value):
                return (iso_date(value) or value) if isinstance(value, str) else value
            case Call():
                return FUNCTIONS[node.function](self, node.arguments, record)
            case Unary(operator="not"):
                return self.value(node.operand, record) is not True
            case Unary():
                number = self.value(node.operand, record)
                return decimals.negated(number) if isinstance(number, Decimal) else None
            case Conditional():
                holds = self.value(node.condition, record) is True
                return self.value(node.holds if holds else node.otherwise, record)
            case Listing():
                return None  # never alone: `in` looks at its items

    def _binary(self, node: Binary, record: Record) -> Value | None:
        sign = node.operator
        if sign == "and":
            return self.value(node.left, record) is True and self.value(node.right, record) is True
        if sign == "or":
            return self.value(node.left, record) is True or self.value(node.right, record) is True
        left = self.value(node.left, record)
        if sign in _IN:
            return _is_in(sign, left, self._among(node.right, record))
        right = self.value(node.right, record)
        if sign in _COMPARISONS:
            return _compared(sign, left, right)
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return decimals.combined(sign, left, right)
        return None

    def _among(self, node: Node, record: Record) -> Sequence[object]:
        if isinstance(node, Listing):
            return [self.value(item, record) for item in node.items]
        several = self.value(node, record)
        return several if isinstance(several, tuple) else [None]


_IN = {"in": "==", "not in": "!="}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _known(value: Value | Field) -> Value | None:
    return decimals.finite(value) if isinstance(value, Decimal) else value


def _is_in(sign: str, left: object, among: Sequence[object]) -> bool:
    """`x in [a, b]` is `x == a or x == b`, and `x not in [a, b]` is `x != a and x != b`, null rules and all."""
    if left is None:
        return False
    outcomes = (_compared(_IN[sign], left, item) for item in among)
    return any(outcomes) if sign == "in" else all(outcomes)


def _compared(sign: str, left: object, right: object) -> bool:
    if left is None or right is None:
        return False
    if type(left) is not type(right):  # a quoted text that reads as a date, beside a choice of that name
        left, right = text_of(left), text_of(right)
    return type(left) is type(right) and _COMPARISONS[sign](left, right)
