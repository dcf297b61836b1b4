"""What a person searches for, where it stands in a text, and the piece of the text that shows it.

    what    = {item}                 every item must be found in the entry, each wherever it likes
    item    = word ["*"] | '"' words ["*"] '"' ["*"]

A word fits whole words only, and with `*` also words that begin so. In quotes, words stand one after the other. Words
are compared as in folding.py. The same rules hold with the index and without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from careerkit.core.frozen import frozen
from careerkit.core.journal.folding import Word, folded_text, words
from careerkit.core.problem import Problem, Refused

QUOTES = str.maketrans("\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02\uff0a", '""""""""""*')
MOST_WORDS = 100
CUT = "…"
MOST_MARKS = 200
"""So many are looked at for the best place to show."""
ITEM = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
EXAMPLE = 'For instance: careerkit journal search "new client" "promis*"'


@frozen
class Item:
    """Words, folded, that must stand one after the other. `goes_on`: the last one may be the beginning of a word."""

    words: tuple[str, ...]
    goes_on: bool = False


@frozen
class Search:
    """All that must be found in an entry."""

    items: tuple[Item, ...]


@frozen
class Place:
    """A text in which something was found. `marks`: from which sign to which, in their order, none over another."""

    text: str
    marks: tuple[tuple[int, int], ...]


def search_for(written: str) -> Search:
    """What is meant by the words that a person gave. Refused where that can't be told."""
    plain = written.translate(QUOTES)
    if plain.count('"') % 2:
        message = "A quotation mark is open: there is no second one."
        raise Refused(Problem("open-quotation", message, "Add it, or leave the first one out."))
    items = tuple(item for found in ITEM.finditer(plain) if (item := _item(found)).words)
    if not items:
        raise Refused(Problem("nothing-to-search", "There is no word to search for.", EXAMPLE))
    if sum(len(item.words) for item in items) > MOST_WORDS:
        message = f"These are more than {MOST_WORDS} words or signs to search for."
        raise Refused(Problem("search-too-long", message, "A few words that stand near each other are enough."))
    return Search(items)


def find(search: Search, texts: Iterable[str]) -> Place | None:
    """The text that shows most of what was searched, the first of several; None unless all of it is found in them."""
    missing = set(search.items)
    best, most = None, 0
    for text in texts:
        found = _found(search, text)
        missing -= found.keys()
        if len(found) > most:
            most = len(found)
            best = Place(text, _merged(mark for marks in found.values() for mark in marks))
    return None if missing else best


def snippet(place: Place, room: int) -> Place:
    """About `room` signs of the text on one line, where most different words are marked; what is cut off shows by a sign."""
    text = "".join(" " if sign.isspace() else sign for sign in place.text)
    first, after = _fullest(place, room // 2)
    start = _word_begins(text, max(0, min(first - room // 3, len(text) - room)), first)
    end = _word_ends(text, start + room, after)
    before = CUT if start else ""
    shift = len(before) - start
    marks = tuple((a + shift, min(b, end) + shift) for a, b in place.marks if start <= a < end)
    return Place(before + text[start:end] + (CUT if end < len(text) else ""), marks)


def _fullest(place: Place, room: int) -> tuple[int, int]:
    """The mark from which on most different words are marked within so many signs; the first of several."""

    def different(first: int) -> int:
        return len({place.text[a:b].lower() for a, b in marks if first <= a and b <= first + room})

    marks = place.marks[:MOST_MARKS]
    return max(marks, key=lambda mark: different(mark[0]))


def _item(found: re.Match[str]) -> Item:
    quoted, star, bare = found.groups()
    text = bare if quoted is None else quoted
    return Item(tuple(word.folded for word in words(text)), goes_on=star == "*" or text.endswith("*"))


def _found(search: Search, text: str) -> dict[Item, list[tuple[int, int]]]:
    """What of the search is in the text, and where."""
    folded = folded_text(text)  # most texts are done with here, without looking at each word
    likely = [item for item in search.items if all(word in folded for word in item.words)]
    there = list(words(text)) if likely else []
    return {item: marks for item in likely if (marks := list(_marks(item, there)))}


def _marks(item: Item, there: Sequence[Word]) -> Iterator[tuple[int, int]]:
    count = len(item.words)
    for place in range(len(there) - count + 1):
        if all(_fits(item, number, there[place + number].folded) for number in range(count)):
            yield there[place].start, there[place + count - 1].end


def _fits(item: Item, number: int, word: str) -> bool:
    if item.goes_on and number == len(item.words) - 1:
        return word.startswith(item.words[number])
    return word == item.words[number]


def _merged(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _word_begins(text: str, start: int, latest: int) -> int:
    """Where a word begins from `start` on, before `latest`; `start` itself where none does."""
    blank = text.find(" ", max(0, start - 1), latest) if start else -1
    return start if blank < 0 else blank + 1


def _word_ends(text: str, end: int, earliest: int) -> int:
    if end >= len(text):
        return len(text)
    blank = text.rfind(" ", earliest, end + 1)
    return end if blank < 0 else blank
