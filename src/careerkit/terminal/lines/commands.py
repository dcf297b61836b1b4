"""The commands that a person can type instead of an answer: `:back`, `:why` and so on."""

from __future__ import annotations

import re
from enum import Enum

from careerkit.core.errors import Problem, Refused
from careerkit.core.text import abbreviate, to_ascii_width


class LineCommand(Enum):
    """The commands with their help texts, in the order of the help."""

    BACK = "back", "go to the previous question; nothing is lost"
    FORWARD = "forward", "go to the next question you have answered"
    WHY = "why", "show why this is asked, with sources"
    EDIT = "edit", "write the text in your editor"
    SKIP = "skip", "skip the question; it comes back if it's needed"
    REVIEW = "review", "review and change your answers"
    SAVE = "save", "save and stop; you can resume any time"
    HELP = "help", "show this list"

    def __init__(self, word: str, meaning: str) -> None:
        self.word = word
        self.meaning = meaning


HELP_ROWS = (
    *((f":{command.word}", command.meaning) for command in LineCommand),
    ("::", "start a line of text with a colon"),
)

UNSAVED_HELP_ROWS = tuple(
    (name, "stop" if name == f":{LineCommand.SAVE.word}" else meaning) for name, meaning in HELP_ROWS
)
"""The help of a preview, where nothing is saved."""

_COMMAND = re.compile(r":([A-Za-z?]*)\s*\Z")


def parse_command(line: str) -> LineCommand | str:
    """The command in `line`, or its text, with `::` at its start read as `:`. A command may be abbreviated.

    Only a colon followed by a single word is a command: `:-)` and `: so` are text. Raises Refused for an unknown or
    ambiguous command.
    """
    if line.startswith(("::", "：：", ":：", "：:")):
        return line[1:]
    match = _COMMAND.match(to_ascii_width(line))
    if not match:
        return line
    word = match[1].lower()
    matching = (
        [LineCommand.HELP] if word == "?" else [each for each in LineCommand if word and each.word.startswith(word)]
    )
    if len(matching) == 1:
        return matching[0]
    if matching:
        names = " or ".join(f":{each.word}" for each in matching)
        raise Refused(Problem("unclear-command", f":{abbreviate(word)} could be {names}.", "Type one more letter."))
    known = " ".join(f":{each.word}" for each in LineCommand)
    raise Refused(
        Problem(
            "unknown-command",
            f"There is no command :{abbreviate(word)}.",
            f"The commands are {known}. To start a line with a colon, type ::",
        )
    )
