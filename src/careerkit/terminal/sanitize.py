"""Make text safe for a terminal: escape control characters, replace what its encoding lacks, measure and fit its width."""

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

TEXT_WIDTH = 72
"""Cells for a text on a page of 80 columns, less than any renderer uses, so that a text never takes more rows than counted."""
MAX_WRAPPED_LENGTH = 20_000
"""Characters that are really wrapped. The rows of what comes after them are estimated."""

SENTENCE_ENDS = (". ", "! ", "? ")


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


class RowBudget:
    """Rows to give away. `left` can't fall below zero."""

    def __init__(self, rows: int) -> None:
        self.left = rows

    def take(self, wanted: int, *, at_least: int = 0) -> int:
        """Take up to `wanted` rows and return how many; takes none if fewer than `at_least` are left."""
        granted = max(0, min(wanted, self.left))
        if granted < at_least:
            return 0
        self.left -= granted
        return granted


def count_rows(text: str, width: int = TEXT_WIDTH) -> int:
    """The rows that `text` takes in `width` cells; 0 for an empty text."""
    if not text:
        return 0
    start, rest = text[:MAX_WRAPPED_LENGTH], text[MAX_WRAPPED_LENGTH:]
    return sum(len(wrap_text(line, width)) for line in start.split("\n")) + -(-count_cells(rest) // width)


def cut_rows(text: str, rows: int, width: int = TEXT_WIDTH) -> str:
    """The beginning of `text` that fits into `rows` rows. Its own line ends are kept.

    A line that doesn't fit is cut after a sentence, if there is one in its second half, and otherwise between words.
    """
    lines: list[str] = []
    for line in text[:MAX_WRAPPED_LENGTH].split("\n"):
        if rows <= 0:
            break
        wrapped = wrap_text(line, width)
        lines.append(line if len(wrapped) <= rows else _cut_line(line, wrapped[:rows], width))
        rows -= len(wrapped)
    return "\n".join(lines).rstrip()


def cut_text(text: str, rows: int, width: int = TEXT_WIDTH) -> str:
    """`text` in at most `rows` rows."""
    return text if count_rows(text, width) <= rows else cut_rows(text, rows, width)


def cut_with_rest(text: str, rows: int) -> tuple[str, int]:
    """`text` in `rows` rows and 0; if it needs more, one row less of it, and the number of rows that are hidden."""
    needed = count_rows(text)
    if needed <= rows:
        return text, 0
    shown = cut_rows(text, rows - 1)
    return shown, needed - count_rows(shown)


def _cut_line(line: str, rows: list[str], width: int) -> str:
    """The beginning of `line` with the words of `rows`, less those that an ellipsis or a half sentence would take."""
    start = _take_words(line, rows)
    sentence = max(f"{start} ".rfind(mark) for mark in SENTENCE_ENDS) + 1
    if sentence > len(start) // 2:
        return start[:sentence]
    fits = count_cells(rows[-1]) + 2 <= width
    shorter = start if fits else start.rpartition(" ")[0] or start[:-2]
    return f"{shorter.rstrip()} …"


def _take_words(line: str, rows: list[str]) -> str:
    count = sum(len("".join(row.split())) for row in rows)
    for place, char in enumerate(line):
        if count == 0:
            return line[:place].rstrip()
        count -= not char.isspace()
    return line
