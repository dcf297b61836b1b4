"""Which kinds the names of a playbook have in expressions, and what rests on what."""

from __future__ import annotations

import pytest
from playbook_samples import CHOICES, STAGE, WHOLE, compute, question

from careerkit.core.expression import check_condition, parse
from careerkit.core.expression.kinds import (
    ChoiceKind,
    ChoicesKind,
    DateKind,
    GridKind,
    ListKind,
    NumberKind,
    RankKind,
    TextKind,
    WeightsKind,
    YesNoKind,
)
from careerkit.core.playbook.document import schema
from careerkit.core.playbook.kinds import Kinds, Sight
from careerkit.core.playbook.loading import load_playbook
from careerkit.core.playbook.model import Playbook
from careerkit.core.playbook.order import Order

OPTIONS = ("stay", "go", "try")
CRITERIA = ("trust", "money")


@pytest.fixture(scope="module")
def whole() -> Playbook:
    return load_playbook(WHOLE.encode(), file="f", id="a/b")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("owner", TextKind()),
        ("kind", ChoiceKind(("mistake", "boss"))),
        ("gate", ChoicesKind(("life", "legal", "none"))),
        ("harm", NumberKind()),
        ("harm_90", NumberKind()),
        ("months", NumberKind()),
        ("glad", YesNoKind()),
        ("deadline", DateKind()),
        ("known", ListKind()),
        ("importance", RankKind(CRITERIA)),
        ("swing", WeightsKind(CRITERIA)),
        ("scores", GridKind(OPTIONS, CRITERIA, spread=True)),
        ("chosen", ChoiceKind(OPTIONS)),
        ("severity", NumberKind()),
        ("past", NumberKind()),
        ("unaware", ListKind()),
        ("main_load", ChoiceKind(("past", "severity"))),
        ("fit_first", ChoiceKind(OPTIONS)),
        ("fit_second", ChoiceKind(OPTIONS)),
        ("fit_share", NumberKind()),
        ("fit_flip", NumberKind()),
        ("fit_flip_on", ChoiceKind(CRITERIA)),
        ("fit_dominated", ChoicesKind(OPTIONS)),
        ("fit_level", ChoicesKind(OPTIONS)),
        ("breathe", None),
        ("nobody", None),
    ],
)
def test_each_name_has_its_kind(whole: Playbook, name: str, kind: object) -> None:
    assert Kinds(whole).kind_of(name) == kind


def test_records_have_the_kinds_of_their_fields(whole: Playbook) -> None:
    kinds = Kinds(whole)

    assert kinds.kind_of("people").fields == {  # type: ignore[union-attr]
        "person": TextKind(), "power": NumberKind(), "knows": YesNoKind(), "since": DateKind()
    }  # fmt: skip
    assert kinds.kind_of("deeper").fields == {"item": ChoiceKind(OPTIONS), "behind": TextKind()}  # type: ignore[union-attr]


def test_what_is_chosen_from_a_list_is_known_only_once_it_is_answered() -> None:
    text = STAGE + question("l", "list") + question("c", "choice", 'items = "l"')

    assert Kinds(load_playbook(text.encode(), file="f", id="x")).kind_of("c") == ChoiceKind(None)


def test_bands_are_known_by_their_ids(whole: Playbook) -> None:
    kinds = Kinds(whole)

    assert kinds.bands_of("severity") == ("note", "meeting", "advice")
    assert kinds.bands_of("past") is None
    assert kinds.bands_of("harm") is None


def test_the_kinds_are_a_scope_with_more_in_sight_where_more_is(whole: Playbook) -> None:
    sight = Sight(Kinds(whole), fields={"power": NumberKind()}, actions=("tell",))

    check_condition(parse("power > 2 and harm > 2 and done(tell) and band(severity) == 'note'"), sight)

    assert "power" in sight.names()
    assert Kinds(whole).action_ids() is None


def test_a_compute_rests_on_questions_through_other_computes(whole: Playbook) -> None:
    order = Order(whole)

    assert order.rests_on("severity") == {"harm", "months"}
    assert order.rests_on("past") == {"people", "importance", "kind", "harm"}
    assert order.rests_on("main_load") == order.rests_on("severity") | order.rests_on("past")
    assert order.rests_on("fit_share") == {"swing", "scores"}
    assert order.rests_on("nobody") == frozenset()
    assert order.latest_question("main_load") == "people"
    assert order.latest("kept_share") > order.last_of_stages


def test_computes_are_ordered_after_what_they_rest_on() -> None:
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


def test_a_decision_between_ranked_things_needs_the_same_things_as_columns() -> None:
    text = STAGE + question("r", "rank", CHOICES) + question("w", "weights", 'items = "r"')
    grid = question("g", "grid", f'rows = [ {{ id = "o", label = "O" }} ]\n{CHOICES.replace("choices", "columns")}')

    loaded = load_playbook(
        (text + grid + '[[decision]]\nid = "d"\nweights = "w"\nscores = "g"\n').encode(), file="f", id="x"
    )

    assert Kinds(loaded).kind_of("d_flip_on") == ChoiceKind(("a", "b"))


def test_the_format_has_a_json_schema() -> None:
    found = schema()

    assert set(found["required"]) == {"format", "title", "summary"}
    assert "with" in found["$defs"]["FindingDocument"]["properties"]
