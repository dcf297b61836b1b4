"""What authors of playbooks see: the flow of one as a tree, and the results of its stories and of a walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import ndiff

from careerkit.coaching.authoring.coverage import CoveredKind, describe_missing
from careerkit.coaching.authoring.outline import Flow, FlowGroup, FlowNode
from careerkit.coaching.authoring.story_run import PartRun, StoryMismatch, StoryRun
from careerkit.core.playbook.model import Playbook
from careerkit.core.text import abbreviate, format_count
from careerkit.terminal.sanitize import count_cells, sanitize, sanitize_record, wrap_text
from careerkit.terminal.view_models import BulletList, Heading, Paragraphs, SecondaryText, ViewModel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.playbook.walk.report import EndCheck, Reach, ReachVerdict, WalkReport
    from careerkit.core.playbook.walk.targets import TargetKind
    from careerkit.terminal.tty import TextWriter
    from careerkit.terminal.view_models import Renderer


UNICODE_BRANCHES, ASCII_BRANCHES = ("├─ ", "└─ ", "│  ", "   "), ("|- ", "`- ", "|  ", "   ")
MIN_TEXT_COLUMNS = 24

Branches = tuple[str, str, str, str]
"""Before a node, before the last one, and before the rows below each of them."""

MAX_MISSING = 8
"""The most missing items of one kind that are listed."""

MAX_QUOTED_LENGTH = 60
MAX_LISTED = 50
"""The most parts of a kind that are listed; all of them are in the JSON."""

_COUNTED: tuple[TargetKind, ...] = ("question", "finding", "draft", "action", "line")
"""The kinds of parts that are counted one by one; all others are only counted together."""


def write_tree(flow: Flow, *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write the stages with their questions, then the results, each with its condition in words below it."""
    write_lines([flow.title], to=to, columns=columns, encoding=encoding)
    for line in _list_rows(flow.groups, _choose_branches(encoding), columns):
        write_lines([line], to=to, columns=max(columns, len(line)), encoding=encoding)


def write_story_runs(
    title: str,
    runs: Sequence[StoryRun],
    coverage: Sequence[CoveredKind],
    *,
    to: TextWriter,
    columns: int,
    encoding: str,
) -> None:
    """Write the stories of one playbook, each with its differences, and what they reach together."""
    lines = [title, *(line for run in runs for line in _format_run(run)), "", *_format_coverage(coverage), ""]
    write_lines(lines, to=to, columns=columns, encoding=encoding)


def write_lines(lines: Iterable[str], *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write lines, wrapped with their indent kept and made safe for the terminal."""
    for line in lines:
        text = line.lstrip(" ")
        indent = " " * (len(line) - len(text))
        rows = [text] if count_cells(line) <= columns else wrap_text(text, max(20, columns - len(indent)))
        for row in rows:
            to.write(sanitize(f"{indent}{row}".rstrip(" "), encoding=encoding) + "\n")


def format_mismatch(mismatch: StoryMismatch) -> Iterator[str]:
    """A difference: expected and actual below each other, or line by line if they are whole texts."""
    if "\n" not in mismatch.expected + mismatch.actual:
        yield mismatch.key
        yield f"  expected: {mismatch.expected}"
        yield f"  actual:   {mismatch.actual}"
        return
    if mismatch.expected.startswith("… "):
        yield f"{mismatch.key}, expected to contain: {mismatch.expected.strip('… ')}"
        yield "  actual:"
        yield from (f"    {line}" for line in mismatch.actual.split("\n"))
        return
    yield f"{mismatch.key}, - expected, + actual"
    differing = ndiff(mismatch.expected.split("\n"), mismatch.actual.split("\n"))
    yield from (f"  {line}" for line in differing if not line.startswith("?"))


def _format_run(run: StoryRun) -> Iterator[str]:
    yield f"  {'ok  ' if run.is_passed else 'FAIL'}  {run.story.name}"
    if run.is_passed:
        return
    yield f"    {run.story.where}"
    for part in run.parts:
        for problem in part.problems:
            yield f"    {_name_part(part)}{problem.message}"
            yield f"      {problem.hint}"
        for mismatch in part.mismatches:
            yield from (f"    {_name_part(part) * (not at)}{line}" for at, line in enumerate(format_mismatch(mismatch)))


def _name_part(part: PartRun) -> str:
    return f"check-in {part.checkin.id}: " if part.checkin else ""


def _format_coverage(coverage: Sequence[CoveredKind]) -> Iterator[str]:
    yield "  Reached: " + ", ".join(f"{each.name} {each.covered}/{each.total}" for each in coverage)
    for each in coverage:
        if each.missing:
            yield f"  {each.name.capitalize()} that no story reaches:"
            yield from (f"    {describe_missing(item)}" for item in each.missing[:MAX_MISSING])
            if len(each.missing) > MAX_MISSING:
                yield f"    and {len(each.missing) - MAX_MISSING} more (all are in --json)"


def summarize_runs(runs: Sequence[StoryRun]) -> str:
    """How many stories passed, in a sentence."""
    failed = sum(not each.is_passed for each in runs)
    if failed:
        return f"{failed} of {format_count(len(runs), 'story', 'stories')} failed."
    return f"{format_count(len(runs), 'story', 'stories')} passed."


def render_walk(report: WalkReport, playbook: Playbook, *, command: str, renderer: Renderer, encoding: str) -> str:
    """The whole report. `command` is what the person types to walk this playbook."""
    views = _build_walk_view(report, playbook, command)
    return "".join(renderer.render(sanitize_record(each, encoding=encoding)) for each in views)


def _choose_branches(encoding: str) -> Branches:
    try:
        "".join(UNICODE_BRANCHES).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII_BRANCHES
    return UNICODE_BRANCHES


def _list_rows(groups: Sequence[FlowGroup], branches: Branches, columns: int) -> Iterator[str]:
    for number, group in enumerate(groups):
        is_last = number == len(groups) - 1
        marks = ["quick"] * group.is_quick
        first, following = _choose_indents("", branches, is_last=is_last)
        yield from _format_row(
            _add_marks(group.title, marks), group.condition, (first, following + branches[2]), columns
        )
        for place, node in enumerate(group.nodes):
            indents = _choose_indents(following, branches, is_last=place == len(group.nodes) - 1)
            yield from _format_row(_add_marks(_name(node), _list_marks(node)), node.condition, indents, columns)


def _choose_indents(before: str, branches: Branches, *, is_last: bool) -> tuple[str, str]:
    """What is in front of the first row of a node, and of the rows below it."""
    tee, corner, line, blank = branches
    return f"{before}{corner if is_last else tee}", f"{before}{blank if is_last else line}"


def _name(node: FlowNode) -> str:
    kind = "" if node.kind in ("question", "note") else f"{node.kind} "
    return f"{kind}{node.id.rpartition('.')[2]}: {node.label}"


def _list_marks(node: FlowNode) -> list[str]:
    return ["note"] * (node.kind == "note") + ["private"] * node.is_private + ["quick"] * node.is_quick


def _add_marks(text: str, marks: Sequence[str]) -> str:
    return f"{text} [{', '.join(marks)}]" if marks else text


def _format_row(text: str, condition: str, indents: tuple[str, str], columns: int) -> Iterator[str]:
    """The text, and its condition below it, wrapped with the lines of the tree in front."""
    first, following = indents
    width = max(MIN_TEXT_COLUMNS, columns - len(following))
    rows = [*wrap_text(text, width), *(wrap_text(f"if {condition}", width) if condition else [])]
    yield from (f"{following if number else first}{row}" for number, row in enumerate(rows))


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
