"""The registry of question types, and that every type is complete."""

from __future__ import annotations

import pytest

from careerkit.core.questions.question import Spec, find_spec_class, list_question_types


def test_every_module_with_a_spec_is_a_type() -> None:
    assert list_question_types() == (
        "choice",
        "choices",
        "date",
        "grid",
        "list",
        "note",
        "number",
        "rank",
        "records",
        "scale",
        "text",
        "weights",
        "yesno",
    )


@pytest.mark.parametrize("word", ["options", "question", "validation", "chioce", "", "a.b", "../text", "__init__"])
def test_an_unknown_type_is_not_found(word: str) -> None:
    assert find_spec_class(word) is None


@pytest.mark.parametrize("name", list_question_types())
def test_a_type_has_its_own_validation_and_a_type_in_expressions(name: str) -> None:
    spec = find_spec_class(name)

    assert spec is not None
    assert issubclass(spec, Spec)
    assert spec.validate is not Spec.validate
    assert not spec.has_answer or spec.expression_type is not Spec.expression_type
