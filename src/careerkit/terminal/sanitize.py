"""Make text safe for a terminal: escape control characters, replace what its encoding lacks, and measure its width in cells."""

from __future__ import annotations

from functools import lru_cache

from careerkit.core.frozen import frozen, get_field_names, replace
from careerkit.core.text import compile_control_char_pattern, may_have_control_chars

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any, TypeVar

    Sanitized = TypeVar("Sanitized")

TAB_REPLACEMENT = " " * 4


def sanitize(text: str, *, encoding: str = "utf-8") -> str:
    r"""`text` as it may be written to a terminal in `encoding`. The result always encodes without an error.

    Line feeds stay, and tabs become spaces. Control, format and invisible characters and lone surrogates are shown as
    escapes such as `\x1b`. Characters that the encoding lacks are replaced.
    """
    if may_have_control_chars(text):
        text = compile_control_char_pattern().sub(_escape_match, text.replace("\r\n", "\n"))
    return replace_unencodable(text, encoding)


def sanitize_line(text: str, *, encoding: str = "utf-8") -> str:
    """Like `sanitize`, on one line, so that a file name can't pose as a line of our own output."""
    return sanitize(text, encoding=encoding).replace("\n", "\\n")


def sanitize_record(record: Sanitized, *, encoding: str) -> Sanitized:
    """A view model, or any nesting of records and tuples, with every text in it sanitized."""
    sanitized: Any = record
    match record:
        case str():
            sanitized = sanitize(record, encoding=encoding)
        case tuple():
            sanitized = tuple([sanitize_record(each, encoding=encoding) for each in record])
        case _ if names := get_field_names(record):
            fields = {name: getattr(record, name) for name in names}
            cleaned = {name: sanitize_record(each, encoding=encoding) for name, each in fields.items()}
            sanitized = record if cleaned == fields else replace(record, **cleaned)
    return sanitized  # type: ignore[no-any-return] # it has the type of `record`


def _escape_match(match: re.Match[str]) -> str:
    return _escape_char(match[0])


@lru_cache(maxsize=1024)
def _escape_char(char: str) -> str:
    code = ord(char)
    if code == 0x09:
        return TAB_REPLACEMENT
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


# ---------------------------------------------------------------- encodings


_ASCII_EQUIVALENTS = {
    "…": "...", "—": "-", "–": "-", "‑": "-", "−": "-", "·": "-", "•": "-", "×": "x", "÷": "/", "→": "->", "←": "<-",
    "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~",
    "€": "EUR", "£": "GBP", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d",
    "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "þ": "th", "ð": "d", "\u00a0": " ", "\u202f": " ",
}  # fmt: skip


@frozen
class Symbols:
    """The symbols of the Rich renderer and the key screen. Each comes with words; none carries meaning alone."""

    done: str = "✓"
    skipped: str = "○"
    current: str = "◆"
    gutter: str = "│"
    gutter_end: str = "└"
    prompt: str = "❯"
    filled_dot: str = "●"
    empty_dot: str = "○"
    dot: str = "·"
    ellipsis: str = "…"
    filled_bar: str = "█"
    empty_bar: str = "░"
    rule: str = "─"
    stop: str = "■"
    care: str = "▲"
    good: str = "✓"
    info: str = "•"


ASCII_SYMBOLS = Symbols("+", "o", "*", "|", "`", ">", "#", ".", "-", "...", "#", ".", "-", "X", "!", "+", "-")


def choose_symbols(encoding: str, *, use_ascii: bool = False) -> Symbols:
    """The Unicode symbols if `encoding` has all of them, otherwise ASCII_SYMBOLS. `use_ascii`: the person prefers those."""
    if use_ascii:
        return ASCII_SYMBOLS
    symbols = Symbols()
    text = "".join(getattr(symbols, name) for name in get_field_names(symbols))
    return symbols if _can_encode(text, encoding) else ASCII_SYMBOLS


def replace_unencodable(text: str, encoding: str) -> str:
    """`text` with what `encoding` lacks replaced: accented letters by plain ones, and by `?` as a last resort."""
    if text.isascii() or _can_encode(text, encoding):
        return text
    return "".join([_find_encodable(char, encoding) for char in text])


@lru_cache(maxsize=16_384)
def _find_encodable(char: str, encoding: str) -> str:
    return char if _can_encode(char, encoding) else _find_fallback(char, encoding)


def _find_fallback(char: str, encoding: str) -> str:
    equivalent = _ASCII_EQUIVALENTS.get(char)
    if equivalent:
        return equivalent
    import unicodedata  # few encodings lack anything

    base = "".join(each for each in unicodedata.normalize("NFKD", char) if not unicodedata.combining(each))
    if base and base.isprintable() and _can_encode(base, encoding):
        return base
    return "" if unicodedata.combining(char) else "?"


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:
        return text.isascii()
    return True


# ---------------------------------------------------------------- width


ZERO_WIDTH_JOINERS = "\u200c\u200d"
FIRST_COMBINING = "\u0300"
"""The first character that doesn't take one cell. Control characters have been replaced before."""


def count_cells(text: str) -> int:
    """The number of cells that one line takes up. Style sequences take none, East Asian wide characters two."""
    unstyled = _remove_styles(text) if "\x1b" in text else text
    return len(unstyled) if unstyled.isascii() else sum(count_char_cells(char) for char in unstyled)


def _remove_styles(text: str) -> str:
    import re  # plain output has no style sequences

    return re.sub("\x1b\\[[0-9;]*m", "", text)


def wrap_text(text: str, width: int) -> list[str]:
    """One line of text in rows of at most `width` cells, broken between words where possible."""
    rows: list[str] = []
    used = 0
    for word in text.split():
        cells = count_cells(word)
        if rows and used + 1 + cells <= width:
            rows[-1] += f" {word}"
            used += 1 + cells
        else:
            rows += [word] if cells == len(word) <= width else _split_word(word, width)
            used = count_cells(rows[-1])
    return rows or [""]


def _split_word(word: str, width: int) -> list[str]:
    rows = [""]
    used = 0
    for char in word:
        wide = count_char_cells(char)
        if used + wide > width:
            rows.append("")
            used = 0
        rows[-1] += char
        used += wide
    return rows


@lru_cache(maxsize=16_384)
def count_char_cells(char: str) -> int:
    """The number of cells that one character takes up."""
    if char < FIRST_COMBINING:
        return 1
    import unicodedata  # many languages need no more than the letters above

    if char in ZERO_WIDTH_JOINERS or unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
