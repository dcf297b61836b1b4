"""From facts to an outcome: which findings, drafts and actions hold, and how they read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar, cast

from careerkit.core.due import parse_due, resolve
from careerkit.core.expression import arithmetic, parse
from careerkit.core.facts import Facts
from careerkit.core.facts.privacy import is_private, looks_at_private
from careerkit.core.frozen import replace
from careerkit.core.outcome.model import Action, Bar, Checkin, Computed, Draft, Finding, Outcome, When
from careerkit.core.playbook.model import (
    ActionRule,
    CheckinRule,
    Compute,
    DecisionRule,
    DraftRule,
    FindingRule,
    Line,
    ScaleForm,
    TallyLine,
)
from careerkit.core.playbook.template import Insert
from careerkit.core.playbook.template import parse as parse_template
from careerkit.core.wording import Wording, number_text

T = TypeVar("T")
UNDATED = datetime(9999, 12, 31, tzinfo=UTC)
"""The moment for what is evaluated without any date in it."""


def evaluate_outcome(facts: Facts, *, given: datetime, quick: bool = False, shared: bool = False) -> Outcome:
    """All that follows from the answers now.

    `given` is the moment from which dates count. `quick`: only what the quick lane shows. `shared`: nothing private;
    inserted private values read as `…`, and what has one in its `when` is left out.
    """
    return _Evaluation(facts, given=given, shared=shared).outcome(quick=quick)


def evaluate_computed(facts: Facts) -> tuple[Computed, ...]:
    """Every compute that has a value now."""
    return _Evaluation(facts, given=UNDATED, shared=False).all_computed()


def evaluate_finding(facts: Facts, rule: FindingRule) -> Finding | None:
    """One finding as it stands now, or None where it does not hold. For what is shown at once."""
    return _Evaluation(facts, given=UNDATED, shared=False).finding(rule)


def settle(early: Outcome | None, final: Outcome) -> Outcome:
    """`final`, with the actions that were given early keeping their date and state; those that no longer hold are dropped."""
    if early is None:
        return final
    kept = {action.id: action for action in early.actions}
    actions = [
        replace(each, due=kept[each.id].due, state=kept[each.id].state) if each.id in kept else each
        for each in final.actions
    ]
    holding = {action.id for action in final.actions}
    dropped = [replace(each, state="dropped") for each in early.actions if each.id not in holding]
    return replace(final, given=early.given, actions=(*actions, *dropped))


class _Evaluation:
    def __init__(self, facts: Facts, *, given: datetime, shared: bool) -> None:
        self._facts = facts
        self._given = given
        self._shared = shared
        self._wording = Wording(facts, shared=shared)

    def outcome(self, *, quick: bool) -> Outcome:
        playbook = self._facts.playbook
        wanted = [rule for rule in playbook.findings if rule.quick or not quick]
        checkins = () if quick else playbook.checkins
        return Outcome(
            given=self._given,
            computed=self.all_computed(),
            decisions=tuple(self._facts.decision(rule) for rule in playbook.decisions if self._may_show(rule)),
            findings=_present(self.finding(rule) for rule in wanted),
            drafts=_present(self.draft(rule) for rule in playbook.drafts if rule.quick or not quick),
            actions=_present(self.action(rule) for rule in playbook.actions if rule.quick or not quick),
            checkins=_present(self.checkin(rule) for rule in checkins),
        )

    def _may_show(self, rule: DecisionRule) -> bool:
        private = is_private(self._facts, f"{rule.id}_first")  # every part of it rests on the same answers
        return not (self._shared and private)

    def all_computed(self) -> tuple[Computed, ...]:
        computes = self._facts.playbook.computes
        return tuple(self.computed(each) for each in computes if self._facts.value(each.id) is not None)

    def finding(self, rule: FindingRule) -> Finding | None:
        if not self._holds(rule.when):
            return None
        text = self._wording.text(rule.text)
        compute = self._facts.index.computes.get(rule.tally)
        lines = self._facts.tally_lines(compute) if compute else ()
        if not text and (compute is None or self._facts.value(compute.id) is None):
            return None
        return Finding(
            id=rule.id,
            title=self._wording.line(rule.title),
            text=text,
            level=rule.level,
            because=self._because(rule, lines),
            supports=self._arguments(line for line in lines if line.points > 0),
            opposes=self._arguments(line for line in lines if line.points < 0),
            profile=_present(self._bar(name) for name in rule.profile),
            source=rule.source,
            next=rule.next,
            carry=rule.carry,
            private=self._touches_private(rule.when, rule.title, rule.text),
        )

    def draft(self, rule: DraftRule) -> Draft | None:
        text = self._wording.text(rule.text) if self._holds(rule.when) else ""
        if not text:
            return None
        private = self._touches_private(rule.when, rule.to, rule.text)
        return Draft(rule.id, self._wording.line(rule.title), self._wording.line(rule.to), text, rule.source, private)

    def action(self, rule: ActionRule) -> Action | None:
        if not self._holds(rule.when):
            return None
        lines = tuple(Line(text) for text in (rule.cue, rule.evidence))
        return Action(
            id=rule.id,
            do=self._wording.line(rule.do),
            cue=self._wording.line(rule.cue),
            due=self._due(rule.due),
            evidence=self._wording.line(rule.evidence),
            source=rule.source,
            private=self._touches_private(rule.when, rule.do, lines),
        )

    def checkin(self, rule: CheckinRule) -> Checkin | None:
        if not self._holds(rule.when):
            return None
        return Checkin(rule.id, self._wording.line(rule.title), self._due(rule.after))

    def computed(self, compute: Compute) -> Computed:
        facts, private = self._facts, is_private(self._facts, compute.id)
        hidden = private and self._shared
        band = facts.band(compute.id) if compute.bands else None
        lines = () if hidden else facts.tally_lines(compute)
        return Computed(
            id=compute.id,
            label=compute.label,
            value=None if hidden else facts.value(compute.id),
            shown=self._wording.value(compute.id),
            arithmetic="" if hidden else self.arithmetic(compute, lines),
            band=band or "",
            band_label=next((each.label for each in compute.bands if each.id == band), ""),
            overridden=band is not None and band != facts.own_band(compute.id),
            supports=self._arguments(line for line in lines if line.points > 0),
            opposes=self._arguments(line for line in lines if line.points < 0),
            because=self._in_order(facts.rests_on(compute.id)),
            private=private,
        )

    def arithmetic(self, compute: Compute, lines: tuple[TallyLine, ...]) -> str:
        if self._facts.value(compute.id) is None:
            return ""
        if compute.value:
            labels = self._wording.labels(compute.id)
            return arithmetic(parse(compute.value), self._facts, lambda each: labels.get(each, each))
        sums = number_text(compute.start) + "".join(
            f" {'+' if line.points >= 0 else '-'} {number_text(abs(line.points))}" for line in lines
        )
        return f"{sums}, kept within {number_text(compute.min)} to {number_text(compute.max)}"

    def _holds(self, condition: str) -> bool:
        if self._shared and looks_at_private(self._facts, condition):
            return False
        return self._facts.holds(condition)

    def _due(self, written: str) -> When | None:
        due = parse_due(written)
        return resolve(due, given=self._given, date_of=self._date_of) if due else None

    def _date_of(self, question: str) -> date | None:
        value = self._facts.value(question)
        return value if isinstance(value, date) else None

    def _because(self, rule: FindingRule, lines: tuple[TallyLine, ...]) -> tuple[str, ...]:
        conditions = [
            rule.when,
            *(line.when for line in lines),
            *(line.when for line in rule.text if self._facts.holds(line.when)),
        ]
        roots = frozenset().union(*(self._facts.condition_rests_on(condition) for condition in conditions))
        return self._in_order(roots or self._facts.rests_on(*self._inserted(rule.title, rule.text)))

    def _in_order(self, questions: Iterable[str]) -> tuple[str, ...]:
        answered = [name for name in questions if self._facts.value(name) is not None]
        return tuple(sorted(answered, key=self._facts.index.order.__getitem__))

    def _arguments(self, lines: Iterable[TallyLine]) -> tuple[str, ...]:
        return tuple(
            f"{self._wording.line(line.text)} ({'+' if line.points > 0 else '-'}{number_text(abs(line.points))})"
            for line in lines
            if line.text and not (self._shared and looks_at_private(self._facts, line.when))
        )

    def _bar(self, name: str) -> Bar | None:
        value = self._facts.value(name)
        if not isinstance(value, Decimal) or (self._shared and is_private(self._facts, name)):
            return None
        compute = self._facts.index.computes.get(name)
        if compute is not None:
            return Bar(name, compute.label or name, value, compute.min, compute.max)
        question = self._facts.index.questions[name]
        form = cast("ScaleForm", question.form)
        return Bar(name, self._wording.line(question.ask), value, Decimal(form.min), Decimal(form.max))

    def _touches_private(self, when: str, title: str, lines: tuple[Line, ...]) -> bool:
        conditions = [when, *(line.when for line in lines)]
        named = self._inserted(title, lines)
        return any(looks_at_private(self._facts, each) for each in conditions) or any(
            is_private(self._facts, name) for name in named
        )

    def _inserted(self, title: str, lines: tuple[Line, ...]) -> set[str]:
        templates = [title, *(line.text for line in lines if self._facts.holds(line.when))]
        return {part.id for text in templates for part in parse_template(text) if isinstance(part, Insert)}


def _present(items: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(item for item in items if item is not None)
