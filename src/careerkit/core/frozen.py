"""Frozen records with slots, as `dataclass(frozen=True, slots=True)` makes them, and stand-ins for `typing`, to start fast.

About a hundred records are defined before the first question shows, and `dataclasses` generates and compiles six methods
for each. Here only `__init__` is compiled, and only once many records of a class have been created; the other methods
are shared unless the class or its base defines its own. Defaults must be immutable, and fields are not inherited.

Importing typing takes a fifth as long as all of `journal list`. So modules that a fast command needs import `Literal`,
`Protocol` and `cast` from here; for type checkers they are the real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar, dataclass_transform
    from typing import Literal as Literal  # noqa: PLC0414 - other modules import it from here
    from typing import Protocol as Protocol  # noqa: PLC0414 - likewise
    from typing import cast as cast  # noqa: PLC0414 - likewise

    T = TypeVar("T")
else:
    Protocol = object

    class _LiteralForm:
        def __getitem__(self, values: object) -> tuple[object, ...]:
            return values if isinstance(values, tuple) else (values,)

    Literal = _LiteralForm()
    """At run time, a literal type is the tuple of its values."""

    def cast(_: object, value: T) -> T:
        """Return the value unchanged."""
        return value

    def dataclass_transform(**_: object) -> Callable[[T], T]:
        """Stand in for typing's decorator, which does nothing at run time."""
        return lambda decorated: decorated


_set = object.__setattr__
COMPILE_AT = 50
"""The record of a class at which its `__init__` is compiled. Compiling takes as long as creating a hundred records."""


@dataclass_transform(frozen_default=True)
def frozen(cls: type[T]) -> type[T]:
    """Turn a class into a frozen record whose fields are its annotated names, in order."""
    given = dict(vars(cls))
    names = tuple(given.get("__annotations__", ()))
    defaults = {name: given.pop(name) for name in names if name in given}
    for name in ("__dict__", "__weakref__"):
        given.pop(name, None)

    uses = 0

    def init(self: Any, *values: Any, **named: Any) -> None:
        nonlocal uses
        uses += 1
        complete = _complete_values(names, defaults, values, named) if uses < COMPILE_AT else None
        if complete is None:  # used often, or called wrongly: the compiled function raises the usual error
            compiled = _compile_init(cls, names, defaults)
            record.__init__ = compiled  # type: ignore[method-assign]
            compiled(self, *values, **named)
            return
        for name, value in zip(names, complete, strict=True):
            _set(self, name, value)

    made = {"__slots__": names, "__match_args__": names, "__init__": init, "__defaults__": defaults}
    shared = {name: each for name, each in _SHARED_METHODS.items() if getattr(cls, name) is getattr(object, name)}
    record: type[T] = type(cls.__name__, cls.__bases__, {**shared, **given, **made})
    record.__qualname__ = cls.__qualname__
    return record


def replace(record: T, **changes: Any) -> T:
    """A copy of `record` with the given fields changed. Raises TypeError for a name that isn't a field."""
    kept = {name: getattr(record, name) for name in get_field_names(record) if name not in changes}
    return type(record)(**kept, **changes)


def get_field_names(record: object) -> tuple[str, ...]:
    """The names of a record's fields; empty for anything else."""
    kind = type(record)
    return kind.__match_args__ if getattr(kind, "__setattr__", None) is _refuse_setting else ()  # type: ignore[attr-defined]


def get_defaults(cls: type) -> dict[str, Any]:
    """The defaults of a frozen class, by field. Fields without a default are left out."""
    return dict(cls.__defaults__)  # type: ignore[attr-defined]


def _complete_values(
    names: tuple[str, ...], defaults: dict[str, Any], values: tuple[Any, ...], named: dict[str, Any]
) -> Iterable[Any] | None:
    """The values of all fields, in order; None if the given ones don't fit the fields."""
    if not named and len(values) == len(names):
        return values
    rest = names[len(values) :]
    if len(values) > len(names) or not named.keys() <= set(rest):
        return None
    complete = {**defaults, **named}
    try:
        return (*values, *[complete[name] for name in rest])
    except KeyError:
        return None


def _compile_init(cls: type, names: tuple[str, ...], defaults: dict[str, Any]) -> Callable[..., None]:
    """Compile `__init__`, as `dataclasses` does. The names come from a class body, never from user input."""
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


def _get_values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__match_args__])


def _is_equal(self: Any, other: Any) -> bool:
    return _get_values(self) == _get_values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash_record(self: Any) -> int:
    return hash(_get_values(self))


def _format_repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


def _reduce_record(self: Any) -> tuple[Any, ...]:
    return type(self), _get_values(self)


_SHARED_METHODS: dict[str, Any] = {
    "__setattr__": _refuse_setting,
    "__delattr__": _refuse_deleting,
    "__eq__": _is_equal,
    "__hash__": _hash_record,
    "__repr__": _format_repr,
    "__reduce__": _reduce_record,
}
