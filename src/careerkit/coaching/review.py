"""The review: all answers by stage with the figures computed from them, and the answers behind each finding."""

from __future__ import annotations

from careerkit.coaching.screen import Reason, Review, ReviewFigure, ReviewLine
from careerkit.core.interview.interview import Interview
from careerkit.core.interview.rendering import TextRenderer
from careerkit.core.journal.entry import Entry
from careerkit.core.outcome.evaluate import evaluate_computed
from careerkit.core.outcome.model import is_figure
from careerkit.core.text import abbreviate

MAX_REASON_LENGTH = 160
"""Characters of an answer that are quoted as a reason; the entry holds all of it."""

Reasons = dict[str, tuple[Reason, ...]]


def build_review(
    interview: Interview, *, at_end: bool = False, news: tuple[str, ...] = (), is_finished: bool = False
) -> Review:
    """The questions of the current branch with their answers, and each labelled compute that has a value.

    Before the end it is shorter: of the figures it has only those whose band the person can change.
    """
    facts = interview.facts()
    wording = TextRenderer(facts)
    lines = [
        ReviewLine(facts.index.stage_of[each.id].title, each.id, wording.render(each.ask), _format(wording, each.id))
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
            tuple(band for band in facts.index.computes[each.id].bands if not band.unknown),
        )
        for each in evaluate_computed(facts)
        if is_figure(each) and (each.band_label or not at_end)
    ]
    return Review(tuple(lines), tuple(figures), at_end=at_end, news=news, is_finished=is_finished)


def collect_reasons(entry: Entry) -> Reasons:
    """For each finding id, the questions that it depends on with their answers.

    They are read from the entry, so that this works without the playbook.
    """
    answers = {
        answer.question: Reason(
            answer.asked, abbreviate(answer.shown, MAX_REASON_LENGTH, ellipsis=" …", whole_words=True)
        )
        for answer in entry.answers
    }
    findings = entry.outcome.findings if entry.outcome else ()
    return {each.id: tuple(answers[name] for name in each.because if name in answers) for each in findings}


def _format(wording: TextRenderer, question_id: str) -> str:
    kept = wording.facts.stored_answer(question_id)
    return "" if kept is None else wording.render_answer(question_id, kept)
