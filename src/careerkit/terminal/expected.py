"""What fits a question, in a few words."""

from __future__ import annotations

from careerkit.core.playbook.model import (
    ChoiceForm,
    ChoicesForm,
    DateForm,
    GridForm,
    ListForm,
    NumberForm,
    Question,
    RankForm,
    ScaleForm,
    TextForm,
    WeightsForm,
    YesNoForm,
)
from careerkit.core.wording import number_text

LONG = 9
"""A list of more choices than that can be narrowed."""

NOTHING = "There is nothing to choose from yet"
"""Of a field that may be left out, where the question that it takes items of has no answer."""


def expected(question: Question, choices: int) -> str:
    """What a person may type, where `choices` can be chosen from."""
    match question.form:
        case TextForm(long=True):
            return "As many lines as you like; a line with only . ends"
        case ChoiceForm() | ChoicesForm() if not choices:
            return NOTHING
        case ChoiceForm():
            return f"{_numbers(choices)}, or the first letters{_narrowing(choices)}"
        case ChoicesForm() as form:
            return f"Numbers, such as {'1 3' if choices > 2 else '1 2'}{_limits(form, choices)}{_narrowing(choices)}"
        case YesNoForm():
            return "y or n"
        case ScaleForm(min=low, max=high):
            return f"A number from {low} to {high}"
        case NumberForm() as form:
            return _number(form)
        case DateForm():
            return "A date, such as 2026-12-01, friday, 1 dec or +2w"
        case ListForm(max=most):
            return f"One a line, {most} at most; an empty line ends"
        case RankForm():
            return f"All numbers, best first, such as {_example(choices)}"
        case WeightsForm():
            return f"100 points on one line, such as {_points(choices)}; a single number goes to the first, then one by one"
        case GridForm() as form:
            if form.spread:
                return f"Low, likely and high{_bounds(form)}, such as 3 5 8"
            return f"A number{_bounds(form)}"
    return "One line of text"


def _numbers(choices: int) -> str:
    return "1" if choices == 1 else f"A number from 1 to {choices}"


def _narrowing(choices: int) -> str:
    return "; /word narrows the list" if choices > LONG else ""


def _limits(form: ChoicesForm, choices: int) -> str:
    most = form.max if form.max is not None and form.max < choices else None
    if form.min == 0:
        return (f", {most} at most" if most else "") + "; - for none"
    if most is not None and most == form.min:
        return f", {most} of them"
    least = f", {form.min} at least" if form.min > 1 else ""
    return least + (f", {most} at most" if most is not None else "")


def _number(form: NumberForm) -> str:
    unit = f" in {form.unit}" if form.unit else ""
    return f"A number{unit}{_bounds(form)}"


def _bounds(form: NumberForm | GridForm) -> str:
    if form.min is not None and form.max is not None:
        return f" from {number_text(form.min)} to {number_text(form.max)}"
    if form.min is not None:
        return f", {number_text(form.min)} at least"
    return f", {number_text(form.max)} at most" if form.max is not None else ""


def _example(choices: int) -> str:
    places = [*range(2, choices + 1), 1] if choices > 1 else [1]
    return " ".join(str(place) for place in places[:6]) + (" …" if len(places) > 6 else "")


def _points(choices: int) -> str:
    share = 100 // max(choices, 1) // 5 * 5
    rest = [share] * max(choices - 1, 0)
    return " ".join(str(points) for points in [100 - sum(rest), *rest])
