"""The review: all answers by stage and the figures, each to be opened; another band can be chosen."""

from __future__ import annotations

from careerkit.coaching.screen import ChooseBand, Given, GoTo, Review, ReviewFigure
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Band
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.pick import moved_to
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.outcome_view import OURS, THEIRS

NOT_YET = "not answered yet"
AS_WORKED_OUT = "As worked out"


@frozen
class Reviewing(Whole):
    """`at` counts the answers and then the figures that have bands. `banding`: the bands of one are open, with the cursor at `band`."""

    review: Review
    at: int = 0
    banding: ReviewFigure | None = None
    band: int = 0

    @property
    def takes_text(self) -> bool:
        return False

    @property
    def foot(self) -> tuple[str, ...]:
        if self.banding is not None:
            return "Enter choose", "Esc back to the review"
        return "Enter open", "Ctrl-R or Esc go on with the interview"

    def press(self, press: Press) -> Reviewing | Given | None:
        if self.banding is not None:
            return self._press_band(self.banding, press)
        if press in (Key.ESCAPE, Key.REVIEW, Key.BACK, Key.FORWARD, "q"):
            return Given(None)
        if press in (Key.ENTER, Key.SUBMIT):
            return self._open()
        moved = moved_to(press, self.at, len(self.review.lines) + len(self._banded), letters=True)
        return None if moved is None else replace(self, at=moved)

    def body(self, paper: Paper) -> Body:
        if self.banding is not None:
            return self._bands(self.banding, paper)
        rows: list[Row] = []
        cursor = (0, 0)
        stage = None
        for place, line in enumerate(self.review.lines):
            if line.stage != stage:
                stage = line.stage
                rows += ([()] if rows else []) + paper.prose(stage, "cyan")
            if place == self.at:
                cursor = len(rows), 0
            rows += _pair(paper, line.ask, line.shown or NOT_YET, here=place == self.at, is_there=bool(line.shown))
        rows += [(), *paper.prose("Figures", "cyan")] if self.review.figures else []
        for figure in self.review.figures:
            here = bool(figure.bands) and self._banded.index(figure) == self.at - len(self.review.lines)
            if here:
                cursor = len(rows), 0
            rows += _pair(paper, figure.label, _figure(figure), here=here, is_there=True)
        return Body(tuple(rows), cursor)

    @property
    def _banded(self) -> list[ReviewFigure]:
        return [figure for figure in self.review.figures if figure.bands]

    def _open(self) -> Reviewing | Given | None:
        if self.at < len(self.review.lines):
            return Given(GoTo(self.review.lines[self.at].question_id))
        if not self._banded:
            return None
        figure = self._banded[self.at - len(self.review.lines)]
        band = next((place for place, each in enumerate(figure.bands) if each.label == figure.band_label), 0)
        return replace(self, banding=figure, band=band)

    # ------------------------------------------------------------ another band

    def _press_band(self, figure: ReviewFigure, press: Press) -> Reviewing | Given | None:
        if press is Key.ESCAPE:
            return replace(self, banding=None)
        if press in (Key.ENTER, Key.SUBMIT):
            chosen: Band | None = figure.bands[self.band] if self.band < len(figure.bands) else None
            return Given(ChooseBand(figure.compute_id, chosen.id if chosen else None))
        moved = moved_to(press, self.band, len(figure.bands) + 1, letters=True)
        return None if moved is None else replace(self, band=moved)

    def _bands(self, figure: ReviewFigure, paper: Paper) -> Body:
        rows = [
            *paper.prose(f"{figure.label}: {_figure(figure)}", "bold"),
            *paper.prose("The threshold is our rule of thumb; your own judgement may stand in its place.", "dim"),
            (),
        ]
        cursor = (0, 0)
        for place, label in enumerate([*(each.label for each in figure.bands), AS_WORKED_OUT]):
            here = place == self.band
            cursor = (len(rows), 0) if here else cursor
            rows += paper.prose(label, "bold" if here else "", first=_mark(paper, here=here))
        return Body(tuple(rows), cursor)


def reviewing(review: Review) -> Reviewing:
    return Reviewing(review)


def _figure(figure: ReviewFigure) -> str:
    band = f", {figure.band_label} ({THEIRS if figure.overridden else OURS})" if figure.band_label else ""
    how = f" = {figure.arithmetic}" if figure.arithmetic and figure.arithmetic != figure.shown else ""
    return f"{figure.shown}{band}{how}"


def _pair(paper: Paper, ask: str, shown: str, *, here: bool, is_there: bool) -> list[Row]:
    """The question, and below it the answer on one row, whole where the cursor is."""
    rows = paper.prose(ask, "bold" if here else "", first=_mark(paper, here=here))
    inner = paper.narrower(4)
    text = shown if here else inner.short(shown, inner.width)
    return rows + paper.prose(text, "" if here and is_there else "dim", first=(("", "    "),))


def _mark(paper: Paper, *, here: bool) -> Row:
    return (("bold cyan", f"{paper.symbols.prompt} "),) if here else (("", "  "),)
