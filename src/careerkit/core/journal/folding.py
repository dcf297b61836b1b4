"""How the words of a text are told apart and compared: whatever their case, their marks, and how a keyboard wrote them.

Folded away on both sides: case and width, the marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters (so ё is е, and
Vietnamese is found with and without marks; й stays a letter of its own), joiners such as Persian's, and the forms that
Arabic and Persian keyboards give the same letter or digit. Scripts that put no spaces between words (Chinese, Japanese,
Thai and their like; Korean too, whose particles hang on the word) are taken sign by sign: any part of a text is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from careerkit.core.frozen import frozen

UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Tibetan, Myanmar, Khmer
    "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\uff66-\uff9f"  # kana, bopomofo
    "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # Hangul
)
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    "\u0900-\u0963\u0966-\u096f\u0971-\u0df3\u135d-\u135f\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
    "\u00ad\u034f\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"  # no width
)
"""What belongs to a word though it is no letter: combining marks, vowel signs, joiners."""

PLAIN_RUN = re.compile("[0-9A-Za-z]+")


@cache  # a text of plain letters does without these, which take longer to make than a short search
def _run() -> re.Pattern[str]:
    return re.compile(f"[\\w{MARKS}{UNSPACED}]+")


@cache
def _piece() -> re.Pattern[str]:
    return re.compile(f"[\u1100-\u11ff]+|[{UNSPACED}][\u3099\u309a\uff9e\uff9f]?|[^{UNSPACED}]+")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]|(?:[^\\W_{UNSPACED}]|[{MARKS}])+")


@cache
def _changed() -> dict[int, str | None]:
    dropped = [*range(0x300, 0x370), *range(0x483, 0x488), *range(0x591, 0x5C8), *range(0x610, 0x61B), 0x640]
    dropped += [*range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6EE), 0xAD, *range(0x180B, 0x180F)]
    dropped += [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), *range(0xFE00, 0xFE10), 0xFEFF]
    alike = {"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ہ": "ه"}
    digits = {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
    return {**dict.fromkeys(dropped), **{ord(sign): other for sign, other in (alike | digits).items()}}


@frozen
class Word:
    """A word, or one sign of a script without spaces: as it is compared, and where it stands in the text."""

    folded: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """The words of a text in their order."""
    runs = PLAIN_RUN if text.isascii() else _run()
    for run in runs.finditer(text.replace("_", " ")):
        begin = run.start()
        for folded, start, end in _parts(run.group()):
            yield Word(folded, begin + start, begin + end)


def folded_text(text: str) -> str:
    """The text's words as they are compared, parted by blanks or by other signs of ASCII that are no letter or digit."""
    if text.isascii():
        return text.lower().replace("\0", " ")
    runs = _run().findall(text.replace("_", " "))
    return " ".join([folded for run in runs for folded, _, _ in _parts(run)])


@lru_cache(maxsize=1 << 14)
def _parts(run: str) -> tuple[tuple[str, int, int], ...]:
    """What words a run of signs without a gap holds; few different ones make up most of a text."""
    if run.isascii():
        return ((run.lower(), 0, len(run)),)
    return tuple(
        (token, piece.start(), piece.end())
        for piece in _piece().finditer(run)
        for token in _token().findall(_folded(piece.group()))
    )


def _folded(run: str) -> str:
    from unicodedata import normalize  # as above

    plain = normalize("NFKD", run).casefold().replace("и\u0306", "й").translate(_changed())
    return normalize("NFC", plain)
