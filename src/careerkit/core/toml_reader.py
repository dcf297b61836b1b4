"""Parse TOML whose cost is bounded, whatever is in the text.

tomllib takes hours for a dotted key with ten thousand parts, and gigabytes for a megabyte of small tables. So what decides
the cost is measured before: a quick look is enough for almost every file; otherwise the text is scanned. A text of
1 MiB is parsed or refused in less than two seconds and 200 MB.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal

MAX_DEPTH = 32
"""The limit on nested tables and lists, and on the parts of a dotted key."""

MAX_ITEMS, MAX_JOURNAL_ITEMS = 16_000, 50_000
"""The limits on keys, values and tables, of which tomllib needs up to a kilobyte for each. Files of the journal may have
more than what people write, so that what was accepted as an answer can be read again."""

MAX_KEY_WORK = 400_000
"""The limit on the work for dotted keys, in steps: for each key, its parts times the parts of its path."""

MAX_NUMBER_LENGTH, MAX_EXPONENT = 100, 200
"""The most characters of a number, and the largest power of ten: no answer and no result of arithmetic needs more."""

MAX_ERROR_LENGTH = 200
Excess = Literal["depth", "items", "number"]


class TomlLimitError(ValueError):
    """The text exceeds a limit, at `offset` if that is known. `excess` says which."""

    def __init__(self, excess: Excess, offset: int | None = None, *, number: str = "", limit: int = MAX_ITEMS) -> None:
        reasons = {
            "depth": f"tables, lists or dotted keys are nested more than {MAX_DEPTH} levels deep",
            "items": f"it has more than {limit:,} keys and values, or too many dotted keys",
            "number": f"the number {number} is too large, or has too many digits",
        }
        super().__init__(reasons[excess])
        self.excess, self.offset = excess, offset


def parse_toml(
    text: str, *, max_items: int = MAX_ITEMS, parse_float: Callable[[str], object] | None = None
) -> dict[str, Any]:
    """The tables in `text`, with numbers as int and Decimal, or what `parse_float` makes of those with decimals.

    Raises TomlLimitError if a limit is exceeded, and ValueError with a short message if it is not TOML.
    """
    import tomllib  # files that careerkit wrote are mostly read without it

    check_limits(text, max_items=max_items)
    try:
        tables = tomllib.loads(text, parse_float=parse_float or parse_decimal)
    except RecursionError:
        raise TomlLimitError("depth") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(_shorten(str(error))) from None
    _check_depth(tables)
    return tables


def parse_decimal(written: str) -> Decimal:
    """The number as it is written. Raises TomlLimitError if it has an exponent beyond MAX_EXPONENT."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise TomlLimitError("number", number=written) from None
    if number.is_finite() and not is_writable(number):
        raise TomlLimitError("number", number=written)
    return number


def is_writable(number: Decimal | int) -> bool:
    """Can the number be written out with at most MAX_EXPONENT digits on either side of the point?"""
    if isinstance(number, int):
        return number.bit_length() <= 4 * MAX_NUMBER_LENGTH
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_EXPONENT and number.adjusted() <= MAX_EXPONENT


def check_limits(text: str, *, max_items: int = MAX_ITEMS) -> None:
    """Raises TomlLimitError if parsing `text` would be expensive. It need not be valid TOML."""
    if not _is_obviously_cheap(text, max_items):
        _Scan(text, max_items).run()


def _is_obviously_cheap(text: str, max_items: int) -> bool:
    """Would the scan find little, even if quoted texts and comments counted too?"""
    if sum(map(text.count, "=,[{]}")) > max_items or _compile_number_pattern().search(text):
        return False
    dotted = [(line, line.count(".")) for line in text.split("\n") if "." in line]
    if any(dots >= MAX_DEPTH for _, dots in dotted):
        return False
    header_parts = 1 + max((dots for _, dots in dotted), default=0)
    work = _count_keys(text) * (1 + header_parts)
    work += sum(_count_keys(line) * (1 + dots) * (1 + dots + header_parts) for line, dots in dotted)
    return work <= MAX_KEY_WORK


def _count_keys(text: str) -> int:
    """Each key has a sign after it, as has the name of a table."""
    return text.count("=") + text.count("]")


_LONG_NUMBER = rf"[=,\[][ \t\n]*[+-]?[0-9][0-9A-Za-z_.+-]{{{MAX_NUMBER_LENGTH},}}"


@cache
def _compile_number_pattern() -> re.Pattern[str]:
    return re.compile(_LONG_NUMBER)


@cache
def _compile_token_pattern() -> re.Pattern[str]:
    """Everything that counts, and the starts of texts and comments. Compiled when first needed."""
    return re.compile(rf"({_LONG_NUMBER})|\n+|\.+|[\]}}]+|[\[{{=,\"'#]")


@cache
def _compile_quote_pattern(quote: str) -> re.Pattern[str]:
    """The end of a text in double quotes, or a character after a backslash."""
    end = quote if len(quote) == 3 else f"{quote}|\n"
    return re.compile(rf"\\.|{end}", re.DOTALL)


class _Scan:
    """Counts what decides the cost, skipping texts and comments."""

    def __init__(self, text: str, max_items: int) -> None:
        self.text, self.max_items = text, max_items
        self.depth = self.dots = self.items = self.work = self.header_parts = 0
        self.is_header = self.is_value = False

    def run(self) -> None:
        pattern, text, at = _compile_token_pattern(), self.text, 0
        while found := pattern.search(text, at):
            at = found.end()
            token = found.group()
            first = token[0]
            if found.group(1):
                digits = token[1:].strip()
                raise TomlLimitError("number", at - len(digits), number=f"{digits[:12]}…")
            if first in "\"'":
                at = self._skip_text(found.start())
            elif first == "#":
                at = text.find("\n", at)
                if at < 0:
                    return
            else:
                self._count(first, len(token), found.start())

    def _count(self, sign: str, length: int, offset: int) -> None:
        match sign:
            case ".":
                self.dots += length
                if self.dots >= MAX_DEPTH:
                    raise TomlLimitError("depth", offset)
                return
            case "\n":
                if self.is_header:
                    self.depth, self.header_parts = 0, self.dots + 1
                self.is_header = False
                self.is_value = self.is_value and self.depth > 0
            case "[" | "{":
                self.is_header = self.is_header or (sign == "[" and not self.depth and not self.is_value)
                self.depth += 1
                if self.depth > MAX_DEPTH:
                    raise TomlLimitError("depth", offset)
            case "]" | "}":
                self.depth = max(0, self.depth - length)
                if self.is_header:  # its dots count until the end of the line
                    self._add_work(offset)
                    return
            case "=":
                self.is_value = True
                self._add_work(offset)
        if sign != "\n":
            self.items += 1
        if self.items > self.max_items:
            raise TomlLimitError("items", offset, limit=self.max_items)
        self.dots = 0

    def _add_work(self, offset: int) -> None:
        parts = self.dots + 1
        self.work += parts * (parts + self.header_parts)
        if self.work > MAX_KEY_WORK:
            raise TomlLimitError("items", offset, limit=self.max_items)

    def _skip_text(self, start: int) -> int:
        """The offset after the text in quotes at `start`; the end of all if it isn't closed."""
        sign = self.text[start]
        quote = sign * 3 if self.text.startswith(sign * 3, start) else sign
        at = start + len(quote)
        if sign == "'":
            end = self.text.find(quote, at)
            line_end = self.text.find("\n", at) if len(quote) == 1 else -1
            if 0 <= line_end < end or (end < 0 <= line_end):
                return line_end
        else:
            pattern = _compile_quote_pattern(quote)
            while (found := pattern.search(self.text, at)) and found.group()[0] == "\\":
                at = found.end()
            end = found.start() if found else -1
            if found and found.group() == "\n":
                return end
        if end < 0:
            return len(self.text)
        end += len(quote)
        if len(quote) == 3:  # a text may end with one or two quotes of its own
            end += 2 if self.text.startswith(sign * 2, end) else int(self.text.startswith(sign, end))
        return end


def _check_depth(tables: dict[str, Any]) -> None:
    level: list[Any] = [tables]
    for _ in range(MAX_DEPTH + 1):
        level = [each for container in level for each in _list_inner(container) if isinstance(each, dict | list)]
        if not level:
            return
    raise TomlLimitError("depth")


def _list_inner(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _shorten(message: str) -> str:
    """A message of tomllib, which may contain a key of any length, with the place at its end."""
    if len(message) <= MAX_ERROR_LENGTH:
        return message
    return f"{message[: MAX_ERROR_LENGTH // 2]}…{message[message.rfind(' (at ') :][-MAX_ERROR_LENGTH // 2 :]}"
