"""Records are converted to plain tables and back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from careerkit.core.frozen import frozen
from careerkit.core.records import from_plain, to_plain


@frozen
class Leaf:
    id: str
    from_: Decimal | None = None


@frozen
class Tree:
    title: str
    leaves: tuple[Leaf, ...] = ()
    tags: tuple[str, ...] = ()
    steps: Mapping[int, str] | None = None
    one: Leaf | None = None


TREE = Tree("T", (Leaf("a"), Leaf("b", Decimal("1.5"))), ("x",), one=Leaf("c", Decimal(3)))
TABLE = {
    "title": "T",
    "leaves": [{"id": "a", "from": None}, {"id": "b", "from": Decimal("1.5")}],
    "tags": ["x"],
    "steps": None,
    "one": {"id": "c", "from": 3},
}


def test_a_record_is_converted_to_a_table_and_back() -> None:
    assert to_plain(TREE) == TABLE
    assert from_plain(Tree, TABLE) == TREE


def test_keys_that_are_numbers_come_back_as_numbers() -> None:
    tree = from_plain(Tree, {"title": "T", "steps": {"2": "b", "1": "a"}})

    assert tree.steps == {1: "a", 2: "b"}
    assert to_plain(tree)["steps"] == {"1": "a", "2": "b"}


def test_missing_and_null_keys_take_the_default() -> None:
    assert from_plain(Tree, {"title": "T", "tags": None}) == Tree("T")


def test_a_missing_key_without_a_default_is_named() -> None:
    with pytest.raises(KeyError, match="title"):
        from_plain(Tree, {})
