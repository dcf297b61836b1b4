"""The outline of a playbook as Markdown and as a page of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape as escape_html

from careerkit.coaching.authoring.outline import OutlineBlock
from careerkit.core.text import compile_control_char_pattern
from careerkit.export.markdown import escape

_STYLE = """\
body { font: 16px/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
h1, h2 { border-bottom: 1px solid #ccc; }
h3 { margin-bottom: 0.2rem; }
blockquote { margin: 0.3rem 0; padding: 0.1rem 0.8rem; border-left: 3px solid #bbb; }
.condition { color: #7a3e00; font-style: italic; margin: 0.2rem 0; }
@media print { body { margin: 0; max-width: none; } }
"""


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
    title = _clean(blocks[0].text) if blocks else ""
    head = f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
    return f"{head}\n<style>\n{_STYLE}</style>\n</head>\n<body>\n{chr(10).join(_list_elements(blocks))}\n</body>\n</html>\n"


def _list_elements(blocks: Sequence[OutlineBlock]) -> Iterator[str]:
    depth = 0
    for block in blocks:
        wanted = block.depth if block.kind == "item" else 0
        yield from ["<ul>"] * (wanted - depth) + ["</ul>"] * (depth - wanted)
        depth = wanted
        text = _clean(block.text)
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


def _clean(text: str) -> str:
    return escape_html(" ".join(compile_control_char_pattern().sub("\ufffd", text.replace("\n", " ")).split()))
