"""All answers by stage, with the figures that follow from them."""

from __future__ import annotations

from careerkit.coaching.screen import Review, ReviewFigure, ReviewLine
from careerkit.core.interview import Interview
from careerkit.core.outcome.evaluate import evaluate_computed
from careerkit.core.outcome.model import is_figure
from careerkit.core.wording import Wording


def review_of(
    interview: Interview, *, at_end: bool = False, news: tuple[str, ...] = (), is_finished: bool = False
) -> Review:
    """What the review shows now: the questions of the present branch, and each labelled compute that has a value.

    Before the end it is short: of the figures only those of which another band can be chosen.
    """
    facts = interview.facts()
    wording = Wording(facts)
    lines = [
        ReviewLine(facts.index.stage_of[each.id].title, each.id, wording.line(each.ask), _shown(wording, each.id))
        for each in interview.questions()
    ]
    figures = [
        ReviewFigure(
            each.id,
            each.label,
            each.shown,
            each.arithmetic,
            each.band_label,
            each.overridden,
            facts.index.computes[each.id].bands,
        )
        for each in evaluate_computed(facts)
        if is_figure(each) and (each.band_label or not at_end)
    ]
    return Review(tuple(lines), tuple(figures), at_end=at_end, news=news, is_finished=is_finished)


def _shown(wording: Wording, question_id: str) -> str:
    kept = wording.facts.kept(question_id)
    return "" if kept is None else wording.answer(question_id, kept)
