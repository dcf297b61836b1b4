"""Match the types of two operands, and resolve quoted text to the type that it is compared with."""

from __future__ import annotations

from collections.abc import Callable

from careerkit.core.errors import find_closest
from careerkit.core.expressions import types
from careerkit.core.expressions.ast import Binary, Conditional, Literal, Name, Node, parse_iso_date
from careerkit.core.text import describe_lookalike, quote_fragment

ReportProblem = Callable[[Node, str, str, str], None]
Operand = tuple[Node, types.ValueType | None]

_TYPE_NAMES: dict[type, str] = {
    types.NumberType: "a number",
    types.YesNoType: "yes or no",
    types.DateType: "a date",
    types.TextType: "a quoted text",
    types.ChoiceType: "a choice",
    types.ChoicesType: "several choices",
    types.RankType: "a rank",
    types.ListType: "a list",
    types.WeightsType: "weights",
    types.MatrixType: "a table of cells",
    types.RecordsType: "records",
}
_MAX_SUGGESTIONS = 8


def describe_type(value_type: types.ValueType) -> str:
    return _TYPE_NAMES[type(value_type)]


class TypeMatcher:
    """Finds the common type of operands, and reports operands whose types don't match."""

    def __init__(self, report: ReportProblem) -> None:
        self._report = report

    def unify(self, node: Node, left: Operand, right: Operand) -> types.ValueType | None:
        """The common type of both sides of a comparison; None if there is none, or a side has a problem already."""
        if left[1] is None or right[1] is None:
            return None
        if isinstance(left[1], types.TextType) and isinstance(right[1], types.TextType):
            hint = "Compare an id with a quoted value, as in kind == 'mistake'."
            self._report_mismatch(node, "Two quoted texts can't be compared.", hint)
            return None
        if isinstance(left[1], types.TextType):
            return self.resolve_literal(left[0], right[1], other=right[0])
        if isinstance(right[1], types.TextType):
            return self.resolve_literal(right[0], left[1], other=left[0])
        return self._check_same_type(node, left[1], right[1])

    def unify_branches(self, node: Node, then: Operand, else_: Operand) -> types.ValueType | None:
        """The type of an `if` with these two branches; None as in `unify`."""
        if isinstance(then[1], types.TextType) and isinstance(else_[1], types.TextType):
            return then[1]
        if isinstance(then[1], types.ChoiceType) and isinstance(else_[1], types.ChoiceType):
            return _merge_choices(then[1].ids, else_[1].ids)
        kind = self.unify(node, then, else_)
        quoted = isinstance(then[1], types.TextType) or isinstance(else_[1], types.TextType)
        if quoted and isinstance(kind, types.ChoiceType) and kind.ids is None:
            message = "These choices depend on an answer, so the quoted one may not exist."
            self._report_mismatch(node, message, "Leave the quoted value out, or list the choices.")
            return None
        return kind

    def resolve_literal(
        self, node: Node, kind: types.ValueType, *, other: Node | None = None
    ) -> types.ValueType | None:
        """Check quoted text (or an `if` between quoted texts) against the type it is compared with, and return that type."""
        match node, kind:
            case Conditional(then=then, else_=else_), _:
                resolved = self.resolve_literal(then, kind)
                return self.resolve_literal(else_, kind) and resolved
            case Literal(value=str(text)), types.DateType():
                if parse_iso_date(text) is None:
                    message = f"{quote_fragment(text)} is not a date."
                    self._report(node, "bad-date", message, "Write a day that exists, as '2026-12-01'.")
                return kind
            case Literal(value=str(text)), types.ChoiceType(ids=ids):
                self._check_choice(node, text, ids)
                return kind
        hint = "Quotes are for choices and dates."
        if isinstance(node, Literal) and isinstance(kind, types.ChoicesType | types.ListType | types.RankType):
            name = other.id if isinstance(other, Name) else "question"
            hint = f"Write '{node.value}' in {name}, or not in."
        self._report_mismatch(node, f"A quoted text can't be compared with {describe_type(kind)}.", hint)
        return None

    def _check_same_type(self, node: Node, left: types.ValueType, right: types.ValueType) -> types.ValueType | None:
        if type(left) is not type(right):
            self._report_mismatch(
                node,
                f"{describe_type(left).capitalize()} can't be compared with {describe_type(right)}.",
                _suggest_count(node, left, right) or "Both sides must have the same type.",
            )
            return None
        if isinstance(left, types.ChoiceType) and isinstance(right, types.ChoiceType):
            self._check_overlap(node, left.ids, right.ids)
        elif not isinstance(left, types.NumberType | types.YesNoType | types.DateType):
            self._report_mismatch(
                node, f"Whole answers such as {describe_type(left)} can't be compared.", "Use in, count() or at()."
            )
            return None
        return left

    def _check_choice(self, node: Node, text: str, ids: types.Ids) -> None:
        if ids is None or text in ids:
            return
        near = find_closest(text, ids)
        named = ", ".join(ids[:_MAX_SUGGESTIONS]) + (", …" if len(ids) > _MAX_SUGGESTIONS else "")
        hint = f"Did you mean '{near}'?" if near else f"Choices: {named}." if ids else ""
        hint = " ".join(filter(None, (describe_lookalike(text), hint)))
        self._report(node, "unknown-choice", f"{quote_fragment(text)} is not one of the choices.", hint)

    def _check_overlap(self, node: Node, left: types.Ids, right: types.Ids) -> None:
        """Report two choices without a common id: they can never be equal, so comparing them is a mistake."""
        if left is not None and right is not None and not set(left) & set(right):
            message = "These two have no choice in common, so they are never equal."
            self._report(node, "unknown-choice", message, "Compare it with a question that has the same choices.")

    def _report_mismatch(self, node: Node, message: str, hint: str) -> None:
        self._report(node, "wrong-kind", message, hint)


def _suggest_count(node: Node, left: types.ValueType, right: types.ValueType) -> str:
    """How to compare the number of entries with a number; empty if something else is compared."""
    sides = (node.left, node.right) if isinstance(node, Binary) else ()
    for side, kind, other in zip(sides, (left, right), (right, left), strict=False):
        if isinstance(side, Name) and isinstance(kind, _COUNTED) and isinstance(other, types.NumberType):
            return f"Write count({side.id}) for the number of its entries."
    return ""


_COUNTED = types.ListType | types.ChoicesType | types.RecordsType


def _merge_choices(left: types.Ids, right: types.Ids) -> types.ChoiceType:
    return types.ChoiceType(None if left is None or right is None else tuple(dict.fromkeys([*left, *right])))
