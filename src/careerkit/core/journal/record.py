"""An interview as its entry records it, and an interview again from an entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType

from careerkit.core.facts import Facts
from careerkit.core.facts.privacy import is_private
from careerkit.core.frozen import replace
from careerkit.core.interview import Before, Interview
from careerkit.core.journal.entry import Answer, Begun, Entry, PlaybookRef
from careerkit.core.playbook.model import Playbook
from careerkit.core.value import Value
from careerkit.core.wording import Wording

BAND = "band"


def begin(entry_id: str, interview: Interview, *, machine: str, started: datetime, zone: str) -> Entry:
    """The entry of an interview that begins."""
    entry = Entry(entry_id, machine, reference(interview.playbook), started, zone=zone, lane=interview.lane)
    return record(entry, interview)


def reference(playbook: Playbook) -> PlaybookRef:
    """How an entry names the playbook that it is made with."""
    return PlaybookRef(playbook.id, playbook.title, playbook.version, playbook.sha256)


def record(entry: Entry, interview: Interview, *, shared: bool = False) -> Entry:
    """`entry` with all that the interview holds now. `shared`: without private answers, and without them in the rest."""
    facts = interview.facts()
    wording = Wording(facts, shared=shared)
    order = {**facts.index.order, **{name: 10_000 + n for n, name in enumerate(facts.index.computes)}}
    told = [name for name in interview.answers if not (shared and is_private(facts, name))]
    kept = sorted(told, key=lambda name: order.get(name, 100_000))
    return replace(
        entry,
        lane=interview.lane,
        answers=tuple(answer_of(facts, wording, name, interview.answers[name]) for name in kept),
        asked=len(interview.questions()),
        passed=tuple(sorted(interview.passed, key=lambda name: order.get(name, 100_000))),
        said=tuple(sorted(interview.said)),
        begun=() if shared else tuple(_all_begun(entry, interview)),
    )


def restore(entry: Entry, playbook: Playbook) -> Interview:
    """The interview that `entry` records, to go on with `playbook`."""
    return Interview(
        playbook,
        today=entry.started.date(),
        lane=entry.lane,
        answers=MappingProxyType({each.question: each.value for each in entry.answers}),
        passed=frozenset(entry.passed),
        said=frozenset(entry.said),
        before=MappingProxyType({each.question: Before(each.value, each.shown) for each in entry.earlier}),
        begun=MappingProxyType({each.question: each.value for each in entry.begun if _fits(each, playbook)}),
    )


def answer_of(facts: Facts, wording: Wording, name: str, value: Value) -> Answer:
    """`value` as an entry holds it, beside what was asked; of a compute it is the band that the person chose."""
    question = facts.index.questions.get(name)
    if question is None:
        compute = facts.index.computes[name]
        label = next((band.label for band in compute.bands if band.id == value), str(value))
        return Answer(name, BAND, compute.label or name, value, label)
    return Answer(
        question=name,
        type=question.type,
        asked=wording.line(question.ask),
        value=value,
        shown=wording.answer(name, value),
        hidden=not facts.shows(question),
        private=question.private,
    )


def _all_begun(entry: Entry, interview: Interview) -> Iterator[Begun]:
    """What is begun in the interview, and what the entry has of questions that are no more, or of another type now."""
    types = {question.id: question.type for question in interview.playbook.questions}
    yield from (Begun(name, types[name], value) for name, value in interview.begun.items())
    yield from (each for each in entry.begun if not _fits(each, interview.playbook))


def _fits(begun: Begun, playbook: Playbook) -> bool:
    return any(each.id == begun.question and each.type == begun.type for each in playbook.questions)
