"""The fast reader of playbooks and the Pydantic models agree on which files fit, and on their normal form."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from playbook_samples import WHOLE

from careerkit.core.playbook import normal_form, schema
from careerkit.core.playbook.decode import decode
from careerkit.core.playbook.normal_form import read_fitting
from careerkit.core.playbook.recovery import recover
from long_run import take_share
from playbook_cases import REPOSITORY, list_bundled_ids

STRANGE = (
    *("", "x", "text", 0, 1, -1, True, False, Decimal("1.5"), Decimal(2), [], {}, [[]], [{}], ["x"], [1], {"x": "y"}),
    *(
        {"x": 1},
        {"pick": "x"},
        {"pick": 1},
        {"text": "x"},
        {"text": "x", "when": {"a": True}},
        {"id": "a", "label": "A"},
    ),
    *(date(2026, 1, 5), datetime(2026, 1, 5, 9), time(9), {"when": {}}, {"when": "x", "at": "+1d"}, [{"text": 1}]),
)
KEYS = (
    "id",
    "when",
    "text",
    "again",
    "type",
    "ask",
    "fields",
    "anchors",
    "default",
    "with",
    "from",
    "stages",
    "x",
    "min",
)

EVERY_KEY = WHOLE.replace("[[stage]]", '[[situation]]\nabout = "people"\ntext = "x"\n[[stage]]', 1)


def test_both_know_the_same_annotations():
    assert normal_form._READERS.keys() == schema._FILE_TYPES.keys()


@pytest.mark.parametrize("playbook_id", list_bundled_ids())
def test_a_bundled_playbook_has_the_same_normal_form_either_way(playbook_id):
    assert_agree(read_tables((REPOSITORY / "playbooks" / f"{playbook_id}.toml").read_text(encoding="utf-8")))


def test_whatever_a_value_is_replaced_by_both_agree_whether_it_fits():
    tables = read_tables(EVERY_KEY)
    places = list(find_places(tables).values())
    fitting = 0
    cases = take_share([(place, value) for place in places for value in STRANGE], one_in=7)
    for (*path, key), value in cases:
        changed = deepcopy(tables)
        follow(changed, path)[key] = deepcopy(value)
        fitting += assert_agree(changed)

    assert len(places) > 100
    assert len(cases) / 20 < fitting < len(cases) / 2


@pytest.mark.parametrize("key", KEYS)
def test_whatever_key_is_added_or_missing_both_agree_whether_it_fits(key):
    tables = read_tables(EVERY_KEY)
    for *path, name in find_places(tables).values():
        for value in (None, "x", []):
            changed = deepcopy(tables)
            table = follow(changed, path)
            if isinstance(table, dict):
                table.pop(name)
                table |= {} if value is None else {key: value}
                assert_agree(changed)


def read_tables(text: str) -> dict[str, object]:
    tables = decode(text.encode(), "f").tables
    assert tables is not None
    return tables


def assert_agree(tables: dict[str, object]) -> bool:
    """Does it fit, as both say?"""
    slow = recover(tables)
    fast = read_fitting(tables)
    assert (fast is not None) is (not slow.diagnostics), slow.diagnostics
    if fast is not None:
        assert repr(fast) == repr(slow.plain)
    return fast is not None


def find_places(tables: dict[str, object]) -> dict[tuple[object, ...], tuple[str | int, ...]]:
    """One path for each key of each kind of table, and for each kind of list."""
    found: dict[tuple[object, ...], tuple[str | int, ...]] = {}
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), tables)]
    while waiting:
        path, value = waiting.pop()
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        kind = value.get("type") if isinstance(value, dict) else None
        for key, each in inner:
            pattern = tuple("#" if isinstance(part, int) else part for part in (*path, key))
            found.setdefault((pattern, kind), (*path, key))
            waiting.append(((*path, key), each))
    return found


def follow(tables: object, path: list[str | int]) -> object:
    for part in path:
        tables = tables[part]
    return tables
