"""Weights and rank questions: a hundred points to share out between items, and choices to put in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.question import Choice
from careerkit.core.questions.weights import TOTAL_POINTS
from careerkit.core.text import format_count, to_ascii_width
from careerkit.core.values import Value, format_number
from careerkit.terminal.dialog import AnswerParts, Dialog, Manner, ask_parts, list_numbered_choices
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EditBuffer, create_buffer
from careerkit.terminal.keys.widget import MAX_DIGIT_CHOICES, AtomicWidget, Block, Canvas, Row, move_cursor
from careerkit.terminal.parse_line import parse_choice, parse_number, parse_numbers, parse_order
from careerkit.terminal.questions.choice import ChoiceUI
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.sanitize import count_cells
from careerkit.terminal.view_models import Option, OptionList, PartHeader, Prompt

if TYPE_CHECKING:
    from careerkit.core.questions.question import Question
    from careerkit.terminal import view_models
    from careerkit.terminal.keys.widget import Widget

STEP = 5
"""Points that + and - add or remove."""
MAX_BAR_WIDTH, MIN_BAR_WIDTH = 20, 8
NUMBER_WIDTH = 12
TOTAL_HINT = "The points must add up to 100."

MAX_EXAMPLES = 6


@frozen
class WeightsInput(AtomicWidget):
    """`typed` is the text field of each item, by its id; the cursor is at item `at`."""

    prepared: PreparedQuestion
    typed: Mapping[str, EditBuffer]
    at: int = 0

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        return "0 to 100", f"+ and - change by {STEP}", "Enter next, continue at 100"

    def press(self, press: Press) -> WeightsInput | Submit | Skip | None:
        if not self._items:
            return Submit(self.prepared.validate({})) if press in (Key.ENTER, Key.SUBMIT) else None
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
                return self._add(STEP if press == "+" else -STEP)
            case str() if press.strip("0123456789., \n").strip():
                return None
            case str():
                press = press.strip()
        buffer = self._buffer.press(press)
        return None if buffer is None else self._with_buffer(buffer)

    def draft(self) -> Value | None:
        points: dict[str, Decimal] = {}
        for item in self._items:
            with suppress(Refused):
                points |= self._points_of(item)
        return MappingProxyType(points) if points and points != self.prepared.kept else None

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        wide = max((count_cells(canvas.safe(each.label)) for each in self._items), default=0)
        label_above = wide > canvas.width - NUMBER_WIDTH - 4
        wide = 0 if label_above else wide
        for place, item in enumerate(self._items):
            here = place == self.at
            style = "bold" if here else ""
            pointer = canvas.pointer(here=here)
            if label_above:
                rows += canvas.prose(item.label, style, first=(pointer,))
                lead: Row = (("", "    "),)
            else:
                label = canvas.shorten(item.label, wide)
                lead = (pointer, (style, label), ("", " " * (wide - count_cells(label) + 2)))
            text = self._text(item)
            number = canvas.shorten(text, NUMBER_WIDTH - 4) if text else ""
            cursor = (len(rows), wide + 4 + count_cells(number)) if here else cursor
            bar = _draw_bar(text, canvas, canvas.width - wide - NUMBER_WIDTH - 4)
            rows.append((*lead, (style, f"{number:<{NUMBER_WIDTH - 4}}"), ("cyan", bar)))
            if here and item.hint:
                rows += canvas.prose(item.hint, "dim", first=(("", "    "),))
        return Block((*rows, (), *self._total_rows(canvas)), cursor)

    @property
    def _items(self) -> tuple[Choice, ...]:
        return self.prepared.choices

    @property
    def _buffer(self) -> EditBuffer:
        return self.typed.get(self._items[self.at].id, EditBuffer(max_length=NUMBER_WIDTH))

    def _text(self, item: Choice) -> str:
        return self.typed.get(item.id, EditBuffer()).text

    def _points(self) -> dict[str, Decimal]:
        """The points of all items that have some. Raises Refused where a text isn't a number of points."""
        return {name: points for item in self._items for name, points in self._points_of(item).items()}

    def _points_of(self, item: Choice) -> dict[str, Decimal]:
        text = self._text(item)
        if not text.strip():
            return {}
        points = parse_number(text)
        if not 0 <= points <= TOTAL_POINTS:
            raise Refused(Problem("not-100", f"{item.label} must be from 0 to 100.", TOTAL_HINT))
        return {item.id: points}

    def _total_rows(self, canvas: Canvas) -> list[Row]:
        try:
            rest = TOTAL_POINTS - sum(self._points().values(), Decimal(0))
        except Refused as refused:
            return canvas.prose(refused.problems[0].message, "yellow", first=(("", "  "),))
        if rest == 0:
            return canvas.prose("All 100 points given.", "green", first=(("", "  "),))
        words = f"{format_number(rest)} left" if rest > 0 else f"{format_number(-rest)} too many"
        return canvas.prose(words, "bold" if rest > 0 else "yellow", first=(("", "  "),))

    def _with_buffer(self, buffer: EditBuffer) -> WeightsInput:
        return replace(self, typed=MappingProxyType({**self.typed, self._items[self.at].id: buffer}))

    def _add(self, points: int) -> WeightsInput:
        before = parse_number(self._buffer.text) if self._buffer.text.strip() else Decimal(0)
        after = max(Decimal(0), min(TOTAL_POINTS, before + points))
        return self._with_buffer(create_buffer(format_number(after), max_length=NUMBER_WIDTH))

    def _enter(self) -> WeightsInput | Submit | Skip:
        points = self._points()
        if sum(points.values(), Decimal(0)) == TOTAL_POINTS or self.at == len(self._items) - 1:
            return self._submit()
        return replace(self, at=self.at + 1)

    def _submit(self) -> Submit | Skip:
        points = self._points()
        if not points and not self.prepared.question.required:
            return Skip()
        return Submit(self.prepared.validate(points))


class WeightsUI(ChoiceUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        if isinstance(before, WeightsInput) and before.prepared.kept == prepared.kept:
            return WeightsInput(prepared, before.typed)
        initial = prepared.current if prepared.current is not None else prepared.default
        points = cast("Mapping[str, Decimal]", initial or {})
        typed = {each: create_buffer(f"{number:f}", max_length=NUMBER_WIDTH) for each, number in points.items()}
        return WeightsInput(prepared, MappingProxyType(typed))

    def describe_input(self, question: Question, choices: int) -> str:
        del question
        share = 100 // max(choices, 1) // 5 * 5
        rest = [share] * max(choices - 1, 0)
        example = " ".join(str(points) for points in [100 - sum(rest), *rest])
        return f"100 points in all, such as {example}, or only the number for the first"

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return parse_weights(line, prepared.choices)

    def ask(
        self, dialog: Dialog, prepared: PreparedQuestion, parts: AnswerParts, *, manner: Manner, validate: bool
    ) -> object:
        del manner, validate
        expected = self.describe_input(prepared.question, len(prepared.choices))
        return _WeightsDialog(dialog, prepared, cast("dict[str, Decimal]", parts), expected).ask()

    def initial_parts(self, prepared: PreparedQuestion) -> AnswerParts:
        return dict(cast("Mapping[str, Decimal]", prepared.current or {}))

    def join_parts(self, parts: AnswerParts) -> Value | None:
        return MappingProxyType(dict(cast("dict[str, Decimal]", parts)))


def parse_weights(line: str, choices: Sequence[Choice]) -> Mapping[str, Decimal]:
    """Points by id, from `40 30 30` or `pay=40 2=60`, for all choices or some. Raises Refused where the line has neither form."""
    line = to_ascii_width(line)
    if "=" in line:
        pairs = _split_pairs(line)
        if not pairs:
            raise Refused(Problem("not-points", "There are no points in that line.", "Type 40 30 30, or 1=40 2=60."))
        return {parse_choice(name, choices): parse_number(points) for name, points in pairs}
    numbers = parse_numbers(line)
    if len(numbers) not in (1, len(choices)):
        message = f"You typed {format_count(len(numbers), 'number')} for {format_count(len(choices), 'item')}."
        raise Refused(Problem("not-as-many", message, "Type one for each item, in the order of the list."))
    return {choice.id: number for choice, number in zip(choices, numbers, strict=False)}


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


QUESTION_UIS = {"weights": WeightsUI(), "rank": RankUI()}


def _split_pairs(line: str) -> list[tuple[str, str]]:
    """The names and the points in a line such as `pay=40, 2 = 60`."""
    pairs: list[tuple[str, str]] = []
    end = 0
    for found in re.finditer(r"=\s*([\d.]+)", line):
        name = re.split("[,;=]", line[end : found.start()])[-1]
        pairs += [(name, found[1])] if name else []
        end = found.end()
    return pairs


class _WeightsDialog:
    """Asks for weights. `points` is kept up to date, so that leaving loses nothing."""

    def __init__(self, dialog: Dialog, prepared: PreparedQuestion, points: dict[str, Decimal], expected: str) -> None:
        self._dialog = dialog
        self._prepared = prepared
        self._points = points
        self._expected = expected
        self._items = prepared.choices

    def ask(self) -> object:
        """All points, or None where the question is left blank. Raises LeaveQuestion for a command that leaves it."""
        for outdated in [each for each in self._points if each not in {item.id for item in self._items}]:
            del self._points[outdated]
        numbered = enumerate(self._items, start=1)
        self._dialog.show(OptionList(tuple(self._option(number, item) for number, item in numbered)))
        if self._prepared.draft is not None and len(self._points) < len(self._items):
            self._ask_each(set(self._points))
            return self._points
        prompt = Prompt(
            self._expected, self._prepared.describe_enter() or "asks for them one by one", lists_commands=True
        )
        given = self._dialog.ask_until_valid(prompt, self._parse_line)
        if given is None:
            return None
        self._points.update(given)
        self._ask_each(set(given))
        return self._points

    def _option(self, number: int, item: Choice) -> Option:
        points = self._points.get(item.id)
        return Option(
            number, item.label, item.hint or (f"{format_number(points)} points" if points is not None else "")
        )

    def _parse_line(self, line: str) -> Mapping[str, Decimal] | None:
        if not line.strip():
            return self._enter_value()
        given = parse_weights(line, self._items)
        for points in given.values():
            _check_not_negative(points)
        self._check_total(sum(given.values(), Decimal(0)), complete=len(given) == len(self._items))
        return given

    def _enter_value(self) -> Mapping[str, Decimal] | None:
        if not self._prepared.can_keep and self._prepared.default is None and self._prepared.question.required:
            return {}
        value = self._prepared.enter_value()
        return value if isinstance(value, Mapping) or value is None else {}  # type: ignore[return-value]  # the values of weights are numbers

    def _check_total(self, total: Decimal, *, complete: bool) -> None:
        rest = TOTAL_POINTS - total
        if rest < 0 or (complete and rest):
            gap = f"{format_number(-rest)} too many" if rest < 0 else f"with {format_number(rest)} left"
            raise Refused(Problem("not-100", f"They add up to {format_number(total)}, {gap}.", TOTAL_HINT))

    def _ask_each(self, given: set[str]) -> None:
        answered = {place for place, item in enumerate(self._items) if item.id in given}
        ask_parts(len(self._items), answered=answered, ask=lambda place: self._ask_one(place, answered))

    def _ask_one(self, place: int, answered: set[int]) -> int:
        item = self._items[place]
        others = {other for other in answered if other != place}
        left = TOTAL_POINTS - sum((self._points[self._items[other].id] for other in others), Decimal(0))
        is_last = len(others) == len(self._items) - 1
        self._dialog.show(PartHeader(f"{place + 1} {item.label}: {format_number(left)} left"))
        before = left if is_last else self._points.get(item.id)
        default = None if before is None or before > left else before
        enter = "" if default is None else f"gives it {format_number(default)}"
        expected = (
            f"The last one gets the remaining {format_number(left)}; :back to change another" if is_last else "Points"
        )
        self._points[item.id] = self._dialog.ask_until_valid(
            Prompt(expected, enter), lambda line: self._parse_points(line, left, default, is_last=is_last)
        )
        return 1

    def _parse_points(self, line: str, left: Decimal, default: Decimal | None, *, is_last: bool) -> Decimal:
        points = default if not line.strip() and default is not None else parse_number(line)
        _check_not_negative(points)
        if points > left or (is_last and points != left):
            message = f"There {'is' if left == 1 else 'are'} {format_number(left)} left to give."
            raise Refused(Problem("not-100", message, "Type :back to change another."))
        return points


def _check_not_negative(points: Decimal) -> None:
    if points < 0:
        raise Refused(Problem("too-small", f"{format_number(points)} is too small.", "Points can't be negative."))


def _draw_bar(text: str, canvas: Canvas, room: int) -> str:
    length = min(MAX_BAR_WIDTH, room)
    try:
        points = parse_number(text) if text.strip() else Decimal(0)
    except Refused:
        return ""
    full = int(max(Decimal(0), min(points, TOTAL_POINTS)) * length / 100)
    return canvas.symbols.filled_bar * full if length >= MIN_BAR_WIDTH else ""
