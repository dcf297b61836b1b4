"""The review in line mode: all answers by stage and the figures, each with the number that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerkit.coaching.screen import Back, ChooseBand, GoTo, OpenReview, Review, ReviewFigure, ReviewReply, Stop
from careerkit.core.errors import Problem, Refused
from careerkit.core.text import abbreviate
from careerkit.terminal.lines.dialog import LeaveQuestion
from careerkit.terminal.outcome_view import DEFAULT_THRESHOLD_LABEL, OVERRIDDEN_THRESHOLD_LABEL
from careerkit.terminal.view_models import Figure, InfoMessage, Option, OptionList, PartHeader, Prompt, ViewModel

if TYPE_CHECKING:
    from careerkit.terminal.lines.dialog import Dialog


BAND_HINT = "The threshold is our rule of thumb. Choose another band if you see it differently."
AS_CALCULATED = "As calculated"


def format_missing_answer(review: Review) -> str:
    """The words for a question without an answer."""
    return "left blank" if review.at_end or review.is_finished else "not answered yet"


def ask_review(dialog: Dialog, review: Review) -> ReviewReply:
    """What the person wants to open, or None if they continue. Raises LeaveQuestion for a command that leaves the review."""
    prompt = Prompt("A number to open that answer", "finishes" if review.is_finished else "continues the interview")
    return _ask(dialog, review, prompt, lists=True)


def ask_last_review(dialog: Dialog, review: Review) -> ReviewReply:
    """The review before the end. If there is news, it shows only that, and `:review` lists the answers."""
    stop = ":save to save and stop" if dialog.saves else "Ctrl-C to stop"
    prompt = Prompt(f"A number to change that answer, :review to list them, {stop}", "finishes")
    dialog.show(PartHeader("Before you finish", starts_group=True), *(InfoMessage(line) for line in review.news))
    if not review.news:
        dialog.show(PartHeader("That was the last question. Here are your answers; nothing is final yet"))
    lists = not review.news
    while True:
        try:
            return _ask(dialog, review, prompt, lists=lists)
        except LeaveQuestion as left:
            match left.reply:
                case OpenReview():
                    lists = True
                case Back() | Stop():
                    return left.reply
                case _:
                    dialog.show_errors(
                        (Problem("nothing-asked", "There is no question here.", "Press Enter to finish."),)
                    )
                    lists = False


def build_review_view(review: Review) -> list[ViewModel]:
    """The numbered answers, stage by stage, then the figures, with a number where the band can be changed."""
    pieces: list[ViewModel] = []
    for stage in dict.fromkeys(line.stage for line in review.lines):
        pieces.append(PartHeader(stage, starts_group=True))
        numbered = enumerate(review.lines, start=1)
        pieces.append(
            OptionList(
                tuple(
                    Option(number, line.ask, line.shown or format_missing_answer(review))
                    for number, line in numbered
                    if line.stage == stage
                )
            )
        )
    if review.figures:
        pieces.append(PartHeader("Figures", starts_group=True))
    number = len(review.lines)
    for figure in review.figures:
        number += bool(figure.bands)
        label = OVERRIDDEN_THRESHOLD_LABEL if figure.overridden else DEFAULT_THRESHOLD_LABEL
        pieces.append(
            Figure(
                figure.label,
                figure.shown,
                figure.arithmetic if figure.arithmetic != figure.shown else "",
                figure.band_label,
                label if figure.bands else "",
                number if figure.bands else 0,
            )
        )
    return pieces


def _ask(dialog: Dialog, review: Review, prompt: Prompt, *, lists: bool) -> GoTo | ChooseBand | None:
    banded = [figure for figure in review.figures if figure.bands]
    while True:
        if lists:
            dialog.show(*build_review_view(review))
        number = dialog.ask_until_valid(prompt, lambda line: _parse_number(line, len(review.lines) + len(banded)))
        if number == 0:
            return None
        if number <= len(review.lines):
            return GoTo(review.lines[number - 1].question_id)
        chosen = _choose_band(dialog, banded[number - len(review.lines) - 1])
        if chosen:
            return chosen


def _choose_band(dialog: Dialog, figure: ReviewFigure) -> ChooseBand | None:
    dialog.show(
        PartHeader(
            figure.label,
            BAND_HINT,
            starts_group=True,
        ),
        OptionList(
            (
                *(
                    Option(number, band.label, is_selected=band.label == figure.band_label)
                    for number, band in enumerate(figure.bands, start=1)
                ),
                Option(len(figure.bands) + 1, AS_CALCULATED),
            )
        ),
    )
    prompt = Prompt(f"A number from 1 to {len(figure.bands) + 1}", "changes nothing")
    number = dialog.ask_until_valid(prompt, lambda line: _parse_number(line, len(figure.bands) + 1))
    if number == 0:
        return None
    return ChooseBand(figure.compute_id, figure.bands[number - 1].id if number <= len(figure.bands) else None)


def _parse_number(line: str, count: int) -> int:
    word = line.strip()
    if not word:
        return 0
    if word.isdecimal() and len(word) <= 4 and 1 <= int(word) <= count:
        return int(word)
    raise Refused(
        Problem("unknown-choice", f"There is no number {abbreviate(word)} here.", f"Type 1 to {count}, or press Enter.")
    )
