"""What stays in the scrollback between the questions, painted without waiting for anything to be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.terminal.keys.paper import ansi, side_by_side
from careerkit.terminal.pieces import Answered, Note, Piece, PutOff, Remark, StageHead, Trouble
from careerkit.terminal.width import cells

if TYPE_CHECKING:
    from careerkit.terminal.keys.frame import Sheet
    from careerkit.terminal.keys.paper import Row


def scrolled(piece: Piece, sheet: Sheet, *, color: bool) -> str | None:
    """The piece as it is written; None where the rich look has to paint it."""
    rows = _rows(piece, sheet)
    return None if rows is None else ansi(rows, color=color)


def _rows(piece: Piece, sheet: Sheet) -> list[Row] | None:
    paper = sheet.paper
    match piece:
        case StageHead(title, intro):
            return sheet.gutter([(), *paper.prose(title, "bold"), *paper.prose(intro, "italic")]) if intro else []
        case Note(heading, text):
            return sheet.gutter([(), *paper.prose(heading, "bold"), *paper.prose(text)])
        case Remark(text):
            return sheet.gutter(paper.prose(text, "italic"))
        case Trouble(message, hint):
            return sheet.gutter(paper.prose(f"{message} {hint}".strip(), first=(("bold red", "! "),)))
        case Answered(ask, shown):
            return [_answered(sheet, sheet.lead(sheet.symbols.done, "green"), ask, shown)]
        case PutOff(ask):
            return [_answered(sheet, sheet.lead(sheet.symbols.put_off), ask, piece.words)]
    return None


def _answered(sheet: Sheet, lead: Row, ask: str, shown: str) -> Row:
    """The question on one line: what was asked, and beside it what was answered."""
    room = sheet.width - sum(cells(part) for _, part in lead) - 4
    ask, gap, shown = side_by_side(sheet.paper, ask, shown, room)
    return (*lead, ("dim", ask), ("", gap), ("", shown))
