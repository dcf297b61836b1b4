"""A ranking: items that are moved until their order is right."""

from __future__ import annotations

from typing import cast

from careerkit.coaching.screen import Given
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Choice
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Value
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.pick import BY_DIGIT, moved_to
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.posed import Posed


@frozen
class Order(Whole):
    """`items` in their present order. While the one at the cursor is `held`, it goes where the cursor goes.

    `looked_at`: this order is the person's, or a key has been pressed; before that Enter does not take it.
    """

    posed: Posed
    items: tuple[Choice, ...]
    at: int = 0
    held: bool = False
    looked_at: bool = False

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def foot(self) -> tuple[str, ...]:
        if self.held:
            return "Up/Down carry", "Space put down", "Enter hand in"
        places = ("1 is best: a digit moves it there",) if len(self.items) <= BY_DIGIT else ()
        return ("Space lift", *places, "Enter hand in")

    def press(self, press: Press) -> Order | Given | None:
        if press is Key.ENTER and not self.looked_at and len(self.items) > 1:
            hint = "Alt-Enter takes the order as it stands."
            raise Refused(Problem("empty", "Nothing has been moved yet.", hint))
        after = self._pressed(press)
        return replace(after, looked_at=True) if isinstance(after, Order) else after

    def _pressed(self, press: Press) -> Order | Given | None:
        if press in (Key.ENTER, Key.SUBMIT):
            return Given(self.posed.check([each.id for each in self.items]))
        if press == " ":
            return replace(self, held=not self.held)
        if press is Key.ESCAPE and self.held:
            return replace(self, held=False)
        if press in (Key.MOVE_UP, "K", Key.MOVE_DOWN, "J"):
            return self._carried(self.at + (-1 if press in (Key.MOVE_UP, "K") else 1))
        if isinstance(press, str) and len(press) == 1 and press in "123456789" and len(self.items) <= BY_DIGIT:
            return self._carried(int(press) - 1)
        moved = moved_to(press, self.at, len(self.items), letters=True)
        if moved is None:
            return None
        is_round = abs(moved - self.at) > 1 and press not in (Key.HOME, Key.END)
        return self._carried(self.at if is_round else moved) if self.held else replace(self, at=moved)

    def so_far(self) -> Value | None:
        order = tuple(each.id for each in self.items)
        return order if self.looked_at and order != self.posed.kept else None

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        width = len(str(len(self.items)))
        for place, item in enumerate(self.items):
            here = place == self.at
            cursor = (len(rows), 0) if here else cursor
            mark = ("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  ")
            held = ("bold cyan", "<> ") if here and self.held else ("", "")
            first = (mark, ("cyan", f"{place + 1:>{width}}  "), held)
            rows += paper.prose(item.label, "bold" if here else "", first=first)
            rows += paper.prose(item.hint, "dim", first=(("", " " * (width + 4)),)) if item.hint else []
        return Body(tuple(rows), cursor)

    def _carried(self, to: int) -> Order:
        if not 0 <= to < len(self.items):
            return self
        items = list(self.items)
        items.insert(to, items.pop(self.at))
        return replace(self, items=tuple(items), at=to)


def order_of(posed: Posed, before: Order | None) -> Order:
    """The order given before or begun, new items last."""
    order = [each.id for each in before.items] if before is not None and before.posed.kept == posed.kept else []
    order = order or list(cast("tuple[str, ...]", posed.there if posed.there is not None else posed.offered or ()))
    places = {each: place for place, each in enumerate(order)}
    items = sorted(posed.choices, key=lambda choice: places.get(choice.id, len(places)))
    return Order(posed, tuple(items), looked_at=bool(order))
