"""The review, for keys and line by line: all answers by stage, which can be opened, and the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from careerkit.coaching.ports import Back, ChooseBand, GoTo, OpenReview, Review, ReviewFigure, ReviewReply, Stop, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Band
from careerkit.core.text import abbreviate
from careerkit.terminal.dialog import LeaveQuestion
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.widget import AtomicWidget, Block, Canvas, Row, move_cursor
from careerkit.terminal.outcome_view import DEFAULT_THRESHOLD_LABEL, OVERRIDDEN_THRESHOLD_LABEL
from careerkit.terminal.view_models import Figure, InfoMessage, Option, OptionList, PartHeader, Prompt, ViewModel

if TYPE_CHECKING:
    from careerkit.terminal.dialog import Dialog

BAND_HINT = "The threshold is our rule of thumb. Choose another band if you see it differently."
AS_CALCULATED = "As calculated"

FINISH, SAVE_AND_STOP, STOP = "Finish", "Save and stop", "Stop"


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


@frozen
class ReviewWidget(AtomicWidget):
    """`at` counts the answers, then the figures that have bands, then the actions that a review at the end offers.

    `banding` is the figure whose bands are open, with the cursor at `band`. `saves`: stopping saves the answers.
    """

    review: Review
    at: int = 0
    banding: ReviewFigure | None = None
    band: int = 0
    saves: bool = True

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.banding is not None:
            return "Enter choose", "Esc back to the review"
        if not self.review.at_end:
            return "Enter open", f"Ctrl-R or Esc {'finish' if self.review.is_finished else 'continue the interview'}"
        return ("Enter choose", "Up to your answers") if self.at >= self._count else ("Enter change", "Esc below them")

    def press(self, press: Press) -> ReviewWidget | Submit | None:
        if self.banding is not None:
            return self._press_in_bands(self.banding, press)
        if press is Key.BACK and self.review.at_end:
            return Submit(Back())
        if press in (Key.ESCAPE, Key.REVIEW, Key.BACK, Key.FORWARD, "q"):
            return replace(self, at=self._count) if self.review.at_end else Submit(None)
        if press in (Key.ENTER, Key.SUBMIT):
            return self._open()
        moved = move_cursor(press, self.at, self._count + len(self._actions), letters=True)
        return None if moved is None else replace(self, at=moved)

    def view(self, canvas: Canvas) -> Block:
        if self.banding is not None:
            return self._band_rows(self.banding, canvas)
        rows: list[Row] = []
        cursor, height = (0, 0), 1
        place = 0
        for heading, pairs in self._parts():
            rows += ([()] if rows else []) + canvas.prose(heading, "cyan")
            for ask, shown, more, can_be_opened in pairs:
                here = can_be_opened and place == self.at
                pair = _render_pair(canvas, ask, shown + more if here else shown, here=here)
                cursor, height = ((len(rows), 0), len(pair)) if here else (cursor, height)
                rows += pair
                place += can_be_opened
        rows += (
            [(), *(row for each in self.review.news for row in canvas.prose(each, "yellow"))]
            if self.review.news
            else []
        )
        rows += [()] if self._actions else []
        for number, (action, _) in enumerate(self._actions, start=self._count):
            here = number == self.at
            cursor = (len(rows), 0) if here else cursor
            rows += canvas.prose(action, "bold" if here else "", first=(canvas.pointer(here=here),))
        return Block(tuple(rows), cursor, height)

    def _parts(self) -> Iterator[tuple[str, list[tuple[str, str, str, bool]]]]:
        """Each heading with its rows: label, value, details shown at the cursor, and whether it can be opened."""
        for stage in dict.fromkeys(line.stage for line in self.review.lines):
            lines = [line for line in self.review.lines if line.stage == stage]
            yield stage, [(line.ask, line.shown or format_missing_answer(self.review), "", True) for line in lines]
        if self.review.figures:
            yield (
                "Figures",
                [
                    (each.label, _format_figure(each), _format_details(each), bool(each.bands))
                    for each in self.review.figures
                ],
            )

    @property
    def _banded(self) -> list[ReviewFigure]:
        return [figure for figure in self.review.figures if figure.bands]

    @property
    def _count(self) -> int:
        return len(self.review.lines) + len(self._banded)

    @property
    def _actions(self) -> tuple[tuple[str, Stop | None], ...]:
        return ((FINISH, None), (SAVE_AND_STOP if self.saves else STOP, Stop())) if self.review.at_end else ()

    def _open(self) -> ReviewWidget | Submit | None:
        if self.at < len(self.review.lines):
            return Submit(GoTo(self.review.lines[self.at].question_id))
        if self.at >= self._count:
            return Submit(self._actions[self.at - self._count][1]) if self._actions else None
        figure = self._banded[self.at - len(self.review.lines)]
        band = next((place for place, each in enumerate(figure.bands) if each.label == figure.band_label), 0)
        return replace(self, banding=figure, band=band)

    # ------------------------------------------------------------ bands

    def _press_in_bands(self, figure: ReviewFigure, press: Press) -> ReviewWidget | Submit | None:
        if press is Key.ESCAPE:
            return replace(self, banding=None)
        if press in (Key.ENTER, Key.SUBMIT):
            chosen: Band | None = figure.bands[self.band] if self.band < len(figure.bands) else None
            return Submit(ChooseBand(figure.compute_id, chosen.id if chosen else None))
        moved = move_cursor(press, self.band, len(figure.bands) + 1, letters=True)
        return None if moved is None else replace(self, band=moved)

    def _band_rows(self, figure: ReviewFigure, canvas: Canvas) -> Block:
        rows = [
            *canvas.prose(f"{figure.label}: {_format_figure(figure)}{_format_details(figure)}", "bold"),
            *canvas.prose(BAND_HINT, "dim"),
            (),
        ]
        cursor = (0, 0)
        for place, label in enumerate([*(each.label for each in figure.bands), AS_CALCULATED]):
            here = place == self.band
            cursor = (len(rows), 0) if here else cursor
            rows += canvas.prose(label, "bold" if here else "", first=(canvas.pointer(here=here),))
        return Block(tuple(rows), cursor)


def create_review_widget(review: Review, *, saves: bool = True) -> ReviewWidget:
    """The cursor begins at the first answer, or, in the review before the end, below the answers."""
    widget = ReviewWidget(review, saves=saves)
    return (
        replace(widget, at=len(review.lines) + sum(1 for each in review.figures if each.bands))
        if review.at_end
        else widget
    )


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


def _format_figure(figure: ReviewFigure) -> str:
    return f"{figure.shown}, {figure.band_label}" if figure.band_label else figure.shown


def _format_details(figure: ReviewFigure) -> str:
    """Who set the threshold, and the calculation."""
    label = OVERRIDDEN_THRESHOLD_LABEL if figure.overridden else DEFAULT_THRESHOLD_LABEL
    threshold = f" ({label})" if figure.band_label else ""
    arithmetic = f" = {figure.arithmetic}" if figure.arithmetic and figure.arithmetic != figure.shown else ""
    return threshold + arithmetic


def _render_pair(canvas: Canvas, ask: str, shown: str, *, here: bool) -> list[Row]:
    """A question and its answer side by side, shortened; at the cursor below each other, in full."""
    if here:
        return [
            *canvas.prose(ask, "bold", first=(canvas.pointer(here=True),)),
            *canvas.prose(shown, first=(("", "    "),)),
        ]
    ask, gap, shown = canvas.two_columns(ask, shown, canvas.width - 4)
    return [(("", "  "), ("", ask), ("", gap), ("dim", shown))]
