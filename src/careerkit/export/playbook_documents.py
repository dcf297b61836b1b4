"""A playbook as documents: its flow as a graph, its outline as a sheet, and the reports of a check and of a walk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape as escape_html
from typing import Any

from careerkit.coaching.authoring.outline import Flow, FlowGroup, FlowNode, OutlineBlock, list_nodes
from careerkit.core.errors import Place, Problem
from careerkit.core.frozen import frozen
from careerkit.core.playbook.rules import RULES
from careerkit.core.playbook.walk.report import ConstantCondition, EndCheck, ExampleRun, Reach, WalkReport
from careerkit.core.text import abbreviate, compile_control_char_pattern
from careerkit.core.values import Value
from careerkit.export.json import Json, serialise_value
from careerkit.export.markdown import escape
from careerkit.version import __version__

MAX_LABEL = 60
MAX_CONDITION = 90
MAX_EDGES = 480
"""Mermaid draws no graph with 500 edges or more."""

_SHAPES = {
    "question": ("[", "]"),
    "note": ("[/", "/]"),
    "headline": (">", "]"),
    "finding": ("([", "])"),
    "draft": ("[[", "]]"),
    "action": ("{{", "}}"),
}

# The SVG has the stages on the left and the results on the right; curves lead from questions to what depends on them.
ROW_HEIGHT, CONDITION_HEIGHT, HEADER_HEIGHT, GAP = 22, 15, 30, 18
COLUMN_WIDTH, MARGIN, CHANNEL = 460, 20, 160
_COLORS = {
    "question": "#1f4e79",
    "note": "#5f5f5f",
    "headline": "#222222",
    "finding": "#7a3e00",
    "draft": "#2f5d2f",
    "action": "#5b2a6e",
}

_STYLE = """\
body { font: 16px/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
h1, h2 { border-bottom: 1px solid #ccc; }
h3 { margin-bottom: 0.2rem; }
blockquote { margin: 0.3rem 0; padding: 0.1rem 0.8rem; border-left: 3px solid #bbb; }
.condition { color: #7a3e00; font-style: italic; margin: 0.2rem 0; }
@media print { body { margin: 0; max-width: none; } }
"""

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

# ------------------------------------------------------------ Mermaid


def render_mermaid(flow: Flow) -> str:
    """A flowchart for Mermaid: a box per stage, conditions on the arrows, dotted arrows to the results."""
    return "\n".join(_list_mermaid(flow)) + "\n"


def _list_mermaid(flow: Flow) -> Iterator[str]:
    names = {node.id: f"n{number}" for number, node in enumerate(list_nodes(flow))}
    yield "flowchart TD"
    for number, group in enumerate(flow.groups):
        yield f'  subgraph g{number}["{_quote(_title(group))}"]'
        for node in group.nodes:
            left, right = _SHAPES[node.kind]
            yield f'    {names[node.id]}{left}"{_quote(node.label)}"{right}'
        yield "  end"
    order = list(_list_order(flow, names))
    yield from order
    yield from _list_dependencies(flow, names, MAX_EDGES - len(order))


def _list_order(flow: Flow, names: dict[str, str]) -> Iterator[str]:
    """An arrow from each question to the next one, with the condition of the next one."""
    before = ""
    for group in flow.stages:
        for node in group.nodes:
            condition = " and ".join(filter(None, (group.condition * (node is group.nodes[0]), node.condition)))
            label = f'|"{_quote(condition)}"|' if condition else ""
            if before:
                yield f"  {before} -->{label} {names[node.id]}"
            before = names[node.id]


def _list_dependencies(flow: Flow, names: dict[str, str], limit: int) -> list[str]:
    """Dotted arrows from the questions to the results that depend on them; from whole stages, if there are too many."""
    stages = {node.id: f"g{number}" for number, group in enumerate(flow.stages) for node in group.nodes}
    pairs = [
        (need, node.id, f"g{number}")
        for number, group in enumerate(flow.groups)
        if group in flow.results
        for node in group.nodes
        for need in node.needs
    ]
    precise = [(names[need], names[node]) for need, node, _ in pairs if need in names]
    by_stage = [(stages[need], names[node]) for need, node, _ in pairs if need in stages]
    by_group = [(stages[need], group) for need, _, group in pairs if need in stages]
    arrows = (list(dict.fromkeys(each)) for each in (precise, by_stage, by_group))
    found = next((each for each in arrows if len(each) <= limit), [])
    return [f"  {start} -.-> {end}" for start, end in found]


def _quote(text: str) -> str:
    """Text for a label in double quotes. Mermaid reads entities such as #quot; in it."""
    line = abbreviate(" ".join(compile_control_char_pattern().sub(" ", text).split()), MAX_CONDITION, whole_words=True)
    entities = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "|": "#124;", "`": "#96;", "&": "#amp;"}
    return "".join(entities.get(each, each) for each in line)


def _title(group: FlowGroup) -> str:
    return f"{group.title} (only if {group.condition})" if group.condition else group.title


# ------------------------------------------------------------ SVG


@frozen
class _Placed:
    """A node with the corner of its row."""

    node: FlowNode
    x: int
    y: int


def render_svg(flow: Flow) -> str:
    """An image of the flow, for a browser. It has no scripts and refers to nothing outside."""
    left, left_end = _place(flow.stages, MARGIN)
    right, right_end = _place(flow.results, MARGIN + COLUMN_WIDTH + CHANNEL)
    height, width = max(left_end, right_end) + MARGIN, 2 * (MARGIN + COLUMN_WIDTH) + CHANNEL
    places = {each.node.id: each for each in left if isinstance(each, _Placed)}
    lines = [
        _open_svg(width, height),
        f"<title>{_clean(flow.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(line for each in right if isinstance(each, _Placed) for line in _draw_curves(each, places)),
        *(line for each in (*left, *right) for line in ([each] if isinstance(each, str) else _draw_node(each))),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def render_markdown(blocks: Sequence[OutlineBlock]) -> str:
    """The outline as Markdown, with everything from the playbook escaped."""
    lines: list[str] = []
    before = ""
    for block in blocks:
        if lines and not (block.kind == before == "item"):
            lines.append("")
        text = escape(block.text)
        match block.kind:
            case "heading":
                lines.append(f"{'#' * block.depth} {text}")
            case "quote":
                lines.append(f"> {text}")
            case "condition":
                lines.append(f"*{text}*")
            case "item":
                lines.append(f"{'  ' * (block.depth - 1)}- {text}")
            case _:
                lines.append(text)
        before = block.kind
    return "\n".join(lines) + "\n"


def render_html(blocks: Sequence[OutlineBlock]) -> str:
    """The outline as one page, without scripts and without anything from outside. Everything is escaped."""
    title = _clean_line(blocks[0].text) if blocks else ""
    head = f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
    return f"{head}\n<style>\n{_STYLE}</style>\n</head>\n<body>\n{chr(10).join(_list_elements(blocks))}\n</body>\n</html>\n"


def format_for_github(problem: Problem) -> str:
    """The problem as a workflow command, which GitHub shows next to the line.

    See "Workflow commands for GitHub Actions": % and line breaks are escaped, and : and , in properties.
    """
    where = problem.where if isinstance(problem.where, Place) else Place(str(problem.where))
    properties = {"file": where.file, "line": where.line, "col": where.column, "title": problem.code}
    given = ",".join(f"{key}={_escape_property(str(value))}" for key, value in properties.items() if value)
    return f"::{problem.severity} {given}::{_escape(_join(problem))}"


def build_sarif(problems: Iterable[Problem]) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run. Only the rules that were broken are described."""
    found = list(problems)
    codes = list(dict.fromkeys(problem.code for problem in found))
    driver = {
        "name": "careerkit",
        "version": __version__,
        "rules": [_describe_rule(code) for code in codes],
    }
    results = [_build_result(problem, codes.index(problem.code)) for problem in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def serialise_walk(report: WalkReport) -> Json:
    """The whole report. Runs are referred to by their number, from 1."""
    return {
        "playbook": report.playbook,
        "sound": report.is_sound,
        "parts": [_serialise_reach(each) for each in report.reaches],
        "constant_conditions": [_serialise_condition(each) for each in report.constant_conditions],
        "ends": [_serialise_end(each) for each in report.ends],
        "longest": report.longest or None,
        "typical": report.typical or None,
        "shortest": report.shortest or None,
        "partly_tried": [*report.partly_tried],
        "runs": [serialise_run(number, run) for number, run in enumerate(report.runs, 1)],
    }


def serialise_run(number: int, run: ExampleRun) -> Json:
    """A run with its answers, as they stand in an answers file."""
    return {
        "number": number,
        "lane": run.lane,
        "hour": None if run.hour is None else float(run.hour),
        "answers": build_answers(run.answers),
        "checkin": run.checkin or None,
        "checkin_answers": build_answers(run.checkin_answers),
        "done": [*run.done],
        "questions": run.questions,
        "minutes": run.minutes,
        "lines": run.lines,
    }


def build_answers(answers: Mapping[str, Value]) -> Json:
    """The answers of a run by question, as plain values."""
    return {name: serialise_value(value) for name, value in answers.items()}


def _open_svg(width: int, height: int) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'


def _place(groups: tuple[FlowGroup, ...], x: int) -> tuple[list[_Placed | str], int]:
    """The nodes of the groups below each other, with the frames and titles of the groups; and where they end."""
    placed: list[_Placed | str] = []
    y = MARGIN
    for group in groups:
        top = y
        y += HEADER_HEIGHT + CONDITION_HEIGHT * bool(group.condition)
        rows = []
        for node in group.nodes:
            rows.append(_Placed(node, x, y))
            y += ROW_HEIGHT + CONDITION_HEIGHT * bool(node.condition)
        y += GAP // 2
        placed += [
            f'<rect x="{x}" y="{top}" width="{COLUMN_WIDTH}" height="{y - top}" rx="6" fill="#f6f6f6" stroke="#999999"/>',
            f'<text x="{x + 10}" y="{top + 20}" font-weight="bold">{_clean(group.title)}{" (quick)" * group.is_quick}</text>',
        ]
        if group.condition:
            placed.append(_draw_condition(group.condition, x + 10, top + 20 + CONDITION_HEIGHT))
        placed += rows
        y += GAP
    return placed, y


def _draw_node(placed: _Placed) -> Iterator[str]:
    node, x, y = placed.node, placed.x, placed.y
    name = f"{node.kind.capitalize()}: " if node.kind != "question" else ""
    label = abbreviate(f"{name}{node.label}", MAX_LABEL, whole_words=True)
    yield f'<circle cx="{x + 16}" cy="{y + 9}" r="4" fill="{_COLORS[node.kind]}"/>'
    yield f'<text x="{x + 28}" y="{y + 14}" fill="{_COLORS[node.kind]}"><title>{_clean(node.id)}</title>{_clean(label)}</text>'
    if node.condition:
        yield _draw_condition(node.condition, x + 28, y + 14 + CONDITION_HEIGHT)


def _draw_condition(condition: str, x: int, y: int) -> str:
    short = abbreviate(f"if {condition}", MAX_LABEL + 12, whole_words=True)
    full = f"<title>{_clean(condition)}</title>"
    return f'<text x="{x}" y="{y}" font-size="11" fill="#555555">{full}{_clean(short)}</text>'


def _draw_curves(placed: _Placed, sources: dict[str, _Placed]) -> Iterator[str]:
    """A curve from each question that the result depends on."""
    for name in placed.node.needs:
        if name in sources:
            start_x, start_y = sources[name].x + COLUMN_WIDTH, sources[name].y + 9
            end_x, end_y = placed.x, placed.y + 9
            middle = (start_x + end_x) // 2
            path = f"M {start_x} {start_y} C {middle} {start_y}, {middle} {end_y}, {end_x} {end_y}"
            yield f'<path d="{path}" fill="none" stroke="{_COLORS[placed.node.kind]}" stroke-opacity="0.35"/>'


def _clean(text: str) -> str:
    return escape_html(" ".join(compile_control_char_pattern().sub("\ufffd", text).split()))


def _list_elements(blocks: Sequence[OutlineBlock]) -> Iterator[str]:
    depth = 0
    for block in blocks:
        wanted = block.depth if block.kind == "item" else 0
        yield from ["<ul>"] * (wanted - depth) + ["</ul>"] * (depth - wanted)
        depth = wanted
        text = _clean_line(block.text)
        match block.kind:
            case "heading":
                yield f"<h{block.depth}>{text}</h{block.depth}>"
            case "quote":
                yield f"<blockquote>{text}</blockquote>"
            case "condition":
                yield f'<p class="condition">{text}</p>'
            case "item":
                yield f"<li>{text}</li>"
            case _:
                yield f"<p>{text}</p>"
    yield from ["</ul>"] * depth


def _clean_line(text: str) -> str:
    return escape_html(" ".join(compile_control_char_pattern().sub("\ufffd", text.replace("\n", " ")).split()))


def _describe_rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": rule.severity},
    }


def _build_result(problem: Problem, number: int) -> dict[str, Any]:
    where = problem.where if isinstance(problem.where, Place) else Place(str(problem.where))
    place: dict[str, Any] = {"artifactLocation": {"uri": where.file.replace("\\", "/")}}
    if where.line:
        place["region"] = {"startLine": where.line, "startColumn": max(where.column, 1)}
    return {
        "ruleId": problem.code,
        "ruleIndex": number,
        "level": problem.severity,
        "message": {"text": _join(problem)},
        "locations": [{"physicalLocation": place}],
    }


def _join(problem: Problem) -> str:
    return f"{problem.message} {problem.hint}".strip()


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _serialise_reach(reach: Reach) -> Json:
    return {
        "place": reach.place,
        "kind": reach.kind,
        "text": reach.text,
        "verdict": reach.verdict,
        "run": reach.run or None,
        "reason": reach.reason or None,
    }


def _serialise_condition(condition: ConstantCondition) -> Json:
    return {"place": condition.place, "condition": condition.condition, "proved": condition.is_proved}


def _serialise_end(end: EndCheck) -> Json:
    return {"part": end.what, "run_without": end.run or None, "certainty": None if end.run else end.certainty}
