"""The one gate that all shown text passes: what could steer a terminal, or hide in it, is made visible."""

from __future__ import annotations

import re
from typing import TypeVar, cast

from careerkit.core.frozen import fields_of, replace
from careerkit.terminal.stand_ins import fit

Shown = TypeVar("Shown")

_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 but the line feed, DEL, C1
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060-\u206f\ufeff\ufff9-\ufffb"  # no width, marks of direction
    "\u2028-\u202e"  # line and paragraph separators, bidi embeddings and overrides
    "\u0600-\u0605\u06dd\u070f\u0890-\u0891\u08e2"  # the other format characters
    "\ud800-\udfff"  # lone surrogates
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
TAB = " " * 4


def safe(text: str, *, encoding: str = "utf-8") -> str:
    r"""`text` as it may be written to a terminal in `encoding`.

    Line feeds stay, tabs become spaces; control, format and invisible characters and lone surrogates read as escapes
    such as `\x1b`; what the encoding lacks gets a stand-in. The result encodes without an error.
    """
    if not text.isascii() or not text.isprintable():
        text = _UNSAFE.sub(_visible, text.replace("\r\n", "\n"))
    return fit(text, encoding)


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
