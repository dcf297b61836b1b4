"""What is asked for with every command: where the journal is, how to show things. Without Typer, which takes its time."""

from __future__ import annotations

import os


class Request:
    """The shared options of one run, as far as they were given."""

    def __init__(self) -> None:
        self.journal = ""
        self.plain = False
        self.json = False
        self.no_color = False
        self.private = False
        self.passphrase_fd: int | None = None

    @property
    def color(self) -> bool:
        """May colour be used at all? (`NO_COLOR` set to anything says no.)"""
        return not self.no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def line(self, words: str) -> str:
        """The command with those words as a person can type it, for the same journal."""
        if not self.journal:
            return f"careerkit {words}"
        from shlex import quote  # most name no journal

        return f"careerkit {words} --journal {quote(self.journal)}"
