"""Choices as people type them: by number, by id, or by the beginning of the label that fits one only."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.core.playbook.model import Choice

NONE = ("-", "none", "0")
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|–|\.\.)\s*(\d{1,3})")


def pick_one(word: str, choices: Sequence[Choice]) -> str:
    """The id of the choice that `word` means; Refused where none does, or more than one."""
    fitting = _fitting(word.strip(), choices)
    if len(fitting) == 1:
        return choices[fitting[0]].id
    shown = quoted(word)
    if fitting:
        some = " and ".join(f"{place + 1} {choices[place].label}" for place in fitting[:2])
        raise Refused(Problem("unclear-choice", f"{shown} fits more than one: {some}.", "Type its number."))
    raise Refused(Problem("unknown-choice", f"There is no choice {shown}.", _what_there_is(choices)))


def pick_several(line: str, choices: Sequence[Choice]) -> list[str]:
    """The ids that `1 3`, `1,3`, `1-3` or labels parted by commas mean, in the order typed, each once."""
    picked = [each for word in _words(line, choices) for each in _range(word, choices) or [pick_one(word, choices)]]
    return list(dict.fromkeys(picked))


def pick_order(line: str, choices: Sequence[Choice]) -> list[str]:
    """All ids, best first. Refused where one is missing or stands there twice."""
    words = _words(line, choices)
    picked = [each for word in words for each in _range(word, choices) or [pick_one(word, choices)]]
    twice = next((each for each in picked if picked.count(each) > 1), None)
    if twice is not None:
        raise Refused(Problem("twice", f"{_named(twice, choices)} stands there twice.", "Place each one once."))
    missing = [each.id for each in choices if each.id not in picked]
    if missing:
        names = ", ".join(_named(each, choices) for each in missing[:5])
        raise Refused(Problem("not-ranked", f"Not placed yet: {names}.", "Every one needs its place, best first."))
    return picked


def is_none(line: str, choices: Sequence[Choice]) -> bool:
    """Does `line` say "none of them"? A choice that is called so comes first."""
    word = line.strip().casefold()
    return word in NONE and not _fitting(word, choices)


def narrowed(word: str, choices: Sequence[Choice]) -> list[int]:
    """The places of the choices in which `word` occurs anywhere."""
    sought = _folded(word.strip())
    return [place for place, each in enumerate(choices) if sought in _folded(f"{each.label} {each.hint}")]


def _words(line: str, choices: Sequence[Choice]) -> list[str]:
    if _fitting(line.strip(), choices):
        return [line.strip()]
    if re.fullmatch(r"[\d\s,;.–-]+", line.strip()):
        tight = re.sub(r"\s*(-|–|\.\.)\s*", r"\1", line.strip())
        return [word for word in re.split(r"[\s,;]+", tight) if word]
    parted = [part.strip() for part in re.split("[,;]", line) if part.strip()]
    return parted if len(parted) > 1 else line.split()


def _range(word: str, choices: Sequence[Choice]) -> list[str]:
    match = _RANGE.fullmatch(word)
    if not match or _fitting(word, choices):
        return []
    first, last = int(match[1]), int(match[2])
    if not (1 <= first <= len(choices) and 1 <= last <= len(choices)):
        raise Refused(Problem("unknown-choice", f"There is no {quoted(word)}.", _what_there_is(choices)))
    step = 1 if first <= last else -1
    return [choices[place - 1].id for place in range(first, last + step, step)]


def _fitting(word: str, choices: Sequence[Choice]) -> list[int]:
    if word.isdecimal() and 1 <= int(word[:4]) <= len(choices) and len(word) <= 4:
        return [int(word) - 1]
    sought = _folded(word)
    labels = [_folded(each.label) for each in choices]
    for exact in ([each.id.casefold() for each in choices], labels):
        same = [place for place, each in enumerate(exact) if each == sought]
        if len(same) == 1:
            return same
    return [place for place, label in enumerate(labels) if sought and label.startswith(sought)]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def _named(choice_id: str, choices: Sequence[Choice]) -> str:
    place = next(place for place, each in enumerate(choices) if each.id == choice_id)
    return f"{place + 1} {choices[place].label}"


def _what_there_is(choices: Sequence[Choice]) -> str:
    if not choices:
        return "There is nothing to choose from yet."
    return "There is only 1." if len(choices) == 1 else f"Type a number from 1 to {len(choices)}, or its first letters."
