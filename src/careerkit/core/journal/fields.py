"""How a table of a document is read strictly: key by key, with every wrong type and missing key told by its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Generic, TypeVar

from careerkit.core.frozen import frozen
from careerkit.core.journal.head import is_moment
from careerkit.core.problem import Problem

T = TypeVar("T")
D = TypeVar("D")


class Unfit(Exception):  # noqa: N818 - it says what the value is
    """Raised by a kind's `read`. Holds what was expected and where inside the value, such as `.lead.pay`."""

    def __init__(self, expected: str, inside: str = "") -> None:
        self.expected = expected
        self.inside = inside
        super().__init__(expected)


@frozen
class Kind(Generic[T]):
    """A kind of value. `read` gives it or raises Unfit; `blank` stands in where it is wrong or missing."""

    read: Callable[[object], T]
    blank: T


class Fields:
    """One table of a document. What is wrong is added to `problems`, and reading goes on with a stand-in.

    `noun` says what the document is, and begins the codes of its problems.
    """

    def __init__(self, raw: Mapping[str, object], path: str, problems: list[Problem], noun: str = "entry") -> None:
        self.raw, self.path, self.problems, self.noun = raw, path, problems, noun
        self._known: set[str] = set()

    def required(self, key: str, kind: Kind[T]) -> T:
        self._known.add(key)
        if key not in self.raw:
            self.blame("missing-key", f"{self.at(key)} is missing.", key)
            return kind.blank
        return self._read(key, kind)

    def optional(self, key: str, kind: Kind[T], default: D) -> T | D:
        self._known.add(key)
        return self._read(key, kind) if key in self.raw else default

    def rows(self, key: str) -> list[Fields]:
        """The tables of `[[key]]`; none where there is none."""
        tables = self.optional(key, TABLES, [])
        paths = [f"{self.at(key)}[{number}]" for number in range(1, len(tables) + 1)]
        return [Fields(row, path, self.problems, self.noun) for row, path in zip(tables, paths, strict=True)]

    def unknown(self) -> dict[str, object]:
        """The keys that nobody has asked for so far."""
        return {key: value for key, value in self.raw.items() if key not in self._known}

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def blame(self, fault: str, message: str, key: str) -> None:
        self.problems.append(Problem(f"{self.noun}-{fault}", message, where=self.at(key)))

    def _read(self, key: str, kind: Kind[T]) -> T:
        try:
            return kind.read(self.raw[key])
        except Unfit as unfit:
            where = key + unfit.inside
            self.blame("wrong-type", f"{self.at(where)} should be {unfit.expected}.", where)
            return kind.blank


def one_of(words: tuple[T, ...]) -> Kind[T]:
    def read(raw: object) -> T:
        for word in words:
            if raw == word:
                return word
        raise Unfit("one of " + ", ".join(map(str, words)))

    return Kind(read, words[0])


def _text(raw: object) -> str:
    if isinstance(raw, str):
        return raw
    raise Unfit("a text")


def _texts(raw: object) -> tuple[str, ...]:
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        return tuple(raw)
    raise Unfit("a list of texts")


def _text_map(raw: object) -> Mapping[str, str]:
    if isinstance(raw, Mapping) and all(isinstance(item, str) for item in raw.values()):
        return MappingProxyType(dict(raw))
    raise Unfit("a table of texts")


def _flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    raise Unfit("true or false")


def _count(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
        return raw
    raise Unfit("a whole number, 0 or more")


def _number(raw: object) -> Decimal:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool) and (number := Decimal(raw)).is_finite():
        return number
    raise Unfit("a number")


def _number_map(raw: object) -> Mapping[str, Decimal]:
    if isinstance(raw, Mapping):
        return MappingProxyType({key: _number(value) for key, value in raw.items()})
    raise Unfit("a table of numbers")


def _moment(raw: object) -> datetime:
    if isinstance(raw, datetime) and is_moment(raw):
        return raw
    raise Unfit("a time with its offset")


def _day_or_moment(raw: object) -> date | datetime:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, datetime) and is_moment(raw):
        return raw
    raise Unfit("a date, or a time with its offset")


def _tables(raw: object) -> list[Mapping[str, object]]:
    if isinstance(raw, list) and all(isinstance(row, Mapping) for row in raw):
        return raw
    raise Unfit("a list of tables")


LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
TEXT = Kind(_text, "")
TEXTS: Kind[tuple[str, ...]] = Kind(_texts, ())
TEXT_MAP: Kind[Mapping[str, str]] = Kind(_text_map, MappingProxyType({}))
FLAG = Kind(_flag, blank=False)
COUNT = Kind(_count, 0)
NUMBER = Kind(_number, Decimal(0))
NUMBER_MAP: Kind[Mapping[str, Decimal]] = Kind(_number_map, MappingProxyType({}))
MOMENT = Kind(_moment, LONG_AGO)
WHEN: Kind[date | datetime] = Kind(_day_or_moment, LONG_AGO)
TABLES: Kind[list[Mapping[str, object]]] = Kind(_tables, [])
