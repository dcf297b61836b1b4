"""A saved entry, and its plan alone, on standard output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from careerkit.coaching.changes import corrected_since
from careerkit.coaching.reasons import reasons
from careerkit.core.days import date_text
from careerkit.core.journal.corrected import is_corrected
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.people import people_maps
from careerkit.terminal.later_view import answer_pairs, dispute_pieces, note_pieces, now_pieces, standing_pieces
from careerkit.terminal.outcome_view import outcome_pieces, plan_pieces
from careerkit.terminal.pieces import Answers, Aside, Heading, Piece
from careerkit.terminal.safe import gated

if TYPE_CHECKING:
    from careerkit.core.journal.history import History
    from careerkit.core.playbook.model import Playbook
    from careerkit.terminal.look import Look
    from careerkit.terminal.surface import Writer


def painted_entry(
    entry: Entry,
    *,
    history: History,
    playbook: Playbook | None,
    news: Sequence[str] | None,
    look: Look,
    encoding: str,
) -> str:
    """The answers with what was corrected, the notes, then all that followed.

    `playbook`, where it can be had, gives decisions their labels; `news` say what the corrected answers would
    lead to, None where that is not known.
    """
    pieces = _entry_pieces(entry, history, playbook, news)
    return "".join(look.paint(gated(piece, encoding=encoding)) for piece in pieces)


def show_plan(entry: Entry, *, corrected: datetime | None, today: date, look: Look, to: Writer, encoding: str) -> None:
    """Actions and check-ins by date. `corrected`: when answers were, after the plan was given."""
    outcome = entry.outcome
    pieces = plan_pieces(outcome.actions, outcome.checkins, today=today) if outcome else ()
    since = [Aside(corrected_since(corrected)), Aside(_otherwise(entry))] if corrected else []
    _write([Heading(entry.playbook.title), Aside(_about(entry)), *since, *pieces], look, to, encoding)


def _otherwise(entry: Entry) -> str:
    return f"What would be otherwise now: careerkit journal show {entry.handle}"


def _entry_pieces(
    entry: Entry, history: History, playbook: Playbook | None, news: Sequence[str] | None
) -> Iterator[Piece]:
    yield Heading(entry.playbook.title)
    yield Aside(_about(entry))
    yield from standing_pieces(entry, history)
    yield from dispute_pieces(entry, history)
    shown = answer_pairs(entry, history, hidden=False)
    if shown:
        yield Heading("Your answers")
        yield Answers(shown)
    hidden = answer_pairs(entry, history, hidden=True)
    if hidden:
        yield Heading("Kept, though not asked in the end")
        yield Answers(hidden)
    if entry.earlier:
        yield Heading("Said before, to questions that have changed since or are gone")
        yield Answers(tuple((answer.asked, answer.shown) for answer in entry.earlier))
    yield from note_pieces(history)
    if entry.outcome and is_corrected(entry, history):
        yield from now_pieces(entry, news)
    if entry.outcome:
        yield from outcome_pieces(entry.outcome, reasons(entry), playbook=playbook, people=people_maps(entry, playbook))


def _about(entry: Entry) -> str:
    day = date_text(entry.started.date())
    return f"{entry.handle}, {day}" + ("" if entry.finished else f", unfinished: careerkit resume {entry.handle}")


def _write(pieces: Iterable[Piece], look: Look, to: Writer, encoding: str) -> None:
    for piece in pieces:
        to.write(look.paint(gated(piece, encoding=encoding)))
