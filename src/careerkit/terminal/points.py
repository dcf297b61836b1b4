"""Weights: a hundred points, on one line or one by one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from careerkit.core.answer.accept import FULL
from careerkit.core.problem import Problem, Refused
from careerkit.core.wording import number_text
from careerkit.terminal.expected import expected
from careerkit.terminal.figures import read_number
from careerkit.terminal.pieces import Option, Options, PartHead, Prompt
from careerkit.terminal.typed import read_weights
from careerkit.terminal.walk import walk

if TYPE_CHECKING:
    from careerkit.core.playbook.model import Choice
    from careerkit.terminal.posed import Posed
    from careerkit.terminal.talk import Talk


class Points:
    """Asks for weights. `points` is what has been given so far, and is kept up to date."""

    def __init__(self, talk: Talk, posed: Posed, points: dict[str, Decimal]) -> None:
        self._talk = talk
        self._posed = posed
        self._points = points
        self._items = posed.choices

    def ask(self) -> object:
        """All points, or None where they are left out."""
        for lost in [each for each in self._points if each not in {item.id for item in self._items}]:
            del self._points[lost]
        self._talk.show(Options(tuple(self._option(number, item) for number, item in enumerate(self._items, start=1))))
        if self._posed.begun is not None and len(self._points) < len(self._items):
            self._one_by_one(set(self._points))
            return self._points
        prompt = Prompt(expected(self._posed.question, len(self._items)), self._enter_words(), whole=True)
        given = self._talk.fitting(prompt, self._take_line)
        if given is None:
            return None
        self._points.update(given)
        self._one_by_one(set(given))
        return self._points

    def _option(self, number: int, item: Choice) -> Option:
        points = self._points.get(item.id)
        return Option(number, item.label, item.hint or (f"{number_text(points)} points" if points is not None else ""))

    def _enter_words(self) -> str:
        return self._posed.enter_words() or "goes through them one by one"

    def _take_line(self, line: str) -> Mapping[str, Decimal] | None:
        if not line.strip():
            return self._on_enter()
        given = read_weights(line, self._items)
        below = next((points for points in given.values() if points < 0), None)
        if below is not None:
            raise Refused(Problem("too-small", f"{number_text(below)} is too small.", "Points begin at 0."))
        self._check_total(sum(given.values(), Decimal(0)), everything=len(given) == len(self._items))
        return given

    def _on_enter(self) -> Mapping[str, Decimal] | None:
        if not self._posed.may_keep and self._posed.offered is None and self._posed.question.required:
            return {}
        value = self._posed.on_enter()
        return value if isinstance(value, Mapping) or value is None else {}  # type: ignore[return-value]  # weights hold numbers

    def _check_total(self, total: Decimal, *, everything: bool) -> None:
        gap = FULL - total
        if gap < 0:
            raise Refused(
                Problem("not-100", f"They add up to {number_text(total)}: {number_text(-gap)} too many.", "100 in all.")
            )
        if everything and gap:
            raise Refused(
                Problem("not-100", f"They add up to {number_text(total)}: {number_text(gap)} to give.", "100 in all.")
            )

    def _one_by_one(self, given: set[str]) -> None:
        settled = {place for place, item in enumerate(self._items) if item.id in given}
        walk(len(self._items), settled=settled, ask=lambda place: self._ask_one(place, settled))

    def _ask_one(self, place: int, settled: set[int]) -> int:
        item = self._items[place]
        others = {other for other in settled if other != place}
        left = FULL - sum((self._points[self._items[other].id] for other in others), Decimal(0))
        last = len(others) == len(self._items) - 1
        self._talk.show(PartHead(f"{place + 1} {item.label}: {number_text(left)} left"))
        before = left if last else self._points.get(item.id)
        enter = "" if before is None or before > left else f"gives {number_text(before)}"
        expects = f"It takes the {number_text(left)} that are left; :back changes another" if last else "Points"
        offered = before if enter else None
        self._points[item.id] = self._talk.fitting(
            Prompt(expects, enter), lambda line: self._take_one(line, left, offered, last=last)
        )
        return 1

    def _take_one(self, line: str, left: Decimal, offered: Decimal | None, *, last: bool) -> Decimal:
        points = offered if not line.strip() and offered is not None else read_number(line)
        if points < 0:
            raise Refused(Problem("too-small", f"{number_text(points)} is too small.", "Points begin at 0."))
        if points > left or (last and points != left):
            raise Refused(Problem("not-100", f"{number_text(left)} are left to give.", "Type :back to change another."))
        return points
