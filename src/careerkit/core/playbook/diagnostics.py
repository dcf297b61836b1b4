"""Problems in a playbook file, located by path, and the map from paths to lines and columns, which is made when one is shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Literal

from careerkit.core.errors import Path, Place, Problem, Severity, find_closest
from careerkit.core.frozen import frozen
from careerkit.core.text import describe_lookalike, quote_fragment
from careerkit.core.toml_reader import MAX_DEPTH

Target = Literal["value", "key", "inside"]

MAX_DIAGNOSTICS = 1000
"""The most problems collected at each stage of the check. A file with more isn't a playbook."""

MAX_LISTED = 8

FIXED_DATE_HINT = 'There are no fixed dates: count from the day of the interview, as in "+1d", or from a date question, as in "day - 2d".'
"""What to write instead of a date in `due`, `after` and `until`."""


@frozen
class Diagnostic:
    """`target` is what the problem is about: the key at `path`, its value, or the character at `offset` in its string."""

    path: Path
    code: str
    message: str
    hint: str = ""
    target: Target = "value"
    offset: int = 0
    severity: Severity = "error"

    def locate(self, source: SourceMap) -> Problem:
        """The problem with its line and column."""
        match self.target:
            case "key":
                place = source.key(self.path)
            case "inside":
                place = source.inside(self.path, self.offset)
            case "value":
                place = source.value(self.path)
        return Problem(self.code, self.message, self.hint, place, self.severity)


def quote(text: str) -> str:
    """Quote playbook text for a message: shortened, in backquotes, with unprintable characters escaped."""
    return quote_fragment(text, "`")


def suggest(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint: the closest known word if there is one, else `otherwise`, else all known words if they are few."""
    words = list(known)
    near = find_closest(word, words)
    few = f"Known: {', '.join(words)}." if 0 < len(words) <= MAX_LISTED else "Check the spelling."
    hint = f"Did you mean `{near}`?" if near else otherwise or few
    return " ".join(filter(None, (describe_lookalike(word), hint)))


class ScanError(Exception):
    """The text is not valid TOML at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class TooDeepError(ScanError):
    """The nesting exceeds MAX_DEPTH at `offset`."""


@frozen
class Extent:
    """Offsets of a key (for an array element, of the element itself), and of the start and end of its value."""

    key: int
    start: int
    end: int


class SourceMap:
    """Look up places by path. A path that isn't in the text gets the place of its nearest container."""

    def __init__(self, text: str, extents: dict[Path, Extent], file: str) -> None:
        self._text = text
        self._extents = extents
        self._file = file
        self._characters: dict[Path, list[int]] = {}
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def __contains__(self, path: Path) -> bool:
        return path in self._extents

    def key(self, path: Path) -> Place:
        return self.at(self._nearest(path).key)

    def value(self, path: Path) -> Place:
        """The start of the value: its quote, bracket or first character; for a table, its header."""
        return self.at(self._nearest(path).start)

    def inside(self, path: Path, offset: int) -> Place:
        """The place of the character at index `offset` of the decoded string at `path`; escapes are accounted for."""
        extent = self._nearest(path)
        if path not in self._extents or self._text[extent.start] not in "\"'":
            return self.at(extent.start)
        if path not in self._characters:
            self._characters[path] = list(_find_characters(self._text[extent.start : extent.end]))
        places = self._characters[path]
        return self.at(extent.start + places[offset] if offset < len(places) else extent.end)

    def source(self, path: Path) -> str:
        """The source text of the value. Raises KeyError for an unknown path."""
        extent = self._extents[path]
        return self._text[extent.start : extent.end]

    def offset(self, place: Place) -> int:
        """The offset of a place in this text."""
        return min(self._lines[place.line - 1] + place.column - 1, len(self._text))

    def at(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(self._file, line, offset - self._lines[line - 1] + 1)

    def _nearest(self, path: Path) -> Extent:
        while path and path not in self._extents:
            path = path[:-1]
        return self._extents.get(path, Extent(0, 0, 0))


def find_duplicate(text: str) -> tuple[str, int, int] | None:
    """The first key or table that is defined twice: its name, and the offsets of both. None if there is none."""
    scanner = _Scanner(text)
    with suppress(ScanError):  # what is wrong may come before it
        scanner.document()
    return scanner.duplicate


def scan(text: str, file: str) -> SourceMap:
    """Map `text`, which must use line feeds and have no byte-order mark. Raises ScanError if it is not valid TOML."""
    scanner = _Scanner(text)
    scanner.document()
    return SourceMap(text, scanner.extents, file)


_BLANK = re.compile(r"[ \t]*")
_SPACE = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL),
    re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


class _Scanner:
    """Scans the text once and collects the extent of each path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._pos = 0
        self.extents: dict[Path, Extent] = {}
        self.lengths: dict[Path, int] = {}
        self.duplicate: tuple[str, int, int] | None = None
        self._defined: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        self._skip(_SPACE)
        while self._pos < len(self.text):
            if self._is_at("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)

    def _header(self) -> Path:
        start = self._pos
        many = self.text.startswith("[[", start)
        self._pos += 2 if many else 1
        keys = self._keys()
        self._expect("]]" if many else "]")
        path: Path = ()
        for name, offset in keys[:-1]:
            path = self._last((*path, name), offset)
        name, offset = keys[-1]
        path = (*path, name)
        if not many:
            self._define(path, start)
            self.extents[path] = Extent(offset, start, self._pos)
            return path
        self.extents.setdefault(path, Extent(offset, start, self._pos))
        index = self.lengths.get(path, 0)
        self.lengths[path] = index + 1
        self.extents[*path, index] = Extent(start, start, self._pos)
        return (*path, index)

    def _last(self, path: Path, offset: int) -> Path:
        self.extents.setdefault(path, Extent(offset, offset, self._pos))
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def _pair(self, table: Path) -> None:
        keys = self._keys()
        path = table
        for name, offset in keys:
            path = (*path, name)
            self.extents.setdefault(path, Extent(offset, offset, self._pos))
        self._expect("=")
        self._skip(_BLANK)
        self._define(path, keys[-1][1])
        self._value(path, keys[-1][1])

    def _define(self, path: Path, offset: int) -> None:
        first = self._defined.setdefault(path, offset)
        if first != offset and self.duplicate is None:
            self.duplicate = (str(path[-1]), first, offset)

    def _keys(self) -> list[tuple[str, int]]:
        keys: list[tuple[str, int]] = []
        while True:
            self._skip(_BLANK)
            keys.append(self._key())
            if len(keys) > MAX_DEPTH:
                raise TooDeepError(self._pos)
            self._skip(_BLANK)
            if not self._is_at("."):
                return keys
            self._pos += 1

    def _key(self) -> tuple[str, int]:
        start = self._pos
        if self._is_at('"', "'"):
            self._string()
            return _decode_key(self.text[start : self._pos]), start
        found = _BARE_KEY.match(self.text, start)
        if not found:
            raise ScanError(start)
        self._pos = found.end()
        return found.group(), start

    def _value(self, path: Path, key: int | None = None, depth: int = 0) -> None:
        start = self._pos
        if depth > MAX_DEPTH:
            raise TooDeepError(start)
        if self._is_at('"', "'"):
            self._string()
        elif self._is_at("["):
            self._array(path, depth)
        elif self._is_at("{"):
            self._inline(path, depth)
        else:
            self._skip(_SCALAR)
            self._pos = start + len(self.text[start : self._pos].rstrip())
            if self._pos == start:
                raise ScanError(start)
        self.extents[path] = Extent(start if key is None else key, start, self._pos)

    def _array(self, path: Path, depth: int) -> None:
        self._pos += 1
        self._skip(_SPACE)
        index = 0
        while not self._is_at("]"):
            self._value((*path, index), depth=depth + 1)
            index += 1
            self._separator("]")
        self._pos += 1

    def _inline(self, path: Path, depth: int) -> None:
        self._pos += 1
        self._skip(_SPACE)
        while not self._is_at("}"):
            keys = self._keys()
            inner = path
            for name, offset in keys:
                inner = (*inner, name)
                self.extents.setdefault(inner, Extent(offset, offset, self._pos))
            self._expect("=")
            self._skip(_BLANK)
            self._define(inner, keys[-1][1])
            self._value(inner, keys[-1][1], depth + len(keys))
            self._separator("}")
        self._pos += 1

    def _separator(self, close: str) -> None:
        self._skip(_SPACE)
        if self._is_at(","):
            self._pos += 1
            self._skip(_SPACE)
        elif not self._is_at(close):
            raise ScanError(self._pos)

    def _string(self) -> None:
        for pattern in _STRINGS:
            found = pattern.match(self.text, self._pos)
            if found:
                self._pos = found.end()
                return
        raise ScanError(self._pos)

    def _is_at(self, *characters: str) -> bool:
        return self.text.startswith(characters, self._pos)

    def _expect(self, characters: str) -> None:
        self._skip(_BLANK)
        if not self._is_at(characters):
            raise ScanError(self._pos)
        self._pos += len(characters)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self._pos)
        self._pos = found.end() if found else self._pos


_TRIMMED = re.compile(r"[ \t\n]*")


def _find_characters(token: str) -> Iterator[int]:
    """Yield the offset in `token` of each character of the decoded string, then the offset of its end."""
    quotes = 3 if token[:3] in ('"""', "'''") else 1
    here, end = quotes, len(token) - quotes
    if quotes == 3 and token.startswith("\n", here):
        here += 1
    while here < end:
        if token[0] == "'" or token[here] != "\\":
            yield here
            here += 1
        elif token[here + 1] in " \t\n":
            trimmed = _TRIMMED.match(token, here + 1)
            here = trimmed.end() if trimmed else here + 1
        else:
            yield here
            here += {"u": 6, "U": 10}.get(token[here + 1], 2)
    yield min(here, end)


_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def _decode_key(key: str) -> str:
    """Decode a quoted key."""
    places = list(_find_characters(key))[:-1]
    return "".join(_decode_character(key, place) for place in places)


def _decode_character(token: str, place: int) -> str:
    if token[0] == "'" or token[place] != "\\":
        return token[place]
    escape = token[place + 1]
    if escape in "uU":
        return chr(int(token[place + 2 : place + (6 if escape == "u" else 10)], 16))
    return _ESCAPES.get(escape, escape)
