"""One number over time: a row for each entry, with a bar; in the plain look a sentence for each. And which there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from careerkit.core.days import date_text
from careerkit.core.wording import number_text
from careerkit.terminal.listing_view import write_rows
from careerkit.terminal.outcome_view import when_text
from careerkit.terminal.pieces import Aside, Bars, Heading, Piece
from careerkit.terminal.safe import gated
from careerkit.terminal.width import cells

if TYPE_CHECKING:
    from careerkit.core.journal.trend import Charted, Point, Trend
    from careerkit.terminal.look import Look
    from careerkit.terminal.surface import Writer


def write_trend(trend: Trend, *, older: int, today: date, look: Look, to: Writer, encoding: str) -> None:
    """The chart, oldest first, and where it began and ended. `older` points are not among them."""
    for piece in _pieces(trend, older, today):
        to.write(look.paint(gated(piece, encoding=encoding)))


def write_charted(numbers: Sequence[Charted], *, to: Writer, columns: int, encoding: str) -> None:
    """One line a number: its playbook and id, in how many entries it is, the newest of it, and how it reads."""
    newest = [_last(each.last) for each in numbers]
    width = max(map(cells, newest))
    rows = [
        (each.playbook, each.name, _entries(each.entries), f"{last}{' ' * (width - cells(last))}  {each.last.label}")
        for each, last in zip(numbers, newest, strict=True)
    ]
    write_rows(rows, to=to, columns=columns, encoding=encoding)


def _last(point: Point) -> str:
    return f"last {number_text(point.value)}" + (f", {point.band}" if point.band else "")


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _pieces(trend: Trend, older: int, today: date) -> Iterator[Piece]:
    yield Heading(trend.label)
    yield Aside(f"{trend.title}, {_span(trend)}")
    yield Bars(tuple((_day(point, today), _words(point, trend), _percent(point, trend)) for point in trend.points))
    if len(trend.points) > 1:
        yield Aside(_summary(trend, today))
    if older:
        yield Aside(f"and {older} older: add --limit {older + len(trend.points)}")


def _span(trend: Trend) -> str:
    first, last = (date_text(trend.points[place].at) for place in (0, -1))
    return f"{_entries(len(trend.points))}, {first}" + (f" to {last}" if last != first else "")


def _day(point: Point, today: date) -> str:
    return when_text(point.at.date(), today)


def _words(point: Point, trend: Trend) -> str:
    measure = trend.measure
    of = f"of {number_text(measure.high)}" if measure.high is not None else measure.unit
    words = f"{number_text(point.value)} {of}".rstrip()
    return ", ".join(filter(None, (words, point.band, "corrected" if point.is_corrected else "")))


def _summary(trend: Trend, today: date) -> str:
    values = [point.value for point in trend.points]
    lowest, highest = min(values), max(values)
    if lowest == highest:
        return f"The same throughout: {number_text(lowest)}."
    least = next(point for point in reversed(trend.points) if point.value == lowest)
    most = next(point for point in reversed(trend.points) if point.value == highest)
    return (
        f"From {number_text(values[0])} to {number_text(values[-1])}. "
        f"Lowest {number_text(lowest)} ({_day(least, today)}), highest {number_text(highest)} ({_day(most, today)})."
    )


def _percent(point: Point, trend: Trend) -> int:
    """The filled part of the bar: from zero, or from the lowest where there are numbers below zero."""
    values = [each.value for each in trend.points]
    low = min(Decimal(0), *values)
    high = max([trend.measure.high or Decimal(0), *values])
    return int((point.value - low) / (high - low) * 100) if high > low else 0
