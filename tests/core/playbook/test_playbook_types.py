"""The types of names in expressions, and how computes depend on questions."""

from __future__ import annotations

import pytest
from playbook_samples import CHOICES, STAGE, WHOLE, compute, question

from careerkit.core.expressions.parser import parse
from careerkit.core.expressions.type_check import check_condition
from careerkit.core.expressions.types import (
    ChoicesType,
    ChoiceType,
    DateType,
    ListType,
    MatrixType,
    NumberType,
    RankType,
    TextType,
    WeightsType,
    YesNoType,
)
from careerkit.core.playbook.json_schema import build_json_schema
from careerkit.core.playbook.loader import load_playbook
from careerkit.core.playbook.model import Playbook
from careerkit.core.playbook.types import NestedScope, Order, PlaybookTypes

OPTIONS = ("stay", "go", "try")
CRITERIA = ("trust", "money")


@pytest.fixture(scope="module")
def whole() -> Playbook:
    return load_playbook(WHOLE.encode(), file="f", id="a/b")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("owner", TextType()),
        ("kind", ChoiceType(("mistake", "boss"))),
        ("gate", ChoicesType(("life", "legal", "none"))),
        ("harm", NumberType()),
        ("harm_90", NumberType()),
        ("months", NumberType()),
        ("glad", YesNoType()),
        ("deadline", DateType()),
        ("known", ListType()),
        ("importance", RankType(CRITERIA)),
        ("swing", WeightsType(CRITERIA)),
        ("scores", MatrixType(OPTIONS, CRITERIA, spread=True)),
        ("chosen", ChoiceType(OPTIONS)),
        ("severity", NumberType()),
        ("past", NumberType()),
        ("unaware", ListType()),
        ("main_load", ChoiceType(("past", "severity"))),
        ("fit_first", ChoiceType(OPTIONS)),
        ("fit_second", ChoiceType(OPTIONS)),
        ("fit_share", NumberType()),
        ("fit_flip", NumberType()),
        ("fit_flip_on", ChoiceType(CRITERIA)),
        ("fit_dominated", ChoicesType(OPTIONS)),
        ("fit_level", ChoicesType(OPTIONS)),
        ("breathe", None),
        ("nobody", None),
    ],
)
def test_each_name_has_its_type(whole: Playbook, name: str, expected: object) -> None:
    assert PlaybookTypes(whole).type_of(name) == expected


def test_records_have_the_types_of_their_fields(whole: Playbook) -> None:
    types = PlaybookTypes(whole)

    assert types.type_of("people").fields == {  # type: ignore[union-attr]
        "person": TextType(), "power": NumberType(), "knows": YesNoType(), "since": DateType()
    }  # fmt: skip
    assert types.type_of("deeper").fields == {"item": ChoiceType(OPTIONS), "behind": TextType()}  # type: ignore[union-attr]


def test_choices_from_a_list_are_unknown_until_it_is_answered() -> None:
    text = STAGE + question("l", "list") + question("c", "choice", 'items = "l"')

    assert PlaybookTypes(load_playbook(text.encode(), file="f", id="x")).type_of("c") == ChoiceType(None)


def test_bands_are_known_by_their_ids(whole: Playbook) -> None:
    types = PlaybookTypes(whole)

    assert types.band_ids("severity") == ("note", "meeting", "advice")
    assert types.band_ids("past") is None
    assert types.band_ids("harm") is None


def test_a_nested_scope_adds_fields_and_actions(whole: Playbook) -> None:
    scope = NestedScope(PlaybookTypes(whole), fields={"power": NumberType()}, actions=("tell",))

    check_condition(parse("power > 2 and harm > 2 and done(tell) and band(severity) == 'note'"), scope)

    assert "power" in scope.names()
    assert PlaybookTypes(whole).action_ids() is None


def test_a_compute_depends_on_questions_through_other_computes(whole: Playbook) -> None:
    order = Order(whole)

    assert order.depends_on("severity") == {"harm", "months"}
    assert order.depends_on("past") == {"people", "importance", "kind", "harm"}
    assert order.depends_on("main_load") == order.depends_on("severity") | order.depends_on("past")
    assert order.depends_on("fit_share") == {"swing", "scores"}
    assert order.depends_on("nobody") == frozenset()
    assert order.latest_question("main_load") == "people"
    assert order.latest("kept_share") > order.last_of_stages


def test_computes_are_ordered_after_their_dependencies() -> None:
    text = (
        STAGE
        + question("n", "number")
        + compute("c", 'value = "b + a"')
        + compute("b", 'value = "a"')
        + compute("a", 'value = "n"')
    )

    order = Order(load_playbook(text.encode(), file="f", id="x"))

    assert order.bottom_up == ("a", "b", "c")
    assert (order.depth("c"), order.depth("n")) == (3, 0)
    assert order.circles == []


def test_a_decision_with_ranked_weights_has_the_ranked_ids_as_columns() -> None:
    text = STAGE + question("r", "rank", CHOICES) + question("w", "weights", 'items = "r"')
    grid = question("g", "grid", f'rows = [ {{ id = "o", label = "O" }} ]\n{CHOICES.replace("choices", "columns")}')

    loaded = load_playbook(
        (text + grid + '[[decision]]\nid = "d"\nweights = "w"\nscores = "g"\n').encode(), file="f", id="x"
    )

    assert PlaybookTypes(loaded).type_of("d_flip_on") == ChoiceType(("a", "b"))


def test_the_format_has_a_json_schema() -> None:
    found = build_json_schema()

    assert set(found["required"]) == {"format", "title", "summary", "stage"}
    assert "with" in found["definitions"]["Finding"]["properties"]
