"""A list, line by line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Back
from careerkit.core.problem import Problem, Refused
from careerkit.terminal.expected import expected
from careerkit.terminal.menu import Menu
from careerkit.terminal.pieces import Option, Options, Prompt
from careerkit.terminal.talk import Left, Talk

if TYPE_CHECKING:
    from careerkit.core.playbook.model import ListForm
    from careerkit.terminal.posed import Posed

ENDS = ("", ".")


class Lines:
    """Asks for a list. `lines` is what there is of it, and grows with it, so that leaving loses nothing."""

    def __init__(self, talk: Talk, posed: Posed, lines: list[str]) -> None:
        self._talk = talk
        self._posed = posed
        self._lines = lines
        self._form = cast("ListForm", posed.question.form)

    def ask(self) -> object:
        """The lines, or None where they are left out."""
        if self._lines and self._posed.begun is not None:
            self._talk.show(Options(tuple(Option(place, line) for place, line in enumerate(self._lines, start=1))))
            return self._grow(len(self._lines))
        if self._lines:
            self._menu().run(self._talk, whole=True)
            return self._lines
        return self._grow(0)

    def _grow(self, place: int) -> object:
        whole = True
        while len(self._lines) < self._form.max or place < len(self._lines):
            try:
                typed = self._talk.fitting(self._prompt(place, whole=whole), partial(self._take, place))
            except Left as left:
                if not isinstance(left.reply, Back) or place == 0:
                    raise
                place -= 1
                continue
            whole = False
            if typed is None and place >= len(self._lines):
                break
            self._put(place, typed)
            place += 1
        return self._lines if self._lines or self._form.min == 0 else self._posed.on_enter()

    def _prompt(self, place: int, *, whole: bool) -> Prompt:
        if place < len(self._lines):
            return Prompt(f"Line {place + 1}", f"keeps: {self._lines[place]}")
        if place == 0:
            return Prompt(expected(self._posed.question, 0), self._posed.enter_words(), whole)
        return Prompt(f"Line {place + 1}", self._ending(), whole)

    def _ending(self) -> str:
        return "ends the list" if len(self._lines) >= self._form.min else ""

    def _take(self, place: int, typed: str) -> str | None:
        line = typed.strip()
        if line in ENDS:
            self._check_end(place)
            return None
        if line in [each for number, each in enumerate(self._lines) if number != place]:
            raise Refused(Problem("twice", "That line is there already.", "Say it once."))
        return line

    def _check_end(self, place: int) -> None:
        if place >= len(self._lines):
            if self._lines or self._form.min == 0:
                self._check_number()
            else:
                self._posed.on_enter()

    def _check_number(self) -> None:
        if len(self._lines) < self._form.min:
            message = f"At least {self._form.min} are needed: there {'is' if len(self._lines) == 1 else 'are'} {len(self._lines)}."
            raise Refused(Problem("too-few", message, "Add what is missing, or type :skip to put it off."))

    def _put(self, place: int, line: str | None) -> None:
        if line is not None:
            self._lines[place : place + 1] = [line]

    def _menu(self) -> Menu:
        return Menu(lambda: self._lines, self._change, self._check_number, self._add, self._lines.__delitem__)

    def _change(self, place: int) -> None:
        self._put(place, self._talk.fitting(self._prompt(place, whole=False), lambda line: self._take(place, line)))

    def _add(self) -> None:
        place = len(self._lines)
        if place >= self._form.max:
            raise Refused(Problem("too-many", f"At most {self._form.max} fit.", "Remove one first."))
        line = self._talk.fitting(
            Prompt("The new line", "adds none"), lambda typed: self._take(place, typed) if typed.strip() else None
        )
        self._put(place, line)
