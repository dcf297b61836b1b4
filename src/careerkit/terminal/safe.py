"""The one gate that all shown text passes: what could steer a terminal, or hide in it, is made visible."""

from __future__ import annotations

import re
from typing import TypeVar, cast

from careerkit.core.frozen import fields_of, replace
from careerkit.core.visible import acting
from careerkit.terminal.stand_ins import fit

Shown = TypeVar("Shown")

TAB = " " * 4


def safe(text: str, *, encoding: str = "utf-8") -> str:
    r"""`text` as it may be written to a terminal in `encoding`.

    Line feeds stay, tabs become spaces; control, format and invisible characters and lone surrogates read as escapes
    such as `\x1b`; what the encoding lacks gets a stand-in. The result encodes without an error.
    """
    if not text.isascii() or not text.isprintable():
        text = acting().sub(_visible, text.replace("\r\n", "\n"))
    return fit(text, encoding)


def safe_line(text: str, *, encoding: str = "utf-8") -> str:
    """As `safe`, on one line: what is in a file's name can't pass for a further line of ours."""
    return safe(text, encoding=encoding).replace("\n", "\\n")


def gated(shown: Shown, *, encoding: str) -> Shown:
    """A piece, or any nest of records and tuples, with every text in it made safe."""
    match shown:
        case str():
            return cast("Shown", safe(shown, encoding=encoding))
        case tuple():
            return cast("Shown", tuple(gated(each, encoding=encoding) for each in shown))
        case _ if fields_of(shown):
            inner = {name: gated(getattr(shown, name), encoding=encoding) for name in fields_of(shown)}
            return replace(shown, **inner)
    return shown


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x09:
        return TAB
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
