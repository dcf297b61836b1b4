"""The review: all answers by stage and the figures that follow, each to be opened by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.screen import AskForReview, Back, ChooseBand, GoTo, Review, ReviewFigure, ReviewReply, Stop
from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted
from careerkit.terminal.outcome_view import OURS, THEIRS
from careerkit.terminal.pieces import Figure, Option, Options, PartHead, Piece, Prompt, Remark
from careerkit.terminal.talk import Left

if TYPE_CHECKING:
    from careerkit.terminal.talk import Talk


def without_answer(review: Review) -> str:
    """How a question that has no answer reads in a review."""
    return "left out" if review.at_end or review.is_finished else "not answered yet"


def talk_review(talk: Talk, review: Review) -> ReviewReply:
    """What the person wants to look at, or None where they go on."""
    prompt = Prompt("A number, to look at that answer", "ends" if review.is_finished else "goes on with the interview")
    return _talk(talk, review, prompt, lists=True)


def talk_last_review(talk: Talk, review: Review) -> ReviewReply:
    """The review before the end. Where there are news, only they are said, and `:review` lists the answers again."""
    prompt = Prompt("A number changes that answer; :review lists them, :save stops here", "goes to the end")
    talk.show(PartHead("Before the end", opens=True), *(Remark(line) for line in review.news))
    if not review.news:
        talk.show(PartHead("Nothing more is asked. These are your answers, and nothing is final yet"))
    lists = not review.news
    while True:
        try:
            return _talk(talk, review, prompt, lists=lists)
        except Left as left:
            match left.reply:
                case AskForReview():
                    lists = True
                case Back() | Stop():
                    return left.reply
                case _:
                    talk.complain((Problem("nothing-asked", "Nothing is asked here.", "Enter goes to the end."),))
                    lists = False


def review_pieces(review: Review) -> list[Piece]:
    """The answers numbered through, stage by stage, then the figures, numbered where a band can be chosen."""
    pieces: list[Piece] = []
    for stage in dict.fromkeys(line.stage for line in review.lines):
        pieces.append(PartHead(stage, opens=True))
        numbered = enumerate(review.lines, start=1)
        pieces.append(
            Options(
                tuple(
                    Option(number, line.ask, line.shown or without_answer(review))
                    for number, line in numbered
                    if line.stage == stage
                )
            )
        )
    if review.figures:
        pieces.append(PartHead("Figures", opens=True))
    number = len(review.lines)
    for figure in review.figures:
        number += bool(figure.bands)
        origin = (THEIRS if figure.overridden else OURS) if figure.bands else ""
        arithmetic = figure.arithmetic if figure.arithmetic != figure.shown else ""
        pieces.append(
            Figure(figure.label, figure.shown, arithmetic, figure.band_label, origin, number if figure.bands else 0)
        )
    return pieces


def _talk(talk: Talk, review: Review, prompt: Prompt, *, lists: bool) -> GoTo | ChooseBand | None:
    banded = [figure for figure in review.figures if figure.bands]
    while True:
        if lists:
            talk.show(*review_pieces(review))
        number = talk.fitting(prompt, lambda line: _number(line, len(review.lines) + len(banded)))
        if number == 0:
            return None
        if number <= len(review.lines):
            return GoTo(review.lines[number - 1].question_id)
        chosen = _choose_band(talk, banded[number - len(review.lines) - 1])
        if chosen:
            return chosen


def _choose_band(talk: Talk, figure: ReviewFigure) -> ChooseBand | None:
    talk.show(
        PartHead(
            figure.label, "The threshold is our rule of thumb; your own judgement may stand in its place.", opens=True
        ),
        Options(
            (
                *(
                    Option(number, band.label, marked=band.label == figure.band_label)
                    for number, band in enumerate(figure.bands, start=1)
                ),
                Option(len(figure.bands) + 1, "As worked out"),
            )
        ),
    )
    prompt = Prompt(f"A number from 1 to {len(figure.bands) + 1}", "changes nothing")
    number = talk.fitting(prompt, lambda line: _number(line, len(figure.bands) + 1))
    if number == 0:
        return None
    return ChooseBand(figure.compute_id, figure.bands[number - 1].id if number <= len(figure.bands) else None)


def _number(line: str, most: int) -> int:
    word = line.strip()
    if not word:
        return 0
    if word.isdecimal() and len(word) <= 4 and 1 <= int(word) <= most:
        return int(word)
    raise Refused(
        Problem("unknown-choice", f"There is no number {quoted(word)} here.", f"Type one from 1 to {most}, or Enter.")
    )
