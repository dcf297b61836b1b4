"""The report of a walk on screen: what is never reached and why, what every run ends with, and how long runs are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from careerkit.core.text import abbreviate, format_count
from careerkit.terminal.sanitize import sanitize_record
from careerkit.terminal.view_models import BulletList, Heading, Paragraphs, SecondaryText, ViewModel

if TYPE_CHECKING:
    from careerkit.core.playbook.model import Playbook
    from careerkit.core.playbook.walk.report import EndCheck, Reach, ReachVerdict, WalkReport
    from careerkit.core.playbook.walk.targets import TargetKind
    from careerkit.terminal.view_models import Renderer

MAX_QUOTED_LENGTH = 60
MAX_LISTED = 50
"""The most parts of a kind that are listed; all of them are in the JSON."""

_COUNTED: tuple[TargetKind, ...] = ("question", "finding", "draft", "action", "line")
"""The kinds of parts that are counted one by one; all others are only counted together."""


def render_walk(report: WalkReport, playbook: Playbook, *, command: str, renderer: Renderer, encoding: str) -> str:
    """The whole report. `command` is what the person types to walk this playbook."""
    views = _build_walk_view(report, playbook, command)
    return "".join(renderer.render(sanitize_record(each, encoding=encoding)) for each in views)


def _build_walk_view(report: WalkReport, playbook: Playbook, command: str) -> Iterator[ViewModel]:
    yield Heading(playbook.title)
    yield Paragraphs(_describe_total(report))
    yield from _build_list(report, "unreachable", "Never reached, whatever the answers")
    yield from _build_list(report, "undecided", "Not reached, and not proved unreachable")
    proved = [each for each in report.constant_conditions if each.is_proved]
    if proved:
        items = tuple(f"{each.place}: {each.condition}" for each in proved[:MAX_LISTED])
        yield BulletList("Conditions that always hold", items)
    yield Heading("Ends")
    for end in report.ends:
        yield Paragraphs(_describe_end(end))
    yield Heading("Length")
    names = (("Longest found", report.longest), ("Typical", report.typical), ("Shortest found", report.shortest))
    for name, number in names:
        if number:
            run = report.runs[number - 1]
            questions, lines = format_count(run.questions, "question"), format_count(run.lines, "line")
            yield Paragraphs(
                f"{name}: {questions}, about {format_count(round(run.minutes), 'minute')}, a result of {lines}."
            )
    if report.partly_tried:
        yield SecondaryText(
            "Only some of the possible answers to these questions were tried: " + ", ".join(report.partly_tried) + "."
        )
    yield SecondaryText(f"To see answers that lead to a part: {command} --reach PLACE")


def _describe_total(report: WalkReport) -> str:
    reached = [each for each in report.reaches if each.verdict == "reached"]
    counts = Counter(each.kind for each in reached)
    parts = [format_count(counts[kind], kind) for kind in _COUNTED if counts[kind]]
    runs = format_count(len({each.run for each in reached}), "run")
    whole = "All" if len(reached) == len(report.reaches) else f"{len(reached)} of"
    listed = f", among them {', '.join(parts)}" if parts else ""
    return f"{whole} {len(report.reaches)} parts are reached by {runs}{listed}."


def _build_list(report: WalkReport, verdict: ReachVerdict, heading: str) -> Iterator[ViewModel]:
    found = report.list_unreached(verdict)
    if found:
        more = [f"and {len(found) - MAX_LISTED} more"] if len(found) > MAX_LISTED else []
        yield BulletList(heading, (*map(_describe_reach, found[:MAX_LISTED]), *more))


def _describe_reach(reach: Reach) -> str:
    return f'{reach.place} "{abbreviate(reach.text, MAX_QUOTED_LENGTH)}": {reach.reason}'


def _describe_end(end: EndCheck) -> str:
    article = "an" if end.what[0] in "aeiou" else "a"
    if end.run:
        return f"A run can end without {article} {end.what}. For its answers: --reach end.{end.what}"
    if end.is_proved:
        return f"Every run ends with {article} {end.what}."
    tried = "No answers that were tried lead to an end" if end.certainty == "tried" else "No run was found that ends"
    return f"{tried} without {article} {end.what}, but that isn't proved for all answers."
