"""Render an entry as an HTML report: one file without scripts, which loads nothing, to read, print and send.

The order is that of the terminal: the headline, the plan, the findings, what to say, then the pictures and figures behind
it. What is less often needed is folded, and a printout has all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import htpy as h
from markupsafe import Markup

from careerkit.coaching.review import collect_reasons
from careerkit.core.due_dates import format_date
from careerkit.core.formatting import describe_later_corrections
from careerkit.core.journal.people import build_people_maps
from careerkit.core.outcome.model import Outcome
from careerkit.export.formats import ExportFormat
from careerkit.export.html.people_map import render_people_map
from careerkit.export.html.result import (
    list_sources,
    render_decision,
    render_drafts,
    render_figures,
    render_findings,
    render_trends,
)
from careerkit.export.html.styles import ICON, STYLES, hash_styles
from careerkit.export.html.texts import render_headline, render_line, render_list
from careerkit.export.html.timeline import render_timeline
from careerkit.export.plan_document import Export, ExportOptions, PlanDocument, PlannedEntry, flatten

DISCLAIMER = "Rules of thumb are our own; the judgment is yours."
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'sha256-{styles}'; img-src data:; base-uri 'none'; form-action 'none'"
)
"""Nothing is run or loaded, and no other style than our own is applied."""


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


FORMAT = ExportFormat("html", "HTML", (".html", ".htm"), _render_document, is_for_one=True, shows_trends=True)
