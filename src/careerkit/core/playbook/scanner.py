"""Where each key and each value of a TOML text stands. Only run when there is something to point at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from careerkit.core.frozen import frozen
from careerkit.core.problem import Place

Path = tuple[str | int, ...]
DEEPEST = 32
"""How deep tables and arrays may be nested, and how many parts a dotted key may have."""


class ScanError(Exception):
    """The text is not TOML from `offset` on."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class TooDeepError(ScanError):
    """The text nests deeper than DEEPEST at `offset`."""


@frozen
class Spot:
    """Offsets: of the key, or of an array's element; of its value; of the value's end."""

    key: int
    start: int
    end: int


class Positions:
    """Places by path. What isn't known itself is where its nearest known container is."""

    def __init__(self, text: str, spots: dict[Path, Spot], file: str) -> None:
        self._text = text
        self._spots = spots
        self._file = file
        self._characters: dict[Path, list[int]] = {}
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def __contains__(self, path: Path) -> bool:
        return path in self._spots

    def key(self, path: Path) -> Place:
        return self.at(self._nearest(path).key)

    def value(self, path: Path) -> Place:
        """Where the value begins: its quote, bracket or first character; for a table, its header."""
        return self.at(self._nearest(path).start)

    def inside(self, path: Path, offset: int) -> Place:
        """Where the character `offset` of the string at `path` stands, whatever escapes and breaks precede it."""
        spot = self._nearest(path)
        if path not in self._spots or self._text[spot.start] not in "\"'":
            return self.at(spot.start)
        if path not in self._characters:
            self._characters[path] = list(_characters(self._text[spot.start : spot.end]))
        places = self._characters[path]
        return self.at(spot.start + places[offset] if offset < len(places) else spot.end)

    def source(self, path: Path) -> str:
        """The value as it is written."""
        spot = self._spots[path]
        return self._text[spot.start : spot.end]

    def at(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(self._file, line, offset - self._lines[line - 1] + 1)

    def _nearest(self, path: Path) -> Spot:
        while path and path not in self._spots:
            path = path[:-1]
        return self._spots.get(path, Spot(0, 0, 0))


def scan(text: str, file: str) -> Positions:
    """The positions in `text`, which has line feeds as line ends and no byte-order mark. Raises ScanError."""
    scanner = _Scanner(text)
    scanner.document()
    return Positions(text, scanner.spots, file)


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
    """One pass over the text; `spots` fills as it goes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.here = 0
        self.spots: dict[Path, Spot] = {}
        self.lengths: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        self._skip(_SPACE)
        while self.here < len(self.text):
            if self._sees("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SPACE)

    def _header(self) -> Path:
        start = self.here
        many = self.text.startswith("[[", start)
        self.here += 2 if many else 1
        keys = self._keys()
        self._take("]]" if many else "]")
        path: Path = ()
        for name, offset in keys[:-1]:
            path = self._last((*path, name), offset)
        name, offset = keys[-1]
        path = (*path, name)
        if not many:
            self.spots[path] = Spot(offset, start, self.here)
            return path
        self.spots.setdefault(path, Spot(offset, start, self.here))
        index = self.lengths.get(path, 0)
        self.lengths[path] = index + 1
        self.spots[*path, index] = Spot(start, start, self.here)
        return (*path, index)

    def _last(self, path: Path, offset: int) -> Path:
        self.spots.setdefault(path, Spot(offset, offset, self.here))
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def _pair(self, table: Path) -> None:
        keys = self._keys()
        path = table
        for name, offset in keys:
            path = (*path, name)
            self.spots.setdefault(path, Spot(offset, offset, self.here))
        self._take("=")
        self._skip(_BLANK)
        self._value(path, keys[-1][1])

    def _keys(self) -> list[tuple[str, int]]:
        keys: list[tuple[str, int]] = []
        while True:
            self._skip(_BLANK)
            keys.append(self._key())
            if len(keys) > DEEPEST:
                raise TooDeepError(self.here)
            self._skip(_BLANK)
            if not self._sees("."):
                return keys
            self.here += 1

    def _key(self) -> tuple[str, int]:
        start = self.here
        if self._sees('"', "'"):
            self._string()
            return _decoded(self.text[start : self.here]), start
        found = _BARE_KEY.match(self.text, start)
        if not found:
            raise ScanError(start)
        self.here = found.end()
        return found.group(), start

    def _value(self, path: Path, key: int | None = None, depth: int = 0) -> None:
        start = self.here
        if depth > DEEPEST:
            raise TooDeepError(start)
        if self._sees('"', "'"):
            self._string()
        elif self._sees("["):
            self._array(path, depth)
        elif self._sees("{"):
            self._inline(path, depth)
        else:
            self._skip(_SCALAR)
            self.here = start + len(self.text[start : self.here].rstrip())
            if self.here == start:
                raise ScanError(start)
        self.spots[path] = Spot(start if key is None else key, start, self.here)

    def _array(self, path: Path, depth: int) -> None:
        self.here += 1
        self._skip(_SPACE)
        index = 0
        while not self._sees("]"):
            self._value((*path, index), depth=depth + 1)
            index += 1
            self._separator("]")
        self.here += 1

    def _inline(self, path: Path, depth: int) -> None:
        self.here += 1
        self._skip(_SPACE)
        while not self._sees("}"):
            keys = self._keys()
            inner = path
            for name, offset in keys:
                inner = (*inner, name)
                self.spots.setdefault(inner, Spot(offset, offset, self.here))
            self._take("=")
            self._skip(_BLANK)
            self._value(inner, keys[-1][1], depth + len(keys))
            self._separator("}")
        self.here += 1

    def _separator(self, close: str) -> None:
        self._skip(_SPACE)
        if self._sees(","):
            self.here += 1
            self._skip(_SPACE)
        elif not self._sees(close):
            raise ScanError(self.here)

    def _string(self) -> None:
        for pattern in _STRINGS:
            found = pattern.match(self.text, self.here)
            if found:
                self.here = found.end()
                return
        raise ScanError(self.here)

    def _sees(self, *characters: str) -> bool:
        return self.text.startswith(characters, self.here)

    def _take(self, characters: str) -> None:
        self._skip(_BLANK)
        if not self._sees(characters):
            raise ScanError(self.here)
        self.here += len(characters)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.here)
        self.here = found.end() if found else self.here


_TRIMMED = re.compile(r"[ \t\n]*")


def _characters(token: str) -> Iterator[int]:
    """For each character of the decoded string, where it stands in `token`; then where the string ends."""
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


def _decoded(key: str) -> str:
    """A quoted key's name."""
    places = list(_characters(key))[:-1]
    return "".join(_character(key, place) for place in places)


def _character(token: str, place: int) -> str:
    if token[0] == "'" or token[place] != "\\":
        return token[place]
    escape = token[place + 1]
    if escape in "uU":
        return chr(int(token[place + 2 : place + (6 if escape == "u" else 10)], 16))
    return _ESCAPES.get(escape, escape)
