"""Which widget asks a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    GridForm,
    ListForm,
    RankForm,
    RecordsForm,
    ScaleForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from careerkit.terminal.keys.entry import Entry, entry_of
from careerkit.terminal.keys.pick import pick_of
from careerkit.terminal.keys.scale import LONGEST, scale_of

if TYPE_CHECKING:
    from typing import TypeVar

    from careerkit.terminal.keys.widget import Widget
    from careerkit.terminal.posed import Posed

    Kind = TypeVar("Kind")


def widget_for(posed: Posed, *, before: Widget | None = None) -> Widget:
    """The widget with what was answered, or begun: `before` is the one that was left half done when less was known."""
    match posed.question.form:
        case ChoiceForm() | ChoicesForm() | YesNoForm():
            return pick_of(posed)
        case ScaleForm(min=low, max=high) if high - low < LONGEST:
            return scale_of(posed)
        case ListForm() | RankForm() | WeightsForm() | GridForm() | RecordsForm():
            return _of_parts(posed, before)
        case TextForm() if isinstance(before, Entry) and before.posed.kept == posed.kept:
            return Entry(posed, before.line)
    return entry_of(posed)


def _of_parts(posed: Posed, before: Widget | None) -> Widget:
    """The widgets that a first question seldom needs are imported when one does."""
    match posed.question.form:
        case ListForm():
            from careerkit.terminal.keys.lines import Lines, lines_of

            return lines_of(posed, _same(before, Lines))
        case RankForm():
            from careerkit.terminal.keys.order import Order, order_of

            return order_of(posed, _same(before, Order))
        case WeightsForm():
            from careerkit.terminal.keys.points import Points, points_of

            return points_of(posed, _same(before, Points))
        case GridForm():
            from careerkit.terminal.keys.cells_of_grid import Cells, cells_of

            return cells_of(posed, _same(before, Cells))
    from careerkit.terminal.keys.forms import Forms, forms_of

    return forms_of(posed, _same(before, Forms), widget_for)


def _same(before: Widget | None, kind: type[Kind]) -> Kind | None:
    return before if isinstance(before, kind) else None
