"""Choosing: one of several, several of them, or yes or no; a long list can be narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Choice, ChoicesForm, YesNoForm
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.expected import NOTHING
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.line import Line
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.picks import narrowed
from careerkit.terminal.posed import Posed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.core.value import Value

YES_OR_NO = (Choice("yes", "Yes"), Choice("no", "No"))
BY_DIGIT = 9
"""So many choices at most have a digit each."""
NOWHERE = -1
"""Where the cursor is before anything was chosen."""
MANY = 6
"""From here on the foot names the filter."""


@frozen
class Pick(Whole):
    """`at` is the place of the cursor among the choices that are shown; `picked` are those ticked, where several may be.

    Where one is to be chosen and none has been before, the cursor is NOWHERE until a key moves it, so that an Enter too many
    answers nothing. `sought` is what a filter looks for; while `seeking`, letters are text. `digits` are those typed just
    before, `missing` the number that was typed and is not there.
    """

    posed: Posed
    options: tuple[Choice, ...]
    at: int = 0
    picked: frozenset[str] = frozenset()
    sought: Line = Line()
    seeking: bool = False
    digits: str = ""
    missing: str = ""

    @property
    def several(self) -> bool:
        return isinstance(self.posed.question.form, ChoicesForm)

    @property
    def takes_text(self) -> bool:
        return self.seeking

    @property
    def foot(self) -> tuple[str, ...]:
        if self.seeking:
            return ("Enter back to the list" if self.several else "Enter choose"), "Esc all again"
        yes_no = ("y or n",) if isinstance(self.posed.question.form, YesNoForm) else ()
        number = ("number, then Space",) if len(self.options) > BY_DIGIT else ("Space tick",)
        keys = (*number, "Enter hand in") if self.several else (*yes_no, "Enter choose")
        return (*keys, "/ filter") if len(self.options) > MANY else keys

    @property
    def shown(self) -> tuple[int, ...]:
        """The places of the choices that the filter leaves."""
        return tuple(narrowed(self.sought.text, self.options)) if self.sought.text else tuple(range(len(self.options)))

    def press(self, press: Press) -> Pick | Given | Skip | None:
        if isinstance(press, str) and press.isdecimal() and not self.seeking:
            return self._by_number(press)
        calm = replace(self, digits="", missing="") if self.digits or self.missing else self
        return calm._pressed(press)  # noqa: SLF001 - the same widget

    def _pressed(self, press: Press) -> Pick | Given | Skip | None:
        if press is Key.ENTER and self.seeking and self.several:
            return replace(self, seeking=False)
        if press in (Key.ENTER, Key.SUBMIT):
            return self._submit()
        if press is Key.ESCAPE and (self.seeking or self.sought.text):
            return self._unfiltered()
        moved = moved_to(press, self.at, len(self.shown), letters=not self.seeking)
        if moved is not None:
            return replace(self, at=moved)
        if self.seeking:
            return self._seek(press)
        return self._letter(press) if isinstance(press, str) else None

    def so_far(self) -> Value | None:
        """The ticks; a single choice is there or not."""
        ticked = tuple(each.id for each in self.options if each.id in self.picked)
        return ticked if self.several and ticked and ticked != self.posed.kept else None

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        if self.seeking or self.sought.text:
            seek = paper.typed(self.sought.text, self.sought.cursor, first=(("bold cyan", "/ "),))
            rows += seek.rows
            cursor = seek.cursor
            if not self.shown:
                rows += paper.prose("No choice has that in it. Esc shows all again.", "dim")
        rows += [] if self.options else paper.prose(f"{NOTHING}.", "dim", first=(("", "  "),))
        for place, number in enumerate(self.shown):
            here = place == self.at
            if here and not self.seeking:
                cursor = len(rows), 0
            rows += self._option(number, paper, here=here)
        if self.missing:
            cursor = len(rows), 0
            rows += paper.prose(f"There is no {self.missing} here.", first=(("bold red", "! "),))
        return Body(tuple(rows), cursor)

    def _option(self, number: int, paper: Paper, *, here: bool) -> list[Row]:
        choice = self.options[number]
        mark = ("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  ")
        width = len(str(len(self.options)))
        box = ("", ("[x] " if choice.id in self.picked else "[ ] ") if self.several else "")
        first = (mark, ("cyan", f"{number + 1:>{width}}  "), box)
        rows = paper.prose(choice.label, "bold" if here else "", first=first)
        lead = " " * sum(len(part) for _, part in first)
        return rows + (paper.prose(choice.hint, "dim", first=(("", lead),)) if choice.hint else [])

    # ------------------------------------------------------------ presses

    def _letter(self, typed: str) -> Pick | None:
        if typed == "/":
            return replace(self, seeking=True)
        if typed == " " and self.several and self.shown:
            return self._toggled(self.at)
        if isinstance(self.posed.question.form, YesNoForm) and typed.lower() in ("y", "n"):
            return replace(self, at="yn".index(typed.lower()))
        return None

    def _by_number(self, typed: str) -> Pick:
        """A digit chooses; a second one straight after it can make a number of two. In a long list of ticks it only leads there."""
        for digits in (self.digits + typed, typed):
            if int(digits) - 1 in self.shown:
                place = self.shown.index(int(digits) - 1)
                there = replace(self, at=place, digits=digits, missing="")
                return there._toggled(place) if self.several and len(self.options) <= BY_DIGIT else there  # noqa: SLF001 - the same widget
        return replace(self, at=self.at if self.several else NOWHERE, digits="", missing=typed)

    def _toggled(self, place: int) -> Pick:
        return replace(self, at=place, picked=self.picked ^ {self.options[self.shown[place]].id})

    def _seek(self, press: Press) -> Pick | None:
        line = self.sought.press(press)
        return None if line is None else replace(self, sought=line, at=0)

    def _unfiltered(self) -> Pick:
        here = self.shown[self.at] if self.shown and self.at != NOWHERE else self.at
        return replace(self, seeking=False, sought=Line(), at=here)

    def _submit(self) -> Given | Skip:
        form = self.posed.question.form
        if self.several:
            if not self.picked and not self.posed.question.required and cast("ChoicesForm", form).min:
                return Skip()
            if not self.picked and cast("ChoicesForm", form).min:
                raise Refused(Problem("too-few", "Nothing is ticked.", "Space ticks the one at the arrow."))
            return Given(self.posed.check([each.id for each in self.options if each.id in self.picked]))
        if self.options and not self.shown:
            raise Refused(Problem("nothing-found", "There is nothing to choose.", "Esc shows all again."))
        if self.at == NOWHERE:
            return self._nothing_chosen()
        chosen = self.options[self.shown[self.at]].id
        return Given(chosen == "yes") if isinstance(form, YesNoForm) else Given(self.posed.check(chosen))

    def _nothing_chosen(self) -> Skip:
        if not self.posed.question.required:
            return Skip()
        hint = (
            "Press y or n." if isinstance(self.posed.question.form, YesNoForm) else "Press its number, or move to it."
        )
        raise Refused(Problem("empty", "Nothing is chosen yet.", hint))


def pick_of(posed: Posed) -> Pick:
    """The widget with what was chosen before, or what is offered."""
    options = YES_OR_NO if isinstance(posed.question.form, YesNoForm) else posed.choices
    before = posed.there if posed.there is not None else posed.offered
    if isinstance(before, tuple):
        return Pick(posed, options, picked=frozenset(cast("tuple[str, ...]", before)))
    if isinstance(before, bool):
        return Pick(posed, options, at=0 if before else 1)
    return Pick(posed, options, at=0 if isinstance(posed.question.form, ChoicesForm) else _place(before, options))


def moved_to(press: Press, at: int, count: int, *, letters: bool) -> int | None:
    """The place after `press`, round and round; None where it is no movement."""
    if count == 0:
        return 0 if press in (Key.UP, Key.DOWN) else None
    if press is Key.UP or (letters and press == "k"):
        return (max(at, 0) - 1) % count
    if press is Key.DOWN or (letters and press == "j"):
        return (at + 1) % count
    if press is Key.HOME and letters:
        return 0
    if press is Key.END and letters:
        return count - 1
    return None


def _place(chosen: object, options: Sequence[Choice]) -> int:
    return next((place for place, each in enumerate(options) if each.id == chosen), NOWHERE)
