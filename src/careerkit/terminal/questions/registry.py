"""The registry of question types: find the QuestionUI of a type, prepare a question, and create its widget.

The QuestionUI of the type `t` is in `careerkit.terminal.questions.t`, or in the module that MODULES names, in its dict
QUESTION_UIS. The module is imported when the first question of that type is asked.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import NO_SUGGESTIONS
from careerkit.core.errors import Refused
from careerkit.core.frozen import replace
from careerkit.terminal.questions.prepared_question import PreparedQuestion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from careerkit.core.interview_steps import Ask
    from careerkit.core.questions.question import Choice, Question
    from careerkit.core.values import Value
    from careerkit.terminal.dialog import QuestionUI
    from careerkit.terminal.keys.widget import Widget

MODULES = {"choices": "choice", "yesno": "choice", "scale": "number", "date": "number", "rank": "weights"}


@cache
def load_ui(question_type: str) -> QuestionUI:
    module = import_module(f"careerkit.terminal.questions.{MODULES.get(question_type, question_type)}")
    return cast("QuestionUI", module.QUESTION_UIS[question_type])


def prepare(
    ask: Ask,
    *,
    today: date,
    suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
) -> PreparedQuestion:
    """The question of `ask`, without the parts of earlier answers that no longer fit."""
    spec = ask.question.spec.fix_choices(ask.choices, ask.columns, ask.field_choices)
    prepared = PreparedQuestion(
        replace(ask.question, spec=spec, ask=ask.ask),
        ask.choices,
        ask.columns,
        today=today,
        suggestions=suggestions,
        started=ask.today,
        shows_field=ask.shows_field,
    )
    kept, draft = (
        None if each is None else prepared.question.spec.prune(each, prepared.choices_of)
        for each in (ask.kept, ask.draft)
    )
    return replace(prepared, kept=kept, draft=draft, default=_validate_default(prepared, ask.default))


def prepare_field(
    field: Question,
    *,
    kept: Value | None,
    today: date,
    suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
) -> PreparedQuestion:
    """One field of a form, whose choices are fixed already."""
    prepared = PreparedQuestion(field, list_choices(field), kept=kept, today=today, suggestions=suggestions)
    return replace(prepared, default=_validate_default(prepared, field.default))


def create_widget(prepared: PreparedQuestion, *, before: Widget | None = None) -> Widget:
    """The widget for the question; see QuestionUI.create_widget."""
    return load_ui(prepared.question.type).create_widget(prepared, before)


def list_choices(question: Question) -> tuple[Choice, ...]:
    """The fixed choices of the question; none where they come from another answer, or its type has none."""
    return question.spec.options.choices if question.spec.options else ()


def _validate_default(prepared: PreparedQuestion, default: object) -> Value | None:
    """The playbook's default; None where there is none, or it doesn't fit."""
    if default is None:
        return None
    try:
        raw = load_ui(prepared.question.type).read_default(default, today=prepared.today)
        return prepared.validate(raw)
    except Refused:
        return None
