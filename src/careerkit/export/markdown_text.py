"""Text that means what it says in Markdown: nothing that a person wrote becomes markup, HTML or a task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SPECIAL = frozenset("\\`*_[]<>#|~$^")
AT_THE_START = ("-", "+", "=", ":", "%")


def escaped(text: str) -> str:
    """`text` on one line, with every sign that Markdown could take for markup escaped."""
    line = " ".join("".join(_visible(sign) for sign in text).split())
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


def _visible(sign: str) -> str:
    """Controls, bidi marks and the like as blanks or not at all: they must not act in a viewer."""
    if sign in "\t\n\r\x0b\x0c\x85\u2028\u2029":
        return " "
    code = ord(sign)
    is_control = code < 0x20 or 0x7F <= code < 0xA0
    is_direction = code in {0x061C, 0x200E, 0x200F} or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    is_surrogate = 0xD800 <= code <= 0xDFFF
    return "\ufffd" if is_control or is_direction or is_surrogate or code == 0xFEFF else sign
