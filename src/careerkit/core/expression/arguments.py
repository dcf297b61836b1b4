"""What the checks of all functions share: the number of arguments, and arguments that must be ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from careerkit.core.expression.kinds import Kind
from careerkit.core.expression.matching import Matching
from careerkit.core.expression.nodes import Call, Name, Node
from careerkit.core.expression.scope import Scope
from careerkit.core.expression.tokens import shown
from careerkit.core.expression.vocabulary import ARGUMENTS, USAGE
from careerkit.core.problem import nearest

Fields = Mapping[str, Kind] | None
"""The fields of the records that an aggregate walks over; None outside of any aggregate."""


class Checking(Protocol):
    """The check under way, as a function's check sees it."""

    @property
    def scope(self) -> Scope: ...

    @property
    def matching(self) -> Matching: ...

    def report(self, node: Node, code: str, message: str, hint: str) -> None: ...

    def kind(self, node: Node, fields: Fields) -> Kind | None:
        """The kind of any node; None where something in it was wrong and is reported."""

    def expect(self, node: Node, wanted: Kind, fields: Fields) -> Kind:
        """Report what is not of the wanted kind, and give that kind all the same."""

    def look_up(self, name: Name, fields: Fields) -> Kind | None:
        """The kind of an id, texts too; an unknown one is reported."""


def has_right_count(checking: Checking, call: Call) -> bool:
    least, most = ARGUMENTS[call.function]
    if least <= len(call.arguments) <= most:
        return True
    plural = "" if len(call.arguments) == 1 else "s"
    report_arguments(checking, call, f"{call.function}() can't take {len(call.arguments)} argument{plural}.")
    return False


def report_arguments(checking: Checking, call: Call, message: str) -> None:
    checking.report(call, "wrong-arguments", message, f"Write {USAGE[call.function]}.")


def report_kind(checking: Checking, call: Call, node: Node, message: str) -> None:
    checking.report(node, "wrong-kind", message, f"Write {USAGE[call.function]}.")


def first_name(checking: Checking, call: Call) -> Name | None:
    """The first argument where it is an id, as it must be; else it is reported."""
    name = call.arguments[0]
    if isinstance(name, Name):
        return name
    report_kind(checking, call, name, f"{call.function}() needs an id here.")
    return None


def report_unknown(checking: Checking, node: Node, known: Iterable[str], *, code: str, what: str) -> None:
    """`node` should have been one of the ids in `known`."""
    ids = tuple(known)
    written = shown(node.id) if isinstance(node, Name) else "of that form: it takes an id"
    near = nearest(node.id, ids) if isinstance(node, Name) else None
    hint = f"Did you mean {near}?" if near else f"There are {', '.join(ids)}." if ids else "There are none."
    checking.report(node, code, f"There is no {what} {written}.", hint)
