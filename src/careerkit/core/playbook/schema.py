"""Pydantic models of the playbook format.

The models are built from the records in `model` and the specs in `core.questions`, so no key is declared twice. They
check which keys a table has and their types; `lint` checks what keys mean together. Pydantic takes long to import, so
this module is imported only for a file that `normal_form` can't read, and for the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Callable
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
from careerkit.core.playbook.normal_form import (
    AGAIN_OPTIONAL,
    TABLES,
    PlainTable,
    complete,
    dump_default,
    dump_due,
    dump_text,
    dump_wording,
    format_condition,
    is_step,
    list_field_types,
    list_left_out,
)
from careerkit.core.questions.question import Choice, Line, Question, Spec, find_spec_class, list_question_types
from careerkit.core.records import plain_key, to_plain
from careerkit.core.values import Level, Topic

Recover = Callable[[type[BaseModel], Any, Callable[[Any], Any]], Any]
"""Called with a model, a table and a function that validates the table; returns the validated table after repairs."""


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
    for name in list_left_out(question_type):
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
    for name in AGAIN_OPTIONAL:
        fields[name] = (fields[name][0] | None, None)
    fields["again"] = (str, ...)
    return create_model("AgainQuestion", __base__=TableModel, **fields)


def normalize(document: TableModel) -> PlainTable:
    """Convert a validated document to plain tables, with all defaults filled in and `again` resolved."""
    return complete(document.model_dump(by_alias=True))


def list_keys(table: type[BaseModel]) -> list[str]:
    """The keys that a table may have in a file."""
    return [str(field.validation_alias or name) for name, field in table.model_fields.items()]


# ------------------------------------------------------------ building the models

# ------------------------------------------------------------ building the models


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


def _check_step(key: str) -> str:
    if not is_step(key):
        raise PydanticCustomError("bad-anchor", "The key of an anchor should be a step of the scale: a whole number.")
    return key


def _check_pick(line: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(text, str) for text in line.values()):
        raise PydanticCustomError("wrong-type", "Each line of a pick should be text in quotes.")
    return line


def _tag_text(value: object) -> str:
    return "<lines>" if isinstance(value, list) else "<prose>"


def _tag_line(value: object) -> str:
    if isinstance(value, dict) and "pick" in value:
        return "<pick>"
    return "<conditional>" if isinstance(value, dict | BaseModel) else "<line>"


def _tag_option(value: object) -> str:
    return "<conditional>" if isinstance(value, dict | BaseModel) else "<line>"


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
    "Plain": Annotated[Any, PlainSerializer(dump_default)],
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
    "tuple[Line, ...]": Annotated[_TEXT, PlainSerializer(dump_text)],
    "Wording": Annotated[_TEXT, PlainSerializer(dump_wording)],
    "DueRule": Annotated[
        Annotated[str, Tag("<prose>")] | Annotated[list[_DUE_OPTION], Tag("<lines>")],
        Discriminator(_tag_text),
        PlainSerializer(dump_due),
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
