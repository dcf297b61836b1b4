"""The ids and actions that an expression depends on."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from careerkit.core.expressions.ast import find_actions, find_free_names
from careerkit.core.expressions.parser import parse


def fields_of(name: str) -> Collection[str]:
    return {"people": ("person", "power", "knows"), "proof": ("item", "often")}.get(name, ())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2", set()),
        ("today", set()),
        ("harm", {"harm"}),
        ("harm + -spread * 2", {"harm", "spread"}),
        ("not a and b or c", {"a", "b", "c"}),
        ("a if b else c", {"a", "b", "c"}),
        ("kind in ['a', other]", {"kind", "other"}),
        ("'legal' not in gate", {"gate"}),
        ("answered(client)", {"client"}),
        ("band(severity) == 'note'", {"severity"}),
        ("highest(past, quality)", {"past", "quality"}),
        ("at(undo, chosen, 'weeks')", {"undo", "chosen"}),
        ("days_between(takeover, today)", {"takeover"}),
        ("count(people)", {"people"}),
        ("count(people, knows)", {"people"}),
        ("count(people, power > harm)", {"people", "harm"}),
        ("mean(people, power * harm, knows and own_slip)", {"people", "harm", "own_slip"}),
        ("any(proof, answered(item) and at(swing, item) > 3)", {"proof", "swing"}),
        ("each(people, person, power > harm)", {"people", "harm"}),
        ("max(people, power)", {"people"}),
        ("max(power, knows)", {"power", "knows"}),
        ("max(count(people, knows), power)", {"people", "power"}),
        ("count(people, max(power, harm) > 1)", {"people", "harm"}),
        ("done(tell_owner) and harm > 1", {"harm"}),
        ("count(people, done(tell_owner))", {"people"}),
    ],
)
def test_references_are_the_ids_outside_of_records(source: str, expected: set[str]) -> None:
    assert find_free_names(parse(source), fields_of) == expected


def test_the_actions_are_those_named_in_done() -> None:
    assert find_actions(parse("done(a) and (not done(b) or harm > 1) if done(c) else count(p, done(d)) > 1")) == set(
        "abcd"
    )
    assert find_actions(parse("harm in [1] or answered(a)")) == frozenset()
