"""Text input: the widget of a text field, the buffer in which text is edited, and a form of several fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Self, cast

from careerkit.coaching.ports import Skip, Submit
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.graphemes import MAX_LENGTH, find_grapheme_end, find_grapheme_start, is_extending, snap_to_boundary
from careerkit.core.questions.question import Question
from careerkit.core.text import is_blank
from careerkit.core.values import Value
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.widget import Block, Canvas, Row, Widget
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.registry import create_widget, prepare_field

MAX_NUMBER_LENGTH = 200
"""Characters of a number or a date."""
DEFAULT_MAX_LENGTH = 20_000
"""Characters of a text."""
MAX_OVERFLOW = 20_000
"""Characters by which a text may exceed its maximum length while the person shortens it."""
EMPTY_HINT = "Answer it as well as you can, or press Ctrl-O to skip it."

LEFT_BLANK = "left blank"


class LineInput:
    """A text field. It starts with the previous answer; a default only shows in the note below.

    Subclasses are frozen records with these two fields. They define how the text is parsed, and what is said about it.
    """

    __slots__ = ()

    prepared: PreparedQuestion
    buffer: EditBuffer

    def parse(self, text: str) -> object:
        """The raw answer. Raises Refused where the text can't be parsed."""
        raise NotImplementedError

    def format_text(self, value: Value) -> str:
        """An answer as a person would type it."""
        raise NotImplementedError

    def describe_input(self) -> str:
        """What a person may type."""
        return ""

    def describe_value(self, value: Value) -> str:
        """What a valid answer means, where that isn't obvious."""
        del value
        return ""

    @property
    def takes_text(self) -> bool:
        return True

    @property
    def key_hints(self) -> tuple[str, ...]:
        return ("Enter continue",)

    def press(self, press: Press) -> Self | Submit | Skip | None:
        if press is Key.SUBMIT or (press is Key.ENTER and not self.buffer.multiline):
            return self._submit()
        if press is Key.ESCAPE and not self.buffer.text and self.prepared.kept is not None:
            text = self.format_text(self.prepared.kept)
            return replace(self, prepared=replace(self.prepared, draft=None), buffer=self._fill_buffer(text))
        buffer = self.buffer.press(press)
        return None if buffer is None else replace(self, buffer=buffer)

    def view(self, canvas: Canvas) -> Block:
        field = canvas.input(self.buffer.text, self.buffer.cursor, first=(canvas.pointer(here=True),))
        note = self.note()
        notes = canvas.prose(note, "dim", first=(("", "  "),)) if note else []
        return Block((*field.rows, *notes), field.cursor)

    def view_beside(self, problems: Iterable[Problem], canvas: Canvas) -> Block:
        """The field, without its note if that says what one of the `problems` shown below says."""
        shown = self.view(canvas)
        note = self.note()
        if not note or all(f"{each.message} {each.hint}" != note for each in problems):
            return shown
        return Block(shown.rows[: -len(canvas.prose(note, "dim", first=(("", "  "),)))], shown.cursor)

    def draft(self) -> Value | None:
        return None

    def input_line(self) -> str:
        return "" if "\n" in self.buffer.text else self.buffer.text

    def with_input_line(self, text: str) -> Self:
        return replace(self, buffer=self._fill_buffer(text))

    def editor_text(self) -> str | None:
        return None

    def with_editor_text(self, text: str) -> Self:
        return self.with_input_line(text)

    def _fill_buffer(self, text: str) -> EditBuffer:
        return create_buffer(text, multiline=self.buffer.multiline, max_length=self.buffer.max_length)

    def _submit(self) -> Submit | Skip:
        if is_blank(self.buffer.text):
            return self._submit_nothing()
        return Submit(self.prepared.validate(self.parse(self.buffer.text)))

    def _submit_nothing(self) -> Submit | Skip:
        if self.prepared.kept is not None:
            hint = "Esc restores your previous answer; Ctrl-O leaves it unchanged."
            raise Refused(Problem("empty", "The answer is empty.", hint))
        if self.prepared.default is not None:
            return Submit(self.prepared.default)
        if self.prepared.question.required:
            raise Refused(Problem("empty", "The answer is empty.", EMPTY_HINT))
        return Skip()

    def note(self) -> str:
        """The note below the text field."""
        if is_blank(self.buffer.text):
            return ". ".join(each for each in (self.describe_input(), self._describe_enter()) if each)
        return self.describe_text()

    def describe_text(self) -> str:
        """What the text means, or why it isn't valid. "" for a date that can't be parsed, because it may be incomplete."""
        try:
            value = self.prepared.validate(self.parse(self.buffer.text))
        except Refused as refused:
            problem = refused.problems[0]
            return f"{problem.message} {problem.hint}" if problem.code != "not-a-date" else ""
        return self.describe_value(value)

    def _describe_enter(self) -> str:
        if self.prepared.kept is not None:
            return "Esc restores your previous answer"
        if self.prepared.default is not None:
            return f"Enter accepts: {self.prepared.format_value(self.prepared.default)}"
        return "" if self.prepared.question.required else "Enter leaves it blank"


@frozen
class EditBuffer:
    """A text with a cursor. `multiline`: it may contain line ends. `max_length` applies to the finished text.

    The cursor moves by graphemes (what a person takes for one character), and is never inside one. The words deleted last
    can be inserted again in any buffer.
    """

    text: str = ""
    cursor: int = 0
    multiline: bool = False
    max_length: int = DEFAULT_MAX_LENGTH

    def press(self, press: Press) -> EditBuffer | None:
        """The text after `press`; None where the key has no meaning here. Raises Refused for a paste that is far too long."""
        if isinstance(press, str):
            return self.insert(press)
        if press is Key.ENTER and self.multiline:
            return self.insert("\n")
        if press is Key.YANK:
            return self.insert(_last_deleted.text)
        if press in (Key.UP, Key.DOWN) and self.multiline:
            return self._move_line(-1 if press is Key.UP else 1)
        position = self._cursor_after(press)
        if position is not None:
            return replace(self, cursor=position)
        deleted = self._deleted_range(press)
        if deleted is None:
            return None
        start, end = deleted
        after = replace(self, text=self.text[:start] + self.text[end:], cursor=start)
        if press not in (Key.BACKSPACE, Key.DELETE):
            _last_deleted.keep(self, after, self.text[start:end], backwards=start < self.cursor)
        return after

    def insert(self, typed: str) -> EditBuffer:
        """The text with `typed` at the cursor. Raises Refused for a paste that is far too long, or isn't UTF-8."""
        # The length is checked first, because everything else takes time that grows with the paste.
        if len(self.text) + len(typed) > self.max_length + MAX_OVERFLOW:
            message = f"That has {len(typed):,} characters; {self.max_length:,} fit. It was not inserted."
            raise Refused(Problem("too-long", message, "Paste only the part that matters."))
        typed = typed.replace("\r\n", "\n").replace("\r", "\n")
        if not self.multiline:
            typed = typed.replace("\n", " ")
        if not typed.isascii() and any("\ud800" <= char <= "\udfff" for char in typed):
            raise Refused(
                Problem("not-utf-8", "This contains bytes that are not UTF-8. It was not inserted.", "Type it again.")
            )
        text = self.text[: self.cursor] + typed + self.text[self.cursor :]
        return replace(self, text=text, cursor=self.cursor + len(typed))

    def _cursor_after(self, press: Key) -> int | None:
        match press:
            case Key.LEFT:
                return find_grapheme_start(self.text, self.cursor)
            case Key.RIGHT:
                return find_grapheme_end(self.text, self.cursor)
            case Key.HOME:
                return self._line_start()
            case Key.END:
                return self._line_end()
            case Key.WORD_LEFT:
                return self._word_left()
            case Key.WORD_RIGHT:
                return self._word_right()
        return None

    def _deleted_range(self, press: Key) -> tuple[int, int] | None:
        match press:
            case Key.BACKSPACE:
                return find_grapheme_start(self.text, self.cursor), self.cursor
            case Key.DELETE:
                return self.cursor, find_grapheme_end(self.text, self.cursor)
            case Key.DELETE_WORD:
                return self._word_left(), self.cursor
            case Key.DELETE_NEXT_WORD:
                return self.cursor, self._word_right()
            case Key.DELETE_LEFT:
                return self._line_start(), self.cursor
            case Key.DELETE_RIGHT:
                return self.cursor, self._line_end()
        return None

    def _line_start(self) -> int:
        return self.text.rfind("\n", 0, self.cursor) + 1

    def _line_end(self) -> int:
        end = self.text.find("\n", self.cursor)
        return len(self.text) if end < 0 else end

    def _word_left(self) -> int:
        """The beginning of the word, or of the punctuation marks, before the cursor."""
        found = _compile_word_patterns()[0].match(self.text[: self.cursor][::-1])
        place = self.cursor - (found.end() if found else 0)
        last = min(self.cursor, place + MAX_LENGTH)
        while place < last and is_extending(self.text[place]):  # it belongs to what is before the word
            place += 1
        return snap_to_boundary(self.text, place)

    def _word_right(self) -> int:
        """The end of the word after the cursor."""
        found = _compile_word_patterns()[1].match(self.text, self.cursor)
        return found.end() if found else len(self.text)

    def _move_line(self, step: int) -> EditBuffer:
        """The cursor one line up or down, in the same column where the line is long enough."""
        column = self.cursor - self._line_start()
        if step < 0:
            if self._line_start() == 0:
                return replace(self, cursor=0)
            above = self.text.rfind("\n", 0, self._line_start() - 1) + 1
            return self._with_cursor(min(above + column, self._line_start() - 1))
        if self._line_end() == len(self.text):
            return replace(self, cursor=len(self.text))
        below = self._line_end() + 1
        end = self.text.find("\n", below)
        return self._with_cursor(min(below + column, len(self.text) if end < 0 else end))

    def _with_cursor(self, place: int) -> EditBuffer:
        return replace(self, cursor=snap_to_boundary(self.text, place))


def create_buffer(text: str, *, multiline: bool = False, max_length: int = DEFAULT_MAX_LENGTH) -> EditBuffer:
    """A buffer with `text` and the cursor after it."""
    return EditBuffer(text, len(text), multiline, max_length)


@frozen
class FieldForm:
    """`values` has the completed fields by id, None for one left blank; `drafts` the widgets of unfinished fields."""

    prepared: PreparedQuestion
    fields: tuple[Question, ...]
    values: Mapping[str, object]
    at: int = 0
    drafts: Mapping[str, Widget] = MappingProxyType({})

    @property
    def field(self) -> Question:
        return self.fields[self.at]

    @property
    def widget(self) -> Widget:
        return self.drafts.get(self.field.id) or create_widget(self._prepare(self.field))

    @property
    def is_blank(self) -> bool:
        return not any(value is not None for key, value in self.values.items() if key != "item") and not self.drafts

    def press(self, press: Press) -> FieldForm | Mapping[str, object] | None:
        """The form after `press`, or its values once the last field is complete; None where the key has no meaning here.

        Raises Refused for what doesn't fit.
        """
        after = self.widget.press(press)
        match after:
            case Submit(value=raw):
                return self._complete_field(raw)
            case Skip():
                return self._complete_field(None)
            case None:
                return self._change_field(press)
        return self.with_widget(after)

    def view(self, canvas: Canvas) -> Block:
        indent: Row = (("", "  "),)
        rows: list[Row] = []
        cursor = (0, 0)
        for place, field in enumerate(self.fields):
            if not self.asks(place):
                continue
            if place == self.at:
                rows += canvas.prose(field.ask, "bold", first=(("cyan", f"{canvas.symbols.current} "),))
                rows += canvas.prose(field.hint, "dim", first=indent) if field.hint else []
                inner = self.widget.view(canvas.narrower(2))
                cursor = len(rows) + inner.cursor[0], inner.cursor[1] + 2
                rows += [(*indent, *row) for row in inner.rows]
            else:
                text = f"{field.ask} {self._format_answer(field)}".rstrip()
                rows += canvas.prose(canvas.shorten(text, canvas.width - 2), "dim", first=indent)
        return Block(tuple(rows), cursor)

    def with_widget(self, widget: Widget) -> FieldForm:
        """The form with `widget` for the current field."""
        return replace(self, drafts=MappingProxyType({**self.drafts, self.field.id: widget}))

    def values_with_drafts(self) -> Mapping[str, object]:
        """The values, including those of unfinished fields that are valid already."""
        values = dict(self.values)
        for field in self.fields:
            draft = self.drafts.get(field.id)
            if draft is not None:
                try:
                    after = draft.press(Key.SUBMIT)
                except Refused:
                    continue
                if isinstance(after, Submit):
                    values[field.id] = after.value
        return MappingProxyType(values)

    def _prepare(self, field: Question) -> PreparedQuestion:
        kept = cast("Value | None", self.values.get(field.id))
        return prepare_field(field, kept=kept, today=self.prepared.today, suggestions=self.prepared.suggestions)

    def _complete_field(self, value: object) -> FieldForm | Mapping[str, object]:
        values = MappingProxyType({**self.values, self.field.id: value})
        drafts = MappingProxyType({key: each for key, each in self.drafts.items() if key != self.field.id})
        after = replace(self, values=values, drafts=drafts)
        for place in range(self.at + 1, len(self.fields)):
            if after.asks(place):
                return replace(after, at=place)
            after = replace(after, values=MappingProxyType({**after.values, self.fields[place].id: None}))
        return after.values

    def asks(self, place: int) -> bool:
        """Is the field at `place` asked, with the values so far?"""
        return self.prepared.asks_field(self.fields[place], self.values)

    def _find_asked(self, places: Iterable[int]) -> int | None:
        return next((place for place in places if self.asks(place)), None)

    def _change_field(self, press: Press) -> FieldForm | Mapping[str, object] | None:
        if press is Key.SKIP and not self.field.required:
            return self._complete_field(None)
        before = self._find_asked(range(self.at - 1, -1, -1))
        if press is Key.BACK and before is not None:
            return replace(self, at=before)
        following = self._find_asked(range(self.at + 1, len(self.fields)))
        if press is Key.FORWARD and following is not None and self.field.id in self.values:
            return replace(self, at=following)
        return None

    def _format_answer(self, field: Question) -> str:
        if field.id not in self.values:
            return ""
        value = self.values[field.id]
        return LEFT_BLANK if value is None else self._prepare(field).format_value(cast("Value", value))


class _DeletedText:
    """The words deleted last, which Ctrl-Y inserts. It belongs to the session rather than to one field, as a clipboard does."""

    def __init__(self) -> None:
        self.text = ""
        self._after: EditBuffer | None = None

    def keep(self, before: EditBuffer, after: EditBuffer, text: str, *, backwards: bool) -> None:
        """Keep `text`, which a key deleted from `before`. Right after another such key, it is added to that one's."""
        kept = self.text if before is self._after else ""
        if text:
            self.text = text + kept if backwards else kept + text
        self._after = after


_last_deleted = _DeletedText()


@cache
def _compile_word_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word, or punctuation marks, backwards and with the spaces after it; and a word with what is before it.

    Both take time that is linear in the length of the text. Combining marks are part of the word they are in.
    """
    from careerkit.core.journal.query import MARKS  # few sessions need these keys

    marks = f"{MARKS}\u200c\u200d"
    backwards = re.compile(rf"\s*(?:[{marks}]*\w[\w{marks}]*|[^\w\s]*)")
    return backwards, re.compile(rf"\W*+\w[\w{marks}]*")
