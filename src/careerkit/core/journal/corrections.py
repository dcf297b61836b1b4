"""Apply later corrections to an entry's answers, and compare what follows from them.

The saved outcome of the entry never changes, because the person has acted on it.
"""

from __future__ import annotations

from types import MappingProxyType

from careerkit.core.frozen import replace
from careerkit.core.interview.interview import Interview
from careerkit.core.journal.entry import Entry, is_corrected
from careerkit.core.journal.events import History
from careerkit.core.journal.snapshot import BAND_TYPE, restore_interview
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook


def apply_corrections(entry: Entry, history: History, playbook: Playbook) -> Interview:
    """The entry's interview with its corrections applied. `playbook` must be the one that the entry was created with.

    Where corrections conflict, the newest wins. Corrections that don't match a question are ignored.
    """
    interview = restore_interview(entry, playbook)
    answers = dict(interview.answers)
    types = {question.id: question.type for question in playbook.questions}
    types |= {compute.id: BAND_TYPE for compute in playbook.computes if compute.bands}
    for name, (newest, *_) in history.corrections.items():
        if newest.value is None:
            answers.pop(name, None)
        elif newest.type == types.get(name):
            answers[name] = newest.value
    return replace(interview, answers=MappingProxyType(answers))


def compare_outcomes(entry: Entry, history: History, playbook: Playbook) -> tuple[Outcome, Outcome] | None:
    """The outcome of the original answers and that of the corrected ones, both evaluated by this version.

    None if nothing was corrected, or the entry has no outcome yet.
    """
    if entry.outcome is None or not entry.finished or not is_corrected(entry, history):
        return None
    given = entry.outcome.given
    first, now = restore_interview(entry, playbook), apply_corrections(entry, history, playbook)
    return evaluate_outcome(first.facts(), given=given), evaluate_outcome(now.facts(), given=given)
