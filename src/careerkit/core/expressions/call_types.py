"""Check the arguments of each function and infer the type of its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Protocol

from careerkit.core.errors import find_closest
from careerkit.core.expressions import types
from careerkit.core.expressions.ast import ARGUMENT_COUNTS, USAGE, Call, Literal, Name, Node
from careerkit.core.expressions.unify import TypeMatcher, describe_type
from careerkit.core.text import format_count, quote_fragment

RecordFields = Mapping[str, types.ValueType] | None
"""Field -> type of the records that an aggregate iterates over; None outside of aggregates."""

_Collection = (
    types.ListType | types.ChoicesType | types.RankType | types.WeightsType | types.MatrixType | types.RecordsType
)

_MAX_DECIMAL_PLACES = 9


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
