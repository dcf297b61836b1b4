"""Templates: split the texts of a playbook into lines, and lines into plain text and inserted answers.

    line   = { plain | "{{" | "{" id "}" }
    plain  = any character but "{"

An insert `{id}` has no line break in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from careerkit.core.errors import Place, Problem, Refused
from careerkit.core.frozen import frozen
from careerkit.core.text import MAX_ID_LENGTH, is_id

STRAY_HINT = "Write {id} to insert an answer, or {{ for a brace."


@frozen
class Insert:
    """A placeholder for the value of `id`."""

    id: str


@frozen
class Stray:
    """A brace that starts neither `{id}` nor `{{`. `text` is the brace with what seems to belong to it, for a message."""

    text: str


_NONE: frozenset[str] = frozenset()
Piece = str | Insert | Stray
TemplatePart = str | Insert


def split_prose(text: str) -> list[str]:
    """Split a text that was written as one string into lines.

    Paragraphs are joined into one line each, with an empty one between them. A line that begins with `- ` is a list
    item, and indented lines below it belong to it.
    """
    lines: list[list[str]] = []  # each as the parts that are joined by spaces
    is_paragraph = is_item = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("- "):
            lines.append([line])
            is_paragraph, is_item = False, True
        elif line and (is_paragraph or (is_item and raw[0].isspace())):
            lines[-1].append(line)
        elif line or (lines and lines[-1] != [""]):
            lines.append([line])
            is_paragraph, is_item = bool(line), False
    if lines and lines[-1] == [""]:
        lines.pop()
    return [" ".join(line) for line in lines]


def join_lines(text: str) -> str:
    """`text` with each line break, and the spaces around it, replaced by one space."""
    return " ".join(line.strip() for line in text.splitlines()).strip() if "\n" in text else text


def parse_template(line: str) -> tuple[TemplatePart, ...]:
    """The parts of a line, in order. Raises Refused with the column of every stray brace."""
    if "{" not in line:
        return (line,) if line else ()
    parts: list[TemplatePart] = []
    problems: list[Problem] = []
    for offset, piece in find_pieces(line):
        if isinstance(piece, Stray):
            problems.append(_make_stray_problem(piece, offset))
        else:
            parts.append(piece)
    if problems:
        raise Refused(problems)
    return tuple(parts)


def find_pieces(text: str) -> Iterator[tuple[int, Piece]]:
    """The pieces of `text` with their offsets, including stray braces. Plain text between two others is one piece."""
    start = at = 0
    while (at := text.find("{", at)) >= 0:
        if text.startswith("{{", at):
            at += 2
            continue
        if start < at:
            yield start, text[start:at].replace("{{", "{")
        close = text.find("}", at, at + MAX_ID_LENGTH + 2)
        word = text[at + 1 : close] if close > 0 else ""
        if is_id(word):
            yield at, Insert(word)
            start = close + 1
        else:
            yield at, Stray(_extract_stray_text(text, at))
            start = at + 1
        at = start
    if start < len(text):
        yield start, text[start:].replace("{{", "{")


def find_inserted_names(text: str) -> frozenset[str]:
    """The ids that a text inserts."""
    return frozenset(piece.id for _, piece in find_pieces(text) if isinstance(piece, Insert)) if "{" in text else _NONE


def _extract_stray_text(text: str, at: int) -> str:
    close = text.find("}", at, at + MAX_ID_LENGTH + 2)
    return text[at : close + 1] if close > 0 else text[at : at + 12]


def _make_stray_problem(stray: Stray, offset: int) -> Problem:
    return Problem("stray-brace", f"`{stray.text}` is not an insert.", STRAY_HINT, Place("", 1, offset + 1))
