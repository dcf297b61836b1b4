"""What is there already, numbered: to keep, change, add to or take from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from careerkit.coaching.screen import Back
from careerkit.core.frozen import frozen
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted
from careerkit.terminal.pieces import Option, Options, Prompt
from careerkit.terminal.talk import Left, Talk

if TYPE_CHECKING:
    from collections.abc import Callable

Deed = Literal["keep", "add", "change", "remove"]


@frozen
class Menu:
    """`lines` is how each reads at this moment. Without `add` and `remove` each can only be changed.

    `keep` refuses what can't stay as it is.
    """

    lines: Callable[[], list[str]]
    change: Callable[[int], None]
    keep: Callable[[], None]
    add: Callable[[], None] | None = None
    remove: Callable[[int], None] | None = None

    def run(self, talk: Talk, *, whole: bool) -> None:
        """Until Enter keeps what is there."""
        while True:
            talk.show(Options(tuple(Option(number, line) for number, line in enumerate(self.lines(), start=1))))
            deed, place = talk.fitting(Prompt(self._expects(), "keeps them" if self.lines() else "", whole), self._deed)
            whole = False
            if deed == "keep":
                return
            try:
                self._do(deed, place)
            except Left as left:  # from a part, `:back` leads here; from here, it leaves the question
                if not isinstance(left.reply, Back):
                    raise
            except Refused as refused:
                talk.complain(refused.problems)

    def _expects(self) -> str:
        number = "2" if len(self.lines()) > 1 else "1"
        return f"{number} changes one, + adds one, -{number} removes one" if self.add else "A number changes that one"

    def _deed(self, line: str) -> tuple[Deed, int]:
        word = line.replace(" ", "")
        if not word:
            self.keep()
            return "keep", 0
        if word == "+" and self.add:
            return "add", 0
        match = re.fullmatch(r"(-?)(\d{1,3})", word)
        if match and 1 <= int(match[2]) <= len(self.lines()) and (self.remove or not match[1]):
            return "remove" if match[1] else "change", int(match[2]) - 1
        raise Refused(
            Problem("unknown-deed", f"{quoted(line)} does nothing here.", f"{self._expects()}; Enter keeps them.")
        )

    def _do(self, deed: Deed, place: int) -> None:
        match deed:
            case "add" if self.add:
                self.add()
            case "remove" if self.remove:
                self.remove(place)
            case _:
                self.change(place)
