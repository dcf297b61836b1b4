"""Whether an expression makes sense in a playbook: that its ids exist and its operands fit together."""

from __future__ import annotations

from decimal import Decimal

from careerkit.core.expression import aggregates
from careerkit.core.expression.arguments import Fields
from careerkit.core.expression.calls import kind_of_call
from careerkit.core.expression.kinds import (
    ChoiceKind,
    ChoicesKind,
    DateKind,
    Kind,
    ListKind,
    NumberKind,
    RankKind,
    TextKind,
    YesNoKind,
)
from careerkit.core.expression.matching import Matching, described
from careerkit.core.expression.nodes import ORDERINGS, Binary, Call, Conditional, Listing, Literal, Name, Node, Unary
from careerkit.core.expression.scope import Scope
from careerkit.core.expression.tokens import problem_at, shown
from careerkit.core.problem import Place, Problem, Refused, nearest

NUMBER, YES_NO, TEXT = NumberKind(), YesNoKind(), TextKind()


def check(node: Node, scope: Scope) -> Kind:
    """The kind of an expression. Raises Refused with every problem in it, in the order of their columns."""
    checker = Checker(scope)
    return checker.result(node, checker.kind(node))


def check_condition(node: Node, scope: Scope) -> None:
    """As `check`, and it must be yes or no: for `when` and `check`."""
    checker = Checker(scope)
    kind = checker.kind(node)
    if kind is not None and not isinstance(kind, YesNoKind):
        message = f"A condition must be yes or no; this is {described(kind)}."
        checker.report(node, "not-a-condition", message, _CONDITIONS.get(type(kind), "Compare it with something."))
    checker.result(node, kind)


def check_value(node: Node, scope: Scope) -> Kind:
    """As `check`, for the whole `value` of a compute: here each() may stand.

    The kind is one that a compute can have: number, yes or no, date, choice, or list.
    """
    checker = Checker(scope)
    if isinstance(node, Call) and node.function == "each":
        return checker.result(node, aggregates.each(checker, node))
    kind = checker.kind(node)
    if kind is not None and not isinstance(kind, NumberKind | YesNoKind | DateKind | ChoiceKind | ListKind | TextKind):
        message = f"A compute can't be {described(kind)}."
        checker.report(node, "wrong-kind", message, "Insert the answer itself, or compute something from it.")
    return checker.result(node, kind)


_CONDITIONS: dict[type, str] = {
    NumberKind: "Compare it, as in harm >= 3.",
    DateKind: "Compare it, as in deadline <= today.",
    ChoiceKind: "Compare it, as in kind == 'mistake'.",
    ChoicesKind: "Ask what is in it, as in 'legal' in gate.",
    ListKind: "Ask for its length, as in count(names) > 0.",
}


_WANTED: dict[type, str] = {
    NumberKind: "Use a scale, a number, or what count() and at() give.",
    YesNoKind: "Compare it, as in harm >= 3 or kind == 'mistake'.",
    DateKind: "Use a date question, today, or '2026-12-01'.",
}


class Checker:
    """One check of one expression. `kind` is None where something was wrong: it is reported, and nothing follows.

    Names of texts are refused where they are looked up, so that a TextKind always stands for quoted text, which takes
    its meaning from what is beside it. `fields` are a record's, within an aggregate; None outside of any.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.matching = Matching(self.report)
        self._problems: list[Problem] = []

    def report(self, node: Node, code: str, message: str, hint: str) -> None:
        self._problems.append(problem_at(node.column, code, message, hint))

    def result(self, node: Node, kind: Kind | None) -> Kind:
        if isinstance(kind, TextKind):
            hint = "Compare it with a choice or a date, as in kind == 'mistake'."
            self.report(node, "wrong-kind", "A quoted text says nothing alone.", hint)
        if self._problems or kind is None:
            raise Refused(sorted(self._problems, key=_column))
        return kind

    def kind(self, node: Node, fields: Fields = None) -> Kind | None:
        match node:
            case Literal(value=value):
                return YES_NO if isinstance(value, bool) else NUMBER if isinstance(value, Decimal) else TEXT
            case Name():
                return self._name(node, fields)
            case Unary(operator="not", operand=operand):
                return self.expect(operand, YES_NO, fields)
            case Unary(operand=operand):
                return self.expect(operand, NUMBER, fields)
            case Binary(operator="and" | "or"):
                return self._both(node, YES_NO, fields)
            case Binary(operator="+" | "-" | "*" | "/"):
                return self._both(node, NUMBER, fields)
            case Binary(operator="in" | "not in"):
                return self._membership(node, fields)
            case Binary():
                return self._comparison(node, fields)
            case Conditional():
                return self._conditional(node, fields)
            case Call():
                return kind_of_call(self, node, fields)
            case Listing():
                self.report(node, "wrong-kind", "A list stands only after 'in'.", "Write x in ['a', 'b'].")
                return None

    def expect(self, node: Node, wanted: Kind, fields: Fields) -> Kind:
        """Report what is not of the wanted kind. Gives the wanted kind all the same, so that checking goes on."""
        kind = self.kind(node, fields)
        if isinstance(kind, TextKind) and isinstance(wanted, DateKind):
            self.matching.settle(node, wanted)
        elif kind is not None and type(kind) is not type(wanted):
            self.report(
                node,
                "wrong-kind",
                f"{described(wanted).capitalize()} is needed; this is {described(kind)}.",
                _WANTED[type(wanted)],
            )
        return wanted

    def look_up(self, name: Name, fields: Fields) -> Kind | None:
        """The kind of a field or, failing that, of a question or compute; an unknown one is reported."""
        kind = (fields or {}).get(name.id) or self.scope.kind_of(name.id)
        if kind is None:
            near = nearest(name.id, [*(fields or ()), *self.scope.names()])
            hint = f"Did you mean {near}?" if near else "A value of a choice is written in quotes."
            self.report(name, "unknown-id", f"There is no question or compute {shown(name.id)} here.", hint)
        return kind

    def _name(self, name: Name, fields: Fields) -> Kind | None:
        kind = self.look_up(name, fields)
        if isinstance(kind, TextKind):
            message = f"{shown(name.id)} is a text, and only answered() and word_count() may look at it."
            self.report(name, "wrong-kind", message, f"Write answered({name.id}), or ask with choices.")
            return None
        return kind

    def _both(self, node: Binary, wanted: Kind, fields: Fields) -> Kind:
        self.expect(node.left, wanted, fields)
        return self.expect(node.right, wanted, fields)

    def _comparison(self, node: Binary, fields: Fields) -> Kind:
        common = self.matching.common(
            node, (node.left, self.kind(node.left, fields)), (node.right, self.kind(node.right, fields))
        )
        if common is not None and node.operator in ORDERINGS and not isinstance(common, NumberKind | DateKind):
            message = f"Only numbers and dates can be compared with {node.operator}; this is {described(common)}."
            self.report(node, "wrong-kind", message, "Write ==, != or in.")
        return YES_NO

    def _membership(self, node: Binary, fields: Fields) -> Kind:
        left = self.kind(node.left, fields)
        if isinstance(node.right, Listing):
            for item in node.right.items:
                self.matching.common(item, (node.left, left), (item, self.kind(item, fields)))
            return YES_NO
        right = self.kind(node.right, fields)
        if right is None or left is None:
            return YES_NO
        if not isinstance(right, ChoicesKind | RankKind | ListKind):
            message = f"After '{node.operator}' a list or a choices question is needed; this is {described(right)}."
            self.report(node.right, "wrong-kind", message, "Write == for a single value.")
        elif not isinstance(left, ChoiceKind | TextKind):
            message = f"Before '{node.operator}' a choice or a quoted id is needed; this is {described(left)}."
            self.report(node.left, "wrong-kind", message, "Write 'id' in question.")
        else:
            ids = ChoiceKind(None if isinstance(right, ListKind) else right.ids)
            self.matching.common(node, (node.left, left), (node.right, ids))
        return YES_NO

    def _conditional(self, node: Conditional, fields: Fields) -> Kind | None:
        holds = self.kind(node.holds, fields)
        self.expect(node.condition, YES_NO, fields)
        otherwise = self.kind(node.otherwise, fields)
        return self.matching.either(node, (node.holds, holds), (node.otherwise, otherwise))


def _column(problem: Problem) -> int:
    return problem.where.column if isinstance(problem.where, Place) else 0
