"""An entry as it may be shown to others: without private answers, and without what rests on them."""

from __future__ import annotations

from careerkit.core.frozen import replace
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.record import record, restore
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook


def share(entry: Entry, playbook: Playbook) -> Entry:
    """`entry` with private answers left out and its outcome worked out anew without them.

    `playbook` must be the one that the entry was made with. Dates and states stay as they are in the entry.
    """
    interview = restore(entry, playbook)
    public = replace(record(entry, interview, shared=True), earlier=())  # what was private then is not known now
    if entry.outcome is None:
        return public
    quick = entry.finished is None
    shared = evaluate_outcome(interview.facts(), given=entry.outcome.given, quick=quick, shared=True)
    return replace(public, outcome=_with_dates_of(entry.outcome, shared))


def _with_dates_of(told: Outcome, shared: Outcome) -> Outcome:
    actions = {action.id: action for action in told.actions}
    checkins = {checkin.id: checkin for checkin in told.checkins}
    return replace(
        shared,
        actions=tuple(
            replace(each, due=actions[each.id].due, state=actions[each.id].state)
            for each in shared.actions
            if each.id in actions
        ),
        checkins=tuple(
            replace(each, due=checkins[each.id].due, state=checkins[each.id].state)
            for each in shared.checkins
            if each.id in checkins
        ),
    )
