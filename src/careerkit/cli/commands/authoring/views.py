"""`careerkit playbook graph` and `careerkit playbook sheet`: a playbook as a graph, and as a document to review."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from careerkit.cli.container import open_library
from careerkit.cli.output import list_output, write, write_file, write_json
from careerkit.coaching.authoring.flow import build_flow
from careerkit.coaching.authoring.outline import build_outline
from careerkit.core.records import to_plain
from careerkit.export.authoring.graph import render_mermaid, render_svg
from careerkit.export.authoring.sheet import render_html, render_markdown
from careerkit.terminal.authoring.flow_tree import write_tree

if TYPE_CHECKING:
    from careerkit.cli.options import GlobalOptions


def graph(options: GlobalOptions, *, playbook: str, format: str, output: str | None, force: bool) -> None:  # noqa: A002 - the option's name
    """Show the flow of a playbook as a tree, or print it as Mermaid or SVG."""
    flow = build_flow(open_library().open(playbook).playbook)
    if options.json:
        write_json(to_plain(flow))
    elif format in ("", "tree") and output is None:
        write_tree(flow, **list_output())
    else:
        text = StringIO()
        match format:
            case "mermaid":
                text.write(render_mermaid(flow))
            case "svg":
                text.write(render_svg(flow))
            case _:
                write_tree(flow, to=text, columns=100, encoding="utf-8")
        _write_result(text.getvalue(), output, force=force, subject="The graph")


def sheet(options: GlobalOptions, *, playbook: str, format: str, output: str | None, force: bool) -> None:  # noqa: A002 - the option's name
    """Print a playbook as one document: every screen, condition and outcome."""
    outline = build_outline(open_library().open(playbook).playbook)
    if options.json:
        write_json(to_plain({"blocks": outline}))
        return
    text = render_html(outline) if format == "html" else render_markdown(outline)
    _write_result(text, output, force=force, subject="The sheet")


def _write_result(text: str, output: str | None, *, force: bool, subject: str) -> None:
    if output is None:
        write(text)
    else:
        write_file(output, text, force=force, subject=subject)
