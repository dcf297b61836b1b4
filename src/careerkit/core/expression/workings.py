"""An expression written out with the values filled in, for the review: `2 × 3 + 1 + 2 + 0`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from careerkit.core.expression.decimals import rounded
from careerkit.core.expression.evaluation import Context, evaluate
from careerkit.core.expression.nodes import Binary, Call, Conditional, Name, Node, Unary
from careerkit.core.value import Value

NULL = "…"

_POWERS = {"+": 1, "-": 1, "*": 2, "/": 2}
_SIGNS = {"*": "×", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
_WHOLE_POWER = 3
_MOST_WRITTEN = Decimal(10) ** 15
_DECIMALS = 2


def arithmetic(node: Node, context: Context, label: Callable[[str], str]) -> str:
    """How the value comes about, in one line; null is `…`.

    `label(id)` is how an id reads that the value can be: a choice's, a band's or, in highest(), a compute's.
    Sums are written out, and comparisons of numbers and dates; of an `if` the side that counts. Any other condition is
    yes or no, and a function over a collection is its result.
    """
    return _Writer(context, label).written(node, 0)


class _Writer:
    def __init__(self, context: Context, label: Callable[[str], str]) -> None:
        self._context = context
        self._label = label

    def written(self, node: Node, power: int) -> str:
        """In parentheses where it binds less tightly than `power`."""
        match node:
            case Binary(operator=sign) if sign in _POWERS:
                return self._sum(node, power)
            case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">=") if self._is_measured(node):
                return self._compared(node)
            case Unary(operator="-", operand=operand):
                return _enclosed(f"-{self.written(operand, _WHOLE_POWER)}", when=power > 0)
            case Conditional():
                holds = evaluate(node.condition, self._context) is True
                return self.written(node.holds if holds else node.otherwise, power)
            case Call(function="round", arguments=(number, *_)):
                return f"round({self.written(number, 0)})"
            case Call(function="min" | "max", arguments=several) if len(several) > 1 and self._is_plain(several):
                return f"{node.function}({', '.join(self.written(argument, 0) for argument in several)})"
            case Call(function="highest" | "second"):
                return f"{node.function} of {', '.join(self._ranked(name) for name in node.arguments)}"
            case _:
                return self._value(evaluate(node, self._context), power)

    def _sum(self, node: Binary, power: int) -> str:
        own = _POWERS[node.operator]
        left = self.written(node.left, own)
        right = self.written(node.right, own + (node.operator in {"-", "/"}))
        return _enclosed(f"{left} {_SIGNS.get(node.operator, node.operator)} {right}", when=own < power)

    def _compared(self, node: Binary) -> str:
        sign = _SIGNS.get(node.operator, node.operator)
        return f"{self.written(node.left, 0)} {sign} {self.written(node.right, 0)}"

    def _ranked(self, node: Node) -> str:
        label = self._label(node.id) if isinstance(node, Name) else ""
        return f"{label} {self.written(node, 0)}"

    def _is_measured(self, node: Binary) -> bool:
        sides = [evaluate(side, self._context) for side in (node.left, node.right)]
        return any(isinstance(side, Decimal | date) for side in sides)

    def _is_plain(self, arguments: tuple[Node, ...]) -> bool:
        """Whether these are numbers, rather than records and what is wanted of each."""
        first = evaluate(arguments[0], self._context)
        return isinstance(first, Decimal) or not isinstance(arguments[0], Name)

    def _value(self, value: Value | None, power: int) -> str:
        match value:
            case bool():
                return "yes" if value else "no"
            case Decimal():
                return _enclosed(_number(value), when=power > 0 and value < 0)
            case str():
                return self._label(value)
            case tuple():
                return ", ".join(part for part in value if isinstance(part, str))
            case date():
                return value.isoformat()
            case _:
                return NULL


def _enclosed(text: str, *, when: bool) -> str:
    return f"({text})" if when else text


def _number(number: Decimal) -> str:
    """At most two decimals, and no more digits than can be read."""
    if abs(number) >= _MOST_WRITTEN:
        return f"{number:.2E}"
    text = f"{rounded(number, _DECIMALS) or 0:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
