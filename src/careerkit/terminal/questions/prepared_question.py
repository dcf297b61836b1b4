"""A question ready to be asked: with its choices, and the previous answer, draft or default."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import NO_SUGGESTIONS
from careerkit.core.errors import Problem, Refused
from careerkit.core.facts import Facts
from careerkit.core.frozen import frozen
from careerkit.core.playbook.model import Playbook, Stage
from careerkit.core.questions.choice import ChoicesSpec
from careerkit.core.questions.question import Choice, Options, Question, validate_answer
from careerkit.core.rendering import TextRenderer
from careerkit.core.values import collapse_spaces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careerkit.core.questions.question import ShowsField
    from careerkit.core.values import Record, Value


@frozen
class PreparedQuestion:
    """`question` has fixed choices, never a reference to another answer.

    `kept` is the part of the previous answer that is still valid, `draft` an unfinished answer, and `default` the answer
    that the playbook offers; each may be None. `choices` of a records question are the items that each get a form.
    `suggestions` are earlier answers, by the id of the text question or field. The limits of a date are relative to
    `started`, the day the interview started, or to `today` if that is None. `shows_field` says which fields a form asks
    for; None if it asks for all.
    """

    question: Question
    choices: tuple[Choice, ...] = ()
    columns: tuple[Choice, ...] = ()
    kept: Value | None = None
    draft: Value | None = None
    default: Value | None = None
    today: date = date.min
    suggestions: Mapping[str, tuple[str, ...]] = NO_SUGGESTIONS
    started: date | None = None
    shows_field: ShowsField | None = None

    @property
    def current(self) -> Value | None:
        """What an input starts with: the draft, or the previous answer."""
        return self.draft if self.draft is not None else self.kept

    @property
    def can_keep(self) -> bool:
        """Is the previous answer complete, given the current choices?"""
        return self.kept is not None and self.question.spec.is_complete(self.kept, self.choices_of)

    @property
    def own_suggestions(self) -> tuple[str, ...]:
        """Earlier answers to this very question."""
        return self.suggestions.get(self.question.id, ())

    def asks_field(self, field: Question, form: Mapping[str, object]) -> bool:
        """Is this field asked in a form with these values?"""
        if not field.when or self.shows_field is None:
            return True
        given = {key: value for key, value in form.items() if value is not None}
        return self.shows_field(field, cast("Record", given))

    def enter_value(self) -> Value | None:
        """The answer that an empty line gives: the previous one, the default, or None where it may be left blank.

        Raises Refused where an answer is needed.
        """
        if self.can_keep:
            return self.kept
        if self.default is None and self.question.required:
            hint = "Answer it as well as you can, or type :skip to skip it."
            raise Refused(Problem("empty", "The answer is empty.", hint))
        return self.default

    def describe_enter(self) -> str:
        """What an empty line does, in words; "" where it does nothing."""
        if self.can_keep:
            return f"keeps: {self.format_value(cast('Value', self.kept))}"
        if self.default is not None:
            return f"accepts: {self.format_value(self.default)}"
        return "" if self.question.required else "leaves it blank"

    def validate(self, raw: object) -> Value:
        """`raw` as a valid answer. Raises Refused where it doesn't fit the question."""
        return validate_answer(self.question, raw, choices_of=self.choices_of, today=self.started or self.today)

    def choices_of(self, options: Options) -> tuple[Choice, ...]:
        return self.choices if options.source else options.choices

    def format_value(self, value: Value) -> str:
        """`value` on one line."""
        return collapse_spaces(self._create_renderer().render_answer(self.question.id, value))

    def format_record(self, record: Mapping[str, object]) -> str:
        """One form of a records question on one line, complete or not."""
        return collapse_spaces(self._create_renderer().format_items(self.question.id, (cast("Record", record),))[0])

    def _create_renderer(self) -> TextRenderer:
        sources = [each.source for each in self.question.spec.all_options if each.source]
        questions = [*(Question(each, "choices", ChoicesSpec(self.choices), "") for each in sources), self.question]
        stage = Stage("here", "", tuple(questions))
        return TextRenderer(Facts(Playbook("here", "", "", "", stages=(stage,)), {}, today=self.today))
