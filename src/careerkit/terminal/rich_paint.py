"""How the pieces of the conversation are painted in the rich look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from careerkit.terminal.layout import Page
from careerkit.terminal.opening import ROOMY
from careerkit.terminal.pieces import (
    Answered,
    Help,
    Note,
    Option,
    Options,
    PartHead,
    Piece,
    Prompt,
    PutOff,
    QuestionHead,
    Remark,
    StageHead,
    Trouble,
    Why,
)
from careerkit.terminal.rich_outcome import OutcomePainter

if TYPE_CHECKING:
    from careerkit.terminal.stand_ins import Symbols

COMMANDS = ":back", ":why", ":skip", ":review", ":help", "Ctrl-C stops, all is saved"
FEW_COMMANDS = ":help lists the commands"
MOST_DOTS = 12


class Painter:
    """Paints on a page of one width."""

    def __init__(self, columns: int, *, color: bool, symbols: Symbols) -> None:
        self.page = Page(columns, color=color, cut=symbols.cut)
        self._symbols = symbols
        self._margin = "  " if columns >= ROOMY else ""
        self._outcome = OutcomePainter(self.page, symbols, margin=self._margin)
        self._above = ""

    def paint(self, piece: Piece) -> str:
        if isinstance(piece, Prompt) and piece.goes_on:
            return self._gutter("  ").plain
        if isinstance(piece, Prompt):
            return self._write(self._foot(piece)) + self._lead(self._symbols.end, f"{self._symbols.prompt} ").plain
        return self._write(self._lines(piece))

    def _write(self, lines: list[Text]) -> str:
        """Written, but for a first line that would repeat the gap above it."""
        if lines and self._is_gap(lines[0]) and lines[0].plain == self._above:
            lines = lines[1:]
        if lines:
            self._above = lines[-1].plain
        return self.page.write(lines)

    def _is_gap(self, line: Text) -> bool:
        return line.plain.strip() in ("", self._symbols.gutter)

    def _lines(self, piece: Piece) -> list[Text]:
        match piece:
            case StageHead(title, intro):
                return (
                    [self._bar(), *self._body(title, "bold"), *self._body(intro, "italic"), self._bar()]
                    if intro
                    else []
                )
            case Note(heading, text):
                return [self._bar(), *self._body(heading, "bold"), *self._body(text), self._bar()]
            case QuestionHead():
                return self._question(piece)
            case PartHead(text, hint, opens):
                opening = [self._bar()] if opens else []
                return [*opening, *self._body(text, "bold" if opens else ""), *self._body(hint, "dim")]
            case Options(options):
                return [line for option in options for line in self._option(option, options)]
            case Answered(ask, shown):
                return [self._answered(self._symbols.done, "green", ask, shown)]
            case PutOff(ask):
                return [self._answered(self._symbols.put_off, "dim", ask, piece.words)]
            case Trouble(message, hint):
                return self.page.wrapped(
                    f"{message} {hint}".strip(), "", first=self._gutter(("! ", "bold red")), rest=self._gutter("  ")
                )
            case Remark(text):
                return self._body(text, "italic")
            case Why():
                return self._why(piece)
            case Help(rows):
                return [self._bar(), *(line for row in rows for line in self._row(*row))]
        return self._outcome.lines(piece)

    # ------------------------------------------------------------ a question

    def _question(self, head: QuestionHead) -> list[Text]:
        if head.again:
            return []
        hint = self._body(head.hint, "dim")
        complaint = self._body(head.complaint, "yellow")
        return [self._bar(), self._place(head), *self._body(head.ask, "bold"), *hint, *complaint, self._bar()]

    def _place(self, head: QuestionHead) -> Text:
        """`◆ First hour                2 of 5 ●●○○○`."""
        place = f"{head.number} of {head.of}" if head.number else ""
        if head.number and head.of <= MOST_DOTS and self.page.columns >= ROOMY:
            place += f" {self._symbols.full * head.number}{self._symbols.empty * (head.of - head.number)}"
        lead = self._lead(self._symbols.here, "", "bold cyan")
        stage = self.page.shortened(head.stage, self.page.columns - lead.cell_len - cell_len(place) - 3)
        gap = self.page.columns - lead.cell_len - cell_len(stage) - cell_len(place) - 1
        return Text.assemble(lead, (stage, "cyan"), " " * gap, (place, "dim"))

    def _option(self, option: Option, among: tuple[Option, ...]) -> list[Text]:
        width = max(len(_numbered(each)) for each in among)
        mark = f"{self._symbols.prompt} " if option.marked else "  "
        number = f"{_numbered(option):>{width}}"
        first = self._gutter(mark, (number, "bold cyan"), "  ")
        rest = self._gutter(" " * (first.cell_len - self._gutter().cell_len))
        label = self.page.wrapped(option.label, "", first=first, rest=rest)
        return label + (self.page.wrapped(option.hint, "dim", first=rest, rest=rest) if option.hint else [])

    def _foot(self, prompt: Prompt) -> list[Text]:
        enter = f"Enter {self.page.shortened(prompt.enter, self.page.columns - 16)}" if prompt.enter else ""
        dot = f" {self._symbols.dot} "
        lines = self._body(dot.join(part for part in (prompt.expects, enter) if part), "dim")
        if not prompt.whole:
            return lines
        commands = dot.join(COMMANDS) if self.page.columns >= ROOMY else FEW_COMMANDS
        return [self._bar(), *lines, *self._body(commands, "dim")]

    def _answered(self, sign: str, style: str, ask: str, shown: str) -> Text:
        """The question on one line: what was asked, and beside it what was answered."""
        lead = self._lead(sign, "", style)
        room = self.page.columns - lead.cell_len - 4
        shown = self.page.shortened(shown, max(room // 2, room - cell_len(ask)))
        ask = self.page.shortened(ask, room - cell_len(shown))
        gap = max(3, room // 2 + 3 - cell_len(ask)) if cell_len(shown) <= room // 2 else 3
        return Text.assemble(lead, (ask, "dim"), " " * gap, shown)

    # ------------------------------------------------------------ on request

    def _why(self, why: Why) -> list[Text]:
        if not why.text and not why.sources:
            return self._body("No reason is given for this question.", "italic")
        return [*self._body(why.text, "italic"), *(line for each in why.sources for line in self._body(each, "dim"))]

    def _row(self, name: str, meaning: str) -> list[Text]:
        return self.page.wrapped(meaning, "", first=self._gutter((f"{name:<10}", "bold")), rest=self._gutter(" " * 10))

    # ------------------------------------------------------------ the gutter

    def _lead(self, sign: str, after: str = "", style: str = "dim") -> Text:
        return Text.assemble(self._margin, (sign, style), " ", after)

    def _gutter(self, *after: str | tuple[str, str]) -> Text:
        return Text.assemble(self._lead(self._symbols.gutter), *after)

    def _bar(self) -> Text:
        return self._lead(self._symbols.gutter)

    def _body(self, text: str, style: str = "") -> list[Text]:
        return self.page.wrapped(text, style, first=self._gutter(), rest=self._gutter()) if text else []


def _numbered(option: Option) -> str:
    return "" if option.number is None else str(option.number)
