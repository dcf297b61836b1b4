"""How inserted words go on inside a sentence: `My manager, M.` becomes `my manager, M.`, lists get commas or semicolons."""

from __future__ import annotations

OWNING = frozenset(("A", "An", "The", "My", "Our", "Your", "His", "Her", "Its", "Their"))
POINTING = frozenset(("This", "That", "One", "Some", "Another"))
NEVER_AFTER_OWNING = frozenset(("from", "of", "in", "at", "on", "over", "with", "who", "and", "or", "is"))
"""What follows no article: `An from sales` and `My in accounts` are people."""
GOES_ON = ",;)"
SENTENCE = 6
"""From so many words on a line of a list is taken for a sentence of its own."""
LONGEST_NAME = 8
"""Words that somebody's name and post may have; longer texts with a comma are sentences."""


def within_sentence(text: str, *, before: str) -> str:
    """`text` as it reads after `before`: inside a sentence, an article or the like loses the capital of a first word.

    A heuristic of careerkit's own, for English: names that are spelt like one keep it (`An Nguyen`, `A. Brown`). After a
    colon, a quotation mark or a full stop `text` stays as it is.
    """
    so_far = before.rstrip()
    inside = so_far != before and so_far[-1:] and (so_far[-1].isalnum() or so_far[-1] in GOES_ON)
    return _with_small_article(text) if inside else text


def with_closing_comma(text: str, *, after: str) -> str:
    """`text` with a second comma where it is a name with a post beside it and the sentence goes on.

    `my manager, M., whether`. A heuristic: at most eight words with a single comma are taken for a name.
    """
    goes_on = after[:1] == " " and after[1:2].isalpha() and after[1:2].islower()
    is_name_with_post = text.count(", ") == 1 and text[-1] not in ",;:!?'\"" and len(text.split()) <= LONGEST_NAME
    return f"{text}," if goes_on and is_name_with_post else text


def joined_labels(labels: list[str]) -> str:
    """Labels by commas, or by semicolons where one has a comma of its own."""
    return ("; " if any("," in label for label in labels) else ", ").join(labels)


def joined_lines(lines: list[str]) -> str:
    """Lines one after the other: sentences and what has commas in it by semicolons, words by commas."""
    ended = [without_full_stop(line) if " " in line else line for line in lines[:-1]]
    whole = ended != lines[:-1] or any("," in line or len(line.split()) >= SENTENCE for line in lines)
    mark = "; " if whole else ", "
    return mark.join([*ended, *lines[-1:]])


def has_ended(text: str) -> bool:
    """Does `text` end as a sentence by itself, so that no full stop belongs behind it: `why?`, `'Go.'`"""
    return text[-1:] in ("?", "!") or (text[-1:] in "'\"" and text[-2:-1] in (".", "?", "!"))


def without_full_stop(text: str) -> str:
    """`text` without a single full stop at its end."""
    return text[:-1] if text.endswith(".") and not text.endswith("..") else text


def _with_small_article(text: str) -> str:
    first, _, rest = text.partition(" ")
    if first not in OWNING | POINTING:
        return text
    word = rest.split(" ", 1)[0].strip(",.;:!?")
    is_common = word[:1].islower() or (len(word) > 1 and word.isupper())
    if not is_common or (first in OWNING and word in NEVER_AFTER_OWNING):
        return text
    return f"{first.lower()} {rest}"
