"""A saved entry, and its plan alone, on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from careerkit.coaching.reasons import reasons
from careerkit.core.days import date_text
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.people import people_maps
from careerkit.terminal.outcome_view import outcome_pieces, plan_pieces
from careerkit.terminal.pieces import Answers, Aside, Heading, Piece
from careerkit.terminal.safe import gated

if TYPE_CHECKING:
    from careerkit.core.playbook.model import Playbook
    from careerkit.terminal.look import Look
    from careerkit.terminal.surface import Writer


def show_entry(entry: Entry, *, playbook: Playbook | None, look: Look, to: Writer, encoding: str) -> None:
    """The answers, then all that followed. `playbook`, where it can be had, gives decisions their labels."""
    _write(_entry_pieces(entry, playbook), look, to, encoding)


def show_plan(entry: Entry, *, today: date, look: Look, to: Writer, encoding: str) -> None:
    """Actions and check-ins by date."""
    outcome = entry.outcome
    pieces = plan_pieces(outcome.actions, outcome.checkins, today=today) if outcome else ()
    _write([Heading(entry.playbook.title), Aside(_about(entry)), *pieces], look, to, encoding)


def _entry_pieces(entry: Entry, playbook: Playbook | None) -> Iterator[Piece]:
    yield Heading(entry.playbook.title)
    yield Aside(_about(entry))
    shown = tuple((answer.asked, answer.shown) for answer in entry.answers if not answer.hidden)
    if shown:
        yield Heading("Your answers")
        yield Answers(shown)
    hidden = tuple((answer.asked, answer.shown) for answer in entry.answers if answer.hidden)
    if hidden:
        yield Heading("Kept, though not asked in the end")
        yield Answers(hidden)
    if entry.earlier:
        yield Heading("Said before, to questions that have changed since or are gone")
        yield Answers(tuple((answer.asked, answer.shown) for answer in entry.earlier))
    if entry.outcome:
        yield from outcome_pieces(entry.outcome, reasons(entry), playbook=playbook, people=people_maps(entry, playbook))


def _about(entry: Entry) -> str:
    day = date_text(entry.started.date())
    return f"{entry.handle}, {day}" + ("" if entry.finished else f", unfinished: careerkit resume {entry.handle}")


def _write(pieces: Iterable[Piece], look: Look, to: Writer, encoding: str) -> None:
    for piece in pieces:
        to.write(look.paint(gated(piece, encoding=encoding)))
