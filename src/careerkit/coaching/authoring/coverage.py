"""Measure what the stories of a playbook reach: its questions, choices, findings, actions and lines of drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from careerkit.coaching.authoring.story_run import PartRun
from careerkit.core.facts import Facts
from careerkit.core.frozen import frozen
from careerkit.core.outcome.model import Outcome
from careerkit.core.playbook.model import ActionRule, DraftRule, FindingRule, Playbook, list_questions
from careerkit.core.questions.question import Question
from careerkit.core.text import abbreviate

PICKED_TYPES = ("choice", "choices")
"""The types of which a story picks some of the choices; the others use all of them."""
MAX_QUOTED = 60

CoverageKey = tuple[str, ...]


@frozen
class CoverageItem:
    """One thing to reach: `id` as in the playbook, such as `reason = away` for a choice, and its words."""

    id: str
    words: str


@frozen
class CoveredKind:
    """How many of one kind are reached, and which are not."""

    name: str
    total: int
    missing: tuple[CoverageItem, ...]

    @property
    def covered(self) -> int:
        return self.total - len(self.missing)


def measure_coverage(playbook: Playbook, parts: Iterable[PartRun]) -> tuple[CoveredKind, ...]:
    """What the runs reach together, kind by kind; kinds that the playbook doesn't have are left out."""
    reached = {key for part in parts for key in _list_reached(playbook, part)}
    kinds = (
        ("questions", dict(_list_questions(playbook))),
        ("choices", dict(_list_choices(playbook))),
        ("findings", dict(_list_findings(playbook))),
        ("draft lines", dict(_list_draft_lines(playbook))),
        ("actions", dict(_list_actions(playbook))),
    )
    return tuple(
        CoveredKind(name, len(items), tuple(item for key, item in items.items() if key not in reached))
        for name, items in kinds
        if items
    )


# ------------------------------------------------------------ what there is


def _list_questions(playbook: Playbook) -> Iterator[tuple[CoverageKey, CoverageItem]]:
    for each in list_questions(playbook):
        yield ("question", each.id), CoverageItem(each.id, each.ask)


def _list_choices(playbook: Playbook) -> Iterator[tuple[CoverageKey, CoverageItem]]:
    for question in _list_with_fields(playbook):
        for value, label in _list_values(question):
            yield ("choice", question.id, value), CoverageItem(f"{question.id} = {value}", label)


def _list_with_fields(playbook: Playbook) -> Iterator[Question]:
    for question in list_questions(playbook):
        yield from (question, *question.spec.fields)


def _list_values(question: Question) -> Iterator[tuple[str, str]]:
    if question.type == "yesno":
        yield from (("true", "Yes"), ("false", "No"))
    elif question.type in PICKED_TYPES:
        yield from ((choice.id, choice.label) for _, choices in question.spec.choice_lists() for choice in choices)


def _list_findings(playbook: Playbook) -> Iterator[tuple[CoverageKey, CoverageItem]]:
    for prefix, rule in _list_rules(playbook, "findings"):
        yield ("finding", prefix, rule.id), CoverageItem(_join(prefix, rule.id), rule.title.usual)  # type: ignore[union-attr]


def _list_actions(playbook: Playbook) -> Iterator[tuple[CoverageKey, CoverageItem]]:
    for prefix, rule in _list_rules(playbook, "actions"):
        yield ("action", prefix, rule.id), CoverageItem(_join(prefix, rule.id), rule.do.usual)  # type: ignore[union-attr]


def _list_draft_lines(playbook: Playbook) -> Iterator[tuple[CoverageKey, CoverageItem]]:
    for prefix, rule in _list_rules(playbook, "drafts"):
        for number, line in enumerate(rule.text, 1):  # type: ignore[union-attr]
            if line.text.strip():
                place = f"{_join(prefix, rule.id)}, line {number}"
                yield ("line", prefix, rule.id, str(number)), CoverageItem(place, line.text)


def _list_rules(playbook: Playbook, kind: str) -> Iterator[tuple[str, FindingRule | DraftRule | ActionRule]]:
    """The rules of the playbook, then those of its check-ins, each with the id of the check-in or ""."""
    yield from (("", each) for each in getattr(playbook, kind))
    for checkin in playbook.checkins:
        yield from ((checkin.id, each) for each in getattr(checkin, kind))


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


# ------------------------------------------------------------ what is reached


def _list_reached(playbook: Playbook, part: PartRun) -> Iterator[CoverageKey]:
    facts, outcome = part.facts, part.outcome
    if facts is None or outcome is None:
        return
    yield from (("question", each) for each in part.asked)
    for name in part.asked:
        yield from _list_chosen(facts, facts.index.questions[name])
    prefix = _find_checkin(playbook, part)
    yield from (("finding", prefix, each.id) for each in outcome.findings)
    yield from (("action", prefix, name) for each in outcome.actions for name in _get_rule_names(each.id))
    yield from _list_lines(facts, outcome, prefix)


def _find_checkin(playbook: Playbook, part: PartRun) -> str:
    if part.checkin is None:
        return ""
    name = part.checkin.id
    return name if any(each.id == name for each in playbook.checkins) else name.rpartition("_")[0]


def _get_rule_names(action: str) -> tuple[str, str]:
    """The id of the rule that made an action: `tell_1` comes from `tell`, if it isn't a rule itself."""
    base, _, number = action.rpartition("_")
    return action, base if number.isdigit() else action


def _list_chosen(facts: Facts, question: Question) -> Iterator[CoverageKey]:
    value = facts.value(question.id)
    if question.spec.fields and isinstance(value, tuple):
        for form in value:
            for field in question.spec.fields:
                yield from _list_picked(field, form.get(field.id))  # type: ignore[union-attr]
    else:
        yield from _list_picked(question, value)


def _list_picked(question: Question, value: object) -> Iterator[CoverageKey]:
    match value:
        case bool():
            yield "choice", question.id, str(value).lower()
        case str() if question.type in PICKED_TYPES:
            yield "choice", question.id, value
        case tuple() if question.type in PICKED_TYPES:
            yield from (("choice", question.id, str(each)) for each in value)


def _list_lines(facts: Facts, outcome: Outcome, prefix: str) -> Iterator[CoverageKey]:
    """The lines of the drafts that are shown, whose conditions hold."""
    shown = {each.id for each in outcome.drafts}
    for rule in facts.playbook.drafts:
        if rule.id in shown:
            for number, line in enumerate(rule.text, 1):
                if facts.holds(line.when):
                    yield "line", prefix, rule.id, str(number)


def describe_missing(item: CoverageItem) -> str:
    """One missing item on one line."""
    return f'{item.id}: "{abbreviate(item.words, MAX_QUOTED, whole_words=True)}"'
