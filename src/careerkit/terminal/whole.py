"""A question as a whole: which way it is asked, what has been typed of it, and what of that can stand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from careerkit.core.playbook.model import GridForm, ListForm, RecordsForm, TextForm, WeightsForm
from careerkit.core.problem import Refused
from careerkit.terminal.cells import Cells, GridCells
from careerkit.terminal.forms import FilledForm, Forms
from careerkit.terminal.lines import Lines
from careerkit.terminal.points import Points
from careerkit.terminal.simple import ask_simple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerkit.core.value import Grid, Record
    from careerkit.terminal.posed import Posed
    from careerkit.terminal.talk import Talk

Parts = list[str] | dict[str, Decimal] | Cells | list[FilledForm]
"""What there is of an answer of several parts: the lines, the points, the cells, the forms."""


def parts_of(posed: Posed) -> Parts:
    """The parts of the kept answer, to be changed in place."""
    kept = posed.kept
    match posed.question.form:
        case ListForm():
            return list(cast("tuple[str, ...]", kept or ()))
        case WeightsForm():
            return dict(cast("Mapping[str, Decimal]", kept or {}))
        case GridForm():
            return {row: dict(cells) for row, cells in cast("Grid", kept or {}).items()}
        case RecordsForm(fields=fields):
            left_out = dict.fromkeys(field.id for field in fields)
            return [{**left_out, **each} for each in cast("tuple[Record, ...]", kept or ())]
    return cast("list[str]", [])


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


def so_far(posed: Posed, parts: Parts) -> object:
    """What of a question that was broken off is an answer by itself, and says more than the one kept; else None."""
    match posed.question.form:
        case TextForm(long=False):
            return None
        case TextForm() if posed.kept is not None:
            return None
        case TextForm():
            raw: object = "\n".join(cast("list[str]", parts))
        case _:
            raw = parts
    if not parts or parts == parts_of(posed):
        return None
    try:
        posed.check(raw)
    except Refused:
        return None
    return raw
