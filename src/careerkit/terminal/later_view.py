"""What happened to an entry later, beside what it was: notes, corrections with the first answer, contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from careerkit.coaching.changes import UNMOVED
from careerkit.core.days import date_text, moment_text
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.journal.event import Event
from careerkit.core.journal.history import History
from careerkit.terminal.pieces import Answers, Aside, Body, Heading, Piece

DISAGREE = "Two machines say different things."
TAKEN_AWAY = "no answer"


def standing_pieces(entry: Entry, history: History) -> Iterator[Piece]:
    """Tags, and that it was removed."""
    if history.tags:
        yield Aside(" ".join(f"#{tag}" for tag in history.tags))
    if history.removed:
        yield Aside(f"Removed. Bring it back with: careerkit journal restore {entry.handle}")


def answer_pairs(entry: Entry, history: History, *, hidden: bool) -> tuple[tuple[str, str], ...]:
    """The questions with their answers, corrected ones with what was answered first."""
    pairs = [(answer.asked, _answer(answer, history)) for answer in entry.answers if answer.hidden == hidden]
    if not hidden:
        first = {answer.question for answer in entry.answers}
        pairs += [
            (sides[0].asked or name, _corrected(sides, ""))
            for name, sides in history.corrections.items()
            if name not in first
        ]
    return tuple(pairs)


def note_pieces(history: History) -> Iterator[Piece]:
    if history.notes:
        yield Heading("Your notes")
        numbered = enumerate(history.notes, start=1)
        yield Answers(tuple((f"{number}. {moment_text(event.at)}", str(event.value)) for number, event in numbered))


def now_pieces(entry: Entry, news: Sequence[str] | None) -> Iterator[Piece]:
    """That what was given stays, and what would be otherwise; None where that can't be told without the playbook."""
    given = date_text(entry.outcome.given) if entry.outcome else ""
    yield Heading("After your corrections")
    stays = f"What follows was given on {given} and stays as it was."
    if news is None:
        yield Body(f"{stays} What the corrected answers would lead to can't be told without the playbook.")
    elif tuple(news) == (UNMOVED,):
        yield Body(f"{stays} The corrected answers would lead to the same.")
    else:
        lines = "\n".join(f"- {each}" for each in news)
        yield Body(f"{stays} The corrected answers would lead to this instead:\n\n{lines}")


def dispute_pieces(entry: Entry, history: History) -> Iterator[Piece]:
    """Both sides of what two machines say differently about tags and removal; of answers that stands beside them."""
    others = [sides for sides in history.disputed if sides[0].kind != "correction"]
    if history.disputed:
        yield Heading(DISAGREE.rstrip("."))
    if others:
        yield Answers(tuple((_thing(sides[0]), _sides(sides)) for sides in others))
        yield Aside("Give that command once more, either way, and it is settled.")
    if len(others) < len(history.disputed):
        yield Aside(f"Both sides of an answer stand below. This settles it: careerkit journal edit {entry.handle}")


def _answer(answer: Answer, history: History) -> str:
    sides = history.corrections.get(answer.question, ())
    if not sides or (len(sides) == 1 and sides[0].value == answer.value):
        return answer.shown
    return _corrected(sides, answer.shown)


def _corrected(sides: tuple[Event, ...], first: str) -> str:
    given = f"First answered: {first}" if first else "Not answered at first."
    if any(each.value != sides[0].value for each in sides):
        return f"{_sides(sides)}\n{DISAGREE} {given}"
    return f"{_words(sides[0])}\nCorrected on {date_text(sides[0].at)}. {given}"


def _sides(sides: tuple[Event, ...]) -> str:
    return "\n".join(f"{_words(each)} (machine {each.machine[:4]}, {moment_text(each.at)})" for each in sides)


def _thing(event: Event) -> str:
    named = {"tag": f"The tag #{event.about}", "removal": "Removed", "note": "A note"}
    return named.get(event.kind, f"{event.kind} {event.about}")


def _words(event: Event) -> str:
    match event.value:
        case None:
            return "removed" if event.kind == "note" else TAKEN_AWAY
        case bool():
            return "yes" if event.value else "no"
        case str():
            return event.shown or event.value
    return event.shown
