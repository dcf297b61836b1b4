"""Search queries: parse them, split texts into folded words, and find matches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from unicodedata import normalize

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen

MAX_WORDS = 100
MAX_MARKS = 200
"""The number of marks considered when choosing a snippet."""

ELLIPSIS = "…"
EXAMPLE = 'For example: careerkit journal search "new client" "promis*"'
QUOTE_VARIANTS = str.maketrans("\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02\uff0a", '""""""""""*')
ITEM_PATTERN = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')

UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Tibetan, Myanmar, Khmer
    "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\uff66-\uff9f"  # kana, bopomofo
    "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # ideographs
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # Hangul
    "\u2100-\u2101\u2103-\u2106\u2108-\u2109\u2114\u2116-\u2118\u211e-\u2123\u2150-\u215f\u2190-\u2bff"  # symbols
    "\u3012-\u3013\u3020\u3030\u3036-\u3037\u303d-\u303f\u3190-\u319f\u3200-\u33ff"  # squared and circled signs
    "\U0001f000-\U0001faff"  # emoji
)
"""Characters that are words by themselves: scripts without spaces, symbols, emoji."""

MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0"
    "\u0900-\u0963\u0966-\u096f\u0971-\u0df3\u135d-\u135f\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f"
    "\u00ad\u034f\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"  # zero width
)
"""Parts of words that are not letters: combining marks, vowel signs, joiners."""

PLAIN_RUN = re.compile("[0-9A-Za-z]+")


@frozen
class QueryItem:
    """Folded words that must follow each other. `is_prefix`: the last one may be the beginning of a longer word."""

    words: tuple[str, ...]
    is_prefix: bool = False


@frozen
class SearchQuery:
    """A query: items that must all be found in an entry."""

    items: tuple[QueryItem, ...]


@frozen
class TextMatch:
    """A text that matches. `marks` are the start and end of each match, in order and without overlaps."""

    text: str
    marks: tuple[tuple[int, int], ...]


@frozen
class Word:
    """A word, or one character of a script without spaces: its folded form and its position in the text."""

    folded: str
    start: int
    end: int


def parse_query(text: str) -> SearchQuery:
    """Parse what a person typed. Raises Refused for an open quotation mark, too many words or none."""
    plain = text.translate(QUOTE_VARIANTS)
    if plain.count('"') % 2:
        message = "A quotation mark is missing its counterpart."
        raise Refused(Problem("open-quotation", message, "Add the second one, or remove the first."))
    items = tuple(item for found in ITEM_PATTERN.finditer(plain) if (item := _parse_item(found)).words)
    if not items:
        raise Refused(Problem("nothing-to-search", "There is nothing to search for.", EXAMPLE))
    if sum(len(item.words) for item in items) > MAX_WORDS:
        message = f"A search can have at most {MAX_WORDS} words."
        raise Refused(Problem("search-too-long", message, "A few words from the text are enough."))
    return SearchQuery(items)


def find_match(query: SearchQuery, texts: Iterable[str]) -> TextMatch | None:
    """The text that matches the most items, the first if several do. None unless every item is in one of the texts."""
    missing = set(query.items)
    best, most = None, 0
    for text in texts:
        found = _find_items(query, text)
        missing -= found.keys()
        if len(found) > most:
            most = len(found)
            best = TextMatch(text, _merge_marks(mark for marks in found.values() for mark in marks))
    return None if missing else best


def make_snippet(match: TextMatch, length: int) -> TextMatch:
    """About `length` characters on one line, from where the most different words match, with an ellipsis at each cut."""
    text = "".join(" " if sign.isspace() else sign for sign in match.text)
    first, after = _find_densest_mark(match, length // 2)
    start = _find_word_start(text, max(0, min(first - length // 3, len(text) - length)), first)
    end = _find_word_end(text, start + length, after)
    before = ELLIPSIS if start else ""
    shift = len(before) - start
    marks = tuple((a + shift, min(b, end) + shift) for a, b in match.marks if start <= a < end)
    return TextMatch(before + text[start:end] + (ELLIPSIS if end < len(text) else ""), marks)


def split_words(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    runs = PLAIN_RUN if text.isascii() else _compile_run_pattern()
    for run in runs.finditer(text.replace("_", " ")):
        begin = run.start()
        for folded, start, end in _split_run(run.group()):
            yield Word(folded, begin + start, begin + end)


def fold_text(text: str) -> str:
    """The text's words in folded form, separated by spaces or by ASCII characters that are not letters or digits."""
    if text.isascii():
        return text.lower().replace("\0", " ")
    runs = _compile_run_pattern().findall(text.replace("_", " "))
    return " ".join([folded for run in runs for folded, _, _ in _split_run(run)])


def fold_characters(run: str) -> str:
    """Characters without what the search ignores: case, accents, width, ligatures, skin tones, and what can't be seen."""
    plain = normalize("NFKD", run).casefold().replace("и\u0306", "й").translate(_build_replacements())
    return normalize("NFC", plain)


def _parse_item(found: re.Match[str]) -> QueryItem:
    quoted, star, bare = found.groups()
    text = bare if quoted is None else quoted
    return QueryItem(tuple(word.folded for word in split_words(text)), is_prefix=star == "*" or text.endswith("*"))


def _find_items(query: SearchQuery, text: str) -> dict[QueryItem, list[tuple[int, int]]]:
    """The items that are in the text, and where."""
    folded = fold_text(text)  # enough to rule out most texts
    likely = [item for item in query.items if all(word in folded for word in item.words)]
    there = list(split_words(text)) if likely else []
    return {item: marks for item in likely if (marks := list(_find_marks(item, there)))}


def _find_marks(item: QueryItem, there: Sequence[Word]) -> Iterator[tuple[int, int]]:
    count = len(item.words)
    for place in range(len(there) - count + 1):
        if all(_matches_word(item, number, there[place + number].folded) for number in range(count)):
            yield there[place].start, there[place + count - 1].end


def _matches_word(item: QueryItem, number: int, word: str) -> bool:
    if item.is_prefix and number == len(item.words) - 1:
        return word.startswith(item.words[number])
    return word == item.words[number]


def _merge_marks(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _find_densest_mark(match: TextMatch, length: int) -> tuple[int, int]:
    """The first mark after which the most different words match within `length` characters."""

    def different(first: int) -> int:
        return len({match.text[a:b].lower() for a, b in marks if first <= a and b <= first + length})

    marks = match.marks[:MAX_MARKS]
    return max(marks, key=lambda mark: different(mark[0]))


def _find_word_start(text: str, start: int, latest: int) -> int:
    """The start of the first word between `start` and `latest`; `start` itself if there is none."""
    blank = text.find(" ", max(0, start - 1), latest) if start else -1
    return start if blank < 0 else blank + 1


def _find_word_end(text: str, end: int, earliest: int) -> int:
    if end >= len(text):
        return len(text)
    blank = text.rfind(" ", earliest, end + 1)
    return end if blank < 0 else blank


@lru_cache(maxsize=1 << 14)
def _split_run(run: str) -> tuple[tuple[str, int, int], ...]:
    """The words in a run of characters without gaps. Cached, because the same runs occur again and again."""
    if run.isascii():
        return ((run.lower(), 0, len(run)),)
    return tuple(
        (token, piece.start(), piece.end())
        for piece in _compile_piece_pattern().finditer(run)
        for token in _compile_word_pattern().findall(fold_characters(piece.group()))
    )


@cache  # compiling these takes longer than a short search, and ASCII text doesn't need them
def _compile_run_pattern() -> re.Pattern[str]:
    return re.compile(f"[\\w{MARKS}{UNSPACED}]+")


@cache
def _compile_piece_pattern() -> re.Pattern[str]:
    return re.compile(f"[\u1100-\u11ff]+|[{UNSPACED}][\u3099\u309a\uff9e\uff9f]?|[^{UNSPACED}]+")


@cache
def _compile_word_pattern() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]|(?:[^\\W_{UNSPACED}]|[{MARKS}])+")


@cache
def _build_replacements() -> dict[int, str | None]:
    dropped = [*range(0x300, 0x370), *range(0x483, 0x488), *range(0x591, 0x5C8), *range(0x610, 0x61B), 0x640]
    dropped += [*range(0x64B, 0x660), 0x670, *range(0x6D6, 0x6EE), 0xAD, *range(0x180B, 0x180F)]
    dropped += [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), *range(0xFE00, 0xFE10), 0xFEFF]
    alike = {"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ہ": "ه"}
    alike |= {"œ": "oe", "æ": "ae"}
    dropped += [0x115F, 0x1160, *range(0x1F3FB, 0x1F400), *range(0xE0100, 0xE01F0)]
    digits = {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
    return {**dict.fromkeys(dropped), **{ord(sign): other for sign, other in (alike | digits).items()}}
