"""What is written in place of characters and symbols that an encoding lacks."""

from __future__ import annotations

import unicodedata

from careerkit.core.frozen import fields_of, frozen

_SAME_IN_ASCII = {
    "…": "...", "—": "-", "–": "-", "‑": "-", "−": "-", "·": "-", "•": "-", "×": "x", "÷": "/", "→": "->", "←": "<-",
    "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~",
    "€": "EUR", "£": "GBP", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d",
    "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "þ": "th", "ð": "d", "\u00a0": " ", "\u202f": " ",
}  # fmt: skip


@frozen
class Symbols:
    """The few signs of the rich look. Each stands beside words; none carries meaning alone."""

    done: str = "✓"
    put_off: str = "○"
    here: str = "◆"
    gutter: str = "│"
    end: str = "└"
    prompt: str = "❯"
    full: str = "●"
    empty: str = "○"
    dot: str = "·"
    cut: str = "…"
    bar: str = "█"
    rest: str = "░"
    rule: str = "─"
    stop: str = "■"
    care: str = "▲"
    good: str = "✓"
    info: str = "•"


ASCII = Symbols("+", "o", "*", "|", "`", ">", "#", ".", "-", "...", "#", ".", "-", "X", "!", "+", "-")


def symbols_for(encoding: str) -> Symbols:
    """The symbols that `encoding` can write."""
    full = Symbols()
    every = "".join(getattr(full, name) for name in fields_of(full))
    return full if _encodes(every, encoding) else ASCII


def fit(text: str, encoding: str) -> str:
    """`text`, with stand-ins for what `encoding` lacks: plain letters for accented ones, and `?` at last."""
    if text.isascii() or _encodes(text, encoding):
        return text
    return "".join(char if _encodes(char, encoding) else _stand_in(char, encoding) for char in text)


def _stand_in(char: str, encoding: str) -> str:
    same = _SAME_IN_ASCII.get(char)
    if same:
        return same
    plain = "".join(each for each in unicodedata.normalize("NFKD", char) if not unicodedata.combining(each))
    if plain and plain.isprintable() and _encodes(plain, encoding):
        return plain
    return "" if unicodedata.combining(char) else "?"


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    except LookupError:
        return text.isascii()
    return True
