"""The review for keys: all answers by stage, which can be opened, and the figures, whose bands can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.coaching.screen import Back, ChooseBand, GoTo, Review, ReviewFigure, Stop, Submit
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Band
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.canvas import Block, Canvas, Row
from careerkit.terminal.keys.widget import AtomicWidget, move_cursor
from careerkit.terminal.lines.review import AS_CALCULATED, BAND_HINT, format_missing_answer
from careerkit.terminal.outcome_view import DEFAULT_THRESHOLD_LABEL, OVERRIDDEN_THRESHOLD_LABEL

FINISH, SAVE_AND_STOP, STOP = "Finish", "Save and stop", "Stop"


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
