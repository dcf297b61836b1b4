"""What a person takes for one character: boundaries of grapheme clusters, as Unicode Standard Annex #29 defines them.

https://www.unicode.org/reports/tr29/ has the rules, whose names (GB9) are used below. All of them are followed but two:
prepended marks (GB9b) are control characters here, and are shown as such; and any symbol may be joined as an emoji may
(GB11), because the exact table is long and no text joins others.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, combining

MAX_LENGTH = 500
"""Characters of a grapheme. A longer one, which no language has, is taken for several, so that no key is slow."""
ZERO_WIDTH_JOINER = "\u200d"
_EXTENDING = frozenset("\u200c\u200d\u0e33\u0eb3\uff9e\uff9f")
"""Characters that continue a grapheme, though they aren't marks."""
_CONJOINING_BLOCKS = frozenset(block >> 7 for block in (0x0900, 0x0980, 0x0A80, 0x0B00, 0x0C00, 0x0D00))
"""The halves of the code charts whose consonants form conjuncts (GB9c): Devanagari, Bengali, Gujarati, Oriya, Telugu, Malayalam."""
_REGIONAL_INDICATORS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""The letters that make flags, two by two."""
_VIRAMA = 9
"""The combining class of the sign that joins two consonants."""


def find_grapheme_start(text: str, end: int) -> int:
    """Where the grapheme that ends at `end` begins; 0 at the beginning of the text."""
    first = max(0, end - MAX_LENGTH)
    place = end - 1
    while place > first and not is_boundary(text, place):
        place -= 1
    return max(0, place)


def find_grapheme_end(text: str, start: int) -> int:
    """Where the grapheme that begins at `start` ends; the length of the text at its end."""
    last = min(len(text), start + MAX_LENGTH)
    place = start + 1
    while place < last and not is_boundary(text, place):
        place += 1
    return min(place, len(text))


def snap_to_boundary(text: str, place: int) -> int:
    """`place`, or the beginning of the grapheme that it is inside of."""
    return place if place <= 0 or place >= len(text) or is_boundary(text, place) else find_grapheme_start(text, place)


def is_boundary(text: str, place: int) -> bool:
    """Is there a boundary before the character at `place`? There is one at both ends of the text."""
    if place <= 0 or place >= len(text):
        return True
    before, after = text[place - 1], text[place]
    if after < "\u0300":  # GB3, GB4, GB5, and most text
        return not (before == "\r" and after == "\n")
    if before < " ":
        return True
    if is_extending(after):  # GB9, GB9a
        return category(before) in ("Cc", "Zl", "Zp")
    if _joins_syllable(before, after):
        return False
    if before == ZERO_WIDTH_JOINER and _may_be_joined(after):  # GB11
        return not _may_be_joined(_find_base(text, place - 1))
    if _is_regional_indicator(after) and _is_regional_indicator(before):  # GB12, GB13
        return _count_regional_indicators(text, place) % 2 == 0
    return not _joins_conjunct(text, place)


@lru_cache(maxsize=16_384)
def is_extending(char: str) -> bool:
    """Does `char` continue the grapheme before it: a mark, a joiner, a skin tone or a tag?"""
    return (
        category(char) in ("Mn", "Me", "Mc")
        or char in _EXTENDING
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _joins_syllable(before: str, after: str) -> bool:
    """GB6, GB7, GB8: the letters of a Korean syllable."""
    first, then = _find_syllable_part(before), _find_syllable_part(after)
    return then in {"L": ("L", "V", "LV", "LVT"), "V": ("V", "T"), "LV": ("V", "T"), "T": ("T",), "LVT": ("T",)}.get(
        first, ()
    )


def _find_syllable_part(char: str) -> str:
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    return "T" if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB else ""


def _may_be_joined(char: str) -> bool:
    if _is_regional_indicator(char) or is_extending(char):
        return False
    return "\u203c" <= char <= "\u3299" or "\U0001f000" <= char <= "\U0001faff" or char in ("\u00a9", "\u00ae")


def _find_base(text: str, place: int) -> str:
    """The character before `place` that the marks there belong to."""
    place -= 1
    first = max(0, place - MAX_LENGTH)
    while place > first and text[place] != ZERO_WIDTH_JOINER and is_extending(text[place]):
        place -= 1
    return text[max(0, place)]


def _is_regional_indicator(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _count_regional_indicators(text: str, place: int) -> int:
    before = text[:place]
    return len(before) - len(before.rstrip(_REGIONAL_INDICATORS))


def _joins_conjunct(text: str, place: int) -> bool:
    """GB9c: does the consonant at `place` follow another one and a virama?"""
    block = ord(text[place]) >> 7
    if block not in _CONJOINING_BLOCKS or category(text[place]) != "Lo":
        return False
    has_virama = False
    first = max(0, place - MAX_LENGTH)
    while place > first:
        place -= 1
        char = text[place]
        if combining(char) == _VIRAMA and ord(char) >> 7 == block:
            has_virama = True
        elif not (char == ZERO_WIDTH_JOINER or combining(char)):
            return has_virama and ord(char) >> 7 == block and category(char) == "Lo"
    return False
