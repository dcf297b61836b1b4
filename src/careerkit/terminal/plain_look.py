"""The plain look: one line after the other, no colour, nothing repainted; it reads well aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.core.wording import one_line
from careerkit.terminal.look import LEVELS
from careerkit.terminal.pieces import (
    Answered,
    Answers,
    Aside,
    Bars,
    Body,
    DraftText,
    Figure,
    Grounds,
    Heading,
    Help,
    Note,
    Opening,
    Option,
    Options,
    PartHead,
    People,
    Piece,
    Plan,
    Points,
    Prompt,
    PutOff,
    QuestionHead,
    Remark,
    StageHead,
    Step,
    Trouble,
    Verdict,
    Why,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDS = (".", "!", "?", ":", ";", "…")
LONGEST = 200
"""Of an answer that is only named, no more than this is read out."""


class PlainLook:
    def paint(self, piece: Piece) -> str:
        """Whole lines, whatever the piece: a person's line follows on its own."""
        return "".join(f"{line}\n" for line in _lines(piece))


def sentence(text: str) -> str:
    """`text` on one line, with a full stop where it has no end of its own."""
    line = one_line(text)
    return line if not line or line.rstrip("'\")").endswith(ENDS) else f"{line}."


def _lines(piece: Piece) -> Iterator[str]:
    match piece:
        case Opening(title, minutes, note):
            yield sentence(title)
            yield (f"About {minutes} minutes. " if minutes else "") + "Stays on this machine."
            yield "Type :help for the commands, :back to go back, :save to stop."
            yield from _filled(note)
        case StageHead(title, intro):
            yield ""
            yield f"Stage: {sentence(title)}"
            yield from _filled(intro)
        case Note(heading, text):
            yield ""
            yield sentence(heading)
            yield from _prose(text)
        case QuestionHead():
            yield from _question(piece)
        case PartHead(text, hint, opens):
            if opens:
                yield ""
            yield sentence(text)
            yield from _filled(hint)
        case Options(options):
            yield from (_option(each) for each in options)
        case Prompt(expects, enter):
            words = [sentence(expects), f"Enter {sentence(enter)}" if enter else ""]
            yield from _filled(" ".join(word for word in words if word))
        case Answered(_, shown, echo):
            yield f"Saved: {sentence(_short(shown))}" if echo and shown else "Saved."
        case PutOff():
            yield sentence(piece.words.capitalize())
        case Trouble(message, hint):
            yield " ".join(sentence(each) for each in (message, hint) if each)
        case Remark(text):
            yield one_line(text)
        case Why() | Help():
            yield from _on_request(piece)
        case _:
            yield from _outcome(piece)


def _question(head: QuestionHead) -> Iterator[str]:
    place = f"Question {head.number} of {head.of}" if head.number else head.stage
    if head.again:
        yield f"{place} again: {sentence(head.ask)}"
        return
    yield ""
    yield f"{place}, {sentence(head.stage)}" if head.number else sentence(place)
    yield sentence(head.ask)
    yield from _filled(head.hint)
    yield from _filled(head.complaint)


def _option(option: Option) -> str:
    number = "" if option.number is None else f"{option.number}. "
    chosen = " Chosen before." if option.marked else ""
    hint = f" {sentence(option.hint)}" if option.hint else ""
    return f"{number}{sentence(_short(option.label))}{hint}{chosen}"


def _on_request(piece: Why | Help) -> Iterator[str]:
    match piece:
        case Why(text, sources):
            yield sentence(text) if text or sources else "No reason is given for this question."
            yield from (f"Source: {sentence(each)}" for each in sources)
        case Help(rows):
            yield from (f"{name} {sentence(meaning)}" for name, meaning in rows)


def _outcome(piece: Piece) -> Iterator[str]:
    match piece:
        case Heading(text):
            yield ""
            yield sentence(text)
        case Verdict(level, title):
            yield ""
            yield f"{LEVELS[level]}: {sentence(title)}"
        case Body(text):
            yield from _prose(text)
        case Points(heading, lines):
            yield f"{heading}:"
            yield from (f"- {sentence(each)}" for each in lines)
        case Grounds(pairs):
            yield "Because you said:"
            yield from (f"- {sentence(ask)} {sentence(_short(shown))}" for ask, shown in pairs)
        case Answers(pairs):
            yield from (f"{sentence(ask)} {shown.strip()}" for ask, shown in pairs)
        case Aside(text):
            yield one_line(text)
        case Figure():
            yield _figure(piece)
        case Bars(rows, heading):
            yield from [f"{heading}:"] if heading else []
            yield from (f"{label}{_colon(label)} {sentence(value)}" for label, value, _ in rows)
        case People(picture):
            yield from (f"- {sentence(f'{each.name}: {each.words}')}" for each in picture.people)
        case Plan(steps):
            for number, step in enumerate(steps, start=1):
                yield from _step(number, step)
        case DraftText(title, to, text):
            yield ""
            yield f"Draft: {sentence(title)}" + (f" To: {sentence(to)}" if to else "")
            yield ""
            yield from text.split("\n")
            yield ""


def _figure(figure: Figure) -> str:
    number = f"{figure.number}. " if figure.number else ""
    band = f", {figure.band} ({figure.origin})" if figure.band else ""
    how = f" Worked out: {sentence(figure.arithmetic)}" if figure.arithmetic else ""
    return f"{number}{one_line(figure.label)}{_colon(figure.label)} {sentence(figure.shown + band)}{how}"


def _step(number: int, step: Step) -> Iterator[str]:
    state = f" ({step.state})" if step.state else ""
    yield f"{number}. {step.when}{state}: {sentence(step.do)}"
    if step.cue:
        yield f"Cue: {sentence(step.cue)}"
    if step.evidence:
        yield f"Done when: {sentence(step.evidence)}"


def _colon(label: str) -> str:
    return "" if label.endswith(ENDS) else ":"


def _prose(text: str) -> Iterator[str]:
    yield from (line for line in text.split("\n") if line.strip())


def _filled(text: str) -> Iterator[str]:
    if text:
        yield sentence(text)


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ..."
