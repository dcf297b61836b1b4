"""The normal form of a playbook: plain tables with every default filled in. And a fast reader for files that fit.

`read_fitting` follows the annotations of the records in `model` and the specs in `core.questions`, as the Pydantic models
in `schema` do, but only tells whether the tables fit. Importing Pydantic and building its models takes as long as the
check of a long playbook, so only a file that doesn't fit is validated by them, which say what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from careerkit.core.errors import Path
from careerkit.core.frozen import frozen, get_defaults
from careerkit.core.playbook import model
from careerkit.core.playbook.diagnostics import Diagnostic
from careerkit.core.questions.question import Choice, Line, Question, find_spec_class, list_question_types
from careerkit.core.records import plain_key, to_plain
from careerkit.core.text import join_lines, split_prose
from careerkit.core.values import Level, Topic

PlainTable = dict[str, Any]
Read = Callable[[Any], Any]
"""Takes the value of a key in a file, and returns it in normal form. Raises MisfitError if its type is wrong."""

TABLES = {
    name: name.removesuffix("s")
    for name in (
        "sources",
        "stages",
        "questions",
        "computes",
        "decisions",
        "findings",
        "drafts",
        "actions",
        "checkins",
        "headlines",
        "allows",
        "situations",
    )
}
"""Field name -> key in a file, for fields that hold tables: `stages` is written as [[stage]]."""

ANSWER_KEYS = ("required", "default", "check", "check_text")
"""Keys that a question without an answer doesn't have."""
AGAIN_OPTIONAL = ("type", "ask", "hint", "why", "source", "required", "private")
"""Keys that a question with `again` takes over from the earlier one."""


@frozen
class Validated:
    """The tables of a file, and their normal form. At the paths in `broken`, both have placeholders for bad values."""

    tables: Mapping[str, Any]
    plain: PlainTable
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: frozenset[Path] = frozenset()


class MisfitError(Exception):
    """A table has an unknown key, lacks a required one, or has a value of the wrong type."""


def read_fitting(tables: Mapping[str, Any]) -> PlainTable | None:
    """The normal form of what tomllib read; None if its keys and types aren't those of a playbook."""
    try:
        return complete(_build_table_reader(model.Playbook)(tables))
    except MisfitError:
        return None


def complete(tables: PlainTable) -> PlainTable:
    """Resolve `again` and the picks in tables that have all keys of their models. Changes and returns `tables`."""
    asked = {each["id"]: each for each in reversed(list(_list_questions(tables)))}
    for part in (*tables["stages"], *tables["checkins"]):
        part["questions"] = [_fill_question(each, asked) for each in part["questions"]]
    for compute in tables["computes"]:
        _fill_compute(compute)
    _expand_picks(tables, frozenset(each["id"] for each in tables["computes"] if each["bands"]))
    return tables


def list_field_types() -> tuple[str, ...]:
    """The question types that a field of records may have."""
    return tuple(each for each in list_question_types() if (spec := find_spec_class(each)) and spec.may_be_field)


def list_left_out(question_type: str) -> tuple[str, ...]:
    """The keys of a question that those of this type don't have."""
    spec = find_spec_class(question_type)
    assert spec is not None, "the type comes from list_question_types()"
    return ("again", *["predicts"] * (not spec.can_predict), *ANSWER_KEYS * (not spec.has_answer))


# ------------------------------------------------------------ values that may be written in several ways


def format_condition(when: str | Mapping[str, object]) -> str:
    """A condition as an expression, whether it is written as an expression or as a table."""
    return when if isinstance(when, str) else " and ".join(format_comparison(*each) for each in when.items())


def format_comparison(name: str, value: object) -> str:
    """One entry of a condition table as an expression."""
    match value:
        case bool():
            literal = "true" if value else "false"
        case str():
            quote = '"' if "'" in value else "'"
            literal = f"{quote}{value}{quote}"
        case Decimal():
            literal = f"{value:f}"
        case _:
            literal = str(value)
    return f"{name} == {literal}"


def is_step(key: str) -> bool:
    """Is it a step of a scale, as a key of `anchors`?"""
    digits = key.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < 16


def dump_text(text: str | list[Any]) -> list[PlainTable]:
    """Convert a text to lines of template source, each with its condition."""
    if isinstance(text, str):
        return [{"text": line, "when": ""} for line in split_prose(text)]
    return [dump_line(each) for each in text]


def dump_line(line: Any) -> PlainTable:
    """One line. A pick is left to `_expand_picks`, because its conditions depend on what it picks by."""
    if isinstance(line, str):
        return {"text": join_lines(line), "when": ""}
    if isinstance(line, dict):
        return {_PICK: line}
    return {"text": join_lines(line.text), "when": format_condition(line.when)}


def dump_wording(text: str | list[Any]) -> str | list[PlainTable]:
    return join_lines(text) if isinstance(text, str) else [dump_line(each) for each in text]


def expand_pick(line: Mapping[str, str], computes: Collection[str]) -> list[PlainTable]:
    """A pick as lines with conditions, in the order of the file. `computes` are those with bands."""
    chosen = f"band({line['pick']})" if line["pick"] in computes else line["pick"]
    texts = {key: join_lines(text) for key, text in line.items() if key not in ("pick", "else")}
    lines = [{"text": text, "when": f"{chosen} in ['{key}']"} for key, text in texts.items()]
    if "else" not in line:
        return lines
    ids = ", ".join(f"'{key}'" for key in texts)
    return [*lines, {"text": join_lines(line["else"]), "when": f"not ({chosen} in [{ids}])" if ids else ""}]


def dump_default(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else to_plain(value)


def dump_due(due: str | list[Any]) -> str | list[PlainTable]:
    if isinstance(due, str):
        return due
    return [
        {"at": each, "when": ""} if isinstance(each, str) else {"at": each.at, "when": format_condition(each.when)}
        for each in due
    ]


# ------------------------------------------------------------ the fast reader


_Field = tuple[str, str, Read, Callable[[], Any] | None]
"""The key in a file, the key in the normal form, how the value is read, and its default; None if it is required."""


@cache
def _build_table_reader(record: type) -> Read:
    fields = {name: _build_field(record, name) for name in record.__annotations__}
    if record is model.Playbook:
        fields = {"format": ("format", "format", _check_type(int), None), **fields}
        del fields["id"], fields["sha256"]
    return _combine_fields(fields.values())


@cache
def _build_question_reader(question_type: str) -> Read:
    spec = find_spec_class(question_type)
    assert spec is not None, "the caller has looked it up"
    fields = {name: _build_field(Question, name) for name in Question.__annotations__ if name != "spec"}
    for name in list_left_out(question_type):
        del fields[name]
    fields["type"] = ("type", "type", _read_as_is, None)
    fields |= {name: _build_field(spec, name) for name in spec.__annotations__}
    return _combine_fields(fields.values())


@cache
def _build_again_reader() -> Read:
    left_out = ("spec", "default", "predicts")
    fields = {name: _build_field(Question, name) for name in Question.__annotations__ if name not in left_out}
    fields |= {name: (*fields[name][:3], _make_none) for name in AGAIN_OPTIONAL}
    fields["again"] = (*fields["again"][:3], None)
    return _combine_fields(fields.values())


def _combine_fields(fields: Collection[_Field]) -> Read:
    def read(table: Any) -> PlainTable:
        if type(table) is not dict:
            raise MisfitError
        left = len(table)
        found: PlainTable = {}
        for key, plain, convert, default in fields:
            if key in table:
                found[plain] = convert(table[key])
                left -= 1
            elif default is None:
                raise MisfitError
            else:
                found[plain] = default()
        if left:
            raise MisfitError
        return found

    return read


def _build_field(record: type, name: str) -> _Field:
    annotation, plain = record.__annotations__[name], plain_key(name)
    return TABLES.get(name, plain), plain, _find_reader(name, annotation), _find_default(record, name, annotation)


def _find_default(record: type, name: str, annotation: str) -> Callable[[], Any] | None:
    defaults = get_defaults(record)
    if name not in defaults:
        return None
    default = defaults[name]
    if isinstance(default, model.Wording | model.DueRule):
        return str
    if default is not None and annotation.startswith(("tuple", "Mapping")):
        return dict if annotation.startswith("Mapping") else list
    value = to_plain(default)
    return lambda: value


def _find_reader(name: str, annotation: str) -> Read:
    bare = annotation.removesuffix(" | None")
    if bare in _READERS:
        return _READERS[bare]
    if bare == "tuple[Question, ...]":
        return _read_list(_read_field if name == "fields" else _read_question)
    record = getattr(model, bare.removeprefix("tuple[").removesuffix(", ...]"))
    return _read_list(_build_table_reader(record))


def _make_none() -> None:
    return None


def _read_as_is(value: Any) -> Any:
    return value


def _check_type(kind: type) -> Read:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise MisfitError
        return value

    return read


def _read_list(read_item: Read) -> Read:
    def read(value: Any) -> list[Any]:
        if type(value) is not list:
            raise MisfitError
        return [read_item(each) for each in value]

    return read


def _read_number(value: Any) -> Any:
    if type(value) is not int and not (type(value) is Decimal and value.is_finite()):
        raise MisfitError
    return to_plain(value)


def _check_one_of(known: Any) -> Read:
    """`known` is a literal type, which is the tuple of its values at run time."""

    def read(value: Any) -> Any:
        if type(value) is not str or value not in known:
            raise MisfitError
        return value

    return read


def _read_day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return _read_text(value)


def _read_condition(value: Any) -> str:
    if type(value) is str:
        return value
    if (
        type(value) is not dict
        or not value
        or not all(isinstance(each, str | int | Decimal) for each in value.values())
    ):
        raise MisfitError
    return format_condition(value)


def _read_texts(value: Any) -> dict[str, str]:
    if type(value) is not dict or not all(type(each) is str for each in value.values()):
        raise MisfitError
    return dict(value)


def _read_steps(value: Any) -> dict[str, str]:
    if not all(map(is_step, _read_texts(value))):
        raise MisfitError
    return dict(value)


def _read_line(value: Any) -> PlainTable:
    if type(value) is str:
        return {"text": join_lines(value), "when": ""}
    if type(value) is dict and "pick" in value:
        return {_PICK: _read_texts(value)}
    line = _build_table_reader(Line)(value)
    return {"text": join_lines(line["text"]), "when": line["when"]}


def _read_lines(value: Any) -> list[PlainTable]:
    return dump_text(value) if type(value) is str else _read_list(_read_line)(value)


def _read_wording(value: Any) -> str | list[PlainTable]:
    return join_lines(value) if type(value) is str else _read_list(_read_line)(value)


def _read_due(value: Any) -> str | list[PlainTable]:
    return value if type(value) is str else _read_list(_read_due_option)(value)


def _read_due_option(value: Any) -> PlainTable:
    if type(value) is str:
        return {"at": value, "when": ""}
    option = _build_table_reader(model.DueOption)(value)
    return {"at": option["at"], "when": option["when"]}


def _read_options(value: Any) -> Any:
    return value if type(value) is str else _read_choices(value)


def _read_choices(value: Any) -> list[PlainTable]:
    return _read_list(_build_table_reader(Choice))(value)  # type: ignore[no-any-return]


def _read_question(table: Any) -> PlainTable:
    if type(table) is dict and "again" in table:
        return _build_again_reader()(table)  # type: ignore[no-any-return]
    return _read_typed_question(table, list_question_types())


def _read_field(table: Any) -> PlainTable:
    return _read_typed_question(table, list_field_types())


def _read_typed_question(table: Any, known: Collection[str]) -> PlainTable:
    kind = table.get("type") if type(table) is dict else None
    if type(kind) is not str or kind not in known:
        raise MisfitError
    return _build_question_reader(kind)(table)  # type: ignore[no-any-return]


_read_text = _check_type(str)
_READERS: dict[str, Read] = {
    "str": _read_text,
    "bool": _check_type(bool),
    "int": _check_type(int),
    "Decimal": _read_number,
    "Level": _check_one_of(Level),
    "Topic": _check_one_of(Topic),
    "Day": _read_day,
    "Condition": _read_condition,
    "Plain": dump_default,
    "tuple[str, ...]": _read_list(_read_text),
    "Mapping[str, str]": _read_texts,
    "Mapping[int, str]": _read_steps,
    "tuple[Choice, ...]": _read_choices,
    "tuple[Line, ...]": _read_lines,
    "Wording": _read_wording,
    "DueRule": _read_due,
    "Options": _read_options,
}
"""How a value is read, by the annotation of the record's field; `schema` has the same keys."""


# ------------------------------------------------------------ the missing parts


def _list_questions(tables: PlainTable) -> Iterator[PlainTable]:
    for part in (*tables["stages"], *tables["checkins"]):
        yield from part["questions"]


def _fill_question(question: PlainTable, asked: Mapping[str, PlainTable]) -> PlainTable:
    """Give a question the keys of every type: null for keys that its own type doesn't have."""
    nulls = _build_nulls()
    if not question.get("again"):
        filled = nulls | question
        if filled["fields"] is not None:
            filled["fields"] = [_fill_question(each, {}) for each in filled["fields"]]
        return filled
    # Missing keys come from the repeated question, except for its conditions, which refer to the earlier answer.
    original = _find_original(question, asked)
    filled = _fill_question(dict(original), asked) if original else {**nulls, "type": "text", "ask": ""}
    own = {key: value for key, value in question.items() if value is not None and key != "type"}
    return {**filled, "default": None, "predicts": "", **own}


def _find_original(question: Mapping[str, Any], asked: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Follow `again` to the original question. None if it is missing or the chain is circular."""
    seen: set[str] = set()
    while question.get("again"):
        if question["again"] in seen or question["again"] not in asked:
            return None
        seen.add(question["again"])
        question = asked[question["again"]]
    return question


_NO_NULLS: PlainTable = {"required": True, "check": "", "check_text": "", "again": "", "predicts": ""}
"""Keys that are never null, with their values for types that don't have them."""


@cache
def _build_nulls() -> PlainTable:
    """The keys of every type of question, with null or what stands for it."""
    records = (Question, *map(find_spec_class, list_question_types()))
    keys = (key for record in records for key, kind in record.__annotations__.items() if kind != "Spec")
    return {**dict.fromkeys(keys), **_NO_NULLS}


def _fill_compute(compute: PlainTable) -> None:
    """Set keys that the compute doesn't use to null, and label bands without a label by their ids."""
    compute["value"] = compute["value"] or None
    compute["tally"] = compute["tally"] or None
    compute["text"] = compute["text"] or None
    if not compute["tally"]:
        compute |= dict.fromkeys(("start", "min", "max"))
    for band in compute["bands"]:
        band["label"] = band["label"] or band["id"]


def _expand_picks(value: Any, computes: Collection[str]) -> None:
    """Replace each pick by its lines, in all texts of the tables."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "default":  # an answer, which may look like anything
                continue
            if isinstance(each, list) and each and _is_line(each[0]):
                if any(_PICK in line for line in each):
                    value[key] = [new for line in each for new in _expand_line(line, computes)]
            elif isinstance(each, dict | list):
                _expand_picks(each, computes)
    elif isinstance(value, list):
        for each in value:
            _expand_picks(each, computes)


def _is_line(value: Any) -> bool:
    """Is it a line of a text? A list that begins with one has nothing else, and there is nothing to expand inside it."""
    return isinstance(value, dict) and (_PICK in value or value.keys() == {"text", "when"})


def _expand_line(line: PlainTable, computes: Collection[str]) -> list[PlainTable]:
    return expand_pick(line[_PICK], computes) if _PICK in line else [line]


_PICK = "<pick>"
"""Marks a line that is chosen by an answer, between validation and the normal form; no key of a file is written so."""
