"""Split the source of an expression into tokens: numbers, quoted text, words and operators, each with its column."""

from __future__ import annotations

from typing import Literal

from careerkit.core.errors import Place, Problem, Refused
from careerkit.core.expressions.ast import ARGUMENT_COUNTS, RESERVED_WORDS
from careerkit.core.frozen import frozen
from careerkit.core.text import describe_lookalike, quote_fragment

TokenKind = Literal["number", "text", "word", "operator", "end"]

MAX_DIGITS = 28

_WHITESPACE = " \t\r\n"
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_WORD_CHARS = _LETTERS | _DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SYMBOLS = ("==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",")
_SYMBOL_HINTS = {
    "**": "There is no power operator: multiply instead.",
    "//": "Divide with / and use round().",
    "<>": "Write != for 'is not'.",
    "=>": "Write >= for 'at least'.",
    "=<": "Write <= for 'at most'.",
    "=!": "Write != for 'is not'.",
    "->": "Write a if condition else b.",
    "&&": "Write 'and'.",
    "&": "Write 'and'.",
    "|": "Write 'or'.",
    "%": "There is no remainder. For a percentage, multiply by 100.",
    "^": "There is no power operator: multiply instead.",
    "?": "Write a if condition else b.",
    ":": "Write a if condition else b.",
    ";": "There is one expression only. Join conditions with 'and'.",
    "{": "Ids have no braces in an expression; only texts insert {id}.",
    "}": "Ids have no braces in an expression; only texts insert {id}.",
    "$": "Write the id alone.",
    "@": "Write the id alone.",
    "`": "Write the id alone, or a value in '...'.",
    "||": "Write 'or'.",
    ":=": "Names can't be assigned here: make it a compute.",
    "=": "Write == to compare.",
    "!": "Write 'not'.",
    ".": "A dot is only allowed in numbers, such as 0.5.",
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
_WORD_HINTS = {"True": "Write true.", "False": "Write false.", "None": "Write not answered(...)."}


@frozen
class Token:
    """`text` is the source text of the token; for a quoted text, without the quotes."""

    kind: TokenKind
    text: str
    column: int


def tokenize(source: str) -> list[Token]:
    """All tokens and, last, one of kind `end`. Raises Refused at the first invalid character, number, word or text."""
    found: list[Token] = []
    at = 0
    while at < len(source):
        char = source[at]
        if char in _WHITESPACE:
            at += 1
            continue
        if char in _DIGITS:
            token, at = _read_number(source, at)
        elif char in _WORD_CHARS:
            token, at = _read_word(source, at)
        elif char in "'\"":
            token, at = _read_text(source, at)
        else:
            token, at = _read_operator(source, at)
        found.append(token)
    return [*found, Token("end", "", len(source) + 1)]


def make_problem(column: int, code: str, message: str, hint: str = "") -> Problem:
    """A problem at a column of an expression. Its place has line 1 and no file, for the caller to complete."""
    return Problem(code, message, hint, Place("", 1, column))


def _read_number(source: str, start: int) -> tuple[Token, int]:
    end = _find_end(source, start, _DIGITS)
    if source[end : end + 1] == "." and source[end + 1 : end + 2] in _DIGITS:
        end = _find_end(source, end + 1, _DIGITS)
    text = source[start:end]
    if source[end : end + 1] in _WORD_CHARS or source[end : end + 1] == ".":
        hint = "Write digits and at most one decimal point, such as 12 or 0.5."
        raise _make_error(
            start, "bad-number", f"{quote_fragment(source[start : end + 1])} is not a valid number.", hint
        )
    if len(text.replace(".", "")) > MAX_DIGITS:
        hint = f"A number has at most {MAX_DIGITS} digits."
        raise _make_error(start, "bad-number", "This number is too long.", hint)
    return Token("number", text, start + 1), end


def _read_word(source: str, start: int) -> tuple[Token, int]:
    end = _find_end(source, start, _WORD_CHARS)
    text = source[start:end]
    if text[0] not in _LETTERS or text != text.lower():
        raise _make_error(start, "bad-word", *_explain_word(text, is_called=source[end:].lstrip().startswith("(")))
    return Token("word", text, start + 1), end


def _explain_word(text: str, *, is_called: bool) -> tuple[str, str]:
    """The message and hint for a word with capitals."""
    small = text.lower()
    if text in _WORD_HINTS:
        return f"{quote_fragment(text)} has no meaning in an expression.", _WORD_HINTS[text]
    if small == "if":
        return f"{quote_fragment(text)} is no function.", "Write a if condition else b."
    if small in RESERVED_WORDS or (small in ARGUMENT_COUNTS and is_called):
        return f"{quote_fragment(text)} is written in small letters.", f"Write {small}."
    if text[0] in _WORD_CHARS - _LETTERS and text == small:
        return f"{quote_fragment(text)} can't be an id.", "Ids begin with a small letter."
    message = f"{quote_fragment(text)} can't be an id, because it has capitals."
    return message, f"Write {small}, or '{text}' in quotes if it is a value."


def _read_text(source: str, start: int) -> tuple[Token, int]:
    end = source.find(source[start], start + 1)
    if end < 0:
        raise _make_error(
            start, "bad-text", "This quoted text has no closing quote.", f"Close it with {source[start]}."
        )
    text = source[start + 1 : end]
    for offset, char in enumerate(text):
        if char == "\\" or not char.isprintable():
            message = f"A quoted text can't hold {_describe_char(char)}."
            raise _make_error(start + 1 + offset, "bad-text", message, "Write the id as it is, without escapes.")
    return Token("text", text, start + 1), end + 1


def _read_operator(source: str, start: int) -> tuple[Token, int]:
    pair = source[start : start + 2]
    if pair not in _SYMBOL_HINTS:
        for sign in _SYMBOLS:
            if source.startswith(sign, start):
                return Token("operator", sign, start + 1), start + len(sign)
    wrong = pair if pair in _SYMBOL_HINTS else source[start]
    hint = _SYMBOL_HINTS.get(wrong) or describe_lookalike(wrong) or _OTHER_HINT
    raise _make_error(start, "bad-character", f"{_describe_char(wrong)} has no meaning in an expression.", hint)


_OTHER_HINT = "An expression has ids, numbers, quoted texts, and or not, comparisons, + - * / and functions."


def _find_end(source: str, start: int, allowed: frozenset[str]) -> int:
    end = start
    while end < len(source) and source[end] in allowed:
        end += 1
    return end


def _describe_char(text: str) -> str:
    """The code point for a character outside ASCII, because it often looks just like the right one."""
    return f"'{text}'" if text.isascii() and text.isprintable() else f"U+{ord(text):04X}"


def _make_error(offset: int, code: str, message: str, hint: str) -> Refused:
    return Refused(make_problem(offset + 1, code, message, hint))
