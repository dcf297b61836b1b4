"""Weights: points for each item, with what is left of the hundred."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.answer.accept import FULL
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Choice
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Value
from careerkit.core.wording import number_text
from careerkit.terminal.figures import read_number
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.line import Line, line_of
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.posed import Posed
from careerkit.terminal.width import cells

STEP = 5
"""What + and - give and take."""
BAR = 20
FIGURE = 12


@frozen
class Points(Whole):
    """`typed` is what stands at each item, by its id; the cursor is at the item `at`."""

    posed: Posed
    typed: Mapping[str, Line]
    at: int = 0

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def foot(self) -> tuple[str, ...]:
        return "0 to 100", f"+ - {STEP} more or less", "Enter next, at 100 hand in"

    def press(self, press: Press) -> Points | Given | Skip | None:
        if not self._items:
            return Given({}) if press in (Key.ENTER, Key.SUBMIT) else None
        match press:
            case Key.SUBMIT:
                return self._submit()
            case Key.ENTER:
                return self._enter()
            case Key.UP | "k":
                return replace(self, at=(self.at - 1) % len(self._items))
            case Key.DOWN | "j":
                return replace(self, at=(self.at + 1) % len(self._items))
            case "+" | "-":
                return self._changed(STEP if press == "+" else -STEP)
        if isinstance(press, str) and not press.strip("0123456789., \n").strip():
            press = press.strip()
        elif isinstance(press, str):
            return None
        line = self._line.press(press)
        return None if line is None else self._with(line)

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        wide = max((cells(paper.safe(each.label)) for each in self._items), default=0)
        above = wide > paper.width - FIGURE - 4
        wide = 0 if above else wide
        room = paper.width - wide - FIGURE - 4
        for place, item in enumerate(self._items):
            here = place == self.at
            line = self.typed.get(item.id, Line())
            mark = ("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  ")
            style = "bold" if here else ""
            rows += paper.prose(item.label, style, first=(mark,)) if above else []
            name = "" if above else paper.short(item.label, wide)
            figure = paper.short(line.text, FIGURE - 4) if line.text else ""
            cursor = (len(rows), wide + 4 + cells(figure)) if here else cursor
            lead = (("", "  ") if above else mark, (style, name), ("", " " * (wide - cells(name) + 2)))
            rows.append((*lead, (style, f"{figure:<{FIGURE - 4}}"), ("cyan", self._bar(line, paper, room))))
            if here and item.hint:
                rows += paper.prose(item.hint, "dim", first=(("", "    "),))
        return Body((*rows, (), *self._rest_rows(paper)), cursor)

    def so_far(self) -> Value | None:
        points: dict[str, Decimal] = {}
        for item in self._items:
            with suppress(Refused):
                points |= self._points_of(item)
        return MappingProxyType(points) if points and points != self.posed.kept else None

    # ------------------------------------------------------------ what there is

    @property
    def _items(self) -> tuple[Choice, ...]:
        return self.posed.choices

    @property
    def _line(self) -> Line:
        return self.typed.get(self.posed.choices[self.at].id, Line(most=FIGURE))

    def _points(self) -> dict[str, Decimal]:
        """What is given to each; Refused where something is no number of points."""
        return {name: points for item in self._items for name, points in self._points_of(item).items()}

    def _points_of(self, item: Choice) -> dict[str, Decimal]:
        """One item's points, if it has any yet."""
        text = self.typed.get(item.id, Line()).text
        if not text.strip():
            return {}
        points = read_number(text)
        if not 0 <= points <= FULL:
            raise Refused(Problem("not-100", f"{item.label}: from 0 to 100.", "100 in all."))
        return {item.id: points}

    def _rest_rows(self, paper: Paper) -> list[Row]:
        try:
            rest = FULL - sum(self._points().values(), Decimal(0))
        except Refused as refused:
            return paper.prose(refused.problems[0].message, "yellow", first=(("", "  "),))
        if rest == 0:
            return paper.prose("All 100 given.", "green", first=(("", "  "),))
        words = f"{number_text(rest)} left" if rest > 0 else f"{number_text(-rest)} too many"
        return paper.prose(words, "bold" if rest > 0 else "yellow", first=(("", "  "),))

    def _bar(self, line: Line, paper: Paper, room: int) -> str:
        length = min(BAR, room)
        try:
            points = read_number(line.text) if line.text.strip() else Decimal(0)
        except Refused:
            return ""
        return paper.symbols.bar * int(max(Decimal(0), min(points, FULL)) * length / 100) if length >= 8 else ""

    # ------------------------------------------------------------ presses

    def _with(self, line: Line) -> Points:
        return replace(self, typed=MappingProxyType({**self.typed, self.posed.choices[self.at].id: line}))

    def _changed(self, by: int) -> Points:
        before = read_number(self._line.text) if self._line.text.strip() else Decimal(0)
        return self._with(line_of(number_text(max(Decimal(0), min(FULL, before + by))), most=FIGURE))

    def _enter(self) -> Points | Given | Skip:
        points = self._points()
        if sum(points.values(), Decimal(0)) == FULL or self.at == len(self._items) - 1:
            return self._submit()
        return replace(self, at=self.at + 1)

    def _submit(self) -> Given | Skip:
        points = self._points()
        if not points and not self.posed.question.required:
            return Skip()
        return Given(self.posed.check(points))


def points_of(posed: Posed, before: Points | None) -> Points:
    if before is not None and before.posed.kept == posed.kept:
        return Points(posed, before.typed)
    given = cast("Mapping[str, Decimal]", posed.there if posed.there is not None else posed.offered or {})
    typed = {each: line_of(f"{points:f}", most=FIGURE) for each, points in given.items()}
    return Points(posed, MappingProxyType(typed))
