"""The home screen for keys: a list in parts that can be filtered, with a description of the current row.

Its second step, the situations of a topic, is a list of the same kind, which can also be left backwards.
"""

from __future__ import annotations

from careerkit.coaching.screen import Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.question import Choice
from careerkit.terminal.banner import MIN_WIDE_PAGE_WIDTH
from careerkit.terminal.home_rows import HomePart, HomeRow
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.canvas import Block, Canvas, Row
from careerkit.terminal.keys.line_input import EditBuffer
from careerkit.terminal.keys.widget import MAX_DIGIT_CHOICES, AtomicWidget, move_cursor
from careerkit.terminal.lines.parse_answer import filter_choices
from careerkit.terminal.sanitize import count_cells

GO_BACK = object()
"""Submitted to return to the first list. None quits."""
FRAME_WIDTH = 4
"""Columns of the page that a viewport's margin and gutter take, roughly."""


@frozen
class HomeList(AtomicWidget):
    """`at` is the position of the arrow among the rows shown. While `filtering`, letters go into `filter`.

    With `can_go_back`, Esc and Shift-Tab submit GO_BACK.
    """

    parts: tuple[HomePart, ...]
    can_go_back: bool = False
    at: int = 0
    filter: EditBuffer = EditBuffer()
    filtering: bool = False

    @property
    def takes_text(self) -> bool:
        return self.filtering

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.filtering:
            return "Enter choose", "Esc show all"
        return "Enter choose", *["Esc back"] * self.can_go_back, "/ filter", "q quit"

    @property
    def shown(self) -> tuple[HomeRow, ...]:
        """The rows that pass the filter, in order."""
        if not self.filter.text:
            return tuple(row for part in self.parts for row in part.rows if not part.only_found)
        rows = [row for part in self.parts for row in part.rows]
        choices = [Choice(row.command, row.label, f"{row.aside} {row.about} {row.words}") for row in rows]
        return tuple(rows[place] for place in filter_choices(self.filter.text, choices))

    def move_to(self, reply: object) -> HomeList:
        """Without a filter, with the arrow on the row with that reply, if there is one."""
        replies = [row.reply for part in self.parts for row in part.rows if not part.only_found]
        return HomeList(self.parts, self.can_go_back, replies.index(reply) if reply in replies else 0)

    def press(self, press: Press) -> HomeList | Submit | None:
        if press in (Key.ENTER, Key.SUBMIT):
            return self._choose()
        if press is Key.ESCAPE and (self.filtering or self.filter.text):
            return HomeList(self.parts, self.can_go_back)
        if self.can_go_back and press in (Key.ESCAPE, Key.BACK):
            return Submit(GO_BACK)
        if press is Key.ESCAPE:
            return Submit(None)
        moved = move_cursor(press, self.at, len(self.shown), letters=not self.filtering)
        if moved is not None:
            return replace(self, at=moved)
        if self.filtering:
            line = self.filter.press(press)
            return None if line is None else replace(self, filter=line, at=0)
        return self._press_letter(press) if isinstance(press, str) else None

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        if self.filtering:
            field = canvas.input(self.filter.text, self.filter.cursor, first=(("bold cyan", "/ "),))
            rows, cursor = list(field.rows), field.cursor
        shown = self.shown
        for part in self.parts:
            matching = [row for row in part.rows if row in shown]
            rows += ([()] if rows and matching else []) + (canvas.prose(part.heading, "cyan") if matching else [])
            for row in matching:
                if row is shown[self.at] and not self.filtering:
                    cursor = len(rows), 0
                rows.append(self._row(row, canvas))
            rows += canvas.prose(part.more, "dim", first=(("", "  "),)) if part.more and matching else []
        return Block((*rows, *self._description_rows(canvas)), cursor)

    def _row(self, row: HomeRow, canvas: Canvas) -> Row:
        place = self.shown.index(row)
        here = place == self.at
        number = f"{place + 1}  " if self._has_digits else ""
        lead: Row = (canvas.pointer(here=here), ("cyan", number))
        label, aside, gap = self._fit_row(row, canvas)
        return (*lead, ("bold" if here else "", label), ("", gap), ("dim", aside))

    def _fit_row(self, row: HomeRow, canvas: Canvas) -> tuple[str, str, str]:
        """The label and the words beside it, shortened to one row, and the gap between them."""
        room = canvas.width - (5 if self._has_digits else 2)
        aside = canvas.shorten(row.aside, room // 2) if _is_wide(canvas) else ""
        label = canvas.shorten(row.label, room - (count_cells(aside) + 3 if aside else 0))
        return label, aside, " " * (room - count_cells(label) - count_cells(aside) - 1) if aside else ""

    def _description_rows(self, canvas: Canvas) -> list[Row]:
        """The description of the current row. It comes below the list, so that the list doesn't move."""
        if not self.shown:
            return [(), *canvas.prose("Nothing matches. Press Esc to show everything.", "dim")]
        row = self.shown[self.at]
        label = canvas.prose(row.label) if self._fit_row(row, canvas)[0] != canvas.safe(row.label) else []
        aside = canvas.prose(row.aside, "dim") if row.aside and not _is_wide(canvas) else []
        return [
            (),
            *label,
            *aside,
            *canvas.prose(row.about, "italic"),
            *(canvas.prose(row.command, "dim") if row.command else []),
        ]

    @property
    def _has_digits(self) -> bool:
        return len(self.shown) <= MAX_DIGIT_CHOICES

    def _press_letter(self, typed: str) -> HomeList | Submit | None:
        if typed == "/":
            return replace(self, filtering=True, at=0)
        if typed == "q":
            return Submit(None)
        if self._has_digits and typed.isdecimal() and len(typed) == 1 and 1 <= int(typed) <= len(self.shown):
            return replace(self, at=int(typed) - 1)
        return None

    def _choose(self) -> Submit:
        if not self.shown:
            raise Refused(Problem("nothing-found", "Nothing matches the filter.", "Press Esc to show everything."))
        return Submit(self.shown[self.at].reply)


def _is_wide(canvas: Canvas) -> bool:
    return canvas.width + FRAME_WIDTH >= MIN_WIDE_PAGE_WIDTH
