"""View models of an outcome: findings with their reasons, decisions, the plan, check-ins, drafts and figures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from careerkit.core.due_dates import MONTHS, WEEKDAYS, due_sort_key, format_date
from careerkit.core.formatting import describe_later_corrections, format_number, format_percent
from careerkit.core.frozen import replace
from careerkit.core.outcome.decision.summary import describe_decision, get_decision_labels, rank_options
from careerkit.core.outcome.model import is_figure
from careerkit.terminal import view_models
from careerkit.terminal.sanitize import sanitize_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.coaching.screen import Reason
    from careerkit.core.journal.entry import Entry
    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.outcome.model import (
        Action,
        Checkin,
        ComputedValue,
        Decision,
        Draft,
        DueTime,
        Finding,
        Outcome,
    )
    from careerkit.core.playbook.model import Playbook
    from careerkit.terminal.erasable_output import TextWriter
    from careerkit.terminal.view_models import Renderer

FigureDetail = Literal["all", "judged", "none"]
"""Which figures are shown: all with their calculations, only those that have a band (without calculations), or none."""
DEFAULT_THRESHOLD_LABEL = "our rule of thumb"
OVERRIDDEN_THRESHOLD_LABEL = "set by you"
NO_DATE_LABEL = "no date"
MAX_REASONS_SHOWN = 3
"""Answers listed under a finding. More would hide the finding itself."""


def build_outcome_view(
    outcome: Outcome,
    reasons: Mapping[str, Sequence[Reason]],
    *,
    playbook: Playbook | None,
    people_maps: Sequence[PeopleMap] = (),
    figures: FigureDetail = "all",
) -> Iterator[view_models.ViewModel]:
    """The whole outcome in reading order: what to know, what to do, what to say, and the figures behind it.

    `reasons` are those of each finding, by its id. `playbook` has the labels for the options of decisions; without it
    they show their ids.
    """
    for finding in outcome.findings:
        yield from build_finding_view(finding, reasons.get(finding.id, ()))
    for decision in outcome.decisions:
        yield from build_decision_view(decision, get_decision_labels(decision, playbook))
    yield from build_plan_view(outcome.actions, outcome.checkins, today=outcome.given.date())
    for draft in outcome.drafts:
        yield build_draft(draft)
    for people_map in people_maps:
        yield view_models.Heading("The people involved")
        yield view_models.PeopleDiagram(people_map)
    computed = [build_figure(each) for each in outcome.computed if is_figure(each)]
    if figures == "judged":
        computed = [replace(each, arithmetic="") for each in computed if each.band]
    if computed and figures != "none":
        yield view_models.Heading("The figures behind this")
        yield from computed


def build_finding_view(finding: Finding, reasons: Sequence[Reason] = ()) -> Iterator[view_models.ViewModel]:
    yield view_models.FindingTitle(finding.level, finding.title)
    if finding.text:
        yield view_models.Paragraphs(finding.text)
    if finding.profile:
        yield view_models.BarChart(
            tuple(
                (bar.label, _format_out_of(bar.value, bar.max), _to_percent(bar.value, bar.min, bar.max))
                for bar in finding.profile
            )
        )
    if finding.supports:
        yield view_models.BulletList("Reasons for", finding.supports)
    if finding.opposes:
        yield view_models.BulletList("Reasons against", finding.opposes)
    if reasons:
        yield from _build_reasons(reasons)
    if finding.next:
        yield view_models.SecondaryText(f"Next: careerkit {finding.next.replace('/', ' ')}")


def _build_reasons(reasons: Sequence[Reason]) -> Iterator[view_models.ViewModel]:
    yield view_models.ReasonList(tuple((each.ask, each.shown) for each in reasons[:MAX_REASONS_SHOWN]))
    more = len(reasons) - MAX_REASONS_SHOWN
    if more > 0:
        yield view_models.SecondaryText(f"and {more} more of your answers")


def build_figure(computed: ComputedValue) -> view_models.Figure:
    """A computed value with its arithmetic and band, and who set the threshold."""
    threshold_source = (
        (OVERRIDDEN_THRESHOLD_LABEL if computed.overridden else DEFAULT_THRESHOLD_LABEL) if computed.band_label else ""
    )
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


def write_plan(
    entry: Entry, *, corrected_at: datetime | None, today: date, renderer: Renderer, to: TextWriter, encoding: str
) -> None:
    """Write the actions and check-ins by date. `corrected_at`: when answers were last corrected, None if never."""
    outcome = entry.outcome
    plan = build_plan_view(outcome.actions, outcome.checkins, today=today) if outcome else ()
    corrections = (
        [
            view_models.SecondaryText(describe_later_corrections(corrected_at)),
            view_models.SecondaryText(_format_changes_command(entry)),
        ]
        if corrected_at
        else []
    )
    heading = [view_models.Heading(entry.playbook.title), view_models.SecondaryText(format_entry_line(entry))]
    for each in [*heading, *corrections, *plan]:
        to.write(renderer.render(sanitize_record(each, encoding=encoding)))


def format_entry_line(entry: Entry) -> str:
    """The entry's handle and date, and how to continue it if it is unfinished."""
    day = format_date(entry.started.date())
    return f"{entry.handle}, {day}" + ("" if entry.finished else f", unfinished: careerkit resume {entry.handle}")


def build_plan_view(
    actions: Sequence[Action], checkins: Sequence[Checkin], *, today: date
) -> Iterator[view_models.ViewModel]:
    """The plan by date, then the check-ins by date. Dates show the year only if it isn't today's."""
    if actions:
        yield view_models.Heading("The plan")
        yield view_models.PlanList(
            tuple(_build_step(each, today) for each in sorted(actions, key=lambda each: due_sort_key(each.due)))
        )
    if checkins:
        yield view_models.Heading("Check-ins")
        dated = sorted(checkins, key=lambda each: due_sort_key(each.due))
        yield view_models.PlanList(
            tuple(
                view_models.PlanStep(
                    format_due(each.due, today), each.title, state="answered" if each.state == "answered" else ""
                )
                for each in dated
            )
        )


def build_draft(draft: Draft) -> view_models.DraftText:
    return view_models.DraftText(draft.title, draft.to, draft.text)


def format_due(due: DueTime | None, today: date) -> str:
    """`Mon 23 Nov`, with the time if `due` has one, and with the year if it isn't today's."""
    if due is None:
        return NO_DATE_LABEL
    day = f"{WEEKDAYS[due.weekday()][:3]} {due.day} {MONTHS[due.month - 1][:3]}"
    year = "" if due.year == today.year else f" {due.year}"
    return day + year + (f" {due:%H:%M}" if isinstance(due, datetime) else "")


def _build_step(action: Action, today: date) -> view_models.PlanStep:
    state = "" if action.state == "open" else action.state
    return view_models.PlanStep(format_due(action.due, today), action.do, action.cue, action.evidence, state)


def _format_out_of(value: Decimal, maximum: Decimal) -> str:
    return f"{format_number(value)} of {format_number(maximum)}"


def _to_percent(value: Decimal, minimum: Decimal, maximum: Decimal) -> int:
    return (
        int(max(Decimal(0), min(Decimal(100), (value - minimum) / (maximum - minimum) * 100)))
        if maximum > minimum
        else 0
    )


def _format_changes_command(entry: Entry) -> str:
    return f"To see what would change: careerkit journal show {entry.handle}"
