"""An entry with its later changes, as it is shown and exported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from careerkit.coaching.change_messages import describe_result_changes
from careerkit.coaching.entry_changes import build_erased_problem
from careerkit.coaching.ports import Journal
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview.checkin import find_checkin_rule
from careerkit.core.journal.corrections import compare_outcomes
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.events import History, build_history
from careerkit.core.journal.plan import (
    CheckinRecord,
    Plan,
    build_plan,
    list_checkin_records,
    update_outcome,
)
from careerkit.core.journal.story import StoryLine, tell_story
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook


@frozen
class EntryDetails:
    """An entry with its later changes, as `journal show` displays it.

    `playbook` is None if its copy can't be read. `corrected_outcome` follows from the corrected answers, and
    `result_changes` describes how it differs from the original outcome, a line for each kind of change; both are None
    if that isn't known. `plan` is the plan as it stands now, `checkins` has the answers given in its check-ins, and `story`
    what happened to the entry, oldest first. `problems` are to be shown.
    """

    entry: Entry
    history: History
    playbook: Playbook | None = None
    corrected_outcome: Outcome | None = None
    result_changes: tuple[str, ...] | None = None
    problems: tuple[Problem, ...] = ()
    plan: Plan = Plan()
    checkins: tuple[CheckinRecord, ...] = ()
    story: tuple[StoryLine, ...] = ()


def load_entry_details(
    journal: Journal, entry_id: str, playbook_of: Callable[[Entry], Playbook | None], *, today: date
) -> EntryDetails:
    """Load an entry with its history. Raises Refused if it can't be read or was removed for good."""
    events = journal.events(entry_id)
    history = build_history(events.events)
    if history.is_erased:
        raise Refused(build_erased_problem(entry_id))
    reading = journal.read(entry_id)
    first, problems = reading.entry, reading.problems + events.problems
    playbook = playbook_of(first)
    plan = build_plan(first.outcome, history, today=today)
    checkins = list_checkins(first, plan, playbook)
    entry = replace(first, outcome=update_outcome(first.outcome, plan)) if first.outcome and history.plan else first
    seen = EntryDetails(
        entry,
        history,
        playbook,
        problems=problems,
        plan=plan,
        checkins=checkins,
        story=tell_story(first, events.events, plan, checkins),
    )
    both = compare_outcomes(entry, history, playbook) if playbook else None
    if playbook is None or both is None:
        return seen
    original, corrected = both
    changes = describe_result_changes(original, corrected, playbook)
    return replace(seen, corrected_outcome=corrected, result_changes=changes)


def list_checkins(entry: Entry, plan: Plan, playbook: Playbook | None) -> tuple[CheckinRecord, ...]:
    """What was answered in the check-ins, next to what was expected.

    Without the playbook, questions that were asked again have no first answer.
    """
    if entry.outcome is None:
        return ()
    again: dict[str, str] = {}
    for checkin in plan.checkins if playbook else ():
        rule = find_checkin_rule(playbook, checkin.id) if playbook else None
        again |= {f"{checkin.id}/{each.id}": each.again for each in (rule.questions if rule else ()) if each.again}
    answers = {each.question: each.shown for each in entry.answers}
    return list_checkin_records(entry.outcome, plan, first_answers=answers, again=again)
