"""What each function takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from careerkit.core.expression import aggregates
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
    DateKind,
    GridKind,
    Ids,
    Kind,
    NumberKind,
    RankKind,
    TextKind,
    WeightsKind,
    YesNoKind,
)
from careerkit.core.expression.matching import described
from careerkit.core.expression.nodes import Call, Literal, Name
from careerkit.core.expression.tokens import shown

_NUMBER, _YES_NO, _DATE = NumberKind(), YesNoKind(), DateKind()
_MOST_PLACES = 9


def kind_of_call(checking: Checking, call: Call, fields: Fields) -> Kind | None:
    """What a call gives. Numbers and conditions are given even where an argument is wrong, so that checking goes on."""
    if call.function == "today":
        return _DATE
    if call.function == "each":
        message = "each() can only be the whole value of a compute."
        checking.report(call, "misplaced-each", message, "Make it a compute, and count() or insert that.")
        return None
    if has_right_count(checking, call):
        return _CHECKS[call.function](checking, call, fields)
    return _GIVES.get(call.function)


def _answered(checking: Checking, call: Call, fields: Fields) -> Kind:
    name = first_name(checking, call)
    if name is not None:
        checking.look_up(name, fields)
    return _YES_NO


def _round(checking: Checking, call: Call, fields: Fields) -> Kind:
    checking.expect(call.arguments[0], _NUMBER, fields)
    for places in call.arguments[1:]:
        value = places.value if isinstance(places, Literal) else None
        if not isinstance(value, Decimal) or value != int(value) or value > _MOST_PLACES:
            message = f"The places of round() are a whole number from 0 to {_MOST_PLACES}, written out."
            report_kind(checking, call, places, message)
    return _NUMBER


def _days_between(checking: Checking, call: Call, fields: Fields) -> Kind:
    for argument in call.arguments:
        checking.expect(argument, _DATE, fields)
    return _NUMBER


def _band(checking: Checking, call: Call, fields: Fields) -> Kind | None:
    name = first_name(checking, call)
    if name is None or checking.look_up(name, fields) is None:
        return None
    bands = None if name.id in (fields or {}) else checking.scope.bands_of(name.id)
    if bands is None:
        hint = "Give that compute bands, or compare its value."
        checking.report(name, "no-bands", f"{shown(name.id)} has no bands.", hint)
        return None
    return ChoiceKind(bands)


def _highest_or_second(checking: Checking, call: Call, _fields: Fields) -> Kind:
    ids: list[str] = []
    for argument in call.arguments:
        if not isinstance(argument, Name):
            report_kind(checking, call, argument, f"{call.function}() compares computes by their ids.")
        elif argument.id in ids:
            report_arguments(checking, call, f"{shown(argument.id)} is named twice.")
        else:
            checking.expect(argument, _NUMBER, None)
            ids.append(argument.id)
    return ChoiceKind(tuple(ids))


def _at(checking: Checking, call: Call, fields: Fields) -> Kind:
    name = first_name(checking, call)
    kind = checking.look_up(name, None) if name else None
    if kind is None:
        return _NUMBER
    wanted = _keys(kind)
    if not wanted:
        report_kind(checking, call, call.arguments[0], f"at() can't look into {described(kind)}.")
    elif len(wanted) != len(call.arguments) - 1:
        plural = "" if len(wanted) == 1 else "s"
        report_arguments(checking, call, f"at() needs {len(wanted)} key{plural} to look into {described(kind)}.")
    else:
        for key, ids in zip(call.arguments[1:], wanted, strict=True):
            checking.matching.common(key, (key, checking.kind(key, fields)), (key, ChoiceKind(ids)))
    return _NUMBER


def _keys(kind: Kind) -> tuple[Ids, ...]:
    match kind:
        case WeightsKind(ids=ids) | RankKind(ids=ids):
            return (ids,)
        case GridKind(rows=rows, columns=columns):
            return (rows, columns)
        case _:
            return ()


def _word_count(checking: Checking, call: Call, fields: Fields) -> Kind:
    name = first_name(checking, call)
    kind = checking.look_up(name, fields) if name else None
    if name and kind and not isinstance(kind, TextKind):
        report_kind(checking, call, name, f"word_count() counts the words of a text; this is {described(kind)}.")
    return _NUMBER


def _done(checking: Checking, call: Call, _fields: Fields) -> Kind:
    actions = checking.scope.action_ids()
    name = call.arguments[0]
    if actions is None:
        hint = "Ask for it in a question, finding, draft or action of a [[checkin]]."
        checking.report(call, "misplaced-done", "done() can only stand in a check-in.", hint)
    elif not isinstance(name, Name) or name.id not in actions:
        report_unknown(checking, name, actions, code="unknown-action", what="action")
    return _YES_NO


_CHECKS: dict[str, Callable[[Checking, Call, Fields], Kind | None]] = {
    "answered": _answered,
    "count": aggregates.count,
    "sum": aggregates.total_or_mean,
    "mean": aggregates.total_or_mean,
    "min": aggregates.least_or_most,
    "max": aggregates.least_or_most,
    "any": aggregates.any_or_all,
    "all": aggregates.any_or_all,
    "round": _round,
    "days_between": _days_between,
    "band": _band,
    "highest": _highest_or_second,
    "second": _highest_or_second,
    "at": _at,
    "word_count": _word_count,
    "done": _done,
}
_GIVES: dict[str, Kind] = dict.fromkeys(
    ("count", "sum", "mean", "min", "max", "round", "days_between", "at", "word_count"), _NUMBER
)
_GIVES |= dict.fromkeys(("answered", "any", "all", "done"), _YES_NO)
