"""Pydantic models of the playbook format, and their normal form: plain tables with every default filled in.

The models are built from the records in `model` and the specs in `core.questions`, so no key is declared twice. They
check which keys a table has and their types; `lint` checks what keys mean together. Pydantic takes long to import, so
this module is imported only when a playbook is checked, and not when it comes from the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from careerkit.core.frozen import get_defaults
from careerkit.core.playbook import model
from careerkit.core.questions.question import Choice, Line, Question, Spec, find_spec_class, list_question_types
from careerkit.core.records import plain_key, to_plain
from careerkit.core.template import join_lines, split_prose
from careerkit.core.values import Level, Topic

PlainTable = dict[str, Any]

Recover = Callable[[type[BaseModel], Any, Callable[[Any], Any]], Any]
"""Called with a model, a table and a function that validates the table; returns the validated table after repairs."""

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


class TableModel(BaseModel):
    """A table of the file. With a `Recover` as validation context, errors are repaired instead of raised."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    @model_validator(mode="wrap")
    @classmethod
    def _recover(cls, table: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
        recover: Recover | None = info.context
        return recover(cls, table, validate) if recover else validate(table)


@cache
def create_record_model(record: type) -> type[TableModel]:
    """The Pydantic model of a record class. Dumped by alias, it gives the tables that `from_plain` reads."""
    fields = _build_fields(record)
    if record is model.Playbook:
        fields = {"format": (int, ...), **fields}
        del fields["id"], fields["sha256"]
    return create_model(f"{record.__name__.removesuffix('Rule')}Document", __base__=TableModel, **fields)


@cache
def create_question_model(question_type: str) -> type[TableModel]:
    """The Pydantic model of questions of one type."""
    spec_class = _load_spec_class(question_type)
    fields = _build_fields(Question)
    for name in ("again", *["predicts"] * (not spec_class.can_predict), *_ANSWER_KEYS * (not spec_class.has_answer)):
        del fields[name]
    fields["type"] = (Literal[question_type], ...)
    fields |= _build_fields(spec_class)
    return create_model(f"{question_type.capitalize()}Question", __base__=TableModel, **fields)


@cache
def create_again_model() -> type[TableModel]:
    """The Pydantic model of a question with `again`, where most keys are optional."""
    fields = _build_fields(Question)
    for name in ("default", "predicts"):
        del fields[name]
    for name in ("type", "ask", "hint", "why", "source", "required", "private"):
        fields[name] = (fields[name][0] | None, None)
    fields["again"] = (str, ...)
    return create_model("AgainQuestion", __base__=TableModel, **fields)


@cache
def list_field_types() -> tuple[str, ...]:
    """The question types that a field of records may have."""
    return tuple(each for each in list_question_types() if _load_spec_class(each).may_be_field)


def list_keys(table: type[BaseModel]) -> list[str]:
    """The keys that a table may have in a file."""
    return [str(field.validation_alias or name) for name, field in table.model_fields.items()]


def normalize(document: TableModel) -> PlainTable:
    """Convert a validated document to plain tables, with all defaults filled in and `again` resolved."""
    tables = document.model_dump(by_alias=True)
    asked = {each["id"]: each for each in reversed(list(_list_questions(tables)))}
    for part in (*tables["stages"], *tables["checkins"]):
        part["questions"] = [_fill_question(each, asked) for each in part["questions"]]
    for compute in tables["computes"]:
        _fill_compute(compute)
    _expand_picks(tables, frozenset(each["id"] for each in tables["computes"] if each["bands"]))
    return tables


_PICK = "<pick>"
"""Marks a line that is chosen by an answer, between validation and the normal form; no key of a file is written so."""

# ------------------------------------------------------------ building the models

_ANSWER_KEYS = ("required", "default", "check", "check_text")
"""Keys that a question without an answer doesn't have."""


def _load_spec_class(question_type: str) -> type[Spec]:
    found = find_spec_class(question_type)
    assert found is not None, "the type comes from list_question_types()"
    return found


def _build_fields(record: type) -> dict[str, Any]:
    """The field definitions for `create_model`: name -> (type, Field with default and alias)."""
    defaults = get_defaults(record)
    return {
        name: (_resolve_type(name, annotation), _build_field(name, annotation, defaults.get(name, ...)))
        for name, annotation in record.__annotations__.items()
        if annotation != "Spec"
    }


def _build_field(name: str, annotation: str, default: Any) -> Any:
    plain = plain_key(name)
    key = TABLES.get(name, plain)
    aliases: Any = {"validation_alias": key, "serialization_alias": plain} if key != name else {}
    if isinstance(default, model.Wording | model.DueRule):
        return Field("", **aliases)
    if default is not None and default is not ... and annotation.startswith(("tuple", "Mapping")):
        return Field(default_factory=dict if annotation.startswith("Mapping") else list, **aliases)
    return Field(default, **aliases)


def _resolve_type(name: str, annotation: str) -> Any:
    """The type that a key may have in a file, given the annotation of the record's field."""
    bare = annotation.removesuffix(" | None")
    if bare in _FILE_TYPES:
        found = _FILE_TYPES[bare]
    elif bare == "tuple[Question, ...]":
        found = list[_build_question_type(in_records=name == "fields")]  # type: ignore[misc]  # built at run time
    else:
        record = getattr(model, bare.removeprefix("tuple[").removesuffix(", ...]"))
        found = list[create_record_model(record)]  # type: ignore[misc]  # built at run time
    return found if bare == annotation else found | None


def _build_question_type(*, in_records: bool) -> Any:
    models = {
        name: create_question_model(name) for name in (list_field_types() if in_records else list_question_types())
    }
    if not in_records:
        models["again"] = create_again_model()
    tagged = tuple(Annotated[each, Tag(f"<{name}>")] for name, each in models.items())
    return Annotated[Union[tagged], Discriminator(_tag_question)]  # noqa: UP007 - made at run time


# ------------------------------------------------------------ types in a file, by the annotation of the record's field


def _read_number(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _read_day(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise PydanticCustomError("wrong-type", "This should be a date, or an offset in quotes such as '+30d'.")


def _check_condition(value: object) -> object:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "wrong-type", "A condition should be an expression in quotes, or a table such as { kind = 'mistake' }."
        )
    if not value:
        raise PydanticCustomError("empty-condition", "This condition is empty.")
    if not all(isinstance(wanted, str | bool | int | Decimal) for wanted in value.values()):
        raise PydanticCustomError(
            "wrong-type", "Each value in a condition table should be text, a number, true or false."
        )
    return value


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


def _check_step(key: str) -> str:
    digits = key.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 16):
        raise PydanticCustomError("bad-anchor", "The key of an anchor should be a step of the scale: a whole number.")
    return key


def _check_pick(line: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(text, str) for text in line.values()):
        raise PydanticCustomError("wrong-type", "Each line of a pick should be text in quotes.")
    return line


def _dump_text(text: str | list[Any]) -> list[PlainTable]:
    """Convert a text to lines of template source, each with its condition."""
    if isinstance(text, str):
        return [{"text": line, "when": ""} for line in split_prose(text)]
    return [_dump_line(each) for each in text]


def _dump_line(line: Any) -> PlainTable:
    """One line. A pick is left to `_expand_picks`, because its conditions depend on what it picks by."""
    if isinstance(line, str):
        return {"text": join_lines(line), "when": ""}
    if isinstance(line, dict):
        return {_PICK: line}
    return {"text": join_lines(line.text), "when": format_condition(line.when)}


def _dump_wording(text: str | list[Any]) -> str | list[PlainTable]:
    return join_lines(text) if isinstance(text, str) else [_dump_line(each) for each in text]


def expand_pick(line: Mapping[str, str], computes: Collection[str]) -> list[PlainTable]:
    """A pick as lines with conditions, in the order of the file. `computes` are those with bands."""
    chosen = f"band({line['pick']})" if line["pick"] in computes else line["pick"]
    texts = {key: join_lines(text) for key, text in line.items() if key not in ("pick", "else")}
    lines = [{"text": text, "when": f"{chosen} in ['{key}']"} for key, text in texts.items()]
    if "else" not in line:
        return lines
    ids = ", ".join(f"'{key}'" for key in texts)
    return [*lines, {"text": join_lines(line["else"]), "when": f"not ({chosen} in [{ids}])" if ids else ""}]


def _dump_default(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else to_plain(value)


def _tag_text(value: object) -> str:
    return "<lines>" if isinstance(value, list) else "<prose>"


def _tag_line(value: object) -> str:
    if isinstance(value, dict) and "pick" in value:
        return "<pick>"
    return "<conditional>" if isinstance(value, dict | BaseModel) else "<line>"


def _tag_option(value: object) -> str:
    return "<conditional>" if isinstance(value, dict | BaseModel) else "<line>"


def _dump_due(due: str | list[Any]) -> str | list[PlainTable]:
    if isinstance(due, str):
        return due
    return [
        {"at": each, "when": ""} if isinstance(each, str) else {"at": each.at, "when": format_condition(each.when)}
        for each in due
    ]


def _tag_axis(value: object) -> str:
    return "<fixed>" if isinstance(value, list) else "<question>"


def _tag_question(value: object) -> str | None:
    given = value if isinstance(value, dict) else vars(value) if isinstance(value, BaseModel) else {}
    kind = given.get("type")
    return "<again>" if "again" in given else f"<{kind}>" if isinstance(kind, str) else None


_Number = Annotated[
    Decimal,
    BeforeValidator(_read_number),
    PlainSerializer(to_plain, return_type=Any),
    WithJsonSchema({"type": "number"}),
]
_Condition = Annotated[
    str | dict[str, str | bool | int | Decimal],
    PlainValidator(_check_condition),
    PlainSerializer(format_condition),
    WithJsonSchema({"type": ["string", "object"]}),
]
_FILE_TYPES: dict[str, Any] = {
    "str": str,
    "bool": bool,
    "int": int,
    "Decimal": _Number,
    "Level": Literal[Level],
    "Topic": Literal[Topic],
    "Day": Annotated[str, PlainValidator(_read_day), WithJsonSchema({"type": "string"})],
    "Condition": _Condition,
    "Plain": Annotated[Any, PlainSerializer(_dump_default)],
    "tuple[str, ...]": list[str],
    "Mapping[str, str]": dict[str, str],
    "Mapping[int, str]": dict[Annotated[str, AfterValidator(_check_step)], str],
}
_CHOICES: Any = list[create_record_model(Choice)]  # type: ignore[misc]  # built at run time
_LINE: Any = Annotated[
    Union[  # noqa: UP007 - made at run time
        Annotated[str, Tag("<line>")],
        Annotated[dict[str, Any], AfterValidator(_check_pick), Tag("<pick>")],
        Annotated[create_record_model(Line), Tag("<conditional>")],
    ],
    Discriminator(_tag_line),
]
_TEXT: Any = Annotated[
    Annotated[str, Tag("<prose>")] | Annotated[list[_LINE], Tag("<lines>")], Discriminator(_tag_text)
]
_DUE_OPTION: Any = Annotated[
    Union[Annotated[str, Tag("<line>")], Annotated[create_record_model(model.DueOption), Tag("<conditional>")]],  # noqa: UP007 - made at run time
    Discriminator(_tag_option),
]
_FILE_TYPES |= {
    "tuple[Choice, ...]": _CHOICES,
    "tuple[Line, ...]": Annotated[_TEXT, PlainSerializer(_dump_text)],
    "Wording": Annotated[_TEXT, PlainSerializer(_dump_wording)],
    "DueRule": Annotated[
        Annotated[str, Tag("<prose>")] | Annotated[list[_DUE_OPTION], Tag("<lines>")],
        Discriminator(_tag_text),
        PlainSerializer(_dump_due),
    ],
    "Options": Annotated[
        Annotated[str, Tag("<question>")] | Annotated[_CHOICES, Tag("<fixed>")], Discriminator(_tag_axis)
    ],
}
TAGS = frozenset(
    {"[key]", "<lines>", "<prose>", "<line>", "<pick>", "<conditional>", "<fixed>", "<question>", "<again>"}
    | {f"<{name}>" for name in list_question_types()}
)
"""Parts that Pydantic adds to the location of an error, which are not keys of the file."""


# ------------------------------------------------------------ the normal form


def _list_questions(tables: PlainTable) -> Iterator[PlainTable]:
    for part in (*tables["stages"], *tables["checkins"]):
        yield from part["questions"]


def _fill_question(question: PlainTable, asked: Mapping[str, PlainTable]) -> PlainTable:
    """Give a question the keys of every type: null for keys that its own type doesn't have."""
    nulls = {**dict.fromkeys(_list_keys()), **_NO_NULLS}
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


def _list_keys() -> Iterator[str]:
    for record in (Question, *map(find_spec_class, list_question_types())):
        yield from (key for key, annotation in record.__annotations__.items() if annotation != "Spec")


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
