"""Messages about a changed answer: how it changes the questions and, in the review before the end, the result."""

from __future__ import annotations

from collections.abc import Sequence

from careerkit.core.frozen import frozen
from careerkit.core.interview.facts import Facts
from careerkit.core.interview.rendering import TextRenderer
from careerkit.core.outcome.evaluate import FigureChange, compare_outcomes
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import choose_verb, format_count

MAX_NAMED = 3
"""Titles or figures that a message lists; it only counts the rest."""
RESULT_UNCHANGED = "The result is unchanged."
ANSWERS_UNCHANGED = "No answer has changed."


@frozen
class QuestionChanges:
    """Ids of the questions that a changed answer affects.

    `hidden` were answered and no longer show, `restored` show again with their kept answer, `reopened` need another
    answer, `added` are new.
    """

    hidden: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def compare_questions(before: Facts, after: Facts) -> QuestionChanges:
    """The difference between two states of one interview."""
    questions = [each for each in after.playbook.questions if each.spec.has_answer]
    kept = [each for each in questions if before.stored_answer(each.id) is not None]
    fresh = [each for each in questions if after.is_visible(each) and not before.is_visible(each)]
    return QuestionChanges(
        hidden=tuple(each.id for each in kept if before.is_visible(each) and not after.is_visible(each)),
        restored=tuple(each.id for each in fresh if after.is_answered(each)),
        reopened=tuple(
            each.id
            for each in kept
            if before.is_visible(each)
            and after.is_visible(each)
            and before.is_answered(each)
            and not after.is_answered(each)
        ),
        added=tuple(each.id for each in fresh if not after.is_answered(each)),
    )


def describe_question_changes(before: Facts, after: Facts, *, is_revision: bool) -> str:
    """What the last answer hid, restored, reopened or added; "" for nothing.

    `is_revision`: the question had been answered before. Otherwise added questions are not worth a message.
    """
    changes = compare_questions(before, after)
    parts: list[str] = []
    if changes.hidden:
        number = len(changes.hidden)
        no_longer, kept = (
            ("applies", "It is kept in case it does") if number == 1 else ("apply", "They are kept in case they do")
        )
        parts.append(f"{format_count(number, 'answer')} no longer {no_longer}. {kept} again.")
    if changes.restored:
        parts.append(f"Back again: {format_count(len(changes.restored), 'earlier answer')}.")
    if changes.reopened:
        asks = [TextRenderer(after).render(after.index.questions[each].ask) for each in changes.reopened]
        parts.append("Please check again: " + " ".join(asks))
    if changes.added and is_revision:
        parts.append(f"New: {format_count(len(changes.added), 'question')}.")
    return " ".join(parts)


def describe_result_changes(before: Outcome, after: Outcome, playbook: Playbook) -> tuple[str, ...]:
    """A line for each kind of change in the result, or one that says there is none."""
    found = compare_outcomes(before, after, playbook)
    lines = [
        *_list_titles("New in the result", found.new),
        *_list_titles("No longer in the result", found.removed),
        *_list_figures(found.changed_figures),
    ]
    if found.reworded:
        verb = choose_verb(found.reworded, "is", "are")
        lines.append(f"{format_count(found.reworded, 'passage')} in the result {verb} worded differently now.")
    return tuple(lines) or (RESULT_UNCHANGED,)


def _list_titles(label: str, titles: Sequence[str]) -> list[str]:
    if not titles:
        return []
    more = f"; and {len(titles) - MAX_NAMED} more" if len(titles) > MAX_NAMED else ""
    return [f"{label}: {'; '.join(each.rstrip('.') for each in titles[:MAX_NAMED])}{more}."]


def _list_figures(moved: Sequence[FigureChange]) -> list[str]:
    lines = [
        f"{each.label}: {each.now or 'no longer shown'}" + (f" (before: {each.before})" if each.before else "") + "."
        for each in moved[:MAX_NAMED]
    ]
    more = len(moved) - MAX_NAMED
    return lines + ([f"{format_count(more, 'more figure')} changed."] if more > 0 else [])
