"""A scale: its numbers one below the other, with the words that anchor them."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import ScaleForm
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.pick import moved_to
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.posed import Posed

LONGEST = 11
"""A scale of more steps is typed as a number."""


@frozen
class Scale(Whole):
    """`value` is None until the person has chosen: a scale starts without a figure that could sway."""

    posed: Posed
    value: int | None = None
    digits: str = ""
    missing: str = ""
    """The number that was typed and is not there."""

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def foot(self) -> tuple[str, ...]:
        return f"{self._form.min} to {self._form.max} or arrows", "Enter choose"

    def press(self, press: Press) -> Scale | Given | Skip | None:
        if press in (Key.ENTER, Key.SUBMIT):
            return self._submit()
        count = self._form.max - self._form.min + 1
        if self.value is None and moved_to(press, 0, count, letters=True) is not None:
            ends = press in (Key.UP, "k", Key.END)
            return replace(self, value=self._form.max if ends else self._form.min, digits="", missing="")
        moved = moved_to(press, (self.value or 0) - self._form.min, count, letters=True)
        if moved is not None:
            return replace(self, value=self._form.min + moved, digits="", missing="")
        return self._typed(press) if isinstance(press, str) else None

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        width = max(len(str(self._form.min)), len(str(self._form.max)))
        for number in range(self._form.min, self._form.max + 1):
            here = number == self.value
            if here:
                cursor = len(rows), 0
            mark = ("bold cyan", f"{paper.symbols.prompt} ") if here else ("", "  ")
            first = (mark, ("bold cyan" if here else "cyan", f"{number:>{width}}  "))
            rows += paper.prose(self._form.anchors.get(number, ""), "bold" if here else "", first=first)
        if self.missing:
            cursor = len(rows), 0
            rows += paper.prose(f"There is no {self.missing} here.", first=(("bold red", "! "),))
        return Body(tuple(rows), cursor)

    @property
    def _form(self) -> ScaleForm:
        return cast("ScaleForm", self.posed.question.form)

    def _typed(self, typed: str) -> Scale | None:
        """A digit chooses; a second one straight after it can make a number of two."""
        for digits in (self.digits + typed, typed):
            if digits.lstrip("-").isdecimal() and self._form.min <= int(digits) <= self._form.max:
                return replace(self, value=int(digits), digits=digits, missing="")
        if typed.isdecimal():
            return replace(self, value=None, digits="", missing=typed)
        return replace(self, digits=typed) if typed == "-" and self._form.min < 0 else None

    def _submit(self) -> Given | Skip:
        if self.value is not None:
            return Given(self.posed.check(Decimal(self.value)))
        if not self.posed.question.required:
            return Skip()
        raise Refused(
            Problem("empty", "Nothing is chosen yet.", f"Press a number from {self._form.min} to {self._form.max}.")
        )


def scale_of(posed: Posed) -> Scale:
    before = posed.kept if posed.kept is not None else posed.offered
    return Scale(posed, int(before) if isinstance(before, Decimal) else None)
