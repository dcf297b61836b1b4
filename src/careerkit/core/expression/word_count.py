"""How many words a text has, in scripts with blanks between words and in those without."""

from __future__ import annotations

from unicodedata import east_asian_width

_WIDE = ("W", "F")
_WITHOUT_BLANKS = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""Thai and Lao, Burmese, Khmer. Like Chinese and Japanese they set no blanks, but their letters are narrow."""


def word_count(text: str) -> int:
    """What stands between blanks counts as one word; where a script sets no blanks, each letter counts as one."""
    return sum(max(1, sum(map(_stands_alone, part))) for part in text.split())


def _stands_alone(letter: str) -> bool:
    if not letter.isalpha():
        return False
    return east_asian_width(letter) in _WIDE or any(low <= ord(letter) <= high for low, high in _WITHOUT_BLANKS)
