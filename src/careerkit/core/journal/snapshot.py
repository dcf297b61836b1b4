"""Convert an interview to the entry that records it and back, with later corrections or for another version of its playbook.

The saved outcome of the entry never changes, because the person has acted on it.

A question has changed if the same answer could mean something else now: if its type, its wording (apart from line
breaks) or the meaning of its spec differs, such as choices or a unit. A changed limit (length, number, latest date)
matters only if the answer no longer fits it. Hints, reasons, sources, defaults, checks, conditions, positions and privacy
don't change what an answer means, and checks and conditions are evaluated again anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from careerkit.core.errors import Refused
from careerkit.core.facts import Facts, is_private
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import Interview
from careerkit.core.interview_steps import PreviousAnswer
from careerkit.core.journal.entry import Answer, Entry, PartialAnswer, PlaybookRef, is_corrected
from careerkit.core.journal.entry_list import History
from careerkit.core.outcome.evaluate import evaluate_outcome
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question, validate_answer
from careerkit.core.rendering import TextRenderer
from careerkit.core.values import Value

BAND_TYPE = "band"


def create_entry(entry_id: str, interview: Interview, *, machine: str, started: datetime, zone: str) -> Entry:
    """Create the entry of an interview that starts."""
    entry = Entry(entry_id, machine, build_playbook_ref(interview.playbook), started, zone=zone, lane=interview.lane)
    return record_interview(entry, interview)


def build_playbook_ref(playbook: Playbook) -> PlaybookRef:
    """How an entry refers to its playbook."""
    return PlaybookRef(playbook.id, playbook.title, playbook.version, playbook.sha256)


def record_interview(entry: Entry, interview: Interview, *, shared: bool = False) -> Entry:
    """The entry with the current state of the interview.

    Answers in the entry that fit no question stay in it, as `earlier` if the question has a new answer. `shared` leaves out
    them, private answers and partial ones, and private values in other texts.
    """
    facts = interview.facts()
    wording = TextRenderer(facts, shared=shared)
    order = {**facts.index.order, **{name: 10_000 + n for n, name in enumerate(facts.index.computes)}}
    visible = [name for name in interview.answers if not (shared and is_private(facts, name))]
    names = sorted(visible, key=lambda name: order.get(name, 100_000))
    unfit = () if shared else find_unfit_answers(entry, interview.playbook)
    kept = tuple(each for each in unfit if each.question not in interview.answers)
    return replace(
        entry,
        lane=interview.lane,
        answers=(*(build_answer(facts, wording, name, interview.answers[name]) for name in names), *kept),
        earlier=(*entry.earlier, *(each for each in unfit if each.question in interview.answers)),
        asked=_count_asked(interview, facts),
        passed=tuple(sorted(interview.skipped, key=lambda name: order.get(name, 100_000))),
        said=tuple(sorted(interview.shown)),
        begun=() if shared else tuple(_collect_partial_answers(entry, interview)),
    )


def _count_asked(interview: Interview, facts: Facts) -> int:
    """The questions of the branch and lane, and those outside of the lane that an answers file has answered."""
    questions = facts.index.questions
    answered = {name for name in interview.answers if name in questions and facts.is_visible(questions[name])}
    return len(answered | {question.id for question in interview.questions()})


def restore_interview(entry: Entry, playbook: Playbook) -> Interview:
    """The interview that the entry records, to be continued with `playbook`. Answers that fit no question are left out."""
    unfit = find_unfit_answers(entry, playbook)
    return Interview(
        playbook,
        today=entry.started.date(),
        started=entry.started,
        zone=entry.zone,
        lane=entry.lane,
        answers=MappingProxyType({each.question: each.value for each in entry.answers if each not in unfit}),
        skipped=frozenset(entry.passed),
        shown=frozenset(entry.said),
        previous=MappingProxyType({each.question: PreviousAnswer(each.value, each.shown) for each in entry.earlier}),
        drafts=MappingProxyType(
            {each.question: each.value for each in entry.begun if _matches_question(each, playbook)}
        ),
    )


def find_unfit_answers(entry: Entry, playbook: Playbook) -> tuple[Answer, ...]:
    """The answers to questions that the playbook doesn't have, or has with another type: the file was changed by hand."""
    types = {question.id: question.type for question in playbook.questions}
    types |= {compute.id: BAND_TYPE for compute in playbook.computes if compute.bands}
    return tuple(each for each in entry.answers if types.get(each.question) != each.type)


def build_answer(facts: Facts, wording: TextRenderer, name: str, value: Value) -> Answer:
    """A value as an entry holds it, with its question. For a compute, it is the band that the person chose."""
    question = facts.index.questions.get(name)
    if question is None:
        compute = facts.index.computes[name]
        label = next((band.label for band in compute.bands if band.id == value), str(value))
        return Answer(name, BAND_TYPE, compute.label or name, value, label)
    return Answer(
        question=name,
        type=question.type,
        asked=wording.render(question.ask),
        value=value,
        shown=wording.render_answer(name, value),
        hidden=not facts.is_visible(question),
        private=question.private,
    )


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


def _collect_partial_answers(entry: Entry, interview: Interview) -> Iterator[PartialAnswer]:
    """Partial answers in the interview, and those in the entry whose question is gone or has another type now."""
    types = {question.id: question.type for question in interview.playbook.questions}
    yield from (PartialAnswer(name, types[name], value) for name, value in interview.drafts.items())
    yield from (each for each in entry.begun if not _matches_question(each, interview.playbook))


def _matches_question(partial: PartialAnswer, playbook: Playbook) -> bool:
    return any(each.id == partial.question and each.type == partial.type for each in playbook.questions)


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
