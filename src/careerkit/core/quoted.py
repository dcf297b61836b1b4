"""What a person typed, as a message names it: recognised at a glance, however long it was."""

from __future__ import annotations

LONGEST = 40


def quoted(typed: str) -> str:
    """`typed` without blanks around it, cut with a sign behind 40 characters."""
    bare = typed[: LONGEST * 100].strip()
    return bare if len(bare) <= LONGEST else f"{bare[:LONGEST]}…"
