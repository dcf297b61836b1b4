"""Rank questions: choices that the person puts in order, best first."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.question import Choice
from careerkit.core.values import Value
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.canvas import Block, Canvas, Row
from careerkit.terminal.keys.widget import MAX_DIGIT_CHOICES, AtomicWidget, move_cursor
from careerkit.terminal.lines.ask import list_numbered_choices
from careerkit.terminal.lines.parse_answer import parse_order
from careerkit.terminal.questions.choice import ChoiceUI
from careerkit.terminal.questions.prepared_question import PreparedQuestion

if TYPE_CHECKING:
    from careerkit.core.questions.question import Question
    from careerkit.terminal import view_models
    from careerkit.terminal.keys.widget import Widget

MAX_EXAMPLES = 6


@frozen
class RankInput(AtomicWidget):
    """`items` in their current order. While the one at the cursor is `held`, it moves with the cursor.

    `confirmed`: the order is the person's own, or they have pressed a key. Before that, Enter doesn't submit it.
    """

    prepared: PreparedQuestion
    items: tuple[Choice, ...]
    at: int = 0
    held: bool = False
    confirmed: bool = False

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.held:
            return "Up/Down move it", "Space put down", "Enter continue"
        places = ("a digit sets its place (1 is best)",) if len(self.items) <= MAX_DIGIT_CHOICES else ()
        return ("Space pick up", *places, "Enter continue")

    def press(self, press: Press) -> RankInput | Submit | None:
        if press is Key.ENTER and not self.confirmed and len(self.items) > 1:
            hint = "Press Alt-Enter to accept the order as it is."
            raise Refused(Problem("empty", "Nothing has been moved yet.", hint))
        after = self._update(press)
        return replace(after, confirmed=True) if isinstance(after, RankInput) else after

    def draft(self) -> Value | None:
        order = tuple(each.id for each in self.items)
        return order if self.confirmed and order != self.prepared.kept else None

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        width = len(str(len(self.items)))
        for place, item in enumerate(self.items):
            here = place == self.at
            cursor = (len(rows), 0) if here else cursor
            held = ("bold cyan", "<> ") if here and self.held else ("", "")
            first = (canvas.pointer(here=here), ("cyan", f"{place + 1:>{width}}  "), held)
            rows += canvas.prose(item.label, "bold" if here else "", first=first)
            rows += canvas.prose(item.hint, "dim", first=(("", " " * (width + 4)),)) if item.hint else []
        return Block(tuple(rows), cursor)

    def _update(self, press: Press) -> RankInput | Submit | None:
        if press in (Key.ENTER, Key.SUBMIT):
            return Submit(self.prepared.validate([each.id for each in self.items]))
        if press == " ":
            return replace(self, held=not self.held)
        if press is Key.ESCAPE and self.held:
            return replace(self, held=False)
        if press in (Key.MOVE_UP, "K", Key.MOVE_DOWN, "J"):
            return self._move_item(self.at + (-1 if press in (Key.MOVE_UP, "K") else 1))
        if isinstance(press, str) and len(press) == 1 and press in "123456789" and len(self.items) <= MAX_DIGIT_CHOICES:
            return self._move_item(int(press) - 1)
        moved = move_cursor(press, self.at, len(self.items), letters=True)
        if moved is None:
            return None
        wraps = abs(moved - self.at) > 1 and press not in (Key.HOME, Key.END)
        return self._move_item(self.at if wraps else moved) if self.held else replace(self, at=moved)

    def _move_item(self, to: int) -> RankInput:
        if not 0 <= to < len(self.items):
            return self
        items = list(self.items)
        items.insert(to, items.pop(self.at))
        return replace(self, items=tuple(items), at=to)


class RankUI(ChoiceUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        """The order given before, or in the unfinished widget, with new items last."""
        order: list[str] = []
        if isinstance(before, RankInput) and before.prepared.kept == prepared.kept:
            order = [each.id for each in before.items]
        initial = prepared.current if prepared.current is not None else prepared.default
        order = order or list(cast("tuple[str, ...]", initial or ()))
        places = {each: place for place, each in enumerate(order)}
        items = sorted(prepared.choices, key=lambda choice: places.get(choice.id, len(places)))
        return RankInput(prepared, tuple(items), confirmed=bool(order))

    def describe_input(self, question: Question, choices: int) -> str:
        del question
        places = [*range(2, choices + 1), 1] if choices > 1 else [1]
        example = " ".join(str(place) for place in places[:MAX_EXAMPLES])
        return f"All numbers, best first, such as {example}{' …' if len(places) > MAX_EXAMPLES else ''}"

    def list_options(self, prepared: PreparedQuestion) -> tuple[view_models.OptionList, ...]:
        return list_numbered_choices(prepared, range(len(prepared.choices)))

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return parse_order(line, prepared.choices)


QUESTION_UIS = {"rank": RankUI()}
