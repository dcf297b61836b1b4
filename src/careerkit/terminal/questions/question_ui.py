"""The interface of a question type in the terminal: its widget for keys, and how it is asked line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from careerkit.terminal.lines.ask import Manner, ask_line, create_prompt

if TYPE_CHECKING:
    from datetime import date

    from careerkit.core.questions.question import Question
    from careerkit.core.values import Value
    from careerkit.terminal.keys.widget import Widget
    from careerkit.terminal.lines.dialog import Dialog
    from careerkit.terminal.questions.prepared_question import PreparedQuestion
    from careerkit.terminal.view_models import OptionList

AnswerParts = list[Any] | dict[str, Any]
"""An unfinished answer in line mode: lines, points, cells or forms, depending on the type. It is changed in place."""


class QuestionUI:
    """How the questions of one type are asked. This base class suits a type that is answered on one line."""

    echoes_answer = True
    """Line mode repeats the answer after it is saved. False where the person has just typed it in full."""

    # ------------------------------------------------------------ what both modes need

    def read_default(self, default: object, *, today: date) -> object:
        """The playbook's default as a raw answer. Raises Refused where it can't be parsed."""
        del today
        return default

    # ------------------------------------------------------------ keys

    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        """The widget, filled with the draft or the previous answer.

        `before` is the widget of the same question that was left unfinished, possibly with other choices.
        """
        raise NotImplementedError

    # ------------------------------------------------------------ lines

    def describe_input(self, question: Question, choices: int) -> str:
        """What a person may type, in a few words, given the number of choices."""
        raise NotImplementedError

    def describe_prepared(self, prepared: PreparedQuestion) -> str:
        """What a person may type as the answer to this question."""
        return self.describe_input(prepared.question, len(prepared.choices))

    def list_options(self, prepared: PreparedQuestion) -> tuple[OptionList, ...]:
        """What is listed above the prompt."""
        del prepared
        return ()

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        """The raw answer that `line` means. Raises Refused where it can't be parsed; whether it fits is checked later."""
        raise NotImplementedError

    def ask(
        self, dialog: Dialog, prepared: PreparedQuestion, parts: AnswerParts, *, manner: Manner, validate: bool
    ) -> object:
        """The raw answer, or None where it is left blank. Raises LeaveQuestion for a command that leaves the question.

        `parts` is kept up to date, so that leaving the question loses nothing. `validate`: ask again while the answer
        doesn't fit.
        """
        del parts
        if manner != "again":
            dialog.show(*self.list_options(prepared))
        prompt = create_prompt(prepared, self.describe_prepared(prepared), manner)
        return ask_line(dialog, prepared, lambda line: self.parse(prepared, line), prompt, validate=validate)

    def initial_parts(self, prepared: PreparedQuestion) -> AnswerParts:
        """The parts of the draft, or of the previous answer."""
        del prepared
        return []

    def join_parts(self, parts: AnswerParts) -> Value | None:
        """The parts as an answer that may be incomplete; None for a type without parts."""
        del parts
        return None

    def draft(self, prepared: PreparedQuestion, parts: AnswerParts) -> Value | None:
        """The unfinished answer, to be saved; None where nothing was entered, or only the previous answer."""
        value = self.join_parts(parts)
        return value if value and value != prepared.kept else None
