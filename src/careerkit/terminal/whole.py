"""A question as a whole: which way it is asked, what has been typed of it, and what of that can stand."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from careerkit.core.playbook.model import GridForm, ListForm, RecordsForm, TextForm, WeightsForm
from careerkit.terminal.cells import Cells, GridCells
from careerkit.terminal.forms import FilledForm, Forms
from careerkit.terminal.lines import Lines
from careerkit.terminal.partial import is_blank, with_left_out
from careerkit.terminal.points import Points
from careerkit.terminal.simple import ask_simple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerkit.core.value import Grid, Record, Value
    from careerkit.terminal.posed import Posed
    from careerkit.terminal.talk import Talk

Parts = list[str] | dict[str, Decimal] | Cells | list[FilledForm]
"""What there is of an answer of several parts: the lines, the points, the cells, the forms."""


def parts_of(posed: Posed) -> Parts:
    """The parts of what was begun or is kept, to be changed in place."""
    there = posed.there
    match posed.question.form:
        case ListForm():
            return list(cast("tuple[str, ...]", there or ()))
        case WeightsForm():
            return dict(cast("Mapping[str, Decimal]", there or {}))
        case GridForm():
            return {row: dict(cells) for row, cells in cast("Grid", there or {}).items()}
        case RecordsForm(fields=fields):
            return with_left_out(cast("tuple[Record, ...]", there or ()), fields, whole=posed.begun is None)
        case TextForm(long=True):
            return cast("str", posed.begun or "").split("\n") if posed.begun else []
    return []


def ask_whole(talk: Talk, posed: Posed, parts: Parts, *, again: bool) -> object:
    """The raw answer, or None where it is left out. `parts` is kept up to date as long as the person types.

    `again`: its answer has just been refused.
    """
    match posed.question.form:
        case ListForm():
            return Lines(talk, posed, cast("list[str]", parts)).ask()
        case WeightsForm():
            return Points(talk, posed, cast("dict[str, Decimal]", parts)).ask()
        case GridForm():
            return GridCells(talk, posed, cast("Cells", parts)).ask()
        case RecordsForm():
            return Forms(talk, posed, cast("list[FilledForm]", parts)).ask()
    return ask_simple(talk, posed, cast("list[str]", parts), manner="again" if again else "whole", checked=False)


def so_far(posed: Posed, parts: Parts) -> Value | None:
    """What there is of an answer of several parts, to be saved; None where there is nothing but the kept answer."""
    match posed.question.form:
        case ListForm():
            value: Value = tuple(cast("list[str]", parts))
        case TextForm(long=True):
            value = "\n".join(cast("list[str]", parts))
        case WeightsForm():
            value = MappingProxyType(dict(cast("dict[str, Decimal]", parts)))
        case GridForm():
            value = MappingProxyType(
                {row: MappingProxyType(dict(cells)) for row, cells in cast("Cells", parts).items()}
            )
        case RecordsForm():
            forms = (MappingProxyType(dict(form)) for form in cast("list[FilledForm]", parts) if not is_blank(form))
            value = cast("tuple[Record, ...]", tuple(forms))
        case _:
            return None
    return value if value and value != posed.kept else None
