"""Decode a playbook file from bytes to tables, reporting encoding, TOML syntax, nesting and number problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from careerkit.core.errors import Path, Place, Problem
from careerkit.core.frozen import frozen
from careerkit.core.playbook.diagnostics import Diagnostic, ScanError, SourceMap, TooDeepError, scan
from careerkit.core.questions.question import MAX_DECIMALS, MAX_NUMBER
from careerkit.core.toml_reader import MAX_DEPTH, TomlLimitError, parse_toml

MAX_BYTES = 1024 * 1024
MAX_TEXT_LINES = 20_000
"""The limit on line breaks in all texts together. Each line of a list becomes a record, as each key and value does."""
MAX_OF_A_KIND = 100
"""The most control characters, or conflict markers, that are reported."""


@frozen
class Decoded:
    """`tables` is None if the file can't be read. At the paths in `broken`, a bad value has been replaced."""

    file: str
    text: str
    tables: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: frozenset[Path] = frozenset()

    def source_map(self) -> SourceMap:
        return scan(self.text, self.file)


def decode(data: bytes, file: str) -> Decoded:
    """Decode the tables in a file. Raises nothing and returns quickly, whatever the bytes are."""
    if len(data) > MAX_BYTES:
        hint = "Most playbooks are a few dozen kilobytes. Is this the right file?"
        return _refuse(
            file, Problem("too-large", f"The file has {len(data)} bytes; the limit is {MAX_BYTES}.", hint, Place(file))
        )
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        message = f"The byte 0x{data[error.start]:02x} is not valid UTF-8."
        return _refuse(file, Problem("not-utf8", message, "Save the file as UTF-8.", Place(file, line, column)))
    if not text.strip():
        return _refuse(file, Problem("empty-file", "The file is empty.", "Start with format = 1.", Place(file, 1, 1)))
    return _parse(text, file)


def _parse(text: str, file: str) -> Decoded:
    marks = tuple(islice(_find_conflict_marks(text, file), MAX_OF_A_KIND))
    controls = tuple(islice(_find_controls(text, file), MAX_OF_A_KIND))
    try:
        tables = parse_toml(text, parse_float=_parse_decimal)
    except TomlLimitError as error:
        return Decoded(file, text, None, (*marks, *controls, _describe_excess(text, file, error)))
    except ValueError as error:
        from careerkit.core.playbook.syntax_errors import describe_syntax_error  # a valid file doesn't need it

        return Decoded(file, text, None, marks or controls or (describe_syntax_error(text, file, error),))
    problems, diagnostics, broken = (*marks, *controls), [], set()
    texts = _list_good_texts(tables)
    for path, fault in _check_values(tables) if texts is None else ():
        if fault.code == "nested-too-deep":
            return Decoded(file, text, None, (*problems, _find_deepest(text, file)))
        diagnostics.append(fault)
        broken.add(path)
    if texts is None:
        texts = [each for path, value in _walk_values(tables) for each in (value, *path[-1:]) if isinstance(each, str)]
    if sum(each.count("\n") for each in texts) > MAX_TEXT_LINES:
        message = f"The texts have more than {MAX_TEXT_LINES:,} lines."
        return Decoded(
            file, text, None, (*problems, Problem("too-large", message, "Is this the right file?", Place(file)))
        )
    has_escaped = "\\" in text and _CONTROL.search("\n".join(texts))
    escaped = islice(_find_escaped_controls(tables, text, file), MAX_OF_A_KIND) if has_escaped else ()
    return Decoded(file, text, tables, (*problems, *escaped), tuple(diagnostics), frozenset(broken))


def _refuse(file: str, problem: Problem) -> Decoded:
    return Decoded(file, "", None, (problem,))


def _parse_decimal(written: str) -> Decimal:
    try:
        return Decimal(written)
    except InvalidOperation:
        return Decimal("NaN")


_MARK = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)


def _find_conflict_marks(text: str, file: str) -> Iterator[Problem]:
    if "\n<<<<<<< " not in f"\n{text}":
        return
    source = SourceMap(text, {}, file)
    for found in _MARK.finditer(text):
        hint = "Keep one version, and remove the lines with <<<<<<<, ======= and >>>>>>>."
        yield Problem("merge-conflict", "There is an unresolved merge conflict here.", hint, source.at(found.start()))


# C0 without tab and line feed, DEL, C1, line and paragraph separators, and bidirectional overrides and isolates: they
# can move the cursor, or make text look like something else.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_HINT = "Remove it."


def _find_controls(text: str, file: str) -> Iterator[Problem]:
    if _CONTROL.search(text):
        source = SourceMap(text, {}, file)
        for found in _CONTROL.finditer(text):
            yield Problem(
                "control-character", _describe_control(found.group()), _CONTROL_HINT, source.at(found.start())
            )


def _find_escaped_controls(tables: dict[str, Any], text: str, file: str) -> Iterator[Problem]:
    """Control characters written as escapes in strings and keys."""
    source: SourceMap | None = None
    for path, value in _walk_values(tables):
        names = [path[-1]] if path and isinstance(path[-1], str) else []
        for name in names:
            if found := _CONTROL.search(name):
                source = source or scan(text, file)
                yield Problem("control-character", _describe_control(found.group()), _CONTROL_HINT, source.key(path))
        if isinstance(value, str) and _CONTROL.search(value):
            source = source or scan(text, file)
            for found in _CONTROL.finditer(value):
                place = source.inside(path, found.start())
                yield Problem("control-character", _describe_control(found.group()), _CONTROL_HINT, place)


def _describe_control(char: str) -> str:
    return f"The control character \\u{ord(char):04x} is not allowed."


def _walk_values(tables: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    waiting: list[tuple[Path, Any]] = [((), tables)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if len(path) <= MAX_DEPTH:
            inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            waiting += [((*path, key), each) for key, each in inner]


def _list_good_texts(tables: dict[str, Any]) -> list[str] | None:
    """All texts and keys; None if `_check_values` has something to report."""
    texts: list[str] = []
    level: list[Any] = [tables]
    for _ in range(MAX_DEPTH):
        values: list[Any] = []
        for each in level:
            if type(each) is dict:
                texts += each
                values += each.values()
            else:
                values += each
        level = []
        for value in values:
            kind = type(value)
            if kind is str:
                texts.append(value)
            elif kind is dict or kind is list:
                level.append(value)
            elif isinstance(value, int | Decimal) and not _is_in_range(value):
                return None
        if not level:
            return texts
    return None


def _check_values(tables: dict[str, Any]) -> Iterator[tuple[Path, Diagnostic]]:
    """Report excessive nesting and out-of-range numbers, and replace each such number by 0."""
    for path, value in _walk_values(tables):
        if len(path) > MAX_DEPTH:
            yield path, Diagnostic(path, "nested-too-deep", "")
        inner = (
            list(value.items())
            if isinstance(value, dict)
            else list(enumerate(value))
            if isinstance(value, list)
            else []
        )
        for key, each in inner:
            if isinstance(each, int | Decimal) and not _is_in_range(each):
                message = "This number is too large, has too many decimals, or is not a number."
                hint = "Use a number below 10^15, with at most 15 decimals."
                yield (*path, key), Diagnostic((*path, key), "bad-number", message, hint)
                value[key] = 0


def _is_in_range(number: int | Decimal) -> bool:
    if isinstance(number, int):
        return abs(number) < MAX_NUMBER
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_DECIMALS and number.adjusted() < 15


def _describe_excess(text: str, file: str, error: TomlLimitError) -> Problem:
    if error.excess == "depth":
        return _find_deepest(text, file, error.offset or 0)
    place = SourceMap(text, {}, file).at(error.offset or 0)
    if error.excess == "number":
        return Problem("bad-number", f"This can't be read: {error}.", "Use numbers below 10^15.", place)
    return Problem("too-large", f"The file can't be read: {error}.", "Is this the right file?", place)


def _find_deepest(text: str, file: str, offset: int = 0) -> Problem:
    """The problem with the place where the nesting becomes too deep, or at `offset` if something is wrong before that."""
    try:
        scan(text, file)
    except TooDeepError as error:
        return _describe_depth(text, file, error.offset)
    except ScanError:
        pass
    return _describe_depth(text, file, offset)


def _describe_depth(text: str, file: str, offset: int) -> Problem:
    message = f"Tables or lists are nested more than {MAX_DEPTH} levels deep here."
    return Problem(
        "nested-too-deep", message, "A playbook needs at most eight levels.", SourceMap(text, {}, file).at(offset)
    )
