"""The review: all answers by stage and the figures, each to be opened; another band can be chosen."""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.coaching.screen import Back, ChooseBand, Given, GoTo, Review, ReviewFigure, Stop
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Band
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.paper import Body, Paper, Row, side_by_side
from careerkit.terminal.keys.pick import moved_to
from careerkit.terminal.keys.plain_part import Whole
from careerkit.terminal.outcome_view import OURS, THEIRS
from careerkit.terminal.review_talk import without_answer

AS_WORKED_OUT = "As worked out"
TO_THE_END, STOP_HERE = "Go to the end", "Stop here; all is saved"


@frozen
class Reviewing(Whole):
    """`at` counts the answers, then the figures that have bands, then what can be done before the end.

    `banding`: the bands of one figure are open, with the cursor at `band`.
    """

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
        if not self.review.at_end:
            return "Enter open", f"Ctrl-R or Esc {'end' if self.review.is_finished else 'go on with the interview'}"
        return ("Enter choose", "Up to an answer") if self.at >= self._count else ("Enter change", "Esc to the end")

    def press(self, press: Press) -> Reviewing | Given | None:
        if self.banding is not None:
            return self._press_band(self.banding, press)
        if press is Key.BACK and self.review.at_end:
            return Given(Back())
        if press in (Key.ESCAPE, Key.REVIEW, Key.BACK, Key.FORWARD, "q"):
            return replace(self, at=self._count) if self.review.at_end else Given(None)
        if press in (Key.ENTER, Key.SUBMIT):
            return self._open()
        moved = moved_to(press, self.at, self._count + len(self._deeds), letters=True)
        return None if moved is None else replace(self, at=moved)

    def body(self, paper: Paper) -> Body:
        if self.banding is not None:
            return self._bands(self.banding, paper)
        rows: list[Row] = []
        cursor, whole = (0, 0), 1
        place = 0
        for heading, pairs in self._parts():
            rows += ([()] if rows else []) + paper.prose(heading, "cyan")
            for ask, shown, more, can_be_opened in pairs:
                here = can_be_opened and place == self.at
                pair = _pair(paper, ask, shown + more if here else shown, here=here)
                cursor, whole = ((len(rows), 0), len(pair)) if here else (cursor, whole)
                rows += pair
                place += can_be_opened
        rows += (
            [(), *(row for each in self.review.news for row in paper.prose(each, "yellow"))] if self.review.news else []
        )
        rows += [()] if self._deeds else []
        for number, (deed, _) in enumerate(self._deeds, start=self._count):
            here = number == self.at
            cursor = (len(rows), 0) if here else cursor
            rows += paper.prose(deed, "bold" if here else "", first=_mark(paper, here=here))
        return Body(tuple(rows), cursor, whole)

    def _parts(self) -> Iterator[tuple[str, list[tuple[str, str, str, bool]]]]:
        """Each heading with its pairs: what it is, how it reads, what more there is to say, and whether it can be opened."""
        for stage in dict.fromkeys(line.stage for line in self.review.lines):
            lines = [line for line in self.review.lines if line.stage == stage]
            yield stage, [(line.ask, line.shown or without_answer(self.review), "", True) for line in lines]
        if self.review.figures:
            yield "Figures", [(each.label, _figure(each), _how(each), bool(each.bands)) for each in self.review.figures]

    @property
    def _banded(self) -> list[ReviewFigure]:
        return [figure for figure in self.review.figures if figure.bands]

    @property
    def _count(self) -> int:
        return len(self.review.lines) + len(self._banded)

    @property
    def _deeds(self) -> tuple[tuple[str, Stop | None], ...]:
        return ((TO_THE_END, None), (STOP_HERE, Stop())) if self.review.at_end else ()

    def _open(self) -> Reviewing | Given | None:
        if self.at < len(self.review.lines):
            return Given(GoTo(self.review.lines[self.at].question_id))
        if self.at >= self._count:
            return Given(self._deeds[self.at - self._count][1]) if self._deeds else None
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
            *paper.prose(f"{figure.label}: {_figure(figure)}{_how(figure)}", "bold"),
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
    """Before the end the cursor is where the end is; else at the first answer."""
    widget = Reviewing(review)
    return (
        replace(widget, at=len(review.lines) + sum(1 for each in review.figures if each.bands))
        if review.at_end
        else widget
    )


def _figure(figure: ReviewFigure) -> str:
    return f"{figure.shown}, {figure.band_label}" if figure.band_label else figure.shown


def _how(figure: ReviewFigure) -> str:
    """Whose threshold it is, and the arithmetic."""
    origin = f" ({THEIRS if figure.overridden else OURS})" if figure.band_label else ""
    how = f" = {figure.arithmetic}" if figure.arithmetic and figure.arithmetic != figure.shown else ""
    return origin + how


def _pair(paper: Paper, ask: str, shown: str, *, here: bool) -> list[Row]:
    """The question with its answer on one row; at the cursor both are whole, one below the other."""
    if here:
        return [*paper.prose(ask, "bold", first=_mark(paper, here=True)), *paper.prose(shown, first=(("", "    "),))]
    ask, gap, shown = side_by_side(paper, ask, shown, paper.width - 4)
    return [(("", "  "), ("", ask), ("", gap), ("dim", shown))]


def _mark(paper: Paper, *, here: bool) -> Row:
    return (("bold cyan", f"{paper.symbols.prompt} "),) if here else (("", "  "),)
