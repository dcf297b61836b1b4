"""Render what an interview came to: findings with their reasons, the plan as a timeline, drafts, decisions, trends and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import htpy as h

from careerkit.coaching.ports import Reason
from careerkit.core.due_dates import due_sort_key
from careerkit.core.frozen import Literal, frozen
from careerkit.core.journal.plan import CheckinRecord, PlannedAction, PlannedCheckin
from careerkit.core.journal.trends import Trend
from careerkit.core.outcome.model import (
    Bar,
    Decision,
    Draft,
    DueTime,
    Finding,
    Outcome,
    describe_decision,
    find_citations,
    get_decision_labels,
    is_figure,
    rank_options,
)
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import fit_into_sentence, format_count
from careerkit.core.values import MISSING, format_citations, format_number, format_percent
from careerkit.export.formats import PlannedEntry, flatten
from careerkit.export.html_charts import (
    clean_lines,
    draw_bar,
    draw_radar,
    draw_trend,
    find_share,
    format_day,
    format_due,
    format_out_of,
    render_due,
    render_level,
    render_line,
    render_list,
    render_paragraphs,
)

MAX_OPEN_FINDINGS = 3
MAX_OPEN_TRENDS = 4
OVERRIDDEN_THRESHOLD_LABEL = "set by you"

NO_DATE_LABEL = "No date"
TickState = Literal["open", "overdue", "done", "dropped", "waiting", "answered", "missed"]
"""How an item is marked. An open action has a box that can be ticked on paper."""
STATE_LABELS: dict[TickState, str] = {
    "open": "",
    "overdue": "Overdue",
    "done": "Done",
    "dropped": "Dropped",
    "waiting": "",
    "answered": "Answered",
    "missed": "Missed",
}
"""What a mark means, in words."""
CHECKIN_STATES: tuple[TickState, ...] = ("waiting", "answered", "missed")
MARKS: dict[TickState, str] = {
    "open": "M3 3h14v14H3z",
    "overdue": "M10 2L18 17H2zM10 7v5M10 14v1",
    "done": "M3 3h14v14H3zM6 10l3 3 5-6",
    "dropped": "M3 3h14v14H3zM6 10h8",
    "waiting": "M10 2l8 8-8 8-8-8z",
    "answered": "M10 2l8 8-8 8-8-8zM7 10l2 2 4-4",
    "missed": "M10 2l8 8-8 8-8-8zM7 10h6",
}
"""The outlines of the marks, in a square of 20 units: a box, a triangle, or for check-ins the diamond of the terminal."""

# ------------------------------------------------------------ findings


def render_findings(findings: Sequence[Finding], reasons: dict[str, tuple[Reason, ...]]) -> Iterator[h.Element]:
    """The findings that matter most, then the titles of the others, which open."""
    for number, finding in enumerate(findings, start=1):
        title: list[h.Node] = [render_level(finding.level), " ", render_line(finding.title)]
        body: list[h.Node] = list(_render_finding(finding, reasons.get(finding.id, ()), name=f"profile-{number}"))
        if number <= MAX_OPEN_FINDINGS:
            yield h.article(class_="finding")[h.h3[title], body]
        else:
            yield h.details(class_="finding")[h.summary[h.h3[title]], body]


def _render_finding(finding: Finding, reasons: Sequence[Reason], *, name: str) -> Iterator[h.Node]:
    yield from render_paragraphs(finding.text)
    if finding.profile:
        yield _render_profile(name, finding.title, finding.profile)
    if reasons or finding.supports or finding.opposes:
        yield h.details(class_="reasons")[
            h.summary[_describe_reasons(finding, reasons)],
            _render_tally("Reasons for", finding.supports),
            _render_tally("Reasons against", finding.opposes),
            h.p["Your answers:"] if reasons and (finding.supports or finding.opposes) else None,
            h.ul[(h.li[render_line(each.ask, "quiet"), " ", render_line(each.shown)] for each in reasons)]
            if reasons
            else None,
        ]


def _describe_reasons(finding: Finding, reasons: Sequence[Reason]) -> str:
    if not reasons:
        return f"Why: {format_count(len(finding.supports) + len(finding.opposes), 'reason')}"
    return f"Why: {format_count(len(reasons), 'answer')}"


def _render_tally(title: str, lines: Sequence[str]) -> h.Node:
    return [h.p[f"{title}:"], render_list(lines)] if lines else None


def _render_profile(name: str, title: str, bars: Sequence[Bar]) -> h.Element:
    """A radar chart from three bars on, with a numbered list of the bars; otherwise the bars alone."""
    return h.figure(class_="side-by-side")[
        draw_radar(name, title, bars),
        h.figcaption[
            h.ol(class_="bars")[
                (
                    h.li[
                        h.span(class_="name", dir="auto")[flatten(bar.label)],
                        " ",
                        h.span(class_="value")[format_out_of(bar)],
                        draw_bar(int(find_share(bar) * 100)),
                    ]
                    for bar in bars
                )
            ]
        ],
    ]


# ------------------------------------------------------------ drafts


def render_drafts(drafts: Sequence[Draft]) -> Iterator[h.Element]:
    """The first draft, then the titles of the others, which open. Their texts are as they were written, so that they can be copied."""
    if drafts:
        yield h.p(class_="quiet on-screen")["Click a draft to select all of it, then copy it."]
    for number, draft in enumerate(drafts):
        title = h.h3[render_line(draft.title), _render_recipient(draft)]
        text = h.blockquote(class_="draft-text", dir="auto")[clean_lines(draft.text).strip("\n")]
        if number == 0:
            yield h.article(class_="draft")[title, text]
        else:
            yield h.details(class_="draft")[h.summary[title], text]


def _render_recipient(draft: Draft) -> h.Node:
    if not draft.to:
        return None
    return h.span(class_="recipient", dir="auto")[f" to {flatten(fit_into_sentence(draft.to, before='to '))}"]


# ------------------------------------------------------------ decisions


def render_decision(decision: Decision, playbook: Playbook | None) -> Iterator[h.Element]:
    """The options, best first, with bars for their totals and for how often each comes first, and what follows from it."""
    order = rank_options(decision)
    if not order:
        return
    labels = get_decision_labels(decision, playbook)
    best = order[0][1]
    has_shares = len(order) > 1 and bool(decision.shares)
    head = ["Option", "Weighted total", "Comes first"] if has_shares else ["Option", "Weighted total"]
    yield h.table(class_="options")[
        h.thead[h.tr[(h.th(scope="col")[each] for each in head)]],
        h.tbody[
            (
                h.tr[
                    h.th(scope="row", dir="auto")[flatten(labels.get(option, option))],
                    h.td[format_number(total), draw_bar(total / best * 100 if best > 0 else 0)],
                    _render_share(decision.shares.get(option)) if has_shares else None,
                ]
                for option, total in order
            )
        ],
    ]
    if has_shares:
        yield h.p(class_="quiet")[
            "Comes first: in this share of random draws, the option has the highest total. Each draw varies the scores "
            "within the ranges you gave, and the weights as long as their order stays the same."
        ]
    lines = describe_decision(decision, labels)
    if lines:
        yield render_list(lines)


def _render_share(share: Decimal | None) -> h.Element:
    if share is None:
        return h.td["–"]
    return h.td[f"{format_percent(share)} %", draw_bar(share, "share")]


# ------------------------------------------------------------ trends


def render_trends(trends: Sequence[Trend]) -> Iterator[h.Element]:
    pictures = [_render_trend(number, trend) for number, trend in enumerate(trends, start=1)]
    if pictures:
        yield h.div(class_="gallery")[pictures[:MAX_OPEN_TRENDS]]
    hidden = pictures[MAX_OPEN_TRENDS:]
    if hidden:
        yield h.details[h.summary[format_count(len(hidden), "more number")], h.div(class_="gallery")[hidden]]


def _render_trend(number: int, trend: Trend) -> h.Element:
    first, last = trend.points[0], trend.points[-1]
    unit: h.Node = [" ", render_line(trend.scale.unit)] if trend.scale.unit else None
    return h.figure[
        draw_trend(f"trend-{number}", trend),
        h.figcaption[
            render_line(trend.label),
            " ",
            h.span(class_="quiet")[
                format_number(last.value),
                unit,
                f" now, {format_number(first.value)} on {format_day(first.at, this_year=last.at.year)}",
            ],
        ],
    ]


# ------------------------------------------------------------ figures and sources


def render_figures(outcome: Outcome) -> h.Element | None:
    """The computed figures with their arithmetic; None if there are none."""
    figures = [each for each in outcome.computed if is_figure(each)]
    if not figures:
        return None
    return h.ul(class_="figures")[
        (
            h.li[
                render_line(each.label),
                ": ",
                h.b(dir="auto")[flatten(each.shown)],
                [", ", render_line(each.band_label)] if each.band_label else None,
                f" ({OVERRIDDEN_THRESHOLD_LABEL})" if each.band_label and each.overridden else None,
                h.p(class_="quiet", dir="auto")[flatten(each.arithmetic)]
                if each.arithmetic and each.arithmetic != each.shown
                else None,
            ]
            for each in figures
        )
    ]


def list_sources(outcome: Outcome, playbook: Playbook | None) -> list[str]:
    """The sources of the findings, drafts and actions, with full citations if there is a `playbook`."""
    cites = {each.id: each.cite for each in playbook.sources} if playbook else {}
    return [line.removesuffix(": ").replace(":  (", " (") for line in format_citations(find_citations(outcome), cites)]


@frozen
class _Item:
    """What the timeline shows in one place.

    `settled_at`: when it was done or answered. `details`: a label and a text each. `notes`: what became of it.
    """

    state: TickState
    due: DueTime | None
    what: str
    settled_at: datetime | None = None
    owner: str = ""
    details: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def render_timeline(planned: PlannedEntry, *, now: datetime) -> h.Element | None:
    """All actions and check-ins by date, those without a date last; None if there are none."""
    items = [_build_action(each, now=now) for each in planned.plan.actions]
    items += [_build_checkin(each, planned.checkins) for each in planned.plan.checkins]
    items.sort(key=lambda each: (*due_sort_key(each.due), each.state in CHECKIN_STATES))
    given = planned.entry.outcome.given if planned.entry.outcome else now
    return (
        h.ol(class_="timeline")[(_render_item(each, given=given, year=now.year) for each in items)] if items else None
    )


def _build_action(action: PlannedAction, *, now: datetime) -> _Item:
    is_overdue = action.state == "open" and action.due is not None and _get_day(action.due) < now.date()
    details: tuple[tuple[str, str], ...] = ()
    if action.state == "open":
        texts = (("Cue", action.cue), ("Done when", action.evidence))
        details = tuple((label, text) for label, text in texts if text not in ("", MISSING))
    return _Item(
        "overdue" if is_overdue else action.state,
        action.due,
        action.do,
        action.done_at if action.state == "done" else None,
        action.owner,
        details,
        tuple(_describe_changes(action, year=now.year)),
    )


def _describe_changes(action: PlannedAction, *, year: int) -> Iterator[str]:
    if action.is_moved:
        before = f"from {format_due(action.moved_from, this_year=year)}" if action.moved_from else "(it had no date)"
        yield f"Moved {before}: {action.move_reason}" if action.move_reason else f"Moved {before}"
    if action.state == "done" and action.proof:
        yield f"What shows it: {action.proof}"
    if action.state == "dropped" and action.reason:
        yield f"Why: {action.reason}"
    if action.disputed:
        yield f"Two machines disagree: {'; '.join(action.disputed)}"


def _build_checkin(checkin: PlannedCheckin, records: tuple[CheckinRecord, ...]) -> _Item:
    record = next((each for each in records if each.id == checkin.id), None)
    state: TickState = "waiting"
    if checkin.state in ("answered", "missed"):
        state = "answered" if checkin.state == "answered" else "missed"
    return _Item(
        state,
        checkin.due,
        checkin.title,
        record.at if record else None,
        notes=record.lines if record else (),
    )


def _render_item(item: _Item, *, given: datetime, year: int) -> h.Element:
    what = render_line(item.what)
    label = STATE_LABELS[item.state]
    if item.settled_at:
        label += f" on {format_due(item.settled_at.date(), this_year=year)}"
    return h.li(class_=item.state)[
        h.p(class_="due")[_render_date(item.due, given=given, year=year)],
        _draw_mark(item.state),
        h.div(class_="what")[
            h.p[
                h.span(class_="prefix")["Check-in: "] if item.state in CHECKIN_STATES else None,
                h.s[what] if item.state == "dropped" else what,
                h.span(class_="owner", dir="auto")[f" ({flatten(item.owner)})"] if item.owner else None,
                [" ", h.span(class_=f"state {item.state}")[label]] if label else None,
            ],
            (h.p(class_="quiet")[f"{name}: ", render_line(text)] for name, text in item.details),
            (h.p(class_="note", dir="auto")[flatten(note)] for note in item.notes),
        ],
    ]


def _render_date(due: DueTime | None, *, given: datetime, year: int) -> h.Node:
    if due is None:
        return NO_DATE_LABEL
    if isinstance(due, datetime) and due <= given:
        return h.time(datetime=due.isoformat())[f"{format_due(due.date(), this_year=year)}, now"]
    return render_due(due, this_year=year)


def _draw_mark(state: TickState) -> h.Element:
    """The mark, which the words beside it repeat."""
    return h.svg(class_=f"mark {state}", viewBox="0 0 20 20", aria_hidden="true")[h.path(d=MARKS[state])]


def _get_day(due: DueTime) -> date:
    return due.date() if isinstance(due, datetime) else due
