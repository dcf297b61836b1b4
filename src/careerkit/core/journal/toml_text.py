r"""How a document becomes TOML text that an editor and a terminal show safely, and that reads back exactly.

Written here rather than with tomli-w, which leaves C1 and bidi controls raw, turns `\r\n` into `\n` in several-line
strings, makes inline tables or sections of the same key by its length, and takes a second for ten megabytes.
The simple keys of the top level come first, each on one line, so that lists read them without parsing TOML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from careerkit.core.journal.head import TRAILER

BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
INTEGER_DIGITS = 18
"""TOML promises no more than 64 bits; longer whole numbers are written as floats, which careerkit reads as decimals."""


def _escapes() -> dict[int, str]:
    unsafe = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF]
    unsafe += [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # bidi embeddings, overrides and isolates
    named = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
    return named | {code: f"\\u{code:04X}" for code in unsafe if code not in named}


ESCAPES = _escapes()
LONG_ESCAPES = {code: text for code, text in ESCAPES.items() if code != ord("\n")}


def render(document: Mapping[str, object]) -> str:
    """The document as TOML. Values are what tomllib gives with `parse_float=Decimal`; text holds no lone surrogates."""
    lines: list[str] = []
    _write(document, "", lines)
    return "\n".join(lines) + "\n"


def _write(table: Mapping[str, object], path: str, lines: list[str]) -> None:
    sections = {key: value for key, value in table.items() if _is_section(value)}
    for key, value in table.items():
        if key not in sections:
            lines.append(f"{_key(key)} = {_long(value) if path and isinstance(value, str) else _inline(value)}")
    for key, value in sections.items():
        here = f"{path}.{_key(key)}" if path else _key(key)
        match value:
            case Mapping():
                if not all(_is_section(inner) for inner in value.values()):
                    lines += ["", f"[{here}]"]
                _write(value, here, lines)
            case list():
                for row in value:
                    lines += ["", f"[[{here}]]"]
                    _write(row, here, lines)


def _is_section(value: object) -> bool:
    """Whether the value is written under a heading of its own rather than behind its key."""
    match value:
        case Mapping():
            return bool(value)
        case list():
            return bool(value) and all(isinstance(row, Mapping) for row in value)
    return False


def _inline(value: object) -> str:
    match value:
        case str():
            return _quoted(value)
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return _number(value)
        case float():
            return repr(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(f"{_key(key)} = {_inline(inner)}" for key, inner in value.items()) + "}"
        case Sequence():
            return "[" + ", ".join(_inline(inner) for inner in value) + "]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def _number(value: int | Decimal) -> str:
    text = str(value).replace("Infinity", "inf").replace("NaN", "nan")
    digits = text.lstrip("-")
    return f"{text}e0" if digits.isdecimal() and (len(digits) > INTEGER_DIGITS or text == "-0") else text


def _key(key: str) -> str:
    return key if key and BARE.issuperset(key) else _quoted(key)


def _quoted(text: str) -> str:
    return '"' + _escaped(text, ESCAPES).replace('"', '\\"') + '"'


def _long(text: str) -> str:
    """Several lines as they are; a line end right after the opening quotes is not part of a TOML text."""
    if "\n" not in text:
        return _quoted(text)
    body = _escaped(text, LONG_ESCAPES)
    last = '\\"' if body.endswith('"') else ""
    body = body.removesuffix('"').replace('"""', '""\\"') + last if last else body.replace('"""', '""\\"')
    return '"""\n' + f"\n{body}".replace(f"\n{TRAILER}", f"\n\\u0023{TRAILER[1:]}")[1:] + '"""'


def _escaped(text: str, escapes: Mapping[int, str]) -> str:
    """The text with its unsafe signs written out. The backslash comes first, before others bring new ones in."""
    if text.isascii():
        return text.translate(escapes)
    for code, written in escapes.items():  # 40 times as fast as translate, which knows a short way for ASCII only
        text = text.replace(chr(code), written)
    return text
