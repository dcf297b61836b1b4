"""The flow of a playbook as a tree of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from careerkit.coaching.authoring.flow import Flow, FlowGroup, FlowNode
from careerkit.terminal.authoring.story_view import write_lines
from careerkit.terminal.sanitize import wrap_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.terminal.erasable_output import TextWriter

UNICODE_BRANCHES, ASCII_BRANCHES = ("├─ ", "└─ ", "│  ", "   "), ("|- ", "`- ", "|  ", "   ")
MIN_TEXT_COLUMNS = 24

Branches = tuple[str, str, str, str]
"""Before a node, before the last one, and before the rows below each of them."""


def write_tree(flow: Flow, *, to: TextWriter, columns: int, encoding: str) -> None:
    """Write the stages with their questions, then the results, each with its condition in words below it."""
    write_lines([flow.title], to=to, columns=columns, encoding=encoding)
    for line in _list_rows(flow.groups, _choose_branches(encoding), columns):
        write_lines([line], to=to, columns=max(columns, len(line)), encoding=encoding)


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
