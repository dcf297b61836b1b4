"""What the functions over lists, choices, records and grids take and give."""

from __future__ import annotations

from collections.abc import Mapping

from careerkit.core.expression.arguments import (
    Checking,
    Fields,
    first_name,
    has_right_count,
    report_arguments,
    report_kind,
    report_unknown,
)
from careerkit.core.expression.kinds import (
    ChoiceKind,
    ChoicesKind,
    GridKind,
    Kind,
    ListKind,
    NumberKind,
    RankKind,
    RecordsKind,
    TextKind,
    WeightsKind,
    YesNoKind,
)
from careerkit.core.expression.matching import described
from careerkit.core.expression.nodes import Call, Name

_NUMBER, _YES_NO = NumberKind(), YesNoKind()
_Whole = ListKind | ChoicesKind | RankKind | WeightsKind | GridKind | RecordsKind


def count(checking: Checking, call: Call, fields: Fields) -> Kind:
    if len(call.arguments) > 1:
        _over_records(checking, call, fields, _YES_NO)
    else:
        _over_whole(checking, call, fields, (ListKind, ChoicesKind, GridKind, RecordsKind))
    return _NUMBER


def any_or_all(checking: Checking, call: Call, fields: Fields) -> Kind:
    _over_records(checking, call, fields, _YES_NO)
    return _YES_NO


def total_or_mean(checking: Checking, call: Call, fields: Fields) -> Kind:
    if len(call.arguments) > 1:
        _over_records(checking, call, fields, _NUMBER)
    else:
        _over_whole(checking, call, fields, (GridKind,))
    return _NUMBER


def least_or_most(checking: Checking, call: Call, fields: Fields) -> Kind:
    """Over records or a grid where the first argument is one, else of plain numbers."""
    first = call.arguments[0]
    if len(call.arguments) == 1:
        return total_or_mean(checking, call, fields)
    if isinstance(first, Name) and first.id not in (fields or {}):
        kind = checking.scope.kind_of(first.id)
        if kind is None:
            checking.look_up(first, fields)  # reports it; whether the rest are fields or numbers can't be known
            return _NUMBER
        if isinstance(kind, _Whole):
            return total_or_mean(checking, call, fields)
    for argument in call.arguments:
        checking.expect(argument, _NUMBER, fields)
    return _NUMBER


def each(checking: Checking, call: Call) -> Kind | None:
    """Where a list may be collected at all; it can be of texts or choices."""
    fields = _records(checking, call, None) if has_right_count(checking, call) else None
    if fields is None:
        return None
    field = call.arguments[1]
    if not isinstance(field, Name) or field.id not in fields:
        report_unknown(checking, field, fields, code="unknown-id", what="field")
    elif not isinstance(fields[field.id], TextKind | ChoiceKind):
        kind = described(fields[field.id])
        report_kind(checking, call, field, f"each() collects a field of texts or choices; this is {kind}.")
    for condition in call.arguments[2:]:
        checking.expect(condition, _YES_NO, fields)
    return ListKind()


def _over_records(checking: Checking, call: Call, outer: Fields, wanted: Kind) -> None:
    """A condition or number for each record and, after it, the condition under which the record counts."""
    fields = _records(checking, call, outer)
    if fields is None:
        return
    checking.expect(call.arguments[1], wanted, fields)
    if len(call.arguments) > len(("records", "number", "condition")):
        report_arguments(checking, call, f"{call.function}() can't take {len(call.arguments)} arguments over records.")
    for condition in call.arguments[2:3]:
        checking.expect(condition, _YES_NO, fields)


def _records(checking: Checking, call: Call, outer: Fields) -> Mapping[str, Kind] | None:
    kind = _collection(checking, call, outer)
    if kind is None or isinstance(kind, RecordsKind):
        return kind.fields if kind else None
    message = f"Only records can be looked at one by one in {call.function}(); this is {described(kind)}."
    report_kind(checking, call, call.arguments[0], message)
    return None


def _over_whole(checking: Checking, call: Call, outer: Fields, allowed: tuple[type, ...]) -> None:
    kind = _collection(checking, call, outer)
    if isinstance(kind, RecordsKind) and call.function != "count":
        report_arguments(checking, call, f"{call.function}() of records has to know of what.")
    elif kind is not None and not isinstance(kind, allowed):
        report_kind(checking, call, call.arguments[0], f"{call.function}() can't be made of {described(kind)}.")


def _collection(checking: Checking, call: Call, outer: Fields) -> Kind | None:
    """The kind of an aggregate's first argument, which is the id of a whole answer."""
    if outer is not None:
        message = f"{call.function}() can't stand inside another function over a collection."
        checking.report(call, "nested-aggregate", message, "Make the inner one a compute.")
        return None
    name = first_name(checking, call)
    return checking.look_up(name, None) if name else None
