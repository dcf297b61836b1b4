"""Valid and invalid answers for every question type."""

from datetime import date
from decimal import Decimal

import pytest

from careerkit.core.errors import Refused
from careerkit.core.questions.question import validate_answer
from scenario import parse_playbook

ABC = 'choices = [ { id = "a", label = "A" }, { id = "b", label = "B" }, { id = "c", label = "C" } ]'
TODAY = date(2026, 11, 22)

QUESTIONS = {
    "text": 'type = "text"\nmax = 10',
    "choice": f'type = "choice"\n{ABC}',
    "choices": f'type = "choices"\nmax = 2\n{ABC}',
    "any_choices": f'type = "choices"\nmin = 0\n{ABC}',
    "yesno": 'type = "yesno"',
    "scale": 'type = "scale"\nmin = 0\nmax = 4',
    "number": 'type = "number"\nmin = 0\nmax = 100\nunit = "%"',
    "date": 'type = "date"\nmin = "+0d"\nmax = "2026-12-31"',
    "list": 'type = "list"\nmax = 3',
    "empty_list": 'type = "list"\nmin = 0',
    "rank": f'type = "rank"\n{ABC}',
    "weights": f'type = "weights"\n{ABC}',
    "grid": 'type = "grid"\nmin = 0\nmax = 9\nrows = [ { id = "r", label = "R" } ]\n'
    'columns = [ { id = "x", label = "X" }, { id = "y", label = "Y" } ]',
    "spread": 'type = "grid"\nspread = true\nrows = [ { id = "r", label = "R" } ]\ncolumns = [ { id = "x", label = "X" } ]',
    "records": 'type = "records"\nfields = [ { id = "who", type = "text", ask = "Who?" }, '
    '{ id = "age", type = "number", ask = "Age?", required = false } ]',
    "note": 'type = "note"\ntext = "Words"',
}


@pytest.fixture(scope="module")
def questions():
    stage = '[[stage]]\nid = "s"\ntitle = "S"\n'
    each = "".join(f'[[stage.question]]\nid = "q_{name}"\nask = "Q?"\n{keys}\n' for name, keys in QUESTIONS.items())
    return {question.id.removeprefix("q_"): question for question in parse_playbook(stage + each).questions}


@pytest.mark.parametrize(
    ("question", "raw", "value"),
    [
        ("text", "words", "words"),
        ("text", "a\r\nb\rc", "a\nb\nc"),
        ("text", " kept ", " kept "),
        ("choice", "b", "b"),
        ("choices", ["c", "a"], ("a", "c")),
        ("any_choices", [], ()),
        ("yesno", True, True),
        ("scale", 0, Decimal(0)),
        ("number", Decimal("0.1"), Decimal("0.1")),
        ("number", 0.1, Decimal("0.1")),
        ("number", " 12 ", Decimal(12)),
        ("date", date(2026, 11, 22), TODAY),
        ("date", "2026-12-01", date(2026, 12, 1)),
        ("list", [" one ", "two"], ("one", "two")),
        ("empty_list", [], ()),
        ("rank", ["b", "c", "a"], ("b", "c", "a")),
        ("weights", {"a": 40, "b": 60}, {"a": 40, "b": 60, "c": 0}),
        ("grid", {"r": {"x": 1, "y": "2"}}, {"r": {"x": 1, "y": 2}}),
        ("spread", {"r": {"x": [3, 5, 8]}}, {"r": {"x": (3, 5, 8)}}),
        ("spread", {"r": {"x": "3 5 8"}}, {"r": {"x": (3, 5, 8)}}),
        ("spread", {"r": {"x": 4}}, {"r": {"x": (4, 4, 4)}}),
        ("records", [{"who": "M"}], ({"who": "M"},)),
    ],
)
def test_a_valid_answer_is_returned_in_its_normal_form(questions, question, raw, value):
    assert validate_answer(questions[question], raw, choices_of=lambda o: o.choices, today=TODAY) == value


@pytest.mark.parametrize(
    ("question", "raw", "code"),
    [
        ("text", 3, "not-text"),
        ("text", " \n ", "empty"),
        ("text", "more than ten", "too-long"),
        ("choice", "d", "unknown-choice"),
        ("choice", ["a"], "unknown-choice"),
        ("choices", [], "too-few"),
        ("choices", ["a", "b", "c"], "too-many"),
        ("choices", ["a", "a"], "twice"),
        ("choices", "a", "not-a-list"),
        ("yesno", 1, "not-yes-or-no"),
        ("yesno", "yes", "not-yes-or-no"),
        ("scale", 5, "too-large"),
        ("scale", -1, "too-small"),
        ("scale", Decimal("1.5"), "not-whole"),
        ("scale", True, "not-a-number"),
        ("number", "many", "not-a-number"),
        ("number", Decimal("Infinity"), "too-large"),
        ("number", Decimal("1e99"), "too-large"),
        ("number", "1e-99", "too-large"),
        ("number", None, "not-a-number"),
        ("date", "2026-02-30", "not-a-date"),
        ("date", 5, "not-a-date"),
        ("date", "2026-11-21", "too-early"),
        ("date", "2027-01-01", "too-late"),
        ("list", [], "too-few"),
        ("list", ["a", "b", "c", "d"], "too-many"),
        ("list", ["a", " a "], "twice"),
        ("list", ["a", " "], "empty"),
        ("list", {"a": 1}, "not-a-list"),
        ("rank", ["a", "b"], "not-ranked"),
        ("weights", {"a": 40, "b": 50}, "not-100"),
        ("weights", {"a": 140, "b": -40}, "too-large"),
        ("weights", {"z": 100}, "unknown-choice"),
        ("weights", [100], "not-a-table"),
        ("grid", {"r": {"x": 1}}, "missing"),
        ("grid", {"r": {"x": 1, "y": 10}}, "too-large"),
        ("grid", {"r": {"x": 1, "y": [1, 2, 3]}}, "not-one-number"),
        ("grid", {"q": {"x": 1, "y": 1}}, "unknown-choice"),
        ("spread", {"r": {"x": [8, 5, 3]}}, "not-rising"),
        ("spread", {"r": {"x": [1, 2]}}, "not-a-spread"),
        ("records", [{"age": 3}], "missing"),
        ("records", [{"who": "M", "agee": 3}], "unknown-field"),
        ("records", [], "too-few"),
        ("records", ["M"], "not-a-table"),
        ("note", "x", "not-a-question"),
    ],
)
def test_an_invalid_answer_is_refused_with_a_reason_at_the_question(questions, question, raw, code):
    with pytest.raises(Refused) as refused:
        validate_answer(questions[question], raw, choices_of=lambda o: o.choices, today=TODAY)
    problem = refused.value.problems[0]
    assert (problem.code, problem.where) == (code, f"q_{question}")
    assert problem.message
    assert problem.hint


def test_all_bad_cells_and_fields_are_reported_at_once(questions):
    with pytest.raises(Refused) as refused:
        validate_answer(questions["grid"], {"r": {"x": 10, "y": "no"}}, choices_of=lambda o: o.choices, today=TODAY)
    assert [problem.code for problem in refused.value.problems] == ["too-large", "not-a-number"]
    with pytest.raises(Refused) as refused:
        validate_answer(questions["records"], [{"who": "", "age": "x"}], choices_of=lambda o: o.choices, today=TODAY)
    assert [problem.code for problem in refused.value.problems] == ["empty", "not-a-number"]


def test_a_lone_surrogate_is_replaced(questions):
    assert validate_answer(questions["text"], "a\ud800b", choices_of=lambda o: o.choices, today=TODAY) == "a?b"
