"""What a session shows and offers around its questions: the review, what a change changes, follow-ups, and suggested names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from types import MappingProxyType

from careerkit.coaching.ports import (
    EndOfInput,
    Journal,
    Library,
    OpenedPlaybook,
    Reason,
    Review,
    ReviewFigure,
    ReviewLine,
    Screen,
)
from careerkit.core.errors import Refused
from careerkit.core.facts import Facts, list_private_fields
from careerkit.core.frozen import frozen
from careerkit.core.interview import Interview
from careerkit.core.journal.entry import Answer, Entry
from careerkit.core.outcome.evaluate import FigureChange, compare_outcomes, evaluate_computed
from careerkit.core.outcome.model import Outcome, is_figure
from careerkit.core.playbook.model import Playbook
from careerkit.core.questions.question import Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import TextSpec
from careerkit.core.rendering import TextRenderer
from careerkit.core.text import abbreviate, choose_verb, format_count
from careerkit.core.values import Value, collapse_spaces

MAX_REASON_LENGTH = 160
"""Characters of an answer that are quoted as a reason; the entry holds all of it."""

Reasons = dict[str, tuple[Reason, ...]]

MAX_NAMED = 3
"""Titles or figures that a message lists; it only counts the rest."""

RESULT_UNCHANGED = "The result is unchanged."
ANSWERS_UNCHANGED = "No answer has changed."

MAX_OFFERS = 2
"""The person is about to stop, so don't show a menu."""

NameLookup = Callable[[str], tuple[str, ...]]
"""Looks up the names in all entries except the given one. Reads entries, so it is called only when a question needs names."""

NAME_FIELD = "person"
MAX_NAMES = 9
"""One digit is enough to choose one."""

MAX_ENTRIES = 100
"""Older entries are not read, so that a question doesn't have to wait for a large journal."""


def build_review(
    interview: Interview, *, at_end: bool = False, news: tuple[str, ...] = (), is_finished: bool = False
) -> Review:
    """The questions of the current branch with their answers, and each labelled compute that has a value.

    Before the end it is shorter: of the figures it has only those whose band the person can change.
    """
    facts = interview.facts()
    wording = TextRenderer(facts)
    lines = [
        ReviewLine(facts.index.stage_of[each.id].title, each.id, wording.render(each.ask), _format(wording, each.id))
        for each in interview.questions()
    ]
    figures = [
        ReviewFigure(
            each.id,
            each.label,
            each.shown,
            each.arithmetic,
            each.band_label,
            each.overridden,
            tuple(band for band in facts.index.computes[each.id].bands if not band.unknown),
        )
        for each in evaluate_computed(facts)
        if is_figure(each) and (each.band_label or not at_end)
    ]
    return Review(tuple(lines), tuple(figures), at_end=at_end, news=news, is_finished=is_finished)


def collect_reasons(entry: Entry) -> Reasons:
    """For each finding id, the questions that it depends on with their answers.

    They are read from the entry, so that this works without the playbook.
    """
    answers = {
        answer.question: Reason(
            answer.asked, abbreviate(answer.shown, MAX_REASON_LENGTH, ellipsis=" …", whole_words=True)
        )
        for answer in entry.answers
    }
    findings = entry.outcome.findings if entry.outcome else ()
    return {each.id: tuple(answers[name] for name in each.because if name in answers) for each in findings}


@frozen
class QuestionChanges:
    """Ids of the questions that a changed answer affects.

    `hidden` were answered and no longer show, `restored` show again with their kept answer, `reopened` need another
    answer, `added` are new.
    """

    hidden: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def compare_questions(before: Facts, after: Facts) -> QuestionChanges:
    """The difference between two states of one interview."""
    questions = [each for each in after.playbook.questions if each.spec.has_answer]
    kept = [each for each in questions if before.stored_answer(each.id) is not None]
    fresh = [each for each in questions if after.is_visible(each) and not before.is_visible(each)]
    return QuestionChanges(
        hidden=tuple(each.id for each in kept if before.is_visible(each) and not after.is_visible(each)),
        restored=tuple(each.id for each in fresh if after.is_answered(each)),
        reopened=tuple(
            each.id
            for each in kept
            if before.is_visible(each)
            and after.is_visible(each)
            and before.is_answered(each)
            and not after.is_answered(each)
        ),
        added=tuple(each.id for each in fresh if not after.is_answered(each)),
    )


def describe_question_changes(before: Facts, after: Facts, *, is_revision: bool) -> str:
    """What the last answer hid, restored, reopened or added; "" for nothing.

    `is_revision`: the question had been answered before. Otherwise added questions are not worth a message.
    """
    changes = compare_questions(before, after)
    parts: list[str] = []
    if changes.hidden:
        number = len(changes.hidden)
        no_longer, kept = (
            ("applies", "It is kept in case it does") if number == 1 else ("apply", "They are kept in case they do")
        )
        parts.append(f"{format_count(number, 'answer')} no longer {no_longer}. {kept} again.")
    if changes.restored:
        parts.append(f"Back again: {format_count(len(changes.restored), 'earlier answer')}.")
    if changes.reopened:
        asks = [TextRenderer(after).render(after.index.questions[each].ask) for each in changes.reopened]
        parts.append("Please check again: " + " ".join(asks))
    if changes.added and is_revision:
        parts.append(f"New: {format_count(len(changes.added), 'question')}.")
    return " ".join(parts)


def describe_result_changes(before: Outcome, after: Outcome, playbook: Playbook) -> tuple[str, ...]:
    """A line for each kind of change in the result, or one that says there is none."""
    found = compare_outcomes(before, after, playbook)
    lines = [
        *_list_titles("New in the result", found.new),
        *_list_titles("No longer in the result", found.removed),
        *_list_figures(found.changed_figures),
    ]
    if found.reworded:
        verb = choose_verb(found.reworded, "is", "are")
        lines.append(f"{format_count(found.reworded, 'passage')} in the result {verb} worded differently now.")
    return tuple(lines) or (RESULT_UNCHANGED,)


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


def suggest_no_names(_exclude: str) -> tuple[str, ...]:
    """The lookup if suggestions are turned off."""
    return ()


def find_earlier_names(journal: Journal, *, exclude: str) -> tuple[str, ...]:
    """The names in the forms of earlier entries, newest first, each once. Unreadable entries are skipped.

    `exclude` is the id of the entry being written.
    """
    found: dict[str, str] = {}
    for listed in journal.listing(limit=MAX_ENTRIES).entries:
        if listed.id == exclude or len(found) >= MAX_NAMES:
            continue
        try:
            entry = journal.read(listed.id).entry
        except Refused:
            continue
        for name in _iterate_names(entry):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:MAX_NAMES]


def suggest_names(question: Question, names: NameLookup, *, exclude: str) -> Mapping[str, tuple[str, ...]]:
    """The names that fit, by field of a form. `names` is called only if there is such a field."""
    form = question.spec
    fields = form.fields if isinstance(form, RecordsSpec) else ()
    limits = {
        field.id: field.spec.max for field in fields if field.id == NAME_FIELD and isinstance(field.spec, TextSpec)
    }
    fitting = {each: tuple(name for name in names(exclude) if len(name) <= limit) for each, limit in limits.items()}
    return MappingProxyType({each: found for each, found in fitting.items() if found})


def _format(wording: TextRenderer, question_id: str) -> str:
    kept = wording.facts.stored_answer(question_id)
    return "" if kept is None else wording.render_answer(question_id, kept)


def _list_titles(label: str, titles: Sequence[str]) -> list[str]:
    if not titles:
        return []
    more = f"; and {len(titles) - MAX_NAMED} more" if len(titles) > MAX_NAMED else ""
    return [f"{label}: {'; '.join(each.rstrip('.') for each in titles[:MAX_NAMED])}{more}."]


def _list_figures(moved: Sequence[FigureChange]) -> list[str]:
    lines = [
        f"{each.label}: {each.now or 'no longer shown'}" + (f" (before: {each.before})" if each.before else "") + "."
        for each in moved[:MAX_NAMED]
    ]
    more = len(moved) - MAX_NAMED
    return lines + ([f"{format_count(more, 'more figure')} changed."] if more > 0 else [])


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


def _iterate_names(entry: Entry) -> Iterator[str]:
    for answer in entry.answers:
        for record in answer.value if isinstance(answer.value, tuple) else ():
            name = record.get(NAME_FIELD) if isinstance(record, Mapping) else None
            if isinstance(name, str) and name.strip():
                yield collapse_spaces(name)
