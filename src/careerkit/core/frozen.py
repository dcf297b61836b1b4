"""Frozen records with slots, as `dataclass(frozen=True, slots=True)` makes them, in a fifth of its time.

Some hundred records are defined before the first question shows, and `dataclasses` takes about as long for three of
them as Python takes for one percent of its own start: it writes and compiles six functions for each. Here only
`__init__` is compiled; the rest is shared, and gives way to what the class or its base defines itself. A default may be
anything immutable. There is no inheritance of fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")

_set = object.__setattr__


@dataclass_transform(frozen_default=True)
def frozen(cls: type[T]) -> type[T]:
    """The class as a frozen record of its annotated names, in their order."""
    given = dict(vars(cls))
    names = tuple(given.get("__annotations__", ()))
    defaults = {name: given.pop(name) for name in names if name in given}
    for name in ("__dict__", "__weakref__"):
        given.pop(name, None)
    made = {"__slots__": names, "__match_args__": names, "__init__": _init(cls, names, defaults)}
    shared = {name: each for name, each in _SHARED.items() if getattr(cls, name) is getattr(object, name)}
    record: type[T] = type(cls.__name__, cls.__bases__, {**shared, **given, **made})
    record.__qualname__ = cls.__qualname__
    return record


def replace(record: T, **changes: Any) -> T:
    """A copy of `record` with other values for the fields that are named."""
    kept = {name: getattr(record, name) for name in fields_of(record) if name not in changes}
    return type(record)(**kept, **changes)


def fields_of(record: object) -> tuple[str, ...]:
    """The names of a record's fields; none for anything that is no record of this kind."""
    kind = type(record)
    return kind.__match_args__ if getattr(kind, "__setattr__", None) is _refuse_setting else ()  # type: ignore[attr-defined]


def _init(cls: type, names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., None]:
    """What dataclasses does too; the names are those of a class body, never a person's words."""
    parameters = "".join(f", {name}=_d_{name}" if name in defaults else f", {name}" for name in names)
    body = "".join(f"\n    _set(self, {name!r}, {name})" for name in names) or "\n    pass"
    scope = {"_set": _set, **{f"_d_{name}": value for name, value in defaults.items()}}
    exec(f"def __init__(self{parameters}):{body}", scope)  # noqa: S102 - see the docstring
    init: Callable[..., None] = scope["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _refuse_setting(_: object, name: str, __: object) -> None:
    raise AttributeError(f"cannot assign to field {name!r}")


def _refuse_deleting(_: object, name: str) -> None:
    raise AttributeError(f"cannot delete field {name!r}")


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__match_args__])


def _equal(self: Any, other: Any) -> bool:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


def _reduce(self: Any) -> tuple[Any, ...]:
    return type(self), _values(self)


_SHARED: dict[str, Any] = {
    "__setattr__": _refuse_setting,
    "__delattr__": _refuse_deleting,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _repr,
    "__reduce__": _reduce,
}
