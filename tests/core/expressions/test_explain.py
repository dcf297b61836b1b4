"""How the calculation of a value is shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from careerkit.core.expressions.ast import ListLiteral
from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_value
from careerkit.core.rendering import explain_expression
from careerkit.core.values import Value

VALUES: dict[str, Value] = {
    "harm": Decimal(3),
    "spread": Decimal(1),
    "lasting": Decimal(2),
    "repeat": Decimal(0),
    "months": Decimal("2.50"),
    "own_slip": True,
    "kind": "mistake",
    "deadline": date(2026, 12, 1),
    "past": Decimal(70),
    "quality": Decimal("-30.125"),
    "gate": ("legal",),
    "criteria": ("pay", "joy"),
    "people": ({"person": "Ann", "power": Decimal(4), "knows": True},),
    "importance": ("patience", "empathy"),
    "scores": {"deep": {"pay": Decimal(1)}},
}

LABELS = {
    "mistake": "A mistake of mine",
    "boss": "My manager",
    "high": "a load",
    "past": "The past",
    "quality": "The quality",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("2 * harm + spread + lasting + repeat", "2 × 3 + 1 + 2 + 0"),
        ("severity + 1", "… + 1"),
        ("(4 - at(importance, 'patience')) * (5 - harm)", "(4 - 1) × (5 - 3)"),
        ("harm - (spread - lasting)", "3 - (1 - 2)"),
        ("harm - spread - lasting", "3 - 1 - 2"),
        ("harm - (spread + lasting)", "3 - (1 + 2)"),
        ("harm + (spread - lasting)", "3 + 1 - 2"),
        ("harm / (spread * 2)", "3 / (1 × 2)"),
        ("harm * (spread / 2)", "3 × 1 / 2"),
        ("(harm + 1) / months", "(3 + 1) / 2.5"),
        ("-harm", "-3"),
        ("2 * -harm", "2 × (-3)"),
        ("-(harm + 1)", "-(3 + 1)"),
        ("--harm", "-(-3)"),
        ("2 * quality", "2 × (-30.13)"),
        ("quality", "-30.13"),
        ("round(100 * harm / spread, 2)", "round(100 × 3 / 1)"),
        ("max(past, quality, harm + 1)", "max(70, -30.13, 3 + 1)"),
        ("max(severity, past)", "…"),
        ("min(harm + 1, past)", "min(3 + 1, 70)"),
        ("max(people, power)", "4"),
        ("max(scores)", "1"),
        ("100 * count(people, knows) / count(people)", "100 × 1 / 1"),
        ("(1 if own_slip else 0) + (1 if harm > 5 else 0)", "1 + 0"),
        ("2 * (harm + 1 if own_slip else 0)", "2 × (3 + 1)"),
        ("harm >= 3", "3 ≥ 3"),
        ("harm + 1 != 2", "3 + 1 ≠ 2"),
        ("severity < 3", "… < 3"),
        ("deadline > today", "2026-12-01 > 2026-11-22"),
        ("deadline", "2026-12-01"),
        ("own_slip", "yes"),
        ("not own_slip", "no"),
        ("kind == 'mistake'", "yes"),
        ("'legal' in gate and harm > 1", "yes"),
        ("highest(past, quality, severity)", "highest of The past 70, The quality -30.13, severity …"),
        ("kind", "A mistake of mine"),
        ("kind if own_slip else 'boss'", "A mistake of mine"),
        ("'boss' if answered(severity) else kind", "A mistake of mine"),
        ("kind if answered(severity) else 'boss'", "My manager"),
        ("band(past)", "a load"),
        ("'2026-01-01' if own_slip else deadline", "2026-01-01"),
        ("criteria", "pay, joy"),
        ("each(people, person)", "Ann"),
        ("severity", "…"),
        ("100000000000000 * 100", "100000000000000 × 100"),
        ("9999999999999999", "1.00E+16"),
        ("0.001", "0"),
        ("100", "100"),
        ("1 / 0", "1 / 0"),
    ],
)
def test_the_values_are_filled_in(source: str, expected: str, scope, answers) -> None:
    node = parse(source)
    check_value(node, scope)

    assert (
        explain_expression(node, answers(VALUES, bands={"past": "high"}), lambda each: LABELS.get(each, each))
        == expected
    )


def test_whole_answers_are_not_explained(answers) -> None:
    assert explain_expression(ListLiteral(()), answers(VALUES), str) == "…"
