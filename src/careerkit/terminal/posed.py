"""A question as it stands at the moment it is asked: with its choices filled in, its kept answer, what is offered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from careerkit.coaching.screen import NO_SUGGESTIONS
from careerkit.core.answer import accept, is_complete, present
from careerkit.core.facts import Facts
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import (
    Choice,
    ChoiceForm,
    ChoicesForm,
    DateForm,
    Form,
    GridForm,
    Options,
    Playbook,
    Question,
    RankForm,
    RecordsForm,
    Stage,
    WeightsForm,
)
from careerkit.core.problem import Problem, Refused
from careerkit.core.wording import Wording, one_line
from careerkit.core.written_date import possible_dates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerkit.core.interview import Ask
    from careerkit.core.value import Record, Value


@frozen
class Posed:
    """`question` has fixed choices in place of items. `kept` is what holds of the answer given before, `begun` of one that
    was not handed in yet.

    `choices` are the items of a records question that has one form for each. `suggestions` are, by the id of a form's field,
    what was written before.
    """

    question: Question
    choices: tuple[Choice, ...] = ()
    columns: tuple[Choice, ...] = ()
    kept: Value | None = None
    begun: Value | None = None
    offered: Value | None = None
    today: date = date.min
    suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS

    @property
    def there(self) -> Value | None:
        """What stands there when it is asked: what was begun last, or the kept answer."""
        return self.begun if self.begun is not None else self.kept

    @property
    def may_keep(self) -> bool:
        """Does the kept answer answer all that is asked now?"""
        return self.kept is not None and is_complete(self.question, self.kept, self.choices_of)

    @property
    def suggested(self) -> tuple[str, ...]:
        """What was written before in answer to this very question."""
        return self.suggestions.get(self.question.id, ())

    def on_enter(self) -> Value | None:
        """What Enter alone stands for: the kept answer, what is offered, or None where the answer may be left out."""
        if self.may_keep:
            return self.kept
        if self.offered is None and self.question.required:
            hint = "Answer it as well as you can, or type :skip to put it off."
            raise Refused(Problem("empty", "There is nothing in this answer.", hint))
        return self.offered

    def enter_words(self) -> str:
        """What Enter alone does, in words; "" where it does nothing."""
        if self.may_keep:
            return f"keeps: {self.words(cast('Value', self.kept))}"
        if self.offered is not None:
            return f"takes: {self.words(self.offered)}"
        return "" if self.question.required else "leaves it out"

    def check(self, raw: object) -> Value:
        """The value that `raw` is, or Refused."""
        return accept(self.question, raw, choices_of=self.choices_of, today=self.today)

    def choices_of(self, options: Options) -> tuple[Choice, ...]:
        return self.choices if options.source else options.choices

    def words(self, value: Value) -> str:
        """How `value` reads on one line."""
        return one_line(self._wording().answer(self.question.id, value))

    def lines(self, value: Value) -> list[str]:
        """How `value` reads one by one: the lines of a list, the forms of records."""
        return [one_line(each) for each in self._wording().several(self.question.id, value)]

    def record_words(self, record: Mapping[str, object]) -> str:
        """How one form reads, whole or not."""
        return self.lines((cast("Record", record),))[0]

    def _wording(self) -> Wording:
        questions = [self.question]
        match self.question.form:
            case RecordsForm(items=items) if items:
                questions.insert(0, Question(items, "choices", ChoicesForm(Options(self.choices)), ""))
        stage = Stage("here", "", tuple(questions))
        return Wording(Facts(Playbook("here", "", "", "", stages=(stage,)), {}, today=self.today))


def pose(
    ask: Ask,
    *,
    today: date,
    suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
) -> Posed:
    """The question of `ask`."""
    form = _fixed(ask.question, ask.choices, ask.columns, ask.field_choices)
    posed = Posed(
        replace(ask.question, form=form, ask=ask.ask), ask.choices, ask.columns, today=today, suggestions=suggestions
    )
    kept, begun = (
        None if each is None else present(posed.question, each, posed.choices_of) for each in (ask.kept, ask.begun)
    )
    return replace(posed, kept=kept, begun=begun, offered=offered(posed, ask.default))


def pose_field(
    field: Question,
    *,
    kept: Value | None,
    today: date,
    suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS,
) -> Posed:
    """One field of a form, whose choices are fixed already."""
    posed = Posed(field, choices_in(field), kept=kept, today=today, suggestions=suggestions)
    return replace(posed, offered=offered(posed, field.default))


def offered(posed: Posed, default: object) -> Value | None:
    """What the playbook offers as an answer; None where it does not fit (any more)."""
    if default is None:
        return None
    try:
        if isinstance(posed.question.form, DateForm) and isinstance(default, str):
            default = possible_dates(default, today=posed.today)[0]
        return posed.check(default)
    except Refused:
        return None


def choices_in(question: Question) -> tuple[Choice, ...]:
    match question.form:
        case ChoiceForm(options=options) | ChoicesForm(options=options) | RankForm(options=options):
            return options.choices
    return ()


def _fixed(
    question: Question,
    choices: tuple[Choice, ...],
    columns: tuple[Choice, ...],
    fields: Mapping[str, tuple[Choice, ...]],
) -> Form:
    match question.form:
        case ChoiceForm() | ChoicesForm() | RankForm() | WeightsForm() as form:
            return replace(form, options=Options(choices))
        case GridForm() as form:
            return replace(form, rows=Options(choices), columns=Options(columns))
        case RecordsForm() as form:
            inner = (replace(each, form=_fixed(each, _choices_of_field(each, fields), (), {})) for each in form.fields)
            return replace(form, fields=tuple(inner))
    return question.form


def _choices_of_field(field: Question, fields: Mapping[str, tuple[Choice, ...]]) -> tuple[Choice, ...]:
    return choices_in(field) or tuple(fields.get(field.id, ()))
