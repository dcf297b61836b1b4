"""A playbook as plain tables, as JSON, and as the model that all the rest works with."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playbook_samples import CHECKIN, STAGE, WHOLE, question, table

from careerkit.core.playbook import model
from careerkit.core.playbook.building import playbook_of
from careerkit.core.playbook.json_text import from_json, to_json
from careerkit.core.playbook.loading import load_plain, load_playbook


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    return load_plain(WHOLE.encode(), file="f")


@pytest.fixture(scope="module")
def playbook() -> model.Playbook:
    return load_playbook(WHOLE.encode(), file="f", id="a/b")


def asked(playbook: model.Playbook, name: str) -> model.Question:
    return next(each for each in playbook.questions if each.id == name)


def test_json_and_back_gives_the_same_playbook(plain: dict[str, Any], playbook: model.Playbook) -> None:
    again = from_json(to_json(plain))

    assert again == plain
    assert playbook_of(again, id="a/b", sha256=playbook.sha256) == playbook


def test_plain_tables_have_every_key_of_every_question(plain: dict[str, Any]) -> None:
    questions = [each for stage in plain["stages"] for each in stage["questions"]]
    keys = {
        "id",
        "type",
        "ask",
        "hint",
        "required",
        "when",
        "choices",
        "min",
        "max",
        "fields",
        "rows",
        "columns",
        "items",
    }

    assert all(keys <= set(each) for each in questions)
    assert len({tuple(sorted(each)) for each in questions}) == 1
    assert set(plain) >= {"title", "summary", "stages", "computes", "findings", "drafts", "actions", "checkins"}


def test_json_can_be_read_by_anybody(plain: dict[str, Any]) -> None:
    assert json.loads(to_json(plain))["computes"][1]["tally"][1]["points"] == -20.5


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: number != number.to_integral_value()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10,
))  # fmt: skip
def test_json_keeps_every_digit(value: Any) -> None:
    assert from_json(to_json(value)) == value


def test_each_type_of_question_becomes_its_form(playbook: model.Playbook) -> None:
    forms = {each.id: each.form for each in playbook.questions}

    assert forms["owner"] == model.TextForm(long=False, max=80)
    assert forms["harm"] == model.ScaleForm(0, 4, {0: "none", 4: "much"})
    assert forms["months"] == model.NumberForm(Decimal("-0.5"), Decimal(120), "months")
    assert forms["deadline"] == model.DateForm("+0d", "2036-12-31")
    assert forms["known"] == model.ListForm(1, 7)
    assert forms["swing"] == model.WeightsForm(model.Options(source="importance"))
    assert forms["scores"] == model.GridForm(
        model.Options(source="options"), model.Options(source="importance"), Decimal(0), Decimal(10), spread=True
    )
    assert isinstance(forms["people"], model.RecordsForm)
    assert forms["people"].fields[0].private
    assert forms["gate"] == model.ChoicesForm(
        model.Options((
            model.Choice("life", "Somebody's life", "Now"), model.Choice("legal", "A law"), model.Choice("none", "None")
        ))
    )  # fmt: skip
    assert forms["breathe"] == model.NoteForm((model.Line("Breathe, {owner}."), model.Line("It is much.", "harm > 2")))


def test_a_table_of_conditions_is_an_expression(playbook: model.Playbook) -> None:
    assert asked(playbook, "story").when == "kind == 'mistake'"
    assert playbook.computes[1].tally[1].when == "kind == 'mistake' and harm == 4"


@pytest.mark.parametrize(
    ("when", "expression"),
    [
        ("{ x = true }", "x == true"),
        ("{ n = -0.5 }", "n == -0.5"),
        ('{ c = "a" }', "c == 'a'"),
        ("{ n = 3, x = false }", "n == 3 and x == false"),
    ],
)
def test_a_table_of_conditions_takes_texts_numbers_and_yes_or_no(when: str, expression: str) -> None:
    choices = 'choices = [ { id = "a", label = "A" } ]'
    text = (
        STAGE
        + question("x")
        + question("n", "number")
        + question("c", "choice", choices)
        + question("y", rest=f"when = {when}")
    )

    assert load_playbook(text.encode(), file="f", id="x").questions[-1].when == expression


def test_prose_becomes_lines(playbook: model.Playbook) -> None:
    assert [line.text for line in playbook.findings[0].text] == ["Call somebody now.", "", "- One", "- Two"]


def test_a_band_without_a_label_is_called_by_its_id(playbook: model.Playbook) -> None:
    assert playbook.computes[0].bands == (
        model.Band("note", "a note"), model.Band("meeting", "a meeting", Decimal(3)), model.Band("advice", "advice", Decimal("7.5"))
    )  # fmt: skip


def test_a_tally_starts_and_ends_where_it_says(playbook: model.Playbook) -> None:
    past = playbook.computes[1]

    assert (past.start, past.min, past.max, past.value) == (10, -100, Decimal("50.5"), "")


def test_a_repeated_question_takes_over_all_but_its_conditions(playbook: model.Playbook) -> None:
    harm, months = playbook.checkins[1].questions[:2]
    original = asked(playbook, "harm")

    assert (harm.again, harm.type, harm.form, harm.ask) == ("harm", original.type, original.form, original.ask)
    assert (harm.default, harm.check, harm.required) == (None, "", True)
    assert (months.ask, months.required, months.check) == ("And now, how long?", False, "months_90 <= months")
    assert months.form == asked(playbook, "months").form


def test_a_question_can_be_repeated_by_way_of_a_repetition() -> None:
    text = STAGE + question("x", "scale", "max = 7") + CHECKIN + table("checkin.question", 'id = "y"\nagain = "x"')
    text += CHECKIN.replace('"c"', '"d"') + table("checkin.question", 'id = "z"\nagain = "y"')

    repeated = load_playbook(text.encode(), file="f", id="x").checkins[1].questions[0]

    assert (repeated.again, repeated.form) == ("y", model.ScaleForm(1, 7))


def test_what_is_carried_over_is_kept(playbook: model.Playbook) -> None:
    assert (playbook.findings[1].next, dict(playbook.findings[1].carry)) == ("path/choose", {"people": "people"})


def test_building_from_plain_tables_imports_neither_pydantic_nor_toml() -> None:
    program = "import sys, careerkit.core.playbook.building, careerkit.core.playbook.json_text, careerkit.core.playbook.template;"
    program += "print([name for name in ('pydantic', 'tomllib', 'typing_extensions') if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
