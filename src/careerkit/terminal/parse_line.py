"""Parse what a person types on a line: choices and numbers, and commands such as `:back`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from careerkit.core.errors import Problem, Refused
from careerkit.core.text import abbreviate, to_ascii_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from careerkit.core.questions.question import Choice

MAX_CHOICES_LENGTH = 5_000
"""Characters of a line with several choices. It limits the work for a line that can't be meant as one."""
NONE_WORDS = ("-", "none", "0")
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|–|\.\.)\s*(\d{1,3})")


def parse_choice(word: str, choices: Sequence[Choice]) -> str:
    """The id of the choice that `word` means: its number, id, label, or the beginning of its label.

    Raises Refused where none matches, or more than one.
    """
    matching = _find_matches(word.strip(), choices)
    if len(matching) == 1:
        return choices[matching[0]].id
    shown = abbreviate(word)
    if matching:
        examples = " and ".join(f"{place + 1} {choices[place].label}" for place in matching[:2])
        raise Refused(Problem("unclear-choice", f"{shown} matches more than one: {examples}.", "Type its number."))
    raise Refused(Problem("unknown-choice", f"There is no choice {shown}.", _describe_choices(choices)))


def parse_choices(line: str, choices: Sequence[Choice]) -> list[str]:
    """The ids that `1 3`, `1,3`, `1-3` or labels separated by commas mean, in the order typed, without duplicates.

    Raises Refused where a part of the line isn't a choice.
    """
    picked = [
        each for word in _split(line, choices) for each in _parse_range(word, choices) or [parse_choice(word, choices)]
    ]
    return list(dict.fromkeys(picked))


def parse_order(line: str, choices: Sequence[Choice]) -> list[str]:
    """All ids, best first. Raises Refused where one is missing, occurs twice or isn't a choice."""
    words = _split(line, choices)
    picked = [each for word in words for each in _parse_range(word, choices) or [parse_choice(word, choices)]]
    twice = next((each for each in picked if picked.count(each) > 1), None)
    if twice is not None:
        raise Refused(Problem("twice", f"{_name_choice(twice, choices)} is in there twice.", "Type each one once."))
    missing = [each.id for each in choices if each.id not in picked]
    if missing:
        names = ", ".join(_name_choice(each, choices) for each in missing[:5])
        raise Refused(Problem("not-ranked", f"Not ranked yet: {names}.", "Type all of them, best first."))
    return picked


def is_none_answer(line: str, choices: Sequence[Choice]) -> bool:
    """Does `line` mean "none of them"? A choice with such a label takes precedence."""
    word = to_ascii_width(line).strip().casefold()
    return word in NONE_WORDS and not _find_matches(word, choices)


def filter_choices(word: str, choices: Sequence[Choice]) -> list[int]:
    """The positions of the choices whose label or hint contains `word`."""
    sought = _fold(word.strip())
    return [place for place, each in enumerate(choices) if sought in _fold(f"{each.label} {each.hint}")]


def _split(line: str, choices: Sequence[Choice]) -> list[str]:
    if len(line) > MAX_CHOICES_LENGTH:
        raise Refused(Problem("unknown-choice", f"There is no choice {abbreviate(line)}.", _describe_choices(choices)))
    if _find_matches(line.strip(), choices):
        return [line.strip()]
    line = to_ascii_width(line)
    if re.fullmatch(r"[\d\s,;.–-]+", line.strip()):
        joined = re.sub(r" ?(-|–|\.\.) ?", r"\1", " ".join(line.split()))
        return [word for word in re.split(r"[\s,;]+", joined) if word]
    parts = [part.strip() for part in re.split("[,;]", line) if part.strip()]
    return parts if len(parts) > 1 else line.split()


def _parse_range(word: str, choices: Sequence[Choice]) -> list[str]:
    """The ids that a range such as `1-3` or `3-1` means; none where `word` isn't a range."""
    match = _RANGE.fullmatch(word)
    if not match or _find_matches(word, choices):
        return []
    first, last = int(match[1]), int(match[2])
    if not (1 <= first <= len(choices) and 1 <= last <= len(choices)):
        raise Refused(Problem("unknown-choice", f"There is no {abbreviate(word)}.", _describe_choices(choices)))
    step = 1 if first <= last else -1
    return [choices[place - 1].id for place in range(first, last + step, step)]


def _find_matches(word: str, choices: Sequence[Choice]) -> list[int]:
    """The positions of the choices that `word` can mean."""
    if word.isdecimal() and 1 <= int(word[:4]) <= len(choices) and len(word) <= 4:
        return [int(word) - 1]
    sought = _fold(word)
    labels = [_fold(each.label) for each in choices]
    for exact in ([each.id.casefold() for each in choices], labels):
        same = [place for place, each in enumerate(exact) if each == sought]
        if len(same) == 1:
            return same
    return [place for place, label in enumerate(labels) if sought and label.startswith(sought)]


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())


def _name_choice(choice_id: str, choices: Sequence[Choice]) -> str:
    place = next(place for place, each in enumerate(choices) if each.id == choice_id)
    return f"{place + 1} {choices[place].label}"


def _describe_choices(choices: Sequence[Choice]) -> str:
    if not choices:
        return "There is nothing to choose from yet."
    if len(choices) == 1:
        return "There is only one choice: 1."
    return f"Type a number from 1 to {len(choices)}, or the first letters."


# ---------------------------------------------------------------- numbers


_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-"})
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_SPACE_GROUPS = re.compile(r"[+-]?\d{1,3}([ '’_]\d{3})+([.,]\d+)?")
_COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(,\d{3}){2,}")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_PERCENT_WORDS = ("%", "percent", "per cent")
MAX_LENGTH = 40
"""Characters of a number."""


def parse_number(line: str, *, unit: str = "") -> Decimal:
    """The number that `line` means, with or without `unit`. Raises Refused where it isn't a number, or ambiguous (`1,000`)."""
    text = _strip_unit(to_ascii_width(line).translate(_SPACES).strip(), unit)
    if len(text) > MAX_LENGTH:
        raise _make_refusal(line)
    if _AMBIGUOUS.fullmatch(text):
        whole, fraction = text.replace(",", ""), text.replace(",", ".")
        raise Refused(Problem("unclear-number", f"{text} can be read in two ways.", f"Write {whole} or {fraction}."))
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if _COMMA_GROUPS.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _POINT_GROUPS.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _SPACE_GROUPS.fullmatch(text):
        return Decimal(re.sub("[ '’_]", "", text).replace(",", "."))
    raise _make_refusal(line)


def parse_numbers(line: str) -> list[Decimal]:
    """The numbers in a line such as `40 30 30`, separated by spaces, semicolons, or commas followed by a space.

    Raises Refused where one of them isn't a number.
    """
    words = re.split(r"[\s;]+|,\s+", to_ascii_width(line).translate(_SPACES).strip())
    return [parse_number(word) for word in words if word]


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


def _strip_unit(text: str, unit: str) -> str:
    folded_text, folded_unit = text.casefold(), unit.casefold()
    if folded_unit and folded_text.endswith(folded_unit):
        return text[: -len(unit)].strip()
    if folded_unit and folded_text.startswith(folded_unit):
        return text[len(unit) :].strip()
    word = next((each for each in _PERCENT_WORDS if folded_text.endswith(each)), "")
    return text[: len(text) - len(word)].rstrip()


def _make_refusal(line: str) -> Refused:
    shown = abbreviate(line)
    return Refused(
        Problem(
            "not-a-number",
            f"{shown} is not a number." if shown else "A number is needed.",
            "Write it in digits, such as 12 or 0.5.",
        )
    )
