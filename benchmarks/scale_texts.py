"""Generate the texts that every tool gets: the same in each run, with one word that only ten of them have."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

NEEDLE = "quillonder"
"""Generated words are made of short syllables, so none of them can equal this."""
HITS = 10
FIRST = datetime(2016, 1, 4, 7, 30, tzinfo=UTC)
INTERVAL = timedelta(minutes=52)
"""100,000 entries cover ten years."""
WORDS_EACH = 240
LINE = 12


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one entry, about 1.5 kB. `title` has its first few words."""

    number: int
    begun: datetime
    title: str
    lines: tuple[str, ...]


def texts(count: int) -> Iterator[Text]:
    """`count` texts, oldest first. A few words are frequent and most are rare, as in any language."""
    chance = random.Random(5)
    words = _vocabulary(chance)
    weights = list(accumulate(1 / (rank + 4) for rank in range(len(words))))
    with_needle = {count * (2 * hit + 1) // (2 * HITS) for hit in range(HITS)}
    for number in range(count):
        chosen = chance.choices(words, cum_weights=weights, k=WORDS_EACH)
        if number in with_needle:
            chosen[WORDS_EACH // 2] = NEEDLE
        lines = tuple(" ".join(chosen[place : place + LINE]) for place in range(0, WORDS_EACH, LINE))
        yield Text(number, FIRST + INTERVAL * number, " ".join(chosen[:5]), lines)


def _vocabulary(chance: random.Random) -> list[str]:
    syllables = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeio"]
    return ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(6000)]
