"""What the values in a playbook file may be: numbers, days, conditions, texts in one piece or in lines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


def _number(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _day(value: object) -> object:
    if isinstance(value, str):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise PydanticCustomError("wrong-type", "This should be a date, or a text such as '+30d'.")


def _condition(value: object) -> object:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise PydanticCustomError("wrong-type", "A condition is a text, or a table such as { kind = 'mistake' }.")
    if not value:
        raise PydanticCustomError("empty-condition", "This condition names no question.")
    if not all(isinstance(wanted, str | bool | int | Decimal) for wanted in value.values()):
        raise PydanticCustomError(
            "wrong-type", "In a table, each question has one value: a text, a number, true or false."
        )
    return value


def step(key: str) -> str:
    digits = key.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 16):
        raise PydanticCustomError("bad-anchor", "An anchor stands at a step of the scale, which is a whole number.")
    return key


def kind_of_text(value: object) -> str:
    return "<lines>" if isinstance(value, list) else "<prose>"


def kind_of_line(value: object) -> str:
    return "<conditional>" if isinstance(value, dict | BaseModel) else "<line>"


def kind_of_axis(value: object) -> str:
    return "<fixed>" if isinstance(value, list) else "<question>"


def kind_of_question(value: object) -> str | None:
    given = value if isinstance(value, dict) else vars(value) if isinstance(value, BaseModel) else {}
    kind = given.get("type")
    return "<again>" if "again" in given else f"<{kind}>" if isinstance(kind, str) else None


Number = Annotated[Decimal, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Day = Annotated[str, PlainValidator(_day), WithJsonSchema({"type": "string"})]
Table = dict[str, str | bool | int | Decimal]
Condition = Annotated[str | Table, PlainValidator(_condition), WithJsonSchema({"type": ["string", "object"]})]
