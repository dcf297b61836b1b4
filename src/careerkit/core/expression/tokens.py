"""The numbers, quoted texts, words and signs of an expression, each with its column."""

from __future__ import annotations

from typing import Literal

from careerkit.core.frozen import frozen
from careerkit.core.problem import Place, Problem, Refused

Sort = Literal["number", "text", "word", "sign", "end"]

MOST_DIGITS = 28

_BLANKS = " \t\r\n"
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_WORD = _LETTERS | _DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SIGNS = ("==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",")
_MENDS = {
    "**": "There are no powers: multiply instead.",
    "//": "Divide with / and use round().",
    "<>": "Write != for 'is not'.",
    "&&": "Write 'and'.",
    "||": "Write 'or'.",
    ":=": "Nothing can be given a name here: make it a compute.",
    "=": "Write == to compare.",
    "!": "Write 'not'.",
    ".": "Write a number as 0.5; nothing else has a dot.",
    "\u2018": "Use straight quotes: '...'.",
    "\u2019": "Use straight quotes: '...'.",
    "\u201c": "Use straight quotes: '...'.",
    "\u201d": "Use straight quotes: '...'.",
    "\u00d7": "Write * to multiply.",
    "\u00f7": "Write / to divide.",
    "\u2212": "Write a plain minus: -.",
    "\u2264": "Write <=.",
    "\u2265": "Write >=.",
    "\u2260": "Write !=.",
}
_WORDS = {"True": "Write true.", "False": "Write false.", "None": "Write not answered(...)."}


@frozen
class Token:
    """`text` is the source's own, but for a quoted text: there it is what stands between the quotes."""

    sort: Sort
    text: str
    column: int


def tokens(source: str) -> list[Token]:
    """All tokens and, last, one of sort `end`. Raises Refused at the first thing that is none."""
    found: list[Token] = []
    at = 0
    while at < len(source):
        char = source[at]
        if char in _BLANKS:
            at += 1
            continue
        if char in _DIGITS:
            token, at = _number(source, at)
        elif char in _WORD:
            token, at = _word(source, at)
        elif char in "'\"":
            token, at = _text(source, at)
        else:
            token, at = _sign(source, at)
        found.append(token)
    return [*found, Token("end", "", len(source) + 1)]


def problem_at(column: int, code: str, message: str, hint: str = "") -> Problem:
    """A problem within an expression: always line 1 of a file without a name, for the caller to place."""
    return Problem(code, message, hint, Place("", 1, column))


def shown(text: str) -> str:
    """A piece of the source as a message may quote it: short, and nothing in it that a screen would act on."""
    longest = 40
    safe = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:longest])
    return f"'{safe}'" if len(text) <= longest else f"'{safe}…'"


def _number(source: str, start: int) -> tuple[Token, int]:
    end = _run(source, start, _DIGITS)
    if source[end : end + 1] == "." and source[end + 1 : end + 2] in _DIGITS:
        end = _run(source, end + 1, _DIGITS)
    text = source[start:end]
    if source[end : end + 1] in _WORD or source[end : end + 1] == ".":
        hint = "Write digits and at most one decimal point, such as 12 or 0.5."
        raise _refused(
            start, "bad-number", f"{shown(source[start : end + 1])} begins no number that can be read.", hint
        )
    if len(text.replace(".", "")) > MOST_DIGITS:
        hint = f"A number has at most {MOST_DIGITS} digits."
        raise _refused(start, "bad-number", "This number is too long.", hint)
    return Token("number", text, start + 1), end


def _word(source: str, start: int) -> tuple[Token, int]:
    end = _run(source, start, _WORD)
    text = source[start:end]
    if text[0] not in _LETTERS or text != text.lower():
        hint = _WORDS.get(text, "Ids are written in small letters, digits and _, and begin with a letter.")
        raise _refused(start, "bad-word", f"{shown(text)} can't be an id.", hint)
    return Token("word", text, start + 1), end


def _text(source: str, start: int) -> tuple[Token, int]:
    end = source.find(source[start], start + 1)
    if end < 0:
        raise _refused(start, "bad-text", "This quoted text is never closed.", f"Close it with {source[start]}.")
    text = source[start + 1 : end]
    for offset, char in enumerate(text):
        if char == "\\" or not char.isprintable():
            message = f"A quoted text can't hold {_char(char)}."
            raise _refused(start + 1 + offset, "bad-text", message, "Write the id as it stands, without escapes.")
    return Token("text", text, start + 1), end + 1


def _sign(source: str, start: int) -> tuple[Token, int]:
    pair = source[start : start + 2]
    if pair not in _MENDS:
        for sign in _SIGNS:
            if source.startswith(sign, start):
                return Token("sign", sign, start + 1), start + len(sign)
    wrong = pair if pair in _MENDS else source[start]
    hint = _MENDS.get(wrong, "See the playbook format for what an expression may hold.")
    raise _refused(start, "bad-character", f"{_char(wrong)} has no meaning in an expression.", hint)


def _run(source: str, start: int, allowed: frozenset[str]) -> int:
    end = start
    while end < len(source) and source[end] in allowed:
        end += 1
    return end


def _char(text: str) -> str:
    """Outside ASCII the code is given: such a character often looks just like the right one."""
    return f"'{text}'" if text.isascii() and text.isprintable() else f"U+{ord(text):04X}"


def _refused(offset: int, code: str, message: str, hint: str) -> Refused:
    return Refused(problem_at(offset + 1, code, message, hint))
