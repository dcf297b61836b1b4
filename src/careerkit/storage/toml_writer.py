r"""TOML as careerkit writes it: by tomli-w, in a layout that depends on what a document holds and never on its length.

tomli-w writes keys and values; this module settles what tomli-w leaves open or decides by length:

- Every table gets a heading of its own, and so does every row of a list of tables. tomli-w writes short rows in line.
- A list stays on one line, and the keys of the top level come first, one line each: lists read them without a parser.
- A text of several lines is written as such below the top level, because people read entries in text editors. tomli-w
  would turn `\r\n` into `\n` there, so a text with `\r` is written on one line, with escapes.
- Integers keep every digit, decimals keep their decimal places, and times are written as in RFC 3339.
- Characters that would act on a terminal or reorder a line are escaped, and no text can imitate the checksum line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import tomli_w

from careerkit.storage.checksum import TRAILER

MAX_INTEGER_DIGITS = 18
"""TOML promises no more than 64 bits. Longer whole numbers are written as floats, which careerkit reads as decimals."""

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ESCAPED = (*map(chr, range(0x80, 0xA0)), *BIDI_CONTROLS, "\u2028", "\u2029", "\ufeff")
"""What tomli-w leaves as it is: C1 controls, marks of writing direction, line separators, the byte-order mark."""


def dumps(document: Mapping[str, object]) -> str:
    """The document as TOML; the same document always gives the same text.

    Values are those that tomllib gives with `parse_float=Decimal`; texts must not hold lone surrogates. Raises
    TypeError for a value that TOML doesn't have.
    """
    chunks: list[str] = []
    _write_table(document, "", chunks)
    return _escape("".join(chunks))


class _DecimalWithExponent(Decimal):
    """A whole number that prints as a float without gaining decimal places: `12e0`, not `12.0`."""

    def __str__(self) -> str:
        return f"{super().__str__()}e0"


class _DatetimeWithT(datetime):
    """A time that prints with a `T` between day and hour, as RFC 3339 has it, where tomli-w has a space."""

    __str__ = datetime.isoformat


def _write_table(table: Mapping[str, object], path: str, chunks: list[str]) -> None:
    on_one_line: dict[str, object] = {}
    sections: list[str] = []
    for key, value in table.items():
        if not isinstance(value, str):
            if _is_section(value):
                sections.append(key)
            else:
                on_one_line[key] = _exact(value)
        elif path and "\n" in value and "\r" not in value:
            chunks.append(_dump_on_one_line(on_one_line))
            chunks.append(tomli_w.dumps({key: value}, multiline_strings=True))
            on_one_line = {}
        else:
            on_one_line[key] = value
    chunks.append(_dump_on_one_line(on_one_line))
    for key in sections:
        _write_section(table[key], f"{path}.{_format_key(key)}" if path else _format_key(key), chunks)


def _write_section(value: object, path: str, chunks: list[str]) -> None:
    if isinstance(value, list):
        for row in value:
            chunks.append(f"\n[[{path}]]\n")
            _write_table(row, path, chunks)
    elif isinstance(value, Mapping):
        if not value or not all(map(_is_section, value.values())):
            chunks.append(f"\n[{path}]\n")
        _write_table(value, path, chunks)


def _is_section(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(row, Mapping) for row in value)
    return isinstance(value, Mapping)


def _dump_on_one_line(values: Mapping[str, object]) -> str:
    """Each key on one line. Texts hold no raw line end here, so the only ones are between keys and within lists."""
    text = tomli_w.dumps(values, indent=0) if values else ""
    return text.replace("[\n", "[").replace(",\n]", "]").replace(",\n", ", ") if "[\n" in text else text


def _exact(value: object) -> object:
    """The value with numbers and times in types that tomli-w writes as they are meant."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal):
        return _exact_number(value)
    if isinstance(value, Mapping):
        return {key: _exact(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(inner) for inner in value]
    if isinstance(value, datetime):
        return _DatetimeWithT.fromisoformat(value.isoformat())
    return value


def _exact_number(number: int | Decimal) -> int | Decimal:
    digits = str(number)
    if not digits.removeprefix("-").isdecimal():
        return number
    if len(digits.removeprefix("-")) > MAX_INTEGER_DIGITS or digits == "-0":
        return _DecimalWithExponent(number)
    return int(number)


def _format_key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() else tomli_w.dumps({key: 0}).removesuffix(" = 0\n")


def _escape(text: str) -> str:
    """tomli-w quotes every text with double quotes, so that an escape is valid wherever these characters stand."""
    text = text.replace("\t", "\\t").replace(f"\n{TRAILER}", f"\n\\u0023{TRAILER[1:]}")
    if text.isascii():
        return text
    for char in ESCAPED:
        text = text.replace(char, f"\\u{ord(char):04X}")
    return text
