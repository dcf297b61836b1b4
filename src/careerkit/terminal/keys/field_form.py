"""One form while it is filled in: its fields below each other, and the widget of the current one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import cast

from careerkit.coaching.screen import Skip, Submit
from careerkit.core.errors import Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.question import Question
from careerkit.core.values import Value
from careerkit.terminal.input.key_codes import Key, Press
from careerkit.terminal.keys.canvas import Block, Canvas, Row
from careerkit.terminal.keys.widget import Widget
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.registry import create_widget, prepare_field

LEFT_BLANK = "left blank"


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
