"""The JSON Schema for editors: valid playbooks pass it, nearly every structural defect is flagged, and every key is described."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli_w

from careerkit.core.playbook.json_schema import build_json_schema
from careerkit.core.playbook.loader import check_playbook
from every_type_playbook import EVERY_TYPE
from long_run import take_share

ROOT = Path(__file__).parents[3]
EXAMPLE = (ROOT / "docs/example-playbook.toml").read_text(encoding="utf-8")
SCHEMA = build_json_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
PLAYBOOKS = [*sorted(ROOT.glob("playbooks/*/*.toml")), ROOT / "docs/example-playbook.toml"]

Document = dict[str, Any]
Path_ = tuple[Any, ...]


def find_errors(document: Document) -> list[str]:
    plain = json.loads(json.dumps(document, default=str))  # dates are texts in JSON
    return [error.message for error in VALIDATOR.iter_errors(plain)]


def list_tables(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The paths of all tables whose keys are fixed."""
    if isinstance(value, dict):
        if not path or (path[-1] not in ("when", "anchors", "with", "default") and "pick" not in value):
            yield path
        for key, each in value.items():
            if key not in ("when", "default"):
                yield from list_tables(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from list_tables(each, (*path, number))


def get_part(document: Document, path: Path_) -> Any:
    for step in path:
        document = document[step]
    return document


def change(path: Path_, edit: Callable[[Document], object]) -> Document:
    """The example with one table changed."""
    document = tomllib.loads(EXAMPLE)
    edit(get_part(document, path))
    return document


def list_defects() -> Iterator[tuple[str, Document]]:
    """The example with one structural defect each: unknown, misspelt and missing keys, wrong types, ids and words."""
    original = tomllib.loads(EXAMPLE)
    for path in list_tables(original):
        name = ".".join(map(str, path)) or "head"
        table = get_part(original, path)
        yield f"{name}: unknown key", change(path, lambda each: each.update(colour="red"))
        for key, value in table.items():
            place = f"{name}.{key}"
            yield f"{place} misspelt", change(path, lambda each, key=key: each.update({f"{key}s_": each.pop(key)}))
            yield f"{place} missing", change(path, lambda each, key=key: each.pop(key))
            for wrong in (True, 7, "", [], {}, ["x", 3], {"x": [1]}):
                if type(wrong) is not type(value):
                    new = copy.deepcopy(wrong)
                    yield f"{place} = {wrong!r}", change(path, lambda each, key=key, new=new: each.update({key: new}))
            if key in ("id", "type", "level"):
                for word in ("Not Allowed", "9x", "ä"):
                    yield f"{place} = {word}", change(path, lambda each, key=key, w=word: each.update({key: w}))


STRUCTURAL = frozenset(
    "unknown-key missing-key misplaced-key wrong-type unknown-type unknown-value bad-id empty-condition no-stage empty-stage".split()
)


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.stem)
def test_a_valid_playbook_passes(path):
    assert find_errors(tomllib.loads(path.read_text(encoding="utf-8"))) == []


def test_a_playbook_with_every_question_type_passes():
    assert find_errors(tomllib.loads(EVERY_TYPE)) == []


def test_nearly_every_structural_defect_is_flagged_and_nothing_that_the_check_accepts():
    flagged, missed, wrong = 0, [], []
    for name, document in take_share(list(list_defects()), one_in=13):
        problems = check_playbook(tomli_w.dumps(document).encode(), file="f")
        is_refused = bool(find_errors(document))
        errors = {each.code for each in problems if each.severity == "error"}
        if errors & STRUCTURAL:
            flagged += is_refused
            missed += [] if is_refused else [(name, errors)]
        elif not errors and is_refused:
            wrong.append(name)

    assert wrong == []
    assert flagged + len(missed) > 150
    assert flagged / (flagged + len(missed)) >= 0.95, missed


def test_every_key_has_a_description():
    tables = {"Playbook": SCHEMA, **SCHEMA["definitions"]}

    assert [
        f"{name}.{key}"
        for name, table in tables.items()
        for key, value in table["properties"].items()
        if not value.get("description", "").endswith((".", "?", ")", "}"))
    ] == []


def test_the_schema_is_a_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA)
