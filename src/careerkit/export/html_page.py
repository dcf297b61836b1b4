"""Render an entry as an HTML report: one file without scripts, which loads nothing, to read, print and send.

The order is that of the terminal: the headline, the plan, the findings, what to say, then the pictures and figures behind
it. What is less often needed is folded, and a printout has all of it.

There are no style attributes, because the page's security policy allows this style sheet only, by its hash.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

import htpy as h
from markupsafe import Markup

from careerkit.coaching.review import collect_reasons
from careerkit.core.due_dates import format_date
from careerkit.core.journal.people import build_people_maps
from careerkit.core.outcome.model import Outcome
from careerkit.core.values import describe_later_corrections
from careerkit.export.formats import Export, ExportFormat, ExportOptions, PlanDocument, PlannedEntry, flatten
from careerkit.export.html_charts import render_headline, render_line, render_list, render_people_map
from careerkit.export.html_result import (
    list_sources,
    render_decision,
    render_drafts,
    render_figures,
    render_findings,
    render_timeline,
    render_trends,
)

DISCLAIMER = "Rules of thumb are our own; the judgment is yours."
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'sha256-{styles}'; img-src data:; base-uri 'none'; form-action 'none'"
)
"""Nothing is run or loaded, and no other style than our own is applied."""

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E"
    "%3Cpath d='M10 1l9 9-9 9-9-9z' fill='teal'/%3E%3C/svg%3E"
)
"""The icon of the browser tab: the diamond that marks the current question in the terminal."""

_COLORS = """
:root {
  color-scheme: light dark;
  --ink: #1c2226; --quiet: #56616a; --page: #ffffff; --panel: #f3f6f7; --rule: #cfd7dc; --track: #dde4e8;
  --accent: #0b6675; --stop: #b3261e; --care: #855400; --good: #19693a; --dot-text: #ffffff;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ink: #e7ebee; --quiet: #a9b4bc; --page: #14191c; --panel: #1d2428; --rule: #3d484f; --track: #323c42;
    --accent: #63cbd9; --stop: #ff8d83; --care: #f0ba4c; --good: #72d391; --dot-text: #10171a;
  }
}
@media (forced-colors: active) {
  :root {
    --accent: CanvasText; --stop: CanvasText; --care: CanvasText; --good: CanvasText; --track: Canvas;
    --rule: CanvasText; --dot-text: Canvas;
  }
}
"""

_TEXT = """
*, ::before, ::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2rem 1rem 3rem; max-width: 46rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, dl, figure, blockquote { margin: 0; }
h1 { font-size: clamp(1.25rem, 4.5vw, 1.5rem); line-height: 1.3; margin-top: .35rem; }
h2 { font-size: 1.15rem; line-height: 1.3; color: var(--accent); }
h3 { font-size: 1rem; line-height: 1.4; }
.on-screen + * { margin-top: .5rem; }
p + p, p + ul, ul + p, h3 + p, h3 + ul { margin-top: .35rem; }
ul, ol { padding-inline-start: 1.25rem; }
ul.people, ul.figures, ol.timeline { list-style: none; padding: 0; }
.quiet, footer { color: var(--quiet); font-size: .9rem; }
.quiet .quiet { font-size: inherit; }
header { border-inline-start: .3rem solid var(--accent); padding-inline-start: .9rem; }
header .note { margin-top: .35rem; }
header.stop { border-color: var(--stop); }
header.care { border-color: var(--care); }
header.good { border-color: var(--good); }
.level { color: var(--accent); font-weight: 700; }
.level.stop, .state.overdue { color: var(--stop); }
.level.care { color: var(--care); }
.level.good, .state.done, .state.answered { color: var(--good); }
section, details.section { margin-top: 1.9rem; }
details.section + details.section { margin-top: .9rem; }
.gallery + details { margin-top: .9rem; }
section > h2 { margin-bottom: .7rem; padding-bottom: .25rem; border-bottom: 1px solid var(--rule); }
footer { margin-top: 2.5rem; padding-top: .7rem; border-top: 1px solid var(--rule); }
"""

_FOLDED = """
summary { cursor: pointer; border-radius: .2rem; }
summary > h2, summary > h3 { display: inline; }
summary:focus-visible, .draft-text:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
details[open] > summary { margin-bottom: .35rem; }
details.reasons { margin-top: .4rem; font-size: .9rem; }
details.reasons > summary { color: var(--accent); width: fit-content; }
details.reasons ul { margin-top: .2rem; }
"""

_PLAN = """
.timeline > li {
  display: grid; grid-template: auto auto / 1.25rem 1fr; column-gap: .75rem; position: relative; padding-bottom: .9rem;
}
.timeline > li:last-child { padding-bottom: 0; }
.timeline > li:not(:last-child)::before {
  content: ""; position: absolute; inset-block: 1.55rem -.1rem; inset-inline-start: .6rem;
  border-inline-start: 1px solid var(--rule);
}
.timeline .due { grid-area: 1 / 2; font-weight: 600; color: var(--accent); font-size: .9rem; }
.timeline .mark { grid-area: 1 / 1; margin-top: .1rem; }
.timeline .what { grid-area: 2 / 2; }
.timeline .what p + p { margin-top: .1rem; }
.mark {
  width: 1.25rem; height: 1.25rem; fill: var(--page); stroke: var(--accent); stroke-width: 1.6; stroke-linejoin: round;
  stroke-linecap: round;
}
.mark.overdue { stroke: var(--stop); }
.mark.done, .mark.answered { stroke: var(--good); }
.mark.dropped, .mark.missed { stroke: var(--quiet); }
.overdue > .due { color: var(--stop); }
.done > .due, .dropped > .due, .answered > .due, .missed > .due, .dropped s, .state.dropped, .state.missed {
  color: var(--quiet);
}
.state { font-size: .9rem; font-weight: 600; white-space: nowrap; }
.prefix { color: var(--quiet); }
.note { font-size: .9rem; }
@media (min-width: 34rem) {
  .timeline > li { grid-template: auto / 9.25rem 1.25rem 1fr; }
  .timeline > li:not(:last-child)::before { inset-inline-start: 10.6rem; }
  .timeline .due { grid-area: 1 / 1; line-height: 1.65; }
  .timeline .mark { grid-area: 1 / 2; }
  .timeline .what { grid-area: 1 / 3; }
}
"""

_RESULT = """
.finding + .finding, .draft + .draft { margin-top: 1.1rem; }
.recipient { font-weight: 400; color: var(--quiet); }
.draft-text {
  white-space: pre-wrap; user-select: all; -webkit-user-select: all; margin-top: .4rem; padding: .8rem 1rem;
  background: var(--panel); border: 1px solid var(--rule); border-radius: .4rem; unicode-bidi: plaintext;
}
table { border-collapse: collapse; width: 100%; margin-bottom: .5rem; }
th, td { padding: .35rem .75rem .35rem 0; text-align: start; vertical-align: top; border-bottom: 1px solid var(--rule); }
thead th { font-size: .9rem; font-weight: 400; color: var(--quiet); overflow-wrap: normal; }
tbody th { font-weight: 600; width: 40%; }
td, .value { font-variant-numeric: tabular-nums; white-space: nowrap; }
section > ul { margin-top: .5rem; }
.figures { font-size: .9rem; }
.figures > li { margin-bottom: .3rem; }
.sources { font-size: .9rem; color: var(--quiet); }
"""

_PICTURES = """
.bar { display: block; width: 100%; height: .5rem; margin-top: .2rem; }
.track { fill: var(--track); }
.filled { fill: var(--accent); }
.picture { display: block; width: 100%; height: auto; }
.radar { max-width: 16rem; }
.people-map { max-width: 22rem; }
.trend { max-width: 22rem; }
.picture text { fill: var(--quiet); font-size: 12px; }
.ring, .axis, .cell { fill: none; stroke: var(--rule); stroke-width: 1; }
.area { fill: var(--accent); fill-opacity: .18; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
.dot, .person { fill: var(--accent); }
.picture .value { fill: var(--accent); font-weight: 700; }
.picture text.initials { fill: var(--dot-text); font-weight: 700; font-size: inherit; }
.side-by-side { display: flex; flex-wrap: wrap; gap: .75rem 2rem; align-items: flex-start; margin-top: .6rem; }
.side-by-side > .picture { flex: 1 1 15rem; }
.side-by-side > figcaption { flex: 1.5 1 15rem; }
.bars { font-size: .9rem; }
.bars > li { margin-bottom: .3rem; }
.bars .value { float: inline-end; margin-inline-start: .5rem; color: var(--quiet); }
.people > li { display: grid; grid-template-columns: minmax(2.25rem, max-content) 1fr; column-gap: .25rem; margin-top: .25rem; }
.people .initials { color: var(--accent); }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.2rem 1.5rem; }
.gallery figcaption { font-size: .9rem; line-height: 1.4; }
"""

_PAPER = """
@page { margin: 12mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.33; }
  .on-screen { display: none; }
  h1 { font-size: 14pt; margin-top: 1mm; }
  h2 { font-size: 11pt; }
  h3 { font-size: 9.5pt; }
  section, details.section, details.section + details.section { margin-top: 4mm; }
  section > h2 { margin-bottom: 2mm; padding-bottom: .5mm; }
  details.section > summary { margin-bottom: 1mm; }
  footer { margin-top: 4mm; padding-top: 1.5mm; }
  h1, h2, h3, summary { break-after: avoid; }
  .timeline > li, .picture, figure, tr, .reasons li, .draft-text, .finding:not(:has(figure)) { break-inside: avoid; }
  .timeline > li { padding-bottom: 1.5mm; grid-template-columns: 36mm 4mm 1fr; column-gap: 2.5mm; }
  .timeline > li:not(:last-child)::before { inset-inline-start: 40.5mm; inset-block-start: 5mm; }
  .mark { width: 4mm; height: 4mm; margin-top: 0; }
  .timeline .due { line-height: inherit; }
  .timeline p.quiet { display: inline; }
  .timeline p.quiet + p.quiet::before { content: " · "; }
  .draft-text { background: none; margin-top: 1mm; padding: 1.5mm 3mm; }
  .finding + .finding, .draft + .draft { margin-top: 2.5mm; }
  p + p, p + ul, ul + p, h3 + p, h3 + ul { margin-top: .8mm; }
  .figures { columns: 2; column-gap: 6mm; }
  .figures > li { break-inside: avoid; margin-bottom: 1mm; }
  .gallery + details > summary { display: none; }
  .quiet, .note, .state, .figures, .bars, thead th, .gallery figcaption, .timeline .due { font-size: 8.5pt; }
  details.reasons { font-size: 8pt; }
  .sources, footer { font-size: 7.5pt; }
  details.reasons { margin-top: 1mm; }
  .reasons > ul { columns: 2; column-gap: 6mm; }
  .people-map { max-width: 60mm; }
  .radar { max-width: 55mm; }
  .gallery { grid-template-columns: 1fr 1fr; }
  .trend { max-width: 75mm; }
  .picture, .bar, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  summary { list-style: none; }
  summary::-webkit-details-marker { display: none; }
  details[open] > summary { margin-bottom: 0; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  details:not([open]) > :not(summary) { display: revert; }
}
"""

STYLES = f"{_COLORS}{_TEXT}{_FOLDED}{_PLAN}{_RESULT}{_PICTURES}{_PAPER}"


def render_report(planned: PlannedEntry, *, now: datetime, for_others: bool = False) -> str:
    """The whole page. `for_others`: without the map of people, trends and the entry's id."""
    entry = planned.entry
    sections = list(_render_sections(planned, now=now, for_others=for_others))
    page = h.html(lang="en")[
        _render_head(f"{flatten(entry.playbook.title)}, {format_date(entry.started.date())}"),
        h.body[
            _render_header(planned, now=now),
            "\n",
            h.main[([section, "\n"] for section in sections)],
            _render_footer(planned, now=now, for_others=for_others),
        ],
    ]
    return f"{page}\n"


def _render_head(title: str) -> h.Element:
    policy = CONTENT_SECURITY_POLICY.format(styles=hash_styles())
    return h.head[
        h.meta(charset="utf-8"),
        h.meta(http_equiv="Content-Security-Policy", content=policy),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.meta(name="referrer", content="no-referrer"),
        h.meta(name="robots", content="noindex"),
        h.meta(name="generator", content="careerkit"),
        h.title[title],
        h.link(rel="icon", href=ICON),
        h.style[Markup(STYLES)],  # noqa: S704 - our own text, which has no end tag
    ]


def _render_header(planned: PlannedEntry, *, now: datetime) -> h.Element:
    entry = planned.entry
    outcome = entry.outcome or Outcome(given=entry.started)
    level = outcome.headline_level
    made = entry.finished or entry.started
    parts = [format_date(made.date()) if entry.finished else f"Started on {format_date(made.date())}, not finished"]
    if now.date() != made.date():
        parts.append(f"as of {format_date(now.date())}")
    return h.header(class_=level)[
        h.p(class_="quiet")[render_line(entry.playbook.title), " · ", ", ".join(parts)],
        render_headline(level, outcome.headline or entry.playbook.title),
        h.p(class_="note")[describe_later_corrections(planned.corrected_at, planned.plan.updated_at)]
        if planned.corrected_at
        else None,
    ]


def _render_sections(planned: PlannedEntry, *, now: datetime, for_others: bool) -> Iterator[h.Element]:
    entry, playbook = planned.entry, planned.playbook
    outcome = entry.outcome or Outcome(given=entry.started)
    timeline = render_timeline(planned, now=now)
    people = () if for_others else build_people_maps(entry, playbook)
    trends = () if for_others else planned.trends
    yield from _render_section("The plan", [timeline] if timeline else [])
    yield from _render_section("What to know", render_findings(outcome.findings, collect_reasons(entry)))
    yield from _render_section("What to say", render_drafts(outcome.drafts))
    for decision in outcome.decisions:
        yield from _render_section("How your options compare", render_decision(decision, playbook))
    yield from _render_section(
        "The people involved",
        (render_people_map(f"people-{number}", each) for number, each in enumerate(people, start=1)),
    )
    yield from _render_section("Compared with earlier entries", render_trends(trends))
    figures = render_figures(outcome)
    yield from _render_folded("The figures behind this", [figures] if figures else [])
    sources = list_sources(outcome, playbook)
    yield from _render_folded("Sources", [render_list(sources, "sources")] if sources else [])


def _render_section(title: str, content: Iterable[h.Node]) -> Iterator[h.Element]:
    nodes = list(content)
    if nodes:
        yield h.section[h.h2[title], nodes]


def _render_folded(title: str, content: Iterable[h.Node]) -> Iterator[h.Element]:
    nodes = list(content)
    if nodes:
        yield h.details(class_="section")[h.summary[h.h2[title]], nodes]


def _render_footer(planned: PlannedEntry, *, now: datetime, for_others: bool) -> h.Element:
    entry = "" if for_others else f" Entry {planned.entry.id}."
    return h.footer[h.p[DISCLAIMER, f" Made with careerkit on {format_date(now.date())}.{entry}"]]


def _render_document(document: PlanDocument, options: ExportOptions) -> Export:
    [planned] = document.entries
    return Export({"": render_report(planned, now=options.now, for_others=document.for_others)})


def hash_styles() -> str:
    """The hash of the style sheet, as a Content-Security-Policy names it."""
    return b64encode(sha256(STYLES.encode()).digest()).decode()


FORMAT = ExportFormat("html", "HTML", (".html", ".htm"), _render_document, is_for_one=True, shows_trends=True)
