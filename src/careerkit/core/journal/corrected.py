"""An entry's answers with the corrections that were made later, and what would follow from them now.

What was given when the entry was finished stays as it was: a person acted on it.
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from careerkit.core.frozen import replace
from careerkit.core.interview import Interview
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.history import History
from careerkit.core.journal.record import BAND, restore
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook


def corrected(entry: Entry, history: History, playbook: Playbook) -> Interview:
    """The interview of the entry with its corrections. `playbook` must be the one that the entry was made with.

    Of two corrections that contradict each other the newest counts. One that fits no question is passed over.
    """
    interview = restore(entry, playbook)
    answers = dict(interview.answers)
    types = {question.id: question.type for question in playbook.questions}
    types |= {compute.id: BAND for compute in playbook.computes if compute.bands}
    for name, (newest, *_) in history.corrections.items():
        if newest.value is None:
            answers.pop(name, None)
        elif newest.type == types.get(name):
            answers[name] = newest.value
    return replace(interview, answers=MappingProxyType(answers))


def is_corrected(entry: Entry, history: History) -> bool:
    """Does any correction say anything but what was answered first?"""
    return corrected_at(entry, history) is not None


def corrected_at(entry: Entry, history: History) -> datetime | None:
    """When an answer was last corrected that now differs from the first one; None where none does."""
    first = {answer.question: answer.value for answer in entry.answers}
    newest = [each for each, *_ in history.corrections.values()]
    return max((each.at for each in newest if each.value != first.get(each.about)), default=None)


def before_and_now(entry: Entry, history: History, playbook: Playbook) -> tuple[Outcome, Outcome] | None:
    """What the first answers lead to, and what the corrected ones do, both by the rules of this careerkit.

    None where nothing was corrected, or nothing given yet.
    """
    if entry.outcome is None or not entry.finished or not is_corrected(entry, history):
        return None
    given = entry.outcome.given
    first, now = restore(entry, playbook), corrected(entry, history, playbook)
    return evaluate_outcome(first.facts(), given=given), evaluate_outcome(now.facts(), given=given)
