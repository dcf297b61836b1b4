"""Explain a computed value: the expression with the values filled in, such as 2 × 3 + 1 + 2 + 0."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from careerkit.core.expressions.ast import Binary, Call, Conditional, Name, Node, Unary
from careerkit.core.expressions.evaluate import EvaluationContext, evaluate, round_half_up
from careerkit.core.values import Value

NULL_TEXT = "…"

_BINDING_POWERS = {"+": 1, "-": 1, "*": 2, "/": 2}
_PRINTED_OPERATORS = {"*": "×", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
_UNARY_POWER = 3
_MAX_PLAIN_NUMBER = Decimal(10) ** 15
_DECIMAL_PLACES = 2


def explain_expression(node: Node, context: EvaluationContext, label: Callable[[str], str]) -> str:
    """The expression on one line, with values in place of names; null is `…`.

    `label(id)` gives the label of a choice, a band or, in highest(), a compute. Arithmetic and comparisons of numbers and
    dates are spelled out, and of an `if` the branch that applies. Other conditions are shown as yes or no, and functions
    over collections by their result.
    """
    return _Explainer(context, label).explain(node, 0)


class _Explainer:
    def __init__(self, context: EvaluationContext, label: Callable[[str], str]) -> None:
        self._context = context
        self._label = label

    def explain(self, node: Node, power: int) -> str:
        """Explain a node, in parentheses if it binds less tightly than `power`."""
        match node:
            case Binary(operator=sign) if sign in _BINDING_POWERS:
                return self._format_arithmetic(node, power)
            case Binary(operator="==" | "!=" | "<" | "<=" | ">" | ">=") if self._is_quantity_comparison(node):
                return self._format_comparison(node)
            case Unary(operator="-", operand=operand):
                return _wrap_in_parentheses(f"-{self.explain(operand, _UNARY_POWER)}", when=power > 0)
            case Conditional():
                holds = evaluate(node.condition, self._context) is True
                return self.explain(node.then if holds else node.else_, power)
            case Call(function="round", arguments=(number, *_)):
                return f"round({self.explain(number, 0)})"
            case Call(function="min" | "max", arguments=several) if len(several) > 1 and self._is_list_of_numbers(
                several
            ):
                return f"{node.function}({', '.join(self.explain(argument, 0) for argument in several)})"
            case Call(function="highest" | "second"):
                return f"{node.function} of {', '.join(self._format_ranked(name) for name in node.arguments)}"
            case _:
                return self._format_value(evaluate(node, self._context), power)

    def _format_arithmetic(self, node: Binary, power: int) -> str:
        own = _BINDING_POWERS[node.operator]
        left = self.explain(node.left, own)
        right = self.explain(node.right, own + (node.operator in {"-", "/"}))
        return _wrap_in_parentheses(
            f"{left} {_PRINTED_OPERATORS.get(node.operator, node.operator)} {right}", when=own < power
        )

    def _format_comparison(self, node: Binary) -> str:
        sign = _PRINTED_OPERATORS.get(node.operator, node.operator)
        return f"{self.explain(node.left, 0)} {sign} {self.explain(node.right, 0)}"

    def _format_ranked(self, node: Node) -> str:
        label = self._label(node.id) if isinstance(node, Name) else ""
        return f"{label} {self.explain(node, 0)}"

    def _is_quantity_comparison(self, node: Binary) -> bool:
        sides = [evaluate(side, self._context) for side in (node.left, node.right)]
        return any(isinstance(side, Decimal | date) for side in sides)

    def _is_list_of_numbers(self, arguments: tuple[Node, ...]) -> bool:
        """Are these numbers, rather than records and an expression for each?"""
        first = evaluate(arguments[0], self._context)
        return isinstance(first, Decimal) or not isinstance(arguments[0], Name)

    def _format_value(self, value: Value | None, power: int) -> str:
        match value:
            case bool():
                return "yes" if value else "no"
            case Decimal():
                return _wrap_in_parentheses(_format_number(value), when=power > 0 and value < 0)
            case str():
                return self._label(value)
            case tuple():
                return ", ".join(part for part in value if isinstance(part, str))
            case date():
                return value.isoformat()
            case _:
                return NULL_TEXT


def _wrap_in_parentheses(text: str, *, when: bool) -> str:
    return f"({text})" if when else text


def _format_number(number: Decimal) -> str:
    """With at most two decimals, and in scientific notation if it is too long to read."""
    if abs(number) >= _MAX_PLAIN_NUMBER:
        return f"{number:.2E}"
    text = f"{round_half_up(number, _DECIMAL_PLACES) or 0:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
