"""Type-check an expression: its names exist, and its operands have matching types."""

from __future__ import annotations

from decimal import Decimal

from careerkit.core.errors import Place, Problem, Refused, find_closest
from careerkit.core.expressions import ast, types
from careerkit.core.expressions.call_types import RecordFields, TypeMatcher, check_each, describe_type, infer_call
from careerkit.core.expressions.parser import make_problem
from careerkit.core.text import quote_fragment

_CONDITION_HINTS: dict[type, str] = {
    types.NumberType: "Compare it, as in harm >= 3.",
    types.DateType: "Compare it, as in deadline <= today.",
    types.ChoiceType: "Compare it, as in kind == 'mistake'.",
    types.ChoicesType: "Ask what it contains, as in 'legal' in gate.",
    types.ListType: "Ask for its length, as in count(names) > 0.",
}

_TYPE_HINTS: dict[type, str] = {
    types.NumberType: "Use a scale, a number, count() or at().",
    types.YesNoType: "Compare it, as in harm >= 3 or kind == 'mistake'.",
    types.DateType: "Use a date question, today, or '2026-12-01'.",
}


def check_expression(node: ast.Node, scope: types.Scope) -> types.ValueType:
    """The type of an expression. Raises Refused with every problem in it, ordered by column."""
    checker = TypeChecker(scope)
    return checker.finish(node, checker.infer(node))


def check_condition(node: ast.Node, scope: types.Scope) -> None:
    """Check an expression that must be yes or no, as in `when` and `check`. Raises Refused like `check_expression`."""
    checker = TypeChecker(scope)
    kind = checker.infer(node)
    if kind is not None and not isinstance(kind, types.YesNoType):
        message = f"A condition must be yes or no; this is {describe_type(kind)}."
        checker.report(node, "not-a-condition", message, _CONDITION_HINTS.get(type(kind), "Compare it with something."))
    checker.finish(node, kind)


def check_value(node: ast.Node, scope: types.Scope) -> types.ValueType:
    """The type of the `value` of a compute, where each() is allowed: a number, yes or no, date, choice or list.

    Raises Refused like `check_expression`.
    """
    checker = TypeChecker(scope)
    if isinstance(node, ast.Call) and node.function == "each":
        return checker.finish(node, check_each(checker, node))
    kind = checker.infer(node)
    if kind is not None and not isinstance(
        kind, types.NumberType | types.YesNoType | types.DateType | types.ChoiceType | types.ListType | types.TextType
    ):
        message = f"A compute can't be {describe_type(kind)}."
        checker.report(node, "wrong-kind", message, "Insert the answer itself, or compute something from it.")
    return checker.finish(node, kind)


class TypeChecker:
    """Checks one expression. `infer` returns None for a node with a problem, so that it isn't reported twice.

    The ids of text questions are rejected on look-up, so a TextType always means quoted text, whose type depends on
    what it is compared with. `fields` are those of the records in an aggregate, and None outside of aggregates.
    """

    def __init__(self, scope: types.Scope) -> None:
        self.scope = scope
        self.matcher = TypeMatcher(self.report)
        self._problems: list[Problem] = []

    def report(self, node: ast.Node, code: str, message: str, hint: str) -> None:
        self._problems.append(make_problem(node.column, code, message, hint))

    def finish(self, node: ast.Node, kind: types.ValueType | None) -> types.ValueType:
        if isinstance(kind, types.TextType):
            hint = "Compare it with a choice or a date, as in kind == 'mistake'."
            self.report(node, "wrong-kind", "A quoted text can't be used on its own.", hint)
        if self._problems or kind is None:
            raise Refused(sorted(self._problems, key=_get_column))
        return kind

    def infer(self, node: ast.Node, fields: RecordFields = None) -> types.ValueType | None:
        match node:
            case ast.Literal():
                return _get_literal_type(node)
            case ast.Name():
                return self._infer_name(node, fields)
            case ast.Unary(operator="not", operand=operand):
                return self.expect(operand, types.YES_NO, fields)
            case ast.Unary(operand=operand):
                return self.expect(operand, types.NUMBER, fields)
            case ast.Binary(operator="and" | "or"):
                return self._expect_both(node, types.YES_NO, fields)
            case ast.Binary(operator="+" | "-"):
                return self._infer_sum(node, fields)
            case ast.Binary(operator="*" | "/"):
                return self._expect_both(node, types.NUMBER, fields)
            case ast.Binary(operator="in" | "not in"):
                return self._infer_membership(node, fields)
            case ast.Binary():
                return self._infer_comparison(node, fields)
            case ast.Conditional():
                return self._infer_conditional(node, fields)
            case ast.Call():
                return infer_call(self, node, fields)
            case ast.ListLiteral():
                self.report(node, "wrong-kind", "A list is only allowed after 'in'.", "Write x in ['a', 'b'].")
                return None

    def expect(self, node: ast.Node, wanted: types.ValueType, fields: RecordFields) -> types.ValueType:
        """Report a node that doesn't have the type `wanted`. Returns that type in any case, so that checking continues."""
        return self._expect_inferred(node, self.infer(node, fields), wanted)

    def _expect_inferred(
        self, node: ast.Node, kind: types.ValueType | None, wanted: types.ValueType
    ) -> types.ValueType:
        if isinstance(kind, types.TextType) and isinstance(wanted, types.DateType):
            self.matcher.resolve_literal(node, wanted)
        elif kind is not None and type(kind) is not type(wanted):
            self.report(
                node,
                "wrong-kind",
                f"{describe_type(wanted).capitalize()} is needed; this is {describe_type(kind)}.",
                _TYPE_HINTS[type(wanted)],
            )
        return wanted

    def look_up(self, name: ast.Name, fields: RecordFields) -> types.ValueType | None:
        """The type of a field or, otherwise, of a question or compute. An unknown id is reported and gives None."""
        kind = (fields or {}).get(name.id) or self.scope.type_of(name.id)
        if kind is None:
            near = find_closest(name.id, [*(fields or ()), *self.scope.names()])
            hint = f"Did you mean {near}?" if near else "A value of a choice is written in quotes."
            hint = "Set `deadline` at the top of the playbook." if name.id == "hours_left" else hint
            self.report(name, "unknown-id", f"There is no question or compute {quote_fragment(name.id)} here.", hint)
        return kind

    def _infer_name(self, name: ast.Name, fields: RecordFields) -> types.ValueType | None:
        kind = self.look_up(name, fields)
        if isinstance(kind, types.TextType):
            message = f"{quote_fragment(name.id)} is a text, which only answered() and word_count() accept."
            self.report(name, "wrong-kind", message, f"Write answered({name.id}), or ask with choices.")
            return None
        return kind

    def _expect_both(self, node: ast.Binary, wanted: types.ValueType, fields: RecordFields) -> types.ValueType:
        self.expect(node.left, wanted, fields)
        return self.expect(node.right, wanted, fields)

    def _infer_sum(self, node: ast.Binary, fields: RecordFields) -> types.ValueType:
        """A number, or a date moved by days."""
        left = self.infer(node.left, fields)
        if not isinstance(left, types.DateType):
            self._expect_inferred(node.left, left, types.NUMBER)
            return self.expect(node.right, types.NUMBER, fields)
        right = self.infer(node.right, fields)
        if isinstance(right, types.DateType):
            message = "A date can't be added to a date, or taken from one."
            self.report(node, "wrong-kind", message, "Write days_between(first, last), or add a number of days.")
        else:
            self._expect_inferred(node.right, right, types.NUMBER)
        return types.DATE

    def _infer_comparison(self, node: ast.Binary, fields: RecordFields) -> types.ValueType:
        if name := self._find_band_comparison(node):
            message = f"{quote_fragment(name.id)} is a number here, not its band."
            self.report(node, "wrong-kind", message, f"Compare its band: band({name.id}).")
            return types.YES_NO
        common = self.matcher.unify(
            node, (node.left, self.infer(node.left, fields)), (node.right, self.infer(node.right, fields))
        )
        if (
            common is not None
            and node.operator in ast.ORDER_OPERATORS
            and not isinstance(common, types.NumberType | types.DateType)
        ):
            message = f"Only numbers and dates can be compared with {node.operator}; this is {describe_type(common)}."
            self.report(node, "wrong-kind", message, "Write ==, != or in.")
        return types.YES_NO

    def _find_band_comparison(self, node: ast.Binary) -> ast.Name | None:
        """The compute that is compared with the id of one of its bands, as if it were that band."""
        for side, other in ((node.left, node.right), (node.right, node.left)):
            is_text = isinstance(other, ast.Literal) and isinstance(other.value, str)
            if is_text and isinstance(side, ast.Name) and self.scope.band_ids(side.id):
                return side if isinstance(self.scope.type_of(side.id), types.NumberType) else None
        return None

    def _infer_membership(self, node: ast.Binary, fields: RecordFields) -> types.ValueType:
        left = self.infer(node.left, fields)
        if isinstance(node.right, ast.ListLiteral):
            if isinstance(left, types.ChoicesType):
                left = types.ChoiceType(left.ids)  # several choices: is any of them in the list?
            for item in node.right.items:
                self.matcher.unify(item, (node.left, left), (item, self.infer(item, fields)))
            return types.YES_NO
        right = self.infer(node.right, fields)
        if right is None or left is None:
            return types.YES_NO
        if not isinstance(right, types.ChoicesType | types.RankType | types.ListType):
            message = f"After '{node.operator}' a list or a choices question is needed; this is {describe_type(right)}."
            self.report(node.right, "wrong-kind", message, "Write == for a single value.")
        elif not isinstance(left, types.ChoiceType | types.TextType):
            message = f"Before '{node.operator}' a choice or a quoted id is needed; this is {describe_type(left)}."
            self.report(node.left, "wrong-kind", message, "Write 'id' in question.")
        else:
            ids = types.ChoiceType(None if isinstance(right, types.ListType) else right.ids)
            self.matcher.unify(node, (node.left, left), (node.right, ids))
        return types.YES_NO

    def _infer_conditional(self, node: ast.Conditional, fields: RecordFields) -> types.ValueType | None:
        then = self.infer(node.then, fields)
        self.expect(node.condition, types.YES_NO, fields)
        else_ = self.infer(node.else_, fields)
        return self.matcher.unify_branches(node, (node.then, then), (node.else_, else_))


def _get_literal_type(literal: ast.Literal) -> types.ValueType:
    match literal.value:
        case bool():
            return types.YES_NO
        case Decimal():
            return types.NUMBER
        case str():
            return types.TEXT


def _get_column(problem: Problem) -> int:
    return problem.where.column if isinstance(problem.where, Place) else 0
