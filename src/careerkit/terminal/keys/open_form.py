"""One form while it is filled in: its fields one below the other, the present one with its own widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.facts import Facts
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import Playbook, Question, Stage
from careerkit.core.value import Value
from careerkit.core.wording import Wording, one_line
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.widget import Widget
from careerkit.terminal.posed import Posed, pose_field

Build = Callable[[Posed], Widget]
LEFT_OUT = "left out"


@frozen
class OpenForm:
    """`values` are the fields that are filled in, None for one left out; `begun` the widgets of fields left half done.

    `build` gives a field its widget.
    """

    posed: Posed
    fields: tuple[Question, ...]
    build: Build
    values: Mapping[str, object]
    at: int = 0
    begun: Mapping[str, Widget] = MappingProxyType({})

    @property
    def field(self) -> Question:
        return self.fields[self.at]

    @property
    def widget(self) -> Widget:
        return self.begun.get(self.field.id) or self.build(self._posed(self.field))

    @property
    def is_blank(self) -> bool:
        return not any(value is not None for key, value in self.values.items() if key != "item") and not self.begun

    def press(self, press: Press) -> OpenForm | Mapping[str, object] | None:
        """The form after `press`; its values when the last field is given; None where the press means nothing here."""
        after = self.widget.press(press)
        match after:
            case Given(raw=raw):
                return self._filled(raw)
            case Skip():
                return self._filled(None)
            case None:
                return self._turned(press)
        return replace(self, begun=MappingProxyType({**self.begun, self.field.id: after}))

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        for place, field in enumerate(self.fields):
            if place == self.at:
                rows += paper.prose(field.ask, "bold", first=(("cyan", f"{paper.symbols.here} "),))
                rows += paper.prose(field.hint, "dim", first=(("", "  "),)) if field.hint else []
                inner = self.widget.body(paper.narrower(2))
                cursor = len(rows) + inner.cursor[0], inner.cursor[1] + 2
                rows += [(("", "  "), *row) for row in inner.rows]
            elif field.id in self.values:
                rows += paper.prose(
                    paper.short(f"{field.ask} {self._words(field)}", paper.width - 2), "dim", first=(("", "  "),)
                )
            else:
                rows += paper.prose(paper.short(field.ask, paper.width - 2), "dim", first=(("", "  "),))
        return Body(tuple(rows), cursor)

    def with_widget(self, widget: Widget) -> OpenForm:
        return replace(self, begun=MappingProxyType({**self.begun, self.field.id: widget}))

    def _posed(self, field: Question) -> Posed:
        kept = cast("Value | None", self.values.get(field.id))
        return pose_field(
            field,
            kept=kept,
            today=self.posed.today,
            suggestions=self.posed.suggestions,
        )

    def _filled(self, value: object) -> OpenForm | Mapping[str, object]:
        values = MappingProxyType({**self.values, self.field.id: value})
        begun = MappingProxyType({key: each for key, each in self.begun.items() if key != self.field.id})
        if self.at == len(self.fields) - 1:
            return values
        return replace(self, values=values, begun=begun, at=self.at + 1)

    def _turned(self, press: Press) -> OpenForm | Mapping[str, object] | None:
        if press is Key.PUT_OFF and not self.field.required:
            return self._filled(None)
        if press is Key.BACK and self.at > 0:
            return replace(self, at=self.at - 1)
        if press is Key.FORWARD and self.at < len(self.fields) - 1 and self.field.id in self.values:
            return replace(self, at=self.at + 1)
        return None

    def _words(self, field: Question) -> str:
        value = self.values[field.id]
        if value is None:
            return LEFT_OUT
        here = Playbook("here", "", "", "", stages=(Stage("here", "", (field,)),))
        wording = Wording(Facts(here, {}, today=self.posed.today))
        return one_line(wording.answer(field.id, cast("Value", value)))
