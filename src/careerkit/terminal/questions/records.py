"""Records questions: forms that the person adds, or one form for each item of another answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from careerkit.coaching.ports import Back, Skip, Submit
from careerkit.core.due_dates import format_date
from careerkit.core.errors import Problem, Refused
from careerkit.core.frozen import frozen, replace
from careerkit.core.questions.records import RecordsSpec
from careerkit.core.values import Value
from careerkit.terminal.dialog import AnswerParts, Dialog, EditMenu, LeaveQuestion, Manner, QuestionUI, ask_parts
from careerkit.terminal.keys.key_codes import Key, Press
from careerkit.terminal.keys.line_input import FieldForm
from careerkit.terminal.keys.widget import Block, Canvas, Row, move_cursor
from careerkit.terminal.questions.choice import parse_yes_no
from careerkit.terminal.questions.prepared_question import PreparedQuestion
from careerkit.terminal.questions.registry import load_ui, prepare_field
from careerkit.terminal.view_models import InfoMessage, PartHeader, Prompt, Rationale

if TYPE_CHECKING:
    from careerkit.core.questions.question import Choice, Question
    from careerkit.core.values import Record
    from careerkit.terminal.keys.widget import Widget

ADD, ADD_ANOTHER, CONTINUE = "Add one", "Add another", "Continue with these"
ADD_NONE = "None of these: continue"
UNFINISHED = "not filled in yet"

FilledForm = Mapping[str, object]
"""The values of a form by field, and its item where it has one. A field left blank is None; one not asked yet is missing."""


@frozen
class RecordsInput:
    """A list of forms, with the actions "add" and "continue" below. With items, there is one form for each, and no "add".

    While `opened`, the form at the cursor is being filled in; it may be a new one after the last of `forms`. `removed`
    is the form that was removed last, with its position.
    """

    prepared: PreparedQuestion
    forms: tuple[FilledForm, ...]
    at: int = 0
    opened: FieldForm | None = None
    removed: tuple[int, FilledForm] | None = None

    @property
    def takes_text(self) -> bool:
        return self.opened is not None and self.opened.widget.takes_text

    @property
    def key_hints(self) -> tuple[str, ...]:
        if self.opened is not None:
            keep = "Shift-Tab previous field" if self.opened.at else "Esc close the form"
            return (*self.opened.widget.key_hints, keep)
        if self.at >= len(self.forms):
            return ("Enter choose", *(("u undo",) if self.removed else ()))
        if self._form.items:
            return ("Enter open", "Alt-Enter continue")
        return (
            "Enter open",
            "Del remove",
            "Alt-Up/Down move",
            *(("u undo",) if self.removed else ()),
            "Alt-Enter continue",
        )

    def press(self, press: Press) -> RecordsInput | Submit | Skip | None:
        if self.opened is not None:
            return self._press_in_form(self.opened, press)
        match press:
            case Key.ENTER:
                return self._enter()
            case Key.SUBMIT:
                return self._submit()
            case "a" | "+":
                return self._add()
            case Key.DELETE | Key.BACKSPACE | "d" if self.at < len(self.forms) and not self._form.items:
                return self._remove(self.at)
            case "u" if self.removed is not None:
                return self._undo_remove(*self.removed)
            case Key.MOVE_UP | "K":
                return self._move_form(-1)
            case Key.MOVE_DOWN | "J":
                return self._move_form(1)
        moved = move_cursor(press, self.at, len(self.forms) + len(self._actions), letters=True)
        return None if moved is None else replace(self, at=moved)

    def view(self, canvas: Canvas) -> Block:
        rows: list[Row] = []
        cursor = (0, 0)
        count = max(len(self.forms), self.at + 1) if self.opened is not None else len(self.forms)
        width = len(str(max(1, count)))
        for place in range(count):
            here = place == self.at
            first = (canvas.pointer(here=here and self.opened is None), ("cyan", f"{place + 1:>{width}}  "))
            cursor = (len(rows), 0) if here else cursor
            label = self._title(place) if here and self.opened is not None else self._format_form(place)
            rows += canvas.prose(label, "bold" if here else "", first=first)
            if here and self.opened is not None:
                inner = self.opened.view(canvas.narrower(width + 4))
                indent = " " * (width + 4)
                cursor = len(rows) + inner.cursor[0], inner.cursor[1] + width + 4
                rows += [(("", indent), *row) for row in inner.rows]
        if self.opened is None:
            for number, action in enumerate(self._actions):
                here = len(self.forms) + number == self.at
                cursor = (len(rows), 0) if here else cursor
                rows += canvas.prose(
                    action, "bold" if here else "", first=(canvas.pointer(here=here), ("", " " * (width + 2)))
                )
        return Block(tuple(rows), cursor)

    def draft(self) -> Value | None:
        given = tuple(form for form in self.answer if not _is_blank(form))
        return cast("Value", given) if given and given != self.prepared.kept else None

    def input_line(self) -> str:
        return self.opened.widget.input_line() if self.opened is not None else ""

    def with_input_line(self, text: str) -> RecordsInput:
        assert self.opened is not None, "a line is typed only in an open form"
        return replace(self, opened=self.opened.with_widget(self.opened.widget.with_input_line(text)))

    def editor_text(self) -> str | None:
        return self.opened.widget.editor_text() if self.opened is not None else None

    def with_editor_text(self, text: str) -> RecordsInput:
        assert self.opened is not None, "a text is edited only in an open form"
        return replace(self, opened=self.opened.with_widget(self.opened.widget.with_editor_text(text)))

    # ------------------------------------------------------------ forms

    @property
    def _form(self) -> RecordsSpec:
        return cast("RecordsSpec", self.prepared.question.spec)

    @property
    def answer(self) -> tuple[FilledForm, ...]:
        """All forms, with the values of the open one."""
        forms = list(self.forms)
        if self.opened is not None and not self.opened.is_blank:
            forms[self.at : self.at + 1] = [self.opened.values_with_drafts()]
        return tuple(forms)

    @property
    def _actions(self) -> tuple[str, ...]:
        if self._form.items:
            return (CONTINUE,)
        add = (ADD_ANOTHER if self.forms else ADD,) if len(self.forms) < self._form.max else ()
        end = (CONTINUE,) if self.forms else (ADD_NONE,)
        return (*add, *end)

    def _title(self, place: int) -> str:
        return self.prepared.choices[place].label if self._form.items else _format_title(place)

    def _format_form(self, place: int) -> str:
        form = self.forms[place]
        if self._form.items and not self._is_complete(form):
            return f"{self.prepared.choices[place].label}: {UNFINISHED}"
        words = self.prepared.format_record({field.id: None for field in self._form.fields} | dict(form))
        return words if self._is_complete(form) else f"{words} ({UNFINISHED})"

    def _is_complete(self, form: FilledForm) -> bool:
        return _is_complete(form, self._form.fields)

    # ------------------------------------------------------------ keys

    def _press_in_form(self, opened: FieldForm, press: Press) -> RecordsInput | Submit | Skip | None:
        after = opened.press(press)
        match after:
            case FieldForm():
                return replace(self, opened=after)
            case None if press is Key.ESCAPE or (press is Key.BACK and not self._is_untouched(opened)):
                return self._close_form(opened)
            case None:
                return None
        forms = (*self.forms[: self.at], after, *self.forms[self.at + 1 :])
        return replace(self, forms=forms, opened=None).open_next()

    def _is_untouched(self, opened: FieldForm) -> bool:
        """Is the open form blank, and not one that the person added? Then Shift-Tab goes to the previous question."""
        return opened.is_blank and (bool(self._form.items) or not self.forms)

    def _close_form(self, opened: FieldForm) -> RecordsInput:
        """Back to the list, with the values so far. A blank form is dropped."""
        if opened.is_blank and not self._form.items:
            return replace(self, opened=None, at=min(self.at, len(self.forms)))
        values = opened.values_with_drafts()
        forms = (*self.forms[: self.at], values, *self.forms[self.at + 1 :])
        return replace(self, forms=forms, opened=None)

    def open_next(self) -> RecordsInput:
        """After a form is complete: open the next incomplete one, or move to "continue"."""
        incomplete = next((place for place, form in enumerate(self.forms) if not self._is_complete(form)), None)
        if incomplete is not None:
            return self.open_form(incomplete)
        if not self._form.items and len(self.forms) < self._form.min:
            return self.open_form(len(self.forms))
        return replace(self, at=len(self.forms) + len(self._actions) - 1)

    def open_form(self, place: int) -> RecordsInput:
        """Open the form at `place`, at its first field without a value."""
        values = self.forms[place] if place < len(self.forms) else MappingProxyType({})
        fields = self._form.fields
        at = next((number for number, field in enumerate(fields) if field.id not in values), 0)
        return replace(self, at=place, opened=FieldForm(self.prepared, fields, values, at))

    def _enter(self) -> RecordsInput | Submit | Skip:
        if self.at < len(self.forms):
            return self.open_form(self.at)
        return self._add() if self._actions[self.at - len(self.forms)] in (ADD, ADD_ANOTHER) else self._submit()

    def _add(self) -> RecordsInput:
        if self._form.items:
            return self
        if len(self.forms) >= self._form.max:
            raise Refused(Problem("too-many", f"At most {self._form.max} fit.", "Remove one first."))
        return self.open_form(len(self.forms))

    def _remove(self, place: int) -> RecordsInput:
        forms = (*self.forms[:place], *self.forms[place + 1 :])
        return replace(self, forms=forms, removed=(place, self.forms[place]), at=min(place, len(forms)))

    def _undo_remove(self, place: int, form: FilledForm) -> RecordsInput:
        return replace(self, forms=(*self.forms[:place], form, *self.forms[place:]), removed=None, at=place)

    def _move_form(self, step: int) -> RecordsInput:
        to = self.at + step
        if self._form.items or self.at >= len(self.forms) or not 0 <= to < len(self.forms):
            return self
        forms = list(self.forms)
        forms.insert(to, forms.pop(self.at))
        return replace(self, forms=tuple(forms), at=to)

    def _submit(self) -> Submit | Skip:
        if not self.forms and self._form.min and not self._form.items and not self.prepared.question.required:
            return Skip()
        incomplete = next((place for place, form in enumerate(self.forms) if not self._is_complete(form)), None)
        if incomplete is not None:
            message = f"{self._title(incomplete)} is {UNFINISHED}."
            alternative = "press Ctrl-O to skip the question" if self._form.items else "remove it with Del"
            raise Refused(Problem("missing", message, f"Open it, or {alternative}."))
        return Submit(self.prepared.validate(list(self.forms)))


class RecordsUI(QuestionUI):
    def create_widget(self, prepared: PreparedQuestion, before: Widget | None) -> Widget:
        """The first form to be filled in is open."""
        form = cast("RecordsSpec", prepared.question.spec)
        if isinstance(before, RecordsInput) and before.prepared.kept == prepared.kept:
            forms = before.answer
        else:
            forms = tuple(MappingProxyType(each) for each in _load_forms(prepared))
        if form.items:
            by_item = {str(each["item"]): each for each in forms}
            forms = tuple(by_item.get(item.id) or {"item": item.id} for item in prepared.choices)
            return RecordsInput(prepared, forms).open_next()
        widget = RecordsInput(prepared, forms)
        if not forms and form.min and prepared.question.required:
            return widget.open_form(0)
        return widget.open_next() if forms else widget

    def describe_input(self, question: Question, choices: int) -> str:
        del question, choices
        return "y or n"

    def ask(
        self, dialog: Dialog, prepared: PreparedQuestion, parts: AnswerParts, *, manner: Manner, validate: bool
    ) -> object:
        del manner, validate
        return _RecordsDialog(dialog, prepared, cast("list[dict[str, object]]", parts)).ask()

    def initial_parts(self, prepared: PreparedQuestion) -> AnswerParts:
        return _load_forms(prepared)

    def join_parts(self, parts: AnswerParts) -> Value | None:
        forms = (MappingProxyType(dict(form)) for form in cast("list[FilledForm]", parts) if not _is_blank(form))
        return cast("tuple[Record, ...]", tuple(forms))


QUESTION_UIS = {"records": RecordsUI()}


class _RecordsDialog:
    """Asks for forms field by field. `forms` is kept up to date, so that leaving loses nothing."""

    def __init__(self, dialog: Dialog, prepared: PreparedQuestion, forms: list[dict[str, object]]) -> None:
        self._dialog = dialog
        self._prepared = prepared
        self._forms = forms
        self._form = cast("RecordsSpec", prepared.question.spec)
        self._fields = self._form.fields
        self._why = dialog.why
        self._is_first_prompt = True

    def ask(self) -> object:
        """All forms, or None where the question is left blank. Raises LeaveQuestion for a command that leaves it."""
        try:
            if self._form.items:
                return self._ask_for_items(self._prepared.choices)
            if self._forms and self._find_incomplete() is None:
                self._create_menu(add=True).run(self._dialog, lists_commands=True)
            elif not self._ask_forms():
                return [] if self._form.min == 0 else None
            return self._forms
        finally:
            self._dialog.why = self._why

    # ------------------------------------------------------------ any number of forms

    def _ask_forms(self) -> bool:
        """Ask for forms until the person wants no more; returns whether there are any."""
        optional = self._form.min == 0 or not self._prepared.question.required
        if not self._forms and optional and not self._ask_yes_no("Add one?"):
            return False
        while True:
            if self._find_incomplete() is None:
                if self._forms and not self._wants_another():
                    return True
                self._forms.append({})
            self._ask_form_at(cast("int", self._find_incomplete()))

    def _find_incomplete(self) -> int | None:
        """The position of the first incomplete form; None where all are complete."""
        return next((place for place, form in enumerate(self._forms) if not _is_complete(form, self._fields)), None)

    def _wants_another(self) -> bool:
        while self._form.min <= len(self._forms) < self._form.max:
            try:
                return self._ask_yes_no("Add another?")
            except LeaveQuestion as left:
                if not isinstance(left.reply, Back):
                    raise
                self._reopen(len(self._forms) - 1)
        return len(self._forms) < self._form.min

    def _ask_form_at(self, place: int) -> None:
        """Ask for an incomplete form. `:back` at its first field goes to the previous form."""
        form = self._forms[place]
        try:
            self._ask_form(form, _format_title(place), answered={each.id for each in self._fields if each.id in form})
        except LeaveQuestion as left:
            if _is_blank(form):
                del self._forms[place]
            if not isinstance(left.reply, Back) or place == 0:
                raise
            self._reopen(place - 1)

    def _reopen(self, place: int) -> None:
        """Ask the last field of a complete form again."""
        self._ask_form(self._forms[place], _format_title(place), answered={each.id for each in self._fields[:-1]})

    def _ask_form(self, form: dict[str, object], title: str, *, answered: set[str]) -> None:
        self._dialog.show(PartHeader(title, starts_group=True))
        places = {place for place, field in enumerate(self._fields) if field.id in answered}
        ask_parts(
            len(self._fields),
            answered=places,
            ask=lambda place: self._ask_field(self._fields[place], form),
            is_asked=lambda place: self._prepared.asks_field(self._fields[place], form),
        )

    def _ask_yes_no(self, question: str) -> bool:
        self._dialog.show(PartHeader(question))
        prompt = Prompt("y or n", "means n", self._is_first_prompt)
        self._is_first_prompt = False
        return self._dialog.ask_until_valid(prompt, lambda line: bool(line.strip()) and parse_yes_no(line))

    # ------------------------------------------------------------ one form for each item

    def _ask_for_items(self, items: tuple[Choice, ...]) -> object:
        by_item = {str(form["item"]): form for form in self._forms}
        self._forms[:] = [by_item.get(item.id) or {"item": item.id} for item in items]
        places = [(form, field) for form in self._forms for field in self._fields]
        answered = {place for place, (form, field) in enumerate(places) if field.id in form}
        if places and len(answered) == len(places):
            self._create_menu(add=False).run(self._dialog, lists_commands=True)
        else:
            ask_parts(
                len(places),
                answered=answered,
                ask=lambda place: self._ask_item_field(place, places),
                is_asked=lambda place: self._prepared.asks_field(places[place][1], places[place][0]),
            )
        return self._forms

    def _ask_item_field(self, place: int, places: list[tuple[dict[str, object], Question]]) -> int:
        form, field = places[place]
        if place % len(self._fields) == 0 or self._is_first_prompt:
            self._dialog.show(PartHeader(self._prepared.choices[place // len(self._fields)].label, starts_group=True))
        return self._ask_field(field, form)

    # ------------------------------------------------------------ fields and forms

    def _ask_field(self, field: Question, form: dict[str, object]) -> int:
        if not self._prepared.asks_field(field, form):
            form[field.id] = None
            return 1
        self._dialog.show(PartHeader(field.ask, field.hint))
        self._dialog.why = Rationale(field.why, field.source) if field.why else self._why
        kept = cast("Value | None", form.get(field.id))
        suggestions = {} if kept else self._prepared.suggestions
        prepared = prepare_field(field, kept=kept, today=self._prepared.today, suggestions=suggestions)
        manner: Manner = "question" if self._is_first_prompt else "part"
        self._is_first_prompt = False
        try:
            ui = load_ui(field.type)
            form[field.id] = value = ui.ask(self._dialog, prepared, [], manner=manner, validate=True)
        except LeaveQuestion as left:
            if not isinstance(left.reply, Skip) or field.required:
                raise
            form[field.id] = value = None
        if isinstance(value, date):
            self._dialog.show(InfoMessage(format_date(value) + "."))
        return 1

    def _create_menu(self, *, add: bool) -> EditMenu:
        if not add:
            return EditMenu(self._list_forms, self._change, check_kept=lambda: None)
        return EditMenu(self._list_forms, self._change, self._check_number, self._add_one, self._forms.__delitem__)

    def _list_forms(self) -> list[str]:
        return [self._prepared.format_record(form) for form in self._forms]

    def _change(self, place: int) -> None:
        title = self._prepared.choices[place].label if self._form.items else _format_title(place)
        self._ask_form(self._forms[place], title, answered=set())

    def _add_one(self) -> None:
        if len(self._forms) >= self._form.max:
            raise Refused(Problem("too-many", f"At most {self._form.max} fit.", "Remove one first."))
        form: dict[str, object] = {}
        self._forms.append(form)
        try:
            self._ask_form(form, _format_title(len(self._forms) - 1), answered=set())
        except LeaveQuestion:
            if not _is_complete(form, self._fields):
                self._forms.remove(form)
            raise

    def _check_number(self) -> None:
        if len(self._forms) < self._form.min:
            message = f"At least {self._form.min} are needed; you have {len(self._forms)}."
            raise Refused(Problem("too-few", message, "Type + to add one, or :skip to skip the question."))


def _format_title(place: int) -> str:
    return f"Item {place + 1}"


def _is_complete(form: FilledForm, fields: Sequence[Question]) -> bool:
    """Has every field of the form been answered or left blank?"""
    return all(field.id in form for field in fields)


def _is_blank(form: FilledForm) -> bool:
    return not any(value is not None for key, value in form.items() if key != "item")


def _load_forms(prepared: PreparedQuestion) -> list[dict[str, object]]:
    """The forms of the draft, or of the previous answer, with None for each field that was left blank.

    Saved forms lack these fields. All forms of a previous answer are complete. The last one of a draft may be incomplete:
    there, only the optional fields before one that has a value were left blank.
    """
    fields = cast("RecordsSpec", prepared.question.spec).fields
    forms = cast("tuple[FilledForm, ...]", prepared.current or ())
    return [
        _add_skipped(form, fields, complete=prepared.draft is None or place < len(forms) - 1 or _has_item(form, fields))
        for place, form in enumerate(forms)
    ]


def _add_skipped(form: FilledForm, fields: Sequence[Question], *, complete: bool) -> dict[str, object]:
    given = [place for place, field in enumerate(fields) if form.get(field.id) is not None]
    until = len(fields) if complete else max(given, default=0)
    skipped = {field.id: None for field in fields[:until] if not field.required}
    return {**skipped, **form}


def _has_item(form: FilledForm, fields: Sequence[Question]) -> bool:
    """Is it the form of an item, with a value for each required field?"""
    has_required = all(field.id in form for field in fields if field.required)
    return "item" in form and has_required and not _is_blank(form)
