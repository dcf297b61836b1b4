"""Text that means what it says in Markdown: nothing that a person wrote becomes markup, HTML or a task."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from careerkit.core.visible import acting

BREAKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
SPECIAL = frozenset("\\`*_[]<>#|~$^")
AT_THE_START = ("-", "+", "=", ":", "%")


def escaped(text: str) -> str:
    """`text` on one line, with every sign that Markdown could take for markup escaped."""
    line = " ".join(acting().sub("\ufffd", BREAKS.sub(" ", text)).split())
    line = "".join(f"\\{sign}" if sign in SPECIAL or _begins_entity(line, at) else sign for at, sign in enumerate(line))
    if line.startswith(AT_THE_START):
        return f"\\{line}"
    number, dot, rest = line.partition("." if "." in line else ")")
    if number.isdecimal() and dot and rest[:1] in {"", " "}:
        return f"{number}\\{dot}{rest}"
    return line


def quoted(lines: Iterable[str]) -> Iterator[str]:
    """`lines` of Markdown as a quotation."""
    block = list(lines)
    while block and not block[-1]:
        block.pop()
    return (f"> {line}" if line else ">" for line in block)


def _begins_entity(line: str, at: int) -> bool:
    following = line[at + 1 : at + 2]
    return line[at] == "&" and (following.isalnum() or following == "#")
