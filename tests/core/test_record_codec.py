"""Records are written and read according to their annotations, and all problems are reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import pytest

from careerkit.core.errors import Refused
from careerkit.core.frozen import Literal, frozen, replace
from careerkit.core.record_codec import (
    COUNT,
    NUMBER,
    NUMBER_MAP,
    TEXT,
    TEXTS,
    FieldType,
    Layout,
    RecordCodec,
    replace_surrogates,
)

Size = Literal["small", "large"]


@frozen
class Owner:
    name: str
    city: str = ""


@frozen
class Part:
    id: str
    note: str = ""


@frozen
class Crate:
    """A record with every kind of field."""

    title: str
    type: str
    value: object
    shown: str
    owner: Owner
    weight: Decimal | None
    size: Size = "small"
    count: int = 0
    tags: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    scores: Mapping[str, Decimal | None] = MappingProxyType({})
    unknown: Mapping[str, object] = MappingProxyType({})


TYPES = {
    "str": TEXT,
    "int": COUNT,
    "Decimal": NUMBER,
    "tuple[str, ...]": TEXTS,
    "Mapping[str, Decimal | None]": NUMBER_MAP,
    "object": FieldType(lambda raw: raw, ""),
}
LAYOUT = Layout(
    keys={"title": "name_of_crate"},
    order="name_of_crate size owner_name city count heavy weight * tags shown value type not_scored scores parts",
    always=("count",),
    same_as={"shown": "value"},
    by_type={"value": lambda kind: TEXT if kind == "text" else NUMBER},
    nulls={"scores": "not_scored"},
    inline=("owner",),
    derived={"heavy": (COUNT, lambda crate: int(crate.weight or 0))},
)
CODEC = RecordCodec(TYPES, {Crate: LAYOUT, Owner: Layout(keys={"name": "owner_name"})})
CRATE = Crate("Red", "text", "ten", "ten", Owner("Ana"), None)
TABLE = {
    "name_of_crate": "Red",
    "size": "small",
    "owner_name": "Ana",
    "count": 0,
    "heavy": 0,
    "value": "ten",
    "type": "text",
}


def problems_of(table: Mapping[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        CODEC.from_plain(Crate, table, noun="crate")
    return [(problem.code, str(problem.where)) for problem in refused.value.problems]


def test_keys_follow_the_order_of_the_layout_and_defaults_are_left_out():
    table = CODEC.to_plain(CRATE)

    assert list(table.items()) == list(TABLE.items())


@pytest.mark.parametrize(
    "crate",
    [
        CRATE,
        replace(CRATE, type="number", value=Decimal(10), weight=Decimal("2.5"), size="large", count=3),
        replace(CRATE, tags=("a", ""), parts=(Part("x"), Part("y", "note")), owner=Owner("Ben", "Da Nang")),
        replace(CRATE, scores={"a": Decimal(1), "b": None}),
        replace(CRATE, unknown={"mood": 3, "parts": {"x": {"colour": "red"}}}, parts=(Part("w"), Part("x"))),
    ],
)
def test_every_record_is_restored(crate):
    assert CODEC.from_plain(Crate, CODEC.to_plain(crate), noun="crate") == crate


def test_unknown_keys_are_put_back_where_they_were_and_never_hide_known_ones():
    crate = replace(CRATE, unknown={"mood": 3, "count": 9, "parts": {"x": {"id": "z", "new": 1}}}, parts=(Part("x"),))

    table = CODEC.to_plain(crate)

    assert list(table)[:6] == ["name_of_crate", "size", "owner_name", "count", "heavy", "mood"]
    assert (table["count"], table["parts"]) == (0, [{"id": "x", "new": 1}])


def test_all_problems_are_reported_at_once_each_with_its_path():
    table = {
        **TABLE,
        "size": "huge",
        "count": -1,
        "heavy": "very",
        "tags": ["a", 1],
        "scores": {"a": "much"},
        "not_scored": "b",
        "parts": [{"id": "x", "note": 1}, {"id": "x"}, {}],
    }
    del table["owner_name"], table["name_of_crate"]

    assert sorted(problems_of(table)) == [
        ("crate-duplicate", "parts[2].id"),
        ("crate-missing-key", "name_of_crate"),
        ("crate-missing-key", "owner_name"),
        ("crate-missing-key", "parts[3].id"),
        ("crate-wrong-type", "count"),
        ("crate-wrong-type", "heavy"),
        ("crate-wrong-type", "not_scored"),
        ("crate-wrong-type", "parts[1].note"),
        ("crate-wrong-type", "scores"),
        ("crate-wrong-type", "size"),
        ("crate-wrong-type", "tags"),
    ]


def test_the_type_of_a_field_can_depend_on_the_field_type():
    assert problems_of({**TABLE, "type": "number", "shown": "10"}) == [("crate-wrong-type", "value")]


def test_a_field_can_only_be_left_out_as_the_same_text():
    assert problems_of({**TABLE, "type": "number", "value": 10}) == [("crate-missing-key", "shown")]


def test_lone_surrogates_become_the_replacement_character_and_pairs_their_character():
    assert replace_surrogates("a\ud800 \ud83d\ude00 ü") == "a\ufffd 😀 ü"


def test_an_unknown_annotation_is_a_programming_error():
    @frozen
    class Odd:
        width: float

    with pytest.raises(TypeError, match="float"):
        CODEC.to_plain(Odd(1.0))
