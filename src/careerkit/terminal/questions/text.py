"""Text questions: one line, or several, which can also be written in an editor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self, cast

from careerkit.core.errors import Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.text import abbreviate, format_count, is_blank, to_ascii_width
from careerkit.core.values import collapse_spaces
from careerkit.terminal.dialog import AnswerParts, Dialog, EditorText, Manner, QuestionUI, create_prompt, read_answer
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import EditBuffer, LineInput, create_buffer
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.view_models import InfoMessage, Option, OptionList, Paragraphs, Prompt

if TYPE_CHECKING:
    from careerkit.coaching.ports import Skip, Submit
    from careerkit.core.questions.question import Question
    from careerkit.core.questions.text import TextSpec
    from careerkit.core.values import Value
    from careerkit.terminal.keys.widget import Widget

MAX_SUGGESTIONS = 3
"""Suggestions shown at a time in the widget."""
MAX_SHOWN_DRAFT = 2_000
"""Characters of a long draft that are shown again: its end."""
DRAFT_NOTE = "Your text so far. Type more lines, .. to remove the last line, or . to finish:"


@frozen
class TextInput(LineInput):
    """A text field of one line or several. It suggests what the person wrote in earlier entries."""

    prepared: PreparedQuestion
    buffer: EditBuffer

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.buffer.multiline:
            return "Alt-Enter continue", "Enter new line", "Ctrl-X Ctrl-E editor"
        return ("Enter continue",)

    def press(self, press: Press) -> Self | Submit | Skip | None:
        if press is Key.RIGHT and self.buffer.cursor == len(self.buffer.text) and self._completions:
            return replace(self, buffer=create_buffer(self._completions[0], max_length=self.buffer.max_length))
        return LineInput.press(self, press)

    def parse(self, text: str) -> object:
        return text

    def format_text(self, value: Value) -> str:
        return cast("str", value)

    def draft(self) -> Value | None:
        return self.buffer.text if not is_blank(self.buffer.text) and self.buffer.text != self.prepared.kept else None

    def editor_text(self) -> str | None:
        return self.buffer.text

    def with_editor_text(self, text: str) -> Self:
        return self.with_input_line(text if self.buffer.multiline else collapse_spaces(text))

    @property
    def _completions(self) -> tuple[str, ...]:
        if not self.prepared.own_suggestions or len(self.buffer.text) > max(map(len, self.prepared.own_suggestions)):
            return ()
        typed = self.buffer.text.casefold()
        return tuple(
            each
            for each in self.prepared.own_suggestions
            if each.casefold().startswith(typed) and each != self.buffer.text
        )

    def note(self) -> str:
        if self._completions:
            return f"Right accepts what you wrote before: {', '.join(self._completions[:MAX_SUGGESTIONS])}"
        return LineInput.note(self)

    def describe_text(self) -> str:
        most = cast("TextSpec", self.prepared.question.spec).max
        left = most - len(self.buffer.text)
        if left < 0:
            return f"{format_count(-left, 'character')} too long"
        return f"{left:,} characters left" if left < max(20, most // 10) else ""


class TextUI(QuestionUI):
    echoes_answer = False

    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        if isinstance(before, TextInput) and before.prepared.kept == prepared.kept:
            return TextInput(prepared, before.buffer)
        form = cast("TextSpec", prepared.question.spec)
        text = cast("str", prepared.current or "")
        return TextInput(prepared, create_buffer(text, multiline=form.long, max_length=form.max))

    def describe_input(self, question: Question, choices: int) -> str:
        del choices
        long = cast("TextSpec", question.spec).long
        return "As many lines as you like; end with a . on its own" if long else "One line of text"

    def list_options(self, prepared: PreparedQuestion) -> tuple[OptionList, ...]:
        numbered = enumerate(prepared.own_suggestions, start=1)
        return (OptionList(tuple(Option(*each) for each in numbered)),) if prepared.own_suggestions else ()

    def parse(self, prepared: PreparedQuestion, line: str) -> object:
        """The suggestion with that number, or the line as it was typed."""
        word = to_ascii_width(line.strip())
        suggestions = prepared.own_suggestions
        is_number = word.isascii() and word.isdecimal() and len(word) <= 2
        return suggestions[int(word) - 1] if is_number and 1 <= int(word) <= len(suggestions) else line

    def ask(
        self, dialog: Dialog, prepared: PreparedQuestion, parts: AnswerParts, *, manner: Manner, validate: bool
    ) -> object:
        lines = cast("list[str]", parts)
        if cast("TextSpec", prepared.question.spec).long:
            prompt = create_prompt(prepared, self.describe_input(prepared.question, 0), manner)
            return _LongTextDialog(dialog, prepared, lines, validate=validate).ask(prompt)
        if manner != "again":
            dialog.show(*self.list_options(prepared))
        return self._ask_line(dialog, prepared, lines, self._create_prompt(prepared, manner), validate=validate)

    def initial_parts(self, prepared: PreparedQuestion) -> AnswerParts:
        is_long = cast("TextSpec", prepared.question.spec).long
        return cast("str", prepared.draft).split("\n") if is_long and prepared.draft else []

    def draft(self, prepared: PreparedQuestion, parts: AnswerParts) -> Value | None:
        is_long = cast("TextSpec", prepared.question.spec).long
        value = "\n".join(cast("list[str]", parts)) if is_long else ""
        return value if value and value != prepared.kept else None

    def _create_prompt(self, prepared: PreparedQuestion, manner: Manner) -> Prompt:
        has_suggestions = bool(prepared.own_suggestions)
        expected = "A name, or the number of an earlier one" if has_suggestions else "One line of text"
        return create_prompt(prepared, expected, manner)

    def _ask_line(
        self, dialog: Dialog, prepared: PreparedQuestion, lines: list[str], prompt: Prompt, *, validate: bool
    ) -> object:
        def take(line: str) -> object:
            return read_answer(dialog, prepared, partial(self.parse, prepared), line, validate=validate)

        while True:
            try:
                answer = dialog.ask_until_valid(prompt, take, edit=lambda: _format_for_editor(prepared, lines))
            except EditorText as edited:
                lines[:] = [collapse_spaces(edited.text)]
                try:
                    return prepared.validate(lines[0]) if validate else lines[0]
                except Refused as refused:
                    dialog.show_errors(refused.problems)
            else:
                lines[:] = [answer] if isinstance(answer, str) else []
                return answer


class _LongTextDialog:
    """Reads lines until one that is only a full stop. `lines` grows with each, so that leaving loses nothing."""

    def __init__(self, dialog: Dialog, prepared: PreparedQuestion, lines: list[str], *, validate: bool) -> None:
        self._dialog = dialog
        self._prepared = prepared
        self._lines = lines
        self._validate = validate

    def ask(self, prompt: Prompt) -> object:
        if self._lines:
            self._dialog.show(InfoMessage(DRAFT_NOTE), Paragraphs(_shorten_draft("\n".join(self._lines))))
        while True:
            try:
                return self._read_text(prompt)
            except Refused as refused:
                self._dialog.show_errors(refused.problems)
                prompt = Prompt(on_enter=prompt.on_enter)

    def _read_text(self, prompt: Prompt) -> object:
        while True:
            try:
                line = self._dialog.read_line(
                    prompt, edit=lambda: _format_for_editor(self._prepared, self._lines), keeps_line_ends=True
                )
            except EditorText as edited:
                self._check_edited(edited.text)
                return self._finish(edited.text)
            prompt = Prompt(is_continuation=True)
            command = to_ascii_width(line)
            if not self._lines and (is_blank(line) or command.strip() == "."):
                return self._prepared.enter_value()
            if command == ".":
                return self._finish("\n".join(self._lines))
            self._add_line(line)

    def _check_edited(self, text: str) -> None:
        """Raises Refused for a text that can't be the answer. The editor offers it again."""
        try:
            self._prepared.validate(text)
        except Refused:
            self._dialog.reject_edited(text)
            raise

    def _add_line(self, line: str) -> None:
        if to_ascii_width(line) != "..":
            self._lines.append(line)
        elif self._lines:
            self._dialog.show(InfoMessage(f"Removed: {abbreviate(self._lines.pop())}"))

    def _finish(self, text: str) -> object:
        self._lines[:] = text.split("\n")
        return self._prepared.validate(text) if self._validate else text


def _shorten_draft(text: str) -> str:
    if len(text) <= MAX_SHOWN_DRAFT:
        return text
    return f"({len(text) - MAX_SHOWN_DRAFT:,} characters before this)\n{text[-MAX_SHOWN_DRAFT:]}"


def _format_for_editor(prepared: PreparedQuestion, lines: list[str]) -> str:
    return "\n".join(lines) or str(prepared.kept or prepared.default or "")


QUESTION_UIS = {"text": TextUI()}
