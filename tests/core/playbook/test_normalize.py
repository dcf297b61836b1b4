"""Normalized tables, their JSON, and the playbook model built from them."""

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
from careerkit.core.playbook.loader import load_plain, load_playbook
from careerkit.core.playbook.model import read_playbook
from careerkit.core.questions.choice import ChoicesSpec, ListSpec
from careerkit.core.questions.grid import GridSpec
from careerkit.core.questions.number import DateSpec, NumberSpec, ScaleSpec
from careerkit.core.questions.question import Choice, Line, Options, Question
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.questions.text import NoteSpec, TextSpec
from careerkit.core.questions.weights import WeightsSpec
from careerkit.core.records import from_json, to_json


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    return load_plain(WHOLE.encode(), file="f")


@pytest.fixture(scope="module")
def playbook() -> model.Playbook:
    return load_playbook(WHOLE.encode(), file="f", id="a/b")


def asked(playbook: model.Playbook, name: str) -> Question:
    return next(each for each in playbook.questions if each.id == name)


def test_a_json_round_trip_gives_the_same_playbook(plain: dict[str, Any], playbook: model.Playbook) -> None:
    again = from_json(to_json(plain))

    assert again == plain
    assert read_playbook(again, id="a/b", sha256=playbook.sha256) == playbook


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


def test_numbers_are_plain_json_numbers(plain: dict[str, Any]) -> None:
    assert json.loads(to_json(plain))["computes"][1]["tally"][1]["points"] == -20.5


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False).filter(lambda number: number != number.to_integral_value()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10,
))  # fmt: skip
def test_json_keeps_every_digit(value: Any) -> None:
    assert from_json(to_json(value)) == value


def test_each_question_type_becomes_its_spec(playbook: model.Playbook) -> None:
    specs = {each.id: each.spec for each in playbook.questions}

    assert specs["owner"] == TextSpec(long=False, max=80)
    assert specs["harm"] == ScaleSpec(0, 4, {0: "none", 4: "much"})
    assert specs["months"] == NumberSpec(Decimal("-0.5"), Decimal(120), "months")
    assert specs["deadline"] == DateSpec("+0d", "2036-12-31")
    assert specs["known"] == ListSpec(1, 7)
    assert specs["swing"] == WeightsSpec(items="importance")
    assert specs["scores"] == GridSpec(
        Options(source="options"), Options(source="importance"), Decimal(0), Decimal(10), spread=True
    )
    assert isinstance(specs["people"], RecordsSpec)
    assert specs["people"].fields[0].private
    assert specs["gate"] == ChoicesSpec(
        (Choice("life", "Somebody's life", "Now"), Choice("legal", "A law"), Choice("none", "None"))
    )
    assert specs["breathe"] == NoteSpec((Line("Breathe, {owner}."), Line("It is much.", "harm > 2")))


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
def test_a_table_of_conditions_takes_text_numbers_and_booleans(when: str, expression: str) -> None:
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


def test_a_band_without_a_label_is_labelled_by_its_id(playbook: model.Playbook) -> None:
    assert playbook.computes[0].bands == (
        model.Band("note", "a note"), model.Band("meeting", "a meeting", Decimal(3)), model.Band("advice", "advice", Decimal("7.5"))
    )  # fmt: skip


def test_a_tally_has_its_start_and_limits(playbook: model.Playbook) -> None:
    past = playbook.computes[1]

    assert (past.start, past.min, past.max, past.value) == (10, -100, Decimal("50.5"), "")


def test_a_repeated_question_inherits_everything_but_conditions(playbook: model.Playbook) -> None:
    harm, months = playbook.checkins[1].questions[:2]
    original = asked(playbook, "harm")

    assert (harm.again, harm.type, harm.spec, harm.ask) == ("harm", original.type, original.spec, original.ask)
    assert (harm.default, harm.check, harm.required) == (None, "", True)
    assert (months.ask, months.required, months.check) == ("And now, how long?", False, "months_90 <= months")
    assert months.spec == asked(playbook, "months").spec


def test_a_repetition_can_be_repeated() -> None:
    text = STAGE + question("x", "scale", "max = 7") + CHECKIN + table("checkin.question", 'id = "y"\nagain = "x"')
    text += CHECKIN.replace('"c"', '"d"') + table("checkin.question", 'id = "z"\nagain = "y"')

    repeated = load_playbook(text.encode(), file="f", id="x").checkins[1].questions[0]

    assert (repeated.again, repeated.spec) == ("y", ScaleSpec(1, 7))


def test_answers_for_the_next_playbook_are_kept(playbook: model.Playbook) -> None:
    assert (playbook.findings[1].next, dict(playbook.findings[1].with_)) == ("path/choose", {"people": "people"})


def test_reading_normalized_tables_imports_neither_pydantic_nor_tomllib() -> None:
    program = "import sys, careerkit.core.playbook.model as model, careerkit.core.text;"
    program += "print([name for name in ('pydantic', 'tomllib', 'typing_extensions') if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
