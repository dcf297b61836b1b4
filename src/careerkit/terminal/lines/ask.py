"""Ask for an answer on one line, or part by part, and let the parts of an answer be edited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from careerkit.coaching.screen import Back
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.text import abbreviate, is_blank, to_ascii_width
from careerkit.terminal.lines.dialog import AskAgain, Dialog, LeaveQuestion
from careerkit.terminal.lines.parse_answer import filter_choices
from careerkit.terminal.view_models import Option, OptionList, Prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from careerkit.terminal.questions.prepared_question import PreparedQuestion


Manner = Literal["question", "part", "again"]
"""A question, a part of one, or a question whose answer was just refused, so that it needn't be explained again."""
EditAction = Literal["keep", "add", "change", "remove"]


def create_prompt(prepared: PreparedQuestion, expected: str, manner: Manner) -> Prompt:
    """The prompt; `expected` says what a person may type."""
    if manner == "again":
        expected = ""
    return Prompt(expected, prepared.describe_enter(), lists_commands=manner == "question")


def ask_line(
    dialog: Dialog, prepared: PreparedQuestion, parse: Callable[[str], object], prompt: Prompt, *, validate: bool
) -> object:
    """The raw answer, or None where it is left blank. Asks again while `parse` raises Refused.

    `validate`: also asks again while the answer doesn't fit the question.
    """
    return dialog.ask_until_valid(prompt, lambda line: read_answer(dialog, prepared, parse, line, validate=validate))


def read_answer(
    dialog: Dialog, prepared: PreparedQuestion, parse: Callable[[str], object], line: str, *, validate: bool
) -> object:
    """The raw answer that `line` gives, or None where it is left blank.

    Raises Refused where `line` isn't an answer, and AskAgain after `/word`, which lists the choices that match.
    """
    if is_blank(line):
        return prepared.enter_value()
    if line.startswith(("/", "／")) and prepared.choices:
        _show_matches(dialog, prepared, line[1:])
        raise AskAgain
    raw = parse(line)
    return prepared.validate(raw) if validate else raw


def list_numbered_choices(
    prepared: PreparedQuestion, places: Sequence[int], chosen: frozenset[str] = frozenset()
) -> tuple[OptionList, ...]:
    """The choices at `places`, each with its number among all choices; those in `chosen` are marked."""
    numbered = [(place + 1, prepared.choices[place]) for place in places]
    return (OptionList(tuple(Option(number, each.label, each.hint, each.id in chosen) for number, each in numbered)),)


def ask_parts(
    count: int, *, answered: set[int], ask: Callable[[int], int], is_asked: Callable[[int], bool] = lambda _: True
) -> None:
    """Ask each of `count` parts that isn't `answered` yet, in order. `:back` asks the previous one again.

    `is_asked` says which parts can be gone back to. `ask` asks one part and returns how many it answered: itself and those that follow. Raises LeaveQuestion for a
    command that leaves the question, such as `:back` at the first part.
    """
    while len(answered) < count:
        place = next(each for each in range(count) if each not in answered)
        answered.update(_ask_from(place, ask, is_asked))


@frozen
class EditMenu:
    """The parts of an answer, numbered, to change one, or add or remove one.

    `list_lines` returns the parts as text. `check_kept` raises Refused where they can't be kept as they are. Without `add`
    and `remove`, each part can only be changed.
    """

    list_lines: Callable[[], list[str]]
    change: Callable[[int], None]
    check_kept: Callable[[], None]
    add: Callable[[], None] | None = None
    remove: Callable[[int], None] | None = None

    def run(self, dialog: Dialog, *, lists_commands: bool) -> None:
        """Ask for changes until Enter keeps the parts. Raises LeaveQuestion for a command that leaves the question."""
        while True:
            numbered = enumerate(self.list_lines(), start=1)
            dialog.show(OptionList(tuple(Option(number, line) for number, line in numbered)))
            prompt = Prompt(self._describe_input(), "keeps them" if self.list_lines() else "", lists_commands)
            action, place = dialog.ask_until_valid(prompt, self._parse_action)
            lists_commands = False
            if action == "keep":
                return
            try:
                self._run_action(action, place)
            except LeaveQuestion as left:  # `:back` in a part returns to the menu; in the menu it leaves the question
                if not isinstance(left.reply, Back):
                    raise
            except Refused as refused:
                dialog.show_errors(refused.problems)

    def _describe_input(self) -> str:
        number = "2" if len(self.list_lines()) > 1 else "1"
        if self.add:
            return f"{number} to change one, + to add one, -{number} to remove one"
        return "A number to change that one"

    def _parse_action(self, line: str) -> tuple[EditAction, int]:
        word = to_ascii_width(line).replace(" ", "")
        if not word:
            self.check_kept()
            return "keep", 0
        if word == "+" and self.add:
            return "add", 0
        match = re.fullmatch(r"(-?)(\d{1,3})", word)
        if match and 1 <= int(match[2]) <= len(self.list_lines()) and (self.remove or not match[1]):
            return "remove" if match[1] else "change", int(match[2]) - 1
        hint = f"{self._describe_input()}, Enter to keep them."
        raise Refused(Problem("unknown-deed", f"{abbreviate(line)} can't be used here.", hint))

    def _run_action(self, action: EditAction, place: int) -> None:
        match action:
            case "add" if self.add:
                self.add()
            case "remove" if self.remove:
                self.remove(place)
            case _:
                self.change(place)


def _show_matches(dialog: Dialog, prepared: PreparedQuestion, word: str) -> None:
    places = filter_choices(word, prepared.choices)
    if not places:
        raise Refused(
            Problem("nothing-found", f"No choice contains {abbreviate(word)}.", "Type / to list all choices.")
        )
    dialog.show(*list_numbered_choices(prepared, places))


def _ask_from(place: int, ask: Callable[[int], int], is_asked: Callable[[int], bool]) -> range:
    """Ask the part at `place`, or an earlier one each time the person goes back. Returns the places answered."""
    while True:
        try:
            return range(place, place + ask(place))
        except LeaveQuestion as left:
            if not isinstance(left.reply, Back) or place == 0:
                raise
            earlier = [each for each in range(place) if is_asked(each)]
            if not earlier:
                raise
            place = earlier[-1]
