"""Random changes of playbook files, as slips of the hand, careless editing and bad luck make them."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?|'[^'\n]*'|[^\sA-Za-z0-9_]")
STRANGE = (
    "\u00e9",
    "\u0430",
    "\u202e",
    "\x00",
    "\t",
    "\u2019",
    "\U0001f600",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "\\",
    "=",
    "#",
)
WORDS = (
    "and",
    "or",
    "not",
    "in",
    "if",
    "else",
    "true",
    "false",
    "today",
    "answered",
    "count",
    "known",
    "day",
    "x",
    "0",
)
NUMBERS = ("0", "-1", "1", "5", "100", "1e9", "0.5", "999999999999", "1_000", "1e999", "nan")


def mutate(text: str, random: Random) -> str:
    """The text after one to three changes."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        text = random.choice(CHANGES)(text, random)
    return text


def _delete_line(text: str, random: Random) -> str:
    lines = text.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def _repeat_line(text: str, random: Random) -> str:
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return "\n".join(lines)


def _swap_lines(text: str, random: Random) -> str:
    lines = text.split("\n")
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def _move_block(text: str, random: Random) -> str:
    lines = text.split("\n")
    start = random.randrange(len(lines))
    block = lines[start : start + random.randrange(1, 12)]
    del lines[start : start + len(block)]
    at = random.randrange(len(lines) + 1)
    return "\n".join([*lines[:at], *block, *lines[at:]])


def _delete_characters(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + random.choice((1, 1, 2, 5, 40)) :]


def _insert_character(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(STRANGE) + text[at:]


def _replace_token(text: str, random: Random) -> str:
    """Replace a token by another one of the file: an id by an id, a word by a choice, an operator by a bracket."""
    found = list(TOKEN.finditer(text))
    if not found:
        return text
    target, source = random.choice(found), random.choice(found)
    return text[: target.start()] + source.group() + text[target.end() :]


def _replace_number(text: str, random: Random) -> str:
    return _replace(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?![\w.])", lambda _: random.choice(NUMBERS), text, random)


def _replace_word(text: str, random: Random) -> str:
    return _replace(r"\b[a-z_]{2,}\b", lambda _: random.choice(WORDS), text, random)


def _replace_operator(text: str, random: Random) -> str:
    signs = ("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "=", "=>", " and ", " or ", " in ", " not in ")
    return _replace(r"==|!=|<=|>=|[<>+*/]| and | or | in ", lambda _: random.choice(signs), text, random)


def _negate(text: str, random: Random) -> str:
    return _replace(r'when = "([^"\n]*)"', lambda found: f'when = "not ({found[1]})"', text, random)


def _join(text: str, random: Random) -> str:
    """Join a condition with another one of the file."""
    conditions = re.findall(r'when = "([^"\n]*)"', text) or ["true"]
    sign = random.choice(("and", "or"))
    other = random.choice(conditions)
    return _replace(r'when = "([^"\n]*)"', lambda found: f'when = "({found[1]}) {sign} ({other})"', text, random)


def _replace(pattern: str, choose: Callable[[re.Match[str]], str], text: str, random: Random) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    target = random.choice(found)
    return text[: target.start()] + choose(target) + text[target.end() :]


CHANGES: tuple[Callable[[str, Random], str], ...] = (
    _delete_line,
    _repeat_line,
    _swap_lines,
    _move_block,
    _delete_characters,
    _insert_character,
    _replace_token,
    _replace_token,
    _replace_number,
    _replace_word,
    _replace_operator,
    _negate,
    _join,
)
