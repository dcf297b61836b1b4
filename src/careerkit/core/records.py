"""Convert records to plain tables and JSON and back, without checks: for validated playbooks and the cache of them.

A plain table is what JSON and TOML hold: text, numbers, true and false, dates, lists and tables. Its keys are the names
of the fields, without a trailing underscore (`from_`). A field may be annotated with a record, `Decimal`,
`tuple[X, ...]`, `X | None` or `Mapping[int, str]`; any other value is taken as it is.

Both this module and record_codec.py follow the annotations of the records. This one is for data that careerkit has
written or validated itself, and is fast enough for start-up. A journal's files can be edited by people and written by
other versions, so record_codec.py checks every key, reports all problems with their paths, and keeps unknown keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache

from careerkit.core.frozen import get_defaults, get_field_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")
    Convert = Callable[[Any], Any]

_REQUIRED = object()


def from_plain(cls: type[T], table: Mapping[str, Any]) -> T:
    """Read a record of the class `cls`. A key that is null or missing gives the field its default.

    Raises KeyError for a missing key without a default, and whatever `Decimal` and `int` raise for invalid numbers. A
    nested class with a classmethod `from_plain` is read by that.
    """
    values: list[Any] = []
    for key, convert, default in _fields(cls):  # type: ignore[arg-type]  # classes are hashable
        value = table.get(key)
        if value is None:
            if default is _REQUIRED:
                raise KeyError(key)
            value = default
        elif convert:
            value = convert(value)
        values.append(value)
    return cls(*values)


def to_plain(value: Any) -> Any:
    """Convert a record, or the value of a field, to plain tables, lists and scalars.

    Whole decimals become `int`; keys of mappings become text.
    """
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else value
        case tuple() | list():
            return [to_plain(each) for each in value]
        case Mapping():
            return {str(key): to_plain(each) for key, each in value.items()}
    names = get_field_names(value)
    return {plain_key(name): to_plain(getattr(value, name)) for name in names} if names else value


def to_json(table: object) -> str:
    """Plain tables as JSON on one line, with exact Decimals, which the json module can't write."""
    import json  # not needed by most commands

    match table:
        case dict():
            return "{" + ",".join(f"{json.dumps(str(key))}:{to_json(each)}" for key, each in table.items()) + "}"
        case list() | tuple():
            return "[" + ",".join(to_json(each) for each in table) + "]"
        case Decimal():
            return str(table)
        case _:
            return json.dumps(table)


def from_json(text: str) -> Any:
    """The plain tables in `text`, with Decimals for numbers that are not whole. Raises ValueError for invalid JSON."""
    import json

    return json.loads(text, parse_float=Decimal)


def plain_key(name: str) -> str:
    """The key of a field in plain tables."""
    return name.removesuffix("_")


@cache
def _fields(cls: type) -> tuple[tuple[str, Convert | None, Any], ...]:
    """For each field: its key, the conversion of its value (None: taken as it is), and its default."""
    defaults = get_defaults(cls)
    return tuple(
        (plain_key(name), _converter(annotation, cls.__module__), defaults.get(name, _REQUIRED))
        for name, annotation in cls.__annotations__.items()
    )


# Annotations are read as text: evaluating them, as typing.get_type_hints does, takes ten times as long.
def _converter(annotation: str, module: str) -> Convert | None:
    annotation = annotation.removesuffix(" | None")
    if annotation == "Mapping[int, str]":
        return _read_numbered
    if annotation.startswith("tuple["):
        return _read_several(_converter(annotation.removeprefix("tuple[").removesuffix(", ...]"), module))
    if not annotation.isidentifier():
        return None
    found: Any = getattr(__import__(module, fromlist=(annotation,)), annotation, None)
    if found is Decimal:
        return Decimal
    if hasattr(found, "from_plain"):
        return found.from_plain  # type: ignore[no-any-return]
    return (lambda table: from_plain(found, table)) if hasattr(found, "__match_args__") else None


def _read_several(convert: Convert | None) -> Convert:
    return tuple if convert is None else lambda values: tuple(map(convert, values))


def _read_numbered(table: Mapping[str, str]) -> dict[int, str]:
    return dict(sorted((int(number), text) for number, text in table.items()))
