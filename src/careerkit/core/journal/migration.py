"""Migrate an entry from one version of its playbook to another, keeping the answers that are still valid.

A question has changed if the same answer could mean something else now: if its type, its wording (apart from line
breaks) or the meaning of its spec differs, such as choices or a unit. A changed limit (length, number, latest date)
matters only if the answer no longer fits it. Hints, reasons, sources, defaults, checks, conditions, positions and privacy
don't change what an answer means, and checks and conditions are evaluated again anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from careerkit.core.errors import Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview.interview import Interview
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.journal.snapshot import BAND_TYPE, build_playbook_ref, restore_interview
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question, validate_answer
from careerkit.core.values import Value


@frozen
class MigratedEntry:
    """The entry with answers that are no longer valid moved to `earlier`, and the interview to continue.

    `changed` are the questions that will be asked again, `dropped` those that the playbook no longer has, both in the
    order of the entry.
    """

    entry: Entry
    interview: Interview
    changed: tuple[str, ...]
    dropped: tuple[str, ...]


def migrate(entry: Entry, before: Playbook | None, after: Playbook) -> MigratedEntry:
    """Migrate an entry whose answers were given with the playbook `before` to the playbook `after`. No answer is lost.

    Without `before` no question is known to be unchanged, so all are asked again, with the earlier answers shown.
    """
    asked = {question.id: question for question in before.questions} if before else {}
    stays = _find_valid_answers(entry, asked, before, after)
    lost = tuple(each for each in entry.answers if each.question not in stays)
    known = {question.id: question for question in after.questions}
    same = {each for each, question in known.items() if each in asked and asked[each].meaning() == question.meaning()}
    moved = replace(
        entry,
        playbook=build_playbook_ref(after),
        answers=tuple(each for each in entry.answers if each.question in stays),
        earlier=(*entry.earlier, *lost),
        passed=tuple(each for each in entry.passed if each in same),
        said=tuple(each for each in entry.said if _is_unchanged(each, before, after)),
    )
    return MigratedEntry(
        moved,
        restore_interview(moved, after),
        changed=tuple(each.question for each in lost if each.question in known),
        dropped=tuple(each.question for each in lost if each.question not in known),
    )


def _find_valid_answers(
    entry: Entry, asked: Mapping[str, Question], before: Playbook | None, after: Playbook
) -> Mapping[str, Value]:
    """The answers that are still valid, by question or banded compute, including hidden ones."""
    given = {each.question: each for each in entry.answers}
    interview = Interview(after, today=entry.started.date(), started=entry.started, zone=entry.zone)
    for question in after.questions:  # in this order, so that items exist before the questions about them
        answer, old = given.get(question.id), asked.get(question.id)
        if (
            answer
            and old
            and old.meaning() == question.meaning()
            and _is_still_valid(answer.value, old, question, interview)
        ):
            interview = replace(interview, answers=MappingProxyType({**interview.answers, question.id: answer.value}))
    bands = {
        each.question: each.value
        for each in entry.answers
        if each.type == BAND_TYPE and _has_same_band(each, before, after)
    }
    return {**interview.answers, **bands}


def _is_still_valid(value: Value, old: Question, question: Question, interview: Interview) -> bool:
    if old.spec == question.spec:
        return True  # even if some items don't exist at the moment: their data is kept
    try:
        validate_answer(question, value, choices_of=interview.facts().stored_choices_for, today=interview.today)
    except Refused:
        return False
    return True


def _has_same_band(answer: Answer, before: Playbook | None, after: Playbook) -> bool:
    """Does the band that the person chose still exist, with the same label?"""
    labels = [
        {
            band.label
            for compute in playbook.computes
            if compute.id == answer.question
            for band in compute.bands
            if band.id == answer.value
        }
        for playbook in (before, after)
        if playbook
    ]
    return len(labels) == 2 and bool(labels[0] & labels[1])


def _is_unchanged(key: str, before: Playbook | None, after: Playbook) -> bool:
    """Has the text with this key stayed the same since it was shown? Stages and the card are never shown twice."""
    kind, _, name = key.partition(":")
    match kind:
        case "note":
            return _find_note(before, name) == _find_note(after, name)
        case "finding":
            return _find_finding(before, name) == _find_finding(after, name)
    return True


def _find_note(playbook: Playbook | None, name: str) -> object:
    found = (each for each in playbook.questions if each.id == name) if playbook else ()
    return next(((each.ask, each.spec) for each in found if not each.spec.has_answer), None)


def _find_finding(playbook: Playbook | None, name: str) -> object:
    found = (each for each in playbook.findings if each.id == name) if playbook else ()
    return next(((each.title, each.text) for each in found), None)
