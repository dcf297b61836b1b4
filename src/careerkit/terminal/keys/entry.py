"""What is typed: a text of one line or several, a number with its unit, a date with its weekday."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.days import date_text
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import DateForm, NumberForm, ScaleForm, TextForm
from careerkit.core.problem import Problem, Refused
from careerkit.core.wording import number_text, one_line
from careerkit.terminal.expected import expected
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.line import Line, line_of
from careerkit.terminal.keys.paper import Body, Paper
from careerkit.terminal.posed import Posed
from careerkit.terminal.typed import read_typed

if TYPE_CHECKING:
    from decimal import Decimal

    from careerkit.core.value import Value

SHOWN = 3
"""So many suggestions at most."""
FIGURE = 200
"""Characters that a number or a date may have at most."""
EMPTY = "Answer it as well as you can, or press Ctrl-O to put it off."


@frozen
class Entry:
    """An answer that is written. What was answered before stands there to be changed; what is offered, only as a word."""

    posed: Posed
    line: Line

    @property
    def takes_text(self) -> bool:
        return True

    @property
    def foot(self) -> tuple[str, ...]:
        if self.line.several:
            return "Alt-Enter hand in", "Enter new line", "Ctrl-X Ctrl-E editor"
        return ("Enter hand in",)

    def press(self, press: Press) -> Entry | Given | Skip | None:
        if press is Key.SUBMIT or (press is Key.ENTER and not self.line.several):
            return self._submit()
        if press is Key.ESCAPE and not self.line.text and self.posed.kept is not None:
            return entry_of(replace(self.posed, begun=None))
        if press is Key.RIGHT and self.line.cursor == len(self.line.text) and self._fitting:
            return replace(self, line=line_of(self._fitting[0], most=self.line.most))
        line = self.line.press(press)
        return None if line is None else replace(self, line=line)

    def body(self, paper: Paper) -> Body:
        shown = paper.typed(self.line.text, self.line.cursor, first=(("bold cyan", f"{paper.symbols.prompt} "),))
        notes = paper.prose(self._note(), "dim", first=(("", "  "),)) if self._note() else []
        return Body((*shown.rows, *notes), shown.cursor)

    def so_far(self) -> Value | None:
        if not isinstance(self.posed.question.form, TextForm) or not self.line.text.strip():
            return None
        return self.line.text if self.line.text != self.posed.kept else None

    def written(self) -> str:
        return "" if "\n" in self.line.text else self.line.text

    def with_written(self, text: str) -> Entry:
        return replace(self, line=line_of(text, several=self.line.several, most=self.line.most))

    def text(self) -> str | None:
        return self.line.text if isinstance(self.posed.question.form, TextForm) else None

    def with_text(self, text: str) -> Entry:
        return self.with_written(text if self.line.several else one_line(text))

    @property
    def _fitting(self) -> tuple[str, ...]:
        """What was written here before and goes on from what is typed now."""
        begun = self.line.text.casefold()
        known = self.posed.suggestions.get(self.posed.question.id, ())
        return tuple(each for each in known if each.casefold().startswith(begun) and each != self.line.text)

    def _submit(self) -> Given | Skip:
        if not self.line.text.strip():
            return self._on_nothing()
        return Given(self.posed.check(self._read()))

    def _on_nothing(self) -> Given | Skip:
        if self.posed.kept is not None:
            hint = "Esc brings back what you had; Ctrl-O leaves it as it was."
            raise Refused(Problem("empty", "There is nothing in this answer.", hint))
        if self.posed.offered is not None:
            return Given(self.posed.offered)
        if self.posed.question.required:
            raise Refused(Problem("empty", "There is nothing in this answer.", EMPTY))
        return Skip()

    def _read(self) -> object:
        return read_typed(self.posed.question, self.line.text, choices=self.posed.choices, today=self.posed.today)

    def _note(self) -> str:
        """What is told below the line while it is typed."""
        if self._fitting:
            return f"Right takes what you wrote before: {', '.join(self._fitting[:SHOWN])}"
        if not self.line.text.strip():
            words = self._on_enter_words()
            fits = "" if isinstance(self.posed.question.form, TextForm) else expected(self.posed.question, 0)
            return ". ".join(each for each in (fits, words) if each)
        match self.posed.question.form:
            case TextForm(max=most):
                left = most - len(self.line.text)
                if left < 0:
                    return f"{-left:,} characters too many"
                return f"{left:,} characters left" if left < max(20, most // 10) else ""
            case NumberForm() | DateForm() | ScaleForm():
                return self._meaning()
        return ""

    def _meaning(self) -> str:
        try:
            value = self.posed.check(self._read())
        except Refused as refused:
            problem = refused.problems[0]
            return f"{problem.message} {problem.hint}" if problem.code != "not-a-date" else ""
        if isinstance(value, date):
            return date_text(value)
        unit = getattr(self.posed.question.form, "unit", "")
        return f"{number_text(cast('Decimal', value))} {unit}" if unit else ""

    def _on_enter_words(self) -> str:
        if self.posed.kept is not None:
            return "Esc brings back what you had"
        if self.posed.offered is not None:
            return f"Enter takes: {self.posed.words(self.posed.offered)}"
        return "" if self.posed.question.required else "Enter alone leaves it out"


def entry_of(posed: Posed) -> Entry:
    """The widget with what was answered before."""
    text = _written(posed.there)
    match posed.question.form:
        case TextForm(long=long, max=most):
            return Entry(posed, line_of(text, several=long, most=most))
    return Entry(posed, line_of(text, most=FIGURE))


def _written(value: Value | None) -> str:
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case str():
            return value
    return f"{value:f}"
