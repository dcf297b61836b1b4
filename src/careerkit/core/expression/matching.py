"""Which kinds can stand beside each other, and what a quoted text means there."""

from __future__ import annotations

from collections.abc import Callable

from careerkit.core.expression.kinds import (
    ChoiceKind,
    ChoicesKind,
    DateKind,
    GridKind,
    Ids,
    Kind,
    ListKind,
    NumberKind,
    RankKind,
    RecordsKind,
    TextKind,
    WeightsKind,
    YesNoKind,
)
from careerkit.core.expression.nodes import Conditional, Literal, Node, iso_date
from careerkit.core.expression.tokens import shown
from careerkit.core.problem import nearest

Report = Callable[[Node, str, str, str], None]
Operand = tuple[Node, Kind | None]

_DESCRIBED: dict[type, str] = {
    NumberKind: "a number",
    YesNoKind: "yes or no",
    DateKind: "a date",
    TextKind: "a quoted text",
    ChoiceKind: "a choice",
    ChoicesKind: "several choices",
    RankKind: "a rank",
    ListKind: "a list",
    WeightsKind: "weights",
    GridKind: "a grid",
    RecordsKind: "records",
}
_MOST_NAMED = 8


def described(kind: Kind) -> str:
    return _DESCRIBED[type(kind)]


class Matching:
    """Compares the kinds of operands and reports what does not fit."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def common(self, node: Node, left: Operand, right: Operand) -> Kind | None:
        """The kind that both sides of a comparison have; None when there is none, or a side is wrong already."""
        if left[1] is None or right[1] is None:
            return None
        if isinstance(left[1], TextKind) and isinstance(right[1], TextKind):
            hint = "Compare an id with a quoted value, as in kind == 'mistake'."
            self._wrong(node, "Two quoted texts can't be compared.", hint)
            return None
        if isinstance(left[1], TextKind):
            return self.settle(left[0], right[1])
        if isinstance(right[1], TextKind):
            return self.settle(right[0], left[1])
        return self._same(node, left[1], right[1])

    def either(self, node: Node, holds: Operand, otherwise: Operand) -> Kind | None:
        """The kind of a value that comes from one side or the other."""
        if isinstance(holds[1], TextKind) and isinstance(otherwise[1], TextKind):
            return holds[1]
        if isinstance(holds[1], ChoiceKind) and isinstance(otherwise[1], ChoiceKind):
            return _merged(holds[1].ids, otherwise[1].ids)
        kind = self.common(node, holds, otherwise)
        quoted = isinstance(holds[1], TextKind) or isinstance(otherwise[1], TextKind)
        if quoted and isinstance(kind, ChoiceKind) and kind.ids is None:
            message = "The choices here come from an answer, so a quoted one may not be among them."
            self._wrong(node, message, "Leave the quoted value out, or write the choices out.")
            return None
        return kind

    def settle(self, node: Node, kind: Kind) -> Kind | None:
        """Check quoted text (or an `if` between quoted texts) against the kind beside it, and give that kind."""
        match node, kind:
            case Conditional(holds=holds, otherwise=otherwise), _:
                settled = self.settle(holds, kind)
                return self.settle(otherwise, kind) and settled
            case Literal(value=str(text)), DateKind():
                if iso_date(text) is None:
                    message = f"{shown(text)} is no date."
                    self._report(node, "bad-date", message, "Write it as '2026-12-01', and a day that exists.")
                return kind
            case Literal(value=str(text)), ChoiceKind(ids=ids):
                self._known(node, text, ids)
                return kind
        self._wrong(node, f"A quoted text can't stand beside {described(kind)}.", "Quotes are for choices and dates.")
        return None

    def _same(self, node: Node, left: Kind, right: Kind) -> Kind | None:
        if type(left) is not type(right):
            self._wrong(node, f"This puts {described(left)} beside {described(right)}.", "Both must be of one kind.")
            return None
        if isinstance(left, ChoiceKind) and isinstance(right, ChoiceKind):
            self._overlapping(node, left.ids, right.ids)
        elif not isinstance(left, NumberKind | YesNoKind | DateKind):
            self._wrong(node, f"Whole answers such as {described(left)} can't stand here.", "Use in, count() or at().")
            return None
        return left

    def _known(self, node: Node, text: str, ids: Ids) -> None:
        if ids is None or text in ids:
            return
        near = nearest(text, ids)
        named = ", ".join(ids[:_MOST_NAMED]) + (", …" if len(ids) > _MOST_NAMED else "")
        hint = f"Did you mean '{near}'?" if near else f"There are {named}." if ids else ""
        self._report(node, "unknown-choice", f"{shown(text)} is none of the choices.", hint)

    def _overlapping(self, node: Node, left: Ids, right: Ids) -> None:
        """Two choices that have no id in common can never be the same, so that comparing them is a slip."""
        if left is not None and right is not None and not set(left) & set(right):
            message = "These two have no choice in common, so they can never be the same."
            self._report(node, "unknown-choice", message, "Compare with a question that has the same choices.")

    def _wrong(self, node: Node, message: str, hint: str) -> None:
        self._report(node, "wrong-kind", message, hint)


def _merged(left: Ids, right: Ids) -> ChoiceKind:
    return ChoiceKind(None if left is None or right is None else tuple(dict.fromkeys([*left, *right])))
