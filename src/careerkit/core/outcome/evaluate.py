"""Evaluate the outcome of an interview (figures, findings, drafts, plan), and compare two outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar, cast

from careerkit.core.due_dates import RelativeDate, add_offset, due_sort_key, parse_due, parse_relative_date
from careerkit.core.expressions.parser import parse
from careerkit.core.facts import Facts, is_private, is_private_expression
from careerkit.core.frozen import frozen, replace
from careerkit.core.outcome.model import (
    Action,
    Bar,
    Checkin,
    ComputedValue,
    Draft,
    DueTime,
    Finding,
    Outcome,
    Prediction,
    get_decision_labels,
    is_figure,
    rank_options,
)
from careerkit.core.outcome.schedule import Schedule, choose_earlier
from careerkit.core.playbook.model import (
    ActionRule,
    CheckinRule,
    Compute,
    DecisionRule,
    DraftRule,
    DueOption,
    DueRule,
    FindingRule,
    Playbook,
    TallyLine,
)
from careerkit.core.questions.question import Line, Question
from careerkit.core.rendering import TextRenderer, explain_expression
from careerkit.core.text import find_inserted_names
from careerkit.core.values import Level, Record, format_number

T = TypeVar("T")
HasLevel = TypeVar("HasLevel", Finding, FindingRule)
OutcomeParts = Mapping[tuple[str, str], tuple[str, object]]
"""(kind, id) -> the title of a part, and the rest of its text."""

MAX_PER_RULE = 10
"""The most actions that one rule with `each` makes."""
MAX_REPEATED = 12
"""The most times that one check-in is repeated."""
SMALL_FINDINGS, SMALL_DRAFTS, SMALL_ACTIONS, SMALL_CHECKINS = 1, 1, 2, 1
"""The most of each part in the outcome of a small matter."""

_LEVEL_ORDER = {"stop": 0, "care": 1}
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
    """The final outcome, in which actions from the early one keep their state and, unless it is sooner now, their due date.

    Early actions that are no longer part of it are added as dropped.
    """
    if early is None:
        return final
    kept = {action.id: action for action in early.actions}
    actions = sort_plan(tuple(_keep_action(kept[each.id], each) if each.id in kept else each for each in final.actions))
    holding = {action.id for action in final.actions}
    dropped = [replace(each, state="dropped") for each in early.actions if each.id not in holding]
    return replace(final, given=early.given, actions=(*actions, *dropped))


def sort_plan(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The actions by time: on each day first those with a time, then those for the whole day; undated ones come last."""
    return tuple(sorted(actions, key=lambda action: due_sort_key(action.due)))


def sort_findings(findings: tuple[HasLevel, ...]) -> tuple[HasLevel, ...]:
    """The findings that stop everything, then those to take care of, then the others, each in the order of the playbook.

    Their rules are sorted likewise.
    """
    return tuple(sorted(findings, key=lambda finding: _LEVEL_ORDER.get(finding.level, len(_LEVEL_ORDER))))


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
        self._speech = TextRenderer(facts, shared=shared, as_speech=True)
        self._cached_schedule: Schedule | None = None

    def evaluate(self, *, quick: bool) -> Outcome:
        playbook = self._facts.playbook
        wanted = [rule for rule in playbook.findings if rule.quick or not quick]
        checkins = () if quick else playbook.checkins
        findings = _drop_none(self.evaluate_finding(rule) for rule in wanted)
        drafts = _drop_none(self.evaluate_draft(rule) for rule in playbook.drafts if rule.quick or not quick)
        wanted_actions = [rule for rule in playbook.actions if rule.quick or not quick]
        actions = tuple(action for rule in wanted_actions for action in self.evaluate_actions(rule))
        checkins_due = tuple(checkin for rule in checkins for checkin in self.evaluate_checkins(rule))
        headline, level = self.evaluate_headline()
        small = bool(playbook.small) and self._facts.holds(playbook.small)
        return Outcome(
            given=self._given,
            computed=self.evaluate_computes(),
            decisions=tuple(self._facts.decision(rule) for rule in playbook.decisions if self._may_show(rule)),
            findings=sort_findings(findings)[: SMALL_FINDINGS if small else None],
            drafts=drafts[: SMALL_DRAFTS if small else None],
            actions=sort_plan(actions)[: SMALL_ACTIONS if small else None],
            checkins=checkins_due[: SMALL_CHECKINS if small else None],
            headline=headline,
            headline_level=level,
            small=small,
            predictions=_drop_none(
                self.evaluate_prediction(rule, each)
                for rule in (() if quick or small else playbook.checkins)
                for each in rule.questions
            ),
        )

    def evaluate_headline(self) -> tuple[str, Level]:
        """The first headline whose condition holds and that isn't empty, with its level."""
        for rule in self._facts.playbook.headlines:
            text = self._speech.render_wording(rule.text) if self._holds(rule.when) else ""
            if text:
                return text, rule.level
        return "", "info"

    def _may_show(self, rule: DecisionRule) -> bool:
        private = is_private(self._facts, f"{rule.id}_first")  # all of its parts depend on the same answers
        return not (self._shared and private)

    def evaluate_computes(self) -> tuple[ComputedValue, ...]:
        computes = self._facts.playbook.computes
        return tuple(self.evaluate_compute(each) for each in computes if self._facts.value(each.id) is not None)

    def evaluate_finding(self, rule: FindingRule) -> Finding | None:
        if not self._holds(rule.when):
            return None
        title, text = self._renderer.render_wording(rule.title), self._renderer.render_lines(rule.text)
        compute = self._facts.index.computes.get(rule.tally)
        lines = self._facts.tally_lines(compute) if compute else ()
        if not title:
            return None
        if not text and (compute is None or self._facts.value(compute.id) is None):
            return None
        return Finding(
            id=rule.id,
            title=title,
            text=text,
            level=rule.level,
            because=self._find_reasons(rule, lines),
            supports=self._format_arguments(line for line in lines if line.points > 0),
            opposes=self._format_arguments(line for line in lines if line.points < 0),
            profile=_drop_none(self._build_bar(name) for name in rule.profile),
            source=rule.source,
            next=rule.next,
            carry=rule.with_,
            private=self._is_private(rule.when, rule.title.lines, rule.text),
        )

    def evaluate_draft(self, rule: DraftRule) -> Draft | None:
        text = self._speech.render_lines(rule.text) if self._holds(rule.when) else ""
        if not text:
            return None
        private = self._is_private(rule.when, rule.title.lines, rule.to.lines, rule.text)
        title, to = self._renderer.render_wording(rule.title), self._renderer.render_wording(rule.to)
        return Draft(rule.id, title, to, text, rule.source, private)

    def evaluate_actions(self, rule: ActionRule) -> tuple[Action, ...]:
        """The action; with `each`, one for each form that its condition selects, with numbered ids."""
        if not rule.each:
            return _drop_none([self.evaluate_action(rule)])
        question, forms = self._facts.index.questions[rule.each], self._facts.value(rule.each)
        if not self._holds(rule.when) or not isinstance(forms, tuple):
            return ()
        if self._shared and is_private(self._facts, rule.each):
            return ()
        made: list[Action] = []
        for form in cast("tuple[Record, ...]", forms):
            inner = _OutcomeEvaluator(self._facts.for_form(question, form), given=self._given, shared=self._shared)
            if inner._holds(rule.each_when) and (action := inner.evaluate_action(rule)):
                made.append(action)
        return tuple(replace(each, id=f"{rule.id}_{number}") for number, each in enumerate(made[:MAX_PER_RULE], 1))

    def evaluate_action(self, rule: ActionRule) -> Action | None:
        if not self._holds(rule.when):
            return None
        do = self._renderer.render_wording(rule.do)
        if not do:
            return None
        return Action(
            id=rule.id,
            do=do,
            cue=self._renderer.render_wording(rule.cue),
            due=self._find_due(rule.due, office=rule.office, after_deadline=rule.after_deadline),
            evidence=self._renderer.render_wording(rule.evidence),
            source=rule.source,
            private=self._is_private(rule.when, rule.do.lines, rule.cue.lines, rule.evidence.lines, rule.owner.lines),
            owner=self._renderer.render_wording(rule.owner),
        )

    def evaluate_checkins(self, rule: CheckinRule) -> tuple[Checkin, ...]:
        """The check-in; with `every`, repeated until its last date, with numbered ids."""
        if not self._holds(rule.when):
            return ()
        title, due = self._renderer.render(rule.title), self._find_due(rule.after, after_deadline=True)
        step = parse_relative_date(f"+{rule.every}")
        if not rule.every or step is None:
            return (Checkin(rule.id, title, due),)
        last = self._find_due(DueRule((DueOption(rule.until),)), after_deadline=True)
        dates = [due]
        while len(dates) < MAX_REPEATED and _is_until(following := _repeat(due, step, len(dates)), last):
            dates.append(following)
        return tuple(Checkin(f"{rule.id}_{number}", title, each) for number, each in enumerate(dates, 1))

    def evaluate_prediction(self, rule: CheckinRule, resolving: Question) -> Prediction | None:
        """The prediction that a question of a check-in resolves, if there is one."""
        asked = next((each for each in self._facts.playbook.questions if each.predicts == resolving.id), None)
        forecast = self._facts.value(asked.id) if asked else None
        private = asked is not None and is_private(self._facts, asked.id)
        if asked is None or not isinstance(forecast, Decimal) or not self._holds(rule.when):
            return None
        if self._shared and private:
            return None
        what, due = self._renderer.render(resolving.ask), self._find_due(rule.after, after_deadline=True)
        return Prediction(asked.id, what, forecast, resolving.id, rule.id, due, private)

    def evaluate_compute(self, compute: Compute) -> ComputedValue:
        facts, private = self._facts, is_private(self._facts, compute.id)
        hidden = private and self._shared
        band, shown = facts.band(compute.id) if compute.bands else None, self._renderer.render_value(compute.id)
        lines = () if hidden else facts.tally_lines(compute)
        return ComputedValue(
            id=compute.id,
            label=compute.label,
            value=None if hidden else shown if compute.text.lines else facts.value(compute.id),
            shown=shown,
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
        if self._facts.value(compute.id) is None or compute.text.lines:
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

    def _find_due(self, rule: DueRule, *, office: bool = False, after_deadline: bool = False) -> DueTime | None:
        """The first option whose condition holds and that gives a date, as the schedule allows it."""
        for option in rule.options:
            due = parse_due(option.at) if self._holds(option.when) else None
            event = self._schedule.find_event(due) if due else None
            if event is not None:
                return event
            found = self._schedule.resolve(due, self._schedule.get_date) if due else None
            if found is not None:
                return self._schedule.place(found, office=office, after_deadline=after_deadline)
        return None

    @property
    def _schedule(self) -> Schedule:
        if self._cached_schedule is None:
            self._cached_schedule = Schedule(self._facts, self._given)
        return self._cached_schedule

    def _find_reasons(self, rule: FindingRule, lines: tuple[TallyLine, ...]) -> tuple[str, ...]:
        conditions = [
            rule.when,
            *(line.when for line in lines),
            *(line.when for line in rule.text if self._facts.holds(line.when)),
        ]
        roots = frozenset().union(*(self._facts.condition_depends_on(condition) for condition in conditions))
        return self._sort_answered(
            roots or self._facts.depends_on(*self._find_inserted_names(rule.title.lines, rule.text))
        )

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

    def _is_private(self, when: str, *texts: tuple[Line, ...]) -> bool:
        conditions = [when, *(line.when for lines in texts for line in lines)]
        named = self._find_inserted_names(*texts)
        return any(is_private_expression(self._facts, each) for each in conditions) or any(
            is_private(self._facts, name) for name in named
        )

    def _find_inserted_names(self, *texts: tuple[Line, ...]) -> frozenset[str]:
        templates = [line.text for lines in texts for line in lines if self._facts.holds(line.when)]
        return frozenset().union(*map(find_inserted_names, templates))


def _repeat(first: DueTime | None, step: RelativeDate, times: int) -> date | None:
    """The day that is `times` steps after the first; None after the end of the calendar."""
    day = first.date() if isinstance(first, datetime) else first
    try:
        return None if day is None else add_offset(day, replace(step, amount=step.amount * times))
    except OverflowError:
        return None


def _is_until(day: date | None, last: DueTime | None) -> bool:
    if day is None or last is None:
        return False
    return day <= (last.date() if isinstance(last, datetime) else last)


def _keep_action(early: Action, final: Action) -> Action:
    return replace(final, due=choose_earlier(early.due, final.due) if early.due else None, state=early.state)


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
