"""The first screen by keys: one list in parts, with a word about the row at the arrow; it can be narrowed."""

from __future__ import annotations

from careerkit.coaching.screen import Given
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Choice
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.home_rows import HomePart, HomeRow
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.line import Line
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.pick import BY_DIGIT, moved_to
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.opening import ROOMY
from careerkit.terminal.picks import narrowed
from careerkit.terminal.width import cells

FRAME = 4
"""What a sheet's margin and gutter take away from the page's width, about."""


@frozen
class HomeList(Whole):
    """`at` is the place of the arrow among the rows that are shown; while `seeking`, letters narrow the list."""

    parts: tuple[HomePart, ...]
    at: int = 0
    sought: Line = Line()
    seeking: bool = False

    @property
    def takes_text(self) -> bool:
        return self.seeking

    @property
    def foot(self) -> tuple[str, ...]:
        return ("Enter choose", "Esc all again") if self.seeking else ("Enter choose", "/ filter", "q leave")

    @property
    def shown(self) -> tuple[HomeRow, ...]:
        """The rows that the filter leaves, in order."""
        rows = [row for part in self.parts for row in part.rows]
        if not self.sought.text:
            return tuple(rows)
        words = [Choice(row.command, row.label, f"{row.aside} {row.about}") for row in rows]
        return tuple(rows[place] for place in narrowed(self.sought.text, words))

    def press(self, press: Press) -> HomeList | Given | None:
        if press in (Key.ENTER, Key.SUBMIT):
            return self._choose()
        if press is Key.ESCAPE and (self.seeking or self.sought.text):
            return HomeList(self.parts)
        if press is Key.ESCAPE:
            return Given(None)
        moved = moved_to(press, self.at, len(self.shown), letters=not self.seeking)
        if moved is not None:
            return replace(self, at=moved)
        if self.seeking:
            line = self.sought.press(press)
            return None if line is None else replace(self, sought=line, at=0)
        return self._letter(press) if isinstance(press, str) else None

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        if self.seeking:
            seek = paper.typed(self.sought.text, self.sought.cursor, first=(("bold cyan", "/ "),))
            rows, cursor = list(seek.rows), seek.cursor
        shown = self.shown
        for part in self.parts:
            there = [row for row in part.rows if row in shown]
            rows += ([()] if rows and there else []) + (paper.prose(part.heading, "cyan") if there else [])
            for row in there:
                if row is shown[self.at] and not self.seeking:
                    cursor = len(rows), 0
                rows.append(self._row(row, paper))
            rows += paper.prose(part.more, "dim", first=(("", "  "),)) if part.more and there else []
        return Body((*rows, *self._about(paper)), cursor)

    def _row(self, row: HomeRow, paper: Paper) -> Row:
        place = self.shown.index(row)
        here = place == self.at
        number = f"{place + 1}  " if self._by_digit else ""
        lead: Row = (("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  "), ("cyan", number))
        label, aside, gap = self._fitted(row, paper)
        return (*lead, ("bold" if here else "", label), ("", gap), ("dim", aside))

    def _fitted(self, row: HomeRow, paper: Paper) -> tuple[str, str, str]:
        """The label and the words beside it as they fit on one row, and the gap between."""
        room = paper.width - (5 if self._by_digit else 2)
        aside = paper.short(row.aside, room // 2) if _is_roomy(paper) else ""
        label = paper.short(row.label, room - (cells(aside) + 3 if aside else 0))
        return label, aside, " " * (room - cells(label) - cells(aside) - 1) if aside else ""

    def _about(self, paper: Paper) -> list[Row]:
        """What there is to know of the row at the arrow, below the list, so that the list stands still."""
        if not self.shown:
            return [(), *paper.prose("Nothing has that in it. Esc shows all again.", "dim")]
        row = self.shown[self.at]
        label = paper.prose(row.label) if self._fitted(row, paper)[0] != paper.safe(row.label) else []
        aside = [] if _is_roomy(paper) else paper.prose(row.aside, "dim")
        return [(), *label, *aside, *paper.prose(row.about, "italic"), *paper.prose(row.command, "dim")]

    @property
    def _by_digit(self) -> bool:
        return sum(len(part.rows) for part in self.parts) <= BY_DIGIT

    def _letter(self, typed: str) -> HomeList | Given | None:
        if typed == "/":
            return replace(self, seeking=True, at=0)
        if typed == "q":
            return Given(None)
        if self._by_digit and typed.isdecimal() and len(typed) == 1 and 1 <= int(typed) <= len(self.shown):
            return replace(self, at=int(typed) - 1)
        return None

    def _choose(self) -> Given:
        if not self.shown:
            raise Refused(Problem("nothing-found", "There is nothing to choose.", "Esc shows all again."))
        return Given(self.shown[self.at].reply)


def _is_roomy(paper: Paper) -> bool:
    return paper.width + FRAME >= ROOMY
