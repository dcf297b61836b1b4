"""What an id may look like: `[a-z][a-z0-9_]*`, at most 40 characters."""

from __future__ import annotations

LONGEST = 40
_FIRST = frozenset("abcdefghijklmnopqrstuvwxyz")
_REST = _FIRST | frozenset("0123456789_")


def is_id(word: str) -> bool:
    """Whether `word` is built as an id is; its length is not looked at."""
    return word[:1] in _FIRST and _REST.issuperset(word)


def is_source_id(word: str) -> bool:
    """A source's id may have capitals and dashes, but no dot: `S1.53` is a claim of the source `S1`."""
    return word[:1].isalpha() and word.isascii() and word.replace("_", "").replace("-", "").isalnum()


def is_playbook_name(word: str) -> bool:
    """A group's or a playbook's name: `[a-z][a-z0-9-]*`."""
    return "_" not in word and is_id(word.replace("-", "_"))
