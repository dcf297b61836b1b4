"""Convert records to the documents of a journal's files and back, checking everything that is read.

A document is what TOML holds: tables, lists, texts, numbers, dates. People edit these files and other versions write
them, so every key is checked, all problems are reported with their paths, and unknown keys are kept. The conversion
follows the annotations of the records; what they can't express is declared in a `Layout`.

For data that only careerkit writes, such as a validated playbook, records.py does the same without checks, which is
faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import get_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")
    _Table = dict[str, Any]
    _Path = tuple[Any, ...]

_EMPTY: Mapping[str, Any] = MappingProxyType({})
MAX_PROBLEMS = 100
"""The most problems of one document that are reported."""

UNKNOWN = "unknown"
"""The field that keeps the keys which this version doesn't know; those of rows are nested by table and row id."""


class Mismatch(Exception):  # noqa: N818 - it describes the value, not a failure
    """Raised by `FieldType.read`: what was expected, and where inside the value, such as `.lead.pay`."""

    def __init__(self, expected: str, inside: str = "") -> None:
        self.expected = expected
        self.inside = inside
        super().__init__(expected)


class FieldType:
    """A type of value. `read` returns the value or raises Mismatch; `blank` replaces a wrong or missing one.

    `write` converts a value to what a document holds; None leaves it as it is.
    """

    __slots__ = ("blank", "read", "write")

    def __init__(self, read: Callable[[Any], Any], blank: object, write: Callable[[Any], object] | None = None) -> None:
        self.read, self.blank, self.write = read, blank, write


class Layout:
    """How records of one class appear in a document, where that doesn't follow from their annotations.

    By default a field is written under its own name, in the order of the fields. A field that equals its default is
    left out; one without a default, or with a literal type, is always written and required when reading.

    - `keys`: field -> its key.
    - `order`: all keys in the order in which they are written, separated by spaces, with `*` for unknown keys.
    - `always`: fields that are written even at their default. `required`: fields that must be present in spite of a default.
    - `optional`: field without a default -> the value at which it is left out.
    - `same_as`: text field -> the field before it; it is left out where both are the same.
    - `by_type`: field -> the function that gives its type, by what the record's field `type` says.
    - `nulls`: mapping with values that can be None -> the key that lists the names of those values.
    - `inline`: fields whose record shares the table of this one; an optional one is there if its first key is.
    - `derived`: key -> its type and how it is computed from the record. When reading it is only checked.
    - `row_id`: the key that tells rows of this class apart. `by_position`: fields whose rows have none.
    """

    def __init__(
        self,
        *,
        keys: Mapping[str, str] = _EMPTY,
        order: str = "",
        always: tuple[str, ...] = (),
        required: tuple[str, ...] = (),
        optional: Mapping[str, object] = _EMPTY,
        same_as: Mapping[str, str] = _EMPTY,
        by_type: Mapping[str, Callable[[str], FieldType]] = _EMPTY,
        nulls: Mapping[str, str] = _EMPTY,
        inline: tuple[str, ...] = (),
        derived: Mapping[str, tuple[FieldType, Callable[[Any], object]]] = _EMPTY,
        row_id: str = "id",
        by_position: tuple[str, ...] = (),
    ) -> None:
        self.keys, self.order = keys, order.split()
        self.always, self.required, self.optional = always, required, optional
        self.same_as, self.by_type, self.nulls = same_as, by_type, nulls
        self.inline, self.derived = inline, derived
        self.row_id, self.by_position = row_id, by_position


class RecordCodec:
    """Converts records whose fields are annotated with a class of records, a literal, or a key of `types`.

    `types` goes by the text of an annotation, such as `tuple[str, ...]`, without `| None`. Evaluating annotations, as
    typing.get_type_hints does, takes ten times as long.
    """

    def __init__(self, types: Mapping[str, FieldType], layouts: Mapping[type, Layout]) -> None:
        self._types = types
        self._layouts = layouts
        self._plans: dict[type, _Plan] = {}

    def to_plain(self, record: object) -> _Table:
        """The record as a table of a document. Unknown keys that it keeps are put back, but never in place of known ones."""
        return self._write(record, getattr(record, UNKNOWN, _EMPTY))

    def from_plain(self, cls: type[T], table: Mapping[str, Any], *, noun: str) -> T:
        """The record of class `cls` in the table. Unknown keys go into its field `unknown`, if it has one.

        Raises Refused with every problem and its path, such as `answer[2].value.lead.pay`. `noun` names the document in
        the problems' codes.
        """
        reader = _TableReader(self._plan_for, noun)
        record: T = reader.read(self._plan_for(cls), table, (), {})
        if reader.problems:
            raise Refused(reader.problems)
        return record

    def _write(self, record: object, unknown: Mapping[str, Any]) -> _Table:
        plan = self._plan_for(type(record))
        table: _Table = {}
        for column in plan.to_write:
            value = getattr(record, column.field)
            if column.inline:
                table |= self._write(value, unknown) if value is not None else {}
            elif column.row:
                if value:
                    table[column.key] = self._write_rows(column, value, unknown.get(column.key))
            elif not column.is_left_out(value, record):
                write = column.type.write
                table[column.key] = write(value) if write else value
                if column.nulls and (names := [name for name, each in value.items() if each is None]):
                    table[column.nulls] = names
        for key, (_, compute) in plan.derived.items():
            table[key] = compute(record)
        rest = {key: value for key, value in unknown.items() if key not in plan.known} if plan.keeps_unknown else {}
        return _in_order(table, rest, plan.order) if plan.order else table | rest

    def _write_rows(self, column: _Column, rows: tuple[Any, ...], unknown: object) -> list[_Table]:
        tables = [self._write(row, _EMPTY) for row in rows]
        if isinstance(unknown, Mapping):
            known = self._plan_for(type(rows[0])).known
            for place, table in enumerate(tables):
                rest = unknown.get(_row_id(table, column.row_id, place))
                if isinstance(rest, Mapping):
                    table |= {key: value for key, value in rest.items() if key not in known}
        return tables

    def _plan_for(self, cls: type) -> _Plan:
        plan = self._plans.get(cls)
        if plan is None:
            plan = self._plans[cls] = self._make_plan(cls)
        return plan

    def _make_plan(self, cls: type) -> _Plan:
        layout = self._layouts.get(cls, _DEFAULT_LAYOUT)
        defaults = {**get_defaults(cls), **layout.optional}
        columns = [
            self._make_column(cls.__module__, field, annotation, defaults, layout)
            for field, annotation in cls.__annotations__.items()
            if field != UNKNOWN
        ]
        known = {column.key for column in columns if not column.inline}.union(layout.derived, layout.nulls.values())
        for column in columns:
            if column.inline:
                known |= self._plan_for(column.inline).known
        return _Plan(cls, layout, columns, frozenset(known), keeps_unknown=UNKNOWN in cls.__annotations__)

    def _make_column(
        self, module: str, field: str, annotation: str, defaults: Mapping[str, Any], layout: Layout
    ) -> _Column:
        kind = annotation.removesuffix(" | None")
        column = _Column(field, layout)
        column.default = defaults.get(field)
        column.is_required = field in layout.required or (field not in defaults and kind == annotation)
        column.omits_default = field in defaults and field not in layout.always
        if kind in self._types:
            column.type = self._types[kind]
            return column
        name = kind.removeprefix("tuple[").removesuffix(", ...]")
        found = getattr(__import__(module, fromlist=(name,)), name, None)
        if isinstance(found, tuple):  # the values of a literal type, see frozen.py
            column.type = literal(found)
            column.is_required = field not in layout.optional
            column.omits_default = not column.is_required
        elif not isinstance(found, type):
            raise TypeError(f"nothing says how {annotation} is written")
        elif field in layout.inline:
            column.inline = found
        else:
            column.row = found
            column.row_id = "" if field in layout.by_position else self._layouts.get(found, _DEFAULT_LAYOUT).row_id
        return column


class _Column:
    """How one field is read and written. `row` or `inline` is the class of the records that it holds, or None."""

    __slots__ = (
        *("by_type", "default", "field", "inline", "is_required", "key"),
        *("nulls", "omits_default", "row", "row_id", "same_as", "type"),
    )

    def __init__(self, field: str, layout: Layout) -> None:
        self.field = field
        self.key = layout.keys.get(field, field)
        self.same_as = layout.same_as.get(field, "")
        self.nulls = layout.nulls.get(field, "")
        self.by_type = layout.by_type.get(field)
        self.type: FieldType = TEXT
        self.default: Any = None
        self.is_required = self.omits_default = False
        self.row: type | None = None
        self.inline: type | None = None
        self.row_id = ""

    def is_left_out(self, value: object, record: object) -> bool:
        if self.same_as:
            return bool(value == getattr(record, self.same_as))
        return value is None or (self.omits_default and bool(value == self.default))


class _Plan:
    """How a class is read, in the order of its fields, and written, in the order of its layout."""

    def __init__(
        self, cls: type, layout: Layout, columns: list[_Column], known: frozenset[str], *, keeps_unknown: bool
    ) -> None:
        self.cls, self.derived, self.columns = cls, layout.derived, columns
        self.known, self.keeps_unknown = known, keeps_unknown
        order = layout.order
        is_mixed = bool(layout.inline or layout.derived or layout.nulls or "*" in order)
        self.order = tuple(order) if is_mixed else ()
        """Set if not every key belongs to one column, so that the table is ordered key by key."""
        self.to_write = columns if is_mixed or not order else sorted(columns, key=lambda it: order.index(it.key))


class _TableReader:
    """Reads the tables of one document and collects their problems.

    A path is nested pairs of the path above it and a key or a row's number; it is formatted only for a problem.
    """

    def __init__(self, plan_for: Callable[[type], _Plan], noun: str) -> None:
        self._plan_for = plan_for
        self._noun = noun
        self.problems: list[Problem] = []

    def read(self, plan: _Plan, table: Mapping[str, Any], path: _Path, unknown: _Table) -> Any:
        """A record of the plan's class, with blanks for wrong and missing values. Adds the unknown keys of rows to `unknown`."""
        values: _Table = {}
        value: Any
        for column in plan.columns:
            if column.row:
                value = self._read_rows(column, column.row, table, path, unknown)
            elif column.inline:
                value = self._read_inline(column, self._plan_for(column.inline), table, path, unknown)
            elif column.key not in table:
                value = self._replace_missing(column, values, path)
            else:
                kind = column.by_type(values["type"]) if column.by_type else column.type
                value = self._read_value(kind, column.key, table, path)
            if column.nulls:
                value = self._add_nulls(value, column.nulls, table, path)
            values[column.field] = value
        for key, (kind, _) in plan.derived.items():
            if key in table:
                self._read_value(kind, key, table, path)
            else:
                self._report_missing(path, key)
        if plan.keeps_unknown:
            rest = {key: value for key, value in table.items() if key not in plan.known}
            values[UNKNOWN] = MappingProxyType(rest | unknown)
        return plan.cls(**values)

    def _read_value(self, kind: FieldType, key: str, table: Mapping[str, Any], path: _Path) -> Any:
        try:
            return kind.read(table[key])
        except Mismatch as mismatch:
            where = _format_path((path, key)) + mismatch.inside
            self._report("wrong-type", f"{where} should be {mismatch.expected}.", where)
            return kind.blank

    def _replace_missing(self, column: _Column, values: _Table, path: _Path) -> Any:
        if column.same_as:
            other = values[column.same_as]
            if isinstance(other, str):
                return other
        elif not column.is_required:
            return column.default
        self._report_missing(path, column.key)
        return column.type.blank

    def _read_inline(self, column: _Column, plan: _Plan, table: Mapping[str, Any], path: _Path, unknown: _Table) -> Any:
        first, *others = (each.key for each in plan.columns)
        if column.is_required or first in table:
            return self.read(plan, table, path, unknown)
        if found := [key for key in others if key in table]:
            self._report_missing(path, first, f", but {found[0]} is there")
        return column.default

    def _read_rows(
        self, column: _Column, cls: type, table: Mapping[str, Any], path: _Path, unknown: _Table
    ) -> tuple[Any, ...]:
        if column.key not in table:
            return ()
        plan = self._plan_for(cls)
        records = []
        kept: _Table = {}
        seen: set[str] = set()
        for place, row in enumerate(self._read_value(TABLES, column.key, table, path)):
            here = ((path, column.key), place + 1)
            records.append(self.read(plan, row, here, {}))
            identity = _row_id(row, column.row_id, place)
            if identity in seen:
                where = _format_path((here, column.row_id))
                self._report("duplicate", f"{where}: {identity} occurs twice.", where)
            seen.add(identity)
            if not row.keys() <= plan.known:
                kept[identity] = {key: value for key, value in row.items() if key not in plan.known}
        if kept:
            unknown[column.key] = kept
        return tuple(records)

    def _add_nulls(
        self, mapping: Mapping[str, Any], key: str, table: Mapping[str, Any], path: _Path
    ) -> Mapping[str, Any]:
        names = self._read_value(TEXTS, key, table, path) if key in table else ()
        return MappingProxyType({**mapping, **dict.fromkeys(names)})

    def _report_missing(self, path: _Path, key: str, why: str = "") -> None:
        where = _format_path((path, key))
        self._report("missing-key", f"{where} is missing{why}.", where)

    def _report(self, fault: str, message: str, where: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(f"{self._noun}-{fault}", message, where=where))


def literal(words: tuple[T, ...]) -> FieldType:
    """One of these words; the first replaces a wrong one."""

    def read(raw: object) -> T:
        for word in words:
            if raw == word:
                return word
        raise Mismatch("one of " + ", ".join(map(str, words)))

    return FieldType(read, words[0])


def replace_surrogates(text: str) -> str:
    """The text with lone surrogates, which UTF-8 can't encode, as U+FFFD, and pairs as their character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _row_id(row: Mapping[str, Any], key: str, place: int) -> str:
    return str(row.get(key)) if key else str(place)


def _format_path(path: _Path) -> str:
    """Such as `answer[2].value`."""
    if not path:
        return ""
    above, part = path
    before = _format_path(above)
    if isinstance(part, int):
        return f"{before}[{part}]"
    return f"{before}.{part}" if before else str(part)


def _in_order(table: _Table, rest: _Table, order: tuple[str, ...]) -> _Table:
    ordered: _Table = {}
    for key in order:
        if key == "*":
            ordered |= rest
        elif key in table:
            ordered[key] = table[key]
    return ordered if "*" in order else ordered | rest


def _read_text(raw: object) -> str:
    if isinstance(raw, str):
        return raw
    raise Mismatch("a text")


def _read_texts(raw: object) -> tuple[str, ...]:
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        return tuple(raw)
    raise Mismatch("a list of texts")


def _read_text_map(raw: object) -> Mapping[str, str]:
    if isinstance(raw, Mapping) and all(isinstance(item, str) for item in raw.values()):
        return MappingProxyType(dict(raw))
    raise Mismatch("a table of texts")


def _read_flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    raise Mismatch("true or false")


def _read_count(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
        return raw
    raise Mismatch("a whole number, 0 or more")


def _read_number(raw: object) -> Decimal:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool) and (number := Decimal(raw)).is_finite():
        return number
    raise Mismatch("a number")


def _read_number_map(raw: object) -> Mapping[str, Decimal]:
    if isinstance(raw, Mapping):
        return MappingProxyType({key: _read_number(value) for key, value in raw.items()})
    raise Mismatch("a table of numbers")


def _read_tables(raw: object) -> list[Mapping[str, object]]:
    if isinstance(raw, list) and all(isinstance(row, Mapping) for row in raw):
        return raw
    raise Mismatch("a list of tables")


def _write_texts(texts: tuple[str, ...]) -> list[str]:
    return [replace_surrogates(text) for text in texts]


def _write_text_map(texts: Mapping[str, str]) -> dict[str, str]:
    return {replace_surrogates(key): replace_surrogates(text) for key, text in texts.items()}


def _write_number_map(numbers: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    return {replace_surrogates(key): number for key, number in numbers.items() if number is not None}


_DEFAULT_LAYOUT = Layout()
TEXT = FieldType(_read_text, "", replace_surrogates)
TEXTS = FieldType(_read_texts, (), _write_texts)
TEXT_MAP = FieldType(_read_text_map, _EMPTY, _write_text_map)
FLAG = FieldType(_read_flag, blank=False)
COUNT = FieldType(_read_count, 0)
NUMBER = FieldType(_read_number, Decimal(0))
NUMBER_MAP = FieldType(_read_number_map, _EMPTY, _write_number_map)
TABLES = FieldType(_read_tables, [])
