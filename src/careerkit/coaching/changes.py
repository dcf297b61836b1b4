"""What is said of a changed answer: at once what it did to the questions, before the end what it did to the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from careerkit.core.days import date_text
from careerkit.core.facts import Facts
from careerkit.core.interview import effect_of
from careerkit.core.outcome.difference import Moved, difference
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.wording import Wording

MOST = 3
"""So many titles are named, or figures told; of the others only their number."""
UNMOVED = "The result stays as it was."
NOTHING_CHANGED = "Nothing has been changed."


def questions_changed(before: Facts, after: Facts, *, again: bool) -> str:
    """What the last answer hid, brought back or newly asks; "" where it did none of that.

    `again`: it was an answer that was looked at again. On the way forward, new questions are no news.
    """
    effect = effect_of(before, after)
    parts: list[str] = []
    if effect.hidden:
        parts.append(f"Now hidden: {_number(len(effect.hidden), 'answer')}, kept in case.")
    if effect.back:
        parts.append(f"Back again: {_number(len(effect.back), 'answer')} given before.")
    if effect.reopened:
        asks = [Wording(after).line(after.index.questions[each].ask) for each in effect.reopened]
        parts.append("To be looked at again: " + " ".join(asks))
    if effect.asked and again:
        parts.append(f"Newly asked: {_number(len(effect.asked), 'question')}.")
    return " ".join(parts)


def result_changed(before: Outcome, after: Outcome, playbook: Playbook) -> tuple[str, ...]:
    """What changed in the result, a line for each kind of change; that nothing did is said too."""
    found = difference(before, after, playbook)
    lines = [*_named("New in the result", found.new), *_named("No longer in it", found.gone), *_told(found.moved)]
    if found.reworded:
        lines.append(f"{_number(found.reworded, 'text')} of the result {_read(found.reworded)} differently now.")
    return tuple(lines) or (UNMOVED,)


def corrected_since(moment: datetime) -> str:
    """What is said beside something that was given before answers were corrected."""
    return f"Answers were corrected later, on {date_text(moment)}. What is here was given before, and stays as it was."


def _named(what: str, titles: Sequence[str]) -> list[str]:
    if not titles:
        return []
    more = f"; and {len(titles) - MOST} more" if len(titles) > MOST else ""
    return [f"{what}: {'; '.join(each.rstrip('.') for each in titles[:MOST])}{more}."]


def _told(moved: Sequence[Moved]) -> list[str]:
    lines = [
        f"{each.label}: {each.now or 'nothing any more'}" + (f" (before: {each.before})" if each.before else "") + "."
        for each in moved[:MOST]
    ]
    return lines + ([f"{_number(len(moved) - MOST, 'more figure')} changed."] if len(moved) > MOST else [])


def _number(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _read(count: int) -> str:
    return "reads" if count == 1 else "read"
