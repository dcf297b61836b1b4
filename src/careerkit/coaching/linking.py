"""From one playbook to the next: which ones an outcome leads to, what comes along, and whether the person goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from types import MappingProxyType

from careerkit.coaching.ports import Library, Opened
from careerkit.coaching.screen import EndOfInput, Screen
from careerkit.core.answer import accept
from careerkit.core.facts.index import private_fields
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview import Interview
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.playbook.model import NoteForm, Playbook, Question
from careerkit.core.problem import Refused
from careerkit.core.value import Value

MOST_OFFERS = 2
"""More would be a menu at a moment when a person wants to stop."""


@frozen
class Link:
    """`carry`: question of the next playbook -> question of the one that leads to it."""

    playbook_id: str
    carry: Mapping[str, str]


@frozen
class Onward:
    """A playbook to go on with, and the answers that it begins with."""

    playbook: Playbook
    source: bytes
    carried: Mapping[str, Value]


def links(entry: Entry) -> tuple[Link, ...]:
    """Where the findings of `entry` lead, each playbook once, in the order of the findings.

    Where two findings lead to the same one, what they carry goes together; the first named counts.
    """
    found: dict[str, dict[str, str]] = {}
    for finding in entry.outcome.findings if entry.outcome else ():
        if finding.next:
            carry = found.setdefault(finding.next, {})
            carry |= {target: origin for target, origin in finding.carry.items() if target not in carry}
    return tuple(Link(playbook_id, MappingProxyType(carry)) for playbook_id, carry in found.items())


def carried(entry: Entry, playbook: Playbook | None, link: Link, onto: Playbook, *, today: date) -> Mapping[str, Value]:
    """The answers of `entry` with which `onto` begins; what does not fit there is left out.

    `playbook` is the one that `entry` was made with, where it is known. A private answer, or one with private fields,
    comes along only where the next question keeps it private too; a hidden one doesn't come along.
    """
    given = {answer.question: answer for answer in entry.answers if not answer.hidden}
    asked = {question.id: question for question in playbook.questions} if playbook else {}
    interview = Interview(onto, today=today)
    for question in onto.questions:  # in this order, so that items are there before what is asked of them
        answer = given.get(link.carry.get(question.id, ""))
        if answer is not None and _stays_private(answer, asked.get(answer.question), question):
            interview = _with(interview, question, answer.value)
    return interview.answers


def choose_onward(
    screen: Screen, entry: Entry, playbook: Playbook, library: Library, *, today: date, done: frozenset[str]
) -> Onward | None:
    """Offer where the outcome of `entry` leads, at most twice; what the person wants to go on with, or None.

    `done` are the playbooks that the person has gone through just now. The end of input is a no.
    """
    wanted = [each for each in links(entry) if each.playbook_id not in done]
    openable = ((link, opened) for link in wanted if (opened := _opened(library, link.playbook_id)) is not None)
    try:
        for link, opened in islice(openable, MOST_OFFERS):
            onward = _onward(entry, playbook, link, opened, today)
            if screen.confirm(_offer(onward), default=False):
                return onward
    except EndOfInput:
        pass
    return None


def told(count: int, title: str) -> str:
    """What is said at the beginning of a passage to which answers came along."""
    if not count:
        return f"No answers came along from '{title}'."
    return f"{_answers(count)} came along from '{title}'. The review shows them; any can be changed."


def _onward(entry: Entry, playbook: Playbook, link: Link, opened: Opened, today: date) -> Onward:
    along = carried(entry, playbook, link, opened.playbook, today=today)
    return Onward(opened.playbook, opened.source, along)


def _opened(library: Library, playbook_id: str) -> Opened | None:
    """The playbook, or None where it is missing or broken: then there is nothing to offer."""
    try:
        return library.open(playbook_id)
    except Refused:
        return None


def _offer(onward: Onward) -> str:
    count = len(onward.carried)
    along = f" {_answers(count)} {'comes' if count == 1 else 'come'} along." if count else ""
    return f"Go on with '{onward.playbook.title}' now?{along}"


def _stays_private(answer: Answer, asked: Question | None, target: Question) -> bool:
    if target.private:
        return True
    hidden_fields = private_fields(asked) if asked else frozenset()
    return not answer.private and hidden_fields <= private_fields(target)


def _with(interview: Interview, question: Question, raw: Value) -> Interview:
    """The interview with that answer, whether its question shows or not; as it was where the answer does not fit."""
    if isinstance(question.form, NoteForm):
        return interview
    try:
        value = accept(question, raw, choices_of=interview.facts().kept_choices_of, today=interview.today)
    except Refused:
        return interview
    answered = replace(interview, answers=MappingProxyType({**interview.answers, question.id: value}))
    return answered if answered.facts().check_holds(question) else interview


def _answers(number: int) -> str:
    return "1 answer" if number == 1 else f"{number} answers"
