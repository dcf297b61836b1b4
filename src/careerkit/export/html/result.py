"""Render what an interview came to: findings with their reasons, drafts, decisions, trends, figures and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import htpy as h

from careerkit.coaching.screen import Reason
from careerkit.core.formatting import format_citations, format_number, format_percent
from careerkit.core.journal.trends import Trend
from careerkit.core.outcome.decision.summary import describe_decision, get_decision_labels, rank_options
from careerkit.core.outcome.model import (
    Bar,
    Decision,
    Draft,
    Finding,
    Outcome,
    find_citations,
    is_figure,
)
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import fit_into_sentence, format_count
from careerkit.export.html.charts import draw_bar, draw_radar, draw_trend, find_share, format_out_of
from careerkit.export.html.texts import (
    clean_lines,
    format_day,
    render_level,
    render_line,
    render_list,
    render_paragraphs,
)
from careerkit.export.plan_document import flatten

MAX_OPEN_FINDINGS = 3
MAX_OPEN_TRENDS = 4
OVERRIDDEN_THRESHOLD_LABEL = "set by you"


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
