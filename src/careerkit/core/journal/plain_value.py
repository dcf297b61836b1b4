r"""How the values of answers and computes become what TOML holds, and back.

A null cell of a grid or field of a record is left out. Lone surrogates, which no UTF-8 file can hold, become U+FFFD:
an answer with one replaced sign is better than an answer that could not be saved. All other text is kept as it is,
`\r\n` too: the interview is the door where line ends become `\n`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar, cast

from careerkit.core.journal.fields import NUMBER, Kind, Unfit
from careerkit.core.value import Cell, Field, Record, Value

T = TypeVar("T")


def to_plain(value: object) -> object:
    """The value as TOML holds it: text clean, tuples as lists, nulls in tables left out."""
    match value:
        case str():
            return clean(value)
        case Mapping():
            return {clean(key): to_plain(inner) for key, inner in value.items() if inner is not None}
        case tuple() | list():
            return [to_plain(inner) for inner in value]
        case datetime():
            return with_offset(value)
    return value


def clean(text: str) -> str:
    """The text without lone surrogates; two that make a pair become the character they mean."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def with_offset(moment: datetime) -> datetime:
    """The same moment with a fixed offset in whole minutes, which is all that TOML can write."""
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a time in the journal needs its offset")
    return moment.astimezone(timezone(timedelta(minutes=offset // timedelta(minutes=1))))


def compact(**fields: object) -> dict[str, object]:
    """A table of the fields that hold something; keys end in `_` where their name is a word of Python's own."""
    held = {key: value for key, value in fields.items() if not (value is None or value is False or _is_empty(value))}
    return {key.removesuffix("_"): to_plain(value) for key, value in held.items()}


def value_of(question_type: str) -> Kind[Value]:
    """What an answer to a question of that type must be. A type of a newer careerkit may hold any value."""
    expected, fits = SHAPES.get(question_type, ("", _anything))

    def read(raw: object) -> Value:
        value = _value(raw)
        if fits(value):
            return value
        raise Unfit(expected)

    return Kind(read, "")


def _is_empty(value: object) -> bool:
    return isinstance(value, str | tuple | Mapping) and not value


def _value(raw: object) -> Value:
    match raw:
        case str() | bool():
            return raw
        case int() | Decimal():
            return NUMBER.read(raw)
        case date() if not isinstance(raw, datetime):
            return raw
        case list() if all(isinstance(item, str) for item in raw):
            return tuple(raw)
        case list():
            return tuple(_record(row, f"[{number}]") for number, row in enumerate(raw, start=1))
        case Mapping() if raw and all(isinstance(row, Mapping) for row in raw.values()):
            return MappingProxyType({key: _row(row, f".{key}") for key, row in raw.items()})
        case Mapping():
            return MappingProxyType({key: _inside(f".{key}", NUMBER.read, number) for key, number in raw.items()})
    raise Unfit("a value that a question can have")


def _record(raw: object, inside: str) -> Record:
    if not isinstance(raw, Mapping):
        raise Unfit("a table", inside)
    return MappingProxyType({key: _inside(f"{inside}.{key}", _field, value) for key, value in raw.items()})


def _row(raw: Mapping[str, object], inside: str) -> Mapping[str, Cell]:
    return MappingProxyType({key: _inside(f"{inside}.{key}", _cell, value) for key, value in raw.items()})


def _field(raw: object) -> Field:
    value = _value(raw)
    if isinstance(value, str | bool | Decimal | date) or _is_texts(value):
        return cast("Field", value)
    raise Unfit("a value that a form's field can have")


def _cell(raw: object) -> Cell:
    if isinstance(raw, list) and len(raw) == 3:
        low, likely, high = (NUMBER.read(number) for number in raw)
        return low, likely, high
    return NUMBER.read(raw)


def _inside(path: str, read: Callable[[object], T], raw: object) -> T:
    try:
        return read(raw)
    except Unfit as unfit:
        raise Unfit(unfit.expected, path + unfit.inside) from None


def _is_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


def _is_records(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, Mapping) for item in value)


def _is_weights(value: object) -> bool:
    return isinstance(value, Mapping) and not any(isinstance(item, Mapping) for item in value.values())


def _is_grid(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(item, Mapping) for item in value.values())


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind)


def _anything(_value: object) -> bool:
    return True


SHAPES: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    **dict.fromkeys(("text", "choice", "band"), ("a text", _is(str))),
    **dict.fromkeys(("choices", "list", "rank"), ("a list of texts", _is_texts)),
    **dict.fromkeys(("scale", "number"), ("a number", _is(Decimal))),
    "yesno": ("true or false", _is(bool)),
    "date": ("a date", _is(date)),
    "weights": ("a table of numbers", _is_weights),
    "grid": ("a table of rows", _is_grid),
    "records": ("a list of tables", _is_records),
}

ANY_VALUE = value_of("")
