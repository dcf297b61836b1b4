"""A screen of its own for the conversation, gone when it ends: nothing of it stays in the terminal's scrollback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

ENTER, LEAVE = "\x1b[?1049h\x1b[H\x1b[2J", "\x1b[H\x1b[2J\x1b[?1049l"
"""The terminal's alternate screen, cleared on both ways."""


@contextmanager
def curtain(to: TextIO) -> Iterator[None]:
    """What is written within is cleared at the end, however that comes."""
    to.write(ENTER)
    to.flush()
    try:
        yield
    finally:
        to.write(LEAVE)
        to.flush()


def linger(*, to: TextIO, answers: TextIO) -> None:
    """Give the person time to read what is about to be cleared."""
    to.write("\nEnter closes this screen and clears it. ")
    to.flush()
    answers.readline()
