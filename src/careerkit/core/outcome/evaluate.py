"""Evaluate the outcome of an interview (figures, findings, drafts, plan), and compare two outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from careerkit.core.due_dates import parse_relative_date, resolve_relative_date
from careerkit.core.expressions.explain import explain_expression
from careerkit.core.expressions.parser import parse
from careerkit.core.formatting import format_number
from careerkit.core.frozen import frozen, replace
from careerkit.core.interview.facts import Facts, is_private, is_private_expression
from careerkit.core.interview.rendering import TextRenderer
from careerkit.core.outcome.decision.summary import get_decision_labels, rank_options
from careerkit.core.outcome.model import (
    Action,
    Bar,
    Checkin,
    ComputedValue,
    Draft,
    DueTime,
    Finding,
    Outcome,
    is_figure,
)
from careerkit.core.playbook.model import (
    ActionRule,
    CheckinRule,
    Compute,
    DecisionRule,
    DraftRule,
    FindingRule,
    Playbook,
    TallyLine,
)
from careerkit.core.questions.question import Line
from careerkit.core.template import Insert, parse_template

T = TypeVar("T")
OutcomeParts = Mapping[tuple[str, str], tuple[str, object]]
"""(kind, id) -> the title of a part, and the rest of its text."""

UNDATED = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands in for the moment of the outcome when only parts without dates are evaluated."""


@frozen
class FigureChange:
    """A changed figure, or a different best option, as text; "" where there was or is none."""

    label: str
    before: str
    now: str


@frozen
class OutcomeDiff:
    """How an outcome has changed.

    `new` and `removed` are titles of findings and drafts, and what actions say to do. `reworded` counts the other parts
    whose text differs.
    """

    new: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed_figures: tuple[FigureChange, ...] = ()
    reworded: int = 0


def evaluate_outcome(facts: Facts, *, given: datetime, quick: bool = False, shared: bool = False) -> Outcome:
    """The outcome of the answers.

    Relative dates count from `given`. With `quick`, only what the quick lane shows. With `shared`, private values are
    shown as `…`, and parts whose condition uses one are left out.
    """
    return _OutcomeEvaluator(facts, given=given, shared=shared).evaluate(quick=quick)


def evaluate_computed(facts: Facts) -> tuple[ComputedValue, ...]:
    """The computes that have a value."""
    return _OutcomeEvaluator(facts, given=UNDATED, shared=False).evaluate_computes()


def evaluate_finding(facts: Facts, rule: FindingRule) -> Finding | None:
    """One finding, for showing it during the interview; None if its condition doesn't hold or it would be empty."""
    return _OutcomeEvaluator(facts, given=UNDATED, shared=False).evaluate_finding(rule)


def merge_early(early: Outcome | None, final: Outcome) -> Outcome:
    """The final outcome, in which actions from the early one keep their due date and state.

    Early actions that are no longer part of it are added as dropped.
    """
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


def compare_outcomes(before: Outcome, after: Outcome, playbook: Playbook) -> OutcomeDiff:
    """What has changed between two outcomes of one interview whose dates count from the same moment."""
    was, now = _collect_parts(before), _collect_parts(after)
    return OutcomeDiff(
        new=tuple(title for key, (title, _) in now.items() if key not in was),
        removed=tuple(title for key, (title, _) in was.items() if key not in now),
        changed_figures=_compare_figures(_collect_figures(before, playbook), _collect_figures(after, playbook)),
        reworded=sum(1 for key, part in now.items() if key in was and was[key] != part),
    )


class _OutcomeEvaluator:
    def __init__(self, facts: Facts, *, given: datetime, shared: bool) -> None:
        self._facts = facts
        self._given = given
        self._shared = shared
        self._renderer = TextRenderer(facts, shared=shared)

    def evaluate(self, *, quick: bool) -> Outcome:
        playbook = self._facts.playbook
        wanted = [rule for rule in playbook.findings if rule.quick or not quick]
        checkins = () if quick else playbook.checkins
        return Outcome(
            given=self._given,
            computed=self.evaluate_computes(),
            decisions=tuple(self._facts.decision(rule) for rule in playbook.decisions if self._may_show(rule)),
            findings=_drop_none(self.evaluate_finding(rule) for rule in wanted),
            drafts=_drop_none(self.evaluate_draft(rule) for rule in playbook.drafts if rule.quick or not quick),
            actions=_drop_none(self.evaluate_action(rule) for rule in playbook.actions if rule.quick or not quick),
            checkins=_drop_none(self.evaluate_checkin(rule) for rule in checkins),
        )

    def _may_show(self, rule: DecisionRule) -> bool:
        private = is_private(self._facts, f"{rule.id}_first")  # all of its parts depend on the same answers
        return not (self._shared and private)

    def evaluate_computes(self) -> tuple[ComputedValue, ...]:
        computes = self._facts.playbook.computes
        return tuple(self.evaluate_compute(each) for each in computes if self._facts.value(each.id) is not None)

    def evaluate_finding(self, rule: FindingRule) -> Finding | None:
        if not self._holds(rule.when):
            return None
        text = self._renderer.render_lines(rule.text)
        compute = self._facts.index.computes.get(rule.tally)
        lines = self._facts.tally_lines(compute) if compute else ()
        if not text and (compute is None or self._facts.value(compute.id) is None):
            return None
        return Finding(
            id=rule.id,
            title=self._renderer.render(rule.title),
            text=text,
            level=rule.level,
            because=self._find_reasons(rule, lines),
            supports=self._format_arguments(line for line in lines if line.points > 0),
            opposes=self._format_arguments(line for line in lines if line.points < 0),
            profile=_drop_none(self._build_bar(name) for name in rule.profile),
            source=rule.source,
            next=rule.next,
            carry=rule.with_,
            private=self._is_private(rule.when, rule.title, rule.text),
        )

    def evaluate_draft(self, rule: DraftRule) -> Draft | None:
        text = self._renderer.render_lines(rule.text) if self._holds(rule.when) else ""
        if not text:
            return None
        private = self._is_private(rule.when, rule.to, rule.text)
        return Draft(
            rule.id, self._renderer.render(rule.title), self._renderer.render(rule.to), text, rule.source, private
        )

    def evaluate_action(self, rule: ActionRule) -> Action | None:
        if not self._holds(rule.when):
            return None
        lines = tuple(Line(text) for text in (rule.cue, rule.evidence))
        return Action(
            id=rule.id,
            do=self._renderer.render(rule.do),
            cue=self._renderer.render(rule.cue),
            due=self._resolve_due(rule.due),
            evidence=self._renderer.render(rule.evidence),
            source=rule.source,
            private=self._is_private(rule.when, rule.do, lines),
        )

    def evaluate_checkin(self, rule: CheckinRule) -> Checkin | None:
        if not self._holds(rule.when):
            return None
        return Checkin(rule.id, self._renderer.render(rule.title), self._resolve_due(rule.after))

    def evaluate_compute(self, compute: Compute) -> ComputedValue:
        facts, private = self._facts, is_private(self._facts, compute.id)
        hidden = private and self._shared
        band = facts.band(compute.id) if compute.bands else None
        lines = () if hidden else facts.tally_lines(compute)
        return ComputedValue(
            id=compute.id,
            label=compute.label,
            value=None if hidden else facts.value(compute.id),
            shown=self._renderer.render_value(compute.id),
            arithmetic="" if hidden else self.explain_compute(compute, lines),
            band=band or "",
            band_label=next((each.label for each in compute.bands if each.id == band), ""),
            overridden=band is not None and band != facts.computed_band(compute.id),
            supports=self._format_arguments(line for line in lines if line.points > 0),
            opposes=self._format_arguments(line for line in lines if line.points < 0),
            because=self._sort_answered(facts.depends_on(compute.id)),
            private=private,
        )

    def explain_compute(self, compute: Compute, lines: tuple[TallyLine, ...]) -> str:
        if self._facts.value(compute.id) is None:
            return ""
        if compute.value:
            labels = self._renderer.get_labels(compute.id)
            return explain_expression(parse(compute.value), self._facts, lambda each: labels.get(each, each))
        total = format_number(compute.start) + "".join(
            f" {'+' if line.points >= 0 else '-'} {format_number(abs(line.points))}" for line in lines
        )
        return f"{total}, kept within {format_number(compute.min)} to {format_number(compute.max)}"

    def _holds(self, condition: str) -> bool:
        if self._shared and is_private_expression(self._facts, condition):
            return False
        return self._facts.holds(condition)

    def _resolve_due(self, written: str) -> DueTime | None:
        due = parse_relative_date(written)
        return resolve_relative_date(due, given=self._given, get_date=self._get_date) if due else None

    def _get_date(self, question: str) -> date | None:
        value = self._facts.value(question)
        return value if isinstance(value, date) else None

    def _find_reasons(self, rule: FindingRule, lines: tuple[TallyLine, ...]) -> tuple[str, ...]:
        conditions = [
            rule.when,
            *(line.when for line in lines),
            *(line.when for line in rule.text if self._facts.holds(line.when)),
        ]
        roots = frozenset().union(*(self._facts.condition_depends_on(condition) for condition in conditions))
        return self._sort_answered(roots or self._facts.depends_on(*self._find_inserted_names(rule.title, rule.text)))

    def _sort_answered(self, questions: Iterable[str]) -> tuple[str, ...]:
        answered = [name for name in questions if self._facts.value(name) is not None]
        return tuple(sorted(answered, key=self._facts.index.order.__getitem__))

    def _format_arguments(self, lines: Iterable[TallyLine]) -> tuple[str, ...]:
        return tuple(
            f"{self._renderer.render(line.text)} ({'+' if line.points > 0 else '-'}{format_number(abs(line.points))})"
            for line in lines
            if line.text and not (self._shared and is_private_expression(self._facts, line.when))
        )

    def _build_bar(self, name: str) -> Bar | None:
        value = self._facts.value(name)
        if not isinstance(value, Decimal) or (self._shared and is_private(self._facts, name)):
            return None
        compute = self._facts.index.computes.get(name)
        if compute is not None:
            return Bar(name, compute.label or name, value, compute.min, compute.max)
        question = self._facts.index.questions[name]
        low, high = question.spec.number_range
        return None if low is None or high is None else Bar(name, self._renderer.render(question.ask), value, low, high)

    def _is_private(self, when: str, title: str, lines: tuple[Line, ...]) -> bool:
        conditions = [when, *(line.when for line in lines)]
        named = self._find_inserted_names(title, lines)
        return any(is_private_expression(self._facts, each) for each in conditions) or any(
            is_private(self._facts, name) for name in named
        )

    def _find_inserted_names(self, title: str, lines: tuple[Line, ...]) -> set[str]:
        templates = [title, *(line.text for line in lines if self._facts.holds(line.when))]
        return {part.id for text in templates for part in parse_template(text) if isinstance(part, Insert)}


def _drop_none(items: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(item for item in items if item is not None)


def _collect_parts(outcome: Outcome) -> OutcomeParts:
    findings = {
        ("finding", each.id): (each.title, (each.level, each.text, each.supports, each.opposes))
        for each in outcome.findings
    }
    drafts = {("draft", each.id): (each.title, (each.to, each.text)) for each in outcome.drafts}
    actions = {("action", each.id): (each.do, (each.cue, each.due, each.evidence)) for each in outcome.actions}
    return {**findings, **drafts, **actions}


def _collect_figures(outcome: Outcome, playbook: Playbook) -> dict[str, tuple[str, str]]:
    """Id -> the label of a figure and its value as text."""
    figures = {each.id: (each.label, _format_figure(each)) for each in outcome.computed if is_figure(each)}
    for decision in outcome.decisions:
        order, labels = rank_options(decision), get_decision_labels(decision, playbook)
        if order:
            figures[f"{decision.id}_first"] = "First by your own figures", labels.get(order[0][0], order[0][0])
    return figures


def _format_figure(figure: ComputedValue) -> str:
    return f"{figure.shown}, {figure.band_label}" if figure.band_label else figure.shown


def _compare_figures(was: dict[str, tuple[str, str]], now: dict[str, tuple[str, str]]) -> tuple[FigureChange, ...]:
    none = ("", "")
    return tuple(
        FigureChange((now.get(key) or was[key])[0], was.get(key, none)[1], now.get(key, none)[1])
        for key in dict.fromkeys((*was, *now))
        if was.get(key) != now.get(key)
    )
