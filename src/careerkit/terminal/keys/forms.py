"""Records: small forms that are added, opened, moved and removed; or one form for each item."""

from __future__ import annotations

from types import MappingProxyType
from typing import cast

from careerkit.coaching.screen import Given, Skip
from careerkit.core.frozen import frozen, replace
from careerkit.core.playbook.model import RecordsForm
from careerkit.core.problem import Problem, Refused
from careerkit.core.value import Value
from careerkit.terminal.keys.key import Key, Press
from careerkit.terminal.keys.open_form import Build, OpenForm
from careerkit.terminal.keys.paper import Body, Paper, Row
from careerkit.terminal.keys.pick import moved_to
from careerkit.terminal.partial import Filled, is_blank, is_filled, with_left_out
from careerkit.terminal.posed import Posed

ADD, ADD_ANOTHER, GO_ON = "Add one", "Add another", "Go on with these"
NONE = "None of these: go on"
NOT_FILLED = "not filled in yet"


@frozen
class Forms:
    """`forms` are those there are. While `opened`, the form at the cursor is filled in; it may be one more than there are.

    Below the forms, the cursor finds "add" (not where there is one for each item) and "go on".
    """

    posed: Posed
    build: Build
    forms: tuple[Filled, ...]
    at: int = 0
    opened: OpenForm | None = None
    removed: tuple[int, Filled] | None = None
    """The form that was removed last, and where it stood."""

    @property
    def takes_text(self) -> bool:
        return self.opened is not None and self.opened.widget.takes_text

    @property
    def foot(self) -> tuple[str, ...]:
        if self.opened is not None:
            keep = "Shift-Tab field before" if self.opened.at else "Esc close the form"
            return (*self.opened.widget.foot, keep)
        if self.at >= len(self.forms):
            return ("Enter choose", *(("u bring back",) if self.removed else ()))
        if self._form.items:
            return ("Enter open", "Alt-Enter go on")
        return (
            "Enter open",
            "Del remove",
            "Alt-Up/Down move",
            *(("u bring back",) if self.removed else ()),
            "Alt-Enter go on",
        )

    def press(self, press: Press) -> Forms | Given | Skip | None:
        if self.opened is not None:
            return self._press_opened(self.opened, press)
        match press:
            case Key.ENTER:
                return self._enter()
            case Key.SUBMIT:
                return self._submit()
            case "a" | "+":
                return self._add()
            case Key.DELETE | Key.RUB | "d" if self.at < len(self.forms) and not self._form.items:
                return self._without(self.at)
            case "u" if self.removed is not None:
                return self._brought_back(*self.removed)
            case Key.MOVE_UP | "K":
                return self._moved(-1)
            case Key.MOVE_DOWN | "J":
                return self._moved(1)
        moved = moved_to(press, self.at, len(self.forms) + len(self._deeds), letters=True)
        return None if moved is None else replace(self, at=moved)

    def body(self, paper: Paper) -> Body:
        rows: list[Row] = []
        cursor = (0, 0)
        count = max(len(self.forms), self.at + 1) if self.opened is not None else len(self.forms)
        width = len(str(max(1, count)))
        for place in range(count):
            here = place == self.at
            first = (*_mark(paper, here=here and self.opened is None), ("cyan", f"{place + 1:>{width}}  "))
            cursor = (len(rows), 0) if here else cursor
            label = self._title(place) if here and self.opened is not None else self._words(place)
            rows += paper.prose(label, "bold" if here else "", first=first)
            if here and self.opened is not None:
                inner = self.opened.body(paper.narrower(width + 4))
                indent = " " * (width + 4)
                cursor = len(rows) + inner.cursor[0], inner.cursor[1] + width + 4
                rows += [(("", indent), *row) for row in inner.rows]
        if self.opened is None:
            for number, deed in enumerate(self._deeds):
                here = len(self.forms) + number == self.at
                cursor = (len(rows), 0) if here else cursor
                rows += paper.prose(
                    deed, "bold" if here else "", first=(*_mark(paper, here=here), ("", " " * (width + 2)))
                )
        return Body(tuple(rows), cursor)

    def so_far(self) -> Value | None:
        given = tuple(form for form in self._given if not is_blank(form))
        return cast("Value", given) if given and given != self.posed.kept else None

    def written(self) -> str:
        return self.opened.widget.written() if self.opened is not None else ""

    def with_written(self, text: str) -> Forms:
        assert self.opened is not None, "a line is written only in an open form"
        return replace(self, opened=self.opened.with_widget(self.opened.widget.with_written(text)))

    def text(self) -> str | None:
        return self.opened.widget.text() if self.opened is not None else None

    def with_text(self, text: str) -> Forms:
        assert self.opened is not None, "a text is written only in an open form"
        return replace(self, opened=self.opened.with_widget(self.opened.widget.with_text(text)))

    # ------------------------------------------------------------ what there is

    @property
    def _form(self) -> RecordsForm:
        return cast("RecordsForm", self.posed.question.form)

    @property
    def _given(self) -> tuple[Filled, ...]:
        """The forms as an answer, a half-filled one with what it has."""
        forms = list(self.forms)
        if self.opened is not None and not self.opened.is_blank:
            forms[self.at : self.at + 1] = [_with_typed(self.opened)]
        return tuple(forms)

    @property
    def _deeds(self) -> tuple[str, ...]:
        if self._form.items:
            return (GO_ON,)
        add = (ADD_ANOTHER if self.forms else ADD,) if len(self.forms) < self._form.max else ()
        go_on = (GO_ON,) if self.forms else (NONE,)
        return (*add, *go_on)

    def _title(self, place: int) -> str:
        return self.posed.choices[place].label if self._form.items else f"Number {place + 1}"

    def _words(self, place: int) -> str:
        form = self.forms[place]
        if self._form.items and not self._is_filled(form):
            return f"{self.posed.choices[place].label}: {NOT_FILLED}"
        words = self.posed.record_words({field.id: None for field in self._form.fields} | dict(form))
        return words if self._is_filled(form) else f"{words} ({NOT_FILLED})"

    def _is_filled(self, form: Filled) -> bool:
        return is_filled(form, self._form.fields)

    # ------------------------------------------------------------ presses

    def _press_opened(self, opened: OpenForm, press: Press) -> Forms | Given | Skip | None:
        after = opened.press(press)
        match after:
            case OpenForm():
                return replace(self, opened=after)
            case None if press is Key.ESCAPE or (press is Key.BACK and not self._is_only_asked(opened)):
                return self._closed(opened)
            case None:
                return None
        forms = (*self.forms[: self.at], after, *self.forms[self.at + 1 :])
        return replace(self, forms=forms, opened=None)._next()  # noqa: SLF001 - another state of this very widget

    def _is_only_asked(self, opened: OpenForm) -> bool:
        """Is the open form blank, and not one that the person has added? Then the way back leads to the question before."""
        return opened.is_blank and (bool(self._form.items) or not self.forms)

    def _closed(self, opened: OpenForm) -> Forms:
        """Back to the list with what there is; a form that is blank is none."""
        if opened.is_blank and not self._form.items:
            return replace(self, opened=None, at=min(self.at, len(self.forms)))
        values = _with_typed(opened)
        forms = (*self.forms[: self.at], values, *self.forms[self.at + 1 :])
        return replace(self, forms=forms, opened=None)

    def _next(self) -> Forms:
        """After a form is filled: the next that is not, or where one goes on."""
        unfilled = next((place for place, form in enumerate(self.forms) if not self._is_filled(form)), None)
        if unfilled is not None:
            return self.open(unfilled)
        if not self._form.items and len(self.forms) < self._form.min:
            return self.open(len(self.forms))
        return replace(self, at=len(self.forms) + len(self._deeds) - 1)

    def open(self, place: int) -> Forms:
        """With the form at `place` open, at its first field that is not filled in."""
        values = self.forms[place] if place < len(self.forms) else MappingProxyType({})
        fields = self._form.fields
        at = next((number for number, field in enumerate(fields) if field.id not in values), 0)
        return replace(self, at=place, opened=OpenForm(self.posed, fields, self.build, values, at))

    def _enter(self) -> Forms | Given | Skip:
        if self.at < len(self.forms):
            return self.open(self.at)
        return self._add() if self._deeds[self.at - len(self.forms)] in (ADD, ADD_ANOTHER) else self._submit()

    def _add(self) -> Forms:
        if self._form.items:
            return self
        if len(self.forms) >= self._form.max:
            raise Refused(Problem("too-many", f"At most {self._form.max} fit.", "Remove one first."))
        return self.open(len(self.forms))

    def _without(self, place: int) -> Forms:
        forms = (*self.forms[:place], *self.forms[place + 1 :])
        return replace(self, forms=forms, removed=(place, self.forms[place]), at=min(place, len(forms)))

    def _brought_back(self, place: int, form: Filled) -> Forms:
        return replace(self, forms=(*self.forms[:place], form, *self.forms[place:]), removed=None, at=place)

    def _moved(self, step: int) -> Forms:
        to = self.at + step
        if self._form.items or self.at >= len(self.forms) or not 0 <= to < len(self.forms):
            return self
        forms = list(self.forms)
        forms.insert(to, forms.pop(self.at))
        return replace(self, forms=tuple(forms), at=to)

    def _submit(self) -> Given | Skip:
        if not self.forms and self._form.min and not self._form.items and not self.posed.question.required:
            return Skip()
        unfilled = next((place for place, form in enumerate(self.forms) if not self._is_filled(form)), None)
        if unfilled is not None:
            message = f"{self._title(unfilled)} is {NOT_FILLED}."
            hint = (
                "Open it, or Ctrl-O puts the question off." if self._form.items else "Open it, or remove it with Del."
            )
            raise Refused(Problem("missing", message, hint))
        return Given(self.posed.check(list(self.forms)))


def forms_of(posed: Posed, before: Forms | None, build: Build) -> Forms:
    """With what was answered or begun; the first form that is to be filled in is open."""
    form = cast("RecordsForm", posed.question.form)
    there = cast("tuple[Filled, ...]", posed.there or ())
    filled = with_left_out(there, form.fields, whole=posed.begun is None)
    forms: tuple[Filled, ...] = tuple(MappingProxyType(each) for each in filled)
    if before is not None and before.posed.kept == posed.kept:
        forms = before._given  # noqa: SLF001 - the widget that this one follows
    if form.items:
        by_item = {str(each["item"]): each for each in forms}
        widget = Forms(posed, build, tuple(by_item.get(item.id) or {"item": item.id} for item in posed.choices))
        return widget._next()  # noqa: SLF001 - as above
    widget = Forms(posed, build, forms)
    if not forms and form.min and posed.question.required:
        return widget.open(0)
    return widget._next() if forms else widget  # noqa: SLF001 - as above


def _with_typed(opened: OpenForm) -> Filled:
    """The values of a form that is closed before its end, with what was being typed where that fits already."""
    values = dict(opened.values)
    for field in opened.fields:
        begun = opened.begun.get(field.id)
        if begun is not None:
            try:
                after = begun.press(Key.SUBMIT)
            except Refused:
                continue
            if isinstance(after, Given):
                values[field.id] = after.raw
    return MappingProxyType(values)


def _mark(paper: Paper, *, here: bool) -> Row:
    return (("bold cyan", f"{paper.symbols.prompt} "),) if here else (("", "  "),)
