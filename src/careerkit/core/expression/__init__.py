"""The small typed language of `when`, `value` and `check`: read, checked, evaluated, and nothing else it can do."""

from typing import TYPE_CHECKING

from careerkit.core.expression.dependencies import actions, references
from careerkit.core.expression.evaluation import Context, evaluate
from careerkit.core.expression.nodes import Binary, Call, Conditional, Listing, Literal, Name, Node, Unary
from careerkit.core.expression.parser import parse
from careerkit.core.expression.vocabulary import RESERVED

if TYPE_CHECKING:
    from careerkit.core.expression.checker import check, check_condition, check_value
    from careerkit.core.expression.scope import Scope
    from careerkit.core.expression.workings import arithmetic

__all__ = [
    "RESERVED",
    "Binary",
    "Call",
    "Conditional",
    "Context",
    "Listing",
    "Literal",
    "Name",
    "Node",
    "Scope",
    "Unary",
    "actions",
    "arithmetic",
    "check",
    "check_condition",
    "check_value",
    "evaluate",
    "parse",
    "references",
]

if not TYPE_CHECKING:
    # Asking questions needs no type checker: a playbook that was found clean is not checked again, and every start is
    # quicker for not importing it.
    _LATER = {
        "check": "checker",
        "check_condition": "checker",
        "check_value": "checker",
        "Scope": "scope",
        "arithmetic": "workings",
    }

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _LATER:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
