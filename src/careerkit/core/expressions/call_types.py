"""Match the types of operands, check the arguments of each function, and infer the type of its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from careerkit.core.errors import find_closest
from careerkit.core.expressions import types
from careerkit.core.expressions.ast import (
    ARGUMENT_COUNTS,
    USAGE,
    Binary,
    Call,
    Conditional,
    Literal,
    Name,
    Node,
    parse_iso_date,
)
from careerkit.core.text import describe_lookalike, format_count, quote_fragment

RecordFields = Mapping[str, types.ValueType] | None
"""Field -> type of the records that an aggregate iterates over; None outside of aggregates."""

_Collection = (
    types.ListType | types.ChoicesType | types.RankType | types.WeightsType | types.MatrixType | types.RecordsType
)

_MAX_DECIMAL_PLACES = 9

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


class ArgumentChecker(Protocol):
    """What checking a call needs from the type checker of the whole expression."""

    @property
    def scope(self) -> types.Scope: ...

    @property
    def matcher(self) -> TypeMatcher: ...

    def report(self, node: Node, code: str, message: str, hint: str) -> None: ...

    def infer(self, node: Node, fields: RecordFields) -> types.ValueType | None:
        """The type of a node; None if something in it is wrong and has been reported."""

    def expect(self, node: Node, wanted: types.ValueType, fields: RecordFields) -> types.ValueType:
        """Report a node that doesn't have the type `wanted`, and return that type in any case."""

    def look_up(self, name: Name, fields: RecordFields) -> types.ValueType | None:
        """The type of an id, including texts. An unknown id is reported and gives None."""


def infer_call(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType | None:
    """The type of a call's result. A fixed result type is returned even if an argument is wrong, so that checking continues."""
    if call.function == "today":
        return types.DATE
    if call.function == "each":
        message = "each() can only be the whole value of a compute."
        checker.report(call, "misplaced-each", message, "Make it a compute, and count() or insert that.")
        return None
    if _check_argument_count(checker, call):
        return _CHECKS[call.function](checker, call, fields)
    return _RESULT_TYPES.get(call.function)


def check_each(checker: ArgumentChecker, call: Call) -> types.ValueType | None:
    """The type of each(), which is allowed only as the whole value of a compute; None if it is wrong."""
    fields = _infer_record_fields(checker, call, None) if _check_argument_count(checker, call) else None
    if fields is None:
        return None
    field = call.arguments[1]
    if not isinstance(field, Name) or field.id not in fields:
        _report_unknown(checker, field, fields, code="unknown-id", what="field")
    elif not isinstance(fields[field.id], types.TextType | types.ChoiceType):
        kind = describe_type(fields[field.id])
        _report_type(checker, call, field, f"each() collects a field of texts or choices; this is {kind}.")
    for condition in call.arguments[2:]:
        checker.expect(condition, types.YES_NO, fields)
    return types.ListType()


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


def _check_answered(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    name = _require_name(checker, call)
    if name is not None:
        checker.look_up(name, fields)
    return types.YES_NO


def _check_count(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    if len(call.arguments) > 1:
        _check_over_records(checker, call, fields, types.YES_NO)
    else:
        _check_over_collection(
            checker, call, fields, (types.ListType, types.ChoicesType, types.MatrixType, types.RecordsType)
        )
    return types.NUMBER


def _check_any_or_all(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    _check_over_records(checker, call, fields, types.YES_NO)
    return types.YES_NO


def _check_sum_or_mean(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    if len(call.arguments) > 1:
        _check_over_records(checker, call, fields, types.NUMBER)
    else:
        _check_over_collection(checker, call, fields, (types.MatrixType,))
    return types.NUMBER


def _check_min_or_max(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    """An aggregate if the first argument is records or a table, otherwise a comparison of numbers."""
    first = call.arguments[0]
    if len(call.arguments) == 1:
        return _check_sum_or_mean(checker, call, fields)
    if isinstance(first, Name) and first.id not in (fields or {}):
        kind = checker.scope.type_of(first.id)
        if kind is None:
            checker.look_up(first, fields)  # reports it; the other arguments may be fields or numbers
            return types.NUMBER
        if isinstance(kind, _Collection):
            return _check_sum_or_mean(checker, call, fields)
    for argument in call.arguments:
        checker.expect(argument, types.NUMBER, fields)
    return types.NUMBER


def _check_round(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    checker.expect(call.arguments[0], types.NUMBER, fields)
    for places in call.arguments[1:]:
        value = places.value if isinstance(places, Literal) else None
        if not isinstance(value, Decimal) or value != int(value) or value > _MAX_DECIMAL_PLACES:
            message = f"The places in round() must be a whole number from 0 to {_MAX_DECIMAL_PLACES}."
            _report_type(checker, call, places, message)
    return types.NUMBER


def _check_days_between(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    for argument in call.arguments:
        checker.expect(argument, types.DATE, fields)
    return types.NUMBER


def _check_band(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType | None:
    name = _require_name(checker, call)
    if name is None or checker.look_up(name, fields) is None:
        return None
    bands = None if name.id in (fields or {}) else checker.scope.band_ids(name.id)
    if bands is None:
        hint = "Give that compute bands, or compare its value."
        checker.report(name, "no-bands", f"{quote_fragment(name.id)} has no bands.", hint)
        return None
    return types.ChoiceType(bands)


def _check_highest_or_second(checker: ArgumentChecker, call: Call, _fields: RecordFields) -> types.ValueType:
    ids: list[str] = []
    for argument in call.arguments:
        if not isinstance(argument, Name):
            _report_type(checker, call, argument, f"{call.function}() compares computes by their ids.")
        elif argument.id in ids:
            _report_arguments(checker, call, f"{quote_fragment(argument.id)} is named twice.")
        else:
            checker.expect(argument, types.NUMBER, None)
            ids.append(argument.id)
    return types.ChoiceType(tuple(ids))


def _check_at(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    name = _require_name(checker, call)
    kind = checker.look_up(name, None) if name else None
    if kind is None:
        return types.NUMBER
    wanted = _get_keys(kind)
    if not wanted:
        _report_type(checker, call, call.arguments[0], f"at() can't look up a value in {describe_type(kind)}.")
    elif len(wanted) != len(call.arguments) - 1:
        keys = format_count(len(wanted), "key")
        _report_arguments(checker, call, f"at() needs {keys} to look up a value in {describe_type(kind)}.")
    else:
        for key, ids in zip(call.arguments[1:], wanted, strict=True):
            checker.matcher.unify(key, (key, checker.infer(key, fields)), (key, types.ChoiceType(ids)))
    return types.NUMBER


def _get_keys(kind: types.ValueType) -> tuple[types.Ids, ...]:
    match kind:
        case types.WeightsType(ids=ids) | types.RankType(ids=ids):
            return (ids,)
        case types.MatrixType(rows=rows, columns=columns):
            return (rows, columns)
        case _:
            return ()


def _check_word_count(checker: ArgumentChecker, call: Call, fields: RecordFields) -> types.ValueType:
    name = _require_name(checker, call)
    kind = checker.look_up(name, fields) if name else None
    if name and kind and not isinstance(kind, types.TextType):
        _report_type(checker, call, name, f"word_count() counts the words of a text; this is {describe_type(kind)}.")
    return types.NUMBER


def _check_done(checker: ArgumentChecker, call: Call, _fields: RecordFields) -> types.ValueType:
    actions = checker.scope.action_ids()
    name = call.arguments[0]
    if actions is None:
        hint = "Ask for it in a question, finding, draft or action of a [[checkin]]."
        checker.report(call, "misplaced-done", "done() is only allowed in a check-in.", hint)
    elif not isinstance(name, Name) or name.id not in actions:
        _report_unknown(checker, name, actions, code="unknown-action", what="action")
    return types.YES_NO


def _check_over_records(checker: ArgumentChecker, call: Call, outer: RecordFields, wanted: types.ValueType) -> None:
    """Check a condition or number per record, and the optional condition that selects records."""
    fields = _infer_record_fields(checker, call, outer)
    if fields is None:
        return
    checker.expect(call.arguments[1], wanted, fields)
    if len(call.arguments) > len(("records", "number", "condition")):
        _report_arguments(checker, call, f"{call.function}() can't take {len(call.arguments)} arguments over records.")
    for condition in call.arguments[2:3]:
        checker.expect(condition, types.YES_NO, fields)


def _infer_record_fields(
    checker: ArgumentChecker, call: Call, outer: RecordFields
) -> Mapping[str, types.ValueType] | None:
    kind = _infer_collection(checker, call, outer)
    if kind is None or isinstance(kind, types.RecordsType):
        return kind.fields if kind else None
    message = f"{call.function}() works on single records only; this is {describe_type(kind)}."
    _report_type(checker, call, call.arguments[0], message)
    return None


def _check_over_collection(
    checker: ArgumentChecker, call: Call, outer: RecordFields, allowed: tuple[type, ...]
) -> None:
    kind = _infer_collection(checker, call, outer)
    if isinstance(kind, types.RecordsType) and call.function != "count":
        _report_arguments(checker, call, f"{call.function}() of records needs to know what to calculate.")
    elif kind is not None and not isinstance(kind, allowed):
        _report_type(
            checker, call, call.arguments[0], f"{call.function}() can't be calculated from {describe_type(kind)}."
        )


def _infer_collection(checker: ArgumentChecker, call: Call, outer: RecordFields) -> types.ValueType | None:
    """The type of an aggregate's first argument, which must be the id of an answer."""
    if outer is not None:
        message = f"{call.function}() can't be used inside another function over a collection."
        checker.report(call, "nested-aggregate", message, "Make the inner one a compute.")
        return None
    name = _require_name(checker, call)
    return checker.look_up(name, None) if name else None


def _check_argument_count(checker: ArgumentChecker, call: Call) -> bool:
    least, most = ARGUMENT_COUNTS[call.function]
    if least <= len(call.arguments) <= most:
        return True
    _report_arguments(checker, call, f"{call.function}() can't take {format_count(len(call.arguments), 'argument')}.")
    return False


def _require_name(checker: ArgumentChecker, call: Call) -> Name | None:
    """The first argument, which must be an id; otherwise it is reported and None is returned."""
    name = call.arguments[0]
    if isinstance(name, Name):
        return name
    _report_type(checker, call, name, f"{call.function}() needs an id here.")
    return None


def _report_unknown(checker: ArgumentChecker, node: Node, known: Iterable[str], *, code: str, what: str) -> None:
    """Report a node that should have been one of the ids in `known`."""
    ids = tuple(known)
    written = quote_fragment(node.id) if isinstance(node, Name) else "of that form: it takes an id"
    near = find_closest(node.id, ids) if isinstance(node, Name) else None
    hint = (
        f"Did you mean {near}?"
        if near
        else f"{what.capitalize()}s: {', '.join(ids)}."
        if ids
        else f"There is no {what} yet."
    )
    checker.report(node, code, f"There is no {what} {written}.", hint)


def _report_arguments(checker: ArgumentChecker, call: Call, message: str) -> None:
    checker.report(call, "wrong-arguments", message, f"Write {USAGE[call.function]}.")


def _report_type(checker: ArgumentChecker, call: Call, node: Node, message: str) -> None:
    checker.report(node, "wrong-kind", message, f"Write {USAGE[call.function]}.")


_CHECKS: dict[str, Callable[[ArgumentChecker, Call, RecordFields], types.ValueType | None]] = {
    "answered": _check_answered,
    "count": _check_count,
    "sum": _check_sum_or_mean,
    "mean": _check_sum_or_mean,
    "min": _check_min_or_max,
    "max": _check_min_or_max,
    "any": _check_any_or_all,
    "all": _check_any_or_all,
    "round": _check_round,
    "days_between": _check_days_between,
    "band": _check_band,
    "highest": _check_highest_or_second,
    "second": _check_highest_or_second,
    "at": _check_at,
    "word_count": _check_word_count,
    "done": _check_done,
    "known": _check_answered,
}

_RESULT_TYPES: dict[str, types.ValueType] = dict.fromkeys(
    ("count", "sum", "mean", "min", "max", "round", "days_between", "at", "word_count"), types.NUMBER
)
_RESULT_TYPES |= dict.fromkeys(("answered", "any", "all", "done", "known"), types.YES_NO)


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
