"""The commands that a person types in place of an answer: `:back`, `:why` and their like."""

from __future__ import annotations

import re
from enum import Enum

from careerkit.core.problem import Problem, Refused
from careerkit.core.quoted import quoted


class Command(Enum):
    """Each command with what it does, in the order in which help lists them."""

    BACK = "back", "the question before; nothing is lost"
    FORWARD = "forward", "on to the next that you have answered"
    WHY = "why", "why this is asked, and where it comes from"
    EDIT = "edit", "write the text in your editor"
    SKIP = "skip", "put it off; it comes again if it is needed"
    REVIEW = "review", "all answers so far, to look at and change"
    SAVE = "save", "stop here; all is saved, go on any day"
    HELP = "help", "this list"

    def __init__(self, word: str, meaning: str) -> None:
        self.word = word
        self.meaning = meaning


ROWS = (
    *((f":{command.word}", command.meaning) for command in Command),
    ("::", "at the start of a line: a plain colon"),
)

_COMMAND = re.compile(r":([A-Za-z?]*)\s*\Z")


def parse_command(line: str) -> Command | str:
    """The command that `line` is, or the text that it stands for; Refused where no command, or more than one, fits.

    Only a colon and a single word is a command: `:-)` and `: so` are text.
    """
    if line.startswith("::"):
        return line[1:]
    match = _COMMAND.match(line)
    if not match:
        return line
    word = match[1].lower()
    fitting = [Command.HELP] if word == "?" else [each for each in Command if word and each.word.startswith(word)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        both = " and ".join(f":{each.word}" for each in fitting)
        raise Refused(Problem("unclear-command", f":{quoted(word)} fits {both}.", "Type one letter more."))
    there_is = " ".join(f":{each.word}" for each in Command)
    raise Refused(
        Problem(
            "unknown-command",
            f"There is no command :{quoted(word)}.",
            f"There is {there_is}. For a plain colon type ::",
        )
    )
