"""Convert an interview to the entry that records it, and an entry back to an interview."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType

from careerkit.core.frozen import replace
from careerkit.core.interview.facts import Facts, is_private
from careerkit.core.interview.interview import Interview
from careerkit.core.interview.rendering import TextRenderer
from careerkit.core.interview.steps import PreviousAnswer
from careerkit.core.journal.entry import Answer, Entry, PartialAnswer, PlaybookRef
from careerkit.core.playbook.model import Playbook
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


def _collect_partial_answers(entry: Entry, interview: Interview) -> Iterator[PartialAnswer]:
    """Partial answers in the interview, and those in the entry whose question is gone or has another type now."""
    types = {question.id: question.type for question in interview.playbook.questions}
    yield from (PartialAnswer(name, types[name], value) for name, value in interview.drafts.items())
    yield from (each for each in entry.begun if not _matches_question(each, interview.playbook))


def _matches_question(partial: PartialAnswer, playbook: Playbook) -> bool:
    return any(each.id == partial.question and each.type == partial.type for each in playbook.questions)
