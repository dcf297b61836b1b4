"""How the pieces of an outcome are painted in the rich look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from careerkit.core.within_sentence import within_sentence
from careerkit.terminal.look import LEVELS
from careerkit.terminal.pieces import (
    Answers,
    Aside,
    Bars,
    Body,
    DraftText,
    Figure,
    Grounds,
    Heading,
    People,
    Piece,
    Plan,
    Points,
    Step,
    Verdict,
)

if TYPE_CHECKING:
    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.playbook.model import Level
    from careerkit.terminal.layout import Page
    from careerkit.terminal.stand_ins import Symbols

TABLE_FROM = 60
BAR, SHORTEST_BAR = 20, 8
LABEL = 24
STYLES: dict[Level, str] = {"stop": "bold red", "care": "bold yellow", "good": "bold green", "info": "bold cyan"}


class OutcomePainter:
    """Paints on `page`, within `margin`."""

    def __init__(self, page: Page, symbols: Symbols, *, margin: str) -> None:
        self._page = page
        self._symbols = symbols
        self._margin = margin

    def lines(self, piece: Piece) -> list[Text]:
        match piece:
            case Heading(text):
                return [Text(), *self._text(text, "bold"), self._rule(), Text()]
            case Verdict(level, title):
                sign: str = getattr(self._symbols, level)
                first = Text.assemble(self._margin, (f"{sign} {LEVELS[level]}: ", STYLES[level]))
                return [Text(), *self._page.wrapped(title, "bold", first=first, rest=Text(f"{self._margin}  "))]
            case Body(text):
                return self._prose(text)
            case Points(heading, lines):
                return [*self._text(heading, "dim", indent=2), *(row for line in lines for row in self._item(line))]
            case Grounds(pairs):
                return self._grounds(pairs)
            case Answers(pairs):
                return [
                    line
                    for ask, shown in pairs
                    for line in [*self._text(ask, "dim", indent=2), *self._text(shown, indent=4)]
                ]
            case Aside(text):
                return self._text(text, "cyan", indent=2)
            case Figure():
                return self._figure(piece)
            case Bars(rows, heading):
                return [*(self._text(heading, "dim", indent=2) if heading else []), *self._bars(rows)]
            case People(picture):
                return self._people(picture)
            case Plan(steps):
                return self._plan(steps)
            case DraftText():
                return self._draft(piece)
        raise TypeError(type(piece).__name__)

    # ------------------------------------------------------------ findings

    def _prose(self, text: str) -> list[Text]:
        lines: list[Text] = []
        for line in text.split("\n"):
            lines += self._item(line[2:]) if line.startswith("- ") else self._text(line, indent=2)
        return lines

    def _item(self, text: str) -> list[Text]:
        return self._page.wrapped(text, first=Text(f"{self._margin}  {self._symbols.dot} "))

    def _grounds(self, pairs: tuple[tuple[str, str], ...]) -> list[Text]:
        lines = self._text("Because you said", "dim", indent=2)
        room = self._page.columns - len(self._margin) - 6
        for ask, shown in pairs:
            answer = f" {self._page.shortened(shown, room)}"
            lines += self._page.wrapped(f"{ask}{answer}", "dim", first=Text(f"{self._margin}  {self._symbols.dot} "))
        return lines

    # ------------------------------------------------------------ figures

    def _figure(self, figure: Figure) -> list[Text]:
        number = f"{figure.number}  " if figure.number else ""
        first = Text.assemble(self._margin, "  ", (number, "bold cyan"), f"{figure.label}: ", (figure.shown, "bold"))
        band = f", {figure.band} ({figure.origin})" if figure.band else ""
        lines = self._page.wrapped(f"{first.plain[len(self._margin) + 2 :]}{band}", first=Text(f"{self._margin}  "))
        return lines + (self._text(figure.arithmetic, "dim", indent=4) if figure.arithmetic else [])

    def _bars(self, rows: tuple[tuple[str, str, int], ...]) -> list[Text]:
        """One row each, or the label above its bar where that would not fit."""
        names = [self._page.shortened(label, LABEL) for label, _, _ in rows]
        width = max(cell_len(name) for name in names)
        room = self._page.columns - len(self._margin) - width - max(cell_len(value) for _, value, _ in rows) - 6
        if room < SHORTEST_BAR:
            return [line for label, value, percent in rows for line in self._tall_bar(label, value, percent)]
        return [
            Text.assemble(
                self._margin,
                "  ",
                name,
                " " * (width - cell_len(name) + 2),
                self._bar(percent, min(BAR, room)),
                f" {value}",
            )
            for name, (_, value, percent) in zip(names, rows, strict=True)
        ]

    def _tall_bar(self, label: str, value: str, percent: int) -> list[Text]:
        bar = Text.assemble(self._margin, "  ", self._bar(percent, BAR))
        return [*self._text(label, indent=2), bar, *self._text(value, indent=2)]

    def _bar(self, percent: int, length: int) -> Text:
        full = round(percent * length / 100)
        return Text.assemble((self._symbols.bar * full, "cyan"), (self._symbols.rest * (length - full), "dim"))

    def _people(self, picture: PeopleMap) -> list[Text]:
        """The grid, where there is room for it, and who is who."""
        from careerkit.core.journal.people import drawn  # the way to the first question does without

        grid = drawn(picture, width=cell_len)
        fits = max(map(cell_len, grid)) <= self._page.columns - len(self._margin) - 2
        lines = [Text(f"{self._margin}  {line}") for line in grid] if fits else []
        for person in picture.people:
            first = Text.assemble(self._margin, "  ", (f"{person.sign:<2} ", "bold cyan"))
            lines += self._page.wrapped(f"{person.name}: {person.words}", first=first)
        return lines

    # ------------------------------------------------------------ plan and drafts

    def _plan(self, steps: tuple[Step, ...]) -> list[Text]:
        if self._page.columns < TABLE_FROM:
            return [line for step in steps for line in [*self._text(step.when, "bold cyan"), *self._deed(step, "  ")]]
        width = max(Text(step.when).cell_len for step in steps)
        lines: list[Text] = []
        for step in steps:
            deed = self._deed(step, " " * (width + 4))
            when = Text.assemble(self._margin, "  ", (step.when, "bold cyan"))
            deed[0] = Text.assemble(when, deed[0][when.cell_len :])
            lines += deed
        return lines

    def _deed(self, step: Step, indent: str) -> list[Text]:
        state = f" ({step.state})" if step.state else ""
        first = Text(f"{self._margin}{indent}")
        details = [("Cue: ", step.cue), ("Done when: ", step.evidence)]
        lines = self._page.wrapped(f"{step.do}{state}", "dim" if step.state else "", first=first)
        for name, detail in details:
            lines += self._page.wrapped(f"{name}{detail}", "dim", first=first) if detail else []
        return lines

    def _draft(self, draft: DraftText) -> list[Text]:
        """No line of the words themselves has anything before it."""
        to = f" (to {within_sentence(draft.to, before='to ')})" if draft.to else ""
        words = self._page.wrapped(draft.text, first=Text())
        return [Text(), *self._text(f"Draft: {draft.title}{to}", "bold"), Text(), *words, Text()]

    # ------------------------------------------------------------ lines

    def _text(self, text: str, style: str = "", *, indent: int = 0) -> list[Text]:
        return self._page.wrapped(text, style, first=Text(f"{self._margin}{' ' * indent}"))

    def _rule(self) -> Text:
        return Text(f"{self._margin}{self._symbols.rule * (self._page.columns - 2 * len(self._margin) - 1)}", "dim")
