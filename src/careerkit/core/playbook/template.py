"""Texts of a playbook: how prose becomes lines, and where a line takes in an answer.

    line   = { plain | "{{" | "{" id "}" }
    plain  = any character but "{"

Line breaks mean nothing to an insert: `{id}` stands on one line.
"""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import Line
from careerkit.core.playbook.names import LONGEST, is_id
from careerkit.core.problem import Place, Problem, Refused


@frozen
class Insert:
    """The place where the value of `id` goes."""

    id: str


@frozen
class Stray:
    """A brace that begins neither `{id}` nor `{{`; `text` is what seems to belong to it."""

    text: str


Piece = str | Insert | Stray
Part = str | Insert


def prose(text: str) -> tuple[Line, ...]:
    """The lines of a text that was written as one string.

    A line break is a space, an empty line ends a paragraph (and is kept as one empty Line between two), a line that
    begins with `- ` stays a line; what is indented below it belongs to it.
    """
    lines: list[str] = []
    joins = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("- ") or not (joins or (_is_item(lines) and raw[:1].isspace() and line)):
            if line or (lines and lines[-1]):
                lines.append(line)
        elif line:
            lines[-1] += f" {line}"
        else:
            lines.append("")
        joins = bool(line) and not _is_item(lines)
    while lines and not lines[-1]:
        lines.pop()
    return tuple(Line(line) for line in lines)


def one_line(text: str) -> str:
    """`text` with its line breaks, and the blanks around them, as single spaces."""
    return " ".join(line.strip() for line in text.splitlines()).strip() if "\n" in text else text


def parse(line: str) -> tuple[Part, ...]:
    """The parts of a line in their order. Raises Refused, with the column in the line, where a brace is stray."""
    parts: list[Part] = []
    problems: list[Problem] = []
    for offset, piece in pieces(line):
        match piece:
            case Stray():
                problems.append(_stray_problem(piece, offset))
            case str() if parts and isinstance(parts[-1], str):
                parts[-1] += piece
            case _:
                parts.append(piece)
    if problems:
        raise Refused(problems)
    return tuple(parts)


def pieces(text: str) -> Iterator[tuple[int, Piece]]:
    """What `text` consists of, each with its offset, stray braces included."""
    at = 0
    while at < len(text):
        brace = text.find("{", at)
        if brace != at:
            end = len(text) if brace < 0 else brace
            yield at, text[at:end]
            at = end
        elif text.startswith("{{", at):
            yield at, "{"
            at += 2
        else:
            close = text.find("}", at, at + LONGEST + 2)
            word = text[at + 1 : close] if close > 0 else ""
            if is_id(word):
                yield at, Insert(word)
                at = close + 1
            else:
                yield at, Stray(_stray_text(text, at))
                at += 1


STRAY_HINT = "Write {id} to insert an answer, or {{ for a brace."


def _is_item(lines: list[str]) -> bool:
    return bool(lines) and lines[-1].startswith("- ")


def _stray_text(text: str, at: int) -> str:
    close = text.find("}", at, at + LONGEST + 2)
    return text[at : close + 1] if close > 0 else text[at : at + 12]


def _stray_problem(stray: Stray, offset: int) -> Problem:
    return Problem("stray-brace", f"`{stray.text}` inserts nothing.", STRAY_HINT, Place("", 1, offset + 1))
