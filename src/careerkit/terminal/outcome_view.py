"""View models of an outcome: findings with their reasons, decisions, the plan, check-ins, drafts and figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from careerkit.core.outcome.model import describe_decision, find_citations, get_decision_labels, is_figure, rank_options
from careerkit.core.values import format_citations, format_number, format_percent
from careerkit.terminal import view_models
from careerkit.terminal.view_models import NO_HISTORY, PlanHistory, build_plan_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.coaching.ports import Reason
    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.outcome.model import ComputedValue, Decision, Draft, Finding, Outcome
    from careerkit.core.playbook.model import Playbook

DEFAULT_THRESHOLD_LABEL = "our rule of thumb"
OVERRIDDEN_THRESHOLD_LABEL = "set by you"
MAX_REASONS_SHOWN = 3
"""Answers listed under a finding. More would hide the finding itself."""


def build_outcome_view(
    outcome: Outcome,
    reasons: Mapping[str, Sequence[Reason]],
    *,
    playbook: Playbook | None,
    people_maps: Sequence[PeopleMap] = (),
    plan_history: PlanHistory = NO_HISTORY,
) -> Iterator[view_models.ViewModel]:
    """The whole outcome in reading order: what to know, what to do, what to say, and the figures and sources behind it.

    `reasons` are those of each finding, by its id. `playbook` has the labels for the options of decisions, and the
    sources; without it they show their ids. `plan_history` has what became of the plan.
    """
    if outcome.headline:
        yield view_models.Headline(outcome.headline_level, outcome.headline)
    for finding in outcome.findings:
        yield from build_finding_view(finding, reasons.get(finding.id, ()))
    for decision in outcome.decisions:
        yield from build_decision_view(decision, get_decision_labels(decision, playbook))
    today = outcome.given.date()
    yield from build_plan_view(outcome.actions, outcome.checkins, today=today, history=plan_history)
    for draft in outcome.drafts:
        yield build_draft(draft)
    yield from build_people_view(people_maps)
    yield from _build_figures_view(outcome)
    yield from build_sources_view(list_sources(outcome, playbook))


def build_reasons_view(finding: Finding, reasons: Sequence[Reason]) -> Iterator[view_models.ViewModel]:
    """Why a finding was given: what speaks for and against it, and the answers it depends on. Nothing without any of these."""
    if finding.supports or finding.opposes or reasons:
        yield view_models.FindingTitle(finding.level, finding.title)
        yield from _build_tally_view(finding)
    if reasons:
        yield view_models.ReasonList(tuple((each.ask, each.shown) for each in reasons))


def build_numbers_view(outcome: Outcome, *, playbook: Playbook | None) -> Iterator[view_models.ViewModel]:
    """How the options of each decision compare, and the figures with their calculations."""
    for decision in outcome.decisions:
        yield from build_decision_view(decision, get_decision_labels(decision, playbook))
    yield from _build_figures_view(outcome)


def build_pictures_view(outcome: Outcome, people_maps: Sequence[PeopleMap]) -> Iterator[view_models.ViewModel]:
    """The profiles of the findings, and the maps of people."""
    for finding in outcome.findings:
        if finding.profile:
            yield view_models.FindingTitle(finding.level, finding.title)
            yield _build_profile(finding)
    yield from build_people_view(people_maps)


def build_people_view(people_maps: Sequence[PeopleMap]) -> Iterator[view_models.ViewModel]:
    for people_map in people_maps:
        yield view_models.Heading("The people involved")
        yield view_models.PeopleDiagram(people_map)


def build_sources_view(sources: Sequence[str]) -> Iterator[view_models.ViewModel]:
    if sources:
        yield view_models.Heading("Sources")
        yield view_models.Paragraphs("\n".join(f"- {each}" for each in sources))


def list_sources(outcome: Outcome, playbook: Playbook | None) -> list[str]:
    """The sources of the findings, drafts and actions, with full citations if there is a `playbook`."""
    cites = {each.id: each.cite for each in playbook.sources} if playbook else {}
    return [line.removesuffix(": ").replace(":  (", " (") for line in format_citations(find_citations(outcome), cites)]


def _build_figures_view(outcome: Outcome) -> Iterator[view_models.ViewModel]:
    figures = [build_figure(each) for each in outcome.computed if is_figure(each)]
    if figures:
        yield view_models.Heading("The figures behind this")
        yield from figures


def build_finding_view(finding: Finding, reasons: Sequence[Reason] = ()) -> Iterator[view_models.ViewModel]:
    yield view_models.FindingTitle(finding.level, finding.title)
    if finding.text:
        yield view_models.Paragraphs(finding.text)
    if finding.profile:
        yield _build_profile(finding)
    yield from _build_tally_view(finding)
    if reasons:
        yield from _build_reasons(reasons)
    if finding.next:
        yield view_models.SecondaryText(f"Next: careerkit {finding.next.replace('/', ' ')}")


def _build_profile(finding: Finding) -> view_models.BarChart:
    return view_models.BarChart(
        tuple(
            (bar.label, _format_out_of(bar.value, bar.max), _to_percent(bar.value, bar.min, bar.max))
            for bar in finding.profile
        )
    )


def _build_tally_view(finding: Finding) -> Iterator[view_models.ViewModel]:
    if finding.supports:
        yield view_models.BulletList("Reasons for", finding.supports)
    if finding.opposes:
        yield view_models.BulletList("Reasons against", finding.opposes)


def _build_reasons(reasons: Sequence[Reason]) -> Iterator[view_models.ViewModel]:
    yield view_models.ReasonList(tuple((each.ask, each.shown) for each in reasons[:MAX_REASONS_SHOWN]))
    more = len(reasons) - MAX_REASONS_SHOWN
    if more > 0:
        yield view_models.SecondaryText(f"and {more} more of your answers")


def build_figure(computed: ComputedValue) -> view_models.Figure:
    """A computed value with its arithmetic and band, and whether the person set the threshold.

    That the other thresholds are rules of thumb is said once, below the result.
    """
    threshold_source = OVERRIDDEN_THRESHOLD_LABEL if computed.overridden and computed.band_label else ""
    arithmetic = computed.arithmetic if computed.arithmetic != computed.shown else ""
    return view_models.Figure(computed.label, computed.shown, arithmetic, computed.band_label, threshold_source)


def build_decision_view(decision: Decision, labels: Mapping[str, str]) -> Iterator[view_models.ViewModel]:
    """The weighted totals, how often each option comes first, and what would change the order."""
    order = rank_options(decision)
    if not order:
        return
    yield view_models.Heading("How your options compare")
    best = order[0][1]
    totals = ((each, format_number(total), _to_percent(total, Decimal(0), best)) for each, total in order)
    yield view_models.BarChart(
        tuple((labels.get(each, each), shown, part) for each, shown, part in totals), "Weighted totals"
    )
    shares = [(each, decision.shares[each]) for each, _ in order if each in decision.shares]
    if len(shares) > 1:
        rows = ((labels.get(each, each), f"{format_percent(share)} %", int(share)) for each, share in shares)
        yield view_models.BarChart(tuple(rows), "How often each comes first, in random draws")
    lines = describe_decision(decision, labels)
    if lines:
        yield view_models.Paragraphs("\n".join(f"- {line}" for line in lines))


def build_draft(draft: Draft) -> view_models.DraftText:
    return view_models.DraftText(draft.title, draft.to, draft.text)


def _format_out_of(value: Decimal, maximum: Decimal) -> str:
    return f"{format_number(value)} of {format_number(maximum)}"


def _to_percent(value: Decimal, minimum: Decimal, maximum: Decimal) -> int:
    return (
        int(max(Decimal(0), min(Decimal(100), (value - minimum) / (maximum - minimum) * 100)))
        if maximum > minimum
        else 0
    )
