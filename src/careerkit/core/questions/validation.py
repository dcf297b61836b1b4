"""Helpers to validate raw answers: numbers, ranges, counts, known choices, lists, tables and text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from careerkit.core.errors import Problem, Refused, find_closest
from careerkit.core.text import abbreviate, choose_verb, format_count, is_blank, quote_fragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from careerkit.core.questions.question import Choice

MAX_NUMBER = Decimal(10) ** 15
"""The limit keeps arithmetic fast and exact; no real answer is larger."""

MAX_DECIMALS = 15


def refuse(code: str, message: str, hint: str = "") -> Refused:
    """Create the exception for one problem. The caller raises it."""
    return Refused(Problem(code, message, hint))


def parse_number(raw: object) -> Decimal:
    """Convert `raw` to an exact decimal; a float is converted by its shortest representation.

    Raises Refused if it is not a number, or exceeds MAX_NUMBER or MAX_DECIMALS.
    """
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        raise refuse("not-a-number", "A number is needed.", "Write digits, as in 12 or 0.5.")
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        raise refuse(
            "not-a-number", f"{quote_fragment(str(raw))} is not a number.", "Write digits, as in 12 or 0.5."
        ) from None
    if not number.is_finite() or abs(number) > MAX_NUMBER or number.as_tuple().exponent < -MAX_DECIMALS:  # type: ignore[operator]
        raise refuse("too-large", f"{abbreviate(str(raw))} is out of range.", "Write a number with fewer digits.")
    return number


def check_range(number: Decimal, lowest: Decimal | None, highest: Decimal | None, unit: str = "") -> Decimal:
    """Return `number`. Raises Refused if it is outside the bounds, which are inclusive."""
    tail = f" {unit}" if unit else ""
    if lowest is not None and number < lowest:
        raise refuse("too-small", f"{number:f} is too small.", f"At least {lowest:f}{tail}.")
    if highest is not None and number > highest:
        raise refuse("too-large", f"{number:f} is too large.", f"At most {highest:f}{tail}.")
    return number


def check_count(number: int, least: int, most: int, noun: str) -> None:
    """Raises Refused if `number` is less than `least` or more than `most`. `noun` is singular."""
    there_are = f"there {choose_verb(number, 'is', 'are')} {number}"
    if number < least:
        message = f"At least {format_count(least, noun)} {choose_verb(least, 'is', 'are')} needed: {there_are}."
        raise refuse("too-few", message, "Add what is missing.")
    if number > most:
        message = f"At most {format_count(most, noun)} {choose_verb(most, 'is', 'are')} allowed: {there_are}."
        raise refuse("too-many", message, "Keep what matters most.")


def find_choice(raw: object, choices: tuple[Choice, ...]) -> str:
    """Return `raw` if it is the id of one of the choices. Raises Refused if it is not."""
    ids = [choice.id for choice in choices]
    if isinstance(raw, str) and raw in ids:
        return raw
    near = find_closest(raw, ids) if isinstance(raw, str) else None
    hint = f"Did you mean {near}?" if near else f"Choose from: {', '.join(ids)}."
    raise refuse("unknown-choice", f"There is no choice {quote_fragment(str(raw))}.", hint)


def find_choices(raw: object, choices: tuple[Choice, ...]) -> tuple[str, ...]:
    """Return the ids in the list `raw`. Raises Refused if one is unknown or a duplicate."""
    ids = tuple(find_choice(each, choices) for each in read_sequence(raw))
    if len(set(ids)) < len(ids):
        raise refuse("twice", "An item appears more than once.", "List each one once.")
    return ids


def read_sequence(raw: object) -> list[object]:
    """Return the elements of a list. Raises Refused if `raw` is not a list."""
    if not isinstance(raw, (list, tuple)):
        raise refuse("not-a-list", f"This should be a list, not {describe(raw)}.", 'Write it as ["one", "two"].')
    return list(raw)


def read_table(raw: object) -> Mapping[str, object]:
    """Return `raw` if it is a table. Raises Refused if it is not."""
    if not isinstance(raw, Mapping):
        raise refuse("not-a-table", f"This should be a table, not {describe(raw)}.", "Write it as { name = value }.")
    return raw


def read_text(raw: object, max_length: int) -> str:
    r"""Return the text with `\n` line ends and without lone surrogates. Raises Refused if nothing of it can be seen, or it is too long."""
    if not isinstance(raw, str):
        raise refuse("not-text", f"This should be text, not {describe(raw)}.", "Put it in quotes.")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    if is_blank(text):
        raise refuse("empty", "This answer is empty.", "Write a word or two, or leave the question out.")
    if len(text) > max_length:
        over = len(text) - max_length
        raise refuse(
            "too-long", f"The answer is {format_count(over, 'character')} too long.", f"The limit is {max_length:,}."
        )
    return text


def describe(raw: object) -> str:
    """Describe the kind of a raw value, for messages."""
    match raw:
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float() | Decimal():
            return "a number"
        case date():
            return "a date"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "a table"
    return "empty" if raw is None else "something else"


def is_texts(value: object) -> bool:
    """Is `value` a tuple of texts?"""
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)
