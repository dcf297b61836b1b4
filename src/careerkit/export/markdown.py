"""An entry as Markdown (GFM): findings with reasons, the plan as a task list, drafts as quotations, check-ins, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from careerkit.coaching.changes import corrected_since
from careerkit.coaching.reasons import Reasons, reasons
from careerkit.coaching.screen import Because
from careerkit.core.citation import cited
from careerkit.core.days import date_text, due_order, moment_text
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.people import people_maps
from careerkit.core.outcome.model import Action, Checkin, Draft, Finding, Outcome, When
from careerkit.core.playbook.model import Playbook
from careerkit.core.within_sentence import within_sentence
from careerkit.export.markdown_pictures import decision_lines, people_lines, profile_lines
from careerkit.export.markdown_text import escaped, quoted

LEVELS = {"stop": "First", "care": "Take care", "good": "Good to know", "info": ""}


def markdown(
    entry: Entry,
    *,
    sources: Mapping[str, str],
    playbook: Playbook | None = None,
    with_people: bool = False,
    corrected: datetime | None = None,
) -> str:
    """The whole entry. `sources` gives the citation of each source id that is known; `corrected`, when answers were later.

    `playbook`, where it can be had, gives the options of decisions their labels. `with_people`: the map of the people
    too, which names them.
    """
    people = people_maps(entry, playbook) if with_people else ()
    outcome = entry.outcome or Outcome(given=entry.started)
    why = reasons(entry)
    parts = [
        [f"# {escaped(entry.playbook.title)}", "", escaped(_dated(entry)), ""],
        [escaped(corrected_since(corrected)), ""] if corrected else [],
        _section("Findings", [line for each in outcome.findings for line in _finding(each, why)]),
        _section("Options", [line for each in outcome.decisions for line in decision_lines(each, playbook)]),
        _section("People", [line for each in people for line in people_lines(each)]),
        _section("Plan", [line for each in sorted(outcome.actions, key=_due) for line in _action(each)]),
        _section("Drafts", [line for each in outcome.drafts for line in _draft(each)]),
        _section("Check-ins", [_checkin(each) for each in sorted(outcome.checkins, key=_due)]),
        _section("Sources", _sources(outcome, sources)),
    ]
    return "\n".join(_without_gaps(line for part in parts for line in part)).rstrip("\n") + "\n"


def _without_gaps(lines: Iterable[str]) -> Iterator[str]:
    """`lines` with one empty line where several follow one another, in quotations too."""
    before = None
    for line in lines:
        if line not in {"", ">"} or line != before:
            yield line
        before = line


def _dated(entry: Entry) -> str:
    if entry.finished:
        return f"{date_text(entry.finished.date())}. Entry {entry.id}."
    return f"Begun on {date_text(entry.started.date())}, not finished. Entry {entry.id}."


def _section(title: str, lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return [f"## {title}", "", *lines, ""] if lines else []


def _finding(finding: Finding, why: Reasons) -> Iterator[str]:
    level = LEVELS[finding.level]
    yield f"### {escaped(finding.title)}"
    yield ""
    if level:
        yield f"*{level}.*"
        yield ""
    yield from _paragraphs(finding.text)
    yield from profile_lines(finding.profile)
    yield from _arguments("For it", finding.supports)
    yield from _arguments("Against it", finding.opposes)
    yield from _arguments("Because", tuple(_reason(each) for each in why.get(finding.id, ())))


def _arguments(title: str, lines: tuple[str, ...]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield ""
        yield from (f"- {escaped(line)}" for line in lines)
        yield ""


def _reason(because: Because) -> str:
    ends = because.ask.endswith(("?", ":", ".", "!"))
    return f"{because.ask}{'' if ends else ':'} {because.shown}"


def _paragraphs(text: str) -> Iterator[str]:
    if not text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines):
        is_item = line.startswith("- ")
        if number and is_item != lines[number - 1].startswith("- ") and lines[number - 1]:
            yield ""
        yield f"- {escaped(line[2:])}" if is_item else escaped(line) + _break(lines, number)
    yield ""


def _break(lines: list[str], number: int) -> str:
    """Two blanks where the next line belongs to the same paragraph: Markdown's sign for a line's end."""
    following = lines[number + 1] if number + 1 < len(lines) else ""
    return "  " if lines[number] and following and not following.startswith("- ") else ""


def _action(action: Action) -> Iterator[str]:
    do = escaped(action.do)
    match action.state:
        case "done":
            yield f"- [x] {do}"
        case "dropped":
            yield f"- [x] ~~{do}~~ (dropped)"
        case "open":
            yield f"- [ ] {do}"
    if action.cue:
        yield f"  - Cue: {escaped(action.cue)}"
    if action.due:
        yield f"  - Due: {escaped(_when(action.due))}"
    if action.evidence:
        yield f"  - Done when: {escaped(action.evidence)}"


def _draft(draft: Draft) -> Iterator[str]:
    yield f"### {escaped(draft.title)}"
    yield ""
    if draft.to:
        yield f"To {escaped(within_sentence(draft.to, before='To '))}:"
        yield ""
    yield from quoted(list(_paragraphs(draft.text)))
    yield ""


def _checkin(checkin: Checkin) -> str:
    due = f"{escaped(_when(checkin.due))}: " if checkin.due else ""
    return f"- {due}{escaped(checkin.title)}"


def _due(each: Action | Checkin) -> tuple[str, str]:
    return due_order(each.due)


def _when(due: When) -> str:
    return moment_text(due) if isinstance(due, datetime) else date_text(due)


def _sources(outcome: Outcome, sources: Mapping[str, str]) -> list[str]:
    told: tuple[Finding | Draft | Action, ...] = (*outcome.findings, *outcome.drafts, *outcome.actions)
    return [f"- {escaped(line)}" for line in cited((source for each in told for source in each.source), sources)]
