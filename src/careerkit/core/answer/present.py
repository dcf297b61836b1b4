"""What of a kept answer holds at present, when the items that it rests on have changed.

A lost item's data is kept and comes back with the item; a new item leaves the answer incomplete, to be asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from careerkit.core.answer.accept import FULL, ChoicesOf
from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    GridForm,
    Options,
    Question,
    RankForm,
    RecordsForm,
    WeightsForm,
)
from careerkit.core.value import Grid, Record, Value


def present(question: Question, kept: Value, choices_of: ChoicesOf) -> Value | None:
    """The part of `kept` that fits what can be chosen now; None where nothing of it does."""
    match question.form:
        case ChoiceForm(options=options):
            return kept if kept in _ids(options, choices_of) else None
        case ChoicesForm(options=options):
            picked = cast("tuple[str, ...]", kept)
            return tuple(each for each in _ids(options, choices_of) if each in picked)
        case RankForm(options=options):
            ids = _ids(options, choices_of)
            return tuple(each for each in cast("tuple[str, ...]", kept) if each in ids)
        case WeightsForm(options=options):
            points = cast("Mapping[str, Decimal]", kept)
            return MappingProxyType({each: points[each] for each in _ids(options, choices_of) if each in points})
        case GridForm(rows=rows, columns=columns):
            return _present_cells(cast("Grid", kept), _ids(rows, choices_of), _ids(columns, choices_of))
        case RecordsForm(items=items) if items:
            forms = {str(record["item"]): record for record in cast("tuple[Record, ...]", kept)}
            return tuple(forms[each] for each in _ids(Options(source=items), choices_of) if each in forms)
    return kept


def is_complete(question: Question, kept: Value, choices_of: ChoicesOf) -> bool:
    """Does `kept` still answer all that the question asks now?"""
    now = present(question, kept, choices_of)
    match question.form:
        case ChoiceForm():
            return now is not None
        case ChoicesForm(min=fewest):
            return len(cast("tuple[str, ...]", now)) >= fewest
        case RankForm(options=options):
            return len(cast("tuple[str, ...]", now)) == len(_ids(options, choices_of))
        case WeightsForm():
            return sum(cast("Mapping[str, Decimal]", now).values(), Decimal(0)) == FULL
        case GridForm(rows=rows, columns=columns):
            cells = cast("Grid", now)
            width = len(_ids(columns, choices_of))
            return all(len(cells.get(row, {})) == width for row in _ids(rows, choices_of))
        case RecordsForm(items=items) if items:
            return len(cast("tuple[Record, ...]", now)) == len(_ids(Options(source=items), choices_of))
    return True


def keep_lost(question: Question, new: Value, kept: Value | None) -> Value:
    """`new` together with the data of items in `kept` that are not asked about at present."""
    if kept is None:
        return new
    match question.form:
        case RankForm(options=options) if options.source:
            ranked = cast("tuple[str, ...]", new)
            return ranked + tuple(each for each in cast("tuple[str, ...]", kept) if each not in ranked)
        case WeightsForm():
            return MappingProxyType({**cast("Mapping[str, Decimal]", kept), **cast("Mapping[str, Decimal]", new)})
        case GridForm():
            return _merged_cells(cast("Grid", kept), cast("Grid", new))
        case RecordsForm(items=items) if items:
            forms = cast("tuple[Record, ...]", new)
            asked = {record["item"] for record in forms}
            return forms + tuple(each for each in cast("tuple[Record, ...]", kept) if each["item"] not in asked)
    return new


def _ids(options: Options, choices_of: ChoicesOf) -> tuple[str, ...]:
    return tuple(choice.id for choice in choices_of(options))


def _present_cells(grid: Grid, rows: tuple[str, ...], columns: tuple[str, ...]) -> Grid:
    return MappingProxyType(
        {
            row: MappingProxyType({column: grid[row][column] for column in columns if column in grid[row]})
            for row in rows
            if row in grid
        }
    )


def _merged_cells(kept: Grid, new: Grid) -> Grid:
    rows = {**kept, **{row: MappingProxyType({**kept.get(row, {}), **cells}) for row, cells in new.items()}}
    return MappingProxyType(rows)
