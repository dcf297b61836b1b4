"""Render an entry as GitHub-flavoured Markdown: findings with reasons, the plan as a task list, drafts as quotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from unicodedata import east_asian_width

from careerkit.coaching.ports import Reason
from careerkit.coaching.review import Reasons, collect_reasons
from careerkit.core.due_dates import due_sort_key, format_date, format_datetime
from careerkit.core.journal.entry import Entry
from careerkit.core.journal.people import PeopleMap, build_people_maps, render_map
from careerkit.core.journal.plan import PlannedAction
from careerkit.core.outcome.model import (
    Action,
    Bar,
    Checkin,
    Decision,
    Draft,
    DueTime,
    Finding,
    Outcome,
    describe_decision,
    get_decision_labels,
    rank_options,
)
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import compile_control_char_pattern, fit_into_sentence
from careerkit.core.values import describe_later_corrections, format_citations, format_number, format_percent
from careerkit.export.formats import (
    LINE_BREAKS,
    UNNAMED,
    Export,
    ExportFormat,
    ExportOptions,
    ExportReport,
    PlanDocument,
    describe_items,
)

LEVEL_LABELS = {"stop": "First", "care": "Take care", "good": "Good to know", "info": ""}
UNKNOWN = "–"
SPECIAL_CHARS = frozenset("\\`*_[]<>#|~$^")
WITNESS_ADVICE = (
    "You don't have to judge it or solve it. Just ask, on the day after each date or whenever suits you:",
    ("What have you done, and what happened?", "If you haven't: what got in the way, and by when will you do it?"),
    "If it has become too much, ask what can be dropped.",
)
"""What is known to help: someone else knows the plan and asks about it (harkin2016, losch2016). The words are our own."""
LINE_START_CHARS = ("-", "+", "=", ":", "%")


def render_entry(
    entry: Entry,
    *,
    sources: Mapping[str, str],
    playbook: Playbook | None = None,
    with_people: bool = False,
    with_id: bool = True,
    corrected_at: datetime | None = None,
) -> str:
    """The whole entry. `sources` maps source ids to citations. `corrected_at` is when answers were corrected, if they were.

    `playbook` gives the labels of decisions' options; without it, their ids are used. `with_people` adds the map of the
    people, with their names; `with_id` the entry's id.
    """
    people = build_people_maps(entry, playbook) if with_people else ()
    outcome = entry.outcome or Outcome(given=entry.started)
    why = collect_reasons(entry)
    parts = [
        [f"# {escape(entry.playbook.title)}", "", escape(_format_dates(entry, with_id=with_id)), ""],
        [escape(describe_later_corrections(corrected_at)), ""] if corrected_at else [],
        _render_headline(outcome),
        _render_section("Findings", [line for each in outcome.findings for line in _render_finding(each, why)]),
        _render_section("Options", [line for each in outcome.decisions for line in render_decision(each, playbook)]),
        _render_section("People", [line for each in people for line in render_people(each)]),
        _render_section(
            "Plan", [line for each in sorted(outcome.actions, key=_get_due_key) for line in _render_action(each)]
        ),
        _render_section("Drafts", [line for each in outcome.drafts for line in _render_draft(each)]),
        _render_section("Check-ins", [_render_checkin(each) for each in sorted(outcome.checkins, key=_get_due_key)]),
        _render_section("Sources", _render_sources(outcome, sources)),
    ]
    return "\n".join(_drop_repeated_blanks(line for part in parts for line in part)).rstrip("\n") + "\n"


def render_witness_page(document: PlanDocument, now: datetime) -> str:
    """One page of Markdown, with the open actions by date and how to ask about them."""
    actions = [each for planned in document.entries for each in planned.plan.open_actions]
    lines = ["# What I'm going to do", "", f"Written on {format_date(now.date())}.", ""]
    for action in sorted(actions, key=lambda each: due_sort_key(each.due)):
        lines += _render_witness_action(action)
    if not actions:
        has_any = any(planned.plan.actions for planned in document.entries)
        lines += ["Nothing is open any more." if has_any else "There is nothing in my plan that I can share here."]
    before, questions, after = WITNESS_ADVICE
    lines += ["", "## How you can ask me about it", "", before, ""]
    lines += [f"- {each}" for each in questions]
    return "\n".join([*lines, "", after]) + "\n"


def render_decision(decision: Decision, playbook: Playbook | None) -> Iterator[str]:
    """A table of the options, best first, and a summary in sentences; nothing if no option has a total."""
    labels = get_decision_labels(decision, playbook)
    order = rank_options(decision)
    if not order:
        return
    has_shares = len(order) > 1 and bool(decision.shares)
    unscored = [option for option, total in decision.totals.items() if total is None]
    rows = [[labels.get(each, each), format_number(total), _format_share(decision, each)] for each, total in order]
    rows += [[labels.get(each, each), "not scored in full", UNKNOWN] for each in unscored]
    rows += [[labels.get(each, each), "ruled out", UNKNOWN] for each in decision.ruled_out]
    head = ["Option", "Weighted total", "Share of draws won"]
    columns = 3 if has_shares else 2
    yield from _render_table(head[:columns], [row[:columns] for row in rows])
    yield from (f"- {escape(line)}" for line in describe_decision(decision, labels))
    yield ""


def render_profile(bars: Sequence[Bar]) -> Iterator[str]:
    """The bars of a finding as a table; nothing if there are none."""
    if bars:
        rows = [[bar.label, f"{format_number(bar.value)} of {format_number(bar.max)}"] for bar in bars]
        yield from _render_table(["Profile", "Value"], rows)


def render_people(people_map: PeopleMap) -> Iterator[str]:
    """The map as a code block, followed by a list of the people."""
    yield f"{escape(people_map.title)}"
    yield ""
    yield "```text"
    yield from render_map(people_map, width=_measure_width)
    yield "```"
    yield ""
    yield from (f"- {escape(f'{person.initials} {person.name}: {person.words}')}" for person in people_map.people)
    yield ""


def _render_headline(outcome: Outcome) -> list[str]:
    level = LEVEL_LABELS[outcome.headline_level]
    mark = f"{level}: " if level else ""
    return [f"**{mark}{escape(outcome.headline)}**", ""] if outcome.headline else []


def quote_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines of Markdown as a block quote, without empty lines at the end."""
    block = list(lines)
    while block and not block[-1]:
        block.pop()
    return (f"> {line}" if line else ">" for line in block)


def escape(text: str) -> str:
    """`text` on one line, with every character escaped that Markdown could read as markup."""
    line = " ".join(compile_control_char_pattern().sub("\ufffd", LINE_BREAKS.sub(" ", text)).split())
    line = "".join(
        f"\\{sign}" if sign in SPECIAL_CHARS or _is_entity_start(line, at) else sign for at, sign in enumerate(line)
    )
    if line.startswith(LINE_START_CHARS):
        return f"\\{line}"
    number, dot, rest = line.partition("." if "." in line else ")")
    if number.isdecimal() and dot and rest[:1] in {"", " "}:
        return f"{number}\\{dot}{rest}"
    return line


def _drop_repeated_blanks(lines: Iterable[str]) -> Iterator[str]:
    """Reduce consecutive empty lines to one, also in block quotes."""
    before = None
    for line in lines:
        if line not in {"", ">"} or line != before:
            yield line
        before = line


def _format_dates(entry: Entry, *, with_id: bool) -> str:
    named = f" Entry {entry.id}." if with_id else ""
    if entry.finished:
        return f"{format_date(entry.finished.date())}.{named}"
    return f"Started on {format_date(entry.started.date())}, not finished.{named}"


def _render_section(title: str, lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return [f"## {title}", "", *lines, ""] if lines else []


def _render_finding(finding: Finding, why: Reasons) -> Iterator[str]:
    level = LEVEL_LABELS[finding.level]
    yield f"### {escape(finding.title)}"
    yield ""
    if level:
        yield f"*{level}.*"
        yield ""
    yield from _render_paragraphs(finding.text)
    yield from render_profile(finding.profile)
    yield from _render_arguments("For it", finding.supports)
    yield from _render_arguments("Against it", finding.opposes)
    yield from _render_arguments("Because", tuple(_format_reason(each) for each in why.get(finding.id, ())))


def _render_arguments(title: str, lines: tuple[str, ...]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield ""
        yield from (f"- {escape(line)}" for line in lines)
        yield ""


def _format_reason(because: Reason) -> str:
    has_ending = because.ask.endswith(("?", ":", ".", "!"))
    return f"{because.ask}{'' if has_ending else ':'} {because.shown}"


def _render_paragraphs(text: str) -> Iterator[str]:
    if not text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines):
        is_item = line.startswith("- ")
        if number and is_item != lines[number - 1].startswith("- ") and lines[number - 1]:
            yield ""
        yield f"- {escape(line[2:])}" if is_item else escape(line) + _get_line_break(lines, number)
    yield ""


def _get_line_break(lines: list[str], number: int) -> str:
    """Two spaces, Markdown's line break, if the next line belongs to the same paragraph."""
    following = lines[number + 1] if number + 1 < len(lines) else ""
    return "  " if lines[number] and following and not following.startswith("- ") else ""


def _render_action(action: Action) -> Iterator[str]:
    do = escape(action.do) or UNNAMED
    match action.state:
        case "done":
            yield f"- [x] {do}"
        case "dropped":
            yield f"- [x] ~~{do}~~ (dropped)"
        case "open":
            yield f"- [ ] {do}"
    if action.owner:
        yield f"  - Who: {escape(action.owner)}"
    if action.cue:
        yield f"  - Cue: {escape(action.cue)}"
    if action.due:
        yield f"  - Due: {escape(_format_due(action.due))}"
    if action.evidence:
        yield f"  - Done when: {escape(action.evidence)}"


def _render_witness_action(action: PlannedAction) -> Iterator[str]:
    due = f"By {_format_due(action.due)}: " if action.due else ""
    yield f"- [ ] {due}{escape(action.do)}"
    if action.evidence:
        yield f"  - You can tell that it's done by this: {escape(action.evidence)}"


def _render_draft(draft: Draft) -> Iterator[str]:
    yield f"### {escape(draft.title)}"
    yield ""
    if draft.to:
        yield f"To {escape(fit_into_sentence(draft.to, before='To '))}:"
        yield ""
    yield from quote_lines(list(_render_paragraphs(draft.text)))
    yield ""


def _render_checkin(checkin: Checkin) -> str:
    due = f"{escape(_format_due(checkin.due))}: " if checkin.due else ""
    return f"- {due}{escape(checkin.title)}"


def _get_due_key(each: Action | Checkin) -> tuple[str, str]:
    return due_sort_key(each.due)


def _format_due(due: DueTime) -> str:
    return format_datetime(due) if isinstance(due, datetime) else format_date(due)


def _render_sources(outcome: Outcome, sources: Mapping[str, str]) -> list[str]:
    parts: tuple[Finding | Draft | Action, ...] = (*outcome.findings, *outcome.drafts, *outcome.actions)
    return [
        f"- {escape(line)}" for line in format_citations((source for each in parts for source in each.source), sources)
    ]


def _render_table(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """A table whose first column is aligned left, and the others, which are figures, right."""
    yield _render_row(head)
    yield _render_row(["---", *("---:" for _ in head[1:])])
    yield from (_render_row([escape(cell) for cell in row]) for row in rows)
    yield ""


def _render_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _format_share(decision: Decision, option: str) -> str:
    share = decision.shares.get(option)
    return UNKNOWN if share is None else f"{format_percent(share)} %"


def _measure_width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _is_entity_start(line: str, at: int) -> bool:
    following = line[at + 1 : at + 2]
    return line[at] == "&" and (following.isalnum() or following == "#")


def _render_document(document: PlanDocument, _: ExportOptions) -> Export:
    """All entries, one below the other."""
    texts = []
    for planned in document.entries:
        playbook = planned.playbook
        text = render_entry(
            planned.entry,
            sources={each.id: each.cite for each in playbook.sources} if playbook else {},
            playbook=playbook,
            with_people=not document.for_others,
            with_id=not document.for_others,
            corrected_at=planned.corrected_at,
        )
        texts.append(text)
    return Export({"": "\n".join(texts)}, ExportReport(added=describe_items(document.items)))


FORMAT = ExportFormat("markdown", "Markdown", (".md", ".markdown"), _render_document)
