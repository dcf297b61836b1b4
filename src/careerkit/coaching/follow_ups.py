"""Follow-up playbooks: which ones an outcome suggests, and which answers carry over to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from types import MappingProxyType

from careerkit.coaching.ports import Library, OpenedPlaybook
from careerkit.coaching.screen import EndOfInput, Screen
from careerkit.core.errors import Refused
from careerkit.core.frozen import frozen
from careerkit.core.interview.facts import list_private_fields
from careerkit.core.interview.interview import Interview
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question
from careerkit.core.text import format_count
from careerkit.core.values import Value

MAX_OFFERS = 2
"""The person is about to stop, so don't show a menu."""


@frozen
class FollowUpLink:
    """A follow-up playbook. `carry` maps its questions to those of the playbook that suggests it."""

    playbook_id: str
    carry: Mapping[str, str]


@frozen
class FollowUp:
    """A playbook to continue with, its bytes, and the answers to start with."""

    playbook: Playbook
    source: bytes
    carried: Mapping[str, Value]


def list_links(entry: Entry) -> tuple[FollowUpLink, ...]:
    """The playbooks that the findings of `entry` suggest, each once, in the order of the findings.

    If two findings suggest the same playbook, their `carry` tables are merged and the first finding takes precedence.
    """
    found: dict[str, dict[str, str]] = {}
    for finding in entry.outcome.findings if entry.outcome else ():
        if finding.next:
            carry = found.setdefault(finding.next, {})
            carry |= {target: origin for target, origin in finding.carry.items() if target not in carry}
    return tuple(FollowUpLink(playbook_id, MappingProxyType(carry)) for playbook_id, carry in found.items())


def carry_answers(
    entry: Entry, playbook: Playbook | None, link: FollowUpLink, onto: Playbook, *, today: date
) -> Mapping[str, Value]:
    """The answers of `entry` that `onto` starts with; those that don't fit are left out.

    `playbook` is the one that `entry` was made with, None if it is unknown. A private answer, or one with private
    fields, carries over only to a question that keeps it private. Hidden answers don't carry over.
    """
    given = {answer.question: answer for answer in entry.answers if not answer.hidden}
    asked = {question.id: question for question in playbook.questions} if playbook else {}
    interview = Interview(onto, today=today)
    for question in onto.questions:  # in this order, so that items exist before the questions about them
        answer = given.get(link.carry.get(question.id, ""))
        if answer is not None and _is_kept_private(answer, asked.get(answer.question), question):
            interview = _add_answer(interview, question, answer.value)
    return interview.answers


def offer_follow_up(
    screen: Screen, entry: Entry, playbook: Playbook, library: Library, *, today: date, done: frozenset[str]
) -> FollowUp | None:
    """Offer the playbooks that `entry` suggests, at most two; returns the accepted one, or None.

    `done` are the playbooks just finished, which are not offered again. The end of input counts as a no.
    """
    wanted = [each for each in list_links(entry) if each.playbook_id not in done]
    openable = ((link, opened) for link in wanted if (opened := _open(library, link.playbook_id)) is not None)
    try:
        for link, opened in islice(openable, MAX_OFFERS):
            follow_up = _prepare(entry, playbook, link, opened, today)
            if screen.confirm(_format_offer(follow_up), default=False):
                return follow_up
    except EndOfInput:
        pass
    return None


def format_carry_notice(count: int, title: str) -> str:
    """The message at the start of a session with answers from an earlier entry."""
    if not count:
        return f"No answers were carried over from '{title}'."
    return (
        f"Carried over {format_count(count, 'answer')} from '{title}'. The review shows them, and you can change any."
    )


def _prepare(entry: Entry, playbook: Playbook, link: FollowUpLink, opened: OpenedPlaybook, today: date) -> FollowUp:
    carried = carry_answers(entry, playbook, link, opened.playbook, today=today)
    return FollowUp(opened.playbook, opened.source, carried)


def _open(library: Library, playbook_id: str) -> OpenedPlaybook | None:
    """The playbook, or None if it is missing or broken; then it is not offered."""
    try:
        return library.open(playbook_id)
    except Refused:
        return None


def _format_offer(follow_up: FollowUp) -> str:
    count = len(follow_up.carried)
    carries = f" It starts with {format_count(count, 'answer')} from this one." if count else ""
    return f"Continue with '{follow_up.playbook.title}' now?{carries}"


def _is_kept_private(answer: Answer, asked: Question | None, target: Question) -> bool:
    if target.private:
        return True
    hidden_fields = list_private_fields(asked) if asked else frozenset()
    return not answer.private and hidden_fields <= list_private_fields(target)


def _add_answer(interview: Interview, question: Question, raw: Value) -> Interview:
    """The interview with that answer, even if its question is hidden; unchanged if the answer doesn't fit."""
    if not question.spec.has_answer:
        return interview
    try:
        answered = interview.keep_answer(question.id, raw)
    except Refused:
        return interview
    return answered if answered.facts().check_holds(question) else interview
