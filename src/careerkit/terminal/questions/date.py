"""Date questions: a full date, a short one, or one relative to today."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, cast

from careerkit.core.date_parsing import is_day_first, list_examples, parse_possible_dates
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Refused
from careerkit.core.frozen import frozen
from careerkit.core.text import to_ascii_width
from careerkit.terminal.keys.line_input import MAX_NUMBER_LENGTH, EditBuffer, LineInput, create_buffer
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.question_ui import QuestionUI

if TYPE_CHECKING:
    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal.keys.widget import Widget


@frozen
class DateInput(LineInput):
    """A text field for a date, with the weekday below."""

    prepared: PreparedQuestion
    buffer: EditBuffer

    def parse(self, text: str) -> object:
        return _parse_date(self.prepared, text)

    def format_text(self, value: Value) -> str:
        return cast("date", value).isoformat()

    def describe_input(self) -> str:
        return _describe_input(self.prepared.today)

    def describe_value(self, value: Value) -> str:
        return format_date(cast("date", value))


class DateUI(QuestionUI):
    def read_default(self, default: object, *, today: date) -> object:
        return parse_possible_dates(default, today=today)[0] if isinstance(default, str) else default

    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        del before
        text = "" if prepared.current is None else cast("date", prepared.current).isoformat()
        return DateInput(prepared, create_buffer(text, max_length=MAX_NUMBER_LENGTH))

    def describe_input(self, question: Question, choices: int) -> str:
        del question, choices
        return "A date, such as friday or +2w"

    def describe_prepared(self, prepared: PreparedQuestion) -> str:
        return _describe_input(prepared.today)

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        return _parse_date(prepared, line)


QUESTION_UIS = {"date": DateUI()}


def _describe_input(today: date) -> str:
    *others, last = list_examples(today)
    return f"A date, such as {', '.join(others)} or {last}"


def _parse_date(prepared: PreparedQuestion, text: str) -> date:
    """The first of the possible dates that is valid for the question, or the first of all if none is.

    Raises Refused where `text` isn't a date.
    """
    possible = parse_possible_dates(to_ascii_width(text), today=prepared.today, day_first=is_day_first(os.environ))
    return next((day for day in possible if _is_accepted(prepared, day)), possible[0])


def _is_accepted(prepared: PreparedQuestion, day: date) -> bool:
    try:
        prepared.validate(day)
    except Refused:
        return False
    return True
