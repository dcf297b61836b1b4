"""The versions of the journal's format."""

from __future__ import annotations

from careerkit.core.problem import Problem

FORMAT = 1
ENCRYPTED = 2
LOWEST_READABLE = 1
"""The formats that this careerkit reads, and why each number was raised:

1: the first.
2: of the marker alone, where the journal is encrypted. An older version would write plain text beside what is closed.

A key that older versions may ignore does not raise the number: they keep it and write it back. The number is raised
when an older version would take what it reads for something else. Such a file is read where it still fits, and never
written. The lowest number is raised only where reading the old form costs more than its last users lose.
"""


def newer_format(number: int) -> Problem:
    return Problem(
        "newer-format",
        f"This is format {number}, of a newer careerkit; this one knows formats up to {FORMAT}.",
        "Update careerkit. Nothing of it is written until then.",
    )


def too_old(number: int) -> Problem:
    return Problem(
        "entry-too-old",
        f"This is format {number}; this careerkit reads formats from {LOWEST_READABLE}.",
        "Open it with an older careerkit, or with a text editor.",
    )
