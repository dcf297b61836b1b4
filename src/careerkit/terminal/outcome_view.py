"""How an outcome reads: findings with what they rest on, figures, decisions, the plan, drafts, check-ins."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from careerkit.core.days import MONTHS, WEEKDAYS, due_order
from careerkit.core.frozen import replace
from careerkit.core.outcome.decision_words import labels_of, ranked, remarks
from careerkit.core.outcome.model import is_figure
from careerkit.core.wording import number_text, percent_text
from careerkit.terminal.pieces import (
    Aside,
    Bars,
    Body,
    DraftText,
    Figure,
    Grounds,
    Heading,
    People,
    Piece,
    Plan,
    Points,
    Step,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from careerkit.coaching.screen import Because
    from careerkit.core.journal.people import PeopleMap
    from careerkit.core.outcome.model import (
        Action,
        Checkin,
        Computed,
        Decision,
        Draft,
        Finding,
        Outcome,
        When,
    )
    from careerkit.core.playbook.model import Playbook

Figures = Literal["all", "judged", "none"]
"""Which figures are shown: all with their sums, or only those that were judged by a threshold, without sums."""
OURS = "our rule of thumb"
THEIRS = "set by you"
NO_DATE = "no date"
MOST_GROUNDS = 3
"""Answers named under a finding; more of them would bury it."""


def outcome_pieces(
    outcome: Outcome,
    because: Mapping[str, Sequence[Because]],
    *,
    playbook: Playbook | None,
    people: Sequence[PeopleMap] = (),
    figures: Figures = "all",
) -> Iterator[Piece]:
    """The whole outcome in the order in which it is read: what to know, what to do, what to say, and what is behind it.

    `playbook` gives the options of decisions their labels.
    """
    for finding in outcome.findings:
        yield from finding_pieces(finding, because.get(finding.id, ()))
    for decision in outcome.decisions:
        yield from decision_pieces(decision, labels_of(decision, playbook))
    yield from plan_pieces(outcome.actions, outcome.checkins, today=outcome.given.date())
    for draft in outcome.drafts:
        yield draft_piece(draft)
    for picture in people:
        yield Heading("The people in it")
        yield People(picture)
    behind = [figure_piece(each) for each in outcome.computed if is_figure(each)]
    if figures == "judged":
        behind = [replace(each, arithmetic="") for each in behind if each.band]
    if behind and figures != "none":
        yield Heading("The figures behind it")
        yield from behind


def finding_pieces(finding: Finding, because: Sequence[Because] = ()) -> Iterator[Piece]:
    yield Verdict(finding.level, finding.title)
    if finding.text:
        yield Body(finding.text)
    if finding.profile:
        yield Bars(
            tuple(
                (bar.label, _of(bar.value, bar.max), _percent(bar.value, bar.min, bar.max)) for bar in finding.profile
            )
        )
    if finding.supports:
        yield Points("Speaks for it", finding.supports)
    if finding.opposes:
        yield Points("Speaks against it", finding.opposes)
    if because:
        yield from _grounds(because)
    if finding.next:
        yield Aside(f"Next: careerkit {finding.next.replace('/', ' ')}")


def _grounds(because: Sequence[Because]) -> Iterator[Piece]:
    yield Grounds(tuple((each.ask, each.shown) for each in because[:MOST_GROUNDS]))
    more = len(because) - MOST_GROUNDS
    if more > 0:
        yield Aside(f"and {more} more of your answers")


def figure_piece(computed: Computed) -> Figure:
    """A computed value with its arithmetic and band, and whose threshold that is."""
    origin = (THEIRS if computed.overridden else OURS) if computed.band_label else ""
    arithmetic = computed.arithmetic if computed.arithmetic != computed.shown else ""
    return Figure(computed.label, computed.shown, arithmetic, computed.band_label, origin)


def decision_pieces(decision: Decision, labels: Mapping[str, str]) -> Iterator[Piece]:
    """Totals, how often each option comes first, and what would turn it round."""
    order = ranked(decision)
    if not order:
        return
    yield Heading("The options by your own figures")
    best = order[0][1]
    totals = ((each, number_text(total), _percent(total, Decimal(0), best)) for each, total in order)
    yield Bars(tuple((labels.get(each, each), shown, part) for each, shown, part in totals), "Weighted totals")
    shares = [(each, decision.shares[each]) for each, _ in order if each in decision.shares]
    if len(shares) > 1:
        rows = ((labels.get(each, each), f"{percent_text(share)} %", int(share)) for each, share in shares)
        yield Bars(tuple(rows), "First in so many of the draws")
    lines = remarks(decision, labels)
    if lines:
        yield Body("\n".join(f"- {line}" for line in lines))


def plan_pieces(actions: Sequence[Action], checkins: Sequence[Checkin], *, today: date) -> Iterator[Piece]:
    """The plan by date, then the check-ins by date. Dates show their year where it is not today's."""
    if actions:
        yield Heading("The plan")
        yield Plan(tuple(_step(each, today) for each in sorted(actions, key=lambda each: due_order(each.due))))
    if checkins:
        yield Heading("Looking back")
        dated = sorted(checkins, key=lambda each: due_order(each.due))
        yield Plan(
            tuple(
                Step(when_text(each.due, today), each.title, state="answered" if each.state == "answered" else "")
                for each in dated
            )
        )


def draft_piece(draft: Draft) -> DraftText:
    return DraftText(draft.title, draft.to, draft.text)


def when_text(due: When | None, today: date) -> str:
    """`Mon 23 Nov`, with the time where hours count, with the year where it is not this one."""
    if due is None:
        return NO_DATE
    day = f"{WEEKDAYS[due.weekday()][:3]} {due.day} {MONTHS[due.month - 1][:3]}"
    year = "" if due.year == today.year else f" {due.year}"
    return day + year + (f" {due:%H:%M}" if isinstance(due, datetime) else "")


def _step(action: Action, today: date) -> Step:
    state = "" if action.state == "open" else action.state
    return Step(when_text(action.due, today), action.do, action.cue, action.evidence, state)


def _of(value: Decimal, most: Decimal) -> str:
    return f"{number_text(value)} of {number_text(most)}"


def _percent(value: Decimal, least: Decimal, most: Decimal) -> int:
    return int(max(Decimal(0), min(Decimal(100), (value - least) / (most - least) * 100))) if most > least else 0
