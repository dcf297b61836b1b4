"""What a tag is: a short word of a person's own by which entries are found again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted

LONGEST = 40
JOINERS = "\u200c\u200d"


def tag_of(written: str) -> str:
    """The tag that is meant: small letters, blanks as a dash, no `#` before it. Refused where that is none."""
    plain = unicodedata.normalize("NFC", written.lower()).strip().lstrip("#")
    tag = "-".join(plain.split())
    if not tag:
        raise Refused(Problem("bad-tag", "A tag needs a letter.", "Write it as boss, or as difficult-client."))
    if len(tag) > LONGEST:
        short = quoted(tag)
        raise Refused(Problem("bad-tag", f"{short} is too long for a tag.", f"At most {LONGEST} characters.", short))
    if "," in tag or tag.startswith("-") or not _shows(tag):
        raise Refused(Problem("bad-tag", f"{written!r} can't be a tag.", "Use letters, digits and dashes.", tag))
    return tag


def _shows(tag: str) -> bool:
    """Whether all of it can be seen. A joiner within a Persian word or an emoji is a part of that."""
    if tag.isprintable():
        return True
    from careerkit.core.visible import acting  # most tags do without

    return not acting().search(tag) and all(sign.isprintable() or sign in JOINERS for sign in tag)


def tags_of(written: Iterable[str]) -> tuple[str, ...]:
    """The tags that are meant, each once. Refused with everything that is none."""
    tags: dict[str, None] = {}
    problems: list[Problem] = []
    for each in written:
        try:
            tags[tag_of(each)] = None
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return tuple(tags)
