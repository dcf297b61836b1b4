"""From bytes to tables: what can be wrong with a playbook's file before anything in it is looked at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from careerkit.core.frozen import frozen
from careerkit.core.playbook.fault import Fault, shown
from careerkit.core.playbook.scanner import DEEPEST, Path, Positions, ScanError, TooDeepError, scan
from careerkit.core.problem import Place, Problem

MOST_BYTES = 1024 * 1024
MOST_OF_A_SORT = 100
"""How many control characters, or marks of a conflict, are reported: the file is no text, and more would say no more."""

LARGEST = Decimal(10) ** 15
FINEST = -15
"""Numbers stay below 10^15 and have at most 15 decimals: enough for money and seconds, and quick to reckon with."""


@frozen
class Reading:
    """`tables` is None where the file can't be read. At the paths in `broken` they hold what replaces a bad value."""

    file: str
    text: str
    tables: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    faults: tuple[Fault, ...] = ()
    broken: frozenset[Path] = frozenset()

    def positions(self) -> Positions:
        return scan(self.text, self.file)


def read(data: bytes, file: str) -> Reading:
    """What the file holds. Whatever the bytes are, this ends soon and raises nothing."""
    if len(data) > MOST_BYTES:
        hint = "A playbook is a few dozen kilobytes; is this the right file?"
        return _unreadable(
            file, Problem("too-large", f"The file has {len(data)} bytes; {MOST_BYTES} are allowed.", hint, Place(file))
        )
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        message = f"Byte {data[error.start]:02x} (hexadecimal) is not UTF-8."
        return _unreadable(file, Problem("not-utf8", message, "Save the file as UTF-8.", Place(file, line, column)))
    if not text.strip():
        return _unreadable(
            file, Problem("empty-file", "The file is empty.", "Begin with format = 1.", Place(file, 1, 1))
        )
    return _parsed(text, file)


def _parsed(text: str, file: str) -> Reading:
    marks = tuple(islice(_conflict_marks(text, file), MOST_OF_A_SORT))
    controls = tuple(islice(_controls(text, file), MOST_OF_A_SORT))
    try:
        if any(line.count(".") > DEEPEST for line in text.split("\n")):
            scan(text, file)  # tomllib takes hours over a dotted key with ten thousand parts
    except TooDeepError as error:
        return Reading(file, text, None, (*marks, *controls, _too_deep(text, file, error.offset)))
    except ScanError:
        pass  # tomllib says it better
    try:
        tables = tomllib.loads(text, parse_float=_decimal)
    except RecursionError:
        return Reading(file, text, None, (*marks, *controls, _deepest(text, file)))
    except ValueError as error:
        return Reading(file, text, None, marks or controls or (_syntax(text, file, error),))
    problems, faults, broken = (*marks, *controls), [], set()
    for path, fault in _value_faults(tables):
        if fault.code == "nested-too-deep":
            return Reading(file, text, None, (*problems, _deepest(text, file)))
        faults.append(fault)
        broken.add(path)
    escaped = islice(_escaped_controls(tables, text, file), MOST_OF_A_SORT) if "\\" in text else ()
    return Reading(file, text, tables, (*problems, *escaped), tuple(faults), frozenset(broken))


def _unreadable(file: str, problem: Problem) -> Reading:
    return Reading(file, "", None, (problem,))


def _decimal(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        return Decimal("NaN")


_MARK = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)


def _conflict_marks(text: str, file: str) -> Iterator[Problem]:
    if "\n<<<<<<< " not in f"\n{text}":
        return
    positions = Positions(text, {}, file)
    for found in _MARK.finditer(text):
        hint = "Decide between the two versions, and take the lines with <<<<<<<, ======= and >>>>>>> out."
        yield Problem(
            "merge-conflict", "Here two versions of the file were never merged.", hint, positions.at(found.start())
        )


# C0 without tab and line feed, DEL, C1, line and paragraph separator, and the bidirectional overrides and isolates: what
# could move the cursor, or make a text look like another.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_HINT = "Take it out."


def _controls(text: str, file: str) -> Iterator[Problem]:
    if _CONTROL.search(text):
        positions = Positions(text, {}, file)
        for found in _CONTROL.finditer(text):
            yield Problem("control-character", _control(found.group()), _CONTROL_HINT, positions.at(found.start()))


def _escaped_controls(tables: dict[str, Any], text: str, file: str) -> Iterator[Problem]:
    """Control characters that stand in the file as escapes."""
    positions: Positions | None = None
    for path, value in _walk(tables):
        names = [path[-1]] if path and isinstance(path[-1], str) else []
        for name in names:
            if found := _CONTROL.search(name):
                positions = positions or scan(text, file)
                yield Problem("control-character", _control(found.group()), _CONTROL_HINT, positions.key(path))
        if isinstance(value, str) and _CONTROL.search(value):
            positions = positions or scan(text, file)
            for found in _CONTROL.finditer(value):
                place = positions.inside(path, found.start())
                yield Problem("control-character", _control(found.group()), _CONTROL_HINT, place)


def _control(char: str) -> str:
    return f"The character \\u{ord(char):04x} can't be shown: it would act on the screen."


def _walk(tables: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    waiting: list[tuple[Path, Any]] = [((), tables)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if len(path) <= DEEPEST:
            inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            waiting += [((*path, key), each) for key, each in inner]


def _value_faults(tables: dict[str, Any]) -> Iterator[tuple[Path, Fault]]:
    """Nesting and numbers beyond all sense. Such a number is replaced by 0."""
    for path, value in _walk(tables):
        if len(path) > DEEPEST:
            yield path, Fault(path, "nested-too-deep", "")
        inner = (
            list(value.items())
            if isinstance(value, dict)
            else list(enumerate(value))
            if isinstance(value, list)
            else []
        )
        for key, each in inner:
            if isinstance(each, int | Decimal) and not _is_sensible(each):
                message = "This number is too large, too fine, or none at all."
                hint = "Numbers stay below 10^15, with at most 15 decimals."
                yield (*path, key), Fault((*path, key), "bad-number", message, hint)
                value[key] = 0


def _is_sensible(number: int | Decimal) -> bool:
    if isinstance(number, int):
        return abs(number) < LARGEST
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= FINEST and number.adjusted() < 15


def _deepest(text: str, file: str) -> Problem:
    try:
        scan(text, file)
    except ScanError as error:
        return _too_deep(text, file, error.offset)
    return _too_deep(text, file, 0)


def _too_deep(text: str, file: str, offset: int) -> Problem:
    message = f"Tables or lists are nested more than {DEEPEST} deep here."
    return Problem(
        "nested-too-deep", message, "A playbook needs no more than eight.", Positions(text, {}, file).at(offset)
    )


_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_DUPLICATES = ("Cannot overwrite a value", "twice", "Cannot mutate immutable namespace", "Duplicate inline table key")
_MENDS = (
    ("Expected '=' after a key", "A line is key = value; a text goes on lines of its own only between three quotes."),
    ("Invalid value", "A text stands in quotes, a list in [...], a table in {...}; true and false are written small."),
    ("Unescaped '\\'", "Write \\\\ for a backslash, or use '...' instead of \"...\"."),
    ("Unclosed array", "Close the list with ]."),
    ("Unclosed inline table", "An inline table is closed with } on the line where it begins."),
    ("Invalid initial character for a key part", "A key is made of letters, digits, - and _, or stands in quotes."),
    (
        "Expected newline or end of document",
        "Something is left over at the end of this value; is a quote inside a text?",
    ),
    ("Unterminated string", "Close the text with the quote with which it begins."),
    ("Illegal character", "A text with several lines stands between three quotes."),
    ("Expected ']'", "Close the table's name with ]."),
)


def _syntax(text: str, file: str, error: ValueError) -> Problem:
    said = str(error)
    found = _PLACE.search(said)
    what = said[: found.start()] if found else said
    end = Positions(text, {}, file).at(len(text))
    place = Place(file, int(found.group(1)), int(found.group(2))) if found and found.group(1) else end
    if any(words in what for words in _DUPLICATES):
        hint = "Take one of the two out. A [table] is opened once; [[table]] adds one more."
        return Problem(
            "duplicate-key", f"The same key twice, or a table that is there already ({shown(what)}).", hint, place
        )
    if not found:
        # The one other thing that goes wrong in tomllib: Python reads no whole number with thousands of digits.
        return Problem(
            "bad-number", "A number in this file has too many digits.", "Numbers stay below 10^15.", Place(file)
        )
    hint = next((mend for words, mend in _MENDS if words in what), "See toml.io for how TOML is written.")
    return Problem("toml-syntax", f"This is not TOML: {what}.", hint, place)
