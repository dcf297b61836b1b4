"""A check-in as an interview: its questions are asked, and the answers of the first interview are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from careerkit.core.frozen import replace
from careerkit.core.interview.interview import Interview
from careerkit.core.interview.rendering import TextRenderer
from careerkit.core.playbook.model import CheckinRule, Playbook, Stage
from careerkit.core.values import Value

STAGE_PREFIX = "checkin:"


def find_checkin_rule(playbook: Playbook, checkin_id: str) -> CheckinRule | None:
    """The rule of a check-in; that of a repeated one, `week_3`, is `week`. None if the playbook has no such rule."""
    rules = {each.id: each for each in playbook.checkins}
    if checkin_id in rules:
        return rules[checkin_id]
    base, _, number = checkin_id.rpartition("_")
    rule = rules.get(base)
    return rule if rule and rule.every and number.isdigit() else None


def start_checkin(
    interview: Interview, rule: CheckinRule, answers: Mapping[str, Value], *, done: frozenset[str], today: date
) -> Interview:
    """The interview of a check-in.

    `interview` is the first one, with its corrections; `answers` are those given in this check-in so far, by question,
    and `done` the ids of finished actions. The playbook of the result has the check-in as its last stage, which alone is
    asked, and the check-in's findings, drafts and actions instead of its own.
    """
    playbook = interview.playbook
    title = TextRenderer(interview.facts()).render(rule.title)
    stage = Stage(STAGE_PREFIX + rule.id, title, rule.questions)
    derived = replace(
        playbook,
        stages=(*playbook.stages, stage),
        findings=rule.findings,
        drafts=rule.drafts,
        actions=rule.actions,
        checkins=tuple(each for each in playbook.checkins if each.id != rule.id),
        headlines=(),
        small="",
        deadline="",
        deadline_hour="",
    )
    return replace(
        interview,
        playbook=derived,
        today=today,
        lane="full",
        answers=MappingProxyType({**interview.answers, **answers}),
        shown=frozenset((f"stage:{stage.id}",)),
        skipped=frozenset(),
        cursor="",
        drafts=MappingProxyType({}),
        only_stage=stage.id,
        done=done,
    )
